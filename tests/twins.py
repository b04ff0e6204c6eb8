"""The engine and the plain model side by side: the first difference between their lives."""

from __future__ import annotations

import math

import pandas as pd

from sim.batch import as_frames, only_run, prepared
from sim.columns import roll_of
from sim.core.state import LIVE, STUDY, TRANSITION
from sim.measures import MEASURES
from sim.plain import PlainModel
from sim.running import luck_of, run_arrays

NEAR = 1e-9
WORDS = ("quarter", "kind", "council", "other", "agreement", "scope", "reason")
BEFORE = 6
OF_DEALS = {
    "number": "number", "scope": "scope", "stage": "stage", "begun": "begun", "signed": "signed",
    "started": "started", "key": "key", "factor": "promise_factor", "report": "report_factor",
    "public": "known", "grant": "study_paid", "chief_left": "chief_left",
}  # fmt: skip
"""What deals are compared in: the engine's names and the plain model's."""
OF_TERMS = {"exit": "exit", "equal": "equal", "align": "aligned"}
IN_TALKS = {"estimate": "estimate", "score": "score"}
ONCE_SIGNED = {
    "score": "score", "promise": "promise", "worth": "worth", "now": "saves", "upkeep": "upkeep",
    "bill": "bill", "paid": "setup_paid",
}  # fmt: skip
"""What their members are compared in; the score of those who signed is satisfaction."""
COMPARED = ["deal", *OF_DEALS, *OF_TERMS, "estimate", *ONCE_SIGNED]


def differ(one, other):
    """Return whether two values differ: words at all, numbers by more than rounding."""
    if one is None or other is None or isinstance(one, str) or isinstance(other, str):
        return one != other
    return not math.isclose(one, other, rel_tol=NEAR, abs_tol=NEAR)


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
        found = [
            f"  {key}: engine {one[key]!r}, plain {other[key]!r}"
            for key in columns
            if differ(one[key], other[key])
        ]
        if found:
            return "\n".join([f"{name} {one[name]} differs", *found])
    return None


def deals_of_engine(ready, world):
    """Return one row for each member of each deal that stands at the end of the engine's run."""
    codes = roll_of(ready, world)[0]
    rows = []
    for d in world.live[: world.tally[0].counts[LIVE]]:
        deal = world.deals[d]
        of_deal = {name: int_or_float(deal[name]) for name in (*OF_DEALS, *OF_TERMS)}
        of_deal["stage"] -= STUDY
        names = IN_TALKS if deal.stage < TRANSITION else ONCE_SIGNED
        for k in range(deal.members):
            code = codes[world.councils[deal.member[k]].identity]
            of_member = {name: float(deal[name][k]) for name in names}
            rows.append({"deal": f"{deal.number}, member {code}"} | of_deal | of_member)
    return pd.DataFrame(rows, columns=COMPARED)


def deals_of_plain(model):
    """Return the same rows of the plain model."""
    rows = []
    for deal in model.deals:
        of_deal = {name: int_or_float(getattr(deal, own)) for name, own in OF_DEALS.items()}
        of_deal |= {name: int(getattr(deal.terms, own)) for name, own in OF_TERMS.items()}
        names = IN_TALKS if deal.in_talks else ONCE_SIGNED
        for member in deal.members:
            code = member.council.code
            of_member = {name: getattr(member, own) for name, own in names.items()}
            rows.append({"deal": f"{deal.number}, member {code}"} | of_deal | of_member)
    return pd.DataFrame(rows, columns=COMPARED)


def int_or_float(value):
    """Return a number as plain Python has it."""
    return value if isinstance(value, float) else int(value)


def told_of_councils(run):
    """Return the columns of councils that are compared: not the name, made for telling."""
    return [column for column in run.councils.columns if column != "name"]


def difference(scenario, seed=1, replicate=0):
    """Return the first difference between the two runs of a scenario; None where there is none."""
    ready = prepared(scenario)
    raw = run_arrays(ready, luck=luck_of(seed, replicate))
    fast = only_run(as_frames(ready, [raw], seed=seed, replicates=range(replicate, replicate + 1)))
    plain = PlainModel(scenario, seed=seed, replicate=replicate).run()
    assert list(fast.events.columns) == list(plain.events.columns)
    assert list(fast.quarters.columns) == list(plain.quarters.columns)
    assert list(fast.councils.columns) == list(plain.councils_table.columns)
    measures = [measure.name for measure in MEASURES]
    return (
        first_other_event(fast.events, plain.events)
        or first_other_row(fast.quarters, plain.quarters, measures, "quarter")
        or first_other_row(fast.councils, plain.councils_table, told_of_councils(fast), "code")
        or first_other_row(
            deals_of_engine(ready, raw.world), deals_of_plain(plain), COMPARED, "deal"
        )
    )
