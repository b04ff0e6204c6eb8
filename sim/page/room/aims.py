"""Targets and cards: the trainer sets what is to be reached, each table spends three policy cards.

Each table's run is lived on the luck of the run that is shown, from the quarter in which the
targets were set.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import Field, ValidationError

from ...declared.scenario import Strict
from ...errors import InputError, nearest
from ..changes import Act, apply_acts, in_words, with_act
from ..frames import SHOWN, measured, titles
from ..levers import Shock
from ..line import Line
from ..session import Session

CARDS_EACH, AIMS_MOST = 3, 3
CARDS = {
    card.key: card
    for card in (
        Shock("studies", "Grants for studies", "£1m a year", {"grants.feasibility_pot": 1.0}),
        Shock("setup", "Grants for setting up", "£2m a year", {"grants.setup_pot": 2.0}),
        Shock("exit", "Only with an exit strategy", "of grants for setting up: needs that card",
              {"grants.exit_required": 1.0}),
        Shock("match", "Match-making", "at full strength", {"support.matchmaking": 1.0}),
        Shock("lessons", "Published lessons", "half of a lesson is learnt by others",
              {"support.published_lessons": 0.5}),
        Shock("ict", "Help with a common system", "half of its cost",
              {"support.ict_subsidy": 0.5}),
        Shock("tax", "Help to align council tax", "half of the gap made good",
              {"terms.tax_support": 0.5}),
        Shock("term", "Minimum term", "three years", {"terms.minimum": 3.0}),
        Shock("map", "No mergers", "the map stays as it is", {"reorganisation.stance": "none"}),
    )
}  # fmt: skip
"""The cards that a table may spend: levers of the page, each at one value."""


class Aim(Strict):
    """A target: an outcome of the page at least or at most so much when `at` quarters are over."""

    outcome: str = Field(max_length=60)
    most: bool = False
    bound: float
    at: int = Field(ge=1)

    def said(self, day: str) -> str:
        """Return it in words."""
        way = "at most" if self.most else "at least"
        return f"{titles()[self.outcome]['title']} {way} {self.bound:g} on {day}"

    def met(self, value: float | None) -> bool:
        """Return whether a value reaches it."""
        return value is not None and (value <= self.bound if self.most else value >= self.bound)


@dataclass
class Game:
    """Targets that were set at a quarter, which cards the tables hold, and what came of them."""

    aims: list[Aim]
    days: list[str]  # on which each target is due, as it is spoken
    quarter: int
    cards: dict[str, tuple[str, ...]] = field(default_factory=dict)
    values: dict[tuple[str, ...], list[float | None]] = field(default_factory=dict)
    closed: bool = False

    def spend(self, seat: str, cards: Sequence[str]) -> None:
        """Take a table's cards, in place of those that it held."""
        if self.closed:
            raise InputError("the cards are played: wait for the next targets")
        if len(set(cards)) > CARDS_EACH or len(set(cards)) < len(cards):
            raise InputError(f"each table has {CARDS_EACH} cards, each once")
        for card in cards:
            if card not in CARDS:
                raise InputError(f"there is no card '{card}'; {nearest(card, CARDS)}")
        self.cards[seat] = tuple(sorted(cards))

    def told(self, seat: str) -> dict[str, Any]:
        """Return the targets, the cards and the table's result as a phone shows them."""
        mine = self.cards.get(seat, ())
        return {
            "aims": [aim.model_dump() for aim in self.aims], "closed": self.closed,
            "said": [aim.said(day) for aim, day in zip(self.aims, self.days, strict=True)],
            "cards": [card._asdict() for card in CARDS.values()], "mine": list(mine),
            "result": self.result(mine) if self.closed else None,
        }  # fmt: skip

    def result(self, cards: tuple[str, ...]) -> dict[str, Any] | None:
        """Return what a hand of cards came to; None while its run is not lived."""
        values = self.values.get(cards)
        if values is None:
            return None
        met = [aim.met(value) for aim, value in zip(self.aims, values, strict=True)]
        return {"values": values, "met": met}

    def league(self, names: Mapping[str, str]) -> list[dict[str, Any]]:
        """Return a row a table, those that reached most targets first."""
        hands = {"": (), **{seat: hand for seat, hand in self.cards.items() if seat in names}}
        rows = [
            {"name": names.get(seat, "no card at all"), "cards": [CARDS[c].label for c in hand],
             "result": self.result(hand)}
            for seat, hand in hands.items()
        ]  # fmt: skip
        return sorted(rows, key=lambda row: -sum((row["result"] or {"met": []})["met"]))


def read_aims(given: Any, quarter: int, last: int) -> list[Aim]:
    """Return targets from JSON; InputError says what is wrong with them."""
    if not isinstance(given, list) or not 1 <= len(given) <= AIMS_MOST:
        raise InputError(f"targets: set one to {AIMS_MOST}")
    try:
        aims = [Aim.model_validate(each) for each in given]
    except ValidationError as error:
        raise InputError(in_words(error, "a target")) from None
    for aim in aims:
        if aim.outcome not in SHOWN:
            hint = nearest(aim.outcome, SHOWN)
            raise InputError(f"a target: the page has no outcome '{aim.outcome}'; {hint}")
        if not quarter < aim.at <= last:
            raise InputError("a target: choose a date after the one shown, within the run")
    return aims


def lived(session: Session, side: str, game: Game, hand: tuple[str, ...]) -> list[float | None]:
    """Return the outcomes of the targets in the run of a hand of cards, on the same luck."""
    with session.lock:
        memo = session.memo.a if side == "a" or session.memo.b is None else session.memo.b
        base = session.book(memo.scenario)[1]
        seed, replicate = session.memo.seed, session.memo.replicate
    acts = [act for act in memo.acts if act.at <= game.quarter]
    for card in hand:
        acts = with_act(acts, Act(at=game.quarter, set=dict(CARDS[card].set)))
    scenario = apply_acts(base, acts)
    line = Line(scenario, seed=seed, replicate=replicate)
    return [measured(line.at(aim.at))[aim.outcome] for aim in game.aims]
