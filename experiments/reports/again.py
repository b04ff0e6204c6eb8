"""How a result is made again: the command as one types it, from what the result itself says."""

from __future__ import annotations

import shlex
from pathlib import Path

from ..comparing.asking import ensemble_typed
from ..ensembles.ensemble import NONE
from ..stored.record import Record
from ..studies.finding import on, shipped_plans
from ..studies.plan import KEYS, Plan
from ..studies.store import Study
from ..words import as_typed, exact

COUNCILS = ("councils", "councils.exe", "__main__.py")
"""How the first word of a command of this program may be stored."""
SAME = (
    "The same command with the same program and data gives the same numbers, bit for bit, on any "
    "number of workers."
)


def words_after(command: str, *names: str) -> list[str] | None:
    """Return the words of a stored command of this program; None if it is none, or another one."""
    try:
        words = shlex.split(command)
    except ValueError:
        return None
    known = len(words) > 1 and words[0] in COUNCILS and words[1] in names
    return words[1:] if known else None


def of_study(study: Study, *, analysed: bool) -> tuple[list[str], str]:
    """Return the commands that make a study again as it is now, and what is to be known of them.

    They are made from its plan and its size: it may have been begun smaller, in shards, or from
    Python.
    """
    plan, stored = study.plan, str(study.record.made["command"])
    words = words_after(stored, "sweep", "sensitivity")
    file, over = _plan_of(plan, words or [])
    size = ["--replicates", str(plan.replicates)]
    if "points" in KEYS[plan.design.kind]:
        size += ["--points", str(plan.design.points)]
    shard = study.shard
    share = [] if shard is None else ["--shard", f"{shard[0]}/{shard[1]}"]
    commands = [as_typed(["councils", "sweep", file, *over, *size, *share])]
    if analysed:
        commands.append(as_typed(["councils", "sensitivity", file, *over]))
    note = f"{file} is the plan; {study.record.file} holds all that it says. "
    if words is None:
        note += "The study was begun in another way (from Python, or by another command). "
    if study.gone_on:
        return commands, note + (
            "But this study was gone on with after code, data or libraries had changed, so no one "
            "command gives exactly these numbers."
        )
    return commands, note + SAME


def _plan_of(plan: Plan, words: list[str]) -> tuple[str, list[str]]:
    """Return how a plan was named, and the words that lay it over another scenario."""
    over = [] if plan.written is None else ["--scenario", plan.scenario]
    own = plan.name if plan.written is None else plan.name.removesuffix(on(plan.scenario))
    if own in words or (shipped_plans().get(own) or Path()).parent == Path(plan.folder):
        return own, over
    file = f"{own}.toml"
    return next((word for word in words if word.endswith(file)), file), over


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
