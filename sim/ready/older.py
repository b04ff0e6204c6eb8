"""Which tables tell of a year before the start: said, for a later start would hide it."""

from __future__ import annotations

from ..country.councils import FIRST_YEAR
from ..country.opening import older
from ..declared.scenario import Scenario


def older_tables(scenario: Scenario) -> dict[str, int]:
    """Return what a scenario takes from a year before its start, in words, and from which."""
    return older(scenario.places.table, scenario.start.year)


def as_told(scenario: Scenario) -> str:
    """Return what of the first day is older than the start, in words; empty where nothing is."""
    places, told = scenario.places, []
    found = older_tables(scenario)
    if found:
        what = ", ".join(f"{words} ({year})" for words, year in found.items())
        told.append(f"older than the start of {scenario.start}: {what}")
    known = places.table == "england" and places.partnerships
    if known and scenario.start.year > FIRST_YEAR:
        stand = f"those that stood in April {FIRST_YEAR} are left out"
        told.append(f"partnerships: {stand}; name what stands at the start in [[partnership]]")
    return ". ".join(text[0].upper() + text[1:] for text in told)
