"""The answer to "show me a run in which ...": other luck of what a tab shows, searched in order."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from pydantic import Field, ValidationError

from ..declared.scenario import Scenario, Strict
from ..errors import InputError
from ..finding.search import Findings, Found, find
from ..finding.sought import Options, in_words, read_sought
from ..running import REPLICATE_MOST
from .changes import apply_acts, in_words as told_wrong
from .line import ready_to_show
from .session import Memo

RUNS, RUNS_MOST = 200, 1000
SECONDS = 4.0
"""So long a search may take after its first run; what was looked at by then is the answer."""
OTHERS = 20
"""So many runs are listed at most."""

_one_at_a_time = threading.Lock()


class Question(Strict):
    """What a tab asks: what is sought, in other luck of its side A, and where to begin."""

    sought: str = Field(max_length=1000)
    memo: Memo
    runs: int = Field(RUNS, ge=1, le=RUNS_MOST)
    after: int = Field(-1, ge=-1, lt=REPLICATE_MOST - RUNS_MOST)


def read_question(given: Any) -> Question:
    """Return a question from JSON; InputError says what is wrong with it."""
    try:
        return Question.model_validate(given)
    except ValidationError as error:
        raise InputError(told_wrong(error, "the search")) from None


def answer(question: Question, book: Callable[[str], tuple[str, Scenario]]) -> dict[str, Any]:
    """Return in which runs it happens: `Searched` of sent.d.ts.

    The runs are replicates of the seed of the memo, from the one behind `after` on, of side A with
    all that was tried in it. Each that is listed has the memo that plays it and the number of the
    frame that shows it first. One search is made at a time, so that a room does not stop the rest.

    Raises:
        InputError: what is sought is not understood; the message names the words that are known.
    """
    memo = question.memo
    scenario = apply_acts(book(memo.a.scenario)[1], memo.a.acts)
    ready = ready_to_show(scenario)
    sought = read_sought(question.sought, Options(), scenario, ready.table)
    first = question.after + 1
    with _one_at_a_time:
        found = find(
            lambda replicate: ready, sought, seed=memo.seed,
            replicates=range(first, first + question.runs), seconds=SECONDS,
        )  # fmt: skip
    return {
        "sought": in_words(sought, ready.table), "standing": found.standing,
        "first": first, "runs": found.runs, "stopped": found.stopped,
        "times": len(found.found), **_share(found),
        "found": [_listed(each, memo) for each in found.found[:OTHERS]],
    }  # fmt: skip


def _share(found: Findings) -> dict[str, float]:
    low, high = found.interval
    return {"share": found.share, "low": low, "high": high}


def _listed(found: Found, memo: Memo) -> dict[str, Any]:
    """Return a run that was found: when, in words, and the memo of a session that plays it."""
    plays = memo.model_copy(update={"replicate": found.replicate})
    return {
        "replicate": found.replicate, "q": found.quarter + 1, "when": found.when,
        "said": found.said, "memo": plays.model_dump(mode="json", exclude_none=True),
    }  # fmt: skip
