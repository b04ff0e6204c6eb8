"""What is measured at the end of every quarter, over all councils that stand."""

from __future__ import annotations

from itertools import accumulate
from statistics import fmean
from typing import TYPE_CHECKING

from ..declared.catalogue import SCOPES
from ..declared.measures import MEASURES
from .council import DISTRICT, Books, Council
from .deal import Stage
from .money import MILLION
from .network import measure_network, without_remainder
from .offers import pot_is_dry
from .promises import reported
from .quarters import A_QUARTER
from .scopes import JOINT_POST, SERVICES, is_deep

if TYPE_CHECKING:
    from .model import PlainModel


def observe(model: PlainModel) -> None:
    """Take all measures of the quarter."""
    councils = list(model.agents)
    values = dict.fromkeys((measure.name for measure in MEASURES), 0.0)
    model.counts["pot_empty"] += pot_is_dry(model)
    values |= {name: float(count) for name, count in model.counts.items()}
    values |= measure_deals(model)
    values |= measure_councils(councils)
    values |= measure_money(model, councils)
    values |= measure_districts(model, councils)
    model.counts["management_quarters"] += int(values["managements"])
    values["management_years"] = model.counts["management_quarters"] * A_QUARTER
    if model.network_changed:
        model.network_measures = measure_network(councils, model.deals)
        model.network_changed = False
    values |= model.network_measures
    model.measures = {measure.name: values[measure.name] for measure in MEASURES}


def measure_deals(model: PlainModel) -> dict[str, float]:
    """Return the measures of deals: those that run, are set up, or are talked about."""
    running = [deal for deal in model.deals if deal.runs]
    talks = [deal for deal in model.deals if deal.in_talks]
    values = {
        "agreements": len(running),
        "services": sum(deal.scope in SERVICES for deal in running),
        "managements": sum(deal.scope in JOINT_POST for deal in running),
        "setting_up": sum(deal.stage == Stage.TRANSITION for deal in model.deals),
        "talks": len(talks),
        "deep_talks": sum(is_deep(deal.scope) for deal in talks),
        "members": fmean(len(deal.members) for deal in running) if running else 0.0,
        "promised": sum(member.promise for deal in running for member in deal.members),
        "reported": sum(reported(model, deal) for deal in running),
    }
    for scope in (*SERVICES, *JOINT_POST):
        values[f"active_{SCOPES[scope]}"] = sum(deal.scope == scope for deal in running)
    return {name: float(value) for name, value in values.items()}


def measure_councils(councils: list[Council]) -> dict[str, float]:
    """Return the measures that count councils or average over them."""
    return {
        "councils": float(len(councils)),
        "sharing": float(sum(bool(council.signed) for council in councils)),
        "sharing_management": float(sum(council.shares_chief for council in councils)),
        "talking_management": float(sum(bool(council.deep_talks) for council in councils)),
        "in_distress": float(sum(council.distress for council in councils)),
        "local_contact": fmean(council.local_contact for council in councils),
        "quality": fmean(council.quality for council in councils),
    }


def measure_districts(model: PlainModel, councils: list[Council]) -> dict[str, float]:
    """Return the measures of districts: how many, what they hold, and with whom they share."""
    districts = {council for council in councils if council.tier == DISTRICT}
    running = [deal.councils for deal in model.deals if deal.runs]
    return {
        "districts": float(len(districts)),
        "district_reserves": sum(council.reserves for council in districts),
        "with_districts": float(sum(not districts.isdisjoint(each) for each in running)),
        "among_districts": float(sum(districts.issuperset(each) for each in running)),
    }


def measure_money(model: PlainModel, councils: list[Council]) -> dict[str, float]:
    """Return the measures of money: of now, and totals since the start."""
    totals = [council.totals for council in councils]
    model.reported_total += A_QUARTER * sum(
        reported(model, deal) for deal in model.deals if deal.runs
    )
    net = [total.net_saving() for total in totals]
    services = model.services_total
    heads = [council.population for council in councils]
    gains = [n if n > model.numbers.costs.tolerance else 0.0 for n in net]
    return {
        "true_saving": sum(council.true_saving for council in councils),
        "reported_total": model.reported_total,
        "true_total": sum(total.true_saving for total in totals),
        "study_cost": sum(total.studies for total in totals),
        "setup_cost": sum(total.setup for total in totals),
        "coordination_cost": sum(total.coordination for total in totals),
        "exit_cost": sum(total.exits for total in totals),
        "grants": sum(total.grants for total in totals),
        "study_grants": model.paid_out["study"] / MILLION,
        "setup_grants": model.paid_out["setup"] / MILLION,
        "net_saving": sum(net),
        "support": sum(total.support + total.tax_support for total in totals),
        "tax_support": sum(total.tax_support for total in totals),
        "government_services": services,
        "government_spending": services + sum(given(total) for total in totals),
        "tax_paid": sum(total.tax_paid for total in totals),
        "public_net": sum(total.true_saving - total.costs() for total in totals) - services,
        "public_value": model.public_value,
        "budget": sum(council.income for council in councils),
        "gap": sum(max(council.gap, 0.0) for council in councils),
        "expected_gap": sum(max(council.expected_gap, 0.0) for council in councils),
        "reserves": sum(council.reserves for council in councils),
        "winners": gini([n / h for n, h in zip(gains, heads, strict=True)]),
    }


def given(books: Books) -> float:
    """Return what government gave to a council and to its residents, its settlement apart."""
    return books.grants + books.support + books.tax_support


def gini(values: list[float]) -> float:
    """Return how unevenly something is spread: 0 evenly, towards 1 all with one."""
    total, count = sum(values), len(values)
    if total <= 0:
        return 0.0
    below = sum(accumulate(sorted(values)))
    return without_remainder((count + 1 - 2 * below / total) / count)
