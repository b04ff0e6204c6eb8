"""What a plan is: what varies, how far, at which points, and how often. Nothing is read here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from ...sim.declared.scenario import QUARTERS_MOST, Strict
from ...sim.running import REPLICATE_MOST, SEED_MOST

POLICY, AS_IT_IS = "policy", "base"
"""The name of the special lever, and its value for the scenario as it is."""

FUNDING = "settlement.path"
"""The one number whose values may be files."""
OUTCOMES = ("talks_begun", "talks_failed", "formed", "services", "managements", "net_saving")
"""The measures that reports show unless a plan names others."""
Kind = Literal["grid", "latin", "sobol", "morris", "saltelli", "table"]
Value = float | str
LEVELS = 5
MORRIS_LEVELS = 4
KEYS: dict[str, tuple[str, ...]] = {
    "grid": ("levels",),
    "latin": ("points", "seed"),
    "sobol": ("points", "seed"),
    "morris": ("trajectories", "levels", "seed"),
    "saltelli": ("points", "second_order", "seed"),
    "table": ("table",),
}
"""What each kind of design is told; the first is needed, but for a grid."""
CHANCES = ("distribution", "correlations")
"""What a factor says of how likely its values are; uniform and independent if it says nothing."""


class Design(Strict):
    """How the points of a study are chosen."""

    kind: Kind
    points: int | None = Field(None, ge=1, le=10_000_000)
    levels: int | None = Field(None, ge=2, le=1000)
    trajectories: int | None = Field(None, ge=2, le=1_000_000)
    second_order: bool = False
    seed: int = Field(1, ge=0, le=SEED_MOST)
    table: str | None = None


class Given(Strict):
    """What a plan says of one number: how far it varies, or which values it takes."""

    low: float | None = None
    high: float | None = None
    values: list[Any] | None = None
    since: date | None = None
    distribution: str | None = None
    mode: float | None = None
    mean: float | None = None
    sd: float | None = None


class Difference(Strict):
    """Outcomes are also wanted as this policy minus the scenario without it."""

    policy: str


class Distribution(Strict):
    """How likely the values of a range are, where they are not all equally likely."""

    kind: Literal["loguniform", "triangular", "normal"]
    mode: float | None = None  # of a triangular one
    mean: float | None = None  # of a normal one, before it is cut to the range
    sd: float | None = None


class Factor(Strict):
    """A number, word or policy that differs from point to point."""

    name: str
    role: Literal["uncertainty", "lever"]
    low: float | None = None  # both are given, or values are
    high: float | None = None
    values: tuple[Value, ...] = ()
    since: date | None = None
    distribution: Distribution | None = None  # none: uniform
    correlations: dict[str, float] = Field({})  # of ranks, with factors that stand before it

    @property
    def categorical(self) -> bool:
        """Whether it takes listed values, which are never treated as a scale."""
        return bool(self.values)

    @property
    def fixed(self) -> bool:
        """Whether it has one value, which is set in every run: nothing is found out about it."""
        return len(self.values) == 1

    @property
    def wordy(self) -> bool:
        """Whether its values are words."""
        return any(isinstance(value, str) for value in self.values)


class PlanFile(Strict):
    """The file as it is written, but for what only the declarations know."""

    title: str = ""
    about: str = ""
    scenario: str = "norfolk"
    seed: int = Field(1, ge=0, le=SEED_MOST)
    replicates: int = Field(50, ge=1, le=REPLICATE_MOST + 1)
    quarters: int | None = Field(None, ge=1, le=QUARTERS_MOST)
    outcomes: list[str] = Field(list(OUTCOMES), min_length=1)
    design: Design
    uncertainties: dict[str, Given] = Field({})
    levers: dict[str, Given] = Field({})
    difference: Difference | None = None
    ensemble: str | None = None
    correlations: dict[str, dict[str, float]] = Field({})


class Plan(Strict):
    """A checked plan. Files are named as in the plan, relative to its `folder`."""

    name: str
    folder: str
    title: str
    about: str
    scenario: str
    seed: int
    replicates: int
    quarters: int | None
    outcomes: tuple[str, ...]
    design: Design
    factors: tuple[Factor, ...]
    difference: str | None = None
    written: str | None = None  # the scenario of its file, where it is laid over another
    ensemble: str | None = (
        None  # in whose worlds each point is lived; none: the numbers as they are
    )
    distinct: bool = False  # no trajectory of a screening is drawn twice; formerly some could be

    @property
    def uncertainties(self) -> tuple[Factor, ...]:
        """The factors that nobody knows."""
        return tuple(factor for factor in self.factors if factor.role == "uncertainty")

    @property
    def levers(self) -> tuple[Factor, ...]:
        """The factors that somebody decides."""
        return tuple(factor for factor in self.factors if factor.role == "lever")

    @property
    def varied(self) -> list[int]:
        """The places of the factors that take more than one value."""
        return [k for k, factor in enumerate(self.factors) if not factor.fixed]

    def document(self) -> dict[str, Any]:
        """Return the plan in full, ready for JSON.

        A factor says of its chances only what is not so of itself, and no ensemble is none: thereby
        a study that was begun when nothing could be said of them is still the same study.
        """
        whole = self.model_dump(mode="json")
        if whole["ensemble"] is None:
            del whole["ensemble"]
        for factor in whole["factors"]:
            for key in CHANCES:
                if not factor[key]:
                    del factor[key]
        return whole


def plan_of(document: Mapping[str, Any]) -> Plan:
    """Return the plan of a document that `Plan.document` made."""
    return Plan.model_validate(dict(document))


def file_of(plan: Plan, name: str) -> Path:
    """Return where a file lies that a plan names."""
    return (Path(plan.folder) / name).resolve()
