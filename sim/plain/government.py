"""Government: pots of grants, its stance on reorganisation, what befalls councils, and orders."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ..declared.parameters import STANCES
from ..declared.scenario import Happening, changed
from .announcing import announce
from .council import COUNTY, DISTRICT, Council, Identity
from .mergers import REORGANISATION, abolish, absorb, largest, rename
from .money import to_pounds
from .orders import carry_out_orders
from .places import first_called
from .politics import change_control, lose_chief
from .quarters import A_YEAR
from .reorganising import become_unitary, pay_for_changes, promise, take_county

if TYPE_CHECKING:
    from .model import PlainModel

NO_CONTROL = "NOC"


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
    announce(model)
    pay_for_changes(model)


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
    if model.stance != model.stance_told:
        model.stance_told = model.stance
        model.stance_since = model.quarter
        model.log.note("stance", value=STANCES.index(model.stance))


def befall(model: PlainModel, happening: Happening) -> None:
    """Let something happen to the council that a named one is by now."""
    council = model.council_now(happening.council)
    if council is None:
        return
    if happening.what == "control_changes":
        change_control(model, council, happening.control or NO_CONTROL)
    elif happening.what == "chief_executive_leaves" and not council.shares_chief:
        empty_post(model, council, happening)


def empty_post(model: PlainModel, council: Council, happening: Happening) -> None:
    """Let a council's own chief executive go; perhaps keep the post vacant until a day."""
    if not council.vacant:
        lose_chief(model, council)
    if happening.until is not None:
        until = model.plan.quarter_of(happening.until)
        council.kept_vacant_until = max(council.kept_vacant_until, until)


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
    least_tax = {county: min(c.band_d for c in group) for county, group in groups.items()}
    for county, heir in heirs.items():
        rename(model, heir, [council for council in groups[county] if council is not heir])
    for council in list(model.agents):
        heir_of = heirs.get(council.county)
        group = groups.get(council.county, [])
        if heir_of is not None and council in group and council is not heir_of:
            absorb(model, heir_of, council, REORGANISATION)
    for county, heir in heirs.items():
        become_unitary(model, heir, len(groups[county]), least_tax[county])
    for council in list(model.agents):
        if council.tier == COUNTY and council.county in heirs:
            take_county(model, heirs[council.county], council, 1.0, 1)
            abolish(model, council)
    for heir in heirs.values():
        promise(model, heir)


def identity_of(model: PlainModel, word: str) -> Identity | None:
    """Return the identity of a council by code or name in any case, or by what people call it."""
    wanted = word.strip().lower()
    for identity in model.identities:
        if wanted in (identity.code.lower(), identity.name.lower()):
            return identity
    return first_called(model, word)
