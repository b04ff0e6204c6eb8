"""One run told in order of time: a heading for each quarter, then a line for each step."""

from __future__ import annotations

from collections.abc import Container, Hashable, Iterable, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from .concerning import concerning
from .decisions import account_of
from .joining import follow
from .known import NOTHING, Known
from .order import Row, in_telling_order
from .sentences import Group, tell
from .wording import Event, amount, deal_of, quarter_name, records, text

if TYPE_CHECKING:
    import pandas as pd

SMALL = ("considers", "known")
"""The kinds of event that a short telling leaves out."""

OF_ONE_DEAL = (
    "invited", "walks_away", "study_grant", "business_case", "votes_no", "votes_yes", "signs",
    "setup_grant", "leaves", "learns",
)  # fmt: skip
"""The kinds that each member of a deal has for itself, told together."""


TURNED = "turned"
"""The mark of a decision that luck turned."""


def narrative(
    events: pd.DataFrame,
    names: Mapping[str, str],
    *,
    important_only: bool = True,
    known: Known = NOTHING,
    about: Sequence[str] = (),
) -> list[str]:
    """Return one run as lines: a heading a quarter ("April to June 2009"), then what happened.

    Parameters: the event table of one run, the names of councils by code, whether to leave
    out councils that only start to look and talks that only become known, what is known beside
    the events (without it who joins an agreement of the first day is told of its leader only), and
    the codes of one or two councils that it is about, none for all. The lines of a quarter
    are set in by two spaces; what several members of one deal do is told in one sentence. Where
    all reasons together spoke the other way, the line says that luck turned it.
    """
    rows = in_telling_order(follow(records(events), known))
    rows = concerning(rows, about, known) if about else rows
    told = [row for row in rows if not important_only or text(row, "kind") not in SMALL]
    lines: list[str] = []
    for heading, quarter in groupby(told, key=quarter_name):
        lines.append(heading)
        lines += [f"  {said}" for _, said in told_together(quarter, names, known)]
    return lines


def told_together(
    rows: Iterable[Row], names: Mapping[str, str], known: Known, *, apart: Container[str] = ()
) -> list[tuple[list[Row], str]]:
    """Return the rows of a quarter in groups that one sentence tells, each with its sentence.

    Kinds of event that are in `apart` are told one by one.
    """
    marked = [row | {TURNED: _turned(row, known)} for row in rows]
    groups: dict[Hashable, list[Row]] = {}
    for place, row in enumerate(marked):
        shared = None if text(row, "kind") in apart else _shared(row)
        groups.setdefault(shared or place, []).append(row)
    return [(group, _line(Group(group, names))) for group in groups.values()]


def _turned(row: Event, known: Known) -> bool:
    """Return whether luck turned the decision: all reasons together spoke the other way."""
    account = account_of(row, known)
    return account is not None and account.luck_turned


def _line(group: Group) -> str:
    said = tell(group)
    return f"{said[:-1]}; luck turned it." if group.first.get(TURNED) else said


def _shared(event: Event) -> tuple[Hashable, ...] | None:
    """Return what events must have in common to be told together, None for an event on its own."""
    kind, deal = text(event, "kind"), deal_of(event)
    if kind in OF_ONE_DEAL and deal is not None:
        return kind, deal, text(event, "scope"), text(event, "reason"), event.get(TURNED)
    if kind == "merges":
        return kind, text(event, "council")
    if kind == "abolished":
        return kind, text(event, "other")
    if kind == "control_changes":
        return kind, amount(event, "value")
    if kind == "announced":
        return kind, amount(event, "value")
    return (kind,) if kind in ("chief_leaves", "chief_found", "leader_falls") else None
