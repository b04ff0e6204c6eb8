"""What one tab of the page holds: a scenario with dated changes, its luck, and how far it has got.

A session is a `Memo`, a few lines of JSON: the same memo gives the same bits on any machine, and
`sim.simulate` of its scenario file gives them too.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any

from pydantic import Field, ValidationError

from ..declared.scenario import Scenario, Strict, load
from ..errors import InputError, nearest
from ..proof import line_of, proof_of
from ..ready.notes import notes_of
from .bets import BETS_MOST, Bet, decided
from .branches import KEPT_MOST, PAST_MOST, Named, Past, Side, keep, name_of, parting, remember
from .chain import Chain, Difference
from .changes import (
    ACTS_MOST,
    Act,
    apply_acts,
    in_words,
    told,
    what_of,
    with_act,
)
from .files import as_file
from .levers import plainly
from .line import Line
from .often import Count
from .parted import bits_of_quarter, happens_otherwise, moved, told_apart
from .possible import check_possible


class Memo(Strict):
    """All that decides what a session shows, and what it holds beside that."""

    seed: int = 1
    replicate: int = 0
    a: Side
    b: Side | None = None
    kept: list[Named] | None = Field(None, max_length=KEPT_MOST)
    past: list[Past] | None = Field(None, max_length=PAST_MOST)
    bets: list[Bet] = Field(default=[], max_length=BETS_MOST)
    at: int | None = Field(None, ge=0)  # the quarter at which whoever opens its link begins


def read_memo(given: Any) -> Memo:
    """Return a memo from JSON; InputError says what is wrong with it."""
    try:
        return Memo.model_validate(given)
    except ValidationError as error:
        raise InputError(in_words(error, "the session")) from None


class Session:
    """One tab: one policy or two, on the same luck and one clock."""

    def __init__(self, memo: Memo, book: Callable[[str], tuple[str, Scenario]]) -> None:
        """Found the world or worlds of a memo; `book` finds a scenario that the page knows."""
        self.lock = threading.Lock()
        self.book, self.memo, self.branch = book, memo, 0
        self.compared: tuple[int, Chain] | None = None
        self.counted: tuple[Any, Count] | None = None
        self.lines: dict[str, Line] = {"a": self._line(memo.a)}
        if memo.b is not None:
            self.lines["b"] = self._line(memo.b)
            self._check_alike()

    def _line(self, side: Side) -> Line:
        base = self.book(side.scenario)[1]
        scenario = apply_acts(base, side.acts)
        return Line(scenario, seed=self.memo.seed, replicate=self.memo.replicate)

    def _check_alike(self) -> None:
        a, b = self.lines["a"].scenario, self.lines["b"].scenario
        if (a.start, a.quarters) != (b.start, b.quarters):
            raise InputError(
                f"'{a.name}' and '{b.name}' do not last equally long: side by side needs one clock"
            )

    def line(self, side: str) -> Line:
        """Return one side; InputError when there is none."""
        if side not in self.lines:
            raise InputError(f"there is no side '{side}': a, or b while two are compared")
        return self.lines[side]

    def frames(self, first: int, last: int) -> str:
        """Return, as JSON, the frames of some quarters, and where two sides first differ."""
        quarters = self.lines["a"].quarters
        if not 0 <= first <= last <= quarters:
            raise InputError(f"quarters {first} to {last}: they must lie between 0 and {quarters}")
        rows = []
        for q in range(first, last + 1):
            sides = [f'"{name}":{line.frame(q)}' for name, line in self.lines.items()]
            rows.append(f'{{"q":{q},{",".join(sides)}}}')
        parted = json.dumps(self.parted(last), allow_nan=False)
        return f'{{"branch":{self.branch},"frames":[{",".join(rows)}],"parted":{parted}}}'

    def parted(self, last: int) -> dict[str, Any] | None:
        """Return the first quarter in which two sides differ, in words, if it is past.

        Where the same things happen in it all the same, `then` is the first in which they do not.
        """
        if "b" not in self.lines:
            return None
        mine, other = (line.at(last) for line in self.lines.values())
        bits = ((t, bits_of_quarter(mine, t), bits_of_quarter(other, t)) for t in range(last))
        apart = (t for t, own, others in bits if own != others)
        first = next(apart, None)
        if first is None:
            return None
        frames = [json.loads(line.frame(first + 1))["measures"] for line in self.lines.values()]
        found = {"q": first + 1, **self._told_apart(first), "moved": moved(*frames)}
        if not happens_otherwise(found):
            later = (told for t in apart if happens_otherwise(told := self._told_apart(t)))
            found["then"] = next(later, None)
        return found

    def _told_apart(self, quarter: int) -> dict[str, Any]:
        """Return what of a quarter happens on one side only, or otherwise, and its name."""
        lines = self.lines.values()
        period = self.lines["a"].period(quarter + 1)
        return {"period": period, **told_apart([line.happened(quarter) for line in lines])}

    @property
    def chain(self) -> Chain | None:
        """What differs between the two sides, step by step; None where there is one."""
        if "b" not in self.lines:
            return None
        if self.compared is None or self.compared[0] != self.branch:
            self.compared = (self.branch, Chain(self.lines["a"], self.lines["b"]))
        return self.compared[1]

    def difference(self, number: int) -> Difference | None:
        """Return a difference between the two sides by its number, from 0; None after the last.

        Raises:
            InputError: there is one side only, or no such number.
        """
        if self.chain is None:
            raise InputError("there is one side only: put another policy beside it first")
        if number < 0:
            raise InputError(f"n is {number}: give 0 or more")
        return self.chain.link(number)

    def count(self, quarter: int, pair: Sequence[str]) -> Count:
        """Return what comes out at a date under other luck: of the same question, the same count.

        Raises:
            InputError: nothing is measured then, or a council is not known.
        """
        asked = (self.branch, quarter, tuple(pair))
        if self.counted is None or self.counted[0] != asked:
            self.counted = (asked, Count(self.lines, quarter, pair))
        return self.counted[1]

    def change(self, side: str, *acts: Act) -> None:
        """Change things from one quarter on; what was tried after it on that side is undone."""
        line = self.line(side)
        old = self._policy(side)
        assert old is not None
        new = old.model_copy(update={"acts": reduce(with_act, acts, old.acts)})
        if len(new.acts) > ACTS_MOST:
            raise InputError(f"at most {ACTS_MOST} changes can be made in one run: start it again")
        scenario = apply_acts(self.book(old.scenario)[1], new.acts)
        for act in acts:
            check_possible(line.ready, line.at(act.at), act)
        line.turn(scenario, min(act.at for act in acts))
        self._note(side, new)

    def bet(self, bet: Bet) -> None:
        """Ask a question of the room; the run is as it was."""
        if len(self.memo.bets) >= BETS_MOST:
            raise InputError(f"at most {BETS_MOST} bets can be asked in one run: start it again")
        self.memo = self.memo.model_copy(update={"bets": [*self.memo.bets, bet]})

    def mark(self, number: int, true: int) -> None:
        """Say which answer of a bet came true, where the run does not decide it."""
        bets = list(self.memo.bets)
        if not 0 <= number < len(bets) or bets[number].at is not None:
            raise InputError(f"there is no bet {number} that the trainer marks")
        if not 0 <= true < len(bets[number].answers):
            raise InputError(f"bet {number} has no answer {true}")
        bets[number] = bets[number].model_copy(update={"true": true})
        self.memo = self.memo.model_copy(update={"bets": bets})

    def answers(self, side: str, quarter: int) -> list[int | None]:
        """Return which answer of each bet came true by a quarter, None where that is not known."""
        line = self.line(side)
        return [
            decided(bet, json.loads(line.frame(bet.at)))
            if bet.at is not None and bet.at <= min(quarter, line.quarters)
            else bet.true
            for bet in self.memo.bets
        ]

    def compare(self, other: Side | None) -> None:
        """Put another policy beside the first, or take it away."""
        self.put("b", other)

    def put(self, side: str, policy: Side | None) -> int:
        """Show a policy on a side, or nothing on the second; return from which quarter it differs.

        Raises:
            InputError: it cannot stand beside the other; then all stays as it was.
        """
        held = dict(self.lines)
        since = self._show(side, policy)
        try:
            if "b" in self.lines:
                self._check_alike()
        except InputError:
            self.lines = held
            raise
        self._note(side, policy)
        return since

    def undo(self) -> int:
        """Bring back the policy that was there before the last change; return from which quarter.

        Raises:
            InputError: nothing was changed.
        """
        past = self.memo.past or []
        if not past:
            raise InputError("there is nothing to undo: nothing was changed since this run began")
        last = past[-1]
        since = self._show(last.side, last.was)
        self._note(last.side, last.was)
        self.memo = self.memo.model_copy(update={"past": past[:-1] or None})
        return since

    def keep(self, side: str, name: str) -> None:
        """Keep the policy of a side under a name; InputError where that name cannot be given."""
        self.line(side)
        policy = self._policy(side)
        assert policy is not None
        kept = keep(self.memo.kept or [], policy, name)
        self.memo = self.memo.model_copy(update={"kept": kept})

    def kept(self, name: str) -> Named:
        """Return the policy that is kept under a name; InputError where there is none."""
        found = {each.name: each for each in self.memo.kept or []}
        if name not in found:
            raise InputError(f"no policy is kept as '{name}'; {nearest(name, found)}")
        return found[name]

    def forget(self, name: str) -> None:
        """Forget a policy that is kept under a name."""
        gone = self.kept(name)
        left = [each for each in self.memo.kept or [] if each is not gone]
        self.memo = self.memo.model_copy(update={"kept": left or None})

    def _policy(self, side: str) -> Side | None:
        return self.memo.a if side == "a" else self.memo.b

    def _show(self, side: str, policy: Side | None) -> int:
        """Let a side live another policy; return the quarter from which it differs from before."""
        old = self._policy(side)
        if policy is None:
            self.lines.pop(side, None)
            return 0
        if old is None or old.scenario != policy.scenario or side not in self.lines:
            self.lines[side] = self._line(policy)
            return 0
        line = self.lines[side]
        since = min(parting(old.acts, policy.acts), line.quarters)
        if since < line.quarters:
            line.turn(apply_acts(self.book(policy.scenario)[1], policy.acts), since)
        return since

    def _note(self, side: str, policy: Side | None) -> None:
        """Note what a side is by now, and what it was, so that it can be undone."""
        past = remember(self.memo, side, self._policy(side))
        self.memo = self.memo.model_copy(update={side: policy, "past": past})
        self.branch += 1

    def about(self) -> dict[str, Any]:
        """Return what the page shows of a session besides its frames."""
        sides = {"a": self.memo.a, "b": self.memo.b}
        memo = self.memo.model_dump(mode="json", exclude_none=True)
        if not self.memo.bets:
            del memo["bets"]
        return {
            "memo": memo,
            "branch": self.branch,
            "quarters": self.lines["a"].quarters,
            "days": _days(self.lines["a"].scenario),
            "sides": {
                name: self._side(name, side) for name, side in sides.items() if side is not None
            },
        }

    def _side(self, name: str, side: Side) -> dict[str, Any]:
        (ref, base), line = self.book(side.scenario), self.lines[name]
        table = line.ready.table
        names = dict(zip(table.code, table.name, strict=True))
        return {
            "scenario": side.scenario, "title": base.title or base.name, "about": base.about,
            "named": name_of(self.memo.kept or [], side),
            "acts": [
                {"at": act.at, "said": told(base, act, names), "what": what_of(act, names)}
                for act in side.acts
            ],
            "remarks": [plainly(each) for each in _remarks(base, line.scenario, ref)],
            "in_force": [line.in_force(q) for q in range(line.quarters + 1)],
        }  # fmt: skip

    def toml(self, side: str) -> str:
        """Return the scenario file of one side, with the proof of its run."""
        line, memo = self.line(side), self._policy(side)
        assert memo is not None
        ref, base = self.book(memo.scenario)
        seed, replicate = self.memo.seed, self.memo.replicate
        told = as_file(base, ref, line.scenario, seed=seed, replicate=replicate)
        whole = line.at(line.quarters)
        proof = proof_of(line.scenario, whole, seed=seed, replicate=replicate)
        return f"{told}\n{line_of(proof)}\n"


def _remarks(base: Scenario, scenario: Scenario, ref: str) -> list[str]:
    """Return what is to be noted of a scenario; of what a world sets nobody is told."""
    told: set[str] = set()
    if base.parameters != load(ref).parameters:
        notes_of(base, ref, told=told)
    return notes_of(scenario, ref, told=told)


def _days(scenario: Scenario) -> list[str]:
    """Return the first day of each quarter and of the one after the run, as 2009-04-01."""
    return [scenario.first_day(q).isoformat() for q in range(scenario.quarters + 1)]
