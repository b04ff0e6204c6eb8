"""What the report of a study says, with what its sensitivity analysis found, if there was one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ..sensitivity.analysis import SAMPLED, Outcome, clusters_of, outcomes_of, stored_sensitivity
from ..sensitivity.findings import (
    alike_words,
    index_table,
    luck_table,
    luck_words,
    over_worlds_in_words,
    ranking,
)
from ..sensitivity.indices import luck_share
from ..studies.beginnings import ENSEMBLE
from ..studies.idle import how_alike
from ..studies.store import Study, open_study
from ..told import Table
from ..words import count, period
from ..worlds import beyond_in_words
from .again import of_study
from .contents import SURE, Contents, FurtherAnswer, assumptions, made_of, origin_of
from .directions import Push, push_table, pushes_of, words_of
from .effects import Effect, Series, comparisons, effects_of, fair, series_of
from .panels import describe, scenario_of
from .policies_told import study_policies
from .study_answer import answer, asked_of, where
from .study_pictures import level_pictures, sensitivity_pictures
from .study_tables import (
    effect_tables,
    overall,
    point_table,
    range_of,
    series_title,
    varied_table,
)
from .words import named

SHOWN_FAILURES = 10
FEW = 3
"""So many numbers are named in the question by what they are, more by their names only."""
DRAWN = ("latin", "sobol", "saltelli", "table")
"""Designs in which the halves of a number's values can be compared."""


class Found(NamedTuple):
    """Everything that the parts of a report are made from."""

    study: Study
    series: list[Series]
    effects: list[Effect]
    pushes: dict[str, list[Push]]  # by the outcome's column
    ranked: Mapping[str, Any] | None  # the stored analysis
    outcomes: list[Outcome]


def contents_of_study(folder: Path) -> Contents:
    """Return the report of a study.

    Raises:
        InputError: it is not finished, or has grown since its sensitivity was analysed.
    """
    study = open_study(folder)
    outcomes = outcomes_of(study)
    ranked = None if study.shard is not None else stored_sensitivity(study)
    series = series_of(study)
    drawn = study.plan.design.kind in DRAWN
    pushes = {each.column: pushes_of(study, each) if drawn else [] for each in series}
    found = Found(study, series, effects_of(study), pushes, ranked, outcomes)
    varied = {factor.name: range_of(factor) for factor in study.plan.factors}
    first, rest = assumptions(scenario_of(study), varied)
    commands, again = of_study(study, analysed=ranked is not None)
    return Contents(
        kind="a study" if ranked is None else "a study and its sensitivity",
        title=study.plan.title or study.plan.name,
        about=study.plan.about,
        failures=_failures(study, outcomes),
        cautions=_cautions(study),
        worlds=study.over_worlds["worlds"]["ensemble"] if study.over_worlds else "",
        question=_question(study),
        answer=_answer(found),
        basis=_basis(found),
        parts=_luck(found),
        tables=_tables(found),
        pictures=level_pictures(study, found.effects)
        + ([] if ranked is None else sensitivity_pictures(study, ranked)),
        assumed=[*first, *study_policies(study)],
        defaults=rest,
        commands=commands,
        again=again,
        made=_made(study),
        origin=origin_of(
            study.record.made, fingerprint=study.id, code=study.record.asked["code"]
        ),
        outcomes=study.plan.outcomes,
        turns=_turns(found),
    )  # fmt: skip


def _made(study: Study) -> Table:
    """Return with what it was made: fingerprints, versions, machine."""
    asked = study.record.asked
    return made_of(study.record.made, {
        "Fingerprint of the study": study.id,
        "Fingerprint of its runs": study.bits,
        "Fingerprint of the code": asked["code"],
        **{_fingerprint_of(name): text for name, text in asked["scenarios"].items()},
    })  # fmt: skip


def _fingerprint_of(name: str) -> str:
    return (
        "Fingerprint of the ensemble" if name == ENSEMBLE else f"Scenario, policy {Path(name).stem}"
    )


def _failures(study: Study, outcomes: Sequence[Outcome]) -> list[str]:
    failed = study.failed
    if not failed:
        return []
    table = study.failures
    lines = [
        f"Point {row.point}, replicate {row.replicate}: {row.error}. Repeat it with: {row.repeat}"
        for row in table.head(SHOWN_FAILURES).itertuples()
    ]
    total = study.record.answer["runs"]
    opening = (
        f"{failed:,} of {count(total, 'run')} failed. They are in no number below; a comparison "
        "leaves out the same replicate of the other side too, and nothing else."
    )
    gone = max((int((~each.kept).sum()) for each in outcomes), default=0)
    whole = (
        f" How much is luck, and what is ranked, leaves out {count(gone, 'point')} with such runs "
        f"as a whole: {count(gone * study.plan.replicates, 'run')}."
        if gone
        else ""
    )
    more = [f"And {failed - SHOWN_FAILURES:,} more."] if failed > SHOWN_FAILURES else []
    return [opening + whole, *lines, *more]


def _cautions(study: Study) -> list[str]:
    """Return what somebody has to know before reading any number."""
    said = beyond_in_words(study.over_worlds.get("worlds"), scenario_of(study))
    shard = study.shard
    if shard is not None:
        total = study.size * study.plan.replicates
        said.append(
            f"This is share {shard[0]} of {shard[1]} of a study: "
            f"{study.record.answer['runs']:,} of {count(total, 'run')}. It answers nothing by "
            "itself: join all shares with councils merge, and make the report of the whole."
        )
    for note in study.gone_on:
        said.append(
            f"The study was gone on with (--anyway) although this had changed since it was begun: "
            f"{', '.join(note['changed'])}. Its runs may not belong together."
        )
    return said


def _question(study: Study) -> str:
    plan, scenario = study.plan, scenario_of(study)
    several = [factor for factor in plan.factors if len(factor.values) != 1]
    tell = named if len(several) <= FEW else str
    levers = ", ".join(tell(factor.name) for factor in several if factor.role == "lever")
    unsure = ", ".join(tell(factor.name) for factor in several if factor.role != "lever")
    asked = [f"what somebody decides: {levers}"] if levers else []
    asked += [f"what nobody knows: {unsure}"] if unsure else []
    policy = f" under the policy “{_stem(plan.difference)}”" if plan.difference else ""
    return (
        f"What changes in the scenario “{scenario.title or scenario.name}”{policy}, over "
        f"{period(scenario)}, with {', and with '.join(asked) or 'nothing'}?"
    )


def _stem(policy: str) -> str:
    """Return the name of a policy's file as words."""
    return Path(policy).stem.replace("-", " ")


def _answer(found: Found) -> list[str]:
    study = found.study
    if study.shard is not None:
        return ["A share of a study has no answer of its own."]
    policy = study.plan.difference
    said = answer(found.effects, None if policy is None else _stem(policy))
    if not said:
        said = _ranked(found)
    if not said:
        for series in found.series:
            said += [_pushed(series, found.pushes[series.column])]
        said = [each for each in said if each]
    return said or [_luck_in_words(study, outcome) for outcome in found.outcomes]


def _turns(found: Found) -> list[str]:
    """Return what makes a difference to the answer, as far as the study varied it."""
    if found.study.shard is not None:
        return []
    said = [text for each in asked_of(found.effects) for text in where(each)]
    if not said:
        said = [_pushed(series, found.pushes[series.column]) for series in found.series]
    return [text for text in said if text]


def _ranked(found: Found) -> list[str]:
    """Return how much is luck, and which numbers matter most where they are ranked."""
    outcomes = (found.ranked or {}).get("outcomes", [])
    return [
        text
        for each in outcomes
        for text in ranking(
            each, words_of(found.pushes[each["column"]]), design=found.study.plan.design.kind
        )
    ]


def _luck(found: Found) -> list[FurtherAnswer]:
    """Return what a grid says of luck, which is no part of its answer."""
    said = _ranked(found) if found.effects and found.study.shard is None else []
    basis = str((found.ranked or {}).get("intervals", ""))
    over = "".join(f" {each}" for each in over_worlds_in_words(found.study.over_worlds))
    title = "How much of it is luck"
    return [FurtherAnswer(title, said, f"Intervals: {basis}.{over}", [], SURE)] if said else []


def _pushed(series: Series, pushes: Sequence[Push]) -> str:
    """Return which numbers surely push an outcome, and which way."""
    if not pushes:
        return ""
    clear = [push for push in pushes if push.change.low > 0 or push.change.high < 0]
    ordered = sorted(clear, key=lambda push: -abs(push.change.value))
    words = "; ".join(f"{push.factor}, {push.words}" for push in ordered)
    return f"{series_title(series)}: {words or 'no number surely pushes it either way'}."


def _luck_in_words(study: Study, outcome: Outcome) -> str:
    clusters = clusters_of(study.plan, len(study.points))[outcome.kept]
    sampled = study.plan.design.kind in SAMPLED
    found = luck_share(outcome.values, clusters, sampled=sampled) if len(clusters) else None
    title = f"{outcome.title}, difference" if outcome.difference else outcome.title
    alike = how_alike(outcome.values) if len(outcome.values) > 1 else ""
    if alike and np.ptp(outcome.values) > 0:
        return alike_words(title, alike, luck=found is not None)
    if found is None:
        return f"{title}: one run at each point does not tell luck from the factors."
    shares = {key: each.document() for key, each in found._asdict().items()}
    return luck_words(title, shares, alone=outcome.luck_alone)


def _basis(found: Found) -> str:
    text = describe(found.study)
    if found.effects:
        shared = comparisons(found.study, found.series)
        text += (
            f" Intervals of changes hold all together with 95%: {shared:,} comparisons share the "
            f"5% (Bonferroni; Student's t over {found.series[0].each}s on the same luck)."
        )
    elif found.ranked is None and any(found.pushes.values()):
        text += " Intervals hold together with 95% for each outcome (over the points)."
    if found.ranked is not None:
        text += f" Shares and indices: {found.ranked['intervals']}."
    text = text if "95%" in text else text + " Intervals are 95%."
    return " ".join([text, *over_worlds_in_words(found.study.over_worlds)])


def _decided_first(effects: Sequence[Effect]) -> list[Effect]:
    """Return effects of what somebody decides before those of what nobody knows."""
    return sorted(effects, key=lambda each: each.factor.role != "lever")


def _tables(found: Found) -> list[Table]:
    study = found.study
    tables = [*varied_table(study), *effect_tables(_decided_first(found.effects))]
    if not found.effects:
        tables.append(overall(found.series))
    if not fair(study) and study.shard is None and study.plan.design.kind == "table":
        tables += point_table(study, found.series)
    ranked = [] if found.ranked is None else found.ranked["outcomes"]
    if found.ranked is not None:
        tables.append(luck_table(found.ranked))
    for each in ranked:
        if each["factors"]:
            pushes = found.pushes[each["column"]]
            tables.append(index_table(each, words_of(pushes) if pushes else None))
    for series in found.series:
        if found.pushes[series.column] and study.shard is None:
            pushes = found.pushes[series.column]
            tables.append(push_table(series, series_title(series), pushes))
    return tables
