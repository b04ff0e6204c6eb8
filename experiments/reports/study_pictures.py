"""The figures of a report about a study: changes on the same luck, and those of its sensitivity."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from ...sim.whole import write_whole
from .. import figures
from ..figures.sensitivity import ChangeRow, draw_changes
from ..sensitivity.analysis import place_of
from ..sensitivity.findings import estimate_words, percent, title_of
from ..stored.folder import FIGURES
from ..studies.store import Study
from ..words import interval, number
from .contents import Picture
from .effects import Effect
from .panels import describe, note_of
from .study_tables import series_title, shown_pairs
from .words import level_words

MOST_ROWS = 24
"""A figure with more rows than that shows no changes at single levels of other factors."""


def level_pictures(study: Study, effects: Sequence[Effect]) -> list[Picture]:
    """Draw what the levels change into the study's folder; return how the figures are told."""
    pictures = []
    for column, group in groupby(effects, key=lambda each: each.series.column):
        mine = [each for each in group if each.pairs]
        if not mine:
            continue
        name, groups = f"levels_{column}", _groups(mine)
        _draw(study, name, mine, groups)
        shown = "; ".join(
            f"{row.words}: {number(row.change.value)} ({interval(*row.change[1:])})"
            for rows in groups.values()
            for row in rows
        )
        series = mine[0].series
        pictures.append(Picture(
            name, f"{series_title(series)}: what changes with each level",
            f"Points with intervals against a line at zero, {series.unit}: {shown}.",
            f"{describe(study)} Changes on the same luck; the intervals hold together with 95%.",
        ))  # fmt: skip
    return pictures


def _groups(effects: Sequence[Effect]) -> dict[str, list[ChangeRow]]:
    """Return the rows of a figure under the heading that they belong to."""
    groups: dict[str, list[ChangeRow]] = {}
    for each in effects:
        name = each.factor.name
        if each.series.difference:
            groups[f"with the policy less without, by {name}"] = [
                ChangeRow(level_words(name, level), mean)
                for level, mean in zip(each.levels, each.means, strict=True)
            ]
        groups[name] = [
            ChangeRow(f"{level_words(name, p.level)} less {level_words(name, p.other)}", p.change)
            for p in shown_pairs(each)
        ]
        pairs = {(p.level, p.other) for p in shown_pairs(each)}
        cells = [p for p in each.within if (p.level, p.other) in pairs]
        if cells and len(cells) + len(pairs) <= MOST_ROWS:
            for where, group in groupby(cells, key=lambda p: p.where):
                if where is not None:
                    groups[f"{name}, where {where[0]} is {level_words(*where)}"] = [
                        ChangeRow(f"{level_words(name, p.level)} less {level_words(name, p.other)}",
                              p.change) for p in group
                    ]  # fmt: skip
    return groups


def _draw(
    study: Study, name: str, effects: Sequence[Effect], groups: Mapping[str, list[ChangeRow]]
) -> None:
    """Draw a figure into the study's folder; one of a smaller study is replaced."""
    series, place = effects[0].series, study.folder / FIGURES
    about = (
        f"{describe(study)} Each replicate under one level less the same replicate under the "
        "other. Filled: surely not zero; the intervals hold together with 95%."
    )
    measured = f"change in: {series_title(series)} ({series.unit})"
    drawn = draw_changes(groups, note_of(study), measured=measured, about=about)
    with tempfile.TemporaryDirectory() as folder:
        place.mkdir(exist_ok=True)
        for path in figures.write({name: drawn}, Path(folder)):
            with write_whole(place / path.name, replace=True) as file:
                file.write(path.read_bytes())


def sensitivity_pictures(study: Study, found: Mapping[str, Any]) -> list[Picture]:
    """Return the figures that a sensitivity analysis drew; one that is missing is refused later."""
    drawn = place_of(study)
    folder = f"{drawn.name}/{FIGURES}" if drawn.is_dir() else FIGURES  # as earlier versions did
    caption = f"{describe(study)} Intervals: {found['intervals']}."
    lucks = [each for each in found["outcomes"] if each["luck"] is not None]
    shares = "; ".join(
        f"{title_of(each)}: {percent(each['luck']['share'])}"
        for each in lucks
        if each["luck"]["share"]["value"] is not None
    )
    pictures = []
    if lucks:
        alt = f"Bars of the share of luck: {shares}."
        pictures.append(Picture("luck", "How much is luck", alt, caption, folder))
    for each in found["outcomes"]:
        title = title_of(each)
        if each["factors"]:
            alt = "; ".join(f"{f['factor']}: {estimate_words(_main(f))}" for f in each["factors"])
            pictures.append(Picture(
                f"effects_{each['column']}", f"What each factor does to: {title}",
                f"Bars with intervals, and a grey band for luck alone: {alt}.", caption,
                folder,
            ))  # fmt: skip
        if len(each["convergence"]) > 1:
            pictures.append(Picture(
                f"convergence_{each['column']}", f"Is the study large enough for: {title}?",
                "Lines of the estimates for ever larger parts of the study; the last values are "
                "in the tables.", caption, folder,
            ))  # fmt: skip
    return pictures


def _main(factor: Mapping[str, Any]) -> Mapping[str, float | None]:
    main: Mapping[str, float | None] = factor["total" if "total" in factor else "mu_star"]
    return main
