"""Who met whom: in how many runs each two councils talked, signed, or talked and never signed."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...sim.declared.catalogue import SCOPES
from ...sim.tables.columns import Columns, Words

FOUND = ("partnered", "talked", "failed")
MEETING = ("talks_begin", "invited", "signs")
"""The kinds of event that name the members of talks or of an agreement."""

Counts = dict[tuple[str, str, str], tuple[int, int, int]]
"""For two codes in order and a scope: in how many runs they met, one number for each of FOUND."""


def count_pairs(events: dict[str, Any]) -> Counts:
    """Return in how many runs each pair met.

    Partners are fellow members at signature. `failed` counts the runs in which the two talked
    about the scope and never signed it together.
    """
    some = np.flatnonzero(np.logical_or.reduce([events["kind"].are(kind) for kind in MEETING]))
    if not len(some):
        return {}
    replicate, agreement = events["replicate"][some], events["agreement"][some]
    deals = np.ravel_multi_index((replicate, agreement), (_size(replicate), _size(agreement)))
    _, first, deal = np.unique(deals, return_index=True, return_inverse=True)
    codes = sorted({*events["council"].known, *events["other"].known})
    sides = np.array([_ranks(events[side], codes)[some] for side in ("council", "other")])
    met, signed, one, other = _couples(deal, events["kind"].are("signs")[some], sides)
    scope = events["scope"].places[some][first][met]
    sizes = (len(codes), len(codes), len(SCOPES))
    pairs, which = np.unique(np.ravel_multi_index((one, other, scope), sizes), return_inverse=True)
    found = _fates(which, replicate[first][met], signed)
    places = np.transpose(np.unravel_index(pairs, sizes)).tolist()
    names = [(codes[a], codes[b], SCOPES[k]) for a, b, k in places]
    return dict(zip(names, zip(*found, strict=True), strict=True))


def _size(numbers: np.ndarray) -> int:
    return int(numbers.max()) + 1


def _ranks(words: Words, codes: list[str]) -> np.ndarray:
    """Return for each row the place of its word in `codes`, -1 where there is no word."""
    place = {code: k for k, code in enumerate(codes)}
    found: np.ndarray = np.array([*(place[word] for word in words.known), -1])[words.places]
    return found


def _couples(deal: np.ndarray, signed: np.ndarray, sides: np.ndarray) -> tuple[np.ndarray, ...]:
    """Return a row for every two who talked in a deal, or signed it: deal, signed, one, other."""
    there = sides >= 0
    sizes = (_size(deal), 2, _size(sides))
    parts = (np.broadcast_to(each, sides.shape)[there] for each in (deal, signed, sides))
    members = np.unique(np.ravel_multi_index(tuple(map(np.int64, parts)), sizes))
    group = members // sizes[2]  # who talked in one deal, or signed it, stand side by side
    ones, apart = [np.zeros(0, dtype=np.int64)], 1
    others = [*ones]
    while len(same := np.flatnonzero(group[apart:] == group[:-apart])):
        ones.append(same)
        others.append(same + apart)
        apart += 1
    one, other = members[np.concatenate(ones)], members[np.concatenate(others)]
    deal, signed, _ = np.unravel_index(one, sizes)
    return deal, signed, one % sizes[2], other % sizes[2]


def _fates(which: np.ndarray, replicate: np.ndarray, signed: np.ndarray) -> list[list[int]]:
    """Return for each pair in how many runs it was FOUND; `which` pair met, and in which run."""
    runs, pairs = replicate.max(initial=0) + 1, which.max(initial=-1) + 1
    key = which * runs + replicate
    partnered, talked = np.unique(key[signed == 1]), np.unique(key[signed == 0])
    failed = np.setdiff1d(talked, partnered, assume_unique=True)
    found = (partnered, talked, failed)
    return [np.bincount(each // runs, minlength=pairs).tolist() for each in found]


def add_counts(counts: Counts, more: Counts) -> None:
    """Add to counts those of further runs: whole numbers, exact in any order."""
    for pair, (partnered, talked, failed) in more.items():
        known = counts.get(pair, (0, 0, 0))
        counts[pair] = known[0] + partnered, known[1] + talked, known[2] + failed


def as_shares(counts: Counts, runs: int) -> Columns:
    """Return counts as shares of the runs, a row a pair, in order."""
    rows, pairs = np.arange(len(counts)), sorted(counts)
    columns: Columns = {
        name: Words(rows, [pair[k] for pair in pairs])
        for k, name in enumerate(("code_a", "code_b", "scope"))
    }
    found = np.array([counts[pair] for pair in pairs], dtype=float).reshape(-1, len(FOUND)) / runs
    return columns | {name: found[:, k] for k, name in enumerate(FOUND)}
