"""Claims about the first day: talks under way, what is agreed, and what nobody has done."""

from __future__ import annotations

import csv
import math
from collections import Counter
from collections.abc import Iterator

from sim.country.councils import DATA, FIRST_YEAR

from .chance import FIRST_IMPRESSION, FIRST_TRUST, lineage, normal
from .claims import at_event, of_life
from .decisions import decider
from .forms import A_YEAR, DEEP, SERVICES, quarters_of_setting_up
from .history import STAGES, TALKS, History
from .life import Event, Life, Row

NEAR = 1e-9
AGREED_AT = -2
COMING = (*TALKS, "transition")
AXES = ("culture_member_led", "culture_outsourcing", "culture_localist", "culture_bold")


def stage_of(row: Row) -> str:
    """Return the stage of a deal of a table."""
    return STAGES[int(row["stage"])]


def number_of(row: Row) -> int:
    """Return the number of the deal of a row."""
    return int(str(row["deal"]).split(",")[0])


def member_of(row: Row) -> str:
    """Return the council of a row."""
    return str(row["deal"]).split(", member ")[1]


@of_life
def claim_the_log_opens_with_the_talks_that_are_under_way(life: Life) -> Iterator[str]:
    """They are numbered one by one, after what stands; the log tells their age and case."""
    table: dict[int, list[Row]] = {}
    for row in life.first_deals:
        table.setdefault(number_of(row), []).append(row)
    talks = {n: rows for n, rows in table.items() if stage_of(rows[0]) in TALKS}
    begun = {event.deal: event for event in life.opening if event.kind == "talks_begin"}
    cases = Counter(event.deal for event in life.opening if event.kind == "business_case")
    if list(begun) != sorted(talks):
        yield f"the log opens with {list(begun)}, the table of deals with {sorted(talks)}"
    if sorted(table) != list(range(1, len(table) + 1)):
        yield f"deals of the first day are numbered {sorted(table)}"
    for number in talks.keys() & begun.keys():
        rows, event = talks[number], begun[number]
        if [event.council, event.other] != [member_of(row) for row in rows]:
            yield f"{event}: others talk in the table"
        if event.more != -rows[0]["begun"] or event.scope != (*SERVICES, *DEEP)[rows[0]["scope"]]:
            yield f"{event}: {event.more} quarters old, in the table since {rows[0]['begun']}"
        if cases[number] != (len(rows) if stage_of(rows[0]) == "case" else 0):
            yield f"{event}: {cases[number]} see a case, and its stage is {stage_of(rows[0])}"


@of_life
def claim_before_the_first_day_talks_last_as_long_as_they_may(life: Life) -> Iterator[str]:
    """Nobody votes before the first day, and nothing is older than the time that was lived."""
    numbers = life.numbers[0]
    before = math.floor(numbers.talks.before)
    for event in life.opening:
        if event.kind == "talks_begin" and not 1 <= event.more <= before:
            yield f"{event}: begun {event.more} quarters before the first day, of {before}"
        if event.kind == "talks_begin" and event.more - 1 > numbers.talks.longest:
            yield f"{event}: too old on the eve of the first day"
        if event.kind == "talks_begin" and event.because:
            yield f"{event}: who decided it then is told"
        if "need" in event.because:
            yield f"{event}: nobody is in need before the first day"
    for row in life.first_deals:
        stage = stage_of(row)
        if (before == 0 and stage in TALKS) or (numbers.talks.before <= 0 and stage in COMING):
            yield f"{row['deal']} is in stage {stage}, and nothing is lived before the first day"
        if stage == "terms":
            yield f"{row['deal']} has come to the vote"


@of_life
def claim_what_is_lived_before_the_first_day_leaves_talks_alone(life: Life) -> Iterator[str]:
    """It costs nothing, teaches nothing, and is neither paid for nor known."""
    for code, row in life.books[0].items():
        for name, value in row.items():
            if name.startswith(("total_", "lesson_")) and value != 0.0:
                yield f"{code} begins with {name} {value!r}"
    for row in life.first_deals:
        if stage_of(row) in TALKS and (row["public"] or row["grant"]):
            yield f"{row['deal']} begins known ({row['public']}) or with a grant ({row['grant']})"
    opened = {event.deal for event in life.opening}
    for event in life.events:
        if event.kind == "study_grant" and event.deal in opened:
            yield f"{event}: a study that began before the first day"


@of_life
def claim_first_impressions_are_drawn_and_nobody_has_learned_since(life: Life) -> Iterator[str]:
    """But from a matchmaker, where there is one, before the first day."""
    beliefs, books = life.numbers[0].beliefs, life.books[0]
    told = life.numbers[0].support.matchmaking > 0 and life.numbers[0].talks.before >= 1
    sure = beliefs.first_noise**2
    known = _known_pairs(life)
    for (one, other), pair in life.pairs.items():
        if (one, other) in known:
            continue
        apart = math.sqrt(sum((books[one][k] - books[other][k]) ** 2 for k in AXES) / len(AXES))
        names = lineage(one), lineage(other)
        error = beliefs.first_noise * normal(life.seed, FIRST_IMPRESSION, 0, *names)
        belief = min(max(apart - beliefs.courtesy + error, 0.0), 1.0)
        luck = normal(life.seed, FIRST_TRUST, 0, min(names), max(names))
        trust = min(max(beliefs.first_trust + beliefs.trust_spread * luck, 0.0), 1.0)
        found = {"trust": trust, "failures": 0.0}
        found |= {} if told else {"belief": belief, "doubt": sure}
        if pair["doubt"] > sure * (1.0 + NEAR):
            yield f"{one} is less sure of {other} than at first: {pair['doubt']!r}"
        for name, value in found.items():
            if not math.isclose(pair[name], value, rel_tol=NEAR, abs_tol=NEAR):
                yield f"{name} of {one} about {other} is {pair[name]!r}, was drawn {value!r}"


def _known_pairs(life: Life) -> set[tuple[str, str]]:
    """Return the pairs of which the scenario says what they think."""
    called = {name.lower(): code for code, row in life.books[0].items()
              for name in (code, row["name"])}  # fmt: skip
    known = set()
    for fact in life.scenario.pair:
        one, other = (called.get(text.lower(), text) for text in fact.between)
        known |= {(one, other), (other, one)}
    return known


# --- what is agreed ------------------------------------------------------------------------------


@of_life
def claim_what_is_agreed_is_what_began_to_work_that_year(life: Life) -> Iterator[str]:
    found: dict[int, tuple[str, list[str]]] = {}
    for row in life.first_deals:
        if stage_of(row) != "transition":
            continue
        scope = (*SERVICES, *DEEP)[row["scope"]]
        found.setdefault(number_of(row), (scope, []))[1].append(member_of(row))
        planned = getattr(life.numbers[0], scope).setup_ratio * row["promise"]
        if (row["signed"], row["paid"], row["now"]) != (AGREED_AT, 0.0, 0.0):
            yield f"{row['deal']}: signed {row['signed']}, paid {row['paid']}, saves {row['now']}"
        if not math.isclose(row["bill"], planned, rel_tol=NEAR):
            yield f"{row['deal']} has a bill of {row['bill']!r}, planned was {planned!r}"
    named = sorted((scope, sorted(members)) for scope, members in found.values())
    if named != sorted(_agreed_in_the_table(life)):
        yield f"agreed is {named}, in the table {sorted(_agreed_in_the_table(life))}"


def _agreed_in_the_table(life: Life) -> Iterator[tuple[str, list[str]]]:
    scenario = life.scenario
    places = scenario.places
    known = places.partnerships and places.table == "england"
    if not known or scenario.start.year != FIRST_YEAR or life.numbers[0].talks.before <= 0:
        return
    stands = [row for row in life.first_deals if stage_of(row) == "running"]
    taken = {((*SERVICES, *DEEP)[row["scope"]], member_of(row)) for row in stands}
    with (DATA / "partnerships.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["joined"]]
    for name in dict.fromkeys(row["id"] for row in rows):
        mine = [row for row in rows if row["id"] == name and int(row["joined"]) <= FIRST_YEAR]
        years = sorted(int(row["joined"]) for row in mine)
        here = sorted(row["code"] for row in mine if row["code"] in life.books[0])
        free = not any((row["scope"], row["code"]) in taken for row in mine)
        if len(here) > 1 and years[1] == FIRST_YEAR and free:
            yield mine[0]["scope"], here


@of_life
def claim_what_is_agreed_starts_once_or_ends(life: Life) -> Iterator[str]:
    starts = Counter(event.deal for event in life.events if event.kind == "starts")
    ends = {event.deal: event.quarter for event in life.events if event.kind == "ends"}
    for row in life.first_deals:
        number, stage = number_of(row), stage_of(row)
        if stage == "running" and starts[number]:
            yield f"deal {number} ran on the first day, and starts {starts[number]} times"
        if stage != "transition":
            continue
        scope = (*SERVICES, *DEEP)[row["scope"]]
        longest = max(quarters_of_setting_up(numbers, scope) for numbers in life.numbers)
        due = AGREED_AT + 1 + longest < life.scenario.quarters - 1
        if starts[number] > 1 or (due and not starts[number] and number not in ends):
            yield f"deal {number} was agreed, and starts {starts[number]} times"


# --- who can talk --------------------------------------------------------------------------------


@at_event
def claim_talks_are_between_those_who_could_talk(history: History, event: Event) -> Iterator[str]:
    """Of councils that merged or grew the pairs are not followed."""
    if event.kind not in ("talks_begin", "approaches", "invited"):
        return
    one, other = str(event.council), str(event.other)
    known = not history.remade & set(history.bodies(event))
    if known and (one, other) not in history.life.pairs:
        yield f"{one} and {other} could not talk on the first day"
    if event.scope == "merger":
        books = history.life.books[event.quarter + 1]
        tiers = {books[code]["tier"] for code in (one, other)}
        stance = history.life.numbers[event.quarter].reorganisation.stance
        if len(tiers) > 1 or "county" in tiers:
            yield f"a merger of {sorted(tiers)}"
        if stance == "none" and event.kind != "invited":
            yield "government has no ear for mergers"


@at_event
def claim_talks_are_about_what_is_not_shared_yet(history: History, event: Event) -> Iterator[str]:
    """The called may run a deal of the kind, which has room; then the caller would join it."""
    if event.kind not in ("talks_begin", "invited"):
        return
    caller, called = history.bodies(event)
    if event.kind == "invited":
        caller, called = called, caller
    for talks in history.talks_of(caller):
        alike = talks.scope == event.scope or (talks.deep and event.scope in DEEP)
        mine = talks.number >= event.deal
        if alike and called in talks.members and not mine:
            yield f"they talk about the like in deal {talks.number}"
    if history.shared(caller, event.scope) is not None:
        yield f"{caller} shares it already"
    host = history.shared(called, event.scope)
    if host is None:
        return
    most = getattr(history.life.numbers[event.quarter], host.scope).most_members
    if event.kind == "invited" or host.stage != "running" or len(host.members) >= most:
        yield f"{called} is bound by deal {host.number}, {host.stage}, of {len(host.members)}"


@at_event
def claim_a_merger_is_not_weighed_by_who_has_none_in_sight(
    history: History, event: Event
) -> Iterator[str]:
    if event.kind == "business_case" and history.life.opens(event):
        deal = history.deal_of(event)
        if deal is None or decider(event) not in deal.members or deal.stage != "case":
            yield "a case of talks that have none"
        if event.quarter % A_YEAR:
            yield "not on the first day"
