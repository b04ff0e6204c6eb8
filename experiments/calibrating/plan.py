"""What a calibration is told: a small TOML file, in which every mistake is found before any run."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, ValidationError

from ...sim.declared.reading import parse
from ...sim.declared.scenario import Scenario, Strict, load
from ...sim.errors import InputError, nearest
from ...sim.running import SEED_MOST
from ..history.targets import LAST_DAY, of_england, quarter_ending

PLANS = Path(__file__).parents[1] / "ensembles"


DECLARED_LUCKS = 100
"""How often the declared defaults are lived, which are put among the sets."""


class Screening(Strict):
    """How the numbers are found that move something."""

    points: int = Field(3000, ge=200, le=1_000_000)
    numbers: int = Field(60, ge=2, le=200)


class Waves(Strict):
    """How values are ruled out before anything is inferred."""

    count: int = Field(3, ge=1, le=8)
    points: int = Field(1000, ge=200, le=100_000)
    cutoff: float = Field(3.0, ge=1.0, le=10.0)


class Inference(Strict):
    """How values are inferred among those that are left."""

    learning: int = Field(6000, ge=500, le=10_000_000)
    runs: int = Field(20_000, ge=1000, le=10_000_000)
    keep: float = Field(0.04, gt=0.0, le=0.5)
    planted: int = Field(500, ge=20, le=100_000)


class Sets(Strict):
    """How many sets of values come out, and how often each is lived to look at them."""

    count: int = Field(200, ge=20, le=5_000)
    lucks: int = Field(4, ge=1, le=1000)


class CalibrationPlan(Strict):
    """A calibration: its scenario, its seed, and how much of each step."""

    title: str = ""
    about: str = ""
    scenario: str = "england"
    seed: int = Field(1, ge=0, le=SEED_MOST)
    screening: Screening = Screening()
    waves: Waves = Waves()
    inference: Inference = Inference()
    ensemble: Sets = Sets()

    @property
    def runs(self) -> int:
        """How many runs there are altogether."""
        waves = (self.waves.count - 1) * self.waves.points
        looked = self.ensemble.count * self.ensemble.lucks
        inferred = self.inference.learning + self.inference.runs
        return self.screening.points + waves + inferred + looked + DECLARED_LUCKS


def read_calibration(given: str | Path) -> tuple[CalibrationPlan, Path]:
    """Return the checked plan of a name of the project or of a TOML file, and where it stands.

    Raises:
        InputError: the file, a key or a value cannot be used; the message says what to do.
    """
    path = Path(given)
    own = PLANS / f"{given}.toml"
    if not path.is_file() and own.is_file():
        path = own
    if not path.is_file():
        raise InputError(f"there is no plan '{given}': give 'calibrated', or the path of a .toml")
    tree = parse(path)
    for key in tree:
        if key not in CalibrationPlan.model_fields:
            known = tuple(CalibrationPlan.model_fields)
            raise InputError(f"'{path}': unknown key '{key}'; {nearest(key, known)}")
    try:
        plan = CalibrationPlan.model_validate(tree)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise InputError(f"'{path}': {place}: {first['msg'].lower()}") from None
    _check(plan, path)
    return plan, path


def scenario_of(plan: CalibrationPlan) -> Scenario:
    """Return the scenario of a plan."""
    return load(plan.scenario)


def _check(plan: CalibrationPlan, path: Path) -> None:
    scenario = scenario_of(plan)
    last = quarter_ending(LAST_DAY, scenario.start)
    if not of_england(scenario) or scenario.quarters <= last:
        raise InputError(
            f"'{path}': scenario is '{plan.scenario}': a calibration is held against the history "
            "of all of England from April 2009 to the end of 2014; give 'england', or a scenario "
            "based on it that covers that"
        )
    kept = int(plan.inference.keep * plan.inference.runs)
    if kept < plan.ensemble.count:
        raise InputError(
            f"'{path}': inference.keep of {plan.inference.runs:,} runs are {kept:,}, fewer than "
            f"the {plan.ensemble.count:,} sets of the ensemble: give a larger share, or more runs"
        )
    if plan.inference.planted > plan.inference.runs:
        raise InputError(
            f"'{path}': inference.planted is {plan.inference.planted:,}, of "
            f"{plan.inference.runs:,} runs: give fewer"
        )
