"""Why two policies differ: where they part, how that spreads, and by which mechanisms it grows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ...sim.declared.scenario import Scenario
from ...sim.errors import InputError, whole
from ...sim.forks import before
from ...sim.label import Label, labelled
from ...sim.ready.kept import prepared
from ...sim.ready.world import Prepared
from ...sim.running import SEED_MOST, luck_of
from ...sim.story import known_of
from ...sim.story.alike import Sides
from ...sim.story.joining import follow
from ...sim.story.order import in_telling_order
from ...sim.story.wording import records
from ...sim.tables.batch import Run, names_in, simulate
from ..ensembles.ensemble import Ensemble
from ..policies.finding import find_all
from ..summary import DECLARED
from ..wanted import check_measure
from ..words import number, unit_words
from ..worlds import in_world, worlds_in
from .differences import chain_of, first_difference
from .parts import Parts
from .shares import shares_of

if TYPE_CHECKING:
    import pandas as pd

OPENED = 0.5
"""The gap has opened when it has reached this share of what it is at the end."""


@labelled
class Explanation(NamedTuple):
    """Why a policy differs from a base."""

    base: Scenario
    policy: Scenario
    outcome: str
    seed: int
    replicate: int
    first_day: str  # of the policy
    first: dict[str, Any] | None  # the first event that differs; see `first_difference`
    chain: list[dict[str, Any]]  # councils in the order in which they were touched; see `chain_of`
    gap: list[float]  # policy less base in the outcome, each quarter of the first seed
    opened: int | None  # the quarter in which that reached half of what it is at the end
    seeds: int  # from `seed` upwards, of the same replicate, over which the parts were taken
    parts: Parts  # of the gap, by mechanism

    @property
    def shares(self) -> list[dict[str, Any]]:
        """A row a mechanism, the largest part first; see `parts_in`."""
        return self.parts.rows

    def _label(self) -> Label:
        last, unit = self.gap[-1], unit_words(DECLARED[self.outcome].unit)
        facts = {
            "seed": self.seed,
            "replicate": self.replicate,
            f"{self.outcome} at the end": f"{number(last)} {unit}",
            "shares over seeds": self.seeds,
        }
        what = f"Why '{self.policy.name}' differs from '{self.base.name}'"
        return Label(what, facts, ("table", "first", "chain", "gap", "opened", "shares"))

    @property
    def table(self) -> pd.DataFrame:
        """A row a mechanism: its effect in the outcome's unit, interval, share of the gap."""
        import pandas as pd

        return pd.DataFrame(self.shares)


def explain(
    base: str | Path | Scenario,
    policy: str | Path | Scenario,
    *,
    outcome: str = "net_saving",
    seed: int = 1,
    replicate: int = 0,
    seeds: int = 1,
    quarters: int | None = None,
    ensemble: str | Path | Ensemble | None = None,
) -> Explanation:
    """Explain how a policy came to differ from a base.

    Args:
        base, policy: names of scenarios or of policies, paths of TOML files, or scenarios.
        outcome: the measure whose gap at the end is shared out over mechanisms.
        seed, replicate: the run whose events are compared.
        seeds: over how many seeds, from `seed` upwards and each with that replicate, the parts
            are averaged.
        quarters: how long both last; as long as the scenarios say if None.
        ensemble: both are lived in the world of the replicate, by a name of the project, a file or
            folder that `councils calibrate` wrote, or an `Ensemble`; at the numbers as declared
            if None.

    Raises:
        InputError: something that was given cannot be used, or the two never differ.
    """
    check_measure("--outcome", outcome)
    luck_of(seed, replicate)
    _check_seeds(seed, seeds)
    worlds = worlds_in(ensemble)
    given = [found.scenario for found in find_all(base, [policy], quarters=quarters)]
    one, two = (in_world(worlds, given[0], each, replicate) for each in given)
    since = first_quarter(prepared(one), prepared(two))
    runs = [simulate(each, seed=seed, replicate=replicate) for each in (one, two)]
    gap = (runs[1].quarters[outcome] - runs[0].quarters[outcome]).to_numpy(dtype=float)
    return Explanation(
        one, two, outcome, seed, replicate, one.first_day(since).isoformat(),
        *_told_apart((one, two), runs), gap.tolist(), when_opened(gap), seeds,
        shares_of((prepared(one), prepared(two)), outcome, since, range(seed, seed + seeds),
                  replicate),
    )  # fmt: skip


def _told_apart(
    pair: tuple[Scenario, Scenario], runs: list[Run]
) -> tuple[dict[str, Any] | None, list[dict[str, Any]]]:
    """Return the first event in which the runs of a pair differ, and the chain of what follows."""
    names = names_in(runs[0]) | names_in(runs[1])
    known = {
        side: known_of(prepared(each)) for side, each in zip(("base", "policy"), pair, strict=True)
    }
    logs = (follow(records(run.events), known[side]) for side, run in zip(known, runs, strict=True))
    sides = Sides(*map(in_telling_order, logs))
    return first_difference(sides, names, known), chain_of(sides, names, known)


def _check_seeds(seed: int, seeds: int) -> None:
    whole("--seeds", seeds, 1)
    left = SEED_MOST - seed + 1
    if seeds > left:
        which = "is the last there is" if left == 1 else f"and the last, {SEED_MOST}, are {left}"
        raise InputError(f"--seeds is {seeds}, but --seed {seed} {which}: give at most {left}")


def first_quarter(base: Prepared, policy: Prepared) -> int:
    """Return the quarter in which anything first differs between two scenarios.

    Raises:
        InputError: nothing does before the end.
    """
    one, two = base.scenario, policy.scenario
    if any(getattr(one, key) != getattr(two, key) for key in
           ("places", "reviewed", "council", "pair", "partnership")):  # fmt: skip
        return 0
    for quarter in range(len(base.theory)):
        if any(a != b for _, a, b in before(base, policy, quarter + 1)):
            return quarter
    raise InputError(
        f"'{one.name}' and '{two.name}' are the same for all {one.quarters} quarters: there is "
        "nothing to explain; name another policy"
    )


def when_opened(gap: np.ndarray) -> int | None:
    """Return the quarter in which a gap first reached half of its last value, None without one."""
    last = gap[-1]
    if not np.isfinite(last) or last == 0:
        return None
    return int(np.flatnonzero(gap * np.sign(last) >= OPENED * abs(last))[0])
