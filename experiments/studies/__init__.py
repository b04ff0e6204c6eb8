"""Studies: plans, designs, the store that only knows crashes, and what keeps it honest."""
