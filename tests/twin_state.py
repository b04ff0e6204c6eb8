"""What stands at the end of a run, of the engine and of the plain model, as the same tables."""

from __future__ import annotations

import pandas as pd

from sim.core.state import LIVE, STUDY, TRANSITION
from sim.tables.columns import roll_of

OF_DEALS = {
    "number": "number", "scope": "scope", "stage": "stage", "begun": "begun", "signed": "signed",
    "started": "started", "key": "key", "factor": "promise_factor", "report": "report_factor",
    "public": "known", "grant": "study_grant", "chief_left": "chief_left",
    "paired": "is_pair",
}  # fmt: skip
"""What deals are compared in: the engine's names and the plain model's."""
OF_TERMS = {"exit": "exit", "equal": "equal", "align": "aligned"}
IN_TALKS = {"estimate": "estimate", "score": "score"}
ONCE_SIGNED = {
    "score": "score", "promise": "promise", "worth": "worth", "now": "saves", "upkeep": "upkeep",
    "bill": "bill", "paid": "setup_paid", "aid": "subsidy",
}  # fmt: skip
"""What their members are compared in; the score of those who signed is satisfaction."""
DEAL_COLUMNS = [*OF_DEALS, *OF_TERMS, "estimate", *ONCE_SIGNED]

OF_PAIRS = {
    "distance": "km", "adjacent": "touches", "border": "border", "tiers": "other_tier",
    "ratio": "size", "means": "means", "trust": "trust", "failures": "failures", "again": "again",
    "felt_gap": "tax_felt",
}  # fmt: skip
"""What pairs are compared in, besides what each side believes and how unsure it is."""
PAIR_COLUMNS = [*OF_PAIRS, "belief", "doubt"]

OF_COUNCILS = {
    "lineage": "lineage", "pause": "pause_until", "sought": "deep_failure",
    "changed": "control_changed", "appointed": "appointed", "need": "need", "means": "means",
    "rural": "rural", "reviewed": "reviewed", "platform": "supplier", "cycle": "cycle",
    "phase": "phase", "inherited": "inherited", "kept": "contact_kept",
    "news": "news", "heard": "heard", "readiness": "readiness",
}  # fmt: skip
"""What living councils are compared in beyond the table of councils."""
COUNCIL_COLUMNS = list(OF_COUNCILS)


def int_or_float(value):
    """Return a number as plain Python has it."""
    return value if isinstance(value, float) else int(value)


def in_order(rows, name, columns):
    """Return rows as a table, by their names."""
    return pd.DataFrame(sorted(rows, key=lambda row: row[name]), columns=[name, *columns])


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
    return pd.DataFrame(rows, columns=["deal", *DEAL_COLUMNS])


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
    return pd.DataFrame(rows, columns=["deal", *DEAL_COLUMNS])


def pairs_of_engine(ready, world):
    """Return one row for each side of each pair of living councils at the end of a run."""
    codes, councils, rows = roll_of(ready, world)[0], world.councils, []
    for i, council in enumerate(councils):
        if council.alive == 0:
            continue
        for e in world.near[i, : council.degree]:
            pair = world.pairs[e]
            side = int(pair.b == i)
            other = codes[councils[pair.a if side else pair.b].identity]
            row = {"pair": f"{codes[council.identity]} of {other}"}
            row |= {name: float(pair[name]) for name in OF_PAIRS}
            rows.append(row | {"belief": pair.belief[side], "doubt": pair.doubt[side]})
    return in_order(rows, "pair", PAIR_COLUMNS)


def pairs_of_plain(model):
    """Return the same rows of the plain model."""
    rows = []
    for council in model.agents:
        for other, pair in council.pairs.items():
            belief = pair.beliefs[council]
            row = {"pair": f"{council.code} of {other.code}"}
            row |= {name: float(getattr(pair, own)) for name, own in OF_PAIRS.items()}
            rows.append(row | {"belief": belief.distance, "doubt": belief.variance})
    return in_order(rows, "pair", PAIR_COLUMNS)


def councils_of_engine(ready, world):
    """Return one row for each living council, of what the table of councils leaves out."""
    codes = roll_of(ready, world)[0]
    rows = [
        {"code": codes[council.identity]}
        | {name: int_or_float(council[name].item()) for name in OF_COUNCILS}
        for council in world.councils
        if council.alive == 1
    ]
    return in_order(rows, "code", COUNCIL_COLUMNS)


def councils_of_plain(model):
    """Return the same rows of the plain model."""
    rows = [
        {"code": council.code}
        | {name: int_or_float(getattr(council, own)) for name, own in OF_COUNCILS.items()}
        for council in model.agents
    ]
    return in_order(rows, "code", COUNCIL_COLUMNS)
