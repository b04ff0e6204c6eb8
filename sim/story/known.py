"""What the events of a run do not say by themselves, and its scenario does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from ..declared.catalogue import SCOPES
from .wording import Event, amount

if TYPE_CHECKING:
    from ..ready.world import Prepared


class Agreement(NamedTuple):
    """An agreement that is at work: about what, and between whom, as codes."""

    scope: str
    members: tuple[str, ...]


class Known(NamedTuple):
    """What is known of a run beside its events; what is not known is left out of the telling.

    `patience` is how far talks may fall below zero before a side walks away, a number a quarter
    (`talks.patience`, a logit); `standing` are the agreements of the first day by their number.
    """

    patience: Sequence[float] = ()
    standing: Mapping[int, Agreement] = {}

    def patience_at(self, event: Event) -> float | None:
        """Return the patience in the quarter of an event, None where it is not known."""
        quarter = amount(event, "quarter")
        if quarter is None or not 0 <= quarter < len(self.patience):
            return None
        return self.patience[int(quarter)]


NOTHING = Known()


def known_of(ready: Prepared) -> Known:
    """Return what a prepared scenario knows of its runs."""
    held: dict[int, tuple[str, list[str]]] = {}
    for place, scope, _, row, _ in ready.blank.standing.tolist():
        held.setdefault(place, (SCOPES[scope], []))[1].append(ready.table.code[row])
    standing = {
        number: Agreement(scope, tuple(who))
        for number, (scope, who) in enumerate(held.values(), start=1)
    }
    return Known(ready.theory["talks_patience"].tolist(), standing)
