"""Orders of government: who becomes one council, who is split, and which counties go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..declared.scenario import Order
from .council import COUNTY, Council
from .mergers import (
    REORGANISATION,
    abolish,
    absorb,
    close_split,
    largest,
    rename,
    take_part,
)
from .places import first_called
from .reorganising import become_unitary, promise, take_county

if TYPE_CHECKING:
    from .model import PlainModel


def carry_out_orders(model: PlainModel) -> None:
    """Make one council of each group whose day has come, then let go what is no more."""
    due = [o for o in model.plan.order if model.plan.quarter_of(o.when) == model.quarter]
    united: set[Council] = set()
    whole = {council for order in due for council in members_now(model, order.councils)}
    shares = parts_by_order(model, due, whole)
    for order, parts in zip(due, shares, strict=True):
        counties = county_shares(model, order)
        heir = successor(model, order, united, parts, has_county=bool(counties))
        if heir is None:
            continue
        for county, share in counties.items():
            takers = sum(county in county_shares(model, each) for each in due)
            take_county(model, heir, county, share, takers)
        if heir.identity is model.made.get(order.code):
            promise(model, heir)
    let_go(model, due, united, shares)


def parts_by_order(
    model: PlainModel, due: list[Order], whole: set[Council]
) -> list[dict[Council, float]]:
    """Return for each order which part it takes of each council that is split today."""
    asked: list[dict[Council, float]] = []
    for order in due:
        mine: dict[Council, float] = {}
        for part in order.parts:
            council = named_now(model, part.council)
            if council is not None and council not in whole and council.tier != COUNTY:
                mine[council] = mine.get(council, 0.0) + part.share
        asked.append(mine)
    split = dict.fromkeys(council for mine in asked for council in mine)
    total = {council: sum(mine.get(council, 0.0) for mine in asked) for council in split}
    return [{council: mine[council] / total[council] for council in mine} for mine in asked]


def let_go(
    model: PlainModel,
    due: list[Order],
    united: set[Council],
    shares: list[dict[Council, float]],
) -> None:
    """Take counties and split councils off the stage, in the order in which they are named."""
    for order, parts in zip(due, shares, strict=True):
        for council in members_now(model, order.councils):
            if council.tier == COUNTY:
                abolish(model, council)
        for council in parts:
            taken = [each.get(council, 0.0) for each in shares]
            most = due[taken.index(max(taken))]
            heirs = [c for c in members_now(model, most.councils) if c in united]
            if council.alive and heirs:
                close_split(model, largest(heirs), council)
        if order.county is not None:
            for council in members_now(model, [order.county]):
                if council.tier == COUNTY:
                    abolish(model, council)


def county_shares(model: PlainModel, order: Order) -> dict[Council, float]:
    """Return the living counties that an order names, with the share that it passes on."""
    named = members_now(model, order.councils)
    shares = {council: 1.0 for council in named if council.tier == COUNTY}
    if order.county is not None:
        here = [c for c in members_now(model, [order.county]) if c.tier == COUNTY]
        shares |= dict.fromkeys(here, order.of_county)
    return shares


def successor(
    model: PlainModel,
    order: Order,
    united: set[Council],
    parts: dict[Council, float],
    *,
    has_county: bool,
) -> Council | None:
    """Carry out an order, less the councils that another united before it; return its heir."""
    own = [council for council in members_now(model, order.councils) if council.tier != COUNTY]
    group = [council for council in own if council not in united]
    if not group:
        if not own:
            return None
        take_parts(model, largest(own), parts)
        return largest(own)
    if len(group) == 1 and not has_county and not parts:
        return None
    heir = unite(model, order, group, parts)
    united.add(heir)
    return heir


def take_parts(model: PlainModel, heir: Council, parts: dict[Council, float]) -> None:
    """Let a new council take over its parts of councils that are split."""
    for council, part in parts.items():
        take_part(model, heir, council, part)


def members_now(model: PlainModel, words: list[str]) -> list[Council]:
    """Return the councils that named ones are by now, each once."""
    found = [council for word in words if (council := named_now(model, word))]
    return list(dict.fromkeys(found))


def named_now(model: PlainModel, word: str, *, today: bool = False) -> Council | None:
    """Return what a council of the first day or of an earlier order is by now.

    With `today`, orders of this very quarter have been carried out.
    """
    wanted = word.strip().lower()
    first = [identity for identity in model.identities if identity.first_day]
    end = model.quarter + 1 if today else model.quarter
    made = [o for o in model.plan.order if model.plan.quarter_of(o.when) < end]
    made.sort(key=lambda order: model.plan.quarter_of(order.when))
    for identity in first:
        if identity.code.lower() == wanted:
            return model.standing_as(identity)
    for order in made:
        if order.code.lower() == wanted:
            return made_by(model, order)
    for order in reversed(made):
        if order.name.lower() == wanted:
            return made_by(model, order)
    for identity in first:
        if identity.name.lower() == wanted:
            return model.standing_as(identity)
    called = first_called(model, word)
    return None if called is None else model.standing_as(called)


def made_by(model: PlainModel, order: Order) -> Council | None:
    """Return what the council of an order is by now; if it made none, what its first one is."""
    identity = model.made.get(order.code)
    return model.standing_as(identity) if identity else named_now(model, order.councils[0])


def unite(
    model: PlainModel, order: Order, group: list[Council], parts: dict[Council, float]
) -> Council:
    """Make one unitary of a group, and of parts of others."""
    heir = largest(group)
    others = [council for council in group if council is not heir]
    rename(model, heir, others, order.code, order.name)
    model.made[order.code] = heir.identity
    least_tax = min(council.band_d for council in [*group, *parts])
    gathered = len(group) + sum(parts.values())
    for council in others:
        absorb(model, heir, council, REORGANISATION)
    take_parts(model, heir, parts)
    become_unitary(model, heir, gathered, least_tax)
    return heir
