"""The room takes part: phones that look, bet, and decide for a council."""
