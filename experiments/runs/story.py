"""One run told in words: all that happened, or what two councils had to do with each other."""

from __future__ import annotations

from ...sim.declared.scenario import Scenario
from ...sim.errors import InputError
from ...sim.ready.kept import prepared
from ...sim.ready.world import find_council
from ...sim.story import known_of, narrative, pair_history
from ...sim.tables.batch import names_in, simulate
from ..terminal import say, say_json
from ..words import period


def tell_story(
    scenario: Scenario, *, seed: int, replicate: int, everything: bool, as_json: bool
) -> None:
    """Write one run in order of time; `everything` includes who only looks."""
    run = simulate(scenario, seed=seed, replicate=replicate)
    known = known_of(prepared(scenario))
    lines = narrative(run.events, names_in(run), important_only=not everything, known=known)
    if as_json:
        say_json(_about(scenario, seed, replicate) | {"lines": lines, "final": dict(run.final)})
        return
    say(_heading(scenario, seed, replicate))
    for line in lines:
        say(line)
    if not lines:
        say("Nothing happened.")


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
