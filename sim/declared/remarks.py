"""What of a scenario does nothing, or is far from what is plausible: said, for one misses it.

Nothing here is a mistake that would stop a run; but a setting that did nothing is told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from .parameters import declarations
from .reading import Layers
from .scenario import SHIPPED, Change, Scenario, changed, load
from .undone import layers_of, own_dates

Numbers = Mapping[str, Any]
"""The declared numbers that are in force at one time, by name."""


class Inert(NamedTuple):
    """When some levers can do nothing, and why."""

    names: tuple[str, ...]
    idle: Callable[[Numbers], bool]
    why: str
    what: str = "can do nothing"


def _no_study(n: Numbers) -> bool:
    pot, limit = float(n["grants.feasibility_pot"]), float(n["grants.feasibility_limit"])
    return limit <= 0 or pot < limit


def _no_setup(n: Numbers) -> bool:
    return any(float(n[f"grants.setup_{part}"]) <= 0 for part in ("pot", "limit", "share"))


def _none_may_bid(n: Numbers) -> bool:
    return float(n["grants.staged"]) > 0 and _no_study(n) and not _no_setup(n)


INERT = (
    Inert(
        ("grants.feasibility_pot", "grants.feasibility_limit"), _no_study,
        "no study is ever paid for: a pot pays whole grants only, so it must hold at least "
        "grants.feasibility_limit, and that must be above 0",
    ),
    Inert(
        ("grants.setup_pot", "grants.setup_limit", "grants.setup_share"), _no_setup,
        "nothing is ever paid towards setting up: grants.setup_pot, grants.setup_limit and "
        "grants.setup_share must all be above 0",
    ),
    Inert(
        ("grants.setup_pot", "grants.setup_limit", "grants.setup_share"), _none_may_bid,
        "grants.staged asks for a paid study first, and no study is paid for then; only talks "
        "whose study was paid before may still bid",
        "can do next to nothing",
    ),
    Inert(
        ("grants.exit_required", "grants.staged"), _no_setup,
        "it is about set-up grants, and none is ever paid",
    ),
    Inert(
        ("tax.open_limit",), lambda n: n["tax.limits"] != "none",
        "it holds where tax.limits is \"none\" only",
    ),
    Inert(
        ("settlement.depth",), lambda n: n["settlement.path"] == "flat",
        "a flat path has no changes to make deeper",
    ),
    Inert(
        ("reorganisation.notice",), lambda n: n["reorganisation.stance"] != "mandated",
        "it counts from a mandate (reorganisation.stance = \"mandated\"), and there is none",
    ),
)  # fmt: skip


DEFAULTS = {each.name: each.default for each in declarations()}


def remarks(scenario: Scenario) -> list[str]:
    """Return in words what of a scenario does nothing, and which numbers are not plausible."""
    return [*_overwritten(scenario), *_doubtful(scenario)]


def own_remarks(scenario: Scenario, source: str | Path | Layers) -> list[str]:
    """Return the remarks on what was set above the scenarios of the project, and what is too late.

    Args:
        scenario: what was loaded.
        source: what it was loaded from: a name, a path, or files laid one over the other.
    """
    own = own_dates(scenario, source)
    late = [f"the run ends before {', '.join(own.beyond())}"] if own.beyond() else []
    shipped = [file for _, file in layers_of(source) if Path(file).parent == SHIPPED]
    known = _doubtful(load(shipped[-1])) if shipped else []
    mine = [each for each in _doubtful(scenario) if each not in known]
    return [*late, *_overwritten(own), *mine]


def _doubtful(scenario: Scenario) -> list[str]:
    return [*_inert(scenario), *_implausible(scenario)]


def _overwritten(scenario: Scenario) -> list[str]:
    """Return the numbers that two changes of one quarter set: only the last of them holds."""
    last: dict[tuple[int, str], Change] = {}
    found = []
    for change in sorted(scenario.change, key=lambda each: each.when):
        for name, value in change.set.items():
            key = max(scenario.quarter_of(change.when), 0), name
            before = last.get(key)
            if before is not None and before.set[name] != value:
                found.append(
                    f"{name} = {before.set[name]!r} of {before.when} never holds: a [[change]] of "
                    f"{change.when}, in the same quarter, sets it to {value!r}"
                )
            last[key] = change
    return found


def _inert(scenario: Scenario) -> list[str]:
    """Return the levers that can do nothing from the day on which they are set."""
    times = in_force(scenario)
    found = []
    for each in INERT:
        names = [
            name
            for name in each.names
            for since in _set_at(name, times)
            if all(each.idle(numbers) for numbers in times[since:])
        ]
        if names:
            found.append(f"{', '.join(dict.fromkeys(names))} {each.what}: {each.why}")
    return found


def _set_at(name: str, times: Sequence[Numbers]) -> list[int]:
    """Return the times from which a number has another value than before, or than is declared.

    To set a lever to 0 is to close it: that nothing comes of it then is what was wanted.
    """
    default = DEFAULTS[name]
    values = [default, *(numbers[name] for numbers in times)]
    return [k for k, value in enumerate(values[1:]) if value not in (values[k], default, 0.0)]


def in_force(scenario: Scenario) -> list[Numbers]:
    """Return the numbers in force from the first day and after each change before the end."""
    parameters: Any = scenario.parameters
    times = [_flat(parameters)]
    for change in sorted(scenario.change, key=lambda each: each.when):
        if scenario.quarter_of(change.when) < scenario.quarters:
            parameters = changed(parameters, change.set, scenario.name)
            times.append(_flat(parameters))
    return times


def _flat(parameters: Any) -> Numbers:
    return {
        f"{section}.{name}": value
        for section, numbers in parameters
        for name, value in numbers
    }  # fmt: skip


def _implausible(scenario: Scenario) -> list[str]:
    """Return the numbers that lie outside the range that is declared plausible."""
    settings: list[tuple[Mapping[str, Any], str]] = [(_flat(scenario.parameters), "")]
    settings += [(change.set, f" from {change.when}") for change in scenario.change]
    spans = {each.name: each.plausible for each in declarations() if each.plausible}
    return [
        f"{name} is {value:g}{when}, outside its plausible range {_span(spans[name])}"
        for values, when in settings
        for name, value in values.items()
        if name in spans and not spans[name][0] <= value <= spans[name][1]
    ]


def _span(plausible: Sequence[float]) -> str:
    return f"{plausible[0]:g} to {plausible[1]:g}"
