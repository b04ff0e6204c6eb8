"""Many worlds that history allows: sets of values of the numbers that nobody knows."""
