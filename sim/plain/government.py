"""Government: pots of grants, its stance on reorganisation, what befalls councils, and orders."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ..declared.parameters import STANCES
from ..declared.scenario import Happening, Order, changed
from .council import COUNTY, DISTRICT, UNITARY, Council, Identity
from .mergers import (
    REORGANISATION,
    abolish,
    absorb,
    complete,
    imposed_saving,
    largest,
    measure_pairs,
    rename,
    take_county_share,
)
from .money import to_pounds
from .politics import change_control, lose_chief

if TYPE_CHECKING:
    from .model import PlainModel

A_YEAR = 4
NO_CONTROL = "NOC"
MILLION = 1e6


def change_numbers(model: PlainModel) -> None:
    """Put in force what the scenario changes this quarter."""
    for change in sorted(model.plan.change, key=lambda change: change.when):
        if model.plan.quarter_of(change.when) == model.quarter:
            model.set_numbers(changed(model.numbers, change.set, "change"))


def govern(model: PlainModel) -> None:
    """Fill the pots, take a stance, and let happenings and orders befall councils."""
    fill_pots(model)
    take_stance(model)
    for happening in model.plan.happening:
        if model.plan.quarter_of(happening.when) == model.quarter:
            befall(model, happening)
    carry_out_orders(model)
    carry_out_mandate(model)


def fill_pots(model: PlainModel) -> None:
    """Fill the pots in April, and whenever their amount was changed."""
    grants = model.numbers.grants
    amounts = (to_pounds(grants.feasibility_pot), to_pounds(grants.setup_pot))
    if model.is_april or amounts[0] != model.pot_amounts[0]:
        model.study_pot = amounts[0]
    if model.is_april or amounts[1] != model.pot_amounts[1]:
        model.setup_pot = amounts[1]
    model.pot_amounts = amounts


def take_stance(model: PlainModel) -> None:
    """Note a change of the stance on reorganisation."""
    stance = model.numbers.reorganisation.stance
    if stance != model.stance:
        model.stance = stance
        model.stance_since = model.quarter
        model.log.note("stance", value=STANCES.index(stance))


def befall(model: PlainModel, happening: Happening) -> None:
    """Let something happen to the council that a named one is by now."""
    council = model.council_now(happening.council)
    if council is None:
        return
    if happening.what == "control_changes":
        change_control(model, council, happening.control or NO_CONTROL)
    elif not council.shares_chief:
        empty_post(model, council, happening)


def empty_post(model: PlainModel, council: Council, happening: Happening) -> None:
    """Let a council's own chief executive go; perhaps keep the post vacant until a day."""
    if not council.vacant:
        lose_chief(model, council)
    if happening.until is not None:
        until = model.plan.quarter_of(happening.until)
        council.kept_vacant_until = max(council.kept_vacant_until, until)


def carry_out_orders(model: PlainModel) -> None:
    """Make one council of each group whose day has come, then abolish the counties named."""
    due = [o for o in model.plan.order if model.plan.quarter_of(o.when) == model.quarter]
    united: set[Council] = set()
    counties: dict[Council, None] = {}
    for order in due:
        shares = county_shares(model, order)
        heir = successor(model, order, united, has_county=bool(shares))
        if heir is not None:
            for county, share in shares.items():
                take_county_share(model, heir, county, share)
        counties |= dict.fromkeys(shares)
    for county in counties:
        abolish(model, county)


def county_shares(model: PlainModel, order: Order) -> dict[Council, float]:
    """Return the living counties that an order names, with the share that it passes on."""
    named = members_now(model, order.councils)
    shares = {council: 1.0 for council in named if council.tier == COUNTY}
    if order.county is not None:
        shares |= dict.fromkeys(members_now(model, [order.county]), order.share)
    return shares


def successor(
    model: PlainModel, order: Order, united: set[Council], *, has_county: bool
) -> Council | None:
    """Carry out an order, less the councils that another united before it; return its heir."""
    own = [council for council in members_now(model, order.councils) if council.tier != COUNTY]
    group = [council for council in own if council not in united]
    if not group:
        return largest(own) if own else None
    if len(group) == 1 and not has_county:
        return None
    heir = unite(model, order, group)
    united.add(heir)
    return heir


def members_now(model: PlainModel, words: list[str]) -> list[Council]:
    """Return the councils that named ones are by now, each once."""
    found = [council for word in words if (council := model.council_now(word))]
    return list(dict.fromkeys(found))


def unite(model: PlainModel, order: Order, group: list[Council]) -> Council:
    """Make one unitary of a group."""
    heir = largest(group)
    others = [council for council in group if council is not heir]
    rename(model, heir, others, order.code, order.name)
    for council in others:
        absorb(model, heir, council, REORGANISATION)
    become_unitary(model, heir)
    return heir


def become_unitary(model: PlainModel, heir: Council) -> None:
    """Let an imposed council begin: it pays for its making, and saves a little."""
    reorganisation = model.numbers.reorganisation
    heir.tier = UNITARY
    heir.identity.tier = UNITARY
    complete(model, heir, imposed_saving(model, heir))
    heir.books.setup += reorganisation.transition * heir.population / MILLION
    measure_pairs(heir)


def carry_out_mandate(model: PlainModel) -> None:
    """Make one unitary of the reviewed districts of each county, once notice has run out."""
    notice = math.floor(A_YEAR * model.numbers.reorganisation.notice)
    if model.stance != "mandated" or model.quarter - model.stance_since < notice:
        return
    groups: dict[str, list[Council]] = {}
    for council in model.agents:
        if council.tier == DISTRICT and council.reviewed:
            groups.setdefault(council.county, []).append(council)
    heirs = {county: largest(group) for county, group in sorted(groups.items())}
    for county, heir in heirs.items():
        rename(model, heir, [council for council in groups[county] if council is not heir])
    for council in list(model.agents):
        heir_of = heirs.get(council.county)
        group = groups.get(council.county, [])
        if heir_of is not None and council in group and council is not heir_of:
            absorb(model, heir_of, council, REORGANISATION)
    for heir in heirs.values():
        become_unitary(model, heir)
    for council in list(model.agents):
        if council.tier == COUNTY and council.county in heirs:
            take_county_share(model, heirs[council.county], council, 1.0)
            abolish(model, council)


def identity_of(model: PlainModel, word: str) -> Identity | None:
    """Return the identity of a council by code or name in any case."""
    wanted = word.strip().lower()
    for identity in model.identities:
        if wanted in (identity.code.lower(), identity.name.lower()):
            return identity
    return None
