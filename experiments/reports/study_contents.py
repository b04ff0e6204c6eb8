"""What the report of a study says, with what its sensitivity analysis found, if there was one."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from experiments import figures
from experiments.figures.sensitivity import words
from experiments.reports.contents import (
    FIGURE,
    NAME,
    TEXT,
    Contents,
    Picture,
    Table,
    assumptions,
    made_of,
    typed,
)
from experiments.reports.panels import describe, illustrate_levels, label
from experiments.runs.folder import FIGURES
from experiments.runs.headline import count, period
from experiments.runs.show import interval, number
from experiments.sensitivity.analysis import Outcome, clusters_of, outcomes_of, stored_sensitivity
from experiments.sensitivity.indices import luck_share
from experiments.sensitivity.levels import MOST_LEVELS, Level, levels
from experiments.studies.factors import DECLARED
from experiments.studies.plan import Factor
from experiments.studies.policies import base_scenario
from experiments.studies.store import Study, open_study
from sim.whole import write_whole

GRIDS = ("grid",)
"""Designs in which every level of a factor meets the same levels of the others."""
SHOWN_FAILURES = 10
INTERVALS = (
    " Intervals are 95%: of means and their changes by Student's t over the replicates, of shares "
    "and indices by bootstrap."
)
INDICES = {
    "first": "First-order", "total": "Total", "mu": "mu (mean effect)",
    "mu_star": "mu* (mean size)", "sigma": "sigma (spread)",
}  # fmt: skip
HOW_TO_READ = {
    "saltelli": (
        "First-order: share of what the factors explain that this factor explains alone; total: "
        "with all its interplays. Luck left in the means has been taken out by multiplying only "
        "different replicates with each other, so small values may fall below 0."
    ),
    "morris": (
        "mu: mean effect of a step over the whole range; mu*: of its size; sigma: how much it "
        "differs with the other factors and by luck. Factors of listed values have no direction."
    ),
}


def contents_of_study(folder: Path) -> Contents:
    """Return the report of a study.

    Raises:
        InputError: it is not finished, or has grown since its sensitivity was analysed.
    """
    study = open_study(folder)
    outcomes = outcomes_of(study)
    found = stored_sensitivity(study)
    scenario, plan = base_scenario(study.plan), study.plan
    by_level = {o.column: _levels_of(study, o) for o in outcomes}
    varied = {factor.name: _range_of(factor) for factor in plan.factors}
    first, rest = assumptions(scenario, varied)
    return Contents(
        kind="a study" if found is None else "a study and its sensitivity",
        title=plan.title or plan.name,
        about=plan.about,
        failures=_failures(study),
        question=_question(study),
        answer=_answer(study, outcomes, by_level, found),
        basis=describe(study) + INTERVALS,
        tables=_tables(study, outcomes, by_level, found),
        pictures=_pictures(study, outcomes, by_level, found),
        assumed=first,
        defaults=rest,
        commands=[typed(study.about["command"])],
        made=made_of(study.about, {
            "Fingerprint of the study": study.about["id"],
            "Fingerprint of its runs": study.about["finished"]["sha256"],
            "Fingerprint of the code": study.about["fingerprints"]["code"],
            **{f"Scenario, policy {Path(name).stem}": text
               for name, text in study.about["fingerprints"]["scenarios"].items()},
        }),
    )  # fmt: skip


def _failures(study: Study) -> list[str]:
    failed = study.about["finished"]["failed"]
    if not failed:
        return []
    table = study.failures
    lines = [
        f"Point {row.point}, replicate {row.replicate}: {row.error}. Repeat it with: {row.repeat}"
        for row in table.head(SHOWN_FAILURES).itertuples()
    ]
    total = study.about["finished"]["runs"]
    opening = f"{failed:,} of {count(total, 'run')} failed. They are in no number below."
    more = [f"And {failed - SHOWN_FAILURES:,} more."] if failed > SHOWN_FAILURES else []
    return [opening, *lines, *more]


def _question(study: Study) -> str:
    plan, scenario = study.plan, base_scenario(study.plan)
    levers = ", ".join(factor.name for factor in plan.levers)
    unsure = ", ".join(factor.name for factor in plan.uncertainties)
    asked = [f"what somebody decides ({levers})"] if levers else []
    asked += [f"what nobody knows ({unsure})"] if unsure else []
    policy = f", and with the policy {Path(plan.difference).stem}" if plan.difference else ""
    return (
        f"What changes with {' and '.join(asked)} in the scenario “{scenario.title}”{policy}, over "
        f"{period(scenario)}?"
    )


def _range_of(factor: Factor) -> str:
    if factor.values:
        text = ", ".join(_level(value) for value in factor.values)
    else:
        text = f"{factor.low:g} to {factor.high:g}"
    return text + (f" from {factor.since}" if factor.since else "")


def _level(value: object) -> str:
    """Return a level as one reads it: of a file, its name."""
    return Path(value).stem if isinstance(value, str) else words(value)


def _levels_of(study: Study, outcome: Outcome) -> dict[str, list[Level]]:
    """Return an outcome at each level of each factor that has a few, in a grid."""
    if study.plan.design.kind not in GRIDS or outcome.dropped:
        return {}
    points = study.points
    found = {
        factor.name: levels([_plain(each) for each in points[factor.name]], outcome.values)
        for factor in study.plan.factors
        if 1 < points[factor.name].nunique() <= MOST_LEVELS
    }
    return found


def _plain(value: Any) -> Any:
    return Path(value).stem if isinstance(value, str) else float(value)


def _answer(
    study: Study,
    outcomes: list[Outcome],
    by_level: Mapping[str, dict[str, list[Level]]],
    found: Mapping[str, Any] | None,
) -> list[str]:
    said = []
    for outcome in outcomes:
        said += _best_level(outcome, by_level[outcome.column])
    for each in (found or {}).get("outcomes", []):
        said += ranking(each)
    return said or [_luck_in_words(study, outcome) for outcome in outcomes]


def _best_level(outcome: Outcome, factors: Mapping[str, list[Level]]) -> list[str]:
    """Return which change of level moves an outcome most, and by how much."""
    changes = [
        (level.change, name, found[0].level, level)
        for name, found in factors.items()
        for level in found[1:]
        if level.change is not None
    ]
    if not changes:
        return []
    change, name, first, level = max(changes, key=lambda each: abs(each[0].value))
    shown = f"{name} = {words(level.level)}", f"{words(first)}"
    if outcome.difference:
        mean = level.mean
        return [
            f"{label(outcome)} (policy less scenario): {number(mean.value)} {outcome.unit} "
            f"({interval(mean.low, mean.high)}) with {shown[0]}; "
            f"{_by(change.value, change.low, change.high)} than with {shown[1]}."
        ]
    return [
        f"{outcome.title}: with {shown[0]}, {_by(change.value, change.low, change.high)} "
        f"{outcome.unit} than with {shown[1]}, on the same luck."
    ]


def _by(value: float, low: float, high: float) -> str:
    if not low > 0 and not high < 0:
        return f"no more or less that could be told from luck ({interval(low, high)})"
    size = sorted((abs(low), abs(high)))
    return f"{number(abs(value))} {'more' if value > 0 else 'less'} ({interval(*size)})"


def ranking(each: Mapping[str, Any]) -> list[str]:
    """Return what a sensitivity analysis says of an outcome, in a sentence or two."""
    title = each["title"] + (", difference" if each["difference"] else "")
    luck = each["luck"]
    said = [] if luck is None or luck["share"]["value"] is None else [
        f"{title}: {_percent(luck['share'])} of the variance over all runs is luck."
    ]  # fmt: skip
    if each["refused"]:
        return [*said, f"{title}: nothing is ranked, because {each['refused']}."]
    told = [f for f in each["factors"] if f["told_apart_from_noise"]]
    if not each["factors"]:
        return said
    ordered = sorted(told, key=lambda f: f["rank"])
    names = ", ".join(f"{f['rank']}. {f['factor']}" for f in ordered)
    rest = [f["factor"] for f in each["factors"] if not f["told_apart_from_noise"]]
    ranked = f"Ranked: {names}" if told else "No factor is told apart from noise"
    missing = f"; not told apart from noise: {', '.join(rest)}" if told and rest else ""
    return [*said, f"{title}. {ranked}{missing}."]


def _percent(found: Mapping[str, float | None]) -> str:
    value, low, high = (found[key] for key in ("value", "low", "high"))
    shown = f"{value:.0%}"
    return shown if low is None or high is None else f"{shown} ({low:.0%} to {high:.0%})"


def _luck_in_words(study: Study, outcome: Outcome) -> str:
    clusters = clusters_of(study.plan, len(study.points))[outcome.kept]
    found = luck_share(outcome.values, clusters, sampled=study.plan.design.kind not in GRIDS)
    if found is None:
        return f"{label(outcome)}: one run at each point does not tell luck from the factors."
    return f"{label(outcome)}: {_percent(found.share.document())} of the variance is luck."


def _tables(
    study: Study,
    outcomes: list[Outcome],
    by_level: Mapping[str, dict[str, list[Level]]],
    found: Mapping[str, Any] | None,
) -> list[Table]:
    tables = [_varied(study)]
    tables += [_level_table(o, by_level[o.column]) for o in outcomes if by_level[o.column]]
    if not any(by_level.values()):
        tables.append(_overall(outcomes))
    if found is not None:
        tables.append(luck_table(found))
        tables += [index_table(each) for each in found["outcomes"] if each["factors"]]
    return tables


def _varied(study: Study) -> Table:
    columns = [("Number", NAME), ("What it is", TEXT), ("Kind", TEXT), ("Values", TEXT)]
    rows = [
        [
            factor.name,
            DECLARED[factor.name].why if factor.name in DECLARED else "which policy is in force",
            "somebody decides it" if factor.role == "lever" else "nobody knows it",
            _range_of(factor),
        ]
        for factor in study.plan.factors
    ]
    return Table("What was varied", columns, rows)


def _level_table(outcome: Outcome, factors: Mapping[str, list[Level]]) -> Table:
    columns = [
        ("Level", TEXT), ("Mean", FIGURE), ("95% interval", FIGURE),
        ("Change from the first level", FIGURE), ("95% interval of the change", FIGURE),
    ]  # fmt: skip
    rows = []
    for name, found in factors.items():
        for level in found:
            change = level.change
            rows.append([
                f"{name} = {words(level.level)}",
                number(level.mean.value), interval(level.mean.low, level.mean.high),
                "" if change is None else number(change.value),
                "" if change is None else interval(change.low, change.high),
            ])  # fmt: skip
    runs = outcome.values.shape[1]
    note = (
        f"Averaged over everything else that was varied. Intervals by Student's t over {runs} "
        "replicates; changes are paired, since all levels share their lucks."
    )
    return Table(f"{label(outcome)} ({outcome.unit})", columns, rows, note)


def _overall(outcomes: list[Outcome]) -> Table:
    columns = [("Outcome", TEXT), ("Mean", FIGURE), ("Least of the points' means", FIGURE),
               ("Most", FIGURE), ("Unit", TEXT)]  # fmt: skip
    rows = []
    for outcome in outcomes:
        if len(outcome.values):
            means = outcome.values.mean(axis=1)
            shown = [number(float(each)) for each in (means.mean(), means.min(), means.max())]
            rows.append([label(outcome), *shown, outcome.unit])
    return Table("Outcomes over all points", columns, rows)


def luck_table(found: Mapping[str, Any]) -> Table:
    """Return the shares of luck that a sensitivity analysis stored."""
    columns = [("Outcome", TEXT), ("Share of luck", FIGURE), ("Left in the means", FIGURE)]
    rows = [
        [each["title"] + (", difference" if each["difference"] else ""),
         _percent(each["luck"]["share"]), _percent(each["luck"]["left"])]
        for each in found["outcomes"]
        if each["luck"] is not None and each["luck"]["share"]["value"] is not None
    ]  # fmt: skip
    note = (
        "Share of luck: of the variance over all runs, what differs between runs of one point. "
        "Left in the means: of what differs between the points' means, how much is still luck."
    )
    return Table("How much is luck", columns, rows, note)


def index_table(each: Mapping[str, Any]) -> Table:
    """Return the factors of one outcome of a stored analysis, by rank, and the dummy."""
    names = [key for key in INDICES if key in each["factors"][0]]
    columns = [("Factor", NAME), ("Rank", FIGURE)]
    columns += [(f"{INDICES[key]} and 95% interval", FIGURE) for key in names]
    ordered = sorted(each["factors"], key=lambda f: f["rank"] or len(each["factors"]) + 1)
    rows = [
        [f["factor"], str(f["rank"] or "not told apart"), *(_estimate(f.get(k)) for k in names)]
        for f in ordered
    ]
    rows.append(["dummy (only luck)", "", *(_estimate(each["dummy"].get(k)) for k in names)])
    title = each["title"] + (", difference" if each["difference"] else "")
    note = HOW_TO_READ[each["method"]]
    return Table(f"What each factor does to: {title}", columns, rows, note)


def _estimate(found: Mapping[str, float | None] | None) -> str:
    if found is None or found["value"] is None:
        return "-"
    if found["low"] is None or found["high"] is None:
        return number(found["value"])
    return f"{number(found['value'])} ({interval(found['low'], found['high'])})"


def _pictures(
    study: Study,
    outcomes: list[Outcome],
    by_level: Mapping[str, dict[str, list[Level]]],
    found: Mapping[str, Any] | None,
) -> list[Picture]:
    caption = describe(study)
    pictures = []
    for outcome in outcomes:
        factors = by_level[outcome.column]
        if factors:
            _draw(study, outcome, factors)
            pictures.append(Picture(
                f"levels_{outcome.column}", f"{label(outcome)} at each level",
                _alt_of_levels(outcome, factors), f"{caption} 95% intervals by Student's t.",
            ))  # fmt: skip
    if found is not None:
        pictures += _of_sensitivity(study, found, caption)
    return pictures


def _draw(study: Study, outcome: Outcome, factors: dict[str, list[Level]]) -> None:
    """Draw a figure into the study's folder; one of a smaller study is replaced."""
    place = study.folder / FIGURES
    with tempfile.TemporaryDirectory() as folder:
        place.mkdir(exist_ok=True)
        for path in figures.write(illustrate_levels(study, outcome, factors), Path(folder)):
            with write_whole(place / path.name, replace=True) as file:
                file.write(path.read_bytes())


def _alt_of_levels(outcome: Outcome, factors: Mapping[str, list[Level]]) -> str:
    shown = [
        f"{name} = {words(level.level)}: {number(level.mean.value)}"
        for name, found in factors.items()
        for level in found
    ]
    return f"Points with intervals, {outcome.unit}: {'; '.join(shown)}."


def _of_sensitivity(study: Study, found: Mapping[str, Any], caption: str) -> list[Picture]:
    place = study.folder / FIGURES
    shares = "; ".join(
        f"{each['title']}: {_percent(each['luck']['share'])}"
        for each in found["outcomes"]
        if each["luck"] is not None and each["luck"]["share"]["value"] is not None
    )
    caption = f"{caption} Intervals: {found['intervals']}."
    pictures = [
        Picture("luck", "How much is luck", f"Bars of the share of luck: {shares}.", caption)
    ]
    for each in found["outcomes"]:
        title = each["title"] + (", difference" if each["difference"] else "")
        if each["factors"]:
            alt = "; ".join(f"{f['factor']}: {_estimate(_main(f))}" for f in each["factors"])
            pictures.append(Picture(
                f"effects_{each['column']}", f"What each factor does to: {title}",
                f"Bars with intervals, and a grey band for luck alone: {alt}.", caption,
            ))  # fmt: skip
        pictures.append(Picture(
            f"convergence_{each['column']}", f"Is the study large enough for: {title}?",
            "Lines of the estimates for ever larger parts of the study; the last values are in "
            "the tables.", caption,
        ))  # fmt: skip
    return [each for each in pictures if (place / f"{each.name}.png").is_file()]


def _main(factor: Mapping[str, Any]) -> Mapping[str, float | None]:
    main: Mapping[str, float | None] = factor["total" if "total" in factor else "mu_star"]
    return main
