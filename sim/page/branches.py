"""Policies that are kept under a name, and what a session was before each change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from ..declared.scenario import Strict
from ..errors import InputError
from .changes import ACTS_MOST, Act

if TYPE_CHECKING:
    from .session import Memo

KEPT_MOST, PAST_MOST = 8, 30
"""So many policies are kept under a name, so many changes can be undone."""
NAME_MOST = 40
LETTERS_MOST = 12_000
"""So long a memo may be in letters before the oldest changes can be undone no more: it stands in
the address, which people send each other."""


class Side(Strict):
    """One policy: a scenario that the page knows, and what the room did to it."""

    scenario: str = Field(max_length=1000)
    acts: list[Act] = Field(default=[], max_length=ACTS_MOST)


class Named(Side):
    """A policy that is kept under a name."""

    name: str = Field(min_length=1, max_length=NAME_MOST)

    @property
    def policy(self) -> Side:
        """The policy itself."""
        return Side(scenario=self.scenario, acts=self.acts)


class Past(Strict):
    """What a side was before a change; nothing where a second policy was put beside the first."""

    side: Literal["a", "b"]
    was: Side | None = None


def keep(kept: Sequence[Named], policy: Side, name: str) -> list[Named]:
    """Return the policies that are kept, and one more.

    Raises:
        InputError: the name is empty, too long or given already, or too many are kept.
    """
    name = " ".join(name.split())
    if not 0 < len(name) <= NAME_MOST:
        raise InputError(f"the name has {len(name)} letters: give 1 to {NAME_MOST}")
    if any(each.name == name for each in kept):
        raise InputError(
            f"a policy is kept as '{name}' already: choose another name, or forget that one first"
        )
    if len(kept) == KEPT_MOST:
        raise InputError(
            f"{KEPT_MOST} policies are kept already: save one as a scenario file, then forget it"
        )
    return [*kept, Named(scenario=policy.scenario, acts=policy.acts, name=name)]


def name_of(kept: Sequence[Named], policy: Side) -> str:
    """Return the name under which a policy is kept; empty where it is not."""
    return next((each.name for each in kept if each.policy == policy), "")


def parting(old: Sequence[Act], new: Sequence[Act]) -> int:
    """Return the quarter in which two lists of acts first differ; a large number where never."""
    apart = [act for act in old if act not in new] + [act for act in new if act not in old]
    return min((act.at for act in apart), default=1_000_000)


def remember(memo: Memo, side: str, was: Side | None) -> list[Past]:
    """Return what can be undone after one more change: the last always, the oldest if it fits."""
    past = [*(memo.past or []), Past.model_validate({"side": side, "was": was})][-PAST_MOST:]
    room = LETTERS_MOST - len(memo.model_dump_json(exclude={"past"}, exclude_none=True))
    sizes = [len(each.model_dump_json(exclude_none=True)) for each in past]
    while len(past) > 1 and sum(sizes) > room:
        past, sizes = past[1:], sizes[1:]
    return past
