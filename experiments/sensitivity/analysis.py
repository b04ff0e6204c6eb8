"""How much of a study's outcomes is luck, and which of its factors can be told apart from it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ...sim.errors import InputError
from ..estimates import Estimate, Growth, LuckShare
from ..split import by_world, luck_alone
from ..stored.already import answering
from ..stored.assembly import assembled
from ..stored.belonging import INDICES, RUNS, check_replaceable
from ..stored.folder import describe_files
from ..stored.former import SENSITIVITY
from ..stored.provenance import provenance
from ..stored.reading import check_intact, holds_result, read_record
from ..stored.record import Record, write_record
from ..studies.design import MOST_POINTS, MOST_RUNS, how_many, unit_sample
from ..studies.finished import check_finished, check_no_share
from ..studies.idle import how_alike, idle_of
from ..studies.plan import MORRIS_LEVELS, Factor, Plan
from ..studies.store import Study
from ..studies.trajectories import how_many_walks
from ..summary import DECLARED
from ..words import number
from . import indices as sobol, screening as morris
from .enough import Enough, Limits, either
from .indices import Saltelli, luck_share, sizes
from .missing import kept_of

FORMAT = "council-partnering sensitivity 2"
MORRIS_FORMAT = "council-partnering sensitivity 3"
"""By which method it is made; the number changes when the method does."""
DIFFERENCE = "difference_"
"""Begins the columns that hold policy minus scenario, on the same luck."""
SAMPLED = ("latin", "sobol", "saltelli", "morris")
"""Designs whose points are a sample of more; those of others are all that is asked about."""
ENOUGH = 0.5
"""An outcome that lacks a value in a larger share of points is not analysed."""


class Outcome(NamedTuple):
    """An outcome of a study, by point and replicate; what lacks a value is left out."""

    name: str  # of the measure
    column: str
    title: str
    unit: str
    difference: bool  # whether it is policy minus scenario
    values: np.ndarray  # (points, replicates), of what is left; see `kept_of`
    kept: np.ndarray  # (points of the study,) which of them are left
    dropped: int  # how many clusters of points are left out
    replicates: np.ndarray  # which are left out at every point, since a run of theirs has no value
    missing: int  # how many runs have no value
    luck_alone: float | None = None  # over worlds: luck's part of the variance of single runs
    lucks: int = 1  # how many runs are one value


class Finding(NamedTuple):
    """What one factor does to one outcome."""

    factor: str
    role: str
    words: bool  # whether it takes listed values, which are no scale
    indices: dict[str, Estimate]
    told: bool
    rank: int | None
    still: bool = False  # whether it moved not one bit


class Analysis(NamedTuple):
    """What a study says of one outcome."""

    outcome: Outcome
    luck: LuckShare | None
    method: str  # saltelli, morris, or neither
    findings: list[Finding]
    dummy: dict[str, Estimate]
    refused: str  # why nothing is ranked
    steps: list[Growth]  # of the growing study
    grows: str = "points in the study"  # what is larger from step to step
    alike: str = ""  # how alike all points are: to the bit, but for rounding, or not
    enough: Enough | None = None  # what it would take to tell anything from luck

    @property
    def measured(self) -> str:
        """What the main index is called."""
        return {"saltelli": "total", "morris": "mu_star"}.get(self.method, "share")


def analyse(study: Study) -> list[Analysis]:
    """Return what a finished study says of each of its outcomes, and of differences.

    Raises:
        InputError: the study is not finished, or a share.
    """
    check_no_share(study)
    plan = study.plan
    return [_in_replicates(_analysis(plan, outcome), study) for outcome in outcomes_of(study)]


def _in_replicates(found: Analysis, study: Study) -> Analysis:
    """Return what was found with what would be enough told in replicates, not in worlds."""
    if study.lucks == 1 or found.enough is None or found.enough.replicates is None:
        return found
    replicates = found.enough.replicates * study.lucks
    if replicates > study.over_worlds["worlds"]["most"]:
        return found._replace(enough=either(found.enough.points, None, found.enough.at_least))
    return found._replace(enough=found.enough._replace(replicates=replicates))


def outcomes_of(study: Study) -> list[Outcome]:
    """Return the outcomes that the plan names, then their differences where it asks for them.

    Over an ensemble a world stands for a replicate: the mean of those that live it.
    """
    check_finished(study)
    return [
        _outcome(
            study.plan, name, column, by_world(runs.T, study.lucks, whole_only=True).T
        )._replace(
            luck_alone=luck_alone(runs, study.lucks),
            missing=int((~np.isfinite(runs)).sum()),
            lucks=study.lucks,
        )
        for name, column, runs in _stored_outcomes(study)
    ]


def _stored_outcomes(study: Study) -> list[tuple[str, str, np.ndarray]]:
    """Return the measure, the column and the values of each outcome, (points, replicates)."""
    from ..stored.tables import read_table

    plan, points = study.plan, study.points["point"]
    names = [(name, name) for name in plan.outcomes]
    if plan.difference is not None:
        names += [(name, DIFFERENCE + name) for name in plan.outcomes]
    runs = read_table(study.folder / RUNS, ["point", "replicate", *(c for _, c in names)])
    wide = (runs.pivot(index="point", columns="replicate", values=column) for _, column in names)
    return [
        (name, column, each.reindex(points).to_numpy(dtype=float))
        for (name, column), each in zip(names, wide, strict=True)
    ]


def _outcome(plan: Plan, name: str, column: str, values: np.ndarray) -> Outcome:
    """Return an outcome, with no more left out than runs without a value make necessary."""
    clusters, measure = clusters_of(plan, len(values)), DECLARED[name]
    kept = kept_of(values, clusters, sampled=plan.design.kind in SAMPLED)
    return Outcome(
        name, column, measure.title, measure.unit, column != name,
        values[kept.points][:, kept.replicates], kept.points,
        len(np.unique(clusters[~kept.points])), np.flatnonzero(~kept.replicates),
        int((~np.isfinite(values)).sum()),
    )  # fmt: skip


def clusters_of(plan: Plan, points: int) -> np.ndarray:
    """Return for each point which points were drawn with it: its base sample or trajectory."""
    return np.arange(points) // _together(plan)


def _together(plan: Plan) -> int:
    """Return how many points are drawn together."""
    factors, design = len(plan.factors), plan.design
    if design.kind == "morris":
        return factors + 1
    if design.kind == "saltelli":
        return 2 * factors + 2 if design.second_order else factors + 2
    return 1


def _analysis(plan: Plan, outcome: Outcome) -> Analysis:
    kept = outcome.kept
    if kept.mean() < ENOUGH or kept.sum() < 2 or not outcome.values.size:
        why = (
            f"{outcome.missing:,} runs have no value, because they failed or because there was "
            "nothing to measure: too few are left"
        )
        return Analysis(outcome, None, "", [], {}, why, [])
    if np.ptp(outcome.values) == 0:
        why = f"it is {number(float(outcome.values.flat[0]))} in every run"
        return Analysis(outcome, None, "", [], {}, why, [])
    design = plan.design.kind
    sampled = design in SAMPLED
    alike = how_alike(outcome.values)
    if alike:
        clusters = clusters_of(plan, len(kept))[kept]
        luck = luck_share(outcome.values, clusters, sampled=sampled)
        return Analysis(outcome, luck, "", [], {}, "", [], alike=alike)
    if design == "saltelli":
        return _by_saltelli(plan, outcome)
    if design == "morris":
        return _by_morris(plan, outcome)
    clusters = np.arange(len(outcome.values))
    luck = luck_share(outcome.values, clusters, sampled=sampled)
    steps = _growing(outcome.values, sampled=sampled)
    grows = "points in the study" if sampled else "replicates at each point"
    return Analysis(outcome, luck, "", [], {}, "", steps, grows)


def _growing(values: np.ndarray, *, sampled: bool) -> list[Growth]:
    """Return the share of luck for ever more points, or of replicates where points are given."""
    found = []
    for size in sizes(len(values) if sampled else values.shape[1]):
        part = values[:size] if sampled else values[:, :size]
        luck = luck_share(part, np.arange(len(part)), sampled=sampled)
        if luck is not None:
            found.append(Growth(size, [luck.share]))
    return found


def _by_saltelli(plan: Plan, outcome: Outcome) -> Analysis:
    varied, size = plan.varied, _together(plan)
    blocks = outcome.values.reshape(-1, size, outcome.values.shape[1])
    sample = Saltelli(blocks[:, 0], blocks[:, -1], blocks[:, [k + 1 for k in varied]])
    bases = np.tile(np.arange(len(blocks)), 2)
    luck = luck_share(np.concatenate([sample.a, sample.b]), bases, sampled=True)
    found = sobol.indices(sample, limits_of(plan))
    findings = [
        _finding(plan.factors[place], {"first": found.first[k], "total": found.total[k]}, found, k)
        for k, place in enumerate(varied)
    ]
    dummy = {"first": found.dummy_first, "total": found.dummy_total}
    steps = _of_points(sobol.convergence(sample), len(varied) + 2, size)
    return Analysis(
        outcome, luck, "saltelli", findings, dummy, found.refused, steps, enough=found.enough
    )


def _of_points(steps: list[Growth], had: int, size: int) -> list[Growth]:
    """Return steps by all points of a design, of which an estimate may use some only."""
    return [step._replace(points=step.points // had * size) for step in steps]


def _by_morris(plan: Plan, outcome: Outcome) -> Analysis:
    size, replicates = _together(plan), outcome.values.shape[1]
    whole = outcome.kept.reshape(-1, size)[:, 0]  # trajectories without a missing value
    varied = plan.varied
    moved, length = moves_of(plan)
    steps = morris.steps_of(
        outcome.values.reshape(-1, size, replicates), moved[whole], length[whole]
    )
    steps = steps._replace(effects=steps.effects[:, varied])
    luck = luck_share(outcome.values, np.arange(len(outcome.values)) // size, sampled=True)
    found = morris.screen(steps, limits_of(plan))
    findings = [
        _finding(plan.factors[place], {
            "mu": found.mu[k], "mu_star": found.mu_star[k], "sigma": found.sigma[k],
        }, found, k)
        for k, place in enumerate(varied)
    ]  # fmt: skip
    dummy = {"mu_star": found.dummy, "sigma": found.dummy_sigma}
    grown = _of_points(morris.convergence(steps), len(varied) + 1, size)
    return Analysis(
        outcome, luck, "morris", findings, dummy, found.refused, grown, enough=found.enough
    )


def moves_of(plan: Plan) -> tuple[np.ndarray, np.ndarray]:
    """Return which factor each step of a trajectory moves, and how far as a share of its range.

    Both are (trajectories, factors). Of a number with a distribution it is the share of its chances
    that lies between. A factor of listed values is no scale: its steps have length
    1 and no direction.
    """
    size, factors = _together(plan), len(plan.factors)
    change = np.diff(unit_sample(plan).reshape(-1, size, factors), axis=1)
    moved = np.argmax(change != 0, axis=2)
    length = np.take_along_axis(change, moved[:, :, None], axis=2)[:, :, 0]
    scales = np.array([not factor.categorical for factor in plan.factors])[moved]
    return moved, np.where(scales, length, 1.0)


def _finding(
    factor: Factor,
    found: dict[str, Estimate],
    answer: sobol.Indices | morris.Screening,
    place: int,
) -> Finding:
    told, rank, still = answer.told[place], answer.ranks[place], answer.still[place]
    return Finding(factor.name, factor.role, factor.categorical, found, told, rank, still)


def format_of(plan: Plan) -> str:
    """Return by which method a plan's design is analysed."""
    return MORRIS_FORMAT if plan.design.kind == "morris" else FORMAT


def limits_of(plan: Plan) -> Limits:
    """Return how many base samples or trajectories, and how many replicates, a plan could have."""
    points = min(MOST_POINTS, MOST_RUNS // plan.replicates) // _together(plan)
    if plan.distinct:
        points = min(points, how_many_walks(plan.factors, plan.design.levels or MORRIS_LEVELS))
    return Limits(points, MOST_RUNS // (how_many(plan) or 1))


def document(study: Study, analyses: Sequence[Analysis]) -> dict[str, Any]:
    """Return everything that was found, ready for JSON."""
    idle = idle_of(study)
    return {
        "format": format_of(study.plan),
        "of": study.bits,
        "design": study.plan.design.kind,
        "points": len(study.points),
        "replicates": study.plan.replicates,
        "intervals": "95%, by bootstrap over points and replicates",
        "outcomes": [_document(analysis) for analysis in analyses],
        "idle": [*idle.everywhere, *idle.here],
        "idle_everywhere": idle.everywhere,
        **study.over_worlds,
        "fixed": [factor.name for factor in study.plan.factors if factor.fixed],
        "copied": study.copied,
    }


def _document(analysis: Analysis) -> dict[str, Any]:
    outcome, luck = analysis.outcome, analysis.luck
    return {
        "name": outcome.name,
        "column": outcome.column,
        "title": outcome.title,
        "unit": outcome.unit,
        "difference": outcome.difference,
        "dropped": outcome.dropped,
        "left_out": left_out(outcome),
        **({} if outcome.luck_alone is None else {"luck_alone": outcome.luck_alone}),
        "luck": None if luck is None else {
            name: estimate.document() for name, estimate in luck._asdict().items()
        },
        "method": analysis.method,
        "refused": analysis.refused,
        "factors": [_factor_document(finding) for finding in analysis.findings],
        "dummy": {name: estimate.document() for name, estimate in analysis.dummy.items()},
        "convergence": [
            {"points": step.points, "estimates": [each.document() for each in step.estimates]}
            for step in analysis.steps
        ],
        "alike": analysis.alike,
        "still": [finding.factor for finding in analysis.findings if finding.still],
        "enough": None if analysis.enough is None else analysis.enough.document(),
    }  # fmt: skip


def left_out(outcome: Outcome) -> dict[str, Any]:
    """Return how many runs have no value, and how many had to be left out with them."""
    points, replicates = outcome.values.shape
    whole = len(outcome.kept) * (replicates + len(outcome.replicates))
    return {
        "without_value": outcome.missing,
        "runs": (whole - points * replicates) * outcome.lucks,
        "replicates": outcome.replicates.tolist(),
        "points": int((~outcome.kept).sum()),
    }


def _factor_document(finding: Finding) -> dict[str, Any]:
    return {
        "factor": finding.factor,
        "role": finding.role,
        "listed_values": finding.words,
        **{name: estimate.document() for name, estimate in finding.indices.items()},
        "told_apart_from_noise": finding.told,
        "rank": finding.rank,
    }


def asked(study: Study) -> dict[str, Any]:
    """Return everything that decides what an analysis of a study finds and draws."""
    plan = study.plan
    return {
        "format": format_of(plan),
        "of": study.bits,
        "study": study.id,
        "outcomes": list(plan.outcomes),
        "title": plan.title or plan.name,
    }


def place_of(study: Study) -> Path:
    """Return where the analysis of a study is kept: a folder inside its own."""
    return study.folder / SENSITIVITY


def found_before(study: Study) -> Record | None:
    """Return the record of an analysis of these very runs by these methods; None without one.

    One of an earlier version, which says nothing of points that are alike, is made anew.
    """
    found = answering(place_of(study), "sensitivity", asked(study))
    return None if found is None or says_too_little(found.answer) else found


def says_too_little(answer: Mapping[str, Any]) -> bool:
    """Return whether what was found is of a version that took rounding for luck or for effects."""
    return any("alike" not in each for each in answer["outcomes"])


def store(
    study: Study, analyses: Sequence[Analysis], draw: Callable[[Path], None] | None = None
) -> Record:
    """Keep what was found in a folder inside the study's, with a table and the figures of `draw`.

    Raises:
        InputError: a file of somebody else stands there, or the disk is full; then nothing is left
            but what was there before.
    """
    started, clock = datetime.now(UTC), time.perf_counter()
    with assembled(place_of(study), replace="sensitivity") as folder:
        write_indices(folder / INDICES, analyses)
        if draw is not None:
            draw(folder)
        made = provenance() | {
            "workers": 1,
            "started": started.isoformat(timespec="seconds"),
            "seconds": round(time.perf_counter() - clock, 3),
        }
        return write_record(folder, Record(
            "sensitivity", asked(study), made, {"plan": study.record.question["plan"]},
            document(study, analyses), describe_files(folder),
        ))  # fmt: skip


def check_place(folder: Path) -> None:
    """Refuse a study's folder that holds files of somebody else where the answer would be stored.

    Raises:
        InputError: naming the file.
    """
    check_replaceable((folder / SENSITIVITY).resolve(), "sensitivity")


def write_indices(path: Path, analyses: Sequence[Analysis]) -> None:
    """Write a row for each outcome, factor and index."""
    import pandas as pd

    rows = [
        {"outcome": analysis.outcome.column, "factor": name, "index": index,
         **estimate.document(), "told_apart_from_noise": told, "rank": rank}
        for analysis in analyses
        for name, found, told, rank in [
            ("(luck)", analysis.luck._asdict() if analysis.luck else {}, None, None),
            *((f.factor, f.indices, f.told, f.rank) for f in analysis.findings),
            ("(dummy)", analysis.dummy, None, None),
        ]
        for index, estimate in found.items()
    ]  # fmt: skip
    types = {"told_apart_from_noise": "boolean", "rank": "Int64"}
    columns = ("outcome", "factor", "index", *Estimate(0.0, 0.0, 0.0).document(), *types)
    pd.DataFrame(rows, columns=columns).astype(types).to_parquet(path, index=False)


def stored_sensitivity(study: Study) -> dict[str, Any] | None:
    """Return what an analysis of these very runs stored; None where there is none.

    Raises:
        InputError: the study has grown since it was analysed, or a file has changed.
    """
    place = place_of(study)
    if not holds_result(place):
        return None
    record = check_intact(place, read_record(place, "sensitivity"))
    if record.asked["format"] != format_of(study.plan):
        return None
    if record.asked["of"] != study.bits:
        raise InputError(
            f"'{study.folder}' has other runs than when its sensitivity was found: run "
            "councils sensitivity on its plan again"
        )
    return record.answer
