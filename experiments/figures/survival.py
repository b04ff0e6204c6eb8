"""How long agreements last after they are signed, and by which of several ways they end."""

from __future__ import annotations

import textwrap

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from ...sim.story.wording import joined
from ..durations import find_durations
from .frame import (
    BLUE,
    GREEN,
    GREY,
    PURPLE,
    RED,
    SMALL,
    FigureTables,
    LineEnd,
    Note,
    label_axes,
    label_ends,
    make_frame,
    runs_in,
    say_nothing_to_draw,
    style_axes,
    tell_runs,
)

Line = str | tuple[float, tuple[float, ...]]

ENDINGS: tuple[tuple[str, str, str, Line], ...] = (
    ("break_up", "broke up", RED, "-"),
    ("merger", "members merged", BLUE, "--"),
    ("deepened", "deepened", GREEN, "-."),
    ("reorganised", "reorganised", PURPLE, (0, (5.0, 1.5, 1.0, 1.5, 1.0, 1.5))),
)
"""The competing endings of `experiments.durations`: key, words, colour, line."""

PANELS: dict[str, str] = {"services": "Shared services", "management": "Shared management"}
"""The groups of agreements that are drawn, and the title of each."""
QUARTERS_A_YEAR = 4
RESAMPLES = 500
BOOTSTRAP_SEED = 20090401
LEAST_SHARE = 0.005
"""A smaller share that is not zero is told as under 1%."""
LEAST_AT_RISK = 10
"""The figure draws no line beyond the time at which so few agreements are left."""

MEANS = (
    "Line: estimated share that has ended in this way (Aalen-Johansen; agreements still in force "
    "at the end of a run are censored); band with dotted edges: 95% interval, bootstrap over runs "
    f"({RESAMPLES} resamples). Lines stop where fewer than {LEAST_AT_RISK} agreements "
    "are at risk. Agreements that were in force before the first quarter are left out, whoever "
    "joined them later. Deepened: replaced by a deeper agreement. Reorganised: by order of "
    "government a member became part of another council."
)
X_LABEL = "years since signing; beneath them, agreements at risk in all runs together"


def aalen_johansen(ended: np.ndarray, left: np.ndarray) -> np.ndarray:
    """Return the cumulative incidence of each competing ending.

    ended: (..., endings, durations), how many end in each way at each duration.
    left: (..., durations), how many leave observation there: ended in any way, or censored.
    The result has the shape of `ended`. At each duration t, those at risk are all who leave at t
    or later; hazard of ending k is ended[k, t] / at risk; what it adds to the incidence is that
    hazard times the share still in force just before t (Kaplan-Meier over all endings). Endings
    come before censorings of the same duration. Aalen & Johansen 1978, Scand. J. Stat. 5.
    """
    at_risk = np.flip(np.cumsum(np.flip(left, -1), -1), -1)[..., None, :]
    hazard = np.divide(ended, at_risk, out=np.zeros(ended.shape), where=at_risk > 0)
    in_force = np.cumprod(1 - hazard.sum(axis=-2, keepdims=True), axis=-1)
    before = np.concatenate([np.ones_like(in_force[..., :1]), in_force[..., :-1]], axis=-1)
    return np.asarray(np.cumsum(before * hazard, axis=-1))


def survival_table(agreements: pd.DataFrame, quarters: pd.DataFrame) -> pd.DataFrame:
    """Return cumulative incidence by group, ending and years since signing, with 95% intervals.

    agreements, quarters: as for `find_durations`. Only agreements that were signed in the run are
    taken: how many were signed with those of before it, and have ended since, nobody knows.
    Columns: group, ending, years, incidence, low, high (shares of agreements), at_risk (agreements
    in force so long, all runs). The interval resamples whole runs with a fixed seed.
    """
    durations = find_durations(agreements, quarters)
    signed = durations[durations["start"] >= 0]
    runs = runs_in(quarters)
    parts = []
    for group in PANELS:
        chosen = signed[signed["group"] == group]
        if len(chosen):
            parts.append(_estimate(chosen, runs).assign(group=group))
    columns = ["group", "ending", "years", "incidence", "low", "high", "at_risk"]
    return (
        pd.concat(parts)[columns].reset_index(drop=True) if parts else pd.DataFrame(columns=columns)
    )


def _estimate(durations: pd.DataFrame, runs: np.ndarray) -> pd.DataFrame:
    ended, left = _count(durations, runs)
    generator = np.random.default_rng(BOOTSTRAP_SEED)
    weights = generator.multinomial(len(runs), np.full(len(runs), 1 / len(runs)), size=RESAMPLES)
    incidence = aalen_johansen(ended.sum(axis=0), left.sum(axis=0))
    resampled = aalen_johansen(
        np.tensordot(weights, ended, axes=1), np.tensordot(weights, left, axes=1)
    )
    low, high = np.quantile(resampled, (0.025, 0.975), axis=0)
    at_risk = np.flip(np.cumsum(np.flip(left.sum(axis=0))))
    years = np.arange(left.shape[-1]) / QUARTERS_A_YEAR
    rows = [
        pd.DataFrame({"ending": key, "years": years, "incidence": incidence[k], "low": low[k],
                      "high": high[k], "at_risk": at_risk.astype(int)})
        for k, (key, _, _, _) in enumerate(ENDINGS)
    ]  # fmt: skip
    return pd.concat(rows)


def _count(durations: pd.DataFrame, runs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return `ended` (runs, endings, durations) and `left` (runs, durations) as counts."""
    run = np.searchsorted(runs, durations["replicate"].to_numpy(dtype=runs.dtype))
    duration = durations["duration"].to_numpy(dtype=np.int64)
    longest = int(duration.max()) + 1
    left = np.zeros((len(runs), longest))
    ended = np.zeros((len(runs), len(ENDINGS), longest))
    np.add.at(left, (run, duration), 1.0)
    for k, (key, _, _, _) in enumerate(ENDINGS):
        these = (durations["ending"] == key).to_numpy(dtype=bool)
        np.add.at(ended[:, k], (run[these], duration[these]), 1.0)
    return ended, left


def draw_survival(tables: FigureTables, note: Note) -> Figure:
    """Return the share of agreements that has ended in each way, by years since signing."""
    foot = tell_runs(tables.quarters, note, MEANS)
    figure = make_frame("How agreements end, by years since signing", note, foot, height=8.2)
    table = survival_table(tables.agreements, tables.quarters)
    panels = figure.subplots(len(PANELS), 1)
    for axes, (group, title) in zip(panels, PANELS.items(), strict=True):
        rows = table[(table["group"] == group) & (table["at_risk"] >= LEAST_AT_RISK)]
        style_axes(axes, title=title, wrap=60)
        label_axes(axes, x=X_LABEL, y="share of agreements")
        axes.yaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{100 * share:.4g}%"))
        if len(rows):
            _draw_panel(axes, rows)
        else:
            say_nothing_to_draw(
                axes, f"Fewer than {LEAST_AT_RISK} such agreements were signed in all runs."
            )
    return figure


def _draw_panel(axes: Axes, rows: pd.DataFrame) -> None:
    ends, never = [], []
    last = float(rows["years"].max()) + 1 / QUARTERS_A_YEAR
    for key, words, colour, line in ENDINGS:
        row = rows[rows["ending"] == key]
        if not row["incidence"].any():
            never.append(words.removeprefix("members "))
            continue
        row = pd.concat([row, row.tail(1)])  # so that the last step is seen
        years = row["years"].to_numpy(dtype=float, copy=True)
        years[-1] += 1 / QUARTERS_A_YEAR
        axes.fill_between(
            years, row["low"], row["high"], step="post", color=colour, alpha=0.16, linewidth=0
        )
        for edge in () if row["low"].equals(row["high"]) else ("low", "high"):
            axes.step(years, row[edge], where="post", color=colour, linewidth=0.9, linestyle=":")
        axes.step(years, row["incidence"], where="post", color=colour, lw=2.2, linestyle=line)
        share = float(row["incidence"].iloc[-1])
        told = f"{share:.0%}" if share >= LEAST_SHARE else "under 1%"
        ends.append(LineEnd(float(years[-1]), share, f"{words}: {told}", colour))
    if never:
        words = textwrap.fill(f"none {joined(never, 'or')}", 17)
        ends.append(LineEnd(last, 0.0, words, GREY))
    axes.set_ylim(0, None if len(never) < len(ENDINGS) else 1)
    axes.set_xlim(0, last)
    whole = rows[(rows["ending"] == ENDINGS[0][0]) & (rows["years"] % 1 == 0)]
    step = max(1, -(-len(whole) // 9))
    marks = whole.iloc[::step]
    labels = [f"{y:.0f}\n{n:,}" for y, n in zip(marks["years"], marks["at_risk"], strict=True)]
    axes.set_xticks(marks["years"].to_numpy(), labels, size=SMALL)
    label_ends(axes, ends)
