"""Why two policies differ: where they part, how that spreads, and through what."""
