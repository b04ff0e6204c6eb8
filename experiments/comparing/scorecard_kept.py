"""Scorecards in folders: a kind of result of their own, found again when the same is asked."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ..estimates import ERROR
from ..executors.ordered import Hands
from ..stored.asked import RESULTS
from ..stored.assembly import assembled
from ..stored.belonging import DIFFERENCES
from ..stored.folder import describe_files
from ..stored.record import Record, write_record
from ..stored.tables import write_table
from ..terminal import Watch
from .archive import (
    Stored,
    folder_name,
    in_full,
    made_with,
    named,
    ruled,
    stored_before,
    worlds_told,
)
from .asking import Card
from .differences import all_differences
from .scorecard import Scorecard, score
from .scorecard_words import headline, how_sure, what_next

FORMAT = "council-partnering scorecard 2"
"""By which method it is made; the number changes when the method does."""


def card_asked(card: Card) -> dict[str, Any]:
    """Return everything that decides what comes out, ready for JSON."""
    return {
        "format": FORMAT,
        **named(card),
        "outcomes": list(card.outcomes),
        "replicates": card.replicates,
        "seed": card.seed,
        "insist": card.insist,
        **worlds_told(card),
        **ruled(card),
    }


def stored_card(
    card: Card, out: Path | None = None, *, hands: Hands | None = None, watch: Watch | None = None
) -> Stored:
    """Return a scorecard from its folder, run and stored now unless it is there already.

    Raises:
        InputError: the place is taken by something else, or cannot be written.
    """
    wanted, hands = card_asked(card), hands or Hands()
    about = "scorecard" if len(card.outcomes) > 1 else f"scorecard-{card.outcomes[0]}"
    target = (out or RESULTS / folder_name(card, about, wanted)).resolve()
    found = stored_before(target, "scorecard", wanted)
    if found is not None:
        return found
    with assembled(target) as folder:
        started, clock = datetime.now(UTC), time.perf_counter()
        made = score(card, hands=hands, watch=watch)
        write_table(all_differences(card.base, card.policies, made.finals), folder / DIFFERENCES)
        record = write_record(folder, Record(
            "scorecard", wanted, made_with(hands.workers, started, clock), in_full(card),
            _answer(made), describe_files(folder),
        ))  # fmt: skip
    return Stored(target, record, reused=False)


def _answer(made: Scorecard) -> dict[str, Any]:
    words, command = what_next(made.card, made)
    many = [row["replicates"] for row in made.rows]
    return {
        "outcomes": list(made.card.outcomes),
        "error": ERROR,
        "error_each": made.card.error,
        "results": made.rows,
        "policies": made.policies,
        "rankings": made.rankings,
        "failures": made.failures,
        "in_words": headline(made),
        "basis": how_sure(made.card, max(many), min(many)),
        "next": {"in_words": words, "command": command},
    }
