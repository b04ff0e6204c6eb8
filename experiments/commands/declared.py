"""What there is: the scenarios, the declared numbers and the measures, as tables or as JSON."""

from __future__ import annotations

from typing import Any

from ...sim.declared.measures import MEASURES, Measure
from ...sim.declared.parameters import SECTIONS, Declaration, declarations
from ...sim.declared.scenario import Scenario, load, schema, shipped
from ...sim.errors import InputError, nearest
from ...sim.ready.older import older_tables
from ...sim.ready.places import table_of
from ..terminal import say, say_json, show_table
from ..words import period
from .app import DEFAULT_SCENARIO


def list_scenarios(*, as_json: bool) -> None:
    """Write the scenarios that come with the project."""
    found = [_about(name) for name in shipped()]
    if as_json:
        say_json(found)
        return
    columns = {"Name": "word", "Councils": "right", "Period": "left", "What it is": "left"}
    rows = [
        (
            row["name"],
            f"{row['councils']:,}",
            row["period"].replace(" from ", "\nfrom "),
            f"{row['title']}{' (the default)' if row['default'] else ''}\n{row['about']}",
        )
        for row in found
    ]
    show_table("Scenarios", columns, rows)
    say(
        "Run one with: councils run NAME. A file of your own is named by its path, ending in .toml."
    )


def _about(name: str) -> dict[str, Any]:
    """Return what there is to know of a scenario before it is run."""
    scenario = load(name)
    return {
        "name": name,
        "title": scenario.title,
        "about": scenario.about,
        "councils": _councils_in(scenario),
        "start": scenario.start.isoformat(),
        "quarters": scenario.quarters,
        "period": period(scenario),
        "older_tables": older_tables(scenario),
        "default": name == DEFAULT_SCENARIO,
    }


def _councils_in(scenario: Scenario) -> int:
    """Return how many councils a scenario begins with; a drawn country is not drawn for that."""
    places = scenario.places
    return places.number if places.table == "synthetic" else len(table_of(scenario).code)


def list_measures(*, as_json: bool) -> None:
    """Write every outcome that is measured."""
    if as_json:
        say_json([measure._asdict() for measure in MEASURES])
        return
    columns = {"Name": "word", "What it is": "left", "Why and source": "left"}
    rows = [(m.name, f"{m.title} ({m.unit}; {m.range})", _evidence(m)) for m in MEASURES]
    show_table("Measures, each quarter of each run", columns, rows)


def _evidence(measure: Measure) -> str:
    source, grade = measure.source, measure.grade
    return f"{measure.why}\nSource: {source}" + ("" if source.startswith(grade) else f" ({grade})")


def list_schema() -> None:
    """Write the JSON Schema of a scenario file."""
    say_json(schema())


def list_parameters(section: str | None, *, as_json: bool) -> None:
    """Write the declared numbers of a section, of one name, or all.

    Raises:
        InputError: there is no such section or number.
    """
    chosen = _choose(section)
    if as_json:
        say_json([as_document(declaration) for declaration in chosen])
        return
    names = list(dict.fromkeys(declaration.name.split(".")[0] for declaration in chosen))
    for name in names:
        rows = [d for d in chosen if d.name.startswith(f"{name}.")]
        _show_section(name, rows)
    say("Set one with: --set SECTION.NAME=VALUE. Range: what is plausible; in brackets: allowed.")


def as_document(declaration: Declaration) -> dict[str, Any]:
    """Return a declaration ready for JSON."""
    return declaration._asdict()


def _choose(section: str | None) -> list[Declaration]:
    every = declarations()
    if section is None:
        return every
    chosen = [d for d in every if d.name == section or d.name.startswith(f"{section}.")]
    if not chosen:
        known = [d.name for d in every] if "." in section else list(SECTIONS)
        homes = [d.name for d in every if d.name.partition(".")[2] == section]
        if homes:
            raise InputError(
                f"there is no section '{section}': did you mean {' or '.join(map(repr, homes))}?"
            )
        raise InputError(f"there is no section or number '{section}': {nearest(section, known)}")
    return chosen


def _show_section(section: str, rows: list[Declaration]) -> None:
    columns = {"Name": "word", "Default": "right", "Range": "left", "What and why": "left"}
    about = SECTIONS[section].__doc__ or ""
    cells = [(d.name.split(".")[1], _value(d.default), _range(d), _words(d)) for d in rows]
    show_table(f"[{section}] {about}", columns, cells)


def _range(declaration: Declaration) -> str:
    if declaration.allowed is None:
        return " or ".join(declaration.words) or "a word"
    bottom, top = (_value(edge) for edge in declaration.allowed)
    if declaration.plausible is None:
        return f"({bottom} to {top})"
    low, high = (_value(edge) for edge in declaration.plausible)
    return f"{low} to {high}\n({bottom} to {top})"


def _words(declaration: Declaration) -> str:
    grade = "" if declaration.source.startswith(declaration.grade) else f" ({declaration.grade})"
    role = "" if declaration.role == "uncertainty" else f"; a {declaration.role}"
    first = "; counts on the first day only" if declaration.once else ""
    unit = f"{declaration.unit}{role}{first}" if declaration.unit else ""
    return f"{declaration.why} [{unit}]\nSource: {declaration.source}{grade}"


def _value(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
