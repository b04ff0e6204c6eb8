"""Claims about the public purse: what passes from one to another, and what is used up."""

from __future__ import annotations

import math
from collections.abc import Iterator

from .claims import at_quarter, of_life
from .forms import A_POUND, A_YEAR, SUPPORTED
from .history import History, quarters_of
from .life import Event, Life, Row
from .money import NEAR, NOTHING, moved

RESIDENTS = {"tax_support": ("tax_support",), "tax_paid": ("tax_paid",),
             "support": ("support", "tax_support")}  # fmt: skip
"""Measures that add up books over the councils that live, and these books."""


def grown(life: Life, quarter: int, measure: str) -> float:
    """Return by how much a measure grew in a quarter."""
    before = life.quarters[quarter - 1][measure] if quarter else 0.0
    return float(life.quarters[quarter][measure] - before)


@at_quarter
def claim_support_and_taxes_are_those_in_the_books(history: History, quarter: int) -> Iterator[str]:
    told, living = history.life.quarters[quarter], history.life.living(quarter + 1)
    for measure, books in RESIDENTS.items():
        found = math.fsum(row[f"total_{book}"] for row in living.values() for book in books)
        if not math.isclose(told[measure], found, rel_tol=NEAR, abs_tol=A_POUND):
            yield f"{measure} is {told[measure]!r}, the books have {found!r}"


@at_quarter
def claim_what_passes_between_purses_cancels(history: History, quarter: int) -> Iterator[str]:
    """What government spends is somebody's gain, but for its own services."""
    told: Row = history.life.quarters[quarter]
    spent = told["grants"] + told["support"] + told["government_services"]
    if not math.isclose(told["government_spending"], spent, rel_tol=NEAR, abs_tol=A_POUND):
        yield f"government_spending is {told['government_spending']!r}, not {spent!r}"
    net = told["net_saving"] + told["tax_support"] - told["government_spending"]
    if not math.isclose(told["public_net"], net, rel_tol=NEAR, abs_tol=A_POUND):
        yield f"public_net is {told['public_net']!r}, all purses together gain {net!r}"


@at_quarter
def claim_residents_pay_their_tax_less_the_support(history: History, quarter: int) -> Iterator[str]:
    """Whatever a council has to spend is settlement or tax, and the tax is paid by somebody."""
    shock = history.life.numbers[quarter].settlement.shock
    for code, before, after in history.life.stayed(quarter):
        tax = (after["budget"] - (1.0 + shock) * after["settlement"]) / A_YEAR
        paid, support = (moved(book, before, after) for book in ("tax_paid", "tax_support"))
        if not math.isclose(paid + support, tax, rel_tol=NEAR, abs_tol=1e-8):
            yield f"tax of {code} is {tax!r}, residents pay {paid!r}, support {support!r}"


@at_quarter
def claim_tax_support_has_a_ground(history: History, quarter: int) -> Iterator[str]:
    """It goes to residents of who shares a chief executive or managers, where it is offered."""
    offered = history.life.numbers[quarter].terms.tax_support > 0
    for code, before, after in history.life.stayed(quarter):
        support, body = moved("tax_support", before, after), history.body.get(code, code)
        if support < -NOTHING:
            yield f"tax support of {code} grows smaller"
        deals = [deal for deal in history.deals.values() if deal.scope in SUPPORTED]
        shares = body in history.worked and any(body in deal.signers for deal in deals)
        if support > NOTHING and not (offered and (shares or history.unions)):
            yield f"residents of {code} receive {support!r}"


def written_up(events: list[Event]) -> tuple[int, int]:
    """Return how many failures at least, and at most, taught somebody in a quarter."""
    taught = [event.deal for event in events if event.kind == "learns"]
    return len(set(taught)), len(taught)


@of_life
def claim_government_pays_for_the_services_it_gives(life: Life) -> Iterator[str]:
    """Match-making for whoever lives at the end of a quarter, and one paper for each failure."""
    for quarter, events in quarters_of(life):
        support = life.numbers[quarter].support
        living = len(life.living(quarter + 1))
        advisers = support.matchmaking * support.matchmaking_cost * living / A_YEAR
        rest = grown(life, quarter, "government_services") - advisers
        paper = support.published_lessons * support.publishing_cost
        least, most = written_up(events)
        if paper == 0.0:
            least, most = 0, 0
        papers = round(rest / paper) if paper else 0
        if not least <= papers <= most or abs(rest - papers * paper) > A_POUND:
            yield f"quarter {quarter}: {rest!r} beside match-making, a paper costs {paper!r}"
