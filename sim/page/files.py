"""The scenario file that says what was tried: a few lines on top of a scenario, or all of it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from ..declared.scenario import TABLES, Scenario, shipped
from .changes import as_toml

TOP = ("title", "about", "start", "quarters", "reviewed")


def as_file(base: Scenario, ref: str, scenario: Scenario, *, seed: int, replicate: int) -> str:
    """Return a scenario file of what was tried on `ref`, for any computer with this program.

    On a scenario that comes with the project it holds what was changed; on any other it holds all,
    since a path leads nowhere on another computer.
    """
    if ref in shipped():
        return as_toml(base, ref, scenario, seed=seed, replicate=replicate)
    lines = [
        "# What was tried on the page, written out whole. The same run, told in words:",
        f"# councils story THIS-FILE.toml --seed {seed} --replicate {replicate}",
        *(f"# It needs the table {path.name}, which must be sent with it; see to its path below."
          for path in scenario.tables()),
    ]  # fmt: skip
    titled = {"title": (base.title or base.name) + ", as tried"}
    return "\n".join([*lines, *whole(scenario.model_copy(update=titled))]) + "\n"


def whole(scenario: Scenario) -> list[str]:
    """Return the lines of a scenario file that needs no other, without what is as by default."""
    held = scenario.model_dump(exclude_none=True, exclude={"name"})
    lines = [f"{key} = {_value(held[key])}" for key in TOP if held[key] not in ("", [])]
    usual = type(scenario.parameters)().model_dump()
    places = {k: v for k, v in held["places"].items() if v not in ("", [])}
    sections = {"places": places} | {
        name: {k: v for k, v in section.items() if v != usual[name][k]}
        for name, section in held["parameters"].items()
    }
    for name, section in sections.items():
        lines += ["", f"[{name}]", *_pairs(section)] if section else []
    for name in TABLES:
        for row in held[name]:
            lines += ["", f"[[{name}]]", *_pairs(row)]
    return lines


def _pairs(table: Mapping[str, Any]) -> list[str]:
    return [f"{key} = {_value(value)}" for key, value in table.items()]


def _value(value: Any) -> str:
    """Return a value as TOML writes it."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{json.dumps(k)} = {_value(v)}' for k, v in value.items())} }}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return f"[{', '.join(map(_value, value))}]"
    return json.dumps(value, ensure_ascii=False)
