"""What one council knows at a date: its own money and deals, and what it thinks of the others.

Never what others truly save or how they truly are.
"""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from ...core import state as s
from ...declared.measures import KINDS
from ...running import Raw
from ...tables.columns import roll_of
from ..line import Line
from ..minds import Minds

MONEY = ("income", "cost", "reserves", "gap", "expected", "distress", "vacant")
CASE_KIND = list(KINDS).index("business_case")
ALIKE, APART = 0.15, 0.35
"""Believed distances of ways of working, 0 to 1: below the first much alike."""
SURE = 0.15
"""Below this standard deviation of its belief a council has met the other."""
UNTOLD = ("overruled", "accounts", "promises", "learns", "known", "considers")
"""News that tells what is true and not what is known, what others keep to themselves, or twice."""


def row_of_council(frame: dict[str, Any], code: str) -> dict[str, Any] | None:
    """Return the row of what a council of the first day has become, None where it has gone."""
    return next((row for row in frame["councils"] if code in row["was"]), None)


def knows(line: Line, quarter: int, code: str) -> dict[str, Any] | None:
    """Return what a council knows when `quarter` quarters are over; None when it has gone."""
    frame, raw = json.loads(line.frame(quarter)), line.at(quarter)
    row = row_of_council(frame, code)
    if row is None:
        return None
    mine = [deal for deal in frame["deals"] if row["code"] in deal["who"]]
    names = {council["code"]: council["name"] for council in frame["councils"]}
    own = _own_savings(line, raw, row["code"])
    others = dict.fromkeys(c for deal in mine for c in deal["who"] if c != row["code"])
    return {
        "name": row["name"], "control": row["control"],
        "money": {name: row[name] for name in MONEY},
        "deals": [
            {"title": deal["title"], "stage": deal["stage"], "talks": deal["kind"] == "talks",
             "with": [names[c] for c in deal["who"] if c != row["code"]],
             **own.get(deal["n"], {"promised": None, "estimate": None})}
            for deal in mine
        ],
        "thinks": [{"name": names[c], "said": _thought(line, raw, row["code"], c)}
                   for c in others],
    }  # fmt: skip


def _own_savings(line: Line, raw: Raw, code: str) -> dict[int, dict[str, float | None]]:
    """Return, by deal, the saving promised to a council and its own estimate, million pounds."""
    world, (codes, _) = raw.world, roll_of(line.ready, raw.world)
    me, found = codes.index(code), {}
    cases = raw.events[(raw.events["kind"] == CASE_KIND) & (raw.events["council"] == me)]
    told = dict(zip(cases["deal"].tolist(), cases["value"].tolist(), strict=True))
    for d in world.live[: int(world.tally[0].counts[s.LIVE])].tolist():
        deal = world.deals[d]
        for k, member in enumerate(deal.member[: int(deal.members)].tolist()):
            if int(world.councils.identity[member]) == me:
                signed = int(deal.stage) >= s.TRANSITION
                promise = float(deal.promise[k]) if signed else told.get(int(deal.number))
                own = None if promise is None else round(promise * float(deal.estimate[k]), 4)
                found[int(deal.number)] = {"promised": promise, "estimate": own}
    return found


class Belief(NamedTuple):
    """What one council thinks of another: how it works, in words, and whether they have met."""

    how: str
    met: bool


def believed(line: Line, raw: Raw, mine: str, other: str) -> Belief | None:
    """Return what one council thinks of another's way of working; None where it knows nothing."""
    found = Minds(line.ready, raw).pair(mine, other)
    if found is None:
        return None
    pair, (side, _) = found
    distance, doubt = float(pair.belief[side]), float(pair.doubt[side])
    how = (
        "much alike"
        if distance < ALIKE
        else "somewhat differently"
        if distance < APART
        else "very differently"
    )
    return Belief(how, doubt**0.5 < SURE)


def _thought(line: Line, raw: Raw, mine: str, other: str) -> str:
    """Return what a council is told of its own belief about another."""
    belief = believed(line, raw, mine, other)
    if belief is None:
        return "You hardly know it."
    met = "You have met." if belief.met else "That is a first impression."
    return f"You think that it and you work {belief.how}. {met}"


def news(line: Line, quarter: int, code: str) -> list[str]:
    """Return what happened to a council in the quarter before `quarter`, in plain English."""
    frame = json.loads(line.frame(quarter))
    row = row_of_council(frame, code)
    known = {code} if row is None else {code, row["code"]}
    return [
        event["said"] for event in frame["events"]
        if known & set(event["who"]) and event["kind"] not in UNTOLD
    ]  # fmt: skip
