"""One run as a story to read: a heading a year, and a paragraph of what matters in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from ..declared.catalogue import DEEP
from ..declared.measures import REASONS
from .account import told_together
from .concerning import concerning, heirs
from .joining import Row, Running, follow
from .known import Agreement, Known
from .order import in_telling_order
from .wording import MONTHS, amount, count, deal_of, joined, money, records, scope_words, text

if TYPE_CHECKING:
    import pandas as pd

SENTENCES = 6
"""So many are told of a year at most."""
SEASONS = ("In the winter", "In the spring", "In the summer", "In the autumn")
MATTERS: tuple[tuple[str, ...], ...] = (
    ("merges", "abolished", "in_distress", "overruled"),
    ("ends", "talks_fail", "signs", "leaves", "starts"),
    ("stance", "announced", "survives", "control_changes", "chief_leaves"),
    ("chief_found", "joint_chief_leaves", "learns", "walks_away", "votes_no", "refuses"),
)
"""The kinds of event that a short story tells, what matters most first."""
RANK = {kind: place for place, kinds in enumerate(MATTERS) for kind in kinds}
ENDS_BY = {
    "walks_away": ("walks away", "walk away"), "votes_no": ("votes against it", "vote against it"),
    "leaves": ("leaves it", "leave it"),
}  # fmt: skip
"""What one council does that ends talks, or an agreement, and how it is said of one or of many."""


class Year(NamedTuple):
    """A year of a story."""

    year: int
    sentences: tuple[str, ...]


class Whole(NamedTuple):
    """A run as a short story: what is shared on the first day, the years, what is at the end."""

    first: str  # empty for all councils, and where nothing is shared
    years: tuple[Year, ...]
    last: str


class _Step(NamedTuple):
    """A sentence that could be told: how much it matters (0 most), and the row it is about."""

    rank: int
    said: str
    row: Row


def whole_story(
    events: pd.DataFrame, names: Mapping[str, str], known: Known, codes: Sequence[str] = ()
) -> Whole:
    """Return a run as a few sentences a year, the end of each deal with its reason.

    Parameters: the event table of one run, the names of councils by code, what is known beside the
    events, and the codes of one or two councils that the story is to be about, none for all.
    What there is no room for is summed up in the last sentence of its year.
    """
    rows = in_telling_order(follow(records(events), known))
    if codes:
        rows = concerning(rows, codes, known)
    years = tuple(
        Year(year, tuple(_of_year(list(these), names, known)))
        for year, these in groupby(rows, key=lambda row: row["date"].year)
    )
    told = tuple(year for year in years if year.sentences)
    return Whole(_first(names, known, codes), told, _last(events, names, known, codes))


def _of_year(rows: list[Row], names: Mapping[str, str], known: Known) -> list[str]:
    """Return the sentences of a year, in order of time."""
    steps = [
        step
        for _, quarter in groupby(rows, key=lambda row: amount(row, "quarter"))
        for step in _of_quarter(list(quarter), names, known)
    ]
    room = SENTENCES if len(steps) <= SENTENCES else SENTENCES - 1
    kept = set(sorted(range(len(steps)), key=lambda k: (steps[k].rank, k))[:room])
    told, season = list[str](), -1
    for k in sorted(kept):
        said, now = steps[k].said, (steps[k].row["date"].month - 1) // MONTHS
        told.append(said if now == season else f"{SEASONS[now]}, {_within(said, names)}")
        season = now
    rest = _summed([steps[k].row for k in range(len(steps)) if k not in kept])
    return [*told, *([rest] if rest else [])]


def _within(said: str, names: Mapping[str, str]) -> str:
    """Return a sentence as it goes on after some words: with a small letter but for a name."""
    named = any(said.startswith(name) for name in names.values())
    return said if named else f"{said[:1].lower()}{said[1:]}"


def _of_quarter(rows: list[Row], names: Mapping[str, str], known: Known) -> list[_Step]:
    """Return what of a quarter could be told; what ends something stands in the telling of that."""
    ended = {deal_of(row) for row in rows if text(row, "kind") in ("talks_fail", "ends")}
    told = []
    for row in rows:
        kind, deal = text(row, "kind"), deal_of(row)
        if kind not in RANK or (kind in ENDS_BY and deal in ended):
            continue
        if kind != "starts" or deal in known.agreed:  # else it was told when it was signed
            told.append(row)
    found = []
    for group, said in told_together(told, names, known):
        first = group[0]
        if text(first, "kind") in ("talks_fail", "ends"):
            said = _ending(said, [row for row in rows if deal_of(row) == deal_of(first)], names)
        service = text(first, "scope") and text(first, "scope") not in DEEP
        found.append(_Step(RANK[text(first, "kind")] + bool(service), said, first))
    return found


def _ending(said: str, rows: Sequence[Row], names: Mapping[str, str]) -> str:
    """Return how talks or an agreement end, with who ended them and what they saved."""
    head, mark, tail = said.partition("; main reason")
    for kind, (one, many) in ENDS_BY.items():
        who = [text(row, "council") for row in rows if text(row, "kind") == kind]
        if who:
            acting = joined([names.get(code, code) for code in dict.fromkeys(who)])
            head = f"{head.removesuffix('.')}: {acting} {one if len(set(who)) == 1 else many}"
            break
    told = f"{head}{mark}{tail}"
    told = told if told.endswith(".") else f"{told}."
    for row in rows:
        reported, true = amount(row, "value"), amount(row, "more")
        if text(row, "kind") == "accounts" and reported is not None and true is not None:
            saved = f"saved {money(true)}" if true >= 0 else f"cost {money(-true)}"
            told += f" It was said to save {money(reported)} a year, and in truth {saved}."
    return told


def _summed(rows: Sequence[Row]) -> str:
    """Return in one sentence what there was no room for, each end with its reason."""
    signed = len({deal_of(row) for row in rows if text(row, "kind") == "signs"})
    ended = [row for row in rows if text(row, "kind") == "ends"]
    failed = [row for row in rows if text(row, "kind") == "talks_fail"]
    parts = [count(signed, "agreement is signed", "agreements are signed")] if signed else []
    if ended:
        parts.append(f"{count(len(ended), 'ends', 'end')} ({_reasons(ended)})")
    if failed:
        fail = count(len(failed), "round of talks fails", "rounds of talks fail")
        parts.append(f"{fail} ({_reasons(failed)})")
    return f"Beside this, {joined(parts)}." if parts else ""


def _reasons(rows: Sequence[Row]) -> str:
    """Return the reasons of what ended, the commonest first: "distance 2, a better offer"."""
    found = Counter(REASONS.get(text(row, "reason"), "no reason kept") for row in rows)
    return ", ".join(
        f"{words} {many}" if many > 1 else words for words, many in found.most_common()
    )


def _first(names: Mapping[str, str], known: Known, codes: Sequence[str]) -> str:
    """Return what councils share on the first day, empty for nothing or for all councils."""
    held = [a for a in known.standing.values() if codes and set(codes) <= set(a.members)]
    return _shares(held, names, codes, "On the first day")


def _last(
    events: pd.DataFrame, names: Mapping[str, str], known: Known, codes: Sequence[str]
) -> str:
    """Return what councils share when a run ends; of all councils how many agreements there are."""
    running = Running(known)
    running.follow(records(events))
    held = list(running.agreements.values())
    if not codes:
        deep = sum(each.scope in DEEP for each in held)
        stand = count(len(held), "agreement stands", "agreements stand")
        return f"At the end {stand}, {deep} of them deep."
    now = heirs(records(events), codes)
    if len(now) < len(codes):
        return f"At the end they are one council, {names.get(now[0], now[0])}."
    theirs = [each for each in held if set(now) <= set(each.members)]
    return _shares(theirs, names, now, "At the end") or f"At the end {_nothing(now, names)}."


def _nothing(codes: Sequence[str], names: Mapping[str, str]) -> str:
    who = joined([names.get(code, code) for code in codes])
    return f"{who} {'share nothing with each other' if len(codes) > 1 else 'shares nothing'}"


def _shares(
    held: Sequence[Agreement], names: Mapping[str, str], codes: Sequence[str], when: str
) -> str:
    """Return in which agreements councils are, each with its other members; empty for none."""
    if not held:
        return ""
    told = []
    for each in held:
        others = [names.get(code, code) for code in each.members if code not in codes]
        beside = f" with {joined(others)}" if others else ""
        told.append(f"{scope_words({'scope': each.scope})}{beside}")
    who = joined([names.get(code, code) for code in codes])
    verb = "are" if len(codes) > 1 else "is"
    many = count(len(held), "agreement", "agreements")
    return f"{when} {who} {verb} in {many}: {'; '.join(told)}."
