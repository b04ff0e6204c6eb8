"""What is declared once: numbers, outcomes, contributions, and the keys of a scenario file."""
