"""What a calibration found, in words and tables: the page beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..patterns import PATTERNS
from ..told import markdown_table
from ..words import count


def page(found: Mapping[str, Any], again: str, figures: str = "figures") -> str:
    """Return the page of a calibration; `again` is the command that makes it anew."""
    parts = [
        _opening(found, again), *_patterns(found["patterns"]), "", *_joint(found), "",
        f"![England among runs of the sets]({figures}/predictive.png)", "",
        *_numbers(found["numbers"]), "",
        f"![Where each number lies, before and after]({figures}/numbers.png)", "",
        *_recovery(found), "", f"![Ranks of planted values]({figures}/ranks.png)", "",
        *_waves(found["waves"]), "", *_correlations(found["correlations"]),
    ]  # fmt: skip
    return "\n".join([*parts, ""])


def _opening(found: Mapping[str, Any], again: str) -> str:
    plan = found["plan"]
    return (
        f"# Calibration: {plan['title'] or plan['scenario']}\n\n"
        f"Made by `{again}`: {found['runs']:,} runs of `{plan['scenario']}`, seed {plan['seed']}. "
        f"Of {found['uncertain']} uncertain numbers {len(found['numbers'])} move England's numbers "
        "to 2014 most and are asked about; all others are drawn from their declared ranges in "
        "every run. Every run has a luck of its own, since England's history is one history. "
        "Nothing later than 2014 is looked at.\n"
    )


def _patterns(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    head = (
        "", "pattern", "mean", "near England", "rank", "score", "over all ranges", "one number",
    )  # fmt: skip
    return [
        "## England among runs of the sets",
        "",
        "The sets were chosen by these very patterns, so this is how near they come, and no test "
        "of the theory. *Mean* is over sets and lucks. *Rank* is the share of runs below England; "
        "of a pattern of several numbers the share of runs that lie less far out, where only the "
        "far end counts. *Score* is the continuous ranked probability score, in standard "
        "deviations of what error and discrepancy allow: of runs of the sets, of runs over all "
        "declared ranges, and of one number, the mean of runs over all ranges; less is better. Its "
        "error is over sets; *alike* is not surely better than both, bold is surely worse than "
        "over all ranges. "
        "Runs are taken with error and discrepancy for the rank; of a target that is a bound all "
        "beyond it is alike.",
        "",
        markdown_table(head, map(_pattern_cells, rows)),
    ]


def _pattern_cells(row: Mapping[str, Any]) -> list[str]:
    pattern = PATTERNS[row["pattern"]]
    mean = " / ".join(format(value, pattern.form) for value in row["mean"])
    near = "yes" if row["met"] else "**no**"
    rank = f"{row['rank']:.2f}" if row["inside"] else f"**{row['rank']:.2f}**"
    score = f"{row['score']:.2f} ± {row['score_error']:.2f}"
    score = f"**{score}**" if row["worse"] else score if row["better"] else f"{score} (alike)"
    others = [f"{row[key]:.2f}" for key in ("prior_score", "constant_score")]
    return [row["pattern"], pattern.words, mean, near, rank, score, *others]


def _joint(found: Mapping[str, Any]) -> list[str]:
    rows, joint, sets = found["patterns"], found["joint"], found["plan"]["ensemble"]["count"]
    met, inside, better = (sum(row[key] for row in rows) for key in ("met", "inside", "better"))
    missed = [row["pattern"] for row in rows if not row["met"]]
    told = f" Missed: {', '.join(missed)}." if missed else ""
    return [
        f"Of {len(rows)} patterns that count, the mean of {met} is near England; with {inside} "
        "England lies within 5 to 95% of runs (of several numbers no further out than 95%); "
        f"{better} have surely a better score than both.{told} By the "
        f"mean of its own runs a set meets {joint['mean']} patterns in the mean and "
        f"{joint['best']:.0f} at most; {joint['both']:.0f} of {sets} meet K1 and K2 together.",
        "",
        _declared(found),
    ]


def _declared(found: Mapping[str, Any]) -> str:
    """Return how the declared defaults stand, which are put among the sets."""
    told, cutoff = found["declared_numbers"], found["plan"]["waves"]["cutoff"]
    out = "would be ruled out" if told["implausibility"] > cutoff else "are not ruled out"
    return (
        "The declared defaults are put among the sets and were not drawn. By the rule of the waves "
        f"they {out}: implausibility {told['implausibility']:.1f}, cutoff {cutoff:g} (and so would "
        f"be {told['beyond']:.0%} of the drawn sets, where the inference moved them). By means of "
        f"as many runs as a set has they meet {told['met']:.1f} patterns."
    )


def _numbers(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    known = [row for row in rows if row["identified"]]
    others = [row for row in rows if not row["identified"]]
    told = ", ".join(f"`{row['name']}`" for row in others) or "none"
    moved = ", ".join(f"`{row['name']}`" for row in others if row["moved"]) or "none"
    head = (
        "number", "declared", "default", "5%", "25%", "middle", "75%", "95%", "width of declared",
    )  # fmt: skip
    return [
        "## What is known of the numbers",
        "",
        f"{count(len(known), 'number')} of those that are asked about: history puts them into a "
        "range at least a tenth narrower than declared, and runs that were not learnt from show "
        f"that it can. *Not identified*: {told}. Of these the middle of the sets lies more than a "
        f"tenth of the range off its middle: {moved}. Numbers that are not asked about are "
        "drawn from their declared ranges, in the sets too.",
        "",
        markdown_table(head, map(_number_cells, sorted(rows, key=lambda row: row["width"]))),
    ]


def _number_cells(row: Mapping[str, Any]) -> list[str]:
    low, high = row["range"]
    cells = [f"`{row['name']}`", f"{low:g} to {high:g}", f"{row['default']:g}"]
    cells += [*(f"{value:g}" for value in row["quantiles"]), f"{row['width']:.2f}"]
    return cells


def _recovery(found: Mapping[str, Any]) -> list[str]:
    rows, planted = found["numbers"], found["plan"]["inference"]["planted"]
    return [
        "## Planted and found again",
        "",
        f"{planted:,} runs were taken for England in turn, each with error and discrepancy, and "
        "their numbers inferred from the others. They lie anywhere in what the waves left, not "
        "only near England. R2 is of the mean against what was planted; coverage is how often the "
        "interval held it: 95% intervals should in 90 to 98%. Over all numbers 50% intervals hold "
        f"{np.mean([row['coverage']['0.5'] for row in rows]):.0%}.",
        "",
        markdown_table(
            ("number", "R2", "50% intervals", "95% intervals"),
            (
                (f"`{row['name']}`", f"{row['r2']:.2f}", f"{row['coverage']['0.5']:.0%}",
                 f"{row['coverage']['0.95']:.0%}")
                for row in sorted(rows, key=lambda row: -row["r2"])
            ),
        ),
    ]  # fmt: skip


def _waves(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    head = ("wave", "points", "not ruled out", "R2: middle, least and most of the targets")
    return [
        "## Waves",
        "",
        "How much of the spread of single runs the emulators account for (R2, of runs that they "
        "did not learn from); the rest is luck and what the other numbers do. Points are ruled out "
        "where a target is missed too far for luck, emulator, error and discrepancy.",
        "",
        markdown_table(head, (_wave_cells(place, row) for place, row in enumerate(rows, 1))),
    ]


def _wave_cells(place: int, row: Mapping[str, Any]) -> list[str]:
    r2 = sorted(row["r2"].items(), key=lambda item: item[1])
    (least, low), (_, middle), (most, high) = r2[0], r2[len(r2) // 2], r2[-1]
    told = f"{middle:.2f}, {low:.2f} ({least}), {high:.2f} ({most})"
    return [str(place), f"{row['points']:,}", f"{row['left']:.0%}", told]


def _correlations(rows: Sequence[Sequence[Any]]) -> list[str]:
    return [
        "## Which numbers hang together",
        "",
        "The largest correlations over the sets:",
        "",
        markdown_table(
            ("number", "number", "correlation"),
            ((f"`{one}`", f"`{other}`", f"{value:+.2f}") for one, other, value in rows),
        ),
    ]
