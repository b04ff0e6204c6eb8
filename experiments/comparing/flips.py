"""Which assumption reverses the ranking of two policies, and at which value it does.

Every declared uncertainty is put to both ends of its plausible range, one at a time, in both
policies and on the same luck. Ends that seem to turn the answer are run again on fresh replicates,
so that what was picked because it looked large is not believed because it looked large.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ...sim.declared.measures import as_columns
from ...sim.declared.parameters import Declaration, declarations
from ...sim.declared.scenario import Scenario
from ...sim.errors import InputError, nearest
from ...sim.ready.kept import prepared
from ...sim.ready.varied import vary
from ..ends import finals_of
from ..estimates import ERROR, Estimate, mean_of
from ..executors.ordered import Hands, ordered
from ..summary import DECLARED
from ..words import exact, number, unit_words
from .asking import Question

if TYPE_CHECKING:
    from ..terminal import Watch

SCREENED = range(40)
"""Replicates on which every end is tried."""
CONFIRMED = range(40, 240)
"""Fresh replicates on which ends that seem to matter are tried again."""
MOST = 100
"""Besides all ends that seem to reverse the ranking, those that move it most are confirmed, up to
so many ends together."""
TOLD = 5
"""So many assumptions that move the difference are told in sentences; all are in the table."""
HALVINGS = 7
"""How often the span between two values is halved: to less than a hundredth of it."""
PER_TASK = 8
"""Ends that a worker tries at a time."""

Value = tuple[str, float]
Differences = list[np.ndarray]


class RangeEnd(NamedTuple):
    """One end of the plausible range of an assumption, and what was found there."""

    name: str  # of the assumption
    now: float  # the value in force at the start
    value: float  # the end
    found: Estimate  # of the difference there
    move: Estimate  # of the difference there less the difference at the values in force


class Flips(NamedTuple):
    """How the answer about one policy hangs on the assumptions."""

    policy: str
    tried: int  # ends of plausible ranges
    left: int  # ends that seemed to move it by what matters and were not confirmed, beyond MOST
    found: Estimate  # of the difference at the values in force
    rows: list[dict[str, Any]]  # see `_row`
    sentences: list[str]


def find_flips(
    question: Question,
    policy: Scenario,
    *,
    names: Sequence[str] | None = None,
    hands: Hands | None = None,
    watch: Watch | None = None,
) -> Flips:
    """Return which assumptions reverse the difference of a policy, or move it by what matters.

    Args:
        question: the base, the outcome, what matters, and the seed.
        policy: one of its policies.
        names: assumptions to try, all declared uncertainties if None.
        hands: who does the work; it changes nothing but the time.
        watch: is told how many ends are done.

    Raises:
        InputError: a name is no declared uncertainty.
    """
    ends = [
        (each.name, end)
        for each in _assumptions(question, policy, names)
        for end in each.plausible or ()
        if end != in_force(question.base, each.name)
    ]
    tries = Tries(question, policy, hands or Hands(), watch)
    turned, moved = _seeming(tries.plain(SCREENED), tries.run(ends, SCREENED), question.matters)
    again = turned + moved[: max(MOST - len(turned), 0)]
    kept = [ends[k] for k in again]
    confirmed = tries.run(kept, CONFIRMED)
    found = mean_of(tries.plain(CONFIRMED), error=ERROR)
    rows = _rows(tries, kept, confirmed, question)
    left = len(turned) + len(moved) - len(kept)
    said = _sentences(question, found, rows, len(ends))
    if left:
        said.append(
            f"Every end that seemed to reverse the ranking was looked at again; {left} of "
            f"{len(turned) + len(moved)} that seemed to matter, those that only moved the "
            "difference and moved it least, were not."
        )
    return Flips(policy.name, len(ends), left, found, rows, said)


def _rows(
    tries: Tries, ends: Sequence[Value], confirmed: Differences, question: Question
) -> list[dict[str, Any]]:
    """Return a row for each end that turns or moves the answer, reversals first."""
    plain, rows = tries.plain(CONFIRMED), []
    error = ERROR / max(len(ends), 1)  # shared out over all that are confirmed
    for (name, value), there in zip(ends, confirmed, strict=True):
        found, move = mean_of(there, error=error), mean_of(there - plain, error=error)
        end = RangeEnd(name, in_force(question.base, name), value, found, move)
        effect = _effect(end, mean_of(plain, error=ERROR), question.matters)
        if effect is not None:
            rows.append(_row(tries, end, effect, error))
    return sorted(
        rows, key=lambda row: (row["effect"] != "reverses", not row["sure"], -abs(row["move"]))
    )


def _assumptions(
    question: Question, policy: Scenario, names: Sequence[str] | None
) -> list[Declaration]:
    """Return the uncertainties to try: not those in which the policy itself consists."""
    known = {each.name: each for each in declarations() if each.role == "uncertainty"}
    for name in names or ():
        if name not in known:
            raise InputError(f"'{name}' is no declared uncertainty: {nearest(name, known)}")
    own = {
        name for name in known if in_force(question.base, name) != in_force(policy, name)
    } | {
        name for change in policy.change if change not in question.base.change
        for name in change.set
    }  # fmt: skip
    return [known[name] for name in names or known if name not in own]


def in_force(scenario: Scenario, name: str) -> float:
    """Return the value of a declared number on the first day."""
    section, _, field = name.partition(".")
    return float(getattr(getattr(scenario.parameters, section), field))


class Tries:
    """Runs a pair under other assumptions, here or in worker processes."""

    def __init__(
        self, question: Question, policy: Scenario, hands: Hands, watch: Watch | None
    ) -> None:
        """Take the pair, and who runs it."""
        self.outcome, self.seed = question.outcome, question.seed
        self.pair = (question.base, policy)
        self.hands, self.watch, self.done, self.total = hands, watch, 0, 0
        self.known: dict[tuple[tuple[Value, ...], range], np.ndarray] = {}

    def plain(self, replicates: range) -> np.ndarray:
        """Return the differences at the values in force."""
        return self._here((), replicates)

    def at(self, name: str, value: float, replicates: range) -> np.ndarray:
        """Return the differences with one assumption at a value."""
        return self._here(((name, value),), replicates)

    def _here(self, values: tuple[Value, ...], replicates: range) -> np.ndarray:
        key = (values, replicates)
        if key not in self.known:
            task = Trial(self.pair, [dict(values)], self.outcome, self.seed, replicates)
            self.known[key] = differences(task)[0]
        return self.known[key]

    def run(self, ends: Sequence[Value], replicates: range) -> Differences:
        """Return the differences at each of many ends."""
        found: Differences = []
        self.total += len(ends)
        for part in self._parts(ends, replicates):
            found += part
            self.done += len(part)
            if self.watch is not None:
                self.watch("Trying assumptions", self.done, self.total)
        return found

    def _parts(self, ends: Sequence[Value], replicates: range) -> Iterator[Differences]:
        tasks = [
            Trial(self.pair, [{name: value} for name, value in ends[k : k + PER_TASK]],
                 self.outcome, self.seed, replicates)
            for k in range(0, len(ends), PER_TASK)
        ]  # fmt: skip
        few = self.hands._replace(workers=max(min(self.hands.workers, len(tasks)), 1))
        return ordered(differences, tasks, few)


class Trial(NamedTuple):
    """A pair to be run with some declared numbers changed, one set after the other."""

    pair: tuple[Scenario, Scenario]
    values: Sequence[dict[str, float]]
    outcome: str
    seed: int
    replicates: range


def differences(task: Trial) -> Differences:
    """Return policy less base, an array over replicates for each set of changed numbers.

    A replicate in which the outcome has no value under either policy is not a number.
    """
    found = []
    for changed in task.values:
        base, policy = (
            finals_of(vary(prepared(scenario), changed), task.seed, task.replicates)
            for scenario in task.pair
        )
        found.append(as_columns(policy)[task.outcome] - as_columns(base)[task.outcome])
    return found


def _seeming(
    plain: np.ndarray, screened: Differences, matters: float
) -> tuple[list[int], list[int]]:
    """Return the places of the ends worth another look, those that move the difference most first.

    First those whose mean has the other sign, or comes within one standard error of it; then those
    that move the mean by what matters, or by one standard error less.
    """
    now = float(np.nanmean(plain))
    turned, moved = [], []
    for place, values in enumerate(screened):
        there, move = _with_error(values), _with_error(values - plain)
        if np.sign(now) * there[0] <= there[1] and move[0] != 0:
            turned.append((-abs(move[0]), place))
        elif abs(move[0]) + move[1] >= matters:
            moved.append((-abs(move[0]), place))
    return [place for _, place in sorted(turned)], [place for _, place in sorted(moved)]


def _with_error(values: np.ndarray) -> tuple[float, float]:
    """Return a mean and its standard error."""
    known = values[np.isfinite(values)]
    if len(known) < 2:
        return 0.0, 0.0
    return float(np.mean(known)), float(np.std(known, ddof=1) / np.sqrt(len(known)))


def _effect(end: RangeEnd, now: Estimate, matters: float) -> str | None:
    """Return what an end does to the answer: "reverses", "moves", or nothing worth telling."""
    ranked = now.low > 0 or now.high < 0
    if ranked and np.sign(end.found.value) == -np.sign(now.value):
        return "reverses"
    return "moves" if abs(end.move.value) > matters else None


def _row(tries: Tries, end: RangeEnd, effect: str, error: float) -> dict[str, Any]:
    """Return what is told of an assumption that turns or moves the answer.

    Its value now and at the end, the difference there with its interval (shared out over all that
    were confirmed), how far it moved, whether that is sure, and for a reversal the value at which
    the ranking flips with the two values between which the model cannot tell.
    """
    now = mean_of(tries.plain(CONFIRMED), error=error).value
    beyond = end.found.high if now > 0 else end.found.low
    sure = beyond * now < 0 if effect == "reverses" else end.move.low * end.move.high > 0
    row: dict[str, Any] = {
        "assumption": end.name, "now": end.now, "end": end.value, "effect": effect,
        "sure": bool(sure), "difference": end.found.value, "low": end.found.low,
        "high": end.found.high, "move": end.move.value, "flips_at": None, "doubt": None,
    }  # fmt: skip
    if effect == "reverses":
        row["flips_at"] = _flip(tries, end, lambda found: found.value)
        edges = [_flip(tries, end, lambda f: f.low), _flip(tries, end, lambda f: f.high)]
        row["doubt"] = sorted(edges, key=lambda value: abs(value - end.now))
    return row


def _flip(tries: Tries, end: RangeEnd, of: Callable[[Estimate], float]) -> float:
    """Return the value between now and an end at which a number of the interval changes its sign.

    By halving the span, always on the same replicates; the end where it does not change before.
    """

    def positive(value: float) -> bool:
        return of(mean_of(tries.at(end.name, value, CONFIRMED), error=ERROR)) > 0

    near, far = end.now, end.value
    first = positive(near)
    if positive(far) == first:
        return far
    for _ in range(HALVINGS):
        middle = (near + far) / 2
        if positive(middle) == first:
            near = middle
        else:
            far = middle
    return (near + far) / 2


def _sentences(
    question: Question, now: Estimate, rows: Sequence[dict[str, Any]], tried: int
) -> list[str]:
    """Return what was found in plain words: the verdict, each reversal, then the widest moves."""
    reversals = [row for row in rows if row["effect"] == "reverses"]
    moves = [row for row in rows if row["effect"] == "moves"]
    said = [_verdict(now, reversals, tried), *map(_reversal, reversals)]
    much = f"{exact(question.matters)} {unit_words(DECLARED[question.outcome].unit)}"
    if not moves:
        said.append(
            "No single assumption, at either end of its plausible range, moves the difference by "
            f"more than {much} without reversing it."
        )
        return said
    sure = sum(row["sure"] for row in moves)
    told = f", the widest {TOLD} of them" if len(moves) > TOLD else ""
    said.append(
        f"{len(moves)} of {tried:,} ends move the difference by more than {much} "
        f"without reversing it ({sure} surely){told}:"
    )
    return said + [_movement(question, row) for row in moves[:TOLD]]


def _verdict(now: Estimate, reversals: Sequence[dict[str, Any]], tried: int) -> str:
    """Return whether anything reverses the ranking."""
    if now.low <= 0 <= now.high:
        return "At the values in force there is no clear ranking that could be reversed."
    if not reversals:
        return (
            f"Nothing reverses the ranking: no single assumption does, of {tried:,} ends of "
            "plausible ranges that were tried one at a time."
        )
    sure = sum(row["sure"] for row in reversals)
    return (
        f"{len(reversals)} of {tried:,} ends of plausible ranges, tried one at a time, reverse the "
        f"ranking ({sure} surely)."
    )


def _reversal(row: dict[str, Any]) -> str:
    falls = row["end"] < row["now"]
    verb = "flips" if row["sure"] else "may flip"
    near, far = row["doubt"]
    reached = f"{far:.3g}" if far != row["end"] else f"the end of its range, {far:.3g}"
    doubt = f"; from {near:.3g} to {reached} these runs cannot tell" if near != far else ""
    return (
        f"The ranking {verb} when {row['assumption']} {'falls below' if falls else 'rises above'} "
        f"{row['flips_at']:.3g} (now {row['now']:.3g}{doubt})."
    )


def _movement(question: Question, row: dict[str, Any]) -> str:
    unit = unit_words(DECLARED[question.outcome].unit)
    doubt = "" if row["sure"] else ", though that may be chance"
    return (
        f"With {row['assumption']} at {row['end']:.3g} (now {row['now']:.3g}) the difference is "
        f"{number(row['difference'])} {unit} ({number(row['low'])} to {number(row['high'])}), a "
        f"move of {number(row['move'])}{doubt}."
    )
