"""By which rules a result was made: code, data and libraries that decide its bits, then and now."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from ...sim.identity import code_fingerprint, data_hashes
from .record import Record

DECISIVE = ("numpy", "numba", "llvmlite", "scipy", "pyarrow")
"""The libraries that could change a bit of a result."""
FORM = "the form in which results are kept"


def rules_now(tables: Mapping[str, str]) -> dict[str, Any]:
    """Return the code, data and libraries that are in force; `tables` are a user's own."""
    libraries = {name: version(name) for name in DECISIVE} | {"python": platform.python_version()}
    return {
        "code": code_fingerprint(), "data": data_hashes() | dict(tables), "libraries": libraries,
    }  # fmt: skip


def rules_of(record: Record) -> dict[str, Any]:
    """Return the code, data and libraries with which a result was made."""
    made = record.made.get("libraries") or {}
    libraries = {name: made.get(name) for name in DECISIVE} | {"python": record.made.get("python")}
    return {
        "code": record.asked["code"],
        "data": record.asked["data"],
        "libraries": record.asked.get("libraries", libraries),
    }


def changed_code(had: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """Return in words whether the code is another, and which tables are."""
    found = [] if had["code"] == now["code"] else ["the simulation's code"]
    names = dict.fromkeys([*had["data"], *now["data"]])
    return found + [
        f"the table {name}" for name in names if had["data"].get(name) != now["data"].get(name)
    ]


def changed_libraries(had: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """Return which libraries are others, with both versions."""
    return [
        f"{name} ({had['libraries'].get(name)} then, {has} now)"
        for name, has in now["libraries"].items()
        if had["libraries"].get(name) != has
    ]


def other_rules(record: Record, tables: Mapping[str, str]) -> list[str]:
    """Return in words what has changed since a result was made; nothing if nothing has."""
    had, now = rules_of(record), rules_now(tables)
    return form_of(record) + changed_code(had, now) + changed_libraries(had, now)


def form_of(record: Record) -> list[str]:
    """Return that a result is of a former form, if it is: it was made by other rules."""
    return [] if record.former is None else [FORM]
