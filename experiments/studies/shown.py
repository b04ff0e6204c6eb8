"""What the commands about studies show: failures first, then a table, then where it all is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...sim.declared.reading import parse
from ..summary import DECLARED, summarise
from ..terminal import say, say_json, show_table
from ..words import as_typed, count, interval, number, shorten
from .again import sweep_typed
from .finding import shipped_plans
from .idle import idle_of, idle_words
from .outlook import outlook
from .plan import Plan
from .store import Study, left, open_study, survey

if TYPE_CHECKING:
    import pandas as pd

    from ...sim.proof import Proven
    from .verify import Checked

FAILURES_SHOWN = 3
HARMS_SHOWN = 5
MINUTE, HOUR = 60.0, 3600.0
MARK_SHOWN, MARK_PART = 16, 4


def show_plans(*, as_json: bool) -> None:
    """Write the plans of the project: what each is about and over which scenario."""
    trees = {name: parse(path) for name, path in shipped_plans().items()}
    rows = [
        {"name": name, "title": tree["title"], "about": tree["about"],
         "scenario": tree["scenario"], "scenario_file": _own_scenario(name, tree["scenario"]),
         "design": tree["design"]["kind"]}
        for name, tree in trees.items()
    ]  # fmt: skip
    if as_json:
        say_json(rows)
        return
    columns = {"Name": "word", "Scenario": "word", "What it asks": "left"}
    cells = [
        (
            row["name"],
            f"{Path(row['scenario']).stem}{' *' if row['scenario_file'] else ''}",
            f"{row['title']}\n{row['about']}",
        )
        for row in rows
    ]
    show_table("Plans", columns, cells)
    say("Run one with: councils sensitivity NAME, or over another scenario with --scenario.")
    for file in filter(None, (row["scenario_file"] for row in rows)):
        say("* A scenario that comes with its plan and has no name of its own. By itself:")
        print(f"  {as_typed(['councils', 'run', shorten(Path(file))])}")


def _own_scenario(plan: str, scenario: str) -> str | None:
    """Return the file of a scenario that comes with a plan; None where the project names it."""
    if not scenario.endswith(".toml"):
        return None
    return str((shipped_plans()[plan].parent / scenario).resolve())


def show_study(study: Study, *, as_json: bool) -> int:
    """Show what came of a study and return how many of its runs failed."""
    names = study.plan.outcomes
    failures, runs = study.failures, study.read(["point", "replicate", *names])
    missing = 0 if study.finished else len(left(study, survey(study)))
    idle = idle_of(study)
    summary = summarise({name: runs[name] for name in names}, names)
    if as_json:
        say_json({
            "folder": str(study.folder),
            "failed": len(failures),
            "runs": len(runs),
            "missing": missing,
            "copied": study.copied,
            "points": study.size,
            "replicates": study.plan.replicates,
            "shard": study.shard,
            "failures": failures.head(FAILURES_SHOWN).to_dict("records"),
            "idle": [*idle.everywhere, *idle.here],
            "idle_everywhere": idle.everywhere,
            "outcomes": summary,
        })  # fmt: skip
        return len(failures)
    _say_failures(study, failures, len(runs))
    columns = {
        "At the end of a run": "left", "Mean": "right", "Middle 90% of all runs": "right",
        "Unit": "word",
    }  # fmt: skip
    rows = [
        (row["title"], number(row["mean"]), interval(row["q05"], row["q95"]), row["unit"])
        for row in summary
    ]
    show_table("", columns, rows)
    if study.reused:
        say("These runs were made before; they were not run again.")
    for sentence in idle_words(idle):
        say(sentence)
    if study.copied:
        say(copied_words(study.copied))
    _say_what_is_lacking(study, missing)
    say(
        f"{count(len(runs), 'run')} at {count(study.size, 'point')}: "
        f"{shorten(study.folder.resolve())}"
    )
    return len(failures)


def _say_what_is_lacking(study: Study, missing: int) -> None:
    """Say which runs are still to be done, and that a share is no whole."""
    if missing:
        go_on = as_typed([*sweep_typed(study), "--out", str(study.folder)])
        say(f"{count(missing, 'run')} still to be done: {go_on}")
    if study.shard is not None:
        say(
            f"This is share {study.shard[0]} of {study.shard[1]} and tells nothing of the whole: "
            "join all shares with councils merge."
        )


def copied_words(copied: int) -> str:
    """Return how many runs were not lived since others are the same."""
    were = "was copied from its equal" if copied == 1 else "were copied from their equals"
    return f"{count(copied, 'run')} of points that equal others {were} instead of lived again."


def _say_failures(study: Study, failures: pd.DataFrame, runs: int) -> None:
    if failures.empty:
        say(f"No run failed, of {runs:,}.")
        return
    say(f"{len(failures):,} of {count(runs, 'run')} failed. To repeat the first of them:")
    names = [factor.name for factor in study.plan.factors]
    for row in failures.head(FAILURES_SHOWN).to_dict("records"):
        say(f"  {row['error']} ({', '.join(f'{name} = {row[name]}' for name in names)})")
        print(f"    {row['repeat']}")


def show_outlook(plan: Plan, *, workers: int, shard: tuple[int, int] | None, as_json: bool) -> None:
    """Show how many runs a plan has, how long they would take and how large they would be."""
    found = outlook(plan, workers=workers, shards=1 if shard is None else shard[1])
    if as_json:
        say_json(found._asdict())
        return
    where = "" if shard is None else f" in shard {shard[0]} of {shard[1]}"
    say(
        f"{count(found.points, 'point')}, {count(found.replicates, 'replicate')} each: "
        f"{count(found.runs, 'run')}{where}."
    )
    if found.lived < found.runs:
        say(f"Of these {found.lived:,} are lived; the others are of points that equal theirs.")
    say(
        f"About {_duration(found.seconds)} with {count(workers, 'worker')} "
        f"({1000 * found.seconds_a_run:.1f} ms a run, by trying some), "
        f"and about {found.megabytes:,.1f} MB."
    )
    say("Nothing was written.")


def _duration(seconds: float) -> str:
    if seconds < 2 * MINUTE:
        return f"{seconds:.0f} seconds"
    if seconds < 2 * HOUR:
        return f"{seconds / MINUTE:.0f} minutes"
    return f"{seconds / HOUR:.1f} hours"


def show_verdict(verdict: Checked, *, as_json: bool) -> bool:
    """Show what came of living runs again, and return whether all had the same bits."""
    if as_json:
        differing = [each._asdict() for each in verdict.differing]
        say_json(verdict._asdict() | {"differing": differing})
        return verdict.whole
    if not verdict.differing:
        say(f"{count(verdict.checked, 'run')} lived again: every bit is as it is stored.")
    else:
        say(f"{len(verdict.differing)} of {count(verdict.checked, 'run')} lived again differ.")
        first = verdict.differing[0]
        say(f"The first: point {first.point}, replicate {first.replicate}, in {first.columns[0]}"
            f" and {len(first.columns) - 1} other outcomes.")  # fmt: skip
        print(f"  {first.repeat}")
    if verdict.changed:
        say(f"Made by other rules: since it was stored, {', '.join(verdict.changed)} changed.")
    if verdict.edited:
        files = ", of ".join(verdict.edited)
        say(
            f"The file of {files} says something else by now. The study lives the copy that it "
            "keeps; a new one of this plan would have other runs."
        )
    if verdict.differing and not verdict.changed:
        say("Code, data, scenario and libraries are what they were: suspect the stored files, or "
            "another kind of processor.")  # fmt: skip
    _say_harm(verdict)
    return verdict.whole


def _say_harm(verdict: Checked) -> None:
    """Say what is not there, or not as it was written."""
    for harm in verdict.harmed[:HARMS_SHOWN]:
        say(f"Harmed: {harm}.")
    if verdict.harmed and verdict.missing:
        say("Run councils sweep on its plan again: it goes on from what is whole.")
    elif verdict.harmed:
        say("All runs are there all the same; councils sweep on its plan makes anew what is gone, "
            "and a harmed part may be deleted.")  # fmt: skip
    if verdict.missing:
        say(f"{count(verdict.missing, 'run')} of its plan are not there: councils sweep adds them.")


def show_proof(verdict: Proven, *, as_json: bool) -> bool:
    """Show what came of living the run of a shared file again; return whether it has its bits."""
    proof = verdict.proof
    if as_json:
        say_json({"same": verdict.same, "changed": verdict.changed} | proof.model_dump())
        return verdict.same
    run = f"seed {proof.seed}, replicate {proof.replicate}"
    if verdict.same:
        say(f"The run of this file, {run}, lived again: every bit is as the file says.")
    else:
        say(f"The run of this file, {run}, lived again, differs from what the file says.")
    if verdict.changed:
        changed = ", ".join(verdict.changed)
        say(f"Made by other rules: since the file was written, {changed} changed.")
    elif not verdict.same:
        say("Scenario, code and data are what they were: suspect the file's proof, or another "
            "kind of processor.")  # fmt: skip
    return verdict.same


def show_link(verdict: Any, *, as_json: bool) -> bool:
    """Show what came of living the run of a link twice; return whether both have the same bits."""
    if as_json:
        say_json(verdict._asdict())
        return bool(verdict.same)
    run = f"seed {verdict.seed}, replicate {verdict.replicate}"
    ways = "as the page lives it and from its scenario file"
    if not verdict.same:
        say(f"The run of this link, {run}, differs {ways}: report it as a fault of the program.")
        return False
    say(f"The run of this link, {run}, lived {ways}: the same to every bit.")
    for side, bits in verdict.bits.items():
        shown = " ".join(bits[k : k + MARK_PART] for k in range(0, MARK_SHOWN, MARK_PART))
        say(f"Mark of side {side.upper()}: {shown}")
    say("Somebody else's computer has the same run if it shows the same marks for the same link.")
    return True


def show_run(folder: Path, outcomes: dict[str, Any], *, as_json: bool) -> None:
    """Show the outcomes of one run."""
    if as_json:
        say_json(outcomes)
        return
    for name, value in outcomes["factors"].items():
        say(f"{name} = {value}")
    names = open_study(folder).plan.outcomes
    columns = {"At the end of the run": "left", "Value": "right", "Unit": "word"}
    rows = [(DECLARED[n].title, number(outcomes[n]), DECLARED[n].unit) for n in names]
    show_table("", columns, rows)
