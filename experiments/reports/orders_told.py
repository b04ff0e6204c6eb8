"""What a scenario lays down, in plain sentences: orders, happenings, changes, named councils."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from ...sim.declared.catalogue import TITLES
from ...sim.declared.scenario import (
    DECISIONS,
    CouncilFact,
    Happening,
    Order,
    PairFact,
    PartnershipFact,
    Scenario,
)
from ...sim.errors import InputError
from ...sim.ready.kept import prepared
from ...sim.story.wording import PARTIES_IN_WORDS, scope_words
from ..words import MONTHS, listed
from .words import about_number, share_words, value_words

Names = Mapping[str, str]
"""Names of councils by their codes, in lower case."""
CHOICES = {
    "settlement.path": {
        "history": "government funding goes as it did in England",
        "flat": "government funding stays as it is on the first day",
    },
    "tax.limits": {
        "history": "council tax may rise each year as far as it might in England",
        "none": "council tax may rise without a limit in law",
        "fixed": "council tax may rise each year by one fixed limit",
    },
    "reorganisation.stance": {
        "none": "government hears no proposal to merge councils",
        "voluntary": "government hears councils that propose to merge",
        "review": "government reviews which councils there shall be, and the outcome is in doubt",
        "mandated": "government says that there will be one council for each county",
    },
}
"""What it means that a number which is a word has this value."""
CULTURE = ("member-led", "open to outsourcing", "localist", "bold")
STRATEGIES = {"marriage": "looks for one deep partner", "single": "looks for single deals"}


def day(when: date) -> str:
    """Return a date as it is spoken of: 1 April 2013."""
    return f"{when.day} {MONTHS[when.month - 1]} {when.year}"


def names_of(scenario: Scenario) -> dict[str, str]:
    """Return the name of each council by its code; of a table that is gone, none."""
    try:
        table = prepared(scenario).table
    except InputError:  # its own table has moved since; what is told then is the code
        return {}
    found = {code.lower(): name for code, name in zip(table.code, table.name, strict=True)}
    return found | {order.code.lower(): order.name for order in scenario.order}


def from_day(scenario: Scenario, when: date) -> str:
    """Return a date, and where the model takes it to be the first day of its quarter, that too."""
    first = scenario.first_day(scenario.quarter_of(when))
    return day(when) if first == when else f"{day(when)} (in the model {day(first)})"


def order_words(order: Order, scenario: Scenario, names: Names) -> str:
    """Return what an order of government does, to whom and when."""
    whole = [_name(text, names) for text in order.councils]
    parts = [f"{share_words(part.share)} of {_name(part.council, names)}" for part in order.parts]
    known = ""
    if order.announced is not None and order.announced != order.when:
        known = f" (known from {from_day(scenario, order.announced)})"
    become = "become one council" if len(whole) + len(parts) > 1 else "becomes a new council"
    said = (
        f"From {from_day(scenario, order.when)}{known} {listed([*whole, *parts])} {become}, "
        f"{order.name}, by order of government."
    )
    if order.county is None:
        return said
    took = "all" if order.of_county == 1 else share_words(order.of_county)
    return (
        f"{said} The county council of {_name(order.county, names)} is abolished on that day, and "
        f"{took} of what it does passes to {order.name}."
    )


DONE = {
    "says_no": "says no to", "says_yes": "says yes to", "walks_out": "walks away from talks with",
}  # fmt: skip


def happening_words(happening: Happening, scenario: Scenario) -> str:
    """Return what happens to a council at a date, whatever the dice say."""
    council, when = happening.council, from_day(scenario, happening.when)
    if happening.what == "control_changes":
        party = PARTIES_IN_WORDS[happening.control or "NOC"]
        return f"On {when} control of {council} passes to {party}."
    if happening.what in DECISIONS:
        about = scope_words({"scope": happening.scope})
        return (
            f"In the quarter of {when} it is decided for {council} that it "
            f"{DONE[happening.what]} {happening.partner} about {about}, if it comes to that."
        )
    said = f"On {when} the chief executive of {council} leaves"
    if happening.until is not None:
        said += f", and no successor is appointed before {from_day(scenario, happening.until)}"
    return f"{said}."


def number_words(name: str, value: Any, other: Any = None, *, where: str = "before") -> str:
    """Return what it means that a number has a value, with its unit, and another value `where`."""
    was = "" if other is None else f"; {where}: {_meant(name, other)}"
    if value == other:
        was = f", as {where}"
    if value in CHOICES.get(name, {}):
        return f"{_meant(name, value)} ({name}: {value}{was})"
    return f"“{about_number(name)}” ({name}): {value_words(name, value)}{was}"


def _meant(name: str, value: Any) -> str:
    """Return what a value means: a word in a sentence, anything else with its unit."""
    return CHOICES.get(name, {}).get(value) or value_words(name, value)


def council_words(fact: CouncilFact) -> str:
    """Return what is laid down of a council instead of being drawn."""
    said = []
    if fact.culture is not None:
        axes = [f"{axis} {place:g}" for axis, place in zip(CULTURE, fact.culture, strict=True)]
        said.append(f"its culture is {', '.join(axes)} (each from 0 to 1)")
    if fact.autonomy is not None:
        said.append(f"it clings to its autonomy by {fact.autonomy:g} (0 to 1)")
    if fact.contact is not None:
        said.append(f"it keeps {share_words(fact.contact)} of its local contact")
    if fact.strategy is not None:
        said.append(f"it {STRATEGIES[fact.strategy]}")
    if fact.system is not None:
        said.append(f"its computer systems are those of supplier {fact.system}")
    if fact.vacant is not None:
        said.append(f"its chief executive's post is {'vacant' if fact.vacant else 'filled'}")
    if fact.attention is not None:
        said.append(f"it can be in {fact.attention} talks at once")
    if fact.control is not None:
        said.append(f"it is run by {PARTIES_IN_WORDS[fact.control]}")
    if fact.reserves is not None:
        said.append(f"it holds reserves of {fact.reserves:g} million pounds")
    return f"{fact.council}, at the start: {'; '.join(said) or 'nothing'}."


def pair_words(fact: PairFact) -> str:
    """Return what is laid down of two councils instead of being drawn."""
    one, other = fact.between
    said = [] if fact.trust is None else [f"trust between them is {fact.trust:g} (0 to 1)"]
    if fact.belief is not None:
        mine, theirs = fact.belief
        said.append(
            f"{one} takes the cultures of the two to be {mine:g} apart, {other} {theirs:g} (0: "
            "alike, 1: as unlike as can be)"
        )
    return f"{one} and {other}, at the start: {'; '.join(said) or 'nothing'}."


def partnership_words(fact: PartnershipFact) -> str:
    """Return a partnership that stands on the first day."""
    title, since = TITLES[fact.scope], day(fact.since)
    return f"{listed(fact.councils)} have shared {title[0].lower()}{title[1:]} since {since}."


def facts_words(scenario: Scenario) -> list[str]:
    """Return in sentences all that a scenario lays down of named councils, orders first."""
    names = names_of(scenario) if scenario.order else {}
    return [
        *(order_words(order, scenario, names) for order in scenario.order),
        *_happenings(scenario),
        *map(partnership_words, scenario.partnership),
        *map(council_words, scenario.council),
        *map(pair_words, scenario.pair),
    ]


def _happenings(scenario: Scenario) -> list[str]:
    """Return what happens to councils; of the same that happens often, all dates in a sentence."""
    alike: dict[tuple[Any, ...], list[Happening]] = {}
    for each in scenario.happening:
        same = each.model_dump(exclude={"when"})
        alike.setdefault(tuple(same.values()), []).append(each)
    said = []
    for group in alike.values():
        days = listed([from_day(scenario, each.when) for each in group])
        first = from_day(scenario, group[0].when)
        said.append(happening_words(group[0], scenario).replace(first, days, 1))
    return said


def _name(text: str, names: Names) -> str:
    return names.get(text.strip().lower(), text)
