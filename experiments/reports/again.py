"""How a result is made again: the command as one types it, from what the result itself says."""

from __future__ import annotations

import shlex

from ..comparing.asking import ensemble_typed
from ..ensembles.ensemble import NONE
from ..stored.record import Record
from ..studies.again import begun_by, plan_typed, sweep_typed, words_after
from ..studies.store import Study
from ..words import as_typed, exact

SAME = (
    "The same command with the same program and data gives the same numbers, bit for bit, on any "
    "number of workers."
)


def of_study(study: Study, *, analysed: bool) -> tuple[list[str], str]:
    """Return the commands that make a study again as it is now, and what is to be known of them.

    They are made from its plan and its size: it may have been begun smaller, in shards, or from
    Python.
    """
    file, *over = plan_typed(study)
    commands = [as_typed(sweep_typed(study))]
    if analysed:
        commands.append(as_typed(["councils", "sensitivity", file, *over]))
    note = f"{file} is the plan; {study.record.file} holds all that it says. "
    if begun_by(study) is None:
        note += "The study was begun in another way (from Python, or by another command). "
    if study.gone_on:
        return commands, note + (
            "But this study was gone on with after code, data or libraries had changed, so no one "
            "command gives exactly these numbers."
        )
    return commands, note + SAME


def of_comparison(record: Record) -> tuple[list[str], str]:
    """Return the command that makes a comparison again, and what is to be known of it."""
    asked = record.asked
    words = ["--outcome", asked["outcome"], "--matters", exact(asked["matters"])]
    keys = ("budget", "block", "seed") if asked.get("insist", True) else ("block", "seed")
    for key in keys:
        words += [f"--{key}", str(asked[key])]
    words += ["--flips"] if asked["flips"] else []
    words += ["--mechanisms", str(asked["mechanisms"])] if asked["mechanisms"] else []
    return _compared(record, words, "comparison")


def of_scorecard(record: Record) -> tuple[list[str], str]:
    """Return the command that makes a scorecard again, and what is to be known of it."""
    asked, words = record.asked, ["--seed", str(record.asked["seed"])]
    words += ["--outcome", asked["outcomes"][0]] if len(asked["outcomes"]) == 1 else []
    words += ["--budget", str(asked["replicates"])] if asked["insist"] else []
    return _compared(record, words, "scorecard")


def _compared(record: Record, options: list[str], what: str) -> tuple[list[str], str]:
    command, asked, question = str(record.made["command"]), record.asked, record.question
    if words := words_after(command, "compare"):
        over = [] if "--ensemble" in words or "worlds" in asked else ["--ensemble", NONE]
        return [as_typed(["councils", *words, *over])], SAME
    words = ["councils", "compare", *asked["base"], *asked["policies"], *options]
    for text in question.get("sets", ()):
        words += ["--set", text]
    if question.get("quarters") is not None:
        words += ["--quarters", str(question["quarters"])]
    words += ensemble_typed(question.get("ensemble") or asked.get("worlds", {}).get("ensemble"))
    note = f"The {what} was made from Python; of a policy in a file of its own, give the path. "
    return [as_typed(words)], note + SAME


def of_run(record: Record, name: str) -> tuple[list[str], str]:
    """Return the command that makes the runs of a scenario again."""
    command, asked = str(record.made["command"]), record.asked
    if words_after(command, "run"):
        return [_plain(command)], SAME
    words = ["councils", "run", name, "--seed", str(asked["seed"]), "--runs", str(asked["runs"])]
    words += ["--ensemble", record.question["ensemble"]] if "worlds" in asked else []
    note = (
        "The runs were made from Python; of a scenario in a file of its own, give the path, and "
        "any numbers that were changed there. "
    )
    return [as_typed(words)], note + SAME


def _plain(command: str) -> str:
    return as_typed(["councils", *shlex.split(command)[1:]])
