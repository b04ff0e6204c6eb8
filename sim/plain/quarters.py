"""Quarters and years: how many of the one make the other."""

A_YEAR = 4
"""Quarters in a year."""
A_QUARTER = 0.25
"""A quarter in years."""
