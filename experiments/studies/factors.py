"""What varies in a study: numbers, words and policies, checked against their declarations."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from ...sim.declared.parameters import Declaration, declarations
from ...sim.declared.scenario import Scenario, changed, check_lasting
from ...sim.errors import InputError, nearest
from .distributions import check_undistributed, distribution_of
from .plan import FUNDING, POLICY, Factor, Given, Value
from .policies import named_policy

DECLARED = {declared.name: declared for declared in declarations()}


def uncertainty_of(name: str, given: Given, base: Scenario, path: Path) -> Factor:
    """Return a factor that nobody knows; InputError where it cannot be one."""
    where = f"'{path}', [uncertainties], {name}"
    if name == POLICY:
        raise InputError(f"{where}: a policy is decided by somebody; put it under [levers]")
    if given.since is not None:
        raise InputError(f"{where}: only levers have a date; leave out since")
    return _factor(name, given, base, path, "uncertainty")


def lever_of(name: str, given: Given, base: Scenario, path: Path) -> Factor:
    """Return a factor that somebody decides, perhaps from a date; InputError if it cannot be."""
    where = f"'{path}', [levers], {name}"
    if name == POLICY:
        return _policies(given, path, where)
    if given.since is not None:
        end = base.first_day(base.quarters)
        if not base.start <= given.since < end:
            raise InputError(
                f"{where}: since {given.since} lies outside the run, which lasts from "
                f"{base.start} to before {end}"
            )
    factor = _factor(name, given, base, path, "lever")
    if given.since is not None:
        check_lasting(base, [name], given.since, f"{path}, [levers]")
    return factor


def _policies(given: Given, path: Path, where: str) -> Factor:
    if not given.values or given != Given(values=given.values):
        raise InputError(
            f'{where}: give values = ["base", "set-up-grants", "mine.toml"], and nothing else; '
            "the dates stand in the policy's own file"
        )
    found = tuple(named_policy(text, path) for text in given.values)
    check_once(found, where)
    return Factor(name=POLICY, role="lever", values=found)


def _factor(
    name: str, given: Given, base: Scenario, path: Path, role: Literal["uncertainty", "lever"]
) -> Factor:
    table = "levers" if role == "lever" else "uncertainties"
    where = f"{path}, [{table}]"
    if name not in DECLARED:
        raise InputError(f"'{where}': unknown number '{name}'; {nearest(name, DECLARED)}")
    declared = DECLARED[name]
    if given.values is not None:
        if given.low is not None or given.high is not None:
            raise InputError(f"'{where}', {name}: give low and high, or values, not both")
        check_undistributed(given, "listed values", f"'{where}', {name}")
        values = tuple(_value(value, name, path) for value in given.values)
        if not values:
            raise InputError(f"'{where}', {name}: values is empty; give at least one")
        check_once(values, f"'{where}', {name}")
        for value in values:
            _check_value(base, name, value, where)
        return Factor(name=name, role=role, values=values, since=given.since)
    return _ranged(declared, given, base, where, role)


def _ranged(
    declared: Declaration,
    given: Given,
    base: Scenario,
    where: str,
    role: Literal["uncertainty", "lever"],
) -> Factor:
    name = declared.name
    if declared.allowed is None:
        if given.low is not None or given.high is not None or not declared.words:
            raise InputError(f"'{where}', {name} is a word: give values = [...]")
        check_undistributed(given, "words", f"'{where}', {name}")
        return Factor(name=name, role=role, values=declared.words, since=given.since)
    if declared.plausible is None and (given.low is None or given.high is None):
        raise InputError(
            f"'{where}', {name} is a {declared.role}, no estimate, so it has no range of its own: "
            "give low and high, or values = [...]"
        )
    low, high = (
        edge if own is None else own
        for own, edge in zip((given.low, given.high), declared.plausible or (0.0, 0.0), strict=True)
    )
    if low == high:
        raise InputError(
            f"'{where}', {name}: low and high are both {low:g}: give two that differ, or "
            f"values = [{low:g}] to set that one value in every run"
        )
    if not low < high:
        raise InputError(
            f"'{where}', {name}: low is {low:g} and high {high:g}; low must lie below high"
        )
    for value in (low, high):
        _check_value(base, name, value, where)
    distribution = distribution_of(given, low, high, f"'{where}', {name}")
    return Factor(
        name=name, role=role, low=low, high=high, since=given.since, distribution=distribution
    )


def _value(value: object, name: str, path: Path) -> Value:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise InputError(f"'{path}', {name}: {value!r} is neither a number nor a word")
    if not isinstance(value, str):
        return float(value)
    table = name == FUNDING and value.endswith(".csv")
    if table and not (path.parent / value).is_file():
        raise InputError(f"'{path}', {name}: there is no file '{value}'; check the path")
    return value


def _check_value(base: Scenario, name: str, value: Value, where: str) -> None:
    if name == FUNDING and value not in ("history", "flat") and not str(value).endswith(".csv"):
        raise InputError(
            f"'{where}', {name}: '{value}' is not known; give history, flat, or a file in .csv"
        )
    changed(base.parameters, {name: value}, where)
    if isinstance(value, str) == (DECLARED[name].allowed is not None):
        raise InputError(f"'{where}', {name}: {value!r} must be a number")


def check_once(values: Sequence[object], where: str) -> None:
    """Raise InputError where a value is given twice."""
    seen = [value for k, value in enumerate(values) if value in values[:k]]
    if seen:
        raise InputError(f"{where}: {seen[0]!r} is there twice; say it once")
