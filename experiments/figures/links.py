"""The links of the map: which are drawn, and how."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.patches import FancyArrowPatch

from ...sim.declared.catalogue import DEEP
from .frame import BLUE, RED

LEAST = 0.05
"""The smallest share of runs that is drawn as a link."""
MOST = 140
"""So many links of a depth are drawn at most, as far as their shares set them apart."""
STEPS = (LEAST, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.75, 0.9)
"""The shares below which links may be left out."""
BEND = 0.14
"""Links of services are bent, so that a link of management does not hide them."""


def find_links(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return a row a pair and depth: code_a, code_b, deep, share of runs (its likeliest scope)."""
    deep = pairs["scope"].isin(DEEP).astype(bool)
    keyed = pairs.assign(deep=deep, share=pairs["partnered"].astype(float))
    links = keyed.groupby(["code_a", "code_b", "deep"])["share"].max().reset_index()
    return links[links["share"] >= LEAST].sort_values("share", ignore_index=True)


def thin(links: pd.DataFrame) -> tuple[pd.DataFrame, dict[bool, float]]:
    """Return the likeliest links, at most MOST of a depth, and the share below which they are out.

    The share is the lowest of STEPS that leaves few enough, for each depth (management or merger:
    True; services: False); where even the highest leaves more, they are drawn.
    """
    least = {}
    for deep in (True, False):
        share = links.loc[links["deep"] == deep, "share"]
        least[deep] = next((step for step in STEPS if (share >= step).sum() <= MOST), STEPS[-1])
    kept = links["share"] >= links["deep"].map(least).astype(float)
    return links[kept].reset_index(drop=True), least


def tell_left_out(least: dict[bool, float]) -> str:
    """Return in words which links are left out."""
    if least[True] == least[False]:
        return f"links below {least[True]:.0%}"
    return (
        f"links of management or merger below {least[True]:.0%}, of services below "
        f"{least[False]:.0%}, lest the likely ones be hidden"
    )


def positions(councils: pd.DataFrame) -> dict[str, tuple[float, float]]:
    """Return where each council lies, in km, by code."""
    rows = zip(councils["code"], councils["x_km"], councils["y_km"], strict=True)
    return {code: (float(x), float(y)) for code, x, y in rows}


class Stroke(NamedTuple):
    """How a link is drawn."""

    colour: tuple[float, float, float]
    width: float
    line: tuple[float, Sequence[float]] | Literal["-"]


def find_stroke(deep: bool, share: float) -> Stroke:
    """Return the stroke of a link: the likelier, the broader and the nearer to full colour."""
    full = np.array(to_rgb(RED if deep else BLUE))
    red, green, blue = 1 - (1 - full) * (0.3 + 0.7 * share)
    width = 1.0 + 6.0 * share if deep else 0.9 + 2.2 * share
    return Stroke((red, green, blue), width, "-" if deep else (0, (3.0, 1.8)))


def draw_links(axes: Axes, councils: pd.DataFrame, links: pd.DataFrame) -> None:
    """Draw links between the councils that are on the map."""
    at = positions(councils)
    for row in links.itertuples(index=False):
        a, b, deep = str(row.code_a), str(row.code_b), bool(row.deep)
        if a not in at or b not in at:
            continue
        bend = f"arc3,rad={0.0 if deep else BEND}"
        stroke = find_stroke(deep, float(str(row.share)))
        axes.add_patch(
            FancyArrowPatch(
                at[a], at[b], arrowstyle="-", connectionstyle=bend, shrinkA=0, shrinkB=0,
                zorder=4 if deep else 3, color=stroke.colour, linewidth=stroke.width,
                linestyle=stroke.line,
            )
        )  # fmt: skip


def along(councils: pd.DataFrame, links: pd.DataFrame) -> np.ndarray:
    """Return points along the links, (points, 2) in km."""
    at = positions(councils)
    known = links[links["code_a"].isin(at) & links["code_b"].isin(at)]
    start = np.array([at[code] for code in known["code_a"]]).reshape(-1, 1, 2)
    end = np.array([at[code] for code in known["code_b"]]).reshape(-1, 1, 2)
    across = (end - start)[..., ::-1] * (1, -1)
    bend = np.where(known["deep"].to_numpy(dtype=bool), 0.0, BEND)[:, None, None]
    control = (start + end) / 2 + bend * across
    t = np.linspace(0, 1, 40)[:, None]
    return np.asarray((1 - t) ** 2 * start + 2 * t * (1 - t) * control + t**2 * end).reshape(-1, 2)
