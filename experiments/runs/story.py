"""One run told in words: all that happened, or what two councils had to do with each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ...sim.declared.scenario import Scenario
from ...sim.errors import InputError
from ...sim.ready.kept import prepared
from ...sim.ready.world import find_council
from ...sim.story import known_of, narrative, pair_history
from ...sim.story.short import Whole, whole_story
from ...sim.tables.batch import names_in, simulate
from ..terminal import say, say_json
from ..words import period


class How(NamedTuple):
    """How a run is told: of which one or two councils (by name, none for all), and how fully."""

    everything: bool = False  # who only looks, too
    short: bool = False
    councils: Sequence[str] = ()


def tell_story(scenario: Scenario, *, seed: int, replicate: int, how: How, as_json: bool) -> None:
    """Write one run in order of time.

    Raises:
        InputError: the scenario has no such council, or one is named twice.
    """
    codes = _codes(scenario, how.councils)
    run = simulate(scenario, seed=seed, replicate=replicate)
    names, known = names_in(run), known_of(prepared(scenario))
    about = _about(scenario, seed, replicate)
    if codes:
        about["councils"] = [{"code": code, "name": names[code]} for code in codes]
    heading = _heading(scenario, seed, replicate)
    if how.short:
        told = whole_story(run.events, names, known, codes)
        _say_short(heading, told, about, as_json=as_json)
        return
    lines = narrative(
        run.events, names, important_only=not how.everything, known=known, about=codes
    )
    if as_json:
        say_json(about | {"lines": lines, "final": dict(run.final)})
        return
    for line in (heading, *(lines or ["Nothing happened."])):
        say(line)


def _codes(scenario: Scenario, councils: Sequence[str]) -> list[str]:
    """Return the codes of councils by name; InputError where one is unknown or named twice."""
    codes = [find_council(scenario, name) for name in councils]
    if len(set(codes)) < len(codes):
        raise InputError(f"'{councils[0]}' and '{councils[1]}' are one council: name another")
    return codes


def _say_short(heading: str, told: Whole, about: dict[str, object], *, as_json: bool) -> None:
    """Write a short story: a heading a year, and a paragraph under it."""
    if as_json:
        years = [each._asdict() for each in told.years]
        say_json(about | {"first": told.first, "years": years, "last": told.last})
        return
    say(heading)
    if told.first:
        say(f"\n{told.first}")
    for each in told.years:
        say(f"\n{each.year}")
        say(" ".join(each.sentences))
    say(f"\n{told.last}")


def tell_why(
    scenario: Scenario, a: str, b: str, *, seed: int, replicate: int, as_json: bool
) -> None:
    """Write what two councils, given by name or code, had to do with each other in one run."""
    codes = find_council(scenario, a), find_council(scenario, b)
    if codes[0] == codes[1]:
        raise InputError(f"'{a}' and '{b}' are one council: a history needs two; name another")
    run = simulate(scenario, seed=seed, replicate=replicate)
    names = names_in(run)
    lines = pair_history(run.events, names, *codes, known=known_of(prepared(scenario)))
    if as_json:
        councils = [{"code": code, "name": names[code]} for code in codes]
        say_json(_about(scenario, seed, replicate) | {"councils": councils, "lines": lines})
        return
    say(_heading(scenario, seed, replicate))
    for line in lines:
        say(line)


def _heading(scenario: Scenario, seed: int, replicate: int) -> str:
    title = scenario.title or scenario.name
    return f"{title}: {period(scenario)}, seed {seed}, replicate {replicate}"


def _about(scenario: Scenario, seed: int, replicate: int) -> dict[str, object]:
    return {
        "scenario": scenario.name, "title": scenario.title, "seed": seed, "replicate": replicate,
        "start": scenario.start.isoformat(), "quarters": scenario.quarters,
    }  # fmt: skip
