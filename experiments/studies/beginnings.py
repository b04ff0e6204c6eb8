"""How a study begins, goes on and grows: what is asked against what its folder holds.

Whatever would mix runs that do not belong together is refused by name.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from experiments.executors.jobs import DECISIVE, Ground, Job, Span, blank, columns_of, ready_at
from experiments.provenance import provenance
from experiments.runs.folder import hash_of
from experiments.studies.design import Point, as_columns, as_points
from experiments.studies.plan import AS_IT_IS, FUNDING, POLICY, Plan, file_of
from experiments.studies.policies import base_scenario, under_policy
from experiments.studies.store import (
    FORMAT,
    STUDY,
    Study,
    open_study,
    stored_points,
    write_about,
    write_points,
)
from sim.batch import code_fingerprint, data_hashes
from sim.errors import InputError

SAID_ASIDE = ("name", "folder", "title", "about", "outcomes", "replicates")
"""What may differ between two plans of one study: nothing that decides what a run is."""


def ground_of(plan: Plan) -> Ground:
    """Return what all points of a plan have in common: its scenario under each policy."""
    varied = {factor.name: factor for factor in plan.factors}
    policies = varied[POLICY].values if POLICY in varied else ()
    paths = varied[FUNDING].values if FUNDING in varied else ()
    scenarios = {AS_IT_IS: base_scenario(plan)}
    scenarios |= {str(policy): under_policy(plan, str(policy)) for policy in policies}
    ground = Ground(
        seed=plan.seed,
        scenarios=scenarios,
        difference=None if plan.difference is None else under_policy(plan, plan.difference),
        since={factor.name: factor.since for factor in plan.factors if factor.since is not None},
        files={str(p): str(file_of(plan, str(p))) for p in paths if str(p).endswith(".csv")},
    )
    return as_now(ground)


def as_now(ground: Ground) -> Ground:
    """Return the same with the hash of what its files hold now."""
    return ground.model_copy(update={"content": _digest([_scenarios(ground), _tables(ground)])})


def check_ready(ground: Ground, points: list[Point]) -> None:
    """Make every scenario of a study ready once, so that what they lack is found before any run."""
    document, seen = ground.model_dump_json(), set()
    for point in points:
        base = (point.values.get(POLICY), point.values.get(FUNDING))
        if base not in seen:
            seen.add(base)
            ready_at(document, point.values)


def about_of(
    plan: Plan, ground: Ground, points: list[Point], shard: tuple[int, int] | None
) -> dict[str, Any]:
    """Return what `study.json` says of a study in which nothing has been run."""
    prints = fingerprints(ground)
    nothing = Job(ground.model_dump_json(), (Span(0, points[0].values, 0, 0),))
    empty = columns_of(blank(nothing, difference=ground.difference is not None))
    return {
        "format": FORMAT,
        "id": _digest([_essence(plan), prints["scenarios"]]),
        "plan": plan.document(),
        "shard": None if shard is None else list(shard),
        "points": len(points),
        "columns": list(empty),
        "fingerprints": prints,
        **provenance(),
        "anyway": [],
        "finished": None,
        "ground": ground.model_dump(mode="json"),
    }


def fingerprints(ground: Ground) -> dict[str, Any]:
    """Return hashes and versions of all that decides the bits of a study."""
    return {
        "code": code_fingerprint(),
        "data": data_hashes() | _tables(ground),
        "scenarios": _scenarios(ground),
        "libraries": {name: version(name) for name in DECISIVE}
        | {"python": platform.python_version()},
    }


def _scenarios(ground: Ground) -> dict[str, str]:
    found = {name: scenario.fingerprint() for name, scenario in ground.scenarios.items()}
    if ground.difference is not None:
        found["the policy of the difference"] = ground.difference.fingerprint()
    return found


def _tables(ground: Ground) -> dict[str, str]:
    paths = {name: Path(path) for name, path in ground.files.items()}
    return {name: hash_of(path) if path.is_file() else "" for name, path in paths.items()}


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def _essence(plan: Plan) -> dict[str, Any]:
    """Return what makes two plans plans of one study: all but words and sizes."""
    whole = plan.document()
    kept = {key: value for key, value in whole.items() if key not in SAID_ASIDE}
    kept["scenario"] = Path(plan.scenario).name
    kept["design"] = {k: v for k, v in whole["design"].items() if k != "points"}
    return kept


def plan_difference(one: Plan, other: Plan) -> str | None:
    """Return in which key two plans differ so that their runs do not belong together."""
    mine, theirs = _essence(one), _essence(other)
    return next((key for key in mine if mine[key] != theirs[key]), None)


def changed_inputs(stored: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """Return the names of inputs whose fingerprints differ: code, data, scenario, libraries."""
    found = [] if stored["code"] == now["code"] else ["the simulation's code"]
    words = {"data": "the table {}", "scenarios": "the scenario under the policy '{}'"}
    for key, text in words.items():
        names = [*stored[key], *(name for name in now[key] if name not in stored[key])]
        found += [
            "the scenario" if name == AS_IT_IS else text.format(name)
            for name in names
            if stored[key].get(name) != now[key].get(name)
        ]
    for name, has in now["libraries"].items():
        had = stored["libraries"].get(name)
        if had != has:
            found.append(f"{name} ({had} then, {has} now)")
    return found


def begin(
    folder: Path, asked: dict[str, Any], points: list[Point], *, extend: bool, anyway: bool
) -> Study:
    """Return the study of a held folder, new or as it stands; checked against what is asked."""
    factors = Study(folder, asked).plan.factors
    if not (folder / STUDY).exists():
        write_points(folder, as_columns(points, factors))
        study = Study(folder, asked)
        write_about(study)
        return study
    study = open_study(folder)
    _check_plan(study, asked)
    study = _check_inputs(study, asked, anyway=anyway)
    return _grown(study, asked, points, extend=extend)


def _check_plan(study: Study, asked: Mapping[str, Any]) -> None:
    plan = Study(study.folder, dict(asked)).plan
    differs = plan_difference(study.plan, plan)
    if differs is None and study.about["shard"] != asked["shard"]:
        differs = "shard"
    if differs is None and study.about["columns"] != asked["columns"]:
        differs = "list of measures"
    if differs is not None:
        raise InputError(
            f"'{study.folder}' holds another study (its {differs} differs): name another folder "
            "with --out"
        )


def _check_inputs(study: Study, asked: Mapping[str, Any], *, anyway: bool) -> Study:
    """Refuse changed inputs by name, or take note of them."""
    found = changed_inputs(study.about["fingerprints"], asked["fingerprints"])
    if not found:
        return study
    if not anyway:
        raise InputError(
            f"since '{study.folder}' was begun, {', '.join(found)} changed: its runs would not "
            "belong together. Name another folder with --out, or go on with --anyway"
        )
    note = {"changed": found, "before": study.about["fingerprints"], "command": asked["command"]}
    about = study.about | {
        "anyway": [*study.about["anyway"], note],
        "fingerprints": asked["fingerprints"],
    }
    noted = study._replace(about=about)
    write_about(noted)
    return noted


def _grown(study: Study, asked: Mapping[str, Any], points: list[Point], *, extend: bool) -> Study:
    """Return the study with as many points and replicates as are asked for."""
    had, now = study.plan, Study(study.folder, dict(asked)).plan
    sizes = {"points": (study.about["points"], len(points)),
             "replicates": (had.replicates, now.replicates)}  # fmt: skip
    stored = as_points(stored_points(study.folder), had.factors)[: study.about["points"]]
    for name, (before, after) in sizes.items():
        if after < before:
            raise InputError(
                f"'{study.folder}' has {before} {name}, and {after} are asked for: a study does "
                f"not shrink. Give {name} = {before}, or name another folder with --out"
            )
        if after > before and not extend:
            raise InputError(
                f"'{study.folder}' has {before} {name}, and {after} are asked for: give --extend "
                "to add to it, or name another folder with --out"
            )
    if stored != points[: len(stored)]:
        raise InputError(
            f"'{study.folder}': its first {len(stored)} points are others than those of the plan "
            f"now; a {now.design.kind} design that grows keeps its points only if it is sobol, "
            "saltelli, or a table to which rows are added. Name another folder with --out"
        )
    if any(after > before for before, after in sizes.values()) and study.about["shard"]:
        raise InputError(f"'{study.folder}' is a shard: merge the shards, and extend the whole")
    if study.about["points"] != len(points):
        write_points(study.folder, as_columns(points, now.factors))
    # The ground says where files lie, which may have moved; what is in them was compared before.
    now_so = {"plan": asked["plan"], "ground": asked["ground"], "points": len(points)}
    grown = study._replace(about=study.about | now_so)
    if grown.about != study.about:
        write_about(grown)
    return grown
