"""A run made small enough to be sent: each thing written once, and the least needed left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .explain import deals_by_quarter
from .line import Line
from .minds import minds_by_quarter

LOOKING = ("considers", "approaches", "refuses", "known")
LEFT_OUT = (
    "the news of who only looks, asks or says no",
    "what two councils had to do with each other, step by step",
    "how each deal stood and why it ended",
    "the reasons behind each piece of news",
)
"""What a large run leaves out, the least needed first."""

LISTS = (("councils", "code"), ("deals", "n"))
PAIRS, DEALS = 0.5, 0.25
"""How large explanations are against the frames, both packed: what cannot fit is not tried."""


def thinned(rows: Sequence[Mapping[str, Any]], left_out: int) -> list[dict[str, Any]]:
    """Return frames in which a council or a deal holds only what is new since the frame before.

    Parameters: the frames of every side, and how many things of `LEFT_OUT` are left out.
    """
    held: dict[tuple[str, str, Any], Mapping[str, Any]] = {}
    thin = []
    for row in rows:
        sides = {name: _side(name, frame, held) for name, frame in row.items() if name != "q"}
        for frame in sides.values():
            frame["events"] = _news(frame["events"], left_out)
        thin.append({"q": row["q"], **sides})
    return thin


def _side(name: str, frame: Mapping[str, Any], held: dict[Any, Any]) -> dict[str, Any]:
    """Return the frame of one side; `held` has what each thing was before."""
    made = dict(frame)
    for kind, key in LISTS:
        made[kind] = []
        for one in frame[kind]:
            old = held.get((name, kind, one[key]), {})
            new = {k: v for k, v in one.items() if k == key or k not in old or old[k] != v}
            made[kind].append(new | {k: None for k in old if k not in one})
            held[name, kind, one[key]] = one
    return made


def _news(events: Sequence[Mapping[str, Any]], left_out: int) -> list[Mapping[str, Any]]:
    kept = [event for event in events if left_out < 1 or event["kind"] not in LOOKING]
    return [{**event, "why": ""} for event in kept] if left_out >= len(LEFT_OUT) else kept


def explained(line: Line, left_out: int) -> dict[str, Any]:
    """Return the explanations of one side, without those that are left out."""
    last = line.quarters
    pairs = {} if left_out > 1 else line.telling(last).pairs()
    return {
        "deals": {} if left_out > 2 else deals_by_quarter(line.ready, line.at, last),
        "pairs": pairs,
        "minds": minds_by_quarter(line.ready, line.at, last, pairs),
    }


def could_fit(frames: int, room: int, left_out: int) -> bool:
    """Return whether frames of so many bytes leave room for explanations, by a rough measure."""
    pairs = PAIRS if left_out < 2 else 0.0
    deals = DEALS if left_out < len(LEFT_OUT) - 1 else 0.0
    return frames * (1.0 + pairs + deals) <= room
