"""A country that does not exist: any number of districts, sized and placed like England's.

Sizes, budgets, taxes, reserves and rural shares are drawn from the real marginal distributions and
their rank correlations; places are a jittered grid at the real density; who touches whom follows
from the Delaunay triangulation of the places.
"""

from __future__ import annotations

import math

import numpy as np
from scipy.special import ndtri
from scipy.stats import beta

from ..core.noise import PLACE, uniform
from .adjacency import touching
from .councils import DATA, FIRST_YEAR, LAST_KNOWN_YEAR, Councils, read_rows, tier_path
from .rows import put_aside

QUANTITIES = ("population", "budget_per_head", "band_d", "grant_share", "reserves_ratio",
              "rural_share", "deprivation")  # fmt: skip
AREA_KM2 = 430.0
"""The area of a district: so far apart they lie."""
COUNTY_DISTRICTS = 8
"""How many districts a county has, the area of all of them a square."""


def _uniforms(count: int, index: int, seed: int) -> np.ndarray:
    return np.array([uniform(seed, PLACE, 0, index, k, 0) for k in range(count)])


def _correlations(tier: str) -> np.ndarray:
    size = len(QUANTITIES)
    table = np.eye(size)
    for row in read_rows(DATA / "correlations.csv"):
        a, b = row["quantity_a"], row["quantity_b"]
        if row["tier"] == tier and a in QUANTITIES and b in QUANTITIES:
            i, j = QUANTITIES.index(a), QUANTITIES.index(b)
            table[i, j] = table[j, i] = 2.0 * math.sin(math.pi * float(row["rank_correlation"]) / 6)
    return table


def _normals(count: int, tier: str, seed: int) -> np.ndarray:
    raw = np.column_stack([ndtri(_uniforms(count, k, seed)) for k in range(len(QUANTITIES))])
    values, vectors = np.linalg.eigh(_correlations(tier))
    root = vectors @ np.diag(np.sqrt(np.clip(values, 1e-6, None))) @ vectors.T
    mixed = raw @ root
    rounded: np.ndarray = np.round(mixed, 9)
    return rounded


def _marginal(row: dict[str, str], z: np.ndarray) -> np.ndarray:
    mean, sd = float(row["mean"]), float(row["sd"])
    if row["family"] == "lognormal":
        drawn = np.exp(mean + sd * z)
    elif row["family"] == "beta":
        size = mean * (1 - mean) / sd**2 - 1
        share = 0.5 * (1 + np.vectorize(math.erf)(z / math.sqrt(2)))
        drawn = beta.ppf(share, mean * size, (1 - mean) * size)
    else:
        drawn = mean + sd * z
    return np.round(np.clip(drawn, float(row["low"]), float(row["high"])), 6)


def draw_districts(count: int, *, seed: int = 0, year: int = FIRST_YEAR) -> Councils:
    """Return `count` districts of a country that does not exist; the same for the same seed.

    They have what was drawn in April of `year`, and follow the path of the tier from there.
    """
    z = _normals(count, "district", seed)
    rows = {r["quantity"]: r for r in read_rows(DATA / "marginals.csv") if r["tier"] == "district"}
    drawn = {name: _marginal(rows[name], z[:, k]) for k, name in enumerate(QUANTITIES)}
    x, y = _places(count, seed)
    budget = drawn["population"] * drawn["budget_per_head"] / 1e6
    income = budget / (1.0 - put_aside("district"))
    settlement = income * np.clip(drawn["grant_share"], 0.05, 0.95)
    base = (income - settlement) * 1e6 / drawn["band_d"]
    years = LAST_KNOWN_YEAR - FIRST_YEAR + 1
    county = _counties(x, y)
    return Councils(
        code=tuple(f"S{k:08d}" for k in range(count)),
        name=tuple(f"District {k + 1}" for k in range(count)),
        tier=np.zeros(count, dtype=np.int64),
        county=county,
        x=x,
        y=y,
        population=np.round(drawn["population"]),
        rural=np.clip(drawn["rural_share"], 0.0, 1.0),
        budget=budget,
        band_d=drawn["band_d"],
        reserves=drawn["reserves_ratio"] * budget,
        control_known=np.full(count, -1),
        control_later=np.full(count, -1),
        settlement=settlement[:, None] * tier_path("district", year),
        bases=np.repeat(base[:, None], years, axis=1),
        known_until=np.zeros(count, dtype=np.int64),
        links=touching(x, y),
        cycle=np.full(count, -1),
        phase=np.zeros(count, dtype=np.int64),
    )


def _places(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    side = math.ceil(math.sqrt(count))
    step = math.sqrt(AREA_KM2)
    k = np.arange(count)
    jitter = 0.8
    x = (k % side + 0.5 + jitter * (_uniforms(count, 100, seed) - 0.5)) * step
    y = (k // side + 0.5 + jitter * (_uniforms(count, 101, seed) - 0.5)) * step
    return np.round(x, 3), np.round(y, 3)


def _counties(x: np.ndarray, y: np.ndarray) -> tuple[str, ...]:
    step = math.sqrt(AREA_KM2 * COUNTY_DISTRICTS)
    return tuple(f"County {int(a // step)}-{int(b // step)}" for a, b in zip(x, y, strict=True))
