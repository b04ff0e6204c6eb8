"""What a policy is worth to the public purse, who pays for it, and when it has paid for itself.

Councils, their residents and government are one public: what one of them pays another cancels.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..estimates import Estimate
from ..words import NOTHING, interval, number
from .course import Course, crossings, paid_back
from .pairing import apart
from .sequences import always_valid
from .take_up import take_up, take_up_in_words

PUBLIC = "public_net"
"""The measure by which a policy is judged, whatever the outcome."""
VALUE = "public_value"
"""The same at the prices of the start, discounted to it."""
SHARES = {
    "councils": ("councils keep", "net_saving", "tax_paid", "tax_support"),
    "residents": ("residents pay in council tax", "tax_paid"),
    "government": ("government spends", "government_spending"),
}
"""Who gains and who pays, and the measures that add up to it.

What councils keep, less what residents pay and government spends, is the public net. Councils are
paid the whole of their tax, by residents and, where it helps with that, by government.
"""
UNIT = "million pounds"
NO_FREEZE_GRANTS = (
    " Freeze grants are not counted: councils keep them here whether or not they freeze their tax."
)
"""It is a part of the settlement; see docs/model.md, "Settlement and freezes"."""


def public_purse(
    base: np.ndarray,
    policy: np.ndarray,
    course: Course,
    *,
    error: float,
    grants: bool,
    freeze: bool,
    lucks: int = 1,
) -> dict[str, Any]:
    """Return what a policy is worth to the public by the end, to whom, and when it is paid back.

    Args:
        base, policy: records of the last quarter, a row a replicate, on the same luck.
        course: how the difference in `public_net` moved.
        error: the chance that an interval is wrong.
        grants: whether the policy is about grants, so that it is told who took them up.
        lucks: how many replicates are one world.
        freeze: whether it is about freezes of council tax, so that it is told what they lack here.
    """
    found = {name: _difference(base, policy, [name], error, lucks) for name in (PUBLIC, VALUE)}
    for who, (_, *names) in SHARES.items():
        found[who] = _difference(base, policy, names, error, lucks)
    back = paid_back(course)
    told = {
        "net": found[PUBLIC].document(),
        "present_value": found[VALUE].document(),
        "shares": {name: found[name].document() for name in SHARES},
        "payback_quarter": back,
        "break_even": None if back is None else course[back]["ends"],
        "crosses": [course[quarter]["ends"] for quarter in crossings(course)],
        "course": course,
        "take_up": take_up(base, policy) if grants else None,
    }
    return told | {"in_words": _in_words(found, told) + NO_FREEZE_GRANTS * freeze}


def _difference(
    base: np.ndarray, policy: np.ndarray, names: Sequence[str], error: float, lucks: int
) -> Estimate:
    found = sum(apart(base, policy, name, lucks) for name in names)
    return always_valid(np.asarray(found), error=error)


def _in_words(found: Mapping[str, Estimate], told: Mapping[str, Any]) -> str:
    net, ends = found[PUBLIC], told["course"][-1]["ends"]
    if abs(net.value) < NOTHING:
        return f"The public purse: no difference by {ends}."
    verdict = (
        "gains" if net.low > 0 else "loses" if net.high < 0
        else "neither surely gains nor surely loses" if np.isfinite(net.half)
        else "has no interval yet, on average"
    )  # fmt: skip
    shares = ", ".join(
        f"{words} {_more(found[name].value)}" for name, (words, *_) in SHARES.items()
        if abs(found[name].value) >= NOTHING
    )  # fmt: skip
    return (
        f"The public purse (councils, residents and government together) {verdict}: "
        f"{number(net.value)} {UNIT}{_span(net)} by {ends}, worth {number(found[VALUE].value)} at "
        f"the start's prices, discounted.{_back(net, told)} Who pays whom: {shares}."
        f"{take_up_in_words(told['take_up']) if told['take_up'] else ''}"
    )


def _back(net: Estimate, told: Mapping[str, Any]) -> str:
    """Return whether and when it has paid for itself; nothing where that is not sure."""
    if told["break_even"] is not None:
        return f" On average it has paid for itself by the end of {told['break_even']}."
    if net.high < 0:
        return " On average it has not paid for itself by then; --quarters looks further."
    return " In no quarter is it surely behind." if net.low > 0 else ""


def _span(found: Estimate) -> str:
    shown = interval(found.low, found.high)
    return "" if shown == "-" else f" ({shown})"


def _more(value: float) -> str:
    return f"{number(abs(value))} {'more' if value > 0 else 'less'}"
