"""Comparisons in folders: stored whole, found again when the same is asked, and shown."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ...sim.declared.scenario import from_document
from ...sim.errors import InputError
from ...sim.identity import code_fingerprint, data_hashes
from ...sim.ready.kept import prepared
from ...sim.tables.columns import Columns, Words
from ..estimates import ERROR, Estimate
from ..executors.ordered import Hands
from ..explaining.explain import first_quarter
from ..explaining.parts import Parts, notes_in_words, over_in_words
from ..explaining.shares import shares_over
from ..explaining.shown import show_parts
from ..stored.already import here_already
from ..stored.asked import RESULTS, SHORT, fingerprint, user_tables
from ..stored.assembly import assembled, cannot_write
from ..stored.belonging import DIFFERENCES
from ..stored.folder import describe_files
from ..stored.former import as_known
from ..stored.provenance import provenance
from ..stored.record import Record, write_record
from ..stored.tables import write_table
from ..summary import DECLARED
from ..terminal import Watch, say, say_json, show_table
from ..words import count, interval, month, number, period, shorten
from .compare import (
    Comparison,
    Question,
    answer,
    difference_columns,
)
from .flips import Flips, find_flips
from .sequences import unseen

FAILURES_SHOWN = 3
FORMAT = "council-partnering comparison 4"
"""By which method it is made; the number changes when the method does."""
ADVICE = "name another folder with --out, or remove it first"


class Stored(NamedTuple):
    """A comparison in a folder, and whether it was there before."""

    folder: Path
    record: Record
    reused: bool


class Besides(NamedTuple):
    """Where a comparison goes, and what is to be found out besides."""

    out: Path | None = None
    flips: bool = False  # which assumptions turn the answer
    mechanisms: int = 0  # over how many replicates the difference is shared out by mechanism
    hands: Hands = Hands()


def asked(question: Question, besides: Besides) -> dict[str, Any]:
    """Return everything that decides what comes out, ready for JSON."""
    scenarios = (question.base, *question.policies)
    tables = {name: text for each in scenarios for name, text in user_tables(each).items()}
    return {
        "format": FORMAT,
        "base": {question.base.name: question.base.fingerprint()},
        "policies": {each.name: each.fingerprint() for each in question.policies},
        "outcome": question.outcome,
        "matters": question.matters,
        "budget": question.budget,
        "block": question.block,
        "seed": question.seed,
        "flips": besides.flips,
        "mechanisms": besides.mechanisms,
        "code": code_fingerprint(),
        "data": data_hashes() | tables,
    }


def stored(
    question: Question, besides: Besides | None = None, *, watch: Watch | None = None
) -> Stored:
    """Return a comparison from its folder, run and stored now unless it is there already.

    Raises:
        InputError: the place is taken by something else, or cannot be written.
    """
    besides = besides or Besides()
    wanted = asked(question, besides)
    target = (besides.out or RESULTS / _folder_name(question, wanted)).resolve()
    try:
        found = here_already(target, "comparison", wanted, ADVICE)
    except OSError as error:
        raise cannot_write(target, error) from None
    if found is not None:
        return Stored(target, found, reused=True)
    with assembled(target) as folder:
        started, clock = datetime.now(UTC), time.perf_counter()
        comparison = answer(question, hands=besides.hands, watch=watch)
        turned = [
            find_flips(question, policy, hands=besides.hands, watch=watch)
            for policy in (question.policies if besides.flips else ())
        ]
        write_table(_all_differences(comparison), folder / DIFFERENCES)
        found_out = _answer(comparison, turned)
        found_out["mechanisms"] = _mechanisms(comparison, besides, watch)
        made = provenance() | {
            "workers": besides.hands.workers,
            "started": started.isoformat(timespec="seconds"),
            "seconds": round(time.perf_counter() - clock, 3),
        }
        scenarios = [each.document() for each in (question.base, *question.policies)]
        record = write_record(folder, Record(
            "comparison", wanted, made, {"scenarios": scenarios}, found_out,
            describe_files(folder),
        ))  # fmt: skip
    return Stored(target, record, reused=False)


def _mechanisms(
    comparison: Comparison, besides: Besides, watch: Watch | None
) -> list[dict[str, Any]]:
    """Return for each policy the parts of its difference by mechanism; none if not asked for.

    They are taken over the first of the very replicates that were compared.
    """
    question, found = comparison.question, []
    for policy, row in zip(question.policies, comparison.rows, strict=True):
        many = min(besides.mechanisms, row["replicates"])
        if not many:
            continue
        runs = [(question.seed, replicate) for replicate in range(many)]
        pair = prepared(question.base), prepared(policy)
        parts, why = None, ""
        try:
            parts = shares_over(
                pair, question.outcome, first_quarter(*pair), runs,
                hands=besides.hands, watch=watch,
            )  # fmt: skip
        except InputError as error:  # the policy is idle, or there is nothing to measure
            why = str(error)
        found.append({
            "policy": policy.name, "replicates": many, "in_words": why,
            **(_shared_out(question, row, many, parts) if parts else {"parts": []}),
        })  # fmt: skip
    return found


def _shared_out(
    question: Question, row: Mapping[str, Any], many: int, parts: Parts
) -> dict[str, Any]:
    """Return what is kept of the parts of a difference."""
    one = f"replicate 0 of seed {question.seed}"
    runs = one if many == 1 else f"replicates 0 to {many - 1} of seed {question.seed}"
    over = over_in_words(parts, DECLARED[question.outcome].unit, runs)
    whole = number(row["difference"])
    said = [f"The parts add up to {over}, the mean difference there."]
    if many < row["replicates"]:
        said.append(f"Over all {row['replicates']:,} that were compared it is {whole}.")
    said.append(
        "councils explain shares out the same gap over seeds: other runs, so its numbers differ "
        "from these by luck."
    )
    return {
        "parts": parts.rows, **parts.document(), "sum": parts.gap.value, "in_words": " ".join(said)
    }  # fmt: skip


def _folder_name(question: Question, wanted: Mapping[str, Any]) -> str:
    names = [question.base.name, *(policy.name for policy in question.policies)]
    words = "-".join(["compare", *names[:3], question.outcome, f"seed{question.seed}"])
    return f"{re.sub(r'[^a-zA-Z0-9_.-]+', '-', words)}-{fingerprint(dict(wanted))[:SHORT]}"


def _answer(comparison: Comparison, flips: list[Flips]) -> dict[str, Any]:
    """Return what came out, but for the mechanisms."""
    question = comparison.question
    return {
        "outcome": DECLARED[question.outcome]._asdict(),
        "error": ERROR,
        "error_each": question.error,
        "results": comparison.rows,
        "failures": comparison.failures,
        "flips": [each._asdict() | {"found": _as_found(each.found)} for each in flips],
    }


def _as_found(found: Estimate) -> dict[str, float]:
    return {"mean": found.value, "low": found.low, "high": found.high}


def _all_differences(comparison: Comparison) -> Columns:
    """Return a row a policy and replicate: policy less base in every outcome."""
    names = [policy.name for policy in comparison.question.policies]
    parts = [difference_columns(comparison, name) for name in names]
    places = np.repeat(np.arange(len(names)), [len(part["replicate"]) for part in parts])
    columns: Columns = {"policy": Words(places, names)}
    return columns | {key: np.concatenate([part[key] for part in parts]) for key in parts[0]}


def told_of(record: Record) -> dict[str, Any]:
    """Return all that is told of a comparison: what was asked, and what came out."""
    return record.answer | {
        "fingerprint": record.fingerprint,
        "asked": record.asked,
        "scenarios": record.question["scenarios"],
    }


def show(found: Stored, *, as_json: bool) -> int:
    """Write a comparison for people, or as one JSON value; return how many runs failed."""
    document = told_of(found.record)
    failed = len(document["failures"])
    if as_json:
        shown = ("failures", "fingerprint", "asked", "outcome", "error", "error_each", "results",
                 "flips", "mechanisms")  # fmt: skip
        say_json(
            {"folder": str(found.folder), "reused": found.reused}
            | {key: document[key] for key in shown}
        )
        return failed
    _say_failures(document["failures"])
    rows, outcome = document["results"], document["outcome"]
    scenarios = document["scenarios"]
    base = scenarios[0]["title"] or scenarios[0]["name"]
    say(f"{outcome['title']} ({outcome['unit']}) {_horizon(scenarios[0])}, against: {base}")
    for row in rows:
        say(row["in_words"])
        if "course" in row:  # a folder of a former form has none
            say(f"  {row['course_in_words']}")
            say(f"  {row['public']['in_words']}")
    say()
    _show_rows(rows)
    say(_how_to_read(document))
    for turned in document["flips"]:
        say()
        say(f"Which assumptions turn the answer about {turned['policy']}:")
        for sentence in turned["sentences"]:
            say(f"  {sentence}")
    for shared in document["mechanisms"]:
        say()
        say(f"By what mechanisms: {shared['policy']}")
        show_parts(shared, shared["parts"])
        for sentence in (shared["in_words"], *notes_in_words(shared, shared["parts"])):
            say(sentence)
    again = " (from an earlier run)" if found.reused else ""
    say(f"Stored in {shorten(found.folder)}{again}")
    return failed


def _horizon(document: Mapping[str, Any]) -> str:
    """Return the window that an answer is about: it may be another one in a longer one."""
    scenario = from_document(as_known(document))
    return f"after {period(scenario)} (to {month(scenario, scenario.quarters - 1)})"


def _say_failures(failures: list[dict[str, Any]]) -> None:
    if not failures:
        return
    say(f"{count(len(failures), 'run')} failed and are without a value. To repeat the first of "
        "them:")  # fmt: skip
    for each in failures[:FAILURES_SHOWN]:
        say(f"  {each['scenario']}, replicate {each['replicate']}: {each['error']}")
        print(f"    {each['repeat']}")


def _show_rows(rows: list[dict[str, Any]]) -> None:
    columns = {
        "Policy": "left", "By": "right", "Interval": "right", "Up/same/down": "right",
        "Runs": "right", "Runs apart": "right", "Corr.": "right",
    }  # fmt: skip
    show_table("", columns, [_cells(row) for row in rows])


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    some = {key: math.nan if value is None else value for key, value in row.items()}
    apart = some["independent"]
    return (
        row["policy"],
        number(some["difference"]),
        interval(some["low"], some["high"]),
        "/".join(
            "-" if row[key] is None else f"{row[key]:.0%}" for key in ("higher", "equal", "lower")
        ),
        f"{row['replicates']:,}",
        f"{apart:,.0f}" if math.isfinite(apart) else "-",
        f"{some['correlation']:.2f}" if math.isfinite(some["correlation"]) else "-",
    )


def _how_to_read(document: Mapping[str, Any]) -> str:
    policies = len(document["results"])
    share = f", shared out over {policies} policies (Bonferroni)" if policies > 1 else ""
    rare = unseen(min(row["replicates"] for row in document["results"]))
    missing = sum(row["without_value"] for row in document["results"])
    gone = f" {count(missing, 'replicate')} without a value left out." if missing else ""
    return (
        f"Interval: right at every look with {1 - document['error']:.0%}{share}, but for what is "
        f"rarer than one replicate in {rare:,} and may not have happened yet. Up/same/down: "
        "replicates in which the policy is higher than, equal to and lower than the base. Runs "
        "apart: how many replicates separate seeds would have needed to be as sure. Corr.: how "
        f"alike the two are on the same luck.{gone}"
    )
