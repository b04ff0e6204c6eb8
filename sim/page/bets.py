"""Bets before play: a question with a few answers, and what the run says when its day has come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from pydantic import Field, ValidationError

from ..declared.scenario import Scenario, Strict
from ..errors import InputError, nearest
from ..ready.world import find_council
from .frames import SHOWN

BETS_MOST = 20
ANSWERS = (2, 4)
YES_OR_NO = ["Yes", "No"]
KEYS = ("ask", "answers", "share", "outcome", "above", "when")
"""What a bet in a lesson or from the page may say."""


class Bet(Strict):
    """A question asked at quarter `asked`; of `share` and `outcome` the run decides at `at`.

    `share` names two councils: do they share something, or are they one, at that date? `outcome`
    is one of the page: is it above `above`? The first answer then means yes. With neither, the
    trainer marks the answer that came `true`, by its place.
    """

    ask: str = Field(min_length=1, max_length=200)
    answers: list[str] = Field(min_length=ANSWERS[0], max_length=ANSWERS[1])
    asked: int = Field(0, ge=0)
    share: list[str] = Field(default=[], max_length=2)
    outcome: str | None = Field(None, max_length=60)
    above: float | None = None
    at: int | None = Field(None, ge=0)
    true: int | None = Field(None, ge=0, lt=ANSWERS[1])


def read_bet(given: Any, base: Scenario, asked: int) -> Bet:
    """Return a bet from TOML or JSON, asked when `asked` quarters are over.

    Raises:
        InputError: what is wrong with it, and what to write.
    """
    if not isinstance(given, Mapping):
        raise InputError('bet: write a table: bet = { ask = "...", answers = [...] }')
    for key in given:
        if key not in KEYS:
            raise InputError(f"bet: unknown key '{key}'; {nearest(str(key), KEYS)}")
    rest = {key: value for key, value in given.items() if key != "when"}
    by_run = "share" in given or "outcome" in given
    try:
        bet = Bet.model_validate({"answers": YES_OR_NO} | rest | {"asked": asked} if by_run
                                 else rest | {"asked": asked})  # fmt: skip
    except ValidationError as error:
        raise InputError(_in_words(error)) from None
    _check_words(bet)
    at = _quarter(given.get("when"), base, asked) if by_run else None
    if not by_run and "when" in given:
        raise InputError("bet: 'when' needs share or outcome, of which the run decides")
    return _checked(bet, base).model_copy(update={"at": at})


def _in_words(error: ValidationError) -> str:
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    if first["type"] == "missing":
        return f"bet: {place} is missing, and needed"
    if place == "answers":
        return f"bet: answers: give {ANSWERS[0]} to {ANSWERS[1]}, each in quotes, in a list"
    return f"bet: {place}: {first['msg'].lower()}"


def _check_words(bet: Bet) -> None:
    for answer in bet.answers:
        if not 1 <= len(answer.strip()) <= 60:
            raise InputError(f"bet: answer {answer!r}: give 1 to 60 letters")
    if len(set(bet.answers)) < len(bet.answers):
        raise InputError("bet: two answers are the same: give each once")


def _checked(bet: Bet, base: Scenario) -> Bet:
    """Return a bet whose councils stand as codes; refuse what no run could decide."""
    if bet.share and bet.outcome is not None:
        raise InputError("bet: give share or outcome, not both")
    if (bet.outcome is None) != (bet.above is None):
        raise InputError("bet: outcome and above belong together: give both")
    if bet.outcome is not None and bet.outcome not in SHOWN:
        raise InputError(
            f"bet: the page has no outcome '{bet.outcome}'; {nearest(bet.outcome, SHOWN)}"
        )
    if (bet.share or bet.outcome) and len(bet.answers) != len(YES_OR_NO):
        raise InputError("bet: the run answers yes or no: give two answers, yes first, or none")
    if not bet.share:
        return bet
    codes = [find_council(base, name) for name in bet.share]
    if len(set(codes)) < 2:
        raise InputError("bet: share: name two councils")
    return bet.model_copy(update={"share": codes})


def _quarter(when: Any, base: Scenario, asked: int) -> int:
    """Return how many quarters are over on the day on which the run decides."""
    if isinstance(when, str):
        try:
            when = date.fromisoformat(when)
        except ValueError:
            raise InputError(f"bet: when is {when!r}: write a date, such as 2013-04-01") from None
    if type(when) is not date:
        raise InputError("bet: when is missing or no date: write one, such as 2013-04-01")
    over = [q for q in range(base.quarters + 1) if base.first_day(q) <= when]
    first, last = base.first_day(asked + 1), base.first_day(base.quarters)
    if not first <= when <= last or asked >= base.quarters:
        raise InputError(f"bet: when is {when}: give a date from {first} to {last}")
    return over[-1]


def decided(bet: Bet, frame: Mapping[str, Any]) -> int | None:
    """Return which answer came true in the frame of its quarter: 0 is yes; None for no value."""
    if bet.outcome is not None and bet.above is not None:
        value = frame["measures"].get(bet.outcome)
        return None if value is None else int(not value > bet.above)
    if bet.share:
        return int(not _share(frame, bet.share))
    return bet.true


def _share(frame: Mapping[str, Any], pair: Sequence[str]) -> bool:
    """Return whether two councils, or what they have become, share something or are one."""
    now = [c["code"] for code in pair for c in frame["councils"] if code in c["was"]]
    if len(now) < len(pair):
        return False
    if now[0] == now[1]:
        return True
    return any(d["kind"] != "talks" and set(now) <= set(d["who"]) for d in frame["deals"])
