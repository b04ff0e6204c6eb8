"""What came out of many runs, in a few plain sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ...sim.declared.measures import REASONS
from ...sim.declared.scenario import Scenario
from ..words import count, money, period
from ..worlds import Worlds

MAIN_REASONS = 3
FEW = 10


def headline(
    runs: Mapping[str, Any], scenario: Scenario, councils: int, worlds: Worlds | None = None
) -> list[str]:
    """Return sentences about talks, why they fail, and what is saved.

    Parameters: the final values of the runs by measure, the scenario, and how many councils it
    starts with, and in which worlds they were lived.
    """
    return [_talks(runs, scenario, councils, worlds), *_reasons(runs), *_savings(runs)]


def _talks(
    runs: Mapping[str, Any], scenario: Scenario, councils: int, worlds: Worlds | None
) -> str:
    begun, failed = _mean(runs, "talks_begun"), _mean(runs, "talks_failed")
    many = count(len(runs["talks_begun"]), "run")
    where = ""
    if worlds is not None:
        lived = count(len(runs["talks_begun"]) // worlds.lucks, "world")
        where = f", in {lived} of '{worlds.ensemble.name}'"
    opening = f"Over {period(scenario)}, {many} of {councils:,} councils{where}:"
    if begun == 0:
        return f"{opening} nobody talks to anybody."
    if failed == 0:
        return f"{opening} {_about(begun)} talks begin in each, and none fails."
    return f"{opening} {_about(begun)} talks begin in each, and {failed / begun:.0%} of them fail."


def _reasons(runs: Mapping[str, Any]) -> list[str]:
    shares = {words: _mean(runs, f"failed_{key}") for key, words in REASONS.items()}
    whole = sum(shares.values())
    if whole <= 0:
        return []
    ordered = sorted(shares.items(), key=lambda item: -item[1])
    main = [f"{words} ({part / whole:.0%})" for words, part in ordered[:MAIN_REASONS] if part > 0]
    return [f"Strongest reasons where talks failed: {', '.join(main)}."]


def _savings(runs: Mapping[str, Any]) -> list[str]:
    promised, true = _mean(runs, "promised"), _mean(runs, "true_saving")
    if promised <= 0:
        return ["At the end no agreement is in force that promises a saving."]
    reported = _mean(runs, "reported")
    return [
        f"At the end, business cases promise {money(promised)} a year; councils report "
        f"{money(reported)}; {money(true)} reaches their budgets."
    ]


def _mean(runs: Mapping[str, Any], name: str) -> float:
    return float(np.mean(runs[name]))


def _about(number: float) -> str:
    return f"{number:,.0f}" if number >= FEW else f"{number:.1f}"
