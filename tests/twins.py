"""The engine and the plain model side by side: the first difference between their lives."""

from __future__ import annotations

import math

import twin_state as state

from sim.declared.measures import MEASURES
from sim.plain import PlainModel
from sim.ready.kept import prepared
from sim.running import luck_of, run_arrays
from sim.tables.batch import Run
from sim.tables.lived import Lived

NEAR = 1e-9
"""How far two numbers may lie apart, as a share of the larger."""
NOTHING = 1e-12
"""What is left of a difference of millions where there should be nothing."""
WORDS = ("quarter", "kind", "council", "other", "agreement", "scope", "reason")
BEFORE = 6


def differ(one, other):
    """Return whether two values differ: words at all, numbers by more than rounding."""
    if one is None or other is None or isinstance(one, str) or isinstance(other, str):
        return one != other
    return not math.isclose(one, other, rel_tol=NEAR, abs_tol=NOTHING)


def records(frame):
    """Return the rows of a table as plain values; what is missing is None."""
    rows = frame.astype(object).to_dict("records")
    return [{key: value if value == value else None for key, value in row.items()} for row in rows]


def told(event):
    """Return an event on one line, with what made it so."""
    if event is None:
        return "nothing"
    words = " ".join(str(event[key]) for key in WORDS)
    because = ", ".join(
        f"{key.removeprefix('because_')} {value!r}"
        for key, value in event.items()
        if key.startswith("because_") and value
    )
    return f"{words} value {event['value']!r} more {event['more']!r} [{because}]"


def first_other_event(fast, plain):
    """Return the first event that differs, with some before it; None where all are the same."""
    ours, theirs = records(fast.drop(columns="date")), records(plain.drop(columns="date"))
    for k in range(max(len(ours), len(theirs))):
        one, other = (rows[k] if k < len(rows) else None for rows in (ours, theirs))
        if one and other:
            where = [key for key in one if differ(one[key], other[key])]
            if not where:
                continue
        else:
            where = ["one side has no such event"]
        lines = [f"event {k} differs: {', '.join(where)}"]
        lines += [f"  before: {told(event)}" for event in ours[max(0, k - BEFORE) : k]]
        return "\n".join([*lines, f"  engine: {told(one)}", f"  plain:  {told(other)}"])
    return None


def first_other_row(fast, plain, columns, name):
    """Return the first row of two tables that differs, and in what; None where all are the same."""
    ours, theirs = records(fast), records(plain)
    if len(ours) != len(theirs):
        return f"{len(ours)} rows in the engine's table, {len(theirs)} in the plain one"
    for one, other in zip(ours, theirs, strict=True):
        if one[name] != other[name]:
            return f"{name}: engine {one[name]}, plain {other[name]}"
        found = [
            f"  {key}: engine {one[key]!r}, plain {other[key]!r}"
            for key in columns
            if differ(one[key], other[key])
        ]
        if found:
            return "\n".join([f"{name} {one[name]} differs", *found])
    return None


def difference(scenario, seed=1, replicate=0, plain=None):
    """Return the first difference between the two runs of a scenario; None where there is none.

    Who compares one plain life with many gives it.
    """
    ready = prepared(scenario)
    raw = run_arrays(ready, luck=luck_of(seed, replicate))
    fast = Run(Lived(ready, seed, range(replicate, replicate + 1), [raw]))
    plain = plain or PlainModel(scenario, seed=seed, replicate=replicate).run()
    assert list(fast.events.columns) == list(plain.events.columns)
    assert list(fast.quarters.columns) == list(plain.quarters.columns)
    assert list(fast.councils.columns) == list(plain.councils_table.columns)
    measures = [measure.name for measure in MEASURES]
    figures = [name for name in fast.councils.columns if name != "name"]  # how to call the merged
    return (
        first_other_event(fast.events, plain.events)
        or first_other_row(fast.quarters, plain.quarters, measures, "quarter")
        or first_other_row(fast.councils, plain.councils_table, figures, "code")
        or first_other_state(ready, raw.world, plain)
    )


def first_other_state(ready, world, model):
    """Return the first difference in what stands at the end: deals, pairs, councils."""
    return (
        first_other_row(
            state.deals_of_engine(ready, world), state.deals_of_plain(model),
            state.DEAL_COLUMNS, "deal",
        )
        or first_other_row(
            state.pairs_of_engine(ready, world), state.pairs_of_plain(model),
            state.PAIR_COLUMNS, "pair",
        )
        or first_other_row(
            state.councils_of_engine(ready, world), state.councils_of_plain(model),
            state.COUNCIL_COLUMNS, "code",
        )
    )  # fmt: skip
