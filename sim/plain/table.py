"""The table of councils at the end of a run, those that were merged away included."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from ..country.councils import PARTIES
from .council import LESSONS, Council, Identity

if TYPE_CHECKING:
    from .model import PlainModel

AXES = ("member_led", "outsourcing", "localist", "bold")
TOTALS = (
    "income", "spending", "studies", "setup", "coordination", "exits", "grants", "transfers",
    "true_saving", "support", "tax_paid", "tax_support",
)  # fmt: skip


def councils_table(model: PlainModel) -> pd.DataFrame:
    """Return one row a council that stands or stood."""
    living = {council.identity: council for council in model.agents}
    rows = [row_of(identity, living.get(identity)) for identity in model.identities]
    return pd.DataFrame(rows)


def row_of(identity: Identity, council: Council | None) -> dict[str, Any]:
    """Return the row of a council; figures are missing where it stands no more."""
    row = {
        "code": identity.code,
        "name": identity.name,
        "alive": council is not None,
        "became": identity.became.code if identity.became else None,
        "tier": identity.tier,
        "county": identity.county,
    }
    return row if council is None else row | figures_of(council)


def figures_of(council: Council) -> dict[str, float]:
    """Return all figures of a council."""
    figures = {
        "x_km": council.x,
        "y_km": council.y,
        "population": council.population,
        "budget": council.income,
        "cost": council.cost,
        "settlement": council.settlement,
        "band_d": council.band_d,
        "reserves": council.reserves,
        "gap": council.gap,
        "expected_gap": council.expected_gap,
        "true_saving": council.true_saving,
        "autonomy": council.autonomy,
        "contact": council.contact,
        "quality": council.quality,
        "local_contact": council.local_contact,
        "control": PARTIES.index(council.control),
        "attention": council.attention,
        "marriage": council.marriage,
        "vacant": council.vacant,
        "distress": council.distress,
    }
    figures |= {f"culture_{axis}": council.culture[k] for k, axis in enumerate(AXES)}
    figures |= {f"lesson_{name}": getattr(council.lessons, name) for name in LESSONS}
    figures |= {f"total_{name}": getattr(council.totals, name) for name in TOTALS}
    return {name: float(value) for name, value in figures.items()}
