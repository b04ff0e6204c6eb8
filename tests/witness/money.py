"""Claims about money: each pound stands in one book, and nothing appears or vanishes."""

from __future__ import annotations

import math
from collections.abc import Iterator

from .claims import at_event, at_quarter
from .forms import A_POUND, A_YEAR, BOOKS, COSTS, ROUNDING, exit_share, highest_rise, pounds
from .history import History
from .life import Event, Row

NEAR = 1e-9
NOTHING = 1e-9
"""Million pounds: a tenth of a penny, which sums of many numbers may be out by."""
STEADY = ("settlement", "band_d", "cost", "population")
"""What a council that stays has until April."""
ADDED = {
    "budget": "budget", "reserves": "reserves", "true_saving": "true_saving",
    "in_distress": "distress", "true_total": "total_true_saving", "grants": "total_grants",
} | {measure: f"total_{book}" for book, measure in COSTS.items()}  # fmt: skip
"""Measures that are sums over the councils that live, and what they are sums of."""


def near(one: float, other: float) -> bool:
    """Return whether two sums of money are the same."""
    return math.isclose(one, other, rel_tol=NEAR, abs_tol=NOTHING)


def moved(book: str, before: Row, after: Row) -> float:
    """Return what went through a book in a quarter."""
    return float(after[f"total_{book}"] - before[f"total_{book}"])


def kept_in(row: Row) -> list[str]:
    """Return the books that a table keeps."""
    return [book for book in BOOKS if f"total_{book}" in row]


def to_reserves(before: Row, after: Row) -> float:
    """Return what all books together did to the reserves."""
    return math.fsum(BOOKS[book] * moved(book, before, after) for book in kept_in(before))


@at_quarter
def claim_reserves_move_by_the_books_and_by_nothing_else(
    history: History, quarter: int
) -> Iterator[str]:
    for code, before, after in history.life.stayed(quarter):
        change = after["reserves"] - before["reserves"]
        books = to_reserves(before, after)
        if not math.isclose(change, books, rel_tol=NEAR, abs_tol=1e-8):
            yield f"reserves of {code} move by {change!r}, its books by {books!r}"


@at_quarter
def claim_nothing_appears_or_vanishes_in_mergers(history: History, quarter: int) -> Iterator[str]:
    """Whoever goes hands over reserves and books; only quarters in which somebody goes say more."""
    if not history.unions and not history.abolished:
        return
    before, after = (history.life.living(quarter + k) for k in (0, 1))

    def held(books: dict[str, Row], what: str) -> float:
        return math.fsum(row[what] for row in books.values())

    books = kept_in(next(iter(after.values())))
    kept = {book: held(after, f"total_{book}") - held(before, f"total_{book}") for book in books}
    change = held(after, "reserves") - held(before, "reserves")
    earned = math.fsum(BOOKS[book] * kept[book] for book in books if book != "transfers")
    if not math.isclose(change, earned, rel_tol=NEAR, abs_tol=1e-7):
        yield f"all reserves move by {change!r}, what came in and went out is {earned!r}"
    for book in COSTS:
        if kept[book] < -NOTHING:
            yield f"{-kept[book]!r} of {book} is in no book any more"
    if quarter % A_YEAR != 0:
        for what in ("settlement", "cost"):
            if not near(held(before, what), held(after, what)):
                yield f"all {what} was {held(before, what)!r} and is {held(after, what)!r}"


@at_quarter
def claim_income_and_spending_are_those_of_the_council(
    history: History, quarter: int
) -> Iterator[str]:
    for code, before, after in history.life.stayed(quarter):
        due = {
            "income": after["budget"],
            "spending": after["cost"] - after["true_saving"],
            "true_saving": after["true_saving"],
        }
        for book, yearly in due.items():
            if not math.isclose(
                moved(book, before, after), yearly / A_YEAR, rel_tol=NEAR, abs_tol=1e-8
            ):
                yield f"{book} of {code}: {moved(book, before, after)!r} of {yearly!r} a year"


@at_quarter
def claim_a_gap_is_cost_less_saving_less_income(history: History, quarter: int) -> Iterator[str]:
    for code, before, after in history.life.stayed(quarter):
        gap = after["cost"] - before["true_saving"] - after["budget"]
        if not math.isclose(after["gap"], gap, rel_tol=NEAR, abs_tol=1e-8):
            yield f"gap of {code} is {after['gap']!r}, not {gap!r}"


@at_quarter
def claim_measures_are_sums_over_the_living(history: History, quarter: int) -> Iterator[str]:
    told, living = history.life.quarters[quarter], history.life.living(quarter + 1)
    for measure, what in ADDED.items():
        found = math.fsum(row[what] for row in living.values())
        if not math.isclose(told[measure], found, rel_tol=NEAR, abs_tol=1e-7):
            yield f"{measure} is {told[measure]!r}, the councils have {found!r}"
    for measure in ("gap", "expected_gap"):
        found = math.fsum(max(row[measure], 0.0) for row in living.values())
        if not math.isclose(told[measure], found, rel_tol=NEAR, abs_tol=1e-7):
            yield f"{measure} is {told[measure]!r}, the councils have {found!r}"
    costs = math.fsum(told[measure] for measure in COSTS.values())
    support = math.fsum(row.get("total_support", 0.0) for row in living.values())
    net = told["true_total"] + told["grants"] + support - costs
    if not math.isclose(told["net_saving"], net, rel_tol=NEAR, abs_tol=1e-7):
        yield f"net_saving is {told['net_saving']!r}, not {net!r}"
    last = history.life.quarters[quarter - 1]["reported_total"] if quarter else 0.0
    if not near(told["reported_total"], last + told["reported"] / A_YEAR):
        yield f"reported_total grows from {last!r} to {told['reported_total']!r}"


# --- grants --------------------------------------------------------------------------------------


@at_event
def claim_a_pot_pays_what_it_holds_and_what_was_offered(
    history: History, event: Event
) -> Iterator[str]:
    deal, grants = history.deal_of(event), history.life.numbers[event.quarter].grants
    if event.kind not in ("study_grant", "setup_grant") or deal is None:
        return
    pot = event.kind.removesuffix("_grant")
    paid = pounds(event.value)
    if paid < 1:
        yield "a grant of nothing"
    if paid > history.pots[pot] + ROUNDING:
        yield f"the pot holds {history.pots[pot]} pounds"
    if history.host_of(deal) is not None or deal.signed not in (-1000, event.quarter):
        yield "to a deal that is not new"
    if pot == "study" and abs(paid - pounds(grants.feasibility_limit)) > 1:
        yield f"a study is paid {grants.feasibility_limit} million"
    if pot == "setup":
        bills = math.fsum(deal.bill.values())
        most = min(grants.setup_share * bills, grants.setup_limit)
        if event.value > most + A_POUND:
            yield f"at most {most!r} was offered"
        if grants.staged > 0 and not deal.study_paid:
            yield "grants are staged, and its study was not paid for"
        if grants.exit_required > 0 and not deal.terms["exit"]:
            yield "an exit strategy is required"


@at_quarter
def claim_money_out_of_the_pots_is_money_in_the_books(
    history: History, quarter: int
) -> Iterator[str]:
    paid = math.fsum(history.received.values())
    told, last = history.life.quarters[quarter]["grants"], 0.0
    if quarter:
        last = history.life.quarters[quarter - 1]["grants"]
    if not math.isclose(told - last, paid, rel_tol=NEAR, abs_tol=1e-7):
        yield f"the pots paid {paid!r}, councils booked {told - last!r}"
    for code, before, after in history.life.stayed(quarter):
        share = history.received.get(history.body.get(code, code), 0.0)
        booked = moved("grants", before, after)
        if abs(booked - share) > A_POUND * (1 + len(history.received)):
            yield f"{code} was paid {share!r} and booked {booked!r}"


# --- what working together costs -----------------------------------------------------------------


@at_quarter
def claim_costs_of_working_together_have_a_ground(history: History, quarter: int) -> Iterator[str]:
    ground = {"studies": history.sat, "coordination": history.worked}
    for code, before, after in history.life.stayed(quarter):
        for book in COSTS:
            if moved(book, before, after) < -NOTHING:
                yield f"{book} of {code} grows smaller"
        for book, those in ground.items():
            idle = history.body.get(code, code) not in those and not history.unions
            if idle and moved(book, before, after) > NOTHING:
                yield f"{code} pays for {book} and was in no such deal this morning"


@at_quarter
def claim_setting_up_costs_what_was_signed(history: History, quarter: int) -> Iterator[str]:
    """Quarters in which councils merge are left out, and councils that were made since."""
    if history.unions or history.abolished or history.doubtful:
        return
    first = history.life.books[0]
    for code, before, after in history.life.stayed(quarter):
        due, booked = history.setup[history.body.get(code, code)], moved("setup", before, after)
        if code in first and not math.isclose(booked, due, rel_tol=1e-7, abs_tol=1e-7):
            yield f"{code} had bills of {due!r} this quarter and booked {booked!r}"


@at_event
def claim_leaving_costs_its_share_of_the_set_up_cost(
    history: History, event: Event
) -> Iterator[str]:
    deal = history.deal_of(event)
    if event.kind != "leaves" or deal is None or deal.number in history.doubtful:
        return
    paid = deal.paid.get(history.bodies(event)[0], 0.0)
    due = exit_share(history.life.numbers[event.quarter], deal) * paid
    if not math.isclose(event.value, due, rel_tol=1e-7, abs_tol=1e-7):
        yield f"it had paid {paid!r} for setting up, and {due!r} is due"


@at_quarter
def claim_exits_are_booked_where_somebody_left(history: History, quarter: int) -> Iterator[str]:
    for code, before, after in history.life.stayed(quarter):
        due, booked = history.exits[history.body.get(code, code)], moved("exits", before, after)
        if not near(booked, due):
            yield f"leaving cost {code} {due!r}, and {booked!r} is booked"


# --- the year ------------------------------------------------------------------------------------


@at_quarter
def claim_settlement_tax_and_cost_move_only_in_april(
    history: History, quarter: int
) -> Iterator[str]:
    if quarter % A_YEAR == 0 and quarter > 0:
        return
    for code, before, after in history.life.stayed(quarter):
        for what in STEADY:
            if before[what] != after[what]:
                yield f"{what} of {code} was {before[what]!r} and is {after[what]!r}"


@at_quarter
def claim_tax_rises_within_the_limit_in_force(history: History, quarter: int) -> Iterator[str]:
    if quarter % A_YEAR != 0 or quarter == 0:
        return
    for code, before, after in history.life.stayed(quarter):
        rise = after["band_d"] / before["band_d"] - 1.0
        most = highest_rise(history.life, quarter, before)
        brought_together = code not in history.life.books[0]  # it may give up some of its tax
        if rise > most + NEAR or (rise < -NEAR and not brought_together):
            yield f"{code} raised its tax by {rise!r}, the limit is {most!r}"


@at_quarter
def claim_section_114_is_told_where_and_when_it_is(history: History, quarter: int) -> Iterator[str]:
    told = {e.council: e for e in history.life.events
            if e.quarter == quarter and e.kind == "in_distress"}  # fmt: skip
    before = history.life.books[quarter]
    least = history.life.numbers[quarter].costs.tolerance
    for code, row in history.life.living(quarter + 1).items():
        event, was = told.pop(code, None), before.get(code, {}).get("distress", 0.0) == 1.0
        broke = row["reserves"] < -least and row["gap"] > least
        if event is not None and (was or not broke or event.value != row["reserves"]):
            yield f"{code} is told to be broke; reserves {row['reserves']!r}, gap {row['gap']!r}"
        if row["distress"] == 1.0 and not row["reserves"] < 0:
            yield f"{code} is in distress with reserves of {row['reserves']!r}"
        if broke and row["distress"] != 1.0:
            yield f"{code} is broke, and nobody says so"
        if row["distress"] == 1.0 and not was and event is None and code in before:
            yield f"{code} is in distress without an event"
    for code in told:
        yield f"{code} is told to be broke and does not live"
