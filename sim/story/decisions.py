"""One account of a decision: what pushed towards it, what spoke against it, and what luck did.

An account is made from one row of the event table alone. All that tells or draws a decision is made
from it, so that words and pictures cannot differ.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import NamedTuple

from ..declared.groups import CONSTANT, GROUPS, LUCK
from ..declared.measures import CONTRIBUTIONS, REASONS
from ..errors import InputError
from .known import Known
from .wording import Event, amount, text

BECAUSE = "because_"
"""Begins the names of the columns of contributions."""
LEFT_OUT = (
    "stored without what was weighed in decisions (the columns because_...): keep that with "
    "councils run --full-events, or live the run again (sim.simulate with its seed and replicate)"
)
"""What is said of events as results keep them by default."""
LEAVING = "leaves"
"""The kind of event that was decided by pushes to leave: a plus sign speaks against sharing."""
LEAST = 0.05
"""The smallest push that is worth a word: less would be printed as 0.0."""
NEAR = 0.25
"""So close to the line a decision was a near thing: with luck as wide as it is declared
(`talks.chance`, 0.7) so much on either side makes even odds 59 or 41 in a hundred, which nobody
in the room could tell from even."""
FAR_OFF = 1.5
"""So far from the line luck turns a decision on few days only: by luck as wide as declared, one in
ten."""
FAR = "distance"
"""How far apart they lie: in talks it counts and is never named where it weighs again
(`weighing.again`), since who began them knew it; else only what is new to a council counts."""
NEW_TO_IT = "how far it lies from members it did not choose"
"""What that group is called in talks where only those count whom a council did not choose."""


class Kind(NamedTuple):
    """What a kind of decision holds its sum against.

    `sign` is that of the pushes towards what was decided. `line` says what the sum is held against:
    "zero"; "patience" (a walk-out, by the declared `talks.patience` below zero); "others" (an
    approach, chosen before other partners and before waiting); or "rate" (the sum is the logarithm
    of a rate a year, and there is no luck in it).
    """

    sign: float
    line: str
    otherwise: str = ""  # what might have happened on another day
    stops: bool = False  # it ends something, and names its reason
    in_talks: bool = False  # the two have weighed each other before, when they agreed to talk
    ends: tuple[str, str] = ("against", "in favour")  # what a push below, above zero speaks for


KINDS: dict[str, Kind] = {
    "considers": Kind(1.0, "rate", ends=("less likely", "likelier")),
    "approaches": Kind(1.0, "others"),
    "refuses": Kind(-1.0, "zero", "said yes", stops=True),
    "talks_begin": Kind(1.0, "zero", "said no"),
    "invited": Kind(1.0, "zero", "said no"),
    "walks_away": Kind(-1.0, "patience", "stayed", stops=True, in_talks=True),
    "votes_no": Kind(-1.0, "zero", "voted in favour", stops=True, in_talks=True),
    "votes_yes": Kind(1.0, "zero", "voted against", in_talks=True),
    LEAVING: Kind(1.0, "rate", stops=True, ends=("to stay", "to leave")),
}
"""The kinds of event that were decided by pushes; all others were not."""

NAMES_REASON = tuple(key for key, kind in KINDS.items() if kind.stops)
"""The kinds of decision whose leading group is always one of the reasons."""
GIVEN = {"busy": "the talks lapsed and nobody broke them off", "rival": "it has signed elsewhere"}
"""Why talks are over without having been weighed, by the only contribution that is kept."""
DECIDED = "it was decided for the council, which weighed it otherwise"
"""Why a council did what its sum speaks against: the scenario decided for it."""


class Part(NamedTuple):
    """One contribution to a decision: its key, its push, and its words for that sign."""

    key: str
    push: float
    words: str


class Push(NamedTuple):
    """A group of contributions: its key in GROUPS, their sum, words for its sign, and its parts."""

    key: str
    push: float
    words: str
    parts: tuple[Part, ...]  # those that are not zero, the strongest in the group's direction first
    aside: bool = False  # how far apart they lie, weighed again: it counts, and is never the reason
    new: bool = False  # the same, where only members count whom it did not choose


class Decision(NamedTuple):
    """The account of one decision; pushes are logits, for a rate logarithms of how many times.

    `lead` is the key of the group that decided, "" where no group spoke for what was decided.
    `groups` are all groups that pushed, `lead` first, then one that pushed harder towards what was
    decided and is no reason of the model, then the others by size. `together` is the sum of the
    groups and of the constant (how ready a typical council is); with `luck` it is `total`. `given`
    are the words for what was not weighed: then there are no groups. `patience` is how far below
    zero the sum must fall for a walk-out, None where it is not known.
    """

    kind: str
    lead: str
    groups: tuple[Push, ...]
    constant: float
    luck: float
    together: float
    total: float
    patience: float | None = None
    given: str = ""

    @property
    def rule(self) -> Kind:
        """What this kind of decision holds its sum against."""
        return KINDS[self.kind]

    @property
    def line(self) -> float | None:
        """Where the sum had to lie below (or above) to decide; None where there is no such line."""
        if self.rule.line == "patience":
            return None if self.patience is None else -self.patience
        return 0.0 if self.rule.line == "zero" else None

    @property
    def by_rate(self) -> bool:
        """Whether the sum is the logarithm of a yearly rate, with no luck in it."""
        return self.rule.line == "rate"

    @property
    def times(self) -> float:
        """How many times the usual rate the groups make it."""
        return math.exp(self.total - self.constant)

    @property
    def near(self) -> bool:
        """Whether the sum lay close to the line, and not by a freak of luck."""
        if self.line is None or self.given or self.far_off:
            return False
        return abs(self.total - self.line) <= NEAR

    @property
    def far_off(self) -> bool:
        """Whether all reasons together lay so far from the line that few days turn them."""
        return self.line is not None and abs(self.together - self.line) > FAR_OFF

    @property
    def by_reasons(self) -> bool:
        """Whether the groups together spoke for what was decided, and luck did not turn it."""
        pushed = math.fsum(group.push for group in self.groups)
        return pushed * self.rule.sign > 0.0 and not self.luck_turned

    @property
    def luck_turned(self) -> bool:
        """Whether all reasons together would have decided the other way."""
        if self.line is None or self.given or self.no_hands:
            return False
        return (self.together > self.line) is not (self.total > self.line)

    @property
    def no_hands(self) -> bool:
        """Whether it said no although the sum spoke for it: no manager was free."""
        return self.kind == "refuses" and self.total > 0.0


def decision(
    event: Event, *, patience: float | None = None, again: float | None = None
) -> Decision | None:
    """Return the account of a decision, None for an event that was not decided by pushes.

    Parameters: a row of the event table (a dictionary or a pandas Series, with its `because_*`
    columns); for a walk-out how far talks may fall below zero (`talks.patience` of the scenario
    in that quarter): without it nothing is said of how near a walk-out was; and for what happens
    in talks how much of what was known before weighs again (`weighing.again`): without it, how far
    apart they lie is taken for a reason like others unless the reason of the event shows otherwise.

    Raises:
        InputError: it is a decision, stored without what was weighed; it says how to get that.
    """
    kind = text(event, "kind")
    if kind in KINDS and not has_pushes(event):
        raise InputError(f"this event ('{kind}') was {LEFT_OUT}")
    return _account(event, patience, again)


def has_pushes(event: Event) -> bool:
    """Return whether an event has columns of contributions, whatever is in them."""
    return any(event.get(f"{BECAUSE}{key}", event) is not event for key in CONTRIBUTIONS)


def _account(event: Event, patience: float | None, again: float | None) -> Decision | None:
    """Return the account of a decision, None where there is nothing that pushed."""
    kind = text(event, "kind")
    if kind not in KINDS:
        return None
    pushes = {key: amount(event, f"{BECAUSE}{key}") or 0.0 for key in CONTRIBUTIONS}
    weighed = [key for key, push in pushes.items() if push]
    if not weighed:
        return None
    total = math.fsum(pushes.values())
    given = given_by(kind, weighed)
    if given:
        lead = text(event, "reason")
        return Decision(kind, lead, (), 0.0, 0.0, total, total, patience, GIVEN[given])
    if decided_for(kind, text(event, "reason"), total, patience):
        return Decision(kind, "", (), 0.0, 0.0, total, total, patience, DECIDED)
    groups = _placed(_groups(kind, pushes), kind, text(event, "reason"), again)
    lead = _lead(text(event, "reason"), kind, groups)
    luck = pushes[LUCK]
    return Decision(
        kind, lead, _ordered(groups, lead, KINDS[kind].sign), pushes[CONSTANT], luck,
        total - luck, total, patience,
    )  # fmt: skip


def account_of(event: Event, known: Known) -> Decision | None:
    """Return the account of a decision, with what is known of its run beside the events."""
    return _account(event, known.patience_at(event), known.again_at(event))


def given_by(kind: str, pushed: Collection[str]) -> str:
    """Return the key of what was not weighed, from all contributions that pushed; "" where none."""
    alone = next(iter(pushed), "") if len(pushed) == 1 else ""
    return alone if kind == "walks_away" and alone in GIVEN else ""


def decided_for(kind: str, reason: str, total: float, patience: float | None) -> bool:
    """Return whether the scenario decided: the sum speaks against it, and what stops has no reason.

    Of a walk-out that can only be told where the `patience` of the quarter is known.
    """
    rule = KINDS[kind]
    if rule.line == "patience":
        return not reason and patience is not None and total + patience >= 0.0
    against = total * rule.sign < 0.0 if total else rule.sign > 0.0
    return rule.line == "zero" and against and not (rule.stops and reason)


def _groups(kind: str, pushes: dict[str, float]) -> list[Push]:
    """Return the groups that have a part that is not zero."""
    leaving, found = kind == LEAVING, []
    for key, group in GROUPS.items():
        parts = [Part(name, pushes[name], CONTRIBUTIONS[name].words(pushes[name], leaving=leaving))
                 for name in group.parts if pushes[name]]  # fmt: skip
        if not parts:
            continue
        push = math.fsum(part.push for part in parts)
        parts.sort(key=lambda part: -part.push * math.copysign(1.0, push))
        against = (push < 0) is not leaving
        words = REASONS.get(key, group.title) if against and key != FAR else group.title
        found.append(Push(key, push, words, tuple(parts)))
    return found


def _placed(groups: list[Push], kind: str, reason: str, again: float | None) -> list[Push]:
    """Return the groups with that of how far apart they lie told as talks have it."""
    far = next((group for group in groups if group.key == FAR), None)
    if far is None or not KINDS[kind].in_talks:
        return groups
    if _weighs_again(groups, kind, reason, again):
        told = far._replace(aside=True)
    elif again is not None or reason == FAR:
        told = far._replace(new=True, words=NEW_TO_IT)
    else:
        told = far
    return [told if group is far else group for group in groups]


def _weighs_again(groups: list[Push], kind: str, reason: str, again: float | None) -> bool:
    """Return whether what was known before weighs again in talks; if unknown, what that shows."""
    if again is not None:
        return again > 0.0
    towards = {group.key: group.push * KINDS[kind].sign for group in groups}
    return bool(reason) and reason != FAR and towards[FAR] > towards.get(reason, 0.0)


def _lead(reason: str, kind: str, groups: list[Push]) -> str:
    """Return the event's reason, or where it has none the group that pushed hardest towards it."""
    if reason:
        return reason if any(group.key == reason for group in groups) else ""
    sign = KINDS[kind].sign
    named = kind in NAMES_REASON
    least = 0.0 if named else LEAST
    able = [group for group in groups if not group.aside and group.push * sign > least]
    if named:
        able = [group for group in able if group.key in REASONS]
    return max(able, key=lambda group: group.push * sign).key if able else ""


def _ordered(groups: list[Push], lead: str, sign: float) -> tuple[Push, ...]:
    """Return the leading group, what pushed harder than it the same way, then the rest by size."""
    leads = [group for group in groups if group.key == lead]
    most = max((group.push * sign for group in leads), default=math.inf)
    rest = [group for group in groups if group.key != lead]
    rest.sort(key=lambda group: (group.aside or group.push * sign <= most, -abs(group.push)))
    return (*leads, *rest)
