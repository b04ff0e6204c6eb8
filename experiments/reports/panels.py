"""The figures of a sensitivity analysis: how much is luck, and what each factor does."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from matplotlib.figure import Figure

from ...sim.declared.scenario import Scenario
from .. import figures
from ..figures.frame import Note, name_quarter
from ..figures.sensitivity import draw_convergence, draw_effects, draw_luck
from ..sensitivity.analysis import Analysis, Outcome
from ..sensitivity.resampling import RESAMPLES
from ..stored.folder import FIGURES
from ..stored.reading import stored_scenario
from ..studies.plan import AS_IT_IS
from ..studies.store import Study
from .words import DESIGNS

NAMES = {
    "total": "total index: share of the variance that the factor has a part in",
    "mu_star": "mean size of the effect of a step over the whole range",
    "share": "share of the variance that is luck",
}
TITLES = {"saltelli": "What has a part in it", "morris": "What moves it"}
DUMMY_NAME = "dummy: nothing but luck"
PERCENT = f"95% intervals by bootstrap ({RESAMPLES:,} resamples) over points and replicates"
DUMMY = (
    "Dummy: a factor that changes nothing but the luck. A factor is told apart from noise when its "
    "interval lies above the dummy's."
)


def illustrate_sensitivity(study: Study, analyses: Sequence[Analysis], folder: Path) -> None:
    """Draw what was found into the folder of figures of a folder."""
    note, count = note_of(study), describe(study)
    drawn: dict[str, Figure] = {}
    shares = {label(a.outcome): a.luck for a in analyses if a.luck is not None}
    if shares:
        drawn["luck"] = draw_luck(shares, note, about=count)
    for analysis in analyses:
        drawn |= _of_outcome(analysis, note, count)
    figures.write(drawn, folder / FIGURES)


def _of_outcome(analysis: Analysis, note: Note, count: str) -> dict[str, Figure]:
    outcome, found = analysis.outcome, {}
    key, name = analysis.measured, outcome.column
    names = [finding.factor for finding in analysis.findings]
    unit = f" ({outcome.unit})" if key == "mu_star" else ""
    about = f"{count} {PERCENT}."
    note = note._replace(title=f"{label(outcome)}. {note.title}")
    if names:
        found[f"effects_{name}"] = draw_effects(
            names,
            [finding.indices[key] for finding in analysis.findings],
            analysis.dummy[key],
            [finding.told for finding in analysis.findings],
            note,
            title=TITLES[analysis.method],
            measured=NAMES[key] + unit,
            about=f"{about} {DUMMY}",
        )
    if len(analysis.steps) > 1:
        found[f"convergence_{name}"] = draw_convergence(
            [*names, DUMMY_NAME] if names else ["share of luck"],
            [*(finding.told for finding in analysis.findings), False] if names else [True],
            analysis.steps,
            note,
            measured=NAMES[key].split(":")[0] + unit,
            size=analysis.grows,
            about=f"{about} Bands: the same intervals for a part of the study.",
        )
    return found


def label(outcome: Outcome) -> str:
    """Return an outcome's title; of a difference, what it is."""
    return f"{outcome.title}, difference" if outcome.difference else outcome.title


def scenario_of(study: Study) -> Scenario:
    """Return the scenario that a study was made with: as it is stored, not its file of today."""
    return stored_scenario(study.folder, study.ground["scenarios"][AS_IT_IS])


def note_of(study: Study) -> Note:
    """Return what was run, for the note beneath a figure."""
    scenario = scenario_of(study)
    last = scenario.first_day(scenario.quarters - 1)
    plan = study.plan
    return Note(plan.title or plan.name, plan.replicates, plan.seed, scenario.start, last)


def describe(study: Study) -> str:
    """Return period, numbers of points and replicates, and the seed."""
    note, plan, shard = note_of(study), study.plan, study.shard
    period = f"{name_quarter(note.first)} to {name_quarter(note.last)}"
    lucks = f"replicates 0 to {plan.replicates - 1} of seed {plan.seed} at each"
    if study.lucks > 1:
        worlds = study.over_worlds["worlds"]
        lucks += (
            f", in {plan.replicates // study.lucks} worlds of “{worlds['ensemble']}”, so that "
            "intervals are over luck and worlds"
        )
    share = "" if shard is None else f"; only share {shard[0]} of {shard[1]} of these runs"
    points = f"{len(study.points):,} points, {DESIGNS[plan.design.kind]}"
    return f"{period}; {points}; {lucks}{share}."
