"""Runs in which something happens: what is sought in plain words, and the search for it."""
