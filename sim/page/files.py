"""The scenario file that says what was tried: a few lines on top of a scenario, or all of it."""

from __future__ import annotations

from typing import Any

import tomli_w

from ..declared.reading import TABLES
from ..declared.scenario import Scenario, load, shipped

TOP = ("title", "about", "start", "quarters", "reviewed")


def as_file(base: Scenario, ref: str, scenario: Scenario, *, seed: int, replicate: int) -> str:
    """Return a scenario file of what was tried on `ref`, for any computer with this program.

    On a scenario that comes with the project it holds what was changed; on any other, and in a
    world of an ensemble, it holds all, since a path leads nowhere on another computer.
    """
    again = f"# councils story THIS-FILE.toml --seed {seed} --replicate {replicate}"
    titled = scenario.model_copy(update={"title": f"{base.title or base.name}, as tried"})
    if ref in shipped() and base.parameters == load(ref).parameters:
        lines = ["# What was tried on the page. The same run, told in words:", again]
        return _text(lines, {"base": ref, "title": titled.title, **added(base, titled)})
    lines = [
        "# What was tried on the page, written out whole. The same run, told in words:",
        again,
        *(f"# It needs the table {path.name}, which must be sent with it; see to its path below."
          for path in scenario.tables()),
    ]  # fmt: skip
    return _text(lines, whole(titled))


def _text(lines: list[str], tables: dict[str, Any]) -> str:
    return "\n".join([*lines, tomli_w.dumps(tables)])


def added(base: Scenario, scenario: Scenario) -> dict[str, Any]:
    """Return the tables of what was changed and what happened on top of a base."""
    held = scenario.model_dump(exclude_none=True, include={"change", "happening"})
    rows = {name: held[name][len(getattr(base, name)) :] for name in ("change", "happening")}
    return {name: new for name, new in rows.items() if new}


def whole(scenario: Scenario) -> dict[str, Any]:
    """Return the tables of a scenario file that needs no other, without what is as by default."""
    held = scenario.model_dump(exclude_none=True, exclude={"name"})
    usual = type(scenario.parameters)().model_dump()
    sections = {"places": _said(held["places"])} | {
        name: {k: v for k, v in section.items() if v != usual[name][k]}
        for name, section in held["parameters"].items()
    }
    tables = {name: held[name] for name in TABLES}
    return _said({key: held[key] for key in TOP} | sections | tables)


def _said(table: dict[str, Any]) -> dict[str, Any]:
    """Return a table without what says nothing."""
    return {key: value for key, value in table.items() if value not in ("", [], {})}
