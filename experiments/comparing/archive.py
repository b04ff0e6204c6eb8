"""Comparisons in folders: stored whole, found again when the same is asked, and shown."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from ...sim.declared.scenario import from_document
from ...sim.errors import InputError
from ...sim.identity import code_fingerprint, data_hashes
from ...sim.ready.kept import prepared
from ..estimates import ERROR, Estimate
from ..executors.ordered import Hands
from ..explaining.explain import first_quarter
from ..explaining.parts import Parts, over_in_words
from ..explaining.shares import shares_over
from ..stored.already import here_already
from ..stored.asked import RESULTS, SHORT, fingerprint, user_tables
from ..stored.assembly import assembled, cannot_write
from ..stored.belonging import DIFFERENCES
from ..stored.folder import describe_files
from ..stored.former import as_known
from ..stored.provenance import provenance
from ..stored.record import Kind, Record, write_record
from ..stored.tables import write_table
from ..summary import DECLARED
from ..terminal import Watch
from ..words import number, unit_words
from ..worlds import beyond_in_words
from .asking import Card, Question
from .compare import Comparison, answer
from .differences import all_differences
from .flips import Flips, find_flips

FORMAT = "council-partnering comparison 6"
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
    return {
        "format": FORMAT,
        **named(question),
        "outcome": question.outcome,
        "matters": question.matters,
        "budget": question.budget,
        "block": question.block,
        "seed": question.seed,
        "insist": question.insist,
        "flips": besides.flips,
        "mechanisms": besides.mechanisms,
        **worlds_told(question),
        **ruled(question),
    }


def named(question: Question | Card) -> dict[str, Any]:
    """Return which scenarios are compared, each with a hash of all that decides its results."""
    return {
        "base": {question.base.name: question.base.fingerprint()},
        "policies": {each.name: each.fingerprint() for each in question.policies},
    }


def ruled(question: Question | Card) -> dict[str, Any]:
    """Return the code and the data that decide what comes out."""
    scenarios = (question.base, *question.policies)
    tables = {name: text for each in scenarios for name, text in user_tables(each).items()}
    return {"code": code_fingerprint(), "data": data_hashes() | tables}


def worlds_told(question: Question | Card) -> dict[str, Any]:
    """Return in which worlds scenarios are compared; nothing where at the numbers declared."""
    return {} if question.worlds is None else {"worlds": question.worlds.told()}


def in_full(question: Question | Card) -> dict[str, Any]:
    """Return the scenarios in full, and what was laid over all of them to make them so."""
    return {
        "scenarios": [each.document() for each in (question.base, *question.policies)],
        "sets": list(question.typed.sets),
        "quarters": question.typed.quarters,
        **({} if question.worlds is None else {"ensemble": question.worlds.ensemble.file}),
    }


def made_with(workers: int, started: datetime, clock: float) -> dict[str, Any]:
    """Return with what a result was made, and how long that took since a reading of the clock."""
    return provenance() | {
        "workers": workers,
        "started": started.isoformat(timespec="seconds"),
        "seconds": round(time.perf_counter() - clock, 3),
    }


def stored_before(target: Path, kind: Kind, wanted: Mapping[str, Any]) -> Stored | None:
    """Return what stands at a place if it is the same result, None where nothing does.

    Raises:
        InputError: the place is taken by something else, or cannot be written.
    """
    try:
        found = here_already(target, kind, wanted, ADVICE)
    except OSError as error:
        raise cannot_write(target, error) from None
    return None if found is None else Stored(target, found, reused=True)


def stored(
    question: Question, besides: Besides | None = None, *, watch: Watch | None = None
) -> Stored:
    """Return a comparison from its folder, run and stored now unless it is there already.

    Raises:
        InputError: the place is taken by something else, or cannot be written.
    """
    besides = besides or Besides()
    wanted = asked(question, besides)
    target = (besides.out or RESULTS / folder_name(question, question.outcome, wanted)).resolve()
    found = stored_before(target, "comparison", wanted)
    if found is not None:
        return found
    with assembled(target) as folder:
        started, clock = datetime.now(UTC), time.perf_counter()
        comparison = answer(question, hands=besides.hands, watch=watch)
        turned = [
            find_flips(question, policy, hands=besides.hands, watch=watch)
            for policy in (question.policies if besides.flips else ())
        ]
        differences = all_differences(question.base, question.policies, comparison.finals)
        write_table(differences, folder / DIFFERENCES)
        found_out = _answer(comparison, turned)
        found_out["mechanisms"] = _mechanisms(comparison, besides, watch)
        record = write_record(folder, Record(
            "comparison", wanted, made_with(besides.hands.workers, started, clock),
            in_full(question), found_out, describe_files(folder),
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
        many = min(besides.mechanisms, row["replicates"]) // question.lucks * question.lucks
        if not many:
            continue
        runs = [(question.seed, replicate) for replicate in range(many)]
        pair = prepared(question.base), prepared(policy)
        parts, why = None, ""
        try:
            parts = shares_over(
                pair, question.outcome, first_quarter(*pair), runs,
                hands=besides.hands, watch=watch, worlds=question.worlds,
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
    over = over_in_words(parts, unit_words(DECLARED[question.outcome].unit), runs)
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


def folder_name(question: Question | Card, about: str, wanted: Mapping[str, Any]) -> str:
    """Return the name of the folder of a question, unless another one is asked for."""
    names = [question.base.name, *(policy.name for policy in question.policies)]
    words = "-".join(["compare", *names[:3], about, f"seed{question.seed}"])
    return f"{re.sub(r'[^a-zA-Z0-9_.-]+', '-', words)}-{fingerprint(dict(wanted))[:SHORT]}"


def _answer(comparison: Comparison, flips: list[Flips]) -> dict[str, Any]:
    """Return what came out, but for the mechanisms."""
    question = comparison.question
    return {
        "outcome": DECLARED[question.outcome]._asdict(),
        "error": ERROR,
        "error_each": question.error,
        "results": comparison.rows,
        "ranking": comparison.ranking,
        "failures": comparison.failures,
        "flips": [each._asdict() | {"found": _as_found(each.found)} for each in flips],
    }


def _as_found(found: Estimate) -> dict[str, float]:
    return {"mean": found.value, "low": found.low, "high": found.high}


def told_of(record: Record) -> dict[str, Any]:
    """Return all that is told of a comparison: what was asked, and what came out."""
    return record.answer | {
        "fingerprint": record.fingerprint,
        "asked": record.asked,
        "scenarios": record.question["scenarios"],
        "sets": record.question.get("sets", []),
        "beyond": beyond_in_words(
            record.asked.get("worlds"), from_document(as_known(record.question["scenarios"][0]))
        ),
    }
