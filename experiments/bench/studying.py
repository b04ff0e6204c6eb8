"""What a study costs beyond the runs themselves, and what a second worker is worth."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ...sim.declared.scenario import load
from ...sim.measured import measured
from ...sim.ready.varied import vary
from ...sim.ready.world import Prepared, prepare
from ...sim.running import luck_of
from ..executors.pace import BATCH_SECONDS
from ..studies.sweep import sweep
from ..terminal import Watch
from .races import SEED, seconds, spread, spread_told

LEVER, VALUES = "grants.setup_share", (0.0, 0.25, 0.5, 0.75)
PLAN = """
title = "How long a study takes"
scenario = "norfolk"
seed = {seed}
replicates = {replicates}
[design]
kind = "grid"
[levers]
"{lever}" = {{ values = {values} }}
"""


class Timed(NamedTuple):
    """One batch of a study, and the same runs in the bare loop, in seconds."""

    runs: int
    study: float
    bare: float


class Alternating:
    """Lives every batch of a study again in the bare loop, as soon as the study has stored it."""

    def __init__(self, replicates: int) -> None:
        ready = prepare(load("norfolk"))
        self.points: list[Prepared] = [vary(ready, {LEVER: value}) for value in VALUES]
        self.replicates = replicates
        self.batches: list[Timed] = []
        self._done = 0
        self._since = 0.0

    @contextmanager
    def __call__(self, total: int) -> Iterator[Watch]:
        """Provide what the study calls whenever a batch is stored."""
        self._since = time.perf_counter()
        yield self._stored

    def _stored(self, doing: str, done: int, total: int | None = None) -> None:
        study = time.perf_counter() - self._since
        if done > self._done:
            bare = seconds(lambda: self._live(self._done, done))
            self.batches.append(Timed(done - self._done, study, bare))
        self._done = done
        self._since = time.perf_counter()

    def _live(self, first: int, stop: int) -> None:
        for run in range(first, stop):
            point, replicate = divmod(run, self.replicates)
            measured(self.points[point], luck=luck_of(SEED, replicate), last=True)


def overhead(batches: int) -> dict[str, float]:
    """Return what a study takes beyond the bare loop, in batches as long as a study makes them.

    `median`, `low` and `high` are shares of the bare loop's time, over batches; `fixed_seconds` is
    what the whole study takes to begin and to end.
    """
    ready = prepare(load("norfolk"))
    one = seconds(lambda: measured(ready, luck=luck_of(SEED, 0), last=True), 50)
    replicates = int((batches + 1) * BATCH_SECONDS / one) // len(VALUES) + 1
    alternating = Alternating(replicates)
    whole = seconds(lambda: _sweep(replicates, 1, alternating))
    pairs = alternating.batches
    full = [pair for pair in pairs if pair.bare > BATCH_SECONDS / 2] or pairs[-1:]
    return {
        **spread_told([pair.study / pair.bare - 1 for pair in full]),
        "batches": len(full),
        "batch_seconds": float(np.median([pair.study for pair in full])),
        "fixed_seconds": whole - sum(pair.study + pair.bare for pair in pairs),
    }  # fmt: skip


def workers(runs: int, turns: int) -> dict[str, float]:
    """Return the runs a second of one and of two workers, what it takes to start left out."""
    paces = [[_pace(number, runs) for number in (1, 2)] for _ in range(turns)]
    ratio, low, high = spread([two / one for one, two in paces])
    one, two = np.median(paces, axis=0)
    return {"one": float(one), "two": float(two), "ratio": ratio, "low": low, "high": high}


def _pace(number: int, runs: int) -> float:
    each = runs // len(VALUES)
    few, many = (seconds(lambda k=k: _sweep(k * each, number)) for k in (1, 3))  # type: ignore[misc]
    return 2 * each * len(VALUES) / (many - few)


def _sweep(replicates: int, number: int, progress: Alternating | None = None) -> None:
    """Live a study of Norfolk with so many workers."""
    with tempfile.TemporaryDirectory() as folder:
        plan = Path(folder) / "plan.toml"
        text = PLAN.format(seed=SEED, replicates=replicates, lever=LEVER, values=list(VALUES))
        plan.write_text(text, encoding="utf-8")
        sweep(plan, out=Path(folder) / "study", workers=number, progress=progress)
