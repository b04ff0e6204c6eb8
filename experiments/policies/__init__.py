"""Policies that come with the project, as files to be laid over a scenario."""
