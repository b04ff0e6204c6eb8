"""How a study begins, goes on and grows: what is asked against what its folder holds.

Whatever would mix runs that do not belong together is refused by name.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ...sim.errors import InputError
from ...sim.identity import code_fingerprint, data_hashes
from ..stored.folder import hash_of
from ..stored.provenance import provenance
from ..stored.reading import holds_result, read_record, understood
from ..stored.record import Record
from ..stored.rules import changed_code, changed_libraries, rules_now
from ..worlds import worlds_in
from .design import Point, as_columns, as_points
from .jobs import Ground, Job, Span, blank, columns_of, ready_at
from .plan import AS_IT_IS, FUNDING, POLICY, Plan, file_of
from .points import stored_points, write_points
from .policies import base_scenario, under_policy
from .store import EQUAL_POINTS, Study, open_study, write_study

SAID_ASIDE = ("name", "folder", "title", "about", "outcomes", "replicates", "written", "distinct")
"""What may differ between two plans of one study: nothing that decides what a run is."""
DIFFERENCE = "the policy of the difference"
"""What stands in place of its name among the scenarios of a study."""
ENSEMBLE = "the ensemble"
"""What stands there for the sets in whose worlds it is lived."""


def as_begun(plan: Plan, folder: Path) -> Plan:
    """Return a plan with trajectories drawn as those of the study that its folder holds, if any.

    Earlier versions could draw one twice; such a study goes on with the points that it has.
    """
    if plan.design.kind != "morris" or not holds_result(folder):
        return plan
    record = read_record(folder)
    if record.kind != "study":
        return plan
    return plan.model_copy(update={"distinct": Study(folder, record).plan.distinct})


def ground_of(plan: Plan) -> Ground:
    """Return what all points of a plan have in common: its scenario under each policy."""
    varied = {factor.name: factor for factor in plan.factors}
    policies = varied[POLICY].values if POLICY in varied else ()
    paths = varied[FUNDING].values if FUNDING in varied else ()
    scenarios = {AS_IT_IS: base_scenario(plan)}
    scenarios |= {str(policy): under_policy(plan, str(policy)) for policy in policies}
    worlds = worlds_in(plan.ensemble)
    ground = Ground(
        seed=plan.seed,
        scenarios=scenarios,
        difference=None if plan.difference is None else under_policy(plan, plan.difference),
        since={factor.name: factor.since for factor in plan.factors if factor.since is not None},
        files={str(p): str(file_of(plan, str(p))) for p in paths if str(p).endswith(".csv")},
        worlds=None if worlds is None else worlds.told(),
        ensemble=plan.ensemble or "",
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


def record_of(
    plan: Plan,
    ground: Ground,
    points: list[Point],
    shard: tuple[int, int] | None,
    *,
    workers: int,
) -> Record:
    """Return what a study says of itself in which nothing has been run."""
    started = datetime.now(UTC).isoformat(timespec="seconds")
    decides = fingerprints(ground)
    nothing = Job(ground, (Span(0, points[0].values, 0, 0),))
    empty = columns_of(blank(nothing))
    asked = {
        "study": _digest([_essence(plan), decides["scenarios"]]),
        "points": len(points),
        "replicates": plan.replicates,
        "shard": None if shard is None else list(shard),
        "columns": list(empty),
    }
    return Record(
        "study",
        asked=asked | decides,
        made=provenance()
        | {"workers": workers, "started": started, "anyway": [], "equal_points": EQUAL_POINTS},
        question={"plan": plan.document(), "ground": ground.model_dump(mode="json")},
        answer={},
        files={},
    )


def fingerprints(ground: Ground) -> dict[str, Any]:
    """Return hashes and versions of all that decides the bits of a study."""
    return rules_now(_tables(ground)) | {"scenarios": scenarios_of(ground)}


def scenarios_of(ground: Ground) -> dict[str, str]:
    """Return the fingerprint of each scenario, by policy."""
    found = {name: scenario.fingerprint() for name, scenario in ground.scenarios.items()}
    if ground.difference is not None:
        found[DIFFERENCE] = ground.difference.fingerprint()
    if ground.worlds is not None:
        found[ENSEMBLE] = ground.worlds["sets"]
    return found


def asked_of(study: Study) -> dict[str, Any]:
    """Return what decides the bits of a stored study; an older one's scenarios as they read now.

    A later version knows more numbers, and so has another fingerprint of what is the same. One that
    names a table keeps its own, which says what was in the table.
    """
    asked = study.record.asked
    if asked["code"] == code_fingerprint():
        return asked
    with understood(study.folder):
        kept = Ground.model_validate(study.ground)
    own = kept.scenarios | ({} if kept.difference is None else {DIFFERENCE: kept.difference})
    read = {name: scenario.fingerprint() for name, scenario in own.items() if not scenario.tables()}
    return asked | {"scenarios": asked["scenarios"] | read}


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
    return next((key for key in mine | theirs if mine.get(key) != theirs.get(key)), None)


def in_words(policy: str) -> str:
    """Return what the scenario of a policy is called."""
    if policy == ENSEMBLE:
        return ENSEMBLE
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
    found = changed_code(stored, now)
    found += [text for text in changed_scenarios(stored, now) if text not in found]
    return found + changed_libraries(stored, now)


def begin(
    folder: Path, wanted: Record, points: list[Point], *, extend: bool, anyway: bool
) -> Study:
    """Return the study of a held folder, new or as it stands; checked against what is asked."""
    asked = Study(folder, wanted)
    if not holds_result(folder):
        write_points(folder, as_columns(points, asked.plan.factors))
        return write_study(asked)
    study = open_study(folder)
    _check_plan(study, asked)
    changed = changed_inputs(asked_of(study), wanted.asked)
    _check_form(study, asked)
    if changed and not anyway:
        raise InputError(
            f"since '{study.folder}' was begun, {', '.join(changed)} changed: its runs would not "
            "belong together. Name another folder with --out, or go on with --anyway"
        )
    larger = _check_sizes(study, asked, points, extend=extend)
    if changed and not larger and study.finished:
        return study  # nothing will be run, so what its runs were made with stays true
    return _grown(_noted(study, asked, changed), asked, points)


def _check_plan(study: Study, asked: Study) -> None:
    differs = plan_difference(study.plan, asked.plan)
    if differs is None and study.shard != asked.shard:
        differs = "shard"
    if differs is not None:
        raise InputError(
            f"'{study.folder}' holds another study (its {differs} differs): name another folder "
            "with --out"
        )


def _check_form(study: Study, asked: Study) -> None:
    """Refuse to run more of a study that an earlier version began, or with other measures."""
    sizes = [(each.size, each.plan.replicates) for each in (study, asked)]
    if study.finished and sizes[0] == sizes[1]:
        return  # nothing will be run
    other = study.record.former or ("other measures" if study.columns != asked.columns else None)
    if other is not None:
        raise InputError(
            f"'{study.folder}' was begun by an earlier version ({other}), by other "
            "rules: new runs would not belong to its runs. It can be shown, reported and merged; "
            "for more runs, run the whole plan in another folder with --out"
        )


def _noted(study: Study, asked: Study, changed: list[str]) -> Study:
    """Take note that a study goes on although something changed."""
    if not changed:
        return study
    had, now = study.record, asked.record
    decides = ("code", "data", "scenarios", "libraries")
    note = {"changed": changed, "before": {key: had.asked[key] for key in decides},
            "command": now.made["command"]}  # fmt: skip
    return write_study(study._replace(record=had._replace(
        asked=had.asked | {key: now.asked[key] for key in decides},
        made=had.made | {"anyway": [*study.gone_on, note]},
    )))  # fmt: skip


def _check_sizes(study: Study, asked: Study, points: list[Point], *, extend: bool) -> bool:
    """Return whether a study has to grow; refuse where it cannot or was not meant to."""
    had, now = study.plan, asked.plan
    sizes = {"points": (study.size, len(points)),
             "replicates": (had.replicates, now.replicates)}  # fmt: skip
    stored = as_points(stored_points(study.folder, had), had.factors)[: study.size]
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
    if larger and study.shard:
        raise InputError(f"'{study.folder}' is a shard: merge the shards, and extend the whole")
    return larger


def _grown(study: Study, asked: Study, points: list[Point]) -> Study:
    """Return the study with as many points and replicates as are asked for."""
    if study.record.former:
        return study
    if study.size != len(points):
        write_points(study.folder, as_columns(points, study.plan.factors))
    # The ground says where files lie, which may have moved; what is in them was compared before.
    grown = study.record._replace(
        asked=study.record.asked | {"points": len(points), "replicates": asked.plan.replicates},
        question=asked.record.question,
    )
    if grown.asked != study.record.asked:
        grown = grown._replace(answer={}, files={})
    return study if grown == study.record else write_study(study._replace(record=grown))
