"""What a scenario sets, and a later [[change]] of its base sets again: said, for one misses it.

A base's changes stay in force under whatever is laid over it. So a policy that is dated before one
of them holds only until then.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from .parameters import SECTIONS
from .reading import Layers
from .scenario import INSIDE, SHIPPED, Change, Scenario, asked_for, layers

DATED = ("change", "happening", "order")


class Setting(NamedTuple):
    """A number that a layer sets from a day on."""

    when: date
    layer: int
    name: str
    value: Any


def undone(
    scenario: Scenario, source: str | Path | Layers, *, sets: Sequence[str] = ()
) -> list[str]:
    """Return in words what is set, above the scenarios of the project, and does not last.

    Args:
        scenario: what was loaded.
        source, sets: what it was loaded from: a name, a path, or files laid one over the other.
    """
    trees, files = zip(*layers_of(source), strict=True)
    own = [Path(file).parent != SHIPPED for file in files] + [True]
    settings = [
        setting
        for layer, tree in enumerate([*trees, asked_for(sets)])
        for setting in _settings(tree, layer, scenario.start)
    ]
    end = scenario.first_day(scenario.quarters)
    found: dict[Setting, str] = {}
    for later in sorted(settings, key=_order):
        if not scenario.start < later.when < end:
            continue
        rivals = [each for each in settings if each.name == later.name and each.when <= later.when]
        last = max((each for each in rivals if each is not later), key=_order, default=later)
        lost = last.when < later.when and last.layer > later.layer and last.value != later.value
        if own[last.layer] and lost and last not in found:
            base = Path(files[later.layer]).stem
            found[last] = (
                f"{last.name} is {last.value!r} from {last.when} only until {later.when}, "
                f"when [[change]] in {base} sets it to {later.value!r}"
            )
    return list(found.values())


def layers_of(source: str | Path | Layers) -> Layers:
    """Return the files of a name or a path; files as they are."""
    return source if isinstance(source, list) else layers(source)


def own_dates(scenario: Scenario, source: str | Path | Layers) -> Scenario:
    """Return a scenario with those dated parts only that stand above the scenarios of the project.

    Args:
        scenario: what was loaded.
        source: what it was loaded from, as in `undone`.
    """
    own = [tree for tree, file in layers_of(source) if Path(file).parent != SHIPPED]
    dated = {
        kind: [INSIDE[kind].model_validate(each) for tree in own for each in tree.get(kind, [])]
        for kind in DATED
    }
    return scenario.model_copy(update=dated)


def _order(setting: Setting) -> tuple[date, int]:
    return setting.when, setting.layer


def _settings(tree: dict[str, Any], layer: int, start: date) -> list[Setting]:
    """Return what a layer sets: from the start, and from the days of its changes."""
    found = [
        Setting(start, layer, f"{section}.{field}", value)
        for section in tree
        if section in SECTIONS
        for field, value in tree[section].items()
    ]
    for change in map(Change.model_validate, tree.get("change", [])):
        found += [Setting(change.when, layer, *item) for item in change.set.items()]
    return found
