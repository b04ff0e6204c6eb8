"""What the events of a run do not say by themselves, and its scenario does."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from ..declared.catalogue import SCOPES
from .wording import Event, amount

if TYPE_CHECKING:
    from ..ready.world import Prepared


class Agreement(NamedTuple):
    """An agreement that was signed: about what, and between whom, as codes."""

    scope: str
    members: tuple[str, ...]


class Known(NamedTuple):
    """What is known of a run beside its events; what is not known is left out of the telling.

    `patience` is how far talks may fall below zero before a side walks away, a number a quarter
    (`talks.patience`, a logit); `again` how much of what two councils knew when they agreed to
    talk weighs again (`weighing.again`), a number a quarter; `standing` are the agreements of the
    first day by their number, `agreed` the numbers of those that are not yet at work on it.
    """

    patience: Sequence[float] = ()
    again: Sequence[float] = ()
    standing: Mapping[int, Agreement] = {}
    agreed: Collection[int] = ()

    def patience_at(self, event: Event) -> float | None:
        """Return the patience in the quarter of an event, None where it is not known."""
        return _in_quarter_of(event, self.patience)

    def again_at(self, event: Event) -> float | None:
        """Return how much of what was known weighs again, None where it is not known."""
        return _in_quarter_of(event, self.again)


def _in_quarter_of(event: Event, values: Sequence[float]) -> float | None:
    quarter = amount(event, "quarter")
    if quarter is None or not 0 <= quarter < len(values):
        return None
    return values[int(quarter)]


NOTHING = Known()


def known_of(ready: Prepared) -> Known:
    """Return what a prepared scenario knows of its runs."""
    held: dict[int, tuple[str, list[str]]] = {}
    agreed = set()
    for place, scope, _, row, not_at_work in ready.blank.standing.tolist():
        held.setdefault(place, (SCOPES[scope], []))[1].append(ready.table.code[row])
        if not_at_work:
            agreed.add(place + 1)
    standing = {place + 1: Agreement(scope, tuple(who)) for place, (scope, who) in held.items()}
    theory = ready.theory
    return Known(
        theory["talks_patience"].tolist(), theory["weighing_again"].tolist(), standing, agreed
    )
