"""Kept results lived again: whether they can be trusted, and one run of them at a time."""
