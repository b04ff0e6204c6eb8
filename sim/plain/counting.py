"""Counts of talks, and of what history counted: how deep talks and shared managements end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .deal import PAIR, Deal
from .scopes import CHIEF_EXECUTIVE, JOINT_POST, is_deep

if TYPE_CHECKING:
    from .model import PlainModel

GO_ON = ("merger", "deepened", "reorganisation")
"""Why a deal may end though its members did not part."""


def count_begun(model: PlainModel, deal: Deal) -> None:
    """Count talks that begin."""
    model.counts["talks_begun"] += 1
    model.counts["deep_begun"] += is_deep(deal.scope)


def count_failed(model: PlainModel, deal: Deal, reason: str | None) -> None:
    """Count talks that fail, where they are deep."""
    if is_deep(deal.scope):
        model.counts["deep_failed"] += 1
        if reason is not None:
            model.counts[f"lost_{reason}"] += 1


def count_signed(model: PlainModel, deal: Deal) -> None:
    """Count a new deep deal; of a shared management, what it looks like.

    Two that share a chief executive already have a shared management, which has been counted.
    """
    model.counts["deep_signed"] += is_deep(deal.scope)
    if deal.scope not in JOINT_POST:
        return
    one, two = deal.councils[:2]
    earlier = one.signed.get(CHIEF_EXECUTIVE)
    if earlier is not None and earlier is two.signed.get(CHIEF_EXECUTIVE):
        count_deepened(model, deal, earlier)
        return
    model.counts["managements_signed"] += 1
    deal.is_pair = len(deal.members) == PAIR
    model.counts["signed_by_two"] += deal.is_pair
    model.counts["signed_adjacent"] += two in one.pairs and one.pairs[two].touches
    model.counts["signed_in_county"] += one.county == two.county


def count_deepened(model: PlainModel, deal: Deal, earlier: Deal) -> None:
    """Count on a pair whose joint chief executive becomes a joint management, if it stays one."""
    deal.is_pair = earlier.is_pair and len(deal.members) == PAIR
    model.counts["signed_by_two"] -= earlier.is_pair and not deal.is_pair


def count_joined(model: PlainModel, deal: Deal) -> None:
    """Count that a council has joined a deep deal; a pair that is now three is one no more."""
    model.counts["deep_signed"] += is_deep(deal.scope)
    if deal.is_pair and len(deal.members) > PAIR:
        deal.is_pair = False
        model.counts["signed_by_two"] -= 1


def count_broken(model: PlainModel, deal: Deal, reason: str) -> None:
    """Count a shared management that ends because its members part."""
    if deal.scope in JOINT_POST and reason not in GO_ON:
        model.counts["managements_broken"] += 1
        model.counts[f"lost_{reason}"] += 1
