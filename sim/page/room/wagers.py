"""What the room answers to bets: counts, what came true, and who was right how often."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from ...errors import InputError
from ..bets import Bet


@dataclass
class Wager:
    """The room's answers to one bet: by seat, typed in by the trainer, and what came true."""

    bet: Bet
    open: bool = True
    given: dict[str, int] = field(default_factory=dict)
    true: int | None = None

    @property
    def counts(self) -> list[int]:
        """Return how many phones gave each answer."""
        answers = list(self.given.values())
        return [answers.count(k) for k in range(len(self.bet.answers))]


def key_of(bet: Bet) -> str:
    """Return what makes two bets the same, whatever came of them."""
    return bet.model_dump_json(exclude={"true"})


class Wagers:
    """All bets that the room was asked; whoever uses them holds the hall's lock."""

    def __init__(self) -> None:
        """Begin without any."""
        self.held: dict[str, Wager] = {}
        self.now: str | None = None

    def follow(self, bets: Iterable[Bet], true: Iterable[int | None], quarter: int) -> None:
        """Take the bets of the run that is shown; those asked before its quarter are closed."""
        self.now = None
        for bet, outcome in zip(bets, true, strict=True):
            if bet.asked > quarter:
                continue
            self.now = key_of(bet)
            wager = self.held.setdefault(self.now, Wager(bet))
            wager.true = wager.true if outcome is None else outcome
            wager.open = wager.open and bet.asked == quarter and wager.true is None

    @property
    def current(self) -> Wager | None:
        """Return the bet that is asked now, or was last."""
        return None if self.now is None else self.held[self.now]

    def answer(self, seat: str, bet: str, answer: int) -> None:
        """Take a seat's answer, in place of one that it gave before."""
        wager = self.held.get(bet)
        if wager is None or not wager.open:
            raise InputError("this bet is closed: wait for the next")
        if not 0 <= answer < len(wager.bet.answers):
            raise InputError(f"this bet has no answer {answer}")
        wager.given[seat] = answer

    def reopen(self, bet: str, *, open: bool) -> None:
        """Close a bet, or ask it again of everybody."""
        wager = self.held.get(bet)
        if wager is None:
            raise InputError("this bet was not asked")
        if open:
            wager.given, wager.true = {}, None
        wager.open = open

    def score(self, seat: str) -> dict[str, int]:
        """Return how often a seat was right, of how many bets it answered that are decided."""
        mine = [w for w in self.held.values() if w.true is not None and seat in w.given]
        return {"right": sum(w.given[seat] == w.true for w in mine), "of": len(mine)}

    def told(self, seat: str) -> dict[str, Any] | None:
        """Return the bet that is asked now as a phone shows it; counts once it is closed."""
        wager = self.current
        if wager is None:
            return None
        return {
            "key": self.now, "ask": wager.bet.ask, "answers": wager.bet.answers,
            "open": wager.open, "mine": wager.given.get(seat), "true": wager.true,
            "counts": None if wager.open else wager.counts,
        }  # fmt: skip
