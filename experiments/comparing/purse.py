"""What a policy is worth to the public purse, who pays for it, and when it has paid for itself.

Councils, their residents and government are one public: what one of them pays another cancels.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ...sim.declared.measures import as_column
from ..estimates import Estimate
from ..words import interval, number
from .course import Course, crossings, paid_back
from .sequences import always_valid
from .take_up import take_up, take_up_in_words

PUBLIC = "public_net"
"""The measure by which a policy is judged, whatever the outcome."""
VALUE = "public_value"
"""The same at the prices of the start, discounted to it."""
SHARES = {
    "net_saving": "councils keep",
    "tax_paid": "residents pay in council tax",
    "government_spending": "government spends",
}
"""Who gains and who pays: shown beside it, for what they pay each other cancels in it."""
UNIT = "million pounds"


def public_purse(
    base: np.ndarray, policy: np.ndarray, course: Course, *, error: float
) -> dict[str, Any]:
    """Return what a policy is worth to the public by the end, to whom, and when it is paid back.

    Args:
        base, policy: records of the last quarter, a row a replicate, on the same luck.
        course: how the difference in `public_net` moved.
        error: the chance that an interval is wrong.
    """
    found = {name: _difference(base, policy, name, error) for name in (PUBLIC, VALUE, *SHARES)}
    back = paid_back(course)
    told = {
        "net": found[PUBLIC].document(),
        "present_value": found[VALUE].document(),
        "shares": {name: found[name].document() for name in SHARES},
        "payback_quarter": back,
        "break_even": None if back is None else course[back]["ends"],
        "crosses": [course[quarter]["ends"] for quarter in crossings(course)],
        "course": course,
        "take_up": take_up(base, policy),
    }
    return told | {"in_words": _in_words(found, told)}


def _difference(base: np.ndarray, policy: np.ndarray, name: str, error: float) -> Estimate:
    count = min(len(base), len(policy))
    values = as_column(policy[:count], name) - as_column(base[:count], name)
    return always_valid(values[np.isfinite(values)], error=error)


def _in_words(found: Mapping[str, Estimate], told: Mapping[str, Any]) -> str:
    net, ends = found[PUBLIC], told["course"][-1]["ends"]
    if net.value == 0:
        return f"The public purse: no difference by {ends}."
    verdict = (
        "gains" if net.low > 0 else "loses" if net.high < 0
        else "neither surely gains nor surely loses"
    )  # fmt: skip
    shares = ", ".join(
        f"{words} {_more(found[name].value)}" for name, words in SHARES.items()
        if found[name].value != 0
    )  # fmt: skip
    return (
        f"The public purse (councils, residents and government together) {verdict}: "
        f"{number(net.value)} {UNIT}{_span(net)} by {ends}, worth {number(found[VALUE].value)} at "
        f"the start's prices, discounted. {_back(net, told)} Who pays whom: {shares}."
        f"{take_up_in_words(told['take_up'])}"
    )


def _back(net: Estimate, told: Mapping[str, Any]) -> str:
    if told["break_even"] is not None:
        return f"On average it has paid for itself by the end of {told['break_even']}."
    if net.value < 0:
        return "On average it has not paid for itself by then; --quarters looks further."
    return "On average it is never behind."


def _span(found: Estimate) -> str:
    shown = interval(found.low, found.high)
    return "" if shown == "-" else f" ({shown})"


def _more(value: float) -> str:
    return f"{number(abs(value))} {'more' if value > 0 else 'less'}"
