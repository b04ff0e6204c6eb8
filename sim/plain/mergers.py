"""How councils become one: the heir takes over people, money, partners and deals."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from .chance import descend, ln
from .council import LESSONS, Council, Identity, Lessons, Merged
from .deal import PAIR, Deal
from .endings import drop_out, end
from .money import merged_by_now, reckon
from .pair import Pair
from .scopes import MERGER, is_deep
from .talks import close_talks, drop_from_talks, note_failure

if TYPE_CHECKING:
    from .model import PlainModel

REORGANISATION = "reorganisation"
AGREED = "merger"
MEANS = ("x", "y", "autonomy", "contact", "quality", "contact_kept", "rural")
SUMS = ("population", "settlement", "cost", "true_saving")


def largest(councils: list[Council]) -> Council:
    """Return the council with most people; of equal ones that of the lower lineage."""
    return min(councils, key=lambda council: (-council.population, council.lineage))


def merge_by_agreement(model: PlainModel, deal: Deal) -> None:
    """Make the members of a merger deal one council."""
    councils = deal.councils
    worth = sum(member.worth for member in deal.members)
    heir = largest(councils)
    others = [council for council in councils if council is not heir]
    rename(model, heir, others)
    for council in others:
        absorb(model, heir, council, AGREED)
    complete(model, heir, worth)


def rename(
    model: PlainModel, heir: Council, others: list[Council], code: str = "", name: str = ""
) -> None:
    """Give the heir a new identity and a lineage of its own."""
    parents = sorted([heir, *others], key=lambda council: council.identity.place)
    old = heir.identity
    new = Identity(
        place=len(model.identities),
        code=code or "+".join(sorted(parent.code for parent in parents)) + "+" * (not others),
        name=name or " and ".join(parent.name for parent in parents),
        tier=heir.tier,
        county=heir.county,
    )
    model.identities.append(new)
    old.became = new
    model.heirs_of[heir] = old
    heir.identity = new
    heir.lineage = descend(heir.lineage, heir.lineage, model.quarter + 1)


def absorb(model: PlainModel, heir: Council, council: Council, reason: str) -> None:
    """Let the heir take over another council."""
    heir.lineage = descend(heir.lineage, council.lineage, model.quarter + 1)
    end_talks(model, council, council.talks, reason)
    end_talks(model, heir, heir.deep_talks, reason)
    for _, deal in sorted(council.signed.items()):
        pass_on(model, heir, council, deal, reason)
    blend(model, heir, council)
    take_over_pairs(model, heir, council)
    council.identity.became = heir.identity
    retire(model, council)
    note_merger(model, heir, council.identity)


def note_merger(model: PlainModel, heir: Council, parent: Identity) -> None:
    """Log that a council has become part of another."""
    model.log.note("merges", heir, parent, scope=MERGER, value=heir.population)


def complete(model: PlainModel, heir: Council, saving: float) -> None:
    """Let the new council begin, with what it will save."""
    note_merger(model, heir, model.heirs_of.pop(heir))
    model.counts["mergers"] += 1
    heir.inherited += merged_by_now(model, heir)
    heir.contact_kept *= 1.0 - model.catalogue[MERGER].contact_loss
    heir.merged = Merged(saving, model.quarter)
    reckon(model, heir)


def retire(model: PlainModel, council: Council) -> None:
    """Take a council off the stage."""
    council.alive = False
    for other in list(council.pairs):
        del other.pairs[council]
    council.pairs.clear()
    council.remove()
    model.network_changed = True


def end_talks(model: PlainModel, council: Council, talks: list[Deal], reason: str) -> None:
    """Take a council from talks; where only two talked they fail."""
    for deal in talks:
        if len(deal.members) > PAIR:
            model.log.note(
                "walks_away",
                council,
                deal.opposite(council),
                deal=deal,
                reason=reason,
            )
            drop_from_talks(deal, council)
        else:
            note_failure(model, deal, reason)
            close_talks(deal)


def pass_on(model: PlainModel, heir: Council, council: Council, deal: Deal, reason: str) -> None:
    """Let a deal pass to the heir, go on without the council, or end."""
    if not is_deep(deal.scope) and deal.scope not in heir.signed:
        deal.member(council).council = heir
        heir.signed[deal.scope] = deal
        del council.signed[deal.scope]
        same = [talks for talks in heir.talks if talks.scope == deal.scope]
        end_talks(model, heir, same, reason)
        return
    if deal.has(heir):
        heir.inherited += deal.member(council).saves
        if len(deal.members) == PAIR:
            heir.inherited += deal.member(heir).saves
    if len(deal.members) == PAIR:
        end(model, deal, reason)
    else:
        drop_out(model, deal, council)


def blend(model: PlainModel, heir: Council, council: Council, part: float = 1.0) -> None:
    """Add up people and money, or a part of them; mix place and character by population."""
    share = part * council.population / (heir.population + part * council.population)
    mine, theirs = math.exp(heir.means), math.exp(council.means)
    heir.means = ln(mine + share * (theirs - mine))
    for name in MEANS:
        mine, theirs = getattr(heir, name), getattr(council, name)
        setattr(heir, name, mine + share * (theirs - mine))
    heir.culture = [
        mine + share * (theirs - mine)
        for mine, theirs in zip(heir.culture, council.culture, strict=True)
    ]
    year = model.table_year
    base, more = heir.tax_bases[year], part * council.tax_bases[year]
    heir.band_d = (heir.band_d * base + council.band_d * more) / (base + more)
    give_up = heir.tax_to_give_up * base + council.tax_to_give_up * more
    heir.tax_to_give_up = give_up / (base + more)
    heir.tax_steps = max(heir.tax_steps, council.tax_steps)
    heir.change_bill += part * council.change_bill
    heir.change_paid_by = max(heir.change_paid_by, council.change_paid_by)
    heir.lessons = Lessons(
        *(max(getattr(heir.lessons, k), getattr(council.lessons, k)) for k in LESSONS)
    )
    for name in SUMS:
        setattr(heir, name, getattr(heir, name) + part * getattr(council, name))
    add_paths(heir, council, part)
    heir.books.add(council.books, part)
    heir.totals.add(council.totals, part)
    heir.books.transfers += part * council.reserves
    heir.inherited += part * (council.inherited + merged_by_now(model, council))
    heir.vacant = False


def take_part(model: PlainModel, heir: Council, council: Council, part: float) -> None:
    """Let a new council take over its part of one that is split."""
    blend(model, heir, council, part)
    heir.lineage = descend(heir.lineage, council.lineage, model.quarter + 1)
    model.log.note("abolished", council, heir, scope=MERGER, reason=REORGANISATION, value=part)
    reckon(model, heir)


def close_split(model: PlainModel, heir: Council, council: Council) -> None:
    """Hand what cannot be parted to the heir of the largest part."""
    end_talks(model, council, council.talks, REORGANISATION)
    end_talks(model, heir, heir.deep_talks, REORGANISATION)
    for _, deal in sorted(council.signed.items()):
        pass_on(model, heir, council, deal, REORGANISATION)
    take_over_pairs(model, heir, council)
    council.identity.became = heir.identity
    retire(model, council)


def add_paths(heir: Council, other: Council, share: float) -> None:
    """Add another council's funding path and tax bases, or a share of them."""
    add_funding(heir, other, share)
    heir.tax_bases = [a + share * b for a, b in zip(heir.tax_bases, other.tax_bases, strict=True)]


def add_funding(heir: Council, other: Council, share: float) -> None:
    """Add a share of another council's funding path, and of what moves with duties and tax."""
    for name in ("path", "duties", "rebates"):
        mine, theirs = getattr(heir, name), getattr(other, name)
        setattr(heir, name, [a + share * b for a, b in zip(mine, theirs, strict=True)])


def take_over_pairs(model: PlainModel, heir: Council, council: Council) -> None:
    """Let those who could talk to a council talk to its heir."""
    if council.pairs.pop(heir, None) is not None:
        del heir.pairs[council]
    for other, pair in council.pairs.items():
        known = heir.pairs.get(other)
        if known is None and len(heir.pairs) < model.most_pairs:
            hand_over(pair, other, council, heir)
            continue
        del other.pairs[council]
        if known is not None:
            known.touches = known.touches or pair.touches
            known.border = known.border and pair.border
    council.pairs.clear()
    measure_pairs(heir)


def hand_over(pair: Pair, other: Council, council: Council, heir: Council) -> None:
    """Let a pair become the heir's: last on its list, in the same place on the other's."""
    pair.replace(council, heir)
    heir.pairs[other] = pair
    other.pairs = {heir if who is council else who: with_it for who, with_it in other.pairs.items()}


def measure_pairs(heir: Council) -> None:
    """Measure anew all that lies between a council and those it could talk to."""
    for pair in heir.pairs.values():
        pair.measure()


def take_county_share(model: PlainModel, heir: Council, county: Council, share: float) -> None:
    """Let a new unitary take over its share of a county council."""
    year = model.table_year
    gain = share * county.tax_bases[year] * county.band_d
    heir.band_d += gain / heir.tax_bases[year]
    heir.settlement += share * county.settlement
    heir.cost += share * county.cost
    people = county.population / heir.population
    heir.means = ln(math.exp(heir.means) + share * people * math.exp(county.means))
    heir.true_saving += share * county.true_saving
    add_funding(heir, county, share)
    heir.books.add(county.books, share)
    heir.totals.add(county.totals, share)
    heir.books.transfers += share * county.reserves
    heir.inherited += share * (county.inherited + merged_by_now(model, county))
    reckon(model, heir)
    measure_pairs(heir)
    model.log.note("abolished", county, heir, scope=MERGER, reason=REORGANISATION, value=share)


def abolish(model: PlainModel, county: Council) -> None:
    """Take a county council off the stage, with its talks and deals."""
    end_talks(model, county, county.talks, REORGANISATION)
    for _, deal in sorted(county.signed.items()):
        if len(deal.members) == PAIR:
            end(model, deal, REORGANISATION)
        else:
            drop_out(model, deal, county)
    retire(model, county)
    county.identity.became = county.identity
