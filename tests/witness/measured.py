"""Claims about what is held against history: each measure is what the log and the books say."""

from __future__ import annotations

import math
from collections.abc import Iterator

from sim.declared.measures import REASONS

from .claims import at_quarter, of_life
from .history import Deal, History
from .life import Life

NEAR = 1e-9
COUNTED = ("deep_begun", "deep_failed", "deep_signed", "managements_signed", "signed_by_two",
           "signed_in_county", "managements_broken", "districts_distressed",
           *(f"lost_{reason}" for reason in REASONS))  # fmt: skip
"""Measures that are counts of what the log tells."""
GROWING = ("deep_begun", "deep_failed", "deep_signed", "managements_signed", "signed_adjacent",
           "signed_in_county", "managements_broken", "management_years", "districts_distressed",
           *(f"lost_{reason}" for reason in REASONS))  # fmt: skip


@at_quarter
def claim_history_is_counted_as_it_happened(history: History, quarter: int) -> Iterator[str]:
    told = history.life.quarters[quarter]
    for name in COUNTED:
        if told[name] != history.counts[name]:
            yield f"{name} is {told[name]!r}, the log has {history.counts[name]}"
    least = history.counts["signed_adjacent"]
    most = least + history.counts["signed_by_remade"]  # whom the heirs of others touch is not known
    if not least <= told["signed_adjacent"] <= most:
        yield f"signed_adjacent is {told['signed_adjacent']!r}, the pairs say {least} to {most}"


@at_quarter
def claim_districts_are_counted_apart(history: History, quarter: int) -> Iterator[str]:
    told = history.life.quarters[quarter]
    living = history.life.living(quarter + 1)
    districts = {code: row for code, row in living.items() if row["tier"] == "district"}
    bodies = {history.body.get(code, code) for code in districts}
    shared = [d for d in history.deals.values() if d.stage == "running" and d.scope != "merger"]
    found = {
        "districts": len(districts),
        "district_reserves": math.fsum(row["reserves"] for row in districts.values()),
        "with_districts": sum(_any_of(deal, bodies) for deal in shared),
        "among_districts": sum(set(deal.members) <= bodies for deal in shared),
    }
    for name, value in found.items():
        if not math.isclose(told[name], value, rel_tol=NEAR, abs_tol=1e-7):
            yield f"{name} is {told[name]!r}, the books and the log have {value!r}"


def _any_of(deal: Deal, bodies: set[str]) -> bool:
    return bool(set(deal.members) & bodies)


@of_life
def claim_years_of_management_add_up(life: Life) -> Iterator[str]:
    years = 0.0
    for row in life.quarters:
        years += row["managements"] / 4.0
        if not math.isclose(row["management_years"], years, rel_tol=NEAR):
            yield f"quarter {row['quarter']}: {row['management_years']!r} years, not {years!r}"


@of_life
def claim_measures_of_history_keep_to_each_other(life: Life) -> Iterator[str]:
    last = dict.fromkeys(GROWING, 0.0)
    for row in life.quarters:
        for name in GROWING:
            if row[name] < last[name]:
                yield f"quarter {row['quarter']}: {name} falls to {row[name]!r}"
            last[name] = row[name]
        lost = math.fsum(row[f"lost_{reason}"] for reason in REASONS)
        pairs = (
            ("among_districts", "with_districts"), ("with_districts", "agreements"),
            ("managements_signed", "deep_signed"), ("signed_by_two", "managements_signed"),
            ("signed_adjacent", "managements_signed"), ("districts", "councils"),
            ("signed_in_county", "managements_signed"), ("districts_distressed", "distressed"),
            ("deep_begun", "talks_begun"), ("deep_failed", "talks_failed"),
            ("managements_broken", "ended"),
        )  # fmt: skip
        for part, whole in pairs:
            if not 0.0 <= row[part] <= row[whole]:
                yield f"quarter {row['quarter']}: {part} {row[part]!r} of {whole} {row[whole]!r}"
        open_still = row["deep_begun"] - row["deep_failed"] - row["deep_signed"]
        if open_still != row["deep_talks"]:
            yield f"quarter {row['quarter']}: {row['deep_talks']!r} deep talks, not {open_still!r}"
        if lost != row["deep_failed"] + row["managements_broken"]:
            yield f"quarter {row['quarter']}: {lost!r} lost by reason"
