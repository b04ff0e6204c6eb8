"""What a council is asked in the quarter that comes, what it may say, and what came of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from ...declared.catalogue import SCOPES, TITLES
from ...declared.measures import KINDS
from ...tables.columns import roll_of
from ..changes import Act
from ..line import Line
from .known import believed, news, row_of_council

CALLS, INVITES, VOTES = "approaches", "invited", ("votes_no", "votes_yes")
ASKED = {"says_yes": "Say yes", "says_no": "Say no"}
AT_THE_TABLE = {"says_yes": "Stay in the talks", "walks_out": "Walk away"}
AT_A_VOTE = {"says_yes": "Vote yes", "says_no": "Vote no", "walks_out": "Walk away"}
DONE = {
    "says_yes": "You said yes to {} about {}.",
    "says_no": "You said no to {} about {}.",
    "walks_out": "You walked away from {}, about {}.",
}


class Item(NamedTuple):
    """Something that a council can decide about another and a scope in the quarter that comes."""

    partner: str  # the code, on the first day, of whom the partner was
    name: str
    scope: str
    said: str
    options: Mapping[str, str]

    @property
    def key(self) -> str:
        """Return what tells this item from the council's others."""
        return f"{self.partner} {self.scope}"


def items(line: Line, quarter: int, code: str) -> list[Item]:
    """Return what a council can decide in the quarter that comes.

    The quarter is lived once without any decision: who will be calling, and whether a vote is due.
    """
    frame = json.loads(line.frame(quarter))
    me = row_of_council(frame, code)
    if me is None or quarter >= line.quarters:
        return []
    coming = _coming(line, quarter)
    voted = {deal for kind, who, _, _, deal in coming if kind in VOTES and who == me["code"]}
    found = [_of_talks(frame, me["code"], deal, deal["n"] in voted) for deal in frame["deals"]
             if deal["kind"] == "talks" and me["code"] in deal["who"]]  # fmt: skip
    for kind, who, other, scope, _ in coming:
        if kind == CALLS and other == me["code"]:
            found.append(_of_call(frame, who, scope, "asks you to talk about"))
        if kind == INVITES and who == me["code"]:
            found.append(_of_call(frame, other, scope, "invites you to join talks about"))
    return [item for item in found if item is not None]


def _coming(line: Line, quarter: int) -> list[tuple[str, str, str, str, int]]:
    """Return kind, council, other, scope and deal of what would happen in the quarter to come."""
    past, raw = line.at(quarter).happened, line.at(quarter + 1)
    codes, kinds = roll_of(line.ready, raw.world)[0], list(KINDS)
    rows = raw.events[past:]
    return [
        (kinds[kind], codes[who] if who >= 0 else "", codes[other] if other >= 0 else "",
         SCOPES[scope] if scope >= 0 else "", deal)
        for kind, who, other, scope, deal in zip(
            *(rows[name].tolist() for name in ("kind", "council", "other", "scope", "deal")),
            strict=True)
    ]  # fmt: skip


def _of_talks(
    frame: Mapping[str, Any], me: str, deal: Mapping[str, Any], vote: bool
) -> Item | None:
    rows = {row["code"]: row for row in frame["councils"]}
    others = [rows[code] for code in deal["who"] if code != me and code in rows]
    if not others:
        return None
    names = ", ".join(row["name"] for row in others)
    stage = "a vote is due" if vote else deal["stage"]
    said = f"Talks with {names} about {deal['title'].lower()}: {stage}."
    options = AT_A_VOTE if vote else AT_THE_TABLE
    return Item(others[0]["was"][0], others[0]["name"], deal["scope"], said, options)


def _of_call(frame: Mapping[str, Any], who: str, scope: str, does: str) -> Item | None:
    row = next((row for row in frame["councils"] if row["code"] == who), None)
    if row is None:
        return None
    said = f"{row['name']} {does} {TITLES[scope].lower()}."
    return Item(row["was"][0], row["name"], scope, said, ASKED)


def act_of(code: str, item: Item, what: str, quarter: int) -> Act:
    """Return a decision as something that the room does at the beginning of a quarter."""
    return Act.model_validate(
        {"at": quarter, "council": code, "what": what, "partner": item.partner,
         "scope": item.scope}
    )  # fmt: skip


def came_of(line: Line, quarter: int, code: str, decided: list[tuple[Item, str]]) -> dict[str, Any]:
    """Return what came of a council's decisions in the quarter from `quarter` on.

    What it decided, what the model would have done instead, and what the other side thought then.
    """
    before, after = json.loads(line.frame(quarter)), json.loads(line.frame(quarter + 1))
    me = row_of_council(before, code)
    overruled = [e for e in after["events"] if e["kind"] == "overruled"]
    told = []
    for item, what in decided:
        other = row_of_council(before, item.partner)
        if me is None or other is None:
            continue
        against = [e["said"] for e in overruled if e["who"][:2] == [me["code"], other["code"]]]
        told.append({
            "did": DONE[what].format(item.name, TITLES[item.scope].lower()),
            "model": against[0] if against else "The model would have done the same, "
            "or the question did not arise.",
            "other": _thought(line, quarter, other, me),
        })  # fmt: skip
    return {"period": after["period"], "decided": told, "news": news(line, quarter + 1, code)}


def _thought(line: Line, quarter: int, other: Mapping[str, Any], me: Mapping[str, Any]) -> str:
    """Return what the other side thought of a council when it decided."""
    belief = believed(line, line.at(quarter), other["code"], me["code"])
    if belief is None:
        return f"{other['name']} hardly knew you."
    met = "It had met you." if belief.met else "That was a first impression."
    return f"{other['name']} thought that it and you work {belief.how}. {met}"
