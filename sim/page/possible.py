"""Whether what the room wants can happen: what cannot is refused, and not listed as done."""

from __future__ import annotations

from ..core import state as s
from ..errors import InputError
from ..ready.places import row_of
from ..ready.world import Prepared
from ..running import Raw
from ..story.wording import joined
from ..tables.columns import roll_of
from .changes import Act


def check_possible(ready: Prepared, raw: Raw, act: Act) -> None:
    """Refuse an act that could not happen in the quarter that `raw` has come to.

    Raises:
        InputError: the message says what stands in its way.
    """
    if act.council is None:
        return
    row, name = _now(ready, raw, act.council)
    councils = raw.world.councils
    if councils.alive[row] == 0:
        raise InputError(f"{name} is not on the map any more at this date: choose another council")
    if act.what == "chief_executive_leaves":
        _check_chief(ready, raw, row, name)
    if act.partner is not None:
        other, called = _now(ready, raw, act.partner)
        if councils.alive[other] == 0 or other == row:
            raise InputError(f"{name} cannot decide about {called} at this date: choose another")


def _now(ready: Prepared, raw: Raw, text: str) -> tuple[int, str]:
    """Return row and name of what a council of the first day has become."""
    roll, who = raw.world.roll, row_of(ready.table, text, "the scenario's councils")
    while int(roll[who].successor) != who:
        who = int(roll[who].successor)
    return int(roll[who].row), roll_of(ready, raw.world)[1][who]


def _check_chief(ready: Prepared, raw: Raw, row: int, name: str) -> None:
    """Refuse that somebody leaves who is not there, or who serves others too."""
    world, names = raw.world, roll_of(ready, raw.world)[1]
    if world.councils.vacant[row]:
        raise InputError(
            f"the post of {name}'s chief executive is vacant already at this date: choose another "
            "council or another day"
        )
    for scope in (s.MANAGEMENT, s.CHIEF_EXECUTIVE):
        d = int(world.councils.agreement[row][scope])
        if d != s.NOBODY:
            deal = world.deals[d]
            rows = [m for m in deal.member[: int(deal.members)].tolist() if m != row]
            others = joined([names[int(world.councils.identity[m])] for m in rows])
            raise InputError(
                f"{name} shares its chief executive with {others} at this date, and a shared one "
                "does not leave on order: choose another council or another day"
            )
