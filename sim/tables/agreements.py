"""Every agreement of a run in one row: who, about what, how it ended, and its three savings.

Money is in million pounds a year. Reported and true saving are those of the quarter in which the
agreement ended, or of the last that was lived; for a merger, which ends as it begins, there are
none. What is not known (the promise of an agreement that was there before the first day and has
ended since, say) is missing. An agreement that was signed before the first day and not yet at work
on it has started when it starts in the run, if it does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from ..core import state
from ..core.state import NOBODY
from ..declared.catalogue import SCOPES
from ..declared.measures import KINDS, REASONS
from ..ready.world import Prepared
from ..running import Raw
from .columns import Columns, Words, roll_of

KIND = {name: place for place, name in enumerate(KINDS)}
TERMS = ("exit", "equal", "align")
NUMBERS = ("signed", "started", "ended", *TERMS, "grants", "promised", "setup", "reported",
           "true_saving", "satisfaction")  # fmt: skip
Row = dict[str, Any]


class Told(NamedTuple):
    """What an event tells of an agreement, as plain numbers."""

    kind: int
    quarter: int
    deal: int
    scope: int
    council: int
    reason: int
    value: float
    more: float


class Deal(NamedTuple):
    """What the state says of an agreement that stands, as plain numbers."""

    number: int
    scope: int
    members: list[int]  # by identity
    running: bool
    signed: int
    exit: int
    equal: int
    align: int
    started: int
    promised: float
    reported: float
    true_saving: float
    satisfaction: float


def agreement_columns(ready: Prepared, replicates: np.ndarray, raws: Sequence[Raw]) -> Columns:
    """Return one row an agreement that was signed, or stood at the start, in order of number.

    `members` are codes joined by semicolons, all that ever signed; `satisfaction` is that of the
    least content member, 0 where nothing draws it away more than a typical one. Without an event
    log only what still stands is known.
    """
    found = [(n, row) for n, raw in zip(replicates.tolist(), raws, strict=True)
             for row in _rows(ready, raw)]  # fmt: skip
    places = np.arange(len(found))
    columns: Columns = {
        "replicate": np.array([n for n, _ in found], dtype=np.int64),
        "agreement": np.array([row["agreement"] for _, row in found], dtype=np.int64),
        "scope": Words(np.array([row["scope"] for _, row in found], int), list(SCOPES), fixed=True),
        "members": Words(places, [";".join(row["members"]) for _, row in found]),
        "reason": Words(
            np.array([row["reason"] for _, row in found], int), list(REASONS), fixed=True
        ),
    }
    return columns | {
        name: np.array([row[name] for _, row in found], dtype=float) for name in NUMBERS
    }


def _rows(ready: Prepared, raw: Raw) -> list[Row]:
    rows, still = _standing(ready), _signed(raw)
    if raw.happened > len(raw.events):  # nobody noted which of them have ended
        rows = {number: rows[number] for number in still["number"].tolist() if number in rows}
    codes = roll_of(ready, raw.world)[0]
    for event in _told(raw.events):
        row = rows.get(event.deal)
        if row is None:
            row = rows[event.deal] = _blank(event.deal, event.scope)
        TELLERS[event.kind](row, event, codes)
    for deal in _known_of(still, ready, raw):
        _still_there(rows, deal, codes)
    return [row for _, row in sorted(rows.items()) if row["members"]]


def _told(events: np.ndarray) -> list[Told]:
    """Return the events that tell of agreements, in order."""
    events = np.asarray(events)
    found = np.flatnonzero(np.isin(events["kind"], list(TELLERS)))
    return list(map(Told, *(events[name][found].tolist() for name in Told._fields)))


def _signed(raw: Raw) -> np.ndarray:
    """Return the deals that stand at the end, in order; no records, which are slow to read."""
    live = raw.world.live[: raw.world.tally[0].counts[state.LIVE]]
    deals = raw.world.deals.view(state.DEAL, np.ndarray)[live]
    found: np.ndarray = deals[deals["stage"] >= state.TRANSITION]
    return found


def _blank(number: int, scope: int) -> Row:
    unknown: Row = dict.fromkeys(NUMBERS, np.nan)
    return unknown | {"agreement": number, "scope": scope, "members": [], "reason": NOBODY}


def _standing(ready: Prepared) -> dict[int, Row]:
    """Return the agreements that stood at the start, by number."""
    rows: dict[int, Row] = {}
    for place, scope, signed, council, agreed in ready.blank.standing.tolist():
        row = rows.setdefault(place + 1, _blank(place + 1, scope))
        row["signed"], row["started"] = signed, np.nan if agreed else signed
        row["members"].append(ready.table.code[council])
    return rows


def _sign(row: Row, event: Told, codes: Sequence[str]) -> None:
    if not row["members"]:
        row["signed"], row["promised"], row["setup"] = event.quarter, 0.0, 0.0
    row["members"].append(codes[event.council])
    row["promised"] += event.value
    row["setup"] += event.more


def _start(row: Row, event: Told, codes: Sequence[str]) -> None:
    row["started"] = event.quarter


def _agree(row: Row, event: Told, codes: Sequence[str]) -> None:
    agreed = int(event.value)
    row["exit"], row["equal"], row["align"] = agreed & 1, agreed >> 1 & 1, agreed >> 2 & 1


def _pay(row: Row, event: Told, codes: Sequence[str]) -> None:
    row["grants"] = event.value + (0.0 if np.isnan(row["grants"]) else row["grants"])


def _close(row: Row, event: Told, codes: Sequence[str]) -> None:
    row["reported"], row["true_saving"] = event.value, event.more


def _end(row: Row, event: Told, codes: Sequence[str]) -> None:
    row["ended"], row["reason"] = event.quarter, event.reason


TELLERS = {
    KIND["signs"]: _sign, KIND["starts"]: _start, KIND["agrees_terms"]: _agree,
    KIND["study_grant"]: _pay, KIND["setup_grant"]: _pay, KIND["accounts"]: _close,
    KIND["ends"]: _end,
}  # fmt: skip


def _known_of(still: np.ndarray, ready: Prepared, raw: Raw) -> list[Deal]:
    """Return what is known of agreements that still stand from the state itself."""
    last = raw.quarter - 1
    ramp = (last - still["started"]) / ready.theory[last].scope_ramp[still["scope"]]
    promised = _over_members(still, "promise", np.sum)
    identities = raw.world.councils.identity[still["member"]].tolist()
    return list(map(
        Deal,
        still["number"].tolist(), still["scope"].tolist(),
        [row[:many] for row, many in zip(identities, still["members"].tolist(), strict=True)],
        (still["stage"] == state.RUNNING).tolist(),
        *(still[name].tolist() for name in ("signed", *TERMS, "started")),
        promised.tolist(), (promised * still["report"] * np.minimum(ramp, 1.0)).tolist(),
        _over_members(still, "now", np.sum).tolist(),
        _over_members(still, "score", np.min).tolist(),
    ))  # fmt: skip


def _over_members(still: np.ndarray, name: str, over: Callable[..., np.ndarray]) -> np.ndarray:
    """Return a sum, or the least, over the members of each agreement."""
    found = np.zeros(len(still))
    for many in np.unique(still["members"]).tolist():
        these = still["members"] == many
        found[these] = over(np.ascontiguousarray(still[name][these, :many]), axis=1)
    return found


def _still_there(rows: dict[int, Row], deal: Deal, codes: Sequence[str]) -> None:
    """Take what is known of an agreement that still stands."""
    row = rows.setdefault(deal.number, _blank(deal.number, deal.scope))
    row["members"] = row["members"] or [codes[k] for k in deal.members]
    row["signed"], row["promised"] = deal.signed, deal.promised
    row["exit"], row["equal"], row["align"] = deal.exit, deal.equal, deal.align
    if deal.running:
        row["started"], row["reported"] = deal.started, deal.reported
        row["true_saving"], row["satisfaction"] = deal.true_saving, deal.satisfaction
