"""Why two policies differ: where they part, how that spreads, and by which mechanisms it grows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ...sim.declared.scenario import Scenario
from ...sim.errors import InputError, nearest
from ...sim.forks import before
from ...sim.ready.kept import prepared
from ...sim.ready.world import Prepared
from ...sim.running import SEED_MOST
from ...sim.story.wording import records
from ...sim.tables.batch import names_in, simulate
from ..policies.finding import find_all
from ..summary import DECLARED
from .differences import Sides, chain_of, first_difference
from .shares import shares_of

if TYPE_CHECKING:
    import pandas as pd

OPENED = 0.5
"""The gap has opened when it has reached this share of what it is at the end."""


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
    seeds: int  # over which the shares were taken
    shares: list[dict[str, Any]]  # see `_ranked`

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
) -> Explanation:
    """Explain how a policy came to differ from a base.

    Args:
        base, policy: names of scenarios or of policies, paths of TOML files, or scenarios.
        outcome: the measure whose gap at the end is shared out over mechanisms.
        seed, replicate: the run whose events are compared.
        seeds: over how many seeds, from `seed` upwards, the shares are averaged.

    Raises:
        InputError: something that was given cannot be used, or the two never differ.
    """
    if outcome not in DECLARED:
        raise InputError(f"--outcome '{outcome}' is no measure: {nearest(outcome, DECLARED)}")
    if seeds < 1 or seed + seeds - 1 > SEED_MOST:
        raise InputError(f"--seeds is {seeds}: give a whole number from 1, up to seed {SEED_MOST}")
    one, two = (found.scenario for found in find_all(base, [policy]))
    since = first_quarter(prepared(one), prepared(two))
    runs = [simulate(each, seed=seed, replicate=replicate) for each in (one, two)]
    gap = (runs[1].quarters[outcome] - runs[0].quarters[outcome]).to_numpy(dtype=float)
    opened = when_opened(gap)
    names = names_in(runs[0]) | names_in(runs[1])
    sides = Sides(*(records(run.events) for run in runs))
    return Explanation(
        one, two, outcome, seed, replicate, one.first_day(since).isoformat(),
        first_difference(sides, names), chain_of(sides, names), gap.tolist(), opened, seeds,
        shares_of((prepared(one), prepared(two)), outcome, since, range(seed, seed + seeds),
                  replicate),
    )  # fmt: skip


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
