"""The wide look: how often the theory meets each pattern over its ranges, with its changes or not.

Both are lived at the same points with the same luck; without its changes the theory is the one as
it is with the numbers of `theory.py` at their neutral values. Some numbers are thought to lie
elsewhere since: the theory as it was is the one without changes over the ranges of that time.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ...sim.declared.parameters import Declaration
from ...sim.declared.scenario import load
from ...sim.identity import code_fingerprint
from ...sim.ready.kept import prepared
from ...sim.ready.varied import vary
from ..executors.ordered import Hands
from .look import SCENARIO, SEED, Ranges, drawn, lived, points_at, uncertain
from .moving import movers
from .near import met_patterns, rows_of
from .targets import counted_patterns, targets
from .theory import ALTERATIONS, BEFORE, FORMER_RANGES
from .walk import Walked, walk

KEPT = Path(__file__).parent / "wide.json"
REPLICATES = range(4)
LEFT_OUT = 0.4
"""The share of the points at which each change is left out in turn."""
SAMPLES = {"all": 1, "moving": 2}
"""The seed of the points over all uncertain numbers, and over those that move something."""
FEW = 6
"""How many numbers are named that move a target most."""
NOTHING = "nothing"
"""The key of what is left out where nothing is."""
TOGETHER = ("K1", "K2")
"""The two patterns that are hard to meet together."""
SIGNED_TOO_MANY = "K1_2013"
"""The number of managements that those who met K2 would have signed by then."""
LOOKS = ("now", "before", "former", "without")
SHOCKED, SHOCK, SHOCK_RUNS = date(2013, 4, 1), -0.1, range(60)


class Looked(NamedTuple):
    """What a look found: shares of points, and counts of patterns that are met together."""

    patterns: dict[str, float]  # share of points that meet each
    targets: dict[str, float]
    mean: float  # patterns met together, over the points
    best: int
    both: int  # points that meet K1 and K2


class Wide(NamedTuple):
    """Everything that is told of the wide look."""

    code: str
    points: int
    replicates: int
    numbers: dict[str, int]  # how many numbers vary in each sample
    now: dict[str, Looked]  # by sample
    before: dict[str, Looked]
    former: dict[str, Looked]  # without the changes, over the ranges of that time
    without: dict[str, Looked]  # over all numbers, with one alteration left out
    conflicts: list[list[Any]]  # pattern, pattern, share met together, share if independent
    moving: dict[str, list[list[Any]]]  # by target: number, rank correlation
    crowded: dict[
        str, float
    ]  # points that meet K2, share of them with too many managements, of all
    walked: list[dict[str, Any]]  # the best points: met, met again with other luck, where it lies
    together: list[dict[str, Any]]  # the same of a walk towards K1 and K2 alone
    together_before: list[dict[str, Any]]  # and of such a walk without the changes
    shock: list[float]  # agreements, deep talks, managements more, each with its standard error


def look_widely(count: int, hands: Hands) -> Wide:
    """Return the wide look over so many points of each sample."""
    everything = uncertain()
    factors = {"all": everything, "moving": movers(everything, hands)}
    cubes = {name: drawn(factors[name], count, seed) for name, seed in SAMPLES.items()}
    now = {name: _live(factors[name], cubes[name], {}, hands) for name in SAMPLES}
    before = {name: _live(factors[name], cubes[name], BEFORE, hands) for name in SAMPLES}
    former = {
        name: _live(factors[name], cubes[name], BEFORE, hands, FORMER_RANGES) for name in SAMPLES
    }
    fewer = cubes["all"][: max(int(LEFT_OUT * count), 1)]
    without = {NOTHING: now["all"].iloc[: len(fewer)]} | {
        each.name: _live(everything, fewer, each.neutral, hands) for each in ALTERATIONS
    }
    return Wide(
        code=code_fingerprint(),
        points=count,
        replicates=len(REPLICATES),
        numbers={name: len(each) for name, each in factors.items()},
        now=_looks(now),
        before=_looks(before),
        former=_looks(former),
        without=_looks(without),
        conflicts=conflicts(now["moving"]),
        moving=correlations(everything, cubes["all"], now["all"]),
        crowded=crowded(now["moving"]),
        walked=told_walk(walk(factors["moving"], hands)),
        together=told_walk(walk(factors["moving"], hands, TOGETHER)),
        together_before=told_walk(walk(factors["moving"], hands, TOGETHER, BEFORE)),
        shock=second_shock(),
    )


def _looks(tables: Mapping[str, pd.DataFrame]) -> dict[str, Looked]:
    return {name: looked(table) for name, table in tables.items()}


def _live(
    factors: Sequence[Declaration],
    cube: np.ndarray,
    fixed: Mapping[str, float],
    hands: Hands,
    others: Ranges | None = None,
) -> pd.DataFrame:
    points = [point | dict(fixed) for point in points_at(factors, cube, others)]
    return lived(points, REPLICATES, hands)


def looked(table: pd.DataFrame) -> Looked:
    """Return what a table of statistics, a row a point, says of the patterns."""
    met = pd.DataFrame([met_patterns(row) for row in rows_of(table)])
    together = met.sum(axis=1)
    near = {t.name: float(np.mean([t.met(v) for v in table[t.name]])) for t in targets()}
    return Looked(
        {str(name): round(float(share), 4) for name, share in met.mean().items()},
        {name: round(share, 4) for name, share in near.items()},
        round(float(together.mean()), 3),
        int(together.max()),
        int((met["K1"] & met["K2"]).sum()),
    )


def conflicts(table: pd.DataFrame) -> list[list[Any]]:
    """Return the pairs of patterns that are met together more seldom than by chance."""
    met = pd.DataFrame([met_patterns(row) for row in rows_of(table)])
    found = []
    for one, other in combinations(counted_patterns(), 2):
        together = float((met[one] & met[other]).mean())
        apart = float(met[one].mean() * met[other].mean())
        error = float(np.sqrt(apart * (1.0 - apart) / len(met)))
        if together < apart - 2.0 * error:
            found.append([one, other, round(together, 4), round(apart, 4)])
    return sorted(found, key=lambda each: each[2] - each[3])


def crowded(table: pd.DataFrame) -> dict[str, float]:
    """Return how many points meet K2, and of them and of all the share with too many managements.

    That is more than count as near England at the end of 2013, when talks of 2011 had ended.
    """
    k2, k1 = (next(t for t in targets() if t.name == name) for name in ("K2", SIGNED_TOO_MANY))
    talking = np.array([k2.met(value) for value in table[k2.name]])
    many = table[k1.name].to_numpy() > k1.high
    of_them = float(many[talking].mean()) if talking.any() else float("nan")
    return {
        "points": int(talking.sum()),
        "share": round(of_them, 3),
        "all": round(float(many.mean()), 3),
    }


def correlations(
    factors: Sequence[Declaration], cube: np.ndarray, table: pd.DataFrame
) -> dict[str, list[list[Any]]]:
    """Return the numbers that move each target most: rank correlations over the points."""
    unit = pd.DataFrame(cube, columns=[each.name for each in factors]).rank()
    found = {}
    for target in targets():
        with np.errstate(invalid="ignore"):
            each = unit.corrwith(table[target.name].rank()).dropna()
        most = each.abs().sort_values(ascending=False, kind="stable").index[:FEW]
        found[target.name] = [[name, round(float(each[name]), 2)] for name in most]
    return found


def told_walk(walked: Walked) -> list[dict[str, Any]]:
    """Return of each point of the walk which patterns it meets, then and with other luck."""
    again = [met_patterns(row) for row in rows_of(walked.again)]
    return [
        {
            "met": count,
            "again": sum(met.values()),
            "missed": [name for name, yes in met.items() if not yes],
            "statistics": {name: round(float(value), 3) for name, value in row.items()},
            "numbers": {name: round(value, 5) for name, value in point.items()},
        }
        for point, count, met, row in zip(
            walked.points, walked.counts, again, rows_of(walked.again), strict=True
        )
    ]


def second_shock() -> list[float]:
    """Return what a second shock in 2013 adds on the same luck: agreements, talks, managements.

    Three means with their standard errors, over the runs of `SHOCK_RUNS`, at declared defaults.
    """
    from ..ends import finals_of

    ready = prepared(load(SCENARIO))
    shocked = vary(ready, {"settlement.shock": SHOCK}, since=SHOCKED)
    base, other = (finals_of(each, SEED, SHOCK_RUNS) for each in (ready, shocked))
    found: list[float] = []
    for name in ("formed", "deep_begun", "managements_signed"):
        apart = other[name] - base[name]
        found += [
            round(float(apart.mean()), 2),
            round(float(apart.std(ddof=1) / np.sqrt(len(apart))), 2),
        ]
    return found


def text_of(wide: Wide) -> str:
    """Return a wide look as it is kept: one JSON value, the same for the same runs."""
    document = wide._asdict()
    for name in LOOKS:
        document[name] = {key: each._asdict() for key, each in document[name].items()}
    return json.dumps(document, indent=1) + "\n"


def stored_wide() -> Wide:
    """Return the wide look as it was kept last."""
    document = json.loads(KEPT.read_text(encoding="utf-8"))
    for name in LOOKS:
        document[name] = {key: Looked(**each) for key, each in document[name].items()}
    return Wide(**document)
