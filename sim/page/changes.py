"""What the room may change: levers and shocks, each from one day on and never before it.

An act becomes a dated `[[change]]` or `[[happening]]` of the scenario, so that what was tried is a
scenario file like any other.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from pydantic import Field, ValidationError

from sim.errors import InputError, nearest
from sim.parameters import LIMITS, STANCES, Declaration, declarations
from sim.scenario import Change, Happening, Scenario, Strict, changed

ACTS_MOST = 200
WHAT = {
    "chief_executive_leaves": "The chief executive of {} leaves",
    "control_changes": "Elections change control of {} ({})",
}
WORDS = {"reorganisation.stance": STANCES, "tax.limits": LIMITS}
"""The levers that are words; in the numbers in force each word is its place here."""

LEVERS: dict[str, tuple[str, str]] = {
    "settlement.shock": ("Money", "Funding shock"),
    "settlement.depth": ("Money", "Depth of the cuts"),
    "tax.freeze": ("Money", "Council tax freeze"),
    "tax.limits": ("Money", "Limit on council tax"),
    "grants.feasibility_pot": ("Grants", "Grants for studies"),
    "grants.setup_pot": ("Grants", "Grants for setting up"),
    "grants.setup_share": ("Grants", "Part of the set-up cost met"),
    "grants.exit_required": ("Grants", "Only with an exit strategy"),
    "grants.staged": ("Grants", "Study first, then the grant"),
    "support.matchmaking": ("Help", "Match-making"),
    "support.published_lessons": ("Help", "Published lessons"),
    "support.ict_subsidy": ("Help", "Help with a common system"),
    "terms.tax_support": ("Help", "Help to align council tax"),
    "terms.minimum": ("Rules", "Minimum term"),
    "reorganisation.stance": ("Rules", "Government's stance on mergers"),
    "reorganisation.notice": ("Rules", "Notice of a reorganisation"),
}
"""The levers on the page: the group and the label of each."""

Values = Mapping[str, float | str]


class Shock(NamedTuple):
    """A button that sets one or more levers at once."""

    key: str
    label: str
    why: str
    set: Values


SHOCKS = (
    Shock("cut", "Funding shock now", "a tenth of the settlement goes", {"settlement.shock": -0.1}),
    Shock(
        "grant",
        "Offer a grant",
        "£2m a year towards setting up, no study needed first",
        {"grants.setup_pot": 2.0, "grants.staged": 0.0},
    ),
    Shock(
        "review",
        "Announce a review",
        "the map of councils is in doubt",
        {"reorganisation.stance": "review"},
    ),
)


class Act(Strict):
    """Something that the room does at the beginning of quarter `at`, counted from the start."""

    at: int = Field(ge=0)
    set: dict[str, float | str] | None = Field(None, max_length=len(LEVERS))
    council: str | None = Field(None, max_length=200)
    what: str | None = Field(None, max_length=40)
    control: str | None = Field(None, max_length=10)


def read_act(given: Any) -> Act:
    """Return an act from JSON or TOML; InputError says what is wrong with it."""
    try:
        return Act.model_validate(given)
    except ValidationError as error:
        raise InputError(in_words(error, "the change")) from None


def in_words(error: ValidationError, where: str) -> str:
    """Return the first thing that a check of a document found, in one line."""
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    return f"{where}: {place or 'as a whole'}: {first['msg'].lower()}"


def declared() -> dict[str, Declaration]:
    """Return the declarations of the levers on the page."""
    found = {each.name: each for each in declarations()}
    return {name: found[name] for name in LEVERS}


def listing() -> list[dict[str, Any]]:
    """Return the levers for the page: label, unit, meaning, and the range of the slider."""
    rows = []
    for name, each in declared().items():
        group, label = LEVERS[name]
        low, high = each.plausible or (0.0, 0.0)
        rows.append(
            {"name": name, "group": group, "label": label, "unit": each.unit, "why": each.why,
             "low": low, "high": high, "words": _choices(name),
             "yes_or_no": each.unit.startswith("0 no")}
        )  # fmt: skip
    return rows


def _choices(name: str) -> list[str]:
    """Return the words to choose from; a fixed limit needs a second number, so is not offered."""
    return [word for word in WORDS.get(name, ()) if word != "fixed"]


def apply_acts(base: Scenario, acts: Iterable[Act]) -> Scenario:
    """Return the scenario with what the room did, in order of time.

    Raises:
        InputError: an act names what is not known, or a value that is not allowed.
    """
    changes, happenings = list(base.change), list(base.happening)
    for act in sorted(acts, key=lambda act: act.at):
        when = _day_of(base, act)
        if act.set is not None:
            changes += _changes(base, when, _checked(base, act.set))
        else:
            happenings.append(_happening(act, when))
    return base.model_copy(update={"change": changes, "happening": happenings})


def _day_of(base: Scenario, act: Act) -> date:
    """Return the day on which an act takes effect."""
    if act.at >= base.quarters:
        raise InputError(
            f"the run is over after {base.quarters} quarters: go back, then change something"
        )
    if (act.set is None) == (act.what is None):
        raise InputError("the change: give either levers to set, or a council and what befalls it")
    return base.first_day(act.at)


def _checked(base: Scenario, values: Values) -> Values:
    """Return values of levers, each known and within its allowed range."""
    for name, value in values.items():
        if name not in LEVERS:
            raise InputError(f"there is no lever '{name}' on the page; {nearest(name, LEVERS)}")
        words = _choices(name)
        if words and value not in words:
            raise InputError(f"{name} is {value!r}: choose one of {', '.join(words)}")
        low, high = declared()[name].allowed or (None, None)
        if low is not None and high is not None and not _within(value, low, high):
            raise InputError(f"{name} is {value!r}: give a number from {low:g} to {high:g}")
    changed(base.parameters, values, "the change")
    return values


def _within(value: float | str, low: float, high: float) -> bool:
    return isinstance(value, float) and low <= value <= high


def _changes(base: Scenario, when: date, values: Values) -> list[Change]:
    """Return the change and, where the scenario later sets the same lever, the change once more.

    Otherwise a grant that the room offers would end when the scenario's own grant ends.
    """
    again: dict[date, dict[str, float | str]] = {when: dict(values)}
    for later in base.change:
        if later.when > when:
            held = {name: values[name] for name in values if name in later.set}
            if held:
                again.setdefault(later.when, {}).update(held)
    return [Change(when=day, set=dict(held)) for day, held in sorted(again.items())]


def _happening(act: Act, when: date) -> Happening:
    if act.what not in WHAT:
        raise InputError(f"'{act.what}' cannot befall a council; {nearest(str(act.what), WHAT)}")
    if not act.council:
        raise InputError(f"{act.what}: name the council")
    try:
        return Happening.model_validate(
            {"when": when, "council": act.council, "what": act.what, "control": act.control}
        )
    except ValidationError as error:
        raise InputError(in_words(error, act.what)) from None


def told(base: Scenario, act: Act, names: Mapping[str, str]) -> str:
    """Return an act in words: "1 April 2011: Funding shock -0.1"."""
    day = base.first_day(act.at)
    when = f"{day.day} {day:%B %Y}"
    if act.set is None:
        name = names.get(act.council or "", act.council or "")
        return f"{when}: {WHAT[act.what or ''].format(name, act.control or 'NOC')}"
    parts = [f"{LEVERS[name][1]}: {_shown(value)}" for name, value in act.set.items()]
    return f"{when}: {'; '.join(parts)}"


def _shown(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:g}"


def as_toml(base: Scenario, ref: str, scenario: Scenario, *, seed: int, replicate: int) -> str:
    """Return a scenario file that says what was tried on top of `ref`, a name or a path."""
    lines = [
        "# What was tried on the page. The same run, told in words:",
        f"# councils story THIS-FILE.toml --seed {seed} --replicate {replicate}",
        f"base = {json.dumps(ref)}",
        f"title = {json.dumps((base.title or base.name) + ', as tried')}",
    ]
    for change in scenario.change[len(base.change) :]:
        lines += ["", "[[change]]", f"when = {change.when}", f"set = {_table(change.set)}"]
    for fact in scenario.happening[len(base.happening) :]:
        lines += [
            "",
            "[[happening]]",
            f"when = {fact.when}",
            f"council = {json.dumps(fact.council)}",
        ]
        lines.append(f'what = "{fact.what}"')
        lines += [f'control = "{fact.control}"'] if fact.control else []
    return "\n".join(lines) + "\n"


def _table(values: Mapping[str, Any]) -> str:
    pairs = [f"{json.dumps(name)} = {json.dumps(value)}" for name, value in values.items()]
    return "{ " + ", ".join(pairs) + " }"


def before(acts: Sequence[Act], quarter: int) -> list[Act]:
    """Return the acts that still hold when somebody goes back to a quarter and changes it."""
    return [act for act in acts if act.at <= quarter]
