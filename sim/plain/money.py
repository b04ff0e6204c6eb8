"""Money: settlement, council tax, costs, gaps, own cuts and reserves."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ..country.councils import FIRST_YEAR
from .chance import Purpose, exp
from .council import DISTRICT, Books, Council
from .funding import HISTORY, duty, growth, rebate
from .quarters import A_YEAR
from .scopes import MERGER

if TYPE_CHECKING:
    from .deal import Deal
    from .model import PlainModel

SMALLEST_INCOME = 1e-6
MILLION = 1e6
HALF = 0.5


def clear_books(model: PlainModel) -> None:
    """Begin a quarter in which no money has moved yet."""
    model.services_now = 0.0
    for council in model.agents:
        council.books = Books()


def open_books(model: PlainModel) -> None:
    """Settle the year's money in April, and reckon every council's gap."""
    for council in model.agents:
        if model.is_april and model.quarter > 0:
            begin_year(model, council)
            reckon(model, council)
            cut_costs(model, council)
        reckon(model, council)
        hear(model, council)


def hear(model: PlainModel, council: Council) -> None:
    """Let a council hear of its need; what is worse than all that it remembers is news."""
    search = model.numbers.search
    worse = max(council.need - council.heard, 0.0)
    council.news = council.news * exp(-search.news_fade / A_YEAR) + worse
    council.heard = max(council.need, council.heard * exp(-search.news_forgotten / A_YEAR))


def hear_first(model: PlainModel, council: Council) -> None:
    """Let all have been known before the first day, but for a cut that comes on that day."""
    cut = max(-model.numbers.settlement.shock * council.settlement, 0.0)
    council.heard = max(council.need - cut / max(council.income, SMALLEST_INCOME), 0.0)


def begin_year(model: PlainModel, council: Council) -> None:
    """Move settlement, council tax and costs to a new year."""
    numbers = model.numbers
    years = model.year - model.scenario_start_year
    path = numbers.settlement.path
    step = growth(council, path, model.year, numbers.settlement.depth)
    moved = council.settlement * (1.0 + numbers.settlement.shock) * duty(council, path, model.year)
    z = 0.0
    if model.year > council.known_until:
        lineage = council.lineage
        z = model.chance.normal(Purpose.SETTLEMENT, years, 0, lineage, lineage)
    council.settlement *= max(numbers.settlement.least_growth, step + numbers.settlement.spread * z)
    council.band_d *= 1.0 + tax_rise(model, council)
    bring_taxes_together(council)
    council.cost = council.cost * (1.0 + cost_growth(model, model.year)) + moved


def cost_growth(model: PlainModel, year: int) -> float:
    """Return by what share the cost of services rises into a year."""
    return float(model.prices[year - FIRST_YEAR] + model.numbers.costs.growth)


def kept_back(model: PlainModel, council: Council, income: float) -> float:
    """Return how much of an income a council means to put into its reserves."""
    costs = model.numbers.costs
    share = costs.put_aside if council.tier == DISTRICT else costs.put_aside_upper
    return float(share * income)


def bring_taxes_together(council: Council) -> None:
    """Give up a step of Band D where a council was made of several by order."""
    if council.tax_steps > 0:
        step = council.tax_to_give_up / council.tax_steps
        council.band_d -= step
        council.tax_to_give_up -= step
        council.tax_steps -= 1


def tax_rise(model: PlainModel, council: Council) -> float:
    """Return by what share a council raises its tax this April."""
    tax = model.numbers.tax
    percentage, pounds, froze, care, up_to = model.tax_limits[model.year - FIRST_YEAR]
    u = model.chance.uniform(Purpose.FREEZE, model.quarter, 0, council.lineage, council.lineage)
    if u < froze * tax.freeze:
        return 0.0
    if tax.limits == "none":
        limit = tax.open_limit
    elif tax.limits == "fixed":
        limit = tax.fixed_limit
    elif council.tier == DISTRICT:
        may = council.band_d <= up_to
        limit = max(percentage, pounds / council.band_d) if may else percentage
    else:
        limit = percentage + care
    return float(limit * tax.appetite)


def tax_yield(model: PlainModel, council: Council) -> float:
    """Return what council tax brings in a year."""
    return council.tax_bases[model.year - FIRST_YEAR] * council.band_d / MILLION


def reckon(model: PlainModel, council: Council) -> None:
    """Reckon income, today's gap, and the gap that the council sees coming."""
    settlement, costs = model.numbers.settlement, model.numbers.costs
    grant = council.settlement * (1.0 + settlement.shock)
    tax = tax_yield(model, council)
    council.income = grant + tax
    council.gap = council.cost - council.true_saving - council.income
    years = math.floor(costs.horizon)
    cost = council.cost
    for year in range(model.year + 1, model.year + years + 1):
        comes = duty(council, settlement.path, year)
        unlike = comes + rebate(council, settlement.path, year)
        cut = growth(council, settlement.path, year, settlement.depth) - 1.0 - unlike
        cost = cost * (1.0 + cost_growth(model, year)) + comes * grant
        grant *= max(settlement.least_growth, 1.0 + foreseen(model, year) * cut + comes)
    to_reserves = costs.aside_counts * kept_back(model, council, max(council.income, 0.0))
    council.expected_gap = cost - council.true_saving - (grant + tax) + to_reserves
    council.need = max(council.expected_gap, 0.0) / max(council.income, SMALLEST_INCOME)


def foreseen(model: PlainModel, year: int) -> float:
    """Return what part of a later year's cut a council reckons with, announced or not."""
    costs = model.numbers.costs
    told = model.quarter >= model.told_from[year - model.scenario_start_year]
    if told or model.numbers.settlement.path != HISTORY:
        return float(costs.foresight)
    return float(costs.foresight * (1.0 - costs.announced))


def cut_costs(model: PlainModel, council: Council) -> None:
    """Close part of a gap by own cuts, or put part of a surplus back into services."""
    costs = model.numbers.costs
    aim = council.gap + kept_back(model, council, max(council.income, 0.0))
    if aim > 0:
        poor = costs.reserves_floor * council.income - council.reserves > costs.tolerance
        pace = 1.0 if poor else costs.cut_pace
        council.cost -= min(pace * aim, costs.largest_cut * council.cost)
    else:
        council.cost += costs.restore * -aim


def add_up_savings(model: PlainModel) -> None:
    """Add up what each council truly saves, and the local contact that it keeps."""
    for council in model.agents:
        running = [deal for deal in council.signed.values() if deal.runs]
        council.true_saving = (
            council.inherited
            + merged_by_now(model, council)
            + sum(deal.member(council).saves for deal in running)
        )
        council.local_contact = council.contact_kept
        for deal in running:
            council.local_contact *= 1.0 - model.catalogue[deal.scope].contact_loss


def merged_by_now(model: PlainModel, council: Council) -> float:
    """Return what a council saves by now because it was made of others."""
    return council.merged.by(model.quarter, model.catalogue[MERGER].ramp)


def to_pounds(millions: float) -> int:
    """Return million pounds as whole pounds, the nearest."""
    return math.floor(millions * MILLION + HALF)


def pay_grant(deal: Deal, pounds: int) -> None:
    """Share a grant among the members in whole pounds; the first get what is left over."""
    share, left_over = divmod(pounds, len(deal.members))
    for place, council in enumerate(deal.councils):
        council.books.grants += (share + (place < left_over)) / MILLION


def close_books(model: PlainModel) -> None:
    """Move reserves by what is left over, and see who cannot balance its budget."""
    tolerance = model.numbers.costs.tolerance
    for council in model.agents:
        books = council.books
        books.income = council.income / A_YEAR
        books.spending = (council.cost - council.true_saving) / A_YEAR
        books.true_saving = council.true_saving / A_YEAR
        books.tax_paid = tax_yield(model, council) / A_YEAR - books.tax_support
        council.reserves += books.left()
        council.totals.add(books)
        was, council.distress = (
            council.distress,
            council.reserves < -tolerance and (council.distress or council.gap > tolerance),
        )
        if council.distress and not was:
            model.counts["distressed"] += 1
            model.counts["districts_distressed"] += council.tier == DISTRICT
            model.log.note(
                "in_distress",
                council,
                value=council.reserves,
                more=council.gap / max(council.income, SMALLEST_INCOME),
            )
