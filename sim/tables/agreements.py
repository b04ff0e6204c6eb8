"""Every agreement of a run in one row: who, about what, how it ended, and its three savings.

Money is in million pounds a year. Reported and true saving are those of the quarter in which the
agreement ended, or of the last that was lived; for a merger, which ends as it begins, there are
none. What is not known (the promise of an agreement that was there before the first day and has
ended since, say) is missing. An agreement that was signed before the first day and not yet at work
on it has started when it starts in the run, if it does.
"""

from __future__ import annotations

from collections.abc import Sequence
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
    for deal in still:
        _still_there(rows, ready, raw, deal, codes)
    return [row for _, row in sorted(rows.items()) if row["members"]]


def _told(events: np.ndarray) -> list[Told]:
    """Return the events that tell of agreements, in order."""
    events = np.asarray(events)
    found = events[np.isin(events["kind"], list(TELLERS))]
    return [Told(*each) for each in found[list(Told._fields)].tolist()]


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
    row |= {name: int(event.value) >> place & 1 for place, name in enumerate(TERMS)}


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


def _still_there(
    rows: dict[int, Row], ready: Prepared, raw: Raw, deal: Any, codes: Sequence[str]
) -> None:
    """Take what is known of an agreement that still stands from the state itself."""
    number, members = int(deal["number"]), slice(0, int(deal["members"]))
    row = rows.setdefault(number, _blank(number, int(deal["scope"])))
    identities = raw.world.councils.identity[deal["member"][members]]
    row["members"] = row["members"] or [codes[k] for k in identities]
    row |= {name: deal[name] for name in ("signed", *TERMS)}
    row["promised"] = float(deal["promise"][members].sum())
    if deal["stage"] == state.RUNNING:
        last = raw.quarter - 1
        ramp = (last - deal["started"]) / ready.theory[last].scope_ramp[deal["scope"]]
        row["started"] = deal["started"]
        row["reported"] = row["promised"] * deal["report"] * min(ramp, 1.0)
        row["true_saving"] = float(deal["now"][members].sum())
        row["satisfaction"] = float(deal["score"][members].min())
