"""What failure leaves behind: lost trust, a pause, lessons, and a pair that stays apart."""

from __future__ import annotations

from dataclasses import asdict
from itertools import combinations
from typing import TYPE_CHECKING

from .chance import Purpose, exp
from .council import LESSONS, Council, Lessons
from .deal import Deal
from .quarters import A_YEAR
from .scopes import is_deep

if TYPE_CHECKING:
    from .model import PlainModel

CENTRAL = {"culture": "trust", "sovereignty": "equal", "tax": "tax"}
"""Which lesson a failure is about, by its reason."""


def lose_trust(model: PlainModel, council: Council, others: list[Council]) -> None:
    """Let a council that left lose trust with the others."""
    for other in others:
        pair = council.pairs.get(other)
        if pair is not None:
            pair.gain_trust(-model.numbers.beliefs.trust_loss_failure)


def pause(model: PlainModel, council: Council, deal: Deal, *, leaver: bool) -> None:
    """Let a council seek no deep partner for a while."""
    if not is_deep(deal.scope):
        return
    talks = model.numbers.talks
    years = talks.cooling_leaver if leaver else talks.cooling_left
    e = model.chance.exponential(Purpose.COOLING, model.quarter, 0, deal.key, council.lineage)
    council.pause_until = max(council.pause_until, model.quarter + 1 + A_YEAR * years * e)
    council.deep_failure = model.quarter


def part(model: PlainModel, deal: Deal) -> None:
    """Keep the members of a failed deep deal apart for some years."""
    if not is_deep(deal.scope):
        return
    e = model.chance.exponential(Purpose.REMATCH, model.quarter, 0, deal.key, 0)
    again = model.quarter + 1 + A_YEAR * model.numbers.talks.rematch * e
    for one, other in combinations(deal.councils, 2):
        pair = one.pairs.get(other)
        if pair is not None:
            pair.failures += 1
            pair.again = max(pair.again, again)


def learn(model: PlainModel, council: Council, deal: Deal, reason: str | None) -> None:
    """Teach a council, and a little those who border on it, what a failure was about."""
    lessons = model.numbers.lessons
    central = CENTRAL.get(reason or "", "trust" if deal.in_talks else "exit")
    spread = max(lessons.spread, model.numbers.support.published_lessons)
    gain = lessons.gain * model.catalogue[deal.scope].depth
    taught = {name: gain * (1.0 if name == central else lessons.focus) for name in LESSONS}
    council.taught.add(taught)
    for other, pair in council.pairs.items():
        if pair.touches:
            other.taught.add(taught, spread)
    after = council.lessons.after(taught)
    model.log.note("learns", council, deal=deal, reason=reason, value=after.mean())


def take_in_lessons(model: PlainModel) -> None:
    """Let every council take in what it was taught this quarter; old lessons fade."""
    fade = exp(-model.numbers.lessons.fade / A_YEAR)
    for council in model.agents:
        council.lessons = council.lessons.faded(fade).after(asdict(council.taught))
        council.taught = Lessons()
