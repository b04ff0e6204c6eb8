"""A policy that moves nothing: found at the first look, and told with what to check."""

from __future__ import annotations

from ...sim.declared.scenario import Scenario
from ...sim.errors import InputError
from ...sim.ready.kept import prepared
from ..explaining.explain import first_quarter
from ..words import month
from .sequences import unseen


def idle_words(base: Scenario, policy: Scenario, count: int, *, stopped: bool, most: int) -> str:
    """Return that a policy moved nothing in so many replicates, how sure that is, and what to do.

    Args:
        base, policy: the two scenarios.
        count: replicates that were run.
        stopped: whether it was stopped before the `most` that there could have been.
        most: with how many replicates to try again.
    """
    said = f"the policy moved not one bit of any measure in {count:,} replicates"
    try:
        since = first_quarter(prepared(base), prepared(policy))
    except InputError:
        return (
            f"{said}, and none could: nothing in which it differs from the base is ever in force "
            f"before the run ends. See that its dates lie before then, or look further with "
            f"--quarters."
        )
    more = f", or run more with --budget {most}" if stopped else ""
    stop = ", so it was run no further" if stopped else ""
    return (
        f"{said}{stop} (what happens in fewer than one of {unseen(count):,} may have been missed). "
        f"It differs from the base from the quarter to {month(base, since)} on. Is it about "
        f"something that never comes about here? See what it sets{more}."
    )
