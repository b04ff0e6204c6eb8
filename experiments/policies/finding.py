"""Policies that come with the project, and finding what a name or a path means.

A policy is a set of differences. One of the project, or a file that names neither a `base` nor
[places], is laid over whatever it is compared with. A file with a `base` is a scenario of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from ...sim.declared.parameters import SECTIONS
from ...sim.declared.reading import Layers, parse
from ...sim.declared.scenario import (
    SHIPPED,
    Scenario,
    asked_for,
    differences,
    lasting,
    layers,
    load,
    made_of,
)
from ...sim.errors import A_SCENARIO, as_text
from .mistakes import POLICIES, check_alike, check_given, check_no_county, unknown


class Found(NamedTuple):
    """A scenario that a name or a path means, and what it was made of."""

    scenario: Scenario
    layers: Layers  # its files, the lowest first; none of a scenario that was made in Python
    notes: Sequence[str] = ()  # what of it is not as its file says


def find_policy(text: str | Path | Scenario, quarters: int | None = None) -> Scenario:
    """Return a scenario by its name, by the name of a policy of the project, or by its path.

    Raises:
        InputError: there is none, or it cannot last so many `quarters`.
    """
    if not isinstance(text, Scenario):
        return load(file_of(text), quarters=quarters)
    return text if quarters is None else lasting(text, quarters)


def find_all(
    base: str | Path | Scenario,
    policies: Sequence[str | Path | Scenario],
    *,
    quarters: int | None = None,
    sets: Sequence[str] = (),
) -> list[Found]:
    """Return a base and the policies that are compared with it, the base first.

    Policies of the project, and files of differences, are laid over the base; where the base is
    itself a policy of the project, over the scenario that its file names.

    Args:
        base, policies: names, paths of files in .toml, or scenarios.
        quarters: how long all last; as long as they say if None.
        sets: `section.name=value`, laid over the base and every policy alike.

    Raises:
        InputError: something that was given cannot be used, or cannot be compared.
    """
    check_given(base, policies, _is_own)
    ground = _ground(base)
    made = [_whole(base, quarters, sets)]
    start = made[0].scenario.start
    for each in policies:
        if isinstance(each, Scenario) or not _is_bare(each):
            made.append(_whole(each, quarters, sets))
        else:
            made.append(_over(ground, start, each, quarters, sets))
    check_alike([each.scenario for each in made], (base, *policies))
    return _called_apart(_built_upon(made))


def _built_upon(made: Sequence[Found]) -> list[Found]:
    """Return them with a note where one file does not stand upon another as one would think."""
    base, *policies = made
    under, told = _files(base), []
    for each in policies:
        own, notes = _files(each), list(each.notes)
        if own and own[-1] in under[:-1]:
            notes.append(
                f"'{base.scenario.name}', the base, is built upon it; to see what "
                f"{base.scenario.name} changes, give {each.scenario.name} first"
            )
        elif own and under and under[-1] not in own and not _is_policy(base):
            notes.append(
                f"it is not built upon '{base.scenario.name}', so all in which the two differ is "
                f"compared; without `base` and [places] its file is laid over it"
            )
        told.append(each._replace(notes=notes))
    return [base, *told]


def _files(found: Found) -> list[Path]:
    return [Path(file).resolve() for _, file in found.layers]


def _is_policy(found: Found) -> bool:
    return _files(found)[-1].parent == POLICIES.resolve()


def _whole(given: str | Path | Scenario, quarters: int | None, sets: Sequence[str]) -> Found:
    """Return a scenario of its own."""
    if not isinstance(given, Scenario):
        return _laid(layers(file_of(given)), Path(given).stem, quarters, sets)
    if sets:
        return _laid(_layers_of(given), given.name, quarters, sets)
    return Found(given if quarters is None else lasting(given, quarters), [])


def _over(
    ground: Layers, start: date, given: str | Path, quarters: int | None, sets: Sequence[str]
) -> Found:
    """Return differences laid over the ground, which starts on a day."""
    file = file_of(given)
    own, notes = _differences(Path(file), start)
    found = _laid([*_copied(ground), (own, file)], Path(given).stem, quarters, sets)
    return found._replace(notes=[*notes, *found.notes])


def _laid(files: Layers, name: str, quarters: int | None, sets: Sequence[str]) -> Found:
    kept = _copied(files)  # what is made of them is taken out of their tables
    scenario = made_of(files, name, sets=sets, quarters=quarters)
    return Found(scenario, kept, _overridden(kept, sets))


def _ground(base: str | Path | Scenario) -> Layers:
    """Return the files over which policies are laid."""
    if isinstance(base, Scenario):
        return _layers_of(base)
    found = layers(file_of(base))
    return found[:-1] if _is_own(base) else found


def _layers_of(scenario: Scenario) -> Layers:
    """Return as one file what a scenario that was made in Python says beyond the defaults."""
    tree = scenario.model_dump(exclude_defaults=True)
    name = tree.pop("name")
    return [(tree | tree.pop("parameters", {}), name)]


def _copied(found: Layers) -> Layers:
    """Return files whose tables can be changed without changing the others."""
    return [
        ({key: dict(value) if isinstance(value, dict) else value for key, value in tree.items()},
         file)
        for tree, file in found
    ]  # fmt: skip


def _differences(path: Path, start: date) -> tuple[dict[str, object], list[str]]:
    """Return what a policy lays over a scenario that starts on a day, and what of it was moved.

    A change that is dated before the start holds from the start.
    """
    own = differences(path)
    own.pop("base", None)
    notes = []
    for change in own.get("change", []):
        when = change.get("when")
        if isinstance(when, date) and when < start:
            change["when"] = start
            notes.append(f"its change of {when} lies before the start and holds from {start}")
    return own, notes


def _overridden(found: Layers, sets: Sequence[str]) -> list[str]:
    """Return which numbers that the last file sets from the start are set otherwise for all."""
    own = found[-1][0] if Path(found[-1][1]).parent != SHIPPED else {}
    return [
        f"{section}.{name} = {own[section][name]!r} is overridden by --set, for all alike"
        for section, values in asked_for(sets).items()
        for name, value in values.items()
        if section in SECTIONS and own.get(section, {}).get(name, value) != value
    ]


def _called_apart(made: Sequence[Found]) -> list[Found]:
    """Return them with a title each that no other has; otherwise a name has to do."""
    titles = [each.scenario.title for each in made]
    return [
        each._replace(scenario=each.scenario.model_copy(update={"title": ""}))
        if place and titles.count(title) > 1
        else each
        for place, (each, title) in enumerate(zip(made, titles, strict=True))
    ]


def _is_own(given: str | Path | Scenario) -> bool:
    """Return whether a policy of the project is meant, by its name or by its file."""
    if isinstance(given, Scenario):
        return False
    path = Path(file_of(given))
    return path.suffix == ".toml" and path.resolve().parent == POLICIES.resolve()


def _is_bare(given: str | Path) -> bool:
    """Return whether differences are meant, that are laid over something."""
    if _is_own(given):
        return True
    file = file_of(given)
    if not file.endswith(".toml") or not Path(file).is_file():
        return False
    own = parse(Path(file))
    return "base" not in own and "places" not in own


def file_of(text: str | Path) -> str:
    """Return the name of a scenario as it is, and the file of a policy of the project."""
    name = as_text("the scenario or policy", text, A_SCENARIO)
    if name.endswith(".toml") or (SHIPPED / f"{name}.toml").exists():
        return name
    file = file_meant(name)
    if file == name:
        raise unknown(name)
    return file


def file_meant(name: str) -> str:
    """Return the file of a policy of the project, and any other name or path as it is.

    Raises:
        InputError: a county of England is named, and no scenario is called so.
    """
    own = POLICIES / f"{name}.toml"
    if name and own.is_file():
        return str(own)
    if not name.endswith(".toml") and not (SHIPPED / f"{name}.toml").exists():
        check_no_county(name)
    return name
