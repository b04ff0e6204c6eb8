"""What each policy of a comparison or of a study changes: all in which it differs from the base."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ...sim.declared.scenario import Change, Scenario
from ..stored.reading import stored_scenario
from ..stored.record import Record
from ..studies.plan import AS_IT_IS
from ..studies.store import Study
from ..told import TEXT, Table
from ..words import listed
from ..worlds import beyond_in_words
from .contents import assumptions, made_of, origin_of
from .orders_told import facts_words, from_day, number_words
from .panels import scenario_of


def about_policies(
    record: Record, scenarios: list[Scenario], made: tuple[list[str], str]
) -> dict[str, Any]:
    """Return what the contents of a comparison and of a scorecard have alike, by its fields.

    Args:
        record: of the result.
        scenarios: the base first.
        made: the commands that make it again, and what is to be known of them.
    """
    base, code, worlds = scenarios[0], record.asked["code"], record.asked.get("worlds")
    first, rest = assumptions(base)
    fingerprints = {f"Scenario {each.name}": each.fingerprint() for each in scenarios}
    return {
        "title": f"{base.title or base.name}: what do policies change?",
        "about": base.about,
        "assumed": [policies_table(scenarios), *first],
        "defaults": rest,
        "commands": made[0],
        "again": made[1],
        "made": made_of(record.made, {
            "Fingerprint of the question": record.fingerprint, "Fingerprint of the code": code,
            **fingerprints,
        }),
        "origin": origin_of(record.made, fingerprint=record.fingerprint, code=code),
        "turns": [],
        "cautions": beyond_in_words(worlds, base),
        "worlds": worlds["ensemble"] if worlds else "",
    }  # fmt: skip


def policies_table(scenarios: list[Scenario]) -> Table:
    """Return what each policy says about itself, and all in which it differs from the base."""
    base = scenarios[0]
    rows = [[each.title or each.name, each.about, told(base, each)] for each in scenarios[1:]]
    columns = [("Policy", TEXT), ("About", TEXT), ("What it changes", TEXT)]
    return Table("The policies", columns, rows)


def told(base: Scenario, policy: Scenario) -> str:
    """Return all that a policy changes, as one text."""
    return " ".join(f"{text}." for text in differences(base, policy)) or "Nothing."


def study_policies(study: Study) -> list[Table]:
    """Return what each policy of a study lays over its scenario; nothing where it has none."""
    ground = study.ground
    laid = {name: each for name, each in ground["scenarios"].items() if name != AS_IT_IS}
    if ground["difference"] is not None:
        laid[study.plan.difference] = ground["difference"]
    base = scenario_of(study)
    stored = {name: stored_scenario(study.folder, each) for name, each in laid.items()}
    rows = [[_called(name, policy, base), told(base, policy)] for name, policy in stored.items()]
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
    """Return in plain words all that a policy changes of the base, numbers of the first day first.

    Each has its date and its units, and the value that it replaces.
    """
    mine, theirs = policy.document(), base.document()
    said = [
        f"From the start: {number_words(name, value, other, where='in the base')}"
        for name, value, other in _numbers(mine["parameters"], theirs["parameters"])
    ]
    said += [
        text
        for change in _by_date(policy)
        if change not in base.change
        for text in change_words(change, policy)
    ]
    said += [
        f"Not as in the base: {text[0].lower()}{text[1:]}"
        for change in base.change
        if change not in policy.change
        for text in change_words(change, base, was=False)
    ]
    if policy.places != base.places:
        said.append(f"Other councils take part: {_places(policy)} (in the base: {_places(base)})")
    if policy.reviewed != base.reviewed:
        said.append(
            f"What government says of reorganisation is about {_reviewed(policy)} (in the base: "
            f"about {_reviewed(base)})"
        )
    own, other = facts_words(policy), facts_words(base)
    said += [text.removesuffix(".") for text in own if text not in other]
    return said + [
        f"Not as in the base: {text.removesuffix('.')}" for text in other if text not in own
    ]


def change_words(change: Change, scenario: Scenario, *, was: bool = True) -> list[str]:
    """Return a dated change, a sentence a number, with what was in force before it."""
    when = from_day(scenario, change.when)
    return [
        f"From {when}: {number_words(name, value, before(name, change, scenario) if was else None)}"
        for name, value in change.set.items()
    ]


def before(name: str, change: Change, scenario: Scenario) -> Any:
    """Return the value of a number before a change of the scenario sets it."""
    section, key = name.split(".")
    value = getattr(getattr(scenario.parameters, section), key)
    for earlier in _by_date(scenario):
        if earlier is change:
            break
        value = earlier.set.get(name, value)
    return value


def _by_date(scenario: Scenario) -> list[Change]:
    """Return the changes in the order in which they are applied."""
    return sorted(scenario.change, key=lambda change: scenario.quarter_of(change.when))


def _numbers(mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    return [
        (f"{section}.{name}", value, theirs[section][name])
        for section, numbers in mine.items()
        for name, value in numbers.items()
        if value != theirs[section][name]
    ]


def _places(scenario: Scenario) -> str:
    """Return which councils take part, in words."""
    places = scenario.places
    if places.table == "synthetic":
        said = [f"{places.number} that do not exist, drawn by chance ({places.draw})"]
    elif places.table == "england":
        said = ["those of England"]
    else:
        said = [f"those of {Path(places.table).name}"]
    for words, chosen in (("only", places.councils), ("of the tiers", places.tiers),
                          ("of the counties", places.counties)):  # fmt: skip
        said += [f"{words} {listed(chosen)}"] if chosen else []
    said.append(f"each looks at the {places.neighbours} nearest and all that it touches")
    said += [] if places.partnerships else ["without the partnerships of the first day"]
    return ", ".join(said)


def _reviewed(scenario: Scenario) -> str:
    return listed(scenario.reviewed) if scenario.reviewed else "all counties"
