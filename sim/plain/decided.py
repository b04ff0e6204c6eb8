"""Decisions that the plan takes for a council, in one quarter, about another and a scope."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..declared.catalogue import SCOPES
from ..declared.scenario import DECISIONS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .council import Council
    from .deal import Deal
    from .model import PlainModel


def decided_for(
    model: PlainModel, council: Council, others: Iterable[Council], scope: int
) -> str | None:
    """Return what is decided for a council this quarter: the first of the others counts."""
    today = [
        fact
        for fact in model.plan.happening
        if fact.what in DECISIONS
        and fact.scope == SCOPES[scope]
        and model.plan.quarter_of(fact.when) == model.quarter
        and model.council_now(fact.council) is council
    ]
    for other in others:
        told = [fact.what for fact in today if model.council_now(fact.partner or "") is other]
        if told:
            return told[-1]
    return None


def agrees(told: str | None, own: bool) -> bool:
    """Return whether a council says yes that would by itself say `own`."""
    return own if told is None else told == "says_yes"


def leaves(told: str | None, own: bool) -> bool:
    """Return whether a council walks out that would by itself do `own`."""
    return told == "walks_out" or (own and told != "says_yes")


def note_overruled(
    model: PlainModel,
    council: Council,
    other: Council,
    told: str | None,
    score: float,
    *,
    deal: Deal | None = None,
    scope: int | None = None,
) -> None:
    """Log that a council is made to do what it would not, with how it weighs it."""
    code = float(DECISIONS.index(told or ""))
    model.log.note("overruled", council, other, deal=deal, scope=scope, value=score, more=code)
