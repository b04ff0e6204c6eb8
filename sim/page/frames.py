"""What is drawn of a quarter: councils, what links them, what was measured, what happened."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any

import numpy as np

from ..core import state as s
from ..core.world import World
from ..country.councils import PARTIES, TIERS
from ..declared.catalogue import MERGER, SCOPES, SERVICES, TITLES
from ..declared.measures import KINDS, MEASURES
from ..declared.parameters import STANCES
from ..ready.world import Prepared
from ..running import Raw
from ..story import Known, in_words, known_of
from ..story.account import told_together
from ..story.decisions import KINDS as DECISIONS, account_of
from ..story.joining import FOLLOWED, MOVES, Running
from ..story.order import Row, in_telling_order
from ..story.sentences import TERMS
from ..story.wording import quarter_name
from ..tables.columns import LESSONS, Columns, Words, event_columns, roll_of

SHOWN = ("talks", "agreements", "services", "managements", "promised", "reported", "true_saving",
         "reserves", "councils", "talks_failed", "ended", "mergers", "in_distress", "gap",
         "net_saving", "government_spending", "tax_paid", "public_net", "formed")  # fmt: skip
"""The outcomes that the page draws or tells."""

STANCE_WORDS = dict(
    zip(
        STANCES,
        (
            "No mergers: the map stays as it is",
            "Proposals to merge are heard",
            "A review is under way: the map is in doubt",
            "Reorganisation by order is coming",
        ),
        strict=True,
    )
)
STAGES = {
    s.STUDY: "a study is being made",
    s.CASE: "the business case is on the table",
    s.VOTING: "the councils are voting",
    s.TRANSITION: "signed, being set up",
    s.RUNNING: "at work",
}
LESSON_WORDS = dict(
    zip(
        LESSONS,
        ("build trust first", "an equal partnership", "align council tax", "an exit strategy"),
        strict=True,
    )
)
CASES = list(KINDS).index("business_case")
LEAST_LESSON = 0.2
"""A lesson fainter than this is not told."""


def frame(ready: Prepared, raw: Raw, *, since: int) -> dict[str, Any]:
    """Return what is drawn when the quarters before `raw.quarter` are over.

    `since` counts the events that were already told; the values are plain, ready for JSON.
    """
    codes, names = roll_of(ready, raw.world)
    return {
        "q": raw.quarter,
        **when(ready, raw.quarter),
        "stance": stance(ready, raw.quarter),
        "councils": councils(ready, raw, codes, names),
        "deals": deals(ready, raw, codes),
        "measures": measured(raw),
        "events": events(ready, raw, since, dict(zip(codes, names, strict=True))),
    }


def when(ready: Prepared, quarter: int) -> dict[str, str]:
    """Return the time that has just passed, and the day that has come."""
    day = ready.scenario.first_day(quarter)
    last = ready.scenario.first_day(max(quarter - 1, 0))
    period = quarter_name({"date": last}) if quarter else f"Before {long_day(day)}"
    return {"period": period, "day": long_day(day)}


def long_day(day: date) -> str:
    """Return a day as it is spoken: "1 April 2011"."""
    return f"{day.day} {day:%B %Y}"


def stance(ready: Prepared, quarter: int) -> str:
    """Return government's stance on mergers in the quarter that has just passed."""
    row = ready.theory[max(quarter - 1, 0)]
    return STANCE_WORDS[STANCES[int(row["reorganisation_stance"])]]


def numbers(values: np.ndarray, digits: int) -> list[float | None]:
    """Return numbers for JSON, rounded; None for what is not a number."""
    return [round(v, digits) if math.isfinite(v) else None for v in values.tolist()]


def councils(ready: Prepared, raw: Raw, codes: list[str], names: list[str]) -> list[dict[str, Any]]:
    """Return a row a living council: where it lies, its money, its character, its mood."""
    world, quarter = raw.world, raw.quarter
    c = world.councils
    columns = {
        "x": numbers(c.x, 2), "y": numbers(c.y, 2), "population": numbers(c.population, 0),
        "income": numbers(c.income, 2), "cost": numbers(c.cost, 2),
        "reserves": numbers(c.reserves, 2), "gap": numbers(c.gap, 2),
        "expected": numbers(c.expected_gap, 2), "saving": numbers(c.saving, 3),
        "band_d": numbers(c.band_d, 0), "quality": numbers(c.quality, 2),
        "autonomy": numbers(c.autonomy, 2), "contact": numbers(c.contact, 2),
        "local": numbers(c.local_contact, 2),
    }  # fmt: skip
    of = _members_of(world, len(ready.table.code))
    rows = []
    for k in np.flatnonzero(c.alive == 1).tolist():
        who = int(c.identity[k])
        row: dict[str, Any] = {
            "code": codes[who],
            "name": names[who],
            "tier": TIERS[int(c.tier[k])],
        }
        row |= {name: values[k] for name, values in columns.items()}
        row["control"] = PARTIES[int(c.control[k])]
        row["distress"], row["vacant"] = int(c.distress[k]), int(c.vacant[k])
        row["marriage"], row["system"] = int(c.marriage[k]), int(c.platform[k]) + 1
        row["pause"] = _pause(ready, quarter, float(c.pause[k]))
        row["culture"] = numbers(c.culture[k], 2)
        lessons = zip(LESSONS, c.lessons[k].tolist(), strict=True)
        row["lessons"] = [LESSON_WORDS[name] for name, held in lessons if held >= LEAST_LESSON]
        row["was"] = [ready.table.code[m] for m in of.get(who, [who])]
        rows.append(row)
    return rows


def _pause(ready: Prepared, quarter: int, until: float) -> str:
    """Return the day until which a council looks for no deep partner; none where it does not."""
    if quarter >= until:
        return ""
    return long_day(ready.scenario.first_day(math.ceil(until)))


def _members_of(world: World, first: int) -> dict[int, list[int]]:
    """Return for each council the councils of the first day that have become it."""
    successor, found = world.roll.successor, dict[int, list[int]]()
    for k in range(first):
        now = k
        while int(successor[now]) != now:
            now = int(successor[now])
        found.setdefault(now, []).append(k)
    return found


def deals(ready: Prepared, raw: Raw, codes: list[str]) -> list[dict[str, Any]]:
    """Return a row a live deal: who, about what, how far, and its three savings."""
    world = raw.world
    trust, cases = _trust(world), _cases(raw)
    rows = []
    for d in world.live[: int(world.tally[0].counts[s.LIVE])].tolist():
        deal = world.deals[d]
        members = deal.member[: int(deal.members)].tolist()
        identities = [int(world.councils.identity[m]) for m in members]
        scope, stage = SCOPES[int(deal.scope)], int(deal.stage)
        row = {
            "n": int(deal.number), "scope": scope, "title": TITLES[scope],
            "kind": kind_of(scope, stage), "stage": STAGES.get(stage, ""),
            "who": [codes[who] for who in identities],
            "trust": _mean([trust.get((min(a, b), max(a, b))) for a in members for b in members
                            if a < b]),
            "since": int(deal.signed if stage >= s.TRANSITION else deal.begun),
        }  # fmt: skip
        if stage in (s.CASE, s.VOTING):
            own = cases.get(int(deal.number), {})
            row["promised"] = round(sum(own.get(who, 0.0) for who in identities), 4)
        if stage >= s.TRANSITION:
            row["promised"] = round(float(deal.promise[: len(members)].sum()), 4)
            agreed = (int(deal.exit), int(deal.equal), int(deal.align))
            row["terms"] = [word for word, held in zip(TERMS, agreed, strict=True) if held]
        if stage == s.RUNNING:
            row["reported"] = round(_reported(ready, deal, raw.quarter), 4)
            row["true"] = round(float(deal.now[: len(members)].sum()), 4)
        rows.append(row)
    return sorted(rows, key=lambda row: row["n"])


def _cases(raw: Raw) -> dict[int, dict[int, float]]:
    """Return, by deal and council, what the last business case promises it."""
    found: dict[int, dict[int, float]] = {}
    told = raw.events[raw.events["kind"] == CASES]
    for number, who, value in zip(*(told[n].tolist() for n in ("deal", "council", "value")),
                                  strict=True):  # fmt: skip
        found.setdefault(number, {})[who] = value
    return found


def kind_of(scope: str, stage: int) -> str:
    """Return how a link is drawn: talks, service, management or merger."""
    if stage < s.TRANSITION:
        return "talks"
    return "service" if scope in SERVICES else "merger" if scope == MERGER else "management"


def _reported(ready: Prepared, deal: Any, quarter: int) -> float:
    """Return what the members report by now, as `add_claims` of the rules adds it up."""
    t = max(quarter - 1, 0)
    ramp = ready.theory[min(t, len(ready.theory) - 1)]["scope_ramp"][int(deal.scope)]
    grown = min((t - int(deal.started)) / float(ramp), 1.0)
    return float(deal.promise[: int(deal.members)].sum() * deal.report * grown)


def _trust(world: World) -> dict[tuple[int, int], float]:
    a, b = world.pairs.a, world.pairs.b
    low, high = np.minimum(a, b).tolist(), np.maximum(a, b).tolist()
    return dict(zip(zip(low, high, strict=True), world.pairs.trust.tolist(), strict=True))


def _mean(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return round(sum(known) / len(known), 2) if known else None


def measured(raw: Raw) -> dict[str, float | None]:
    """Return the main outcomes of the quarter that has just passed; before the first, none."""
    if raw.quarter == 0:
        return dict.fromkeys(SHOWN)
    row = raw.record[raw.quarter - 1]
    return {name: numbers(np.array([row[name]]), 4)[0] for name in SHOWN}


@lru_cache(maxsize=1)
def titles() -> dict[str, dict[str, str]]:
    """Return title and unit of each outcome that is shown."""
    return {m.name: {"title": m.title, "unit": m.unit} for m in MEASURES if m.name in SHOWN}


def rows_since(ready: Prepared, raw: Raw, since: int) -> list[dict[str, Any]]:
    """Return the events after the first `since`, each as a row of the event table.

    Those about joining an agreement that is at work are marked so.
    """
    columns = event_columns(ready, np.array([0]), [raw])
    moves = [list(KINDS).index(kind) for kind in MOVES]
    before = np.flatnonzero(np.isin(raw.events["kind"][:since], moves))
    past = _rows_at({name: columns[name] for name in FOLLOWED}, before)
    new = _rows_at(columns, np.arange(since, len(raw.events)))
    running = Running(known_of(ready))
    running.follow(past)
    return running.follow(row | {"place": since + k} for k, row in enumerate(new))


def _rows_at(columns: Columns, places: np.ndarray) -> list[dict[str, Any]]:
    """Return some rows of a table of columns."""
    cut = [
        column._replace(places=column.places[places]).texts().tolist()
        if isinstance(column, Words)
        else column[places].tolist()
        for column in columns.values()
    ]
    return [dict(zip(columns, values, strict=True)) for values in zip(*cut, strict=True)]


def events(ready: Prepared, raw: Raw, since: int, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return what happened after the first `since` events, in plain English, as the story has it.

    Only what was decided is told for each council by itself, with its own reasons.
    """
    known = known_of(ready)
    rows = in_telling_order(rows_since(ready, raw, since))
    return [
        _told(group, said, known)
        for _, lived in groupby(rows, key=itemgetter("quarter"))
        for group, said in told_together(lived, names, known, apart=DECISIONS)
    ]


def _told(rows: Sequence[Row], said: str, known: Known) -> dict[str, Any]:
    first = rows[0]
    who = [code for row in rows for code in (row["council"], row["other"]) if code]
    found = {
        "t": first["quarter"], "kind": first["kind"], "deal": first["agreement"],
        "who": list(dict.fromkeys(who)), "said": said,
        "why": in_words(account_of(first, known)),
    }  # fmt: skip
    return found | ({"reason": first["reason"]} if first["kind"] == "ends" else {})
