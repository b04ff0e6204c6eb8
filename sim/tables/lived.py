"""Runs of one scenario that were lived: all that their tables are made of, and the tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ..ready.world import Prepared
from ..running import Raw
from .agreements import agreement_columns
from .columns import (
    Columns,
    Tables,
    council_columns,
    event_columns,
    quarter_columns,
    run_columns,
)


class Lived(NamedTuple):
    """Runs of one scenario as arrays; each table is made when it is asked for."""

    ready: Prepared
    seed: int
    replicates: Sequence[int]
    raws: Sequence[Raw]  # one for each replicate

    @property
    def numbers(self) -> np.ndarray:
        """The replicates, as an array."""
        return np.array(self.replicates)

    @property
    def records(self) -> np.ndarray:
        """What was measured: (runs, quarters) of quarter_dtype."""
        return np.stack([raw.record for raw in self.raws])

    def runs(self) -> Columns:
        """Return one row a run, with what was measured in its last quarter."""
        return run_columns(self.seed, self.numbers, self.records)

    def quarters(self) -> Columns:
        """Return one row a run and quarter."""
        return quarter_columns(self.ready, self.numbers, self.records)

    def events(self) -> Columns:
        """Return one row an event, with codes, words and contributions."""
        return event_columns(self.ready, self.numbers, self.raws)

    def councils(self) -> Columns:
        """Return one row a council as it is at the end, and one for each that has merged away."""
        return council_columns(self.ready, self.numbers, [raw.world for raw in self.raws])

    def agreements(self) -> Columns:
        """Return one row an agreement that was signed, or stood at the start."""
        return agreement_columns(self.ready, self.numbers, self.raws)

    def tables(self) -> Tables:
        """Return all five."""
        return Tables(
            self.runs(), self.quarters(), self.events(), self.councils(), self.agreements()
        )
