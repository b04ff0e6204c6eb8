"""The batch face: one run, or many runs of one scenario, as tables.

A run costs little more than itself: each table is made when it is asked for, and kept. pandas is
loaded with the first of them; columns do without.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..declared.measures import as_columns
from ..declared.scenario import Scenario
from ..errors import InputError, given, whole
from ..label import Label, labelled
from ..ready.kept import prepared
from ..ready.world import Prepared
from ..running import REPLICATE_MOST, luck_of, run_arrays
from .columns import Columns
from .frames import as_frame, council_table
from .lived import Lived

if TYPE_CHECKING:
    import pandas as pd


class _Made:
    """Tables that are made when they are asked for; stored or copied, they are all there."""

    def __init__(self, lived: Lived) -> None:
        """Take what was lived."""
        self._lived = lived

    @cached_property
    def about(self) -> Mapping[str, str | int]:
        """What was run: scenario, what it covers, seed, which replicates and how many."""
        ready, seed, replicates, _ = self._lived
        scenario = ready.scenario
        return {
            "scenario": scenario.name, "seed": int(seed), "replicate": _which(replicates),
            "runs": len(replicates), "covers": scenario.covers,
        }  # fmt: skip

    def __getstate__(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self._made()}

    @classmethod
    def _made(cls) -> list[str]:
        """Return what is made when it is asked for, of the class and of those it is made from."""
        found = {name: each for base in reversed(cls.__mro__) for name, each in vars(base).items()}
        return [name for name, each in found.items() if isinstance(each, cached_property)]

    def _label(self) -> Label:
        of = dict(self.about)
        name, runs = of.pop("scenario"), of.pop("runs")
        what = f"Run of '{name}'" if isinstance(self, Run) else f"Batch of {runs} runs of '{name}'"
        return Label(what, of, self._made())


def _which(replicates: Sequence[int]) -> int | str:
    """Return one replicate, or in words which: "0 to 4" where none is left out, else "0, 5, 9"."""
    first, last = int(replicates[0]), int(replicates[-1])
    if len(replicates) == 1:
        return first
    if list(replicates) == list(range(first, last + 1)):
        return f"{first} to {last}"
    return ", ".join(str(int(k)) for k in replicates)


@labelled
class Run(_Made):
    """One run: tables of quarters, events, councils, agreements, and the outcomes at the end.

    Money is in million pounds, of flows a year; what each measure means, its unit and its source
    are those of `councils measures`, what is behind a number those of `councils parameters`.
    """

    @cached_property
    def quarters(self) -> pd.DataFrame:
        """One row a quarter: its number, its first day, and every measure."""
        return as_frame(_alone(self._lived.quarters()))

    @cached_property
    def events(self) -> pd.DataFrame:
        """One row an event, in order, with codes, words and contributions; empty if not kept."""
        return as_frame(_alone(self._lived.events()), text=True)

    @cached_property
    def councils(self) -> pd.DataFrame:
        """One row a council as it is at the end, and one for each that has merged away."""
        return as_frame(_alone(self._lived.councils()))

    @cached_property
    def final(self) -> Mapping[str, float]:
        """Every measure as it was in the last quarter, by name."""
        last = as_columns(self._lived.records[0, -1:])
        return {name: float(value[0]) for name, value in last.items()}

    @cached_property
    def agreements(self) -> pd.DataFrame:
        """One row an agreement that was signed, or stood at the start: terms, money, its end."""
        return as_frame(_alone(self._lived.agreements()))


def _alone(columns: Columns) -> Columns:
    """Return the columns of a table of one run, which needs no number."""
    return {name: column for name, column in columns.items() if name != "replicate"}


@labelled
class Batch(_Made):
    """Many runs of one scenario: the same tables, with a column `replicate`, and one of runs."""

    @cached_property
    def runs(self) -> pd.DataFrame:
        """One row a run: replicate, seed, and every measure of its last quarter."""
        return as_frame(self._lived.runs())

    @cached_property
    def quarters(self) -> pd.DataFrame:
        """One row a run and quarter: its number, its first day, and every measure."""
        return as_frame(self._lived.quarters())

    @cached_property
    def events(self) -> pd.DataFrame:
        """One row an event, run by run in order; empty if not kept."""
        return as_frame(self._lived.events(), text=True)

    @cached_property
    def councils(self) -> pd.DataFrame:
        """One row a run and council as it is at the end, and one for each that merged away."""
        import pandas as pd

        ready, _, replicates, raws = self._lived
        ends = [council_table(ready, k, raw.world) for k, raw in zip(replicates, raws, strict=True)]
        return pd.concat(ends, ignore_index=True)

    @cached_property
    def agreements(self) -> pd.DataFrame:
        """One row a run and agreement that was signed, or stood at the start."""
        return as_frame(self._lived.agreements())


def simulate(
    scenario: str | Path | Scenario, *, seed: int = 1, replicate: int = 0, events: bool = True
) -> Run:
    """Run a scenario once.

    Args:
        scenario: a shipped name ("norfolk"), the path of a TOML file, or a `Scenario`.
        seed: 0 to 2**32 - 1; with `replicate` it decides every draw.
        replicate: which of the runs of this seed, 0 to 2**31 - 1.
        events: keep the event log; the other results have the same bits without it.

    Raises:
        InputError: the scenario, the seed or the replicate cannot be used.
    """
    luck_of(seed, replicate)
    return Run(_live(scenario, seed, range(replicate, replicate + 1), events=events))


def simulate_many(
    scenario: str | Path | Scenario,
    *,
    seed: int = 1,
    replicates: Sequence[int] | np.ndarray,
    events: bool = True,
) -> Batch:
    """Run replicates of a scenario; the same bits whatever the batch they are run in.

    Args:
        scenario: a shipped name ("norfolk"), the path of a TOML file, or a `Scenario`.
        seed: 0 to 2**32 - 1; with the replicate it decides every draw of a run.
        replicates: which of the runs of this seed, each 0 to 2**31 - 1: `range(200)` for the
            first two hundred. A list or an array of whole numbers will do, none of them twice.
        events: keep the event logs; the other results have the same bits without them.

    Returns:
        Tables of so many runs, of a row a run (`runs`), a run and quarter (`quarters`), a run and
        council (`councils`), an event (`events`), an agreement (`agreements`). Money is in million
        pounds, of flows a year; unit and source of each measure are those of `councils measures`.

    Raises:
        InputError: the scenario, the seed or a replicate cannot be used, or there is no replicate.
    """
    return Batch(_live(scenario, seed, replicates, events=events))


def _live(
    scenario: str | Path | Scenario, seed: int, replicates: Any, *, events: bool = True
) -> Lived:
    which = several(replicates)
    for replicate in which:
        luck_of(seed, replicate)  # refused before anything is run
    return live(prepared(scenario), seed, which, events=events)


def live(ready: Prepared, seed: int, replicates: Sequence[int], *, events: bool = True) -> Lived:
    """Run replicates of a scenario that was made ready, and return all that tables are made of."""
    raws = [run_arrays(ready, luck=luck_of(seed, k), events=events) for k in replicates]
    return Lived(ready, seed, replicates, raws)


def several(replicates: Any) -> Sequence[int]:
    """Return which replicates are asked for; InputError where they are none, or one comes twice."""
    found = replicates.tolist() if hasattr(replicates, "tolist") else replicates
    if isinstance(found, str | bytes) or not isinstance(found, Sequence):
        raise InputError(
            f"replicates is {given(replicates)}: give a range, such as range(200) for the first "
            "200, or a list of whole numbers"
        )
    if not found:
        raise InputError("there are no replicates: at least one run is needed, such as range(1)")
    if isinstance(found, range):
        return found
    found = [whole("replicate", k, 0, REPLICATE_MOST) for k in found]
    twice = next((k for k, later in pairwise(sorted(found)) if k == later), None)
    if twice is not None:
        raise InputError(f"replicate {twice} is asked for twice: the runs would be the same")
    return found


def names_in(run: Run) -> dict[str, str]:
    """Return the name of every council there was in a run, by code."""
    return dict(zip(run.councils["code"], run.councils["name"], strict=True))
