"""Runs lived in this process, one job after the other."""

from __future__ import annotations

from collections.abc import Generator

from .jobs import Done, Jobs, live


def results(jobs: Jobs) -> Generator[Done, None, None]:
    """Yield what came of every job."""
    while job := jobs.take(1):
        yield live(job)
