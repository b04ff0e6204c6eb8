"""Where two sides part: what happens on one side only, what on both and otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ..ready.world import Prepared
from ..running import Raw
from ..story import sentence
from ..story.alike import Sides, unlike
from ..story.apart import in_both
from ..story.order import Row, in_telling_order
from ..tables.columns import roll_of
from .frames import rows_since

CALLED = {"base": "in A", "policy": "in B"}
"""What the two sides are called, in the order in which they are told."""


class Log(NamedTuple):
    """What happened on a side in a quarter, in the order of telling, and its councils by code."""

    rows: Sequence[Row]
    names: Mapping[str, str]


def log_of(ready: Prepared, raw: Raw, *, since: int) -> Log:
    """Return what happened after the first `since` events of a run."""
    codes, names = roll_of(ready, raw.world)
    rows = in_telling_order(rows_since(ready, raw, since))
    return Log(rows, dict(zip(codes, names, strict=True)))


def bits_of_quarter(raw: Raw, quarter: int) -> list[bytes]:
    """Return the bits of all that was measured and all that happened in a quarter."""
    happened = raw.events[raw.events["quarter"] == quarter]
    fields = [happened[name].tobytes() for name in happened.dtype.names]
    return [raw.record[quarter].tobytes(), *fields]


def told_apart(logs: Sequence[Log]) -> dict[str, Any]:
    """Return what a quarter tells on one side only, and on both but otherwise.

    `only_a`, `only_b`: sentences; `both`: sentences with the values of either side; `weighed`:
    how many steps are the same on both sides and were only weighed differently.
    """
    names = {**logs[1].names, **logs[0].names}
    steps = unlike(Sides(logs[0].rows, logs[1].rows))
    told = [(each.side, sentence(each.event, names)) for each in steps if each.side != "both"]
    return {
        "only_a": list(dict.fromkeys(said for side, said in told if side == "base")),
        "only_b": list(dict.fromkeys(said for side, said in told if side == "policy")),
        "both": [
            in_both(each.base, each.policy, names, CALLED)
            for each in steps
            if each.base is not None and each.policy is not None and each.otherwise
        ],
        "weighed": sum(not each.otherwise for each in steps),
    }


def happens_otherwise(told: Mapping[str, Any]) -> bool:
    """Return whether anything happens on one side only, or otherwise: not just weighed so."""
    return bool(told["only_a"] or told["only_b"] or told["both"])


def moved(mine: Mapping[str, float], other: Mapping[str, float]) -> list[str]:
    """Return the outcomes that differ between two frames."""
    return [name for name, value in mine.items() if value != other[name]]
