"""What each policy of a comparison or of a study changes: all in which it differs from the base."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ...sim.declared.scenario import Scenario
from ..stored.reading import stored_scenario
from ..studies.plan import AS_IT_IS
from ..studies.store import Study
from ..told import TEXT, Table
from .panels import scenario_of

FACTS = ("places", "reviewed", "council", "pair", "partnership", "happening", "order")


def policies_table(scenarios: list[Scenario]) -> Table:
    """Return what each policy says about itself, and all in which it differs from the base."""
    base = scenarios[0]
    rows = [
        [each.title or each.name, each.about, "; ".join(differences(base, each)) or "nothing"]
        for each in scenarios[1:]
    ]
    columns = [("Policy", TEXT), ("About", TEXT), ("What it changes", TEXT)]
    return Table("The policies", columns, rows)


def study_policies(study: Study) -> list[Table]:
    """Return what each policy of a study lays over its scenario; nothing where it has none."""
    ground = study.ground
    laid = {name: each for name, each in ground["scenarios"].items() if name != AS_IT_IS}
    if ground["difference"] is not None:
        laid[study.plan.difference] = ground["difference"]
    base = scenario_of(study)
    stored = {name: stored_scenario(study.folder, each) for name, each in laid.items()}
    rows = [
        [_called(name, policy, base), "; ".join(differences(base, policy))]
        for name, policy in stored.items()
    ]
    columns = [("Policy", TEXT), ("What it changes", TEXT)]
    return [Table("The policies", columns, rows)] if rows else []


def _called(name: str, policy: Scenario, base: Scenario) -> str:
    """Return a policy's title, and the name by which a study tells its runs; or that alone.

    Earlier versions kept a policy under the title of its scenario.
    """
    stem = Path(name).stem
    own = policy.title if policy.title != base.title else ""
    return f"{own} ({stem})" if own else stem


def differences(base: Scenario, policy: Scenario) -> list[str]:
    """Return in words all that a policy changes of the base, numbers of the first day first."""
    mine, theirs = policy.document(), base.document()
    said = [
        f"from the start: {name} = {_value(value)} (base: {_value(before)})"
        for name, value, before in _numbers(mine["parameters"], theirs["parameters"])
    ]
    said += [f"from {_change(each)}" for each in mine["change"] if each not in theirs["change"]]
    gone = [each for each in theirs["change"] if each not in mine["change"]]
    said += [f"without the base's change from {_change(each)}" for each in gone]
    for key in FACTS:
        if mine[key] != theirs[key]:
            said.append(f"other [{key}] than the base{_facts(mine[key], theirs[key])}")
    return said


def _numbers(mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    return [
        (f"{section}.{name}", value, theirs[section][name])
        for section, numbers in mine.items()
        for name, value in numbers.items()
        if value != theirs[section][name]
    ]


def _change(change: Mapping[str, Any]) -> str:
    numbers = ", ".join(f"{name} = {_value(value)}" for name, value in change["set"].items())
    return f"{change['when']}: {numbers}"


def _facts(mine: Any, theirs: Any) -> str:
    """Return the entries of a list that only one of two scenarios has."""
    if not (isinstance(mine, list) and isinstance(theirs, list)):
        return ""
    more = [_fact(each) for each in mine if each not in theirs]
    gone = [_fact(each) for each in theirs if each not in mine]
    parts = [f"with {', '.join(more)}"] * bool(more) + [f"without {', '.join(gone)}"] * bool(gone)
    return f" ({'; '.join(parts)})" if parts else ""


def _fact(fact: Any) -> str:
    if not isinstance(fact, Mapping):
        return str(fact)
    return " ".join(_value(value) for value in fact.values() if value not in (None, "", []))


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return " and ".join(map(_value, value))
    return f"{value:g}" if isinstance(value, float) else str(value)
