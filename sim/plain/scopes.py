"""What councils can share: nine services, and three deep deals that reach into who runs them."""

from __future__ import annotations

from ..declared.catalogue import SCOPES, SERVICES as NAMES_OF_SERVICES

SERVICES = range(len(NAMES_OF_SERVICES))
CHIEF_EXECUTIVE = SCOPES.index("chief_executive")
MANAGEMENT = SCOPES.index("management")
MERGER = SCOPES.index("merger")
DEEP = (CHIEF_EXECUTIVE, MANAGEMENT, MERGER)
JOINT_POST = (CHIEF_EXECUTIVE, MANAGEMENT)
"""Deals in which the members have one chief executive."""


def is_deep(scope: int) -> bool:
    """Return whether a scope is about who runs the council."""
    return scope in DEEP


def same_kind(one: int, other: int) -> bool:
    """Return whether two scopes stand in each other's way: the same service, or both deep."""
    return one == other or (is_deep(one) and is_deep(other))
