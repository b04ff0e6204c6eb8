"""Which file a plan's name means, what else a user may have given, and another scenario beneath."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ...sim.declared.parameters import SECTIONS
from ...sim.declared.scenario import SHIPPED
from ...sim.errors import InputError, as_text, nearest
from ..stored.reading import holds_result, read_record
from ..stored.record import WHAT
from .plan import PlanFile

PLANS = Path(__file__).parents[1] / "plans"
"""Plans that come with the project."""


def on(scenario: str | Path) -> str:
    """Return how the name of a plan ends that is laid over another scenario."""
    return f"-on-{Path(scenario).stem}"


def shipped_plans() -> dict[str, Path]:
    """Return the plans of the project by name."""
    return {path.stem: path for path in sorted(PLANS.glob("*.toml"))}


def find_plan(name_or_path: str | Path) -> Path:
    """Return the file of a plan: a name of the project's, or a path.

    Raises:
        InputError: there is none, or it is something else; the message says what to do.
    """
    text = as_text("the plan", name_or_path, "give its name, the path of a .toml file, or a Plan")
    shipped = shipped_plans()
    if not text.strip():
        raise InputError(
            "the plan has no name: give that of a plan of the project (councils plans lists them), "
            "or the path of a file that ends in .toml"
        )
    if text in shipped:
        return shipped[text]
    path = Path(text)
    if path.is_dir():
        raise InputError(_of_folder(path))
    if path.suffix == ".toml" and path.is_file():
        return path
    if path.suffix == ".toml":
        raise InputError(f"there is no plan '{text}': {_nearest_file(path)}")
    if path.is_file():
        raise InputError(f"'{text}' is no plan: the file of a plan ends in .toml")
    if (SHIPPED / f"{text}.toml").is_file():
        raise InputError(f"'{text}' is a scenario and no plan: {_for_scenario(text)}")
    here = f"{text}.toml"
    hint = f"did you mean '{here}'?" if Path(here).is_file() else nearest(text, shipped)
    raise InputError(
        f"there is no plan '{text}': {hint} (give the name of a plan of the project, or the path "
        "of a file that ends in .toml)"
    )


def _of_folder(folder: Path) -> str:
    """Return what to say to somebody who gives a folder in place of a plan."""
    inside = sorted(folder.glob("*.toml"))
    if holds_result(folder):
        record = read_record(folder)
        said = f"'{folder}' holds a {WHAT[record.kind]} and is no plan: councils report {folder} "
        said += f"shows it, councils verify {folder} checks it"
        if record.kind == "study":
            plan = record.question["plan"]
            said += f", councils sensitivity {folder} says what matters in it"
            said += f"; to go on with it, give its plan ({plan['name']}) and --out {folder}"
        return said
    names = f", such as {inside[0]}" if inside else ""
    return f"'{folder}' is a folder: give the file of a plan{names}"


def _nearest_file(path: Path) -> str:
    shipped = shipped_plans()
    if path.stem in shipped:
        return f"the one of that name that comes with the project is called {path.stem}"
    known = [str(each) for each in sorted(path.parent.glob("*.toml"))] + list(shipped)
    return f"{nearest(str(path), known)}; check the path"


def _for_scenario(text: str) -> str:
    plan = next(iter(shipped_plans()))
    return (
        f"councils run {text} runs it as it is; to vary something, write a plan with "
        f'scenario = "{text}", or lay one of the project over it: councils sweep {plan} '
        f"--scenario {text}"
    )


def check_is_plan(tree: Mapping[str, Any], path: Path) -> None:
    """Refuse a scenario or policy that is given as a plan.

    Raises:
        InputError: with what can be done with a scenario.
    """
    foreign = [key for key in tree if key in ("base", "places", "change", *SECTIONS)]
    if foreign and not {"design", "uncertainties", "levers"} & set(tree):
        raise InputError(
            f"'{path}' is a scenario and no plan (it has {foreign[0]}, and no [design]): "
            f"{_for_scenario(str(path))}"
        )


def laid_over_another(file: PlanFile, scenario: str | Path) -> PlanFile:
    """Return a plan's file with another scenario beneath, whose path is from where one stands."""
    text = str(scenario)
    other = str(Path(text).resolve()) if text.endswith(".toml") else text
    words = f"Laid over the scenario “{Path(text).stem}”; the plan was written for “{{}}”."
    about = f"{file.about} {words.format(Path(file.scenario).stem)}".strip()
    return file.model_copy(update={"scenario": other, "about": about})


@contextmanager
def told_as_laid(plan: str, scenario: str | None) -> Iterator[None]:
    """Say of what goes wrong that a plan does not go with a scenario that is not its own.

    `scenario` is None where the plan is about its own; then errors stay as they are.

    Raises:
        InputError: as it was raised, with what to do.
    """
    try:
        yield
    except InputError as error:
        if scenario is None:
            raise
        why = str(error)
        why += "" if why.endswith((".", "?")) else "."
        raise InputError(
            f"the plan '{plan.removesuffix(on(scenario))}' cannot be laid over the scenario "
            f"'{Path(scenario).stem}': {why} "
            "Give a scenario that has what the plan names, or leave --scenario out"
        ) from None
