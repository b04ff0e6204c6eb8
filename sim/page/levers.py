"""The levers of the page: the group and the name of each, and its values in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from ..declared.parameters import LIMITS, STANCES, Declaration, declarations
from ..story.wording import capital

Values = Mapping[str, float | str]
WORDS = {"reorganisation.stance": STANCES, "tax.limits": LIMITS}
"""The levers that are words; in the numbers in force each word is its place here."""

POT = "Acts only while there are grants for setting up."


class Lever(NamedTuple):
    """How one lever stands on the page.

    `form` writes a value: percent, pounds (million), years, times, yes or word. `said` holds the
    values that have words of their own, `below` and `above` wrap what is less or more than nothing.
    """

    group: str
    label: str
    form: str = "percent"
    said: Mapping[str, str] = {}
    above: str = "{}"
    below: str = "{}"
    needs: str = ""


LEVERS: dict[str, Lever] = {
    "settlement.shock": Lever(
        "Money", "Funding shock", said={"0": "none"},
        above="{} is added to the settlement", below="{} of the settlement goes",
    ),
    "settlement.depth": Lever(
        "Money", "Depth of the cuts", "times", {"0": "no cuts and no rises", "1": "as planned"},
        above="{} what was planned",
    ),
    "tax.freeze": Lever(
        "Money", "Council tax freeze", said={"0": "never offered", "1": "as it was"},
        above="{} of those that froze",
    ),
    "tax.limits": Lever(
        "Money", "Limit on council tax", "word",
        {"history": "as they were", "none": "no limit", "fixed": "the same each year"},
    ),
    "grants.feasibility_pot": Lever(
        "Grants", "Grants for studies", "pounds", {"0": "none"}, above="{} a year"
    ),
    "grants.setup_pot": Lever(
        "Grants", "Grants for setting up", "pounds", {"0": "none"}, above="{} a year"
    ),
    "grants.setup_share": Lever(
        "Grants", "Part of the set-up cost met", said={"0": "nothing"}, above="{} of the cost",
        needs=POT,
    ),
    "grants.exit_required": Lever("Grants", "Only with an exit strategy", "yes", needs=POT),
    "grants.staged": Lever("Grants", "Study first, then the grant", "yes", needs=POT),
    "support.matchmaking": Lever("Help", "Match-making", said={"0": "none", "1": "full strength"},
                                 above="{} of full strength"),
    "support.published_lessons": Lever(
        "Help", "Published lessons", said={"0": "none"}, above="{} of a lesson is learnt by others"
    ),
    "support.ict_subsidy": Lever(
        "Help", "Help with a common system", said={"0": "none"}, above="{} of its cost"
    ),
    "terms.tax_support": Lever(
        "Help", "Help to align council tax", said={"0": "none"}, above="{} of the gap made good"
    ),
    "terms.minimum": Lever("Rules", "Minimum term", "years", {"0": "none"}),
    "reorganisation.stance": Lever(
        "Rules", "Government's stance on mergers", "word",
        {"none": "no mergers", "voluntary": "proposals are heard",
         "review": "a review: the map is in doubt", "mandated": "reorganisation by order"},
    ),
    "reorganisation.notice": Lever(
        "Rules", "Notice of a reorganisation", "years",
        needs="Acts only when the stance is “reorganisation by order”.",
    ),
}  # fmt: skip


class Shock(NamedTuple):
    """A button that sets one or more levers at once."""

    key: str
    label: str
    why: str
    set: Values


SHOCKS = (
    Shock(
        "cut",
        "Funding shock now",
        "a tenth of the settlement goes",
        {"settlement.shock": -0.1},
    ),
    Shock(
        "grant",
        "Offer a grant",
        "£2m a year for setting up, no study first",
        {"grants.setup_pot": 2.0, "grants.staged": 0.0},
    ),
    Shock(
        "review",
        "Announce a review",
        "the map of councils is in doubt",
        {"reorganisation.stance": "review"},
    ),
)


@lru_cache(maxsize=1)
def declared() -> dict[str, Declaration]:
    """Return the declarations of the levers on the page."""
    found = {each.name: each for each in declarations()}
    return {name: found[name] for name in LEVERS}


def listing() -> list[dict[str, Any]]:
    """Return the levers for the page: label, unit, meaning, and the range of the slider."""
    rows = []
    for name, each in declared().items():
        low, high = each.plausible or (0.0, 0.0)
        rows.append(
            {"name": name, **LEVERS[name]._asdict(), "unit": each.unit, "why": each.why,
             "low": low, "high": high, "words": choices(name)}
        )  # fmt: skip
    return rows


def choices(name: str) -> list[str]:
    """Return the words to choose from; a fixed limit needs a second number, so is not offered."""
    return [word for word in WORDS.get(name, ()) if word != "fixed"]


def in_force_words(name: str, value: float | str) -> str:
    """Return the value of a lever in words; `leverSaid` of the page says the same."""
    lever = LEVERS[name]
    key = value if isinstance(value, str) else f"{value:g}"
    if key in lever.said or isinstance(value, str):
        return lever.said.get(key, key)
    if lever.form == "yes":
        return "yes" if value else "no"
    return (lever.below if value < 0 else lever.above).format(_number(lever.form, abs(value)))


def plainly(text: str) -> str:
    """Return a sentence with the levers in it called as they are on the page."""

    def called(name: re.Match[str]) -> str:
        return f"“{LEVERS[name[0]].label}”" if name[0] in LEVERS else name[0]

    text = re.sub(r"[a-z]+\.[a-z_]+", called, text)
    return capital(text)


def _number(form: str, value: float) -> str:
    if form == "percent":
        return f"{100 * value:.3g}%"
    if form == "pounds":
        return f"£{value:g}m" if value >= 1 else f"£{1000 * value:,.0f},000"
    if form == "years":
        return f"{value:g} year" if value == 1 else f"{value:g} years"
    return f"{value:g} times"
