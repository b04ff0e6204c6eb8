"""Factors that are not independent: rank correlations between numbers that have a range.

A Gaussian copula: the places of points in the unit cube become normal scores, which are mixed so
that they are correlated, and places again. The distribution of each factor stays what it was. It is
reckoned in plain sums, so that a point has the same bits whatever the number of points and the kind
of processor; the matrix products of numpy do not promise that.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from ...sim.errors import InputError, nearest
from .plan import Design, Factor
from .wildcards import is_wildcard

NEAREST_END = 2.0**-53
"""So near to 0 and 1 places are taken, where normal scores would be infinite."""
SINGULAR = 1e-12
"""A share of a score's variance that is left beside the others': below, it is rounding."""
SUPPOSE = {
    "saltelli": "the indices of a saltelli design suppose factors that are independent",
    "morris": "the steps of a morris design change one factor alone, as if all were independent",
    "grid": "a grid design has every combination of its levels, so they are independent",
    "table": "a table design has the points that it lists, so nothing is drawn",
}
"""Why factors of a design cannot be correlated, where they cannot."""


class Pair(NamedTuple):
    """Two factors and the rank correlation between them (Spearman)."""

    factor: str
    other: str
    correlation: float


def check_pairs(table: Mapping[str, Any], where: str) -> None:
    """Refuse a table of correlations that is not written as one.

    Raises:
        InputError: naming the quotes that a dotted name needs, or what is no number.
    """
    for name, others in table.items():
        if not isinstance(others, dict):
            raise InputError(
                f"{where}, {name}: name the other factor and the rank correlation with it: "
                '{ "weighing.trust" = 0.5 }'
            )
        for other, value in others.items():
            if isinstance(value, dict):
                parts = (other, *value) if "." in name else (name, other)
                raise InputError(f'{where}: write the name in quotes: "{".".join(parts[:2])}"')
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise InputError(f"{where}, {name}: {other} is {value!r}, which is no number")


def with_correlations(
    factors: Sequence[Factor], asked: Mapping[str, Mapping[str, float]], where: str
) -> list[Factor]:
    """Return factors that know the rank correlations which a plan asks for.

    Raises:
        InputError: a pair cannot be correlated so, or not all of them together.
    """
    places = {factor.name: k for k, factor in enumerate(factors)}
    found: dict[frozenset[str], float] = {}
    for name, others in asked.items():
        for other, correlation in others.items():
            pair = frozenset((name, other))
            _check_pair(name, other, correlation, factors, where)
            if pair in found:
                raise InputError(f"{where}: {name} with {other} is there twice; say it once")
            found[pair] = correlation
    own: dict[str, dict[str, float]] = {name: {} for name in places}
    for pair, correlation in found.items():
        first, second = sorted(pair, key=places.__getitem__)
        if correlation != 0:
            own[second][first] = float(correlation)
    result = [
        factor.model_copy(update={
            "correlations": dict(sorted(own[factor.name].items(), key=lambda p: places[p[0]])),
        })
        for factor in factors
    ]  # fmt: skip
    if _root(result) is None:
        raise InputError(
            f"{where}: no numbers can have all these rank correlations together (their matrix is "
            "not positive definite): bring some of them nearer to 0"
        )
    return result


def _check_pair(
    name: str, other: str, correlation: float, factors: Sequence[Factor], where: str
) -> None:
    known = {factor.name: factor for factor in factors}
    for each in (name, other):
        if is_wildcard(each):
            raise InputError(f"{where}: '{each}' stands for many numbers; name each by itself")
        if each not in known:
            raise InputError(
                f"{where}: '{each}' is not varied by this plan: name it under [uncertainties] or "
                f"[levers], or one that is; {nearest(each, known)}"
            )
        if known[each].categorical:
            raise InputError(
                f"{where}: {each} has listed values, which are no scale: only numbers with low and "
                "high are correlated"
            )
    if name == other:
        raise InputError(f"{where}: {name} with itself: name two that differ")
    if not -1 < correlation < 1:
        raise InputError(
            f"{where}: {name} with {other} is {correlation:g}: a rank correlation must lie "
            "between -1 and 1, and be neither"
        )


def check_independent(design: Design, factors: Sequence[Factor], where: str) -> None:
    """Refuse correlations in a design that cannot have them.

    Raises:
        InputError: with the reason, and what to do.
    """
    if design.kind in SUPPOSE and pairs_of(factors):
        raise InputError(
            f'{where}: {SUPPOSE[design.kind]}: give kind = "latin" or "sobol", or leave '
            "[correlations] out"
        )


def pairs_of(factors: Sequence[Factor]) -> list[Pair]:
    """Return the pairs of factors that are correlated, in the order of the factors."""
    return [
        Pair(other, factor.name, correlation)
        for factor in factors
        for other, correlation in factor.correlations.items()
    ]


def correlated(unit: np.ndarray, factors: Sequence[Factor]) -> np.ndarray:
    """Return points of the unit cube, (points, factors), correlated as their factors say.

    The first of those that belong together keeps its places, and so does a factor of which nothing
    is said.
    """
    places, root = _involved(factors), _root(factors)
    if root is None:
        raise ValueError("the matrix of the correlations is not positive definite")
    if not places:
        return unit
    from scipy.special import ndtr, ndtri

    scores = ndtri(np.clip(unit[:, places], NEAREST_END, 1 - NEAREST_END))
    found = unit.copy()
    for k, place in enumerate(places):
        if any(root[k][:k]):
            mixed = sum(root[k][j] * scores[:, j] for j in range(k + 1))
            found[:, place] = ndtr(mixed)
    return found


def _involved(factors: Sequence[Factor]) -> list[int]:
    """Return the places of the factors that are correlated with any other."""
    names = {name for pair in pairs_of(factors) for name in pair[:2]}
    return [k for k, factor in enumerate(factors) if factor.name in names]


def _root(factors: Sequence[Factor]) -> list[list[float]] | None:
    """Return the rows of the Cholesky factor of the scores' correlations; None without one.

    A rank correlation r of two normal numbers is a plain one of 2 sin(pi r / 6).
    """
    rows: list[list[float]] = []
    names = [factors[place].name for place in _involved(factors)]
    for factor in (factors[place] for place in _involved(factors)):
        row: list[float] = []
        for name, above in zip(names, rows, strict=False):
            plain = 2 * math.sin(math.pi * factor.correlations.get(name, 0.0) / 6)
            row.append((plain - _product(row, above)) / above[-1])
        rest = 1 - _product(row, row)
        if rest < SINGULAR:
            return None
        rows.append([*row, math.sqrt(rest)])
    return rows


def _product(row: Sequence[float], other: Sequence[float]) -> float:
    return math.fsum(a * b for a, b in zip(row, other, strict=False))
