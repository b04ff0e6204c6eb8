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

from ...sim.errors import InputError
from ...sim.identity import code_fingerprint, data_hashes
from ..stored.folder import hash_of
from ..stored.provenance import provenance
from .design import Point, as_columns, as_points
from .jobs import DECISIVE, Ground, Job, Span, blank, columns_of, ready_at
from .plan import AS_IT_IS, FUNDING, POLICY, Plan, file_of
from .points import stored_points, write_points
from .policies import base_scenario, under_policy
from .store import (
    FORMAT,
    STUDY,
    Study,
    open_study,
    write_about,
)

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
    return ground.model_copy(update={"content": _digest([scenarios_of(ground), _tables(ground)])})


def check_ready(ground: Ground, points: list[Point]) -> None:
    """Make every scenario of a study ready once, so that what they lack is found before any run."""
    seen = set()
    for point in points:
        base = (point.values.get(POLICY), point.values.get(FUNDING))
        if base not in seen:
            seen.add(base)
            ready_at(ground, point.values)


def about_of(
    plan: Plan, ground: Ground, points: list[Point], shard: tuple[int, int] | None
) -> dict[str, Any]:
    """Return what `study.json` says of a study in which nothing has been run."""
    prints = fingerprints(ground)
    nothing = Job(ground, (Span(0, points[0].values, 0, 0),))
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
        "scenarios": scenarios_of(ground),
        "libraries": {name: version(name) for name in DECISIVE}
        | {"python": platform.python_version()},
    }


def scenarios_of(ground: Ground) -> dict[str, str]:
    """Return the fingerprint of each scenario, by policy."""
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


def in_words(policy: str) -> str:
    """Return what the scenario of a policy is called."""
    return "the scenario" if policy == AS_IT_IS else f"the scenario under the policy '{policy}'"


def changed_scenarios(stored: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """Return the names of scenarios, and of tables that a plan names, which differ."""
    tables = [name for name in stored["data"] if name not in data_hashes()]
    found = [
        f"the table {name}" for name in tables if stored["data"][name] != now["data"].get(name)
    ]
    names = dict.fromkeys([*stored["scenarios"], *now["scenarios"]])
    return found + [
        in_words(name)
        for name in names
        if stored["scenarios"].get(name) != now["scenarios"].get(name)
    ]


def changed_inputs(stored: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """Return the names of inputs whose fingerprints differ: code, data, scenario, libraries."""
    found = [] if stored["code"] == now["code"] else ["the simulation's code"]
    names = dict.fromkeys([*stored["data"], *now["data"]])
    found += [
        f"the table {name}" for name in names if stored["data"].get(name) != now["data"].get(name)
    ]
    found += [text for text in changed_scenarios(stored, now) if text not in found]
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
    changed = changed_inputs(study.about["fingerprints"], asked["fingerprints"])
    if changed and not anyway:
        raise InputError(
            f"since '{study.folder}' was begun, {', '.join(changed)} changed: its runs would not "
            "belong together. Name another folder with --out, or go on with --anyway"
        )
    larger = _check_sizes(study, asked, points, extend=extend)
    if changed and not larger and study.finished:
        return study  # nothing will be run, so what its runs were made with stays true
    return _grown(_noted(study, asked, changed), asked, points)


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


def _noted(study: Study, asked: Mapping[str, Any], changed: list[str]) -> Study:
    """Take note that a study goes on although something changed."""
    if not changed:
        return study
    note = {"changed": changed, "before": study.about["fingerprints"], "command": asked["command"]}
    about = study.about | {
        "anyway": [*study.about["anyway"], note],
        "fingerprints": asked["fingerprints"],
    }
    noted = study._replace(about=about)
    write_about(noted)
    return noted


def _check_sizes(
    study: Study, asked: Mapping[str, Any], points: list[Point], *, extend: bool
) -> bool:
    """Return whether a study has to grow; refuse where it cannot or was not meant to."""
    had, now = study.plan, Study(study.folder, dict(asked)).plan
    sizes = {"points": (study.about["points"], len(points)),
             "replicates": (had.replicates, now.replicates)}  # fmt: skip
    stored = as_points(stored_points(study.folder, had), had.factors)[: study.about["points"]]
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
    larger = any(after > before for before, after in sizes.values())
    if larger and study.about["shard"]:
        raise InputError(f"'{study.folder}' is a shard: merge the shards, and extend the whole")
    return larger


def _grown(study: Study, asked: Mapping[str, Any], points: list[Point]) -> Study:
    """Return the study with as many points and replicates as are asked for."""
    if study.about["points"] != len(points):
        write_points(study.folder, as_columns(points, study.plan.factors))
    # The ground says where files lie, which may have moved; what is in them was compared before.
    now_so = {"plan": asked["plan"], "ground": asked["ground"], "points": len(points)}
    grown = study._replace(about=study.about | now_so)
    if grown.about != study.about:
        write_about(grown)
    return grown
