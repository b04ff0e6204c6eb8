"""How a study is begun and gone on with: the command as one types it, from what the study says."""

from __future__ import annotations

import shlex
from itertools import pairwise
from pathlib import Path

from .finding import on, shipped_plans
from .plan import KEYS
from .store import Study

COUNCILS = ("councils", "councils.exe", "__main__.py")
"""How the first word of a command of this program may be stored."""


def words_after(command: str, *names: str) -> list[str] | None:
    """Return the words of a stored command of this program; None if it is none, or another one."""
    try:
        words = shlex.split(command)
    except ValueError:
        return None
    known = len(words) > 1 and words[0] in COUNCILS and words[1] in names
    return words[1:] if known else None


def begun_by(study: Study) -> list[str] | None:
    """Return the words of the command that began a study; None if it was begun in another way."""
    return words_after(str(study.record.made["command"]), "sweep", "sensitivity")


def sweep_typed(study: Study) -> list[str]:
    """Return, word by word, the command that runs a study or its share as it is now.

    Only the folder is not named.
    """
    plan, size = study.plan, ["--replicates", str(study.plan.replicates)]
    if "points" in KEYS[plan.design.kind]:
        size += ["--points", str(plan.design.points)]
    shard = study.shard
    share = [] if shard is None else ["--shard", f"{shard[0]}/{shard[1]}"]
    return ["councils", "sweep", *plan_typed(study), *size, *share]


def plan_typed(study: Study) -> list[str]:
    """Return how the plan of a study was named, with its other scenario and its other worlds."""
    plan, words = study.plan, begun_by(study) or []
    over = [] if plan.written is None else ["--scenario", plan.scenario]
    over += [word for pair in pairwise(words) if pair[0] == "--ensemble" for word in pair]
    own = plan.name if plan.written is None else plan.name.removesuffix(on(plan.scenario))
    if own in words or (shipped_plans().get(own) or Path()).parent == Path(plan.folder):
        return [own, *over]
    file = f"{own}.toml"
    return [next((word for word in words if word.endswith(file)), file), *over]
