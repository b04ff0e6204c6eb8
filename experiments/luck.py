"""What the same luck is worth: how many runs the pairing of two policies saves.

`python -m experiments.luck` runs three policies against the world as it was, on the same luck and
on luck of their own, and writes `docs/luck.md` as it comes out.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ..sim.declared.measures import MEASURES
from ..sim.measured import measured
from ..sim.ready.kept import prepared
from ..sim.running import luck_of
from .policies.mistakes import POLICIES

SHOWN = ("set-up-grants", "match-making", "free-tax")
OUTCOMES = ("managements", "services", "talks_failed", "true_saving", "net_saving", "reserves")
PAGE = Path(__file__).parents[1] / "docs" / "luck.md"
RUNS = 400
SEED = 1
RESAMPLES = 2000
TITLES = {measure.name: measure.title for measure in MEASURES}

TEXT = """\
# The same luck

Every random number is a function of what it decides, whom it concerns and when. Two policies that
are run on one seed therefore have the same luck wherever the policy made no difference: before its
first day every bit is the same, and after it a council that the policy has not reached goes on
drawing what it would have drawn.

How much that is worth, for three policies against `norfolk` as it was ({runs} runs each, seed
{seed}; made by `python -m experiments.luck {runs}`): the variance of the difference between two
policies with independent luck, over its variance with the same luck. A ratio of 10 means that
pairing gets from 100 runs what would take 1,000 without. Intervals are 95%, by bootstrap over
replicates ({resamples:,} resamples).

{sections}

Where a policy changes what councils do early on, the two worlds part and the gain shrinks: the
talks that one council no longer has free its neighbours for others.
"""


class Worth(NamedTuple):
    """How much smaller the variance of a difference is when both policies have the same luck."""

    outcome: str
    difference: float  # mean of the paired differences
    correlation: float  # of the outcome under the two policies, on the same luck
    ratio: float  # variance of unpaired differences over that of paired ones
    low: float  # 95% interval of the ratio, by bootstrap over replicates
    high: float


def finals(scenario: str | Path, replicates: range) -> np.ndarray:
    """Return the record of the last quarter of each replicate."""
    ready = prepared(scenario)
    rows = [measured(ready, luck=luck_of(SEED, k), last=True)[-1:] for k in replicates]
    return np.concatenate(rows)


def worth(outcome: str, base: np.ndarray, paired: np.ndarray, apart: np.ndarray) -> Worth:
    """Return what pairing is worth for an outcome: values of the base and of the policy twice."""
    chance = np.random.Generator(np.random.Philox(SEED))
    picks = chance.integers(len(base), size=(RESAMPLES, len(base)))
    ratios = _ratio(base[picks], paired[picks], apart[picks])
    low, high = np.quantile(ratios[np.isfinite(ratios)], (0.025, 0.975))
    return Worth(
        outcome,
        float(np.mean(paired - base)),
        float(np.corrcoef(base, paired)[0, 1]),
        float(_ratio(base, paired, apart)),
        float(low),
        float(high),
    )


def _ratio(base: np.ndarray, paired: np.ndarray, apart: np.ndarray) -> np.ndarray:
    """Return variance of `apart - base` over variance of `paired - base`, over the last axis."""
    with np.errstate(divide="ignore"):
        found: np.ndarray = np.var(apart - base, axis=-1) / np.var(paired - base, axis=-1)
    return found


def table(policy: str, runs: int) -> list[Worth]:
    """Return what pairing is worth for each outcome of a policy."""
    path = POLICIES / f"{policy}.toml"
    base, paired = finals("norfolk", range(runs)), finals(path, range(runs))
    apart = finals(path, range(runs, 2 * runs))
    return [worth(name, base[name], paired[name], apart[name]) for name in OUTCOMES]


def section(policy: str, runs: int) -> str:
    """Return what the page says of one policy."""
    title = prepared(POLICIES / f"{policy}.toml").scenario.title
    lines = [
        f"## {title}",
        "",
        "| outcome at the end | difference | correlation | variance ratio | 95% interval |",
        "|---|--:|--:|--:|--:|",
    ]
    for row in table(policy, runs):
        lines.append(
            f"| {TITLES[row.outcome]} | {row.difference:+.3g} | {row.correlation:.2f} | "
            f"{row.ratio:.3g} | {row.low:.3g} to {row.high:.3g} |"
        )
    return "\n".join(lines)


def page(runs: int) -> str:
    """Return the page of the documentation."""
    sections = "\n\n".join(section(policy, runs) for policy in SHOWN)
    return TEXT.format(runs=runs, seed=SEED, resamples=RESAMPLES, sections=sections)


if __name__ == "__main__":
    PAGE.write_text(page(int(sys.argv[1]) if len(sys.argv) > 1 else RUNS), encoding="utf-8")
    print(f"wrote {PAGE}")
