"""Policies compared on the same luck, and why they differ."""
