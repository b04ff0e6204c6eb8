"""What is shown of a kept result that was lived again: whether all bits agree, and one run."""

from __future__ import annotations

from ..stored.record import WHAT
from ..summary import DECLARED, MAIN
from ..terminal import say, say_json, show_table
from ..words import count, number
from .confirmed import Confirmed
from .repeat import Repeated

MANY = {"sensitivity": "outcome"}
AGAIN = {"sensitivity": "found again from the stored runs"}
DONE = "lived again"
SHOWN = 3


def show_confirmed(found: Confirmed, *, as_json: bool) -> bool:
    """Show what came of living a result again, and return whether all bits agree."""
    same = not found.differing
    if as_json:
        differing = [each._asdict() for each in found.differing]
        say_json(found._asdict() | {"differing": differing})
        return same
    what = f"{count(found.checked, MANY.get(found.kind, 'run'))} {AGAIN.get(found.kind, DONE)}"
    if same:
        say(f"{what}: every bit of the {WHAT[found.kind]} is as it is stored.")
    else:
        say(f"{what}: {count(len(found.differing), 'place')} of the {WHAT[found.kind]} "
            "not as it is stored.")  # fmt: skip
    for each in found.differing[:SHOWN]:
        more = f" and {len(each.columns) - 1} more" if len(each.columns) > 1 else ""
        say(f"  {each.where}: {each.columns[0]}{more}")
        if each.repeat:
            print(f"    {each.repeat}")
    show_rules(found.changed, same=same)
    for note in found.notes:
        say(note)
    return same


def show_rules(changed: list[str], *, same: bool) -> None:
    """Say that a result was made by other rules, with what differs; or what else to suspect."""
    if changed:
        say(f"Made by other rules: since it was stored, {', '.join(changed)} changed.")
    elif not same:
        say("Code, data and libraries are what they were: suspect the stored files, or another "
            "kind of processor.")  # fmt: skip


def show_repeated(found: Repeated, *, as_json: bool) -> None:
    """Show the outcomes of a run that was lived again."""
    if as_json:
        say_json(found.document)
        return
    for name, value in found.about.items():
        say(f"{name} = {value}")
    columns = {"At the end of the run": "left", **dict.fromkeys(found.sides, "right"),
               "Unit": "word"}  # fmt: skip
    rows = [
        (DECLARED[name].title, *(number(side[name]) for side in found.sides.values()),
         DECLARED[name].unit)
        for name in MAIN
    ]  # fmt: skip
    show_table("", columns, rows)
