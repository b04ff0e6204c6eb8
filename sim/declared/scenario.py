"""A scenario is a small file of differences; here it becomes checked parameters and dated changes.

`base` names another scenario (or a path); its tables are taken over and the file's own differences
laid on top. Unknown keys are errors that name the nearest known key.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic_core import PydanticCustomError

from ..errors import InputError, given, is_number, nearest, whole
from ..label import Label, labelled
from .catalogue import SCOPES, SHARED
from .declare import Pickled, Section, detail
from .finding import SHIPPED as SHIPPED, find
from .mistakes import NO_DAY, NO_NUMBER, in_words, parts_of, range_of
from .parameters import SECTIONS, Parameters
from .reading import TABLES, Layers, check_paths, flatten, laid, parse, resolve_paths
from .strays import empty, home_of, keys_astray, number_astray, option_astray

QUARTERS_MOST = 400
Share = Annotated[float, Field(ge=0.0, le=1.0)]
PARTY_WORDS = Literal["CON", "LAB", "LD", "NOC", "IND"]


class Strict(Pickled, BaseModel):
    """A table of a scenario file; keys that are not declared are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    def __hash__(self) -> int:
        """Return one number for all that are equal, lists and all."""
        return hash(_hashable(self.model_dump()))

    @field_validator("*", mode="before")
    @classmethod
    def _no_truth_for_a_number(cls, value: Any, info: Any) -> Any:
        """Refuse true and false where a number is wanted; Python takes them for 1 and 0."""
        inside = value if isinstance(value, list | tuple) else [value]
        if any(isinstance(each, bool) for each in inside):
            kinds = list(parts_of(cls.model_fields[info.field_name]))
            if bool not in kinds and (int in kinds or float in kinds):
                raise PydanticCustomError(NO_NUMBER, "true and false are no numbers")
        return value

    @field_validator("*", mode="before")
    @classmethod
    def _no_number_for_a_day(cls, value: Any, info: Any) -> Any:
        """Refuse a number where a day is wanted; it would be taken for seconds since 1970."""
        days = date in list(parts_of(cls.model_fields[info.field_name]))
        if days and isinstance(value, int | float):
            raise PydanticCustomError(NO_DAY, "a number is no day")
        return value


def _hashable(value: Any) -> Any:
    if isinstance(value, dict):
        return frozenset((key, _hashable(item)) for key, item in value.items())
    return tuple(map(_hashable, value)) if isinstance(value, list | tuple) else value


class Places(Strict):
    """Which councils take part: England's, chosen by tier, county or code, a file, or a number."""

    table: str = Field("england", description="england, synthetic, or the path of a CSV table")
    councils: list[str] = Field(default=[], description="names or codes; empty: all that fit")
    tiers: list[str] = Field(default=[], description="tiers to keep; empty: all")
    counties: list[str] = Field(default=[], description="counties to keep; empty: all")
    number: int = Field(353, ge=2, le=200_000, description="how many, when synthetic")
    draw: int = Field(0, ge=0, le=2**32 - 1, description="which synthetic country")
    neighbours: int = Field(
        20,
        ge=1,
        le=60,
        description="nearest councils that each could talk to, besides those it touches",
    )
    partnerships: bool = Field(
        True, description="start with the partnerships of April 2009, if that is when it starts"
    )
    adjacency: str | None = Field(
        None, description="with a table of one's own: the path of a CSV of who touches whom"
    )

    @model_validator(mode="after")
    def _own_map_with_own_table(self) -> Places:
        """Refuse a map of neighbours for councils whose neighbours are known, or drawn."""
        if self.adjacency is None:
            return self
        if not (self.table.endswith(".csv") and self.adjacency.endswith(".csv")):
            raise PydanticCustomError(
                "own_map",
                "adjacency is the path of a file in .csv, and goes with a table of your own; "
                "set table to the path of that too",
            )
        return self


class Change(Strict):
    """A dated change of any declared number."""

    when: date
    set: dict[str, Any]


class CouncilFact(Strict):
    """What is known of a named council; whatever is not said is drawn."""

    council: str
    culture: list[Share] | None = Field(
        None,
        min_length=4,
        max_length=4,
        description="member-led, open to outsourcing, localist, bold: each 0 to 1",
    )
    autonomy: Share | None = None
    contact: Share | None = None
    strategy: Literal["marriage", "single"] | None = None
    system: int | None = Field(None, ge=0, le=11, description="supplier of its systems")
    vacant: bool | None = Field(None, description="chief executive's post vacant at the start")
    attention: int | None = Field(None, ge=0, le=4)
    control: PARTY_WORDS | None = None
    reserves: float | None = Field(None, ge=0, description="million pounds")


class PairFact(Strict):
    """What is known of two named councils."""

    between: tuple[str, str]
    trust: Share | None = None
    belief: tuple[Share, Share] | None = Field(
        None, description="culture distance that the first, the second believes, 0 to 1"
    )


class PartnershipFact(Strict):
    """A partnership that stands at the start."""

    scope: str
    since: date
    councils: list[str] = Field(min_length=2, max_length=8)


DECISIONS = ("says_no", "says_yes", "walks_out")
"""What a happening can decide for a council, in place of its own weighing, for one quarter."""


class Happening(Strict):
    """Something that happens to a named council at a date."""

    when: date
    council: str
    what: Literal["chief_executive_leaves", "control_changes", "says_no", "says_yes", "walks_out"]
    partner: str | None = Field(None, description="the other council, of a decision")
    scope: str | None = Field(None, description="what a decision is about")
    control: PARTY_WORDS | None = None
    until: date | None = Field(None, description="no chief executive is appointed before this day")


class Part(Strict):
    """A council of which an order takes over a part, by share of its people."""

    council: str
    share: float = Field(gt=0.0, lt=1.0, description="of its people and of all that it has")


class Order(Strict):
    """Councils that government makes one at a date; a county named with them gives its share."""

    when: date
    announced: date | None = Field(
        None, description="the day it becomes known; from then on those concerned are bound"
    )
    code: str
    name: str
    councils: list[str] = Field(min_length=1)
    parts: list[Part] = Field(default=[], description="councils shared out among several orders")
    county: str | None = None
    share: Share | None = Field(
        None, description="part of the county that the new council takes over; all where not said"
    )

    @field_validator("code", "name")
    @classmethod
    def _no_empty_word(cls, value: str) -> str:
        """Refuse a code or a name that says nothing."""
        if not value.strip():
            raise PydanticCustomError("empty", "it is empty; a new council needs one of its own")
        return value.strip()

    @property
    def of_county(self) -> float:
        """Return the part of its county that the new council takes over."""
        return 1.0 if self.share is None else self.share


@labelled
class Scenario(Strict):
    """A checked scenario."""

    name: str
    title: str = ""
    about: str = ""
    start: date = date(2009, 4, 1)
    quarters: int = Field(24, ge=1, le=QUARTERS_MOST)
    places: Places = Places()
    reviewed: list[str] = Field(
        default=[], description="counties that the stance on reorganisation is about; empty: all"
    )
    parameters: Parameters = Parameters()
    change: list[Change] = []
    council: list[CouncilFact] = []
    pair: list[PairFact] = []
    partnership: list[PartnershipFact] = []
    happening: list[Happening] = []
    order: list[Order] = []

    def _label(self) -> Label:
        dated = {name: len(getattr(self, name)) for name in TABLES}
        places = {"table": self.places.table, **self.places.model_dump(exclude_defaults=True)}
        facts = {
            "title": self.title,
            "covers": self.covers,
            "numbers changed": _changed(self.parameters),
            "lists": ", ".join(f"{n} [[{name}]]" for name, n in dated.items() if n),
            "places": ", ".join(
                f"{len(value)} {key}" if isinstance(value, list) else f"{key} {value}"
                for key, value in places.items()
            ),
        }
        told = {name: fact for name, fact in facts.items() if fact}
        ask = ("parameters", "places", "change", "order", "document()", "fingerprint()")
        return Label(f"Scenario '{self.name}'", told, ask)

    @property
    def covers(self) -> str:
        """How long it lasts, from when."""
        return f"{self.quarters} quarters from {self.start}"

    def document(self) -> dict[str, Any]:
        """Return the scenario in full after defaults, ready for JSON."""
        return self.model_dump(mode="json")

    def fingerprint(self) -> str:
        """Return a hash of all that decides the results: not titles, nor where a table lies."""
        kept = {k: v for k, v in self.document().items() if k not in ("name", "title", "about")}
        kept = _by_content(kept)
        if self.places.adjacency is None:
            del kept["places"]["adjacency"]
        for fact in kept["happening"]:
            if fact["partner"] is None and fact["scope"] is None:
                del fact["partner"], fact["scope"]
        return hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()

    def tables(self) -> list[Path]:
        """Return the user's own tables that the scenario names."""
        changes = [change.set.get("settlement.path") for change in self.change]
        path = self.parameters.settlement.path  # type: ignore[attr-defined]
        own = (self.places.table, self.places.adjacency)
        named = [str(text) for text in (*own, path, *changes) if text]
        return [Path(text) for text in dict.fromkeys(named) if text.endswith(".csv")]

    def contents(self) -> dict[str, str]:
        """Return a hash of each of the user's own tables that the scenario names."""
        return {str(path): _hash_of(path) for path in self.tables() if path.is_file()}

    def beyond(self) -> list[str]:
        """Return what is dated after the run's last day and so never comes about, in words."""
        end = self.first_day(self.quarters)
        dated = [(change.when, "[[change]]") for change in self.change]
        dated += [(fact.when, f"[[happening]] to {fact.council}") for fact in self.happening]
        dated += [(order.when, f"[[order]] {order.name}") for order in self.order]
        return [f"{what} of {when}" for when, what in sorted(dated) if when >= end]

    def quarter_of(self, when: date) -> int:
        """Return the quarter, counted from the start, in which a day falls."""
        months = (when.year - self.start.year) * 12 + when.month - self.start.month
        return months // 3

    def at_first(self, name: str) -> Any:
        """Return a number or word as it is on the first day, changes of the first quarter made."""
        section, _, key = name.partition(".")
        value = getattr(getattr(self.parameters, section), key)
        for change in sorted(self.change, key=lambda each: each.when):
            if self.quarter_of(change.when) < 1:
                value = change.set.get(name, value)
        return value

    def first_day(self, quarter: int) -> date:
        """Return the first day of a quarter."""
        months = self.start.month - 1 + 3 * quarter
        return date(self.start.year + months // 12, months % 12 + 1, 1)


def _changed(parameters: Any) -> int:
    """Return how many declared numbers are not as they are declared."""
    return sum(
        value != type(section).model_fields[name].default
        for _, section in parameters
        for name, value in section
    )


def _by_content(value: Any) -> Any:
    """Return a document in which the content of each table stands in place of its path."""
    if isinstance(value, dict):
        return {key: _by_content(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_by_content(item) for item in value]
    if isinstance(value, str) and value.endswith(".csv") and Path(value).is_file():
        return _hash_of(Path(value))
    return value


def _hash_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


TOP = tuple(k for k in Scenario.model_fields if k not in ("name", "parameters"))
INSIDE: dict[str, type[Strict]] = {
    "places": Places,
    "change": Change,
    "council": CouncilFact,
    "pair": PairFact,
    "partnership": PartnershipFact,
    "happening": Happening,
    "order": Order,
}


def shipped() -> dict[str, str]:
    """Return the scenarios that come with the project: name and title."""
    return {path.stem: str(parse(path).get("title", "")) for path in sorted(SHIPPED.glob("*.toml"))}


def load(
    name_or_path: str | Path,
    *,
    sets: Sequence[str] | Mapping[str, float | str] = (),
    quarters: int | None = None,
) -> Scenario:
    """Return the scenario of a shipped name or of a TOML file, with declared numbers on top.

    Args:
        sets: those numbers, as `{"grants.setup_pot": 2.0}` or as `["grants.setup_pot=2.0"]`.
        quarters: how long it lasts; as long as it says if None.

    Raises:
        InputError: the file, a key or a value cannot be used; the message says what to do.
    """
    texts = _as_typed(sets) if isinstance(sets, Mapping) else sets
    return made_of(layers(name_or_path), Path(name_or_path).stem, sets=texts, quarters=quarters)


def _as_typed(sets: Mapping[str, float | str]) -> list[str]:
    """Return numbers by name as one types them, `section.name=value`."""
    for name, value in sets.items():
        if not isinstance(value, str) and not is_number(value):
            raise InputError(f"sets: {name} is {given(value)}: give a number, or a word in quotes")
    return [f"{name}={value}" for name, value in sets.items()]


def made_of(
    found: Layers, name: str, *, sets: Sequence[str] = (), quarters: int | None = None
) -> Scenario:
    """Return the scenario of some files laid one over the other, with `section.name=value` on top.

    Raises:
        InputError: a key or a value cannot be used; the message says what to do.
    """
    tree, where = laid(found)
    for section, values in asked_for(sets).items():
        tree.setdefault(section, {}).update(values)
    if quarters is not None:
        _check_quarters(quarters)
        tree["quarters"] = quarters
    return checked(tree, name, where)


def lasting(scenario: Scenario, quarters: int) -> Scenario:
    """Return a scenario that lasts so many quarters; InputError where none can."""
    _check_quarters(quarters)
    return scenario.model_copy(update={"quarters": quarters})


def _check_quarters(quarters: int) -> None:
    whole("quarters", quarters, 1, QUARTERS_MOST)


def asked_for(sets: Any) -> dict[str, dict[str, Any]]:
    """Return the checked numbers of a list of `section.name=value`, by section."""
    asked: dict[str, dict[str, Any]] = {}
    listed = isinstance(sets, Sequence) and not isinstance(sets, str)
    if not listed or not all(isinstance(text, str) for text in sets):
        raise InputError(
            f"sets is {given(sets)}: give a list of texts, such as "
            '["search.fashion=0.2", "talks.pace=1.5"]'
        )
    for text in sets:
        key, value = _split_set(text)
        _check_key(key, "--set")
        section, field = key.split(".")
        if field in asked.setdefault(section, {}):
            raise InputError(f"--set '{text}': {key} is given twice; give it once")
        asked[section][field] = value
    _parameters(asked, "--set")
    return asked


def from_document(document: Mapping[str, Any]) -> Scenario:
    """Return the scenario of a document that `Scenario.document` made.

    Raises:
        InputError: something in it is dated before the start, or changed too late to count.
    """
    scenario = Scenario.model_validate(dict(document))
    _check_dates(scenario, scenario.name)
    _check_changes(scenario, scenario.name)
    return scenario


def read_tree(name_or_path: str | Path) -> tuple[dict[str, Any], str]:
    """Return the tables of a scenario with those of its bases beneath, and its file."""
    return laid(layers(name_or_path))


def layers(name_or_path: str | Path, seen: tuple[Path, ...] = ()) -> Layers:
    """Return the tables of each file of a scenario and the file, the lowest base first."""
    asks = seen[-1] if seen else None
    path = find(name_or_path, asks.parent if asks else Path(), asks)
    if path in seen:
        raise InputError(f"'{path}': base leads back to the file itself; name another scenario")
    own = differences(path)
    base = own.pop("base", None)
    if base is None:
        if "places" not in own:
            raise InputError(
                f"'{path}' does not say which councils take part: write base = \"norfolk\" (or "
                "another scenario), or [places]; [places] alone is all 353 of England"
            )
        return [(own, str(path))]
    if not isinstance(base, str):
        raise InputError(f"'{path}': base must be a name or a path in quotes")
    return [*layers(base, (*seen, path)), (own, str(path))]


def differences(path: Path) -> dict[str, Any]:
    """Return the tables of one file, whatever stands beneath it.

    Each number of a [[change]] has its whole name, and paths of tables are found from anywhere.

    Raises:
        InputError: it is no TOML, or a key or a path in it cannot be used.
    """
    own = parse(path)
    flatten(own)
    check_keys(own, str(path))
    check_paths(own, str(path))
    resolve_paths(own, path.parent)
    return own


def check_keys(tree: Mapping[str, Any], where: str) -> None:
    """Refuse keys that are not declared, and name the nearest that is."""
    known = ("base", *TOP, *SECTIONS)
    for key, value in tree.items():
        if key not in known:
            hint = keys_astray(key, value, Places.model_fields) or nearest(key, known)
            raise InputError(f"'{where}': unknown key '{key}'; {hint}")
        if key in SECTIONS:
            if not isinstance(value, dict):
                raise InputError(
                    f"'{where}': [{key}] must be a table of numbers: write [{key}] with single "
                    "brackets, and its numbers beneath it"
                )
            for field in value:
                _check_key(f"{key}.{field}", where)
        if key in TABLES and not (
            isinstance(value, list) and all(isinstance(v, dict) for v in value)
        ):
            raise InputError(f"'{where}': write [[{key}]] with double brackets, one table each")
    for change in tree.get("change", []):
        if not isinstance(change.get("set", {}), dict):
            raise InputError(f"'{where}': set of [[change]] must be a table of numbers in braces")
        for key in change.get("set", {}):
            _check_key(key, f"{where}, [[change]] of {change.get('when', 'no date')}")
    for table in ("change", "council"):
        for row in tree.get(table, []):
            nothing = empty(table, row)
            if nothing:
                raise InputError(f"'{where}': {nothing}")


def _check_key(name: str, where: str) -> None:
    section, dot, field = name.partition(".")
    if not dot and home_of(name):
        raise InputError(f"'{where}': unknown number '{name}'; write {home_of(name)}.{name}")
    if section not in SECTIONS:
        raise InputError(f"'{where}': unknown section '{section}'; {nearest(section, SECTIONS)}")
    fields = SECTIONS[section].model_fields
    if field not in fields:
        hint = number_astray(section, field, TOP)
        hint = hint or nearest(f"{section}.{field}", [f"{section}.{known}" for known in fields])
        raise InputError(f"'{where}': unknown number '{name}'; {hint}")


def _split_set(text: str) -> tuple[str, Any]:
    key, equals, value = text.partition("=")
    if not equals or key.count(".") != 1:
        raise InputError(f"--set '{text}': {option_astray(key.strip(), value.strip(), TOP)}")
    try:
        return key.strip(), float(value)
    except ValueError:
        return key.strip(), _unquoted(value.strip())


def _unquoted(text: str) -> str:
    """Return a word without the quotes that it has in a scenario file."""
    quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "'\""
    return text[1:-1] if quoted else text


def checked(tree: dict[str, Any], name: str, where: str) -> Scenario:
    """Return the scenario of some tables; InputError when a value cannot be used."""
    sections = {key: tree.pop(key) for key in list(tree) if key in SECTIONS}
    try:
        scenario = Scenario(name=name, parameters=_parameters(sections, where), **tree)
    except ValidationError as error:
        raise InputError(_in_words(error, where, tree)) from None
    check_scopes(scenario, where)
    _check_limit(sections, scenario, where)
    _check_dates(scenario, where)
    _check_vacancies(scenario, where)
    _check_decisions(scenario, where)
    _check_shares(scenario, where)
    for change in scenario.change:
        changed(scenario.parameters, change.set, f"{where}, [[change]] of {change.when}")
    _check_changes(scenario, where)
    return scenario


def _check_changes(scenario: Scenario, where: str) -> None:
    for change in scenario.change:
        check_lasting(scenario, change.set, change.when, f"{where}, [[change]] of {change.when}")


def check_lasting(scenario: Scenario, names: Iterable[str], when: date, where: str) -> None:
    """Refuse to change later what counts on the first day only: it would do nothing.

    In the first quarter it does: its changes are in force before anything is drawn.
    """
    if scenario.quarter_of(when) < 1:
        return
    for name in names:
        section, _, field = name.partition(".")
        if section not in SECTIONS or field not in SECTIONS[section].model_fields:
            raise InputError(f"'{where}': there is no number '{name}'")
        if detail(SECTIONS[section].model_fields[field], "once"):
            raise InputError(
                f"'{where}': {name} counts on the first day only, when it is drawn or reckoned "
                f"with, so a change on {when} would do nothing; set it in [{section}], for the "
                f"whole run, or date it before {scenario.first_day(1)}"
            )


def check_scopes(scenario: Scenario, where: str) -> None:
    """Refuse a partnership about what cannot be shared."""
    for fact in scenario.partnership:
        if fact.scope not in SHARED:
            raise InputError(
                f"'{where}': [[partnership]] of {' and '.join(fact.councils)}: unknown scope "
                f"'{fact.scope}'; {nearest(fact.scope, SHARED)}"
            )


def _check_decisions(scenario: Scenario, where: str) -> None:
    """Refuse a decision that does not say whom and what it is about, and others that do."""
    for fact in scenario.happening:
        said, told = f"'{where}': [[happening]] to {fact.council}", (fact.partner, fact.scope)
        if fact.what not in DECISIONS:
            if told != (None, None):
                raise InputError(
                    f"{said}: partner and scope go with {', '.join(DECISIONS)} only; leave them out"
                )
        elif None in told:
            raise InputError(
                f"{said}: {fact.what} is a decision about another council: give its name as "
                "partner, and the scope of the talks"
            )
        elif fact.scope not in SCOPES:
            raise InputError(
                f"{said}: unknown scope '{fact.scope}'; {nearest(str(fact.scope), SCOPES)}"
            )


def _check_dates(scenario: Scenario, where: str) -> None:
    """Refuse what is dated before the start: it could only be ignored."""
    dated = (
        ("change", scenario.change, "put what holds from the start into its section"),
        ("happening", scenario.happening, "leave it out, or state its result in [[council]]"),
        ("order", scenario.order, "leave it out, and name the councils as they then were"),
    )
    for table, facts, advice in dated:
        for fact in facts:
            if fact.when < scenario.start:
                raise InputError(
                    f"'{where}': [[{table}]] of {fact.when} lies before the start, "
                    f"{scenario.start}; {advice}"
                )


def _check_vacancies(scenario: Scenario, where: str) -> None:
    """Refuse an `until` that is not about an empty post, or that lies before the post is empty."""
    for fact in scenario.happening:
        if fact.control is not None and fact.what != "control_changes":
            raise InputError(
                f"'{where}': [[happening]] to {fact.council}: control goes with control_changes "
                "only; leave it out, or write a second [[happening]] for it"
            )
        if fact.until is None:
            continue
        if fact.what != "chief_executive_leaves" or fact.until <= fact.when:
            raise InputError(
                f"'{where}': [[happening]] to {fact.council}: until {fact.until} must follow when "
                f"{fact.when}, and goes with chief_executive_leaves only"
            )


def _check_shares(scenario: Scenario, where: str) -> None:
    """Refuse a share of no county."""
    for order in scenario.order:
        if order.share is not None and order.county is None:
            raise InputError(
                f"'{where}': [[order]] {order.name}: share {order.share:g} is of no county; name "
                "the county, or leave share out (a part of a council goes into parts)"
            )
        if order.announced is not None and order.announced > order.when:
            raise InputError(
                f"'{where}': [[order]] {order.name}: announced {order.announced} lies after when "
                f"{order.when}; an order is announced before its day"
            )


def _parameters(sections: Mapping[str, Mapping[str, Any]], where: str) -> Any:
    _check_truths(sections, where)
    try:
        return Parameters.model_validate(sections)
    except ValidationError as error:
        raise InputError(_in_words(error, where, sections)) from None


def _check_truths(sections: Mapping[str, Mapping[str, Any]], where: str) -> None:
    """Refuse true and false for a number; looked at here, since it is much faster than a check."""
    for section, values in sections.items():
        for field, value in values.items():
            if isinstance(value, bool):
                allowed = range_of(SECTIONS[section].model_fields[field])
                raise InputError(
                    f"'{where}': {section}.{field}: it must be {allowed} (given: {value})"
                )


def changed(parameters: Any, values: Mapping[str, Any], where: str) -> Any:
    """Return the parameters with some declared numbers changed; checked again."""
    tree: dict[str, dict[str, Any]] = {}
    for key, value in values.items():
        section, field = key.split(".")
        tree.setdefault(section, {})[field] = value
    _check_truths(tree, where)
    made = {}
    for section, fields in tree.items():
        old: Section = getattr(parameters, section)
        try:
            made[section] = type(old).model_validate({**old.model_dump(), **fields})
        except ValidationError as error:
            raise InputError(_in_words(error, where, tree, section)) from None
    return parameters.model_copy(update=made)


def _check_limit(sections: Mapping[str, Any], scenario: Scenario, where: str) -> None:
    given = "fixed_limit" in sections.get("tax", {}) or any(
        "tax.fixed_limit" in change.set for change in scenario.change
    )
    fixed = scenario.parameters.tax.limits == "fixed" or any(  # type: ignore[attr-defined]
        change.set.get("tax.limits") == "fixed" for change in scenario.change
    )
    if given and not fixed:
        raise InputError(
            f"'{where}': tax.fixed_limit has no effect unless tax.limits is 'fixed'; set that too"
        )


def _in_words(error: ValidationError, where: str, tree: Any, section: str | None = None) -> str:
    """Return what is wrong first in some tables, or in one section of them."""
    if section is not None:
        return in_words(error, where, SECTIONS[section], {}, tree, within=section)
    return in_words(error, where, Scenario, {**INSIDE, **SECTIONS}, tree)


def schema() -> dict[str, Any]:
    """Return the JSON Schema of a scenario file."""
    full = Scenario.model_json_schema()
    properties = full["properties"]
    sections = Parameters.model_json_schema()
    full["$defs"] = {**full.get("$defs", {}), **sections.get("$defs", {})}
    del properties["parameters"], properties["name"]
    properties["base"] = {"type": "string", "description": "another scenario: a name or a path"}
    properties.update(sections["properties"])
    full["required"] = []
    full["additionalProperties"] = False
    full["title"] = "Scenario of Council Partnering"
    return full
