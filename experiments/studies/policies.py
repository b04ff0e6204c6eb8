"""The scenario of a plan, as it is and with a policy laid over it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomli_w

from ...sim.declared.parameters import SECTIONS
from ...sim.declared.reading import lay_over, parse
from ...sim.declared.scenario import Scenario, checked, differences, load, read_tree
from ...sim.errors import InputError, nearest
from ..policies.mistakes import POLICIES
from .plan import AS_IT_IS, Plan, file_of

NOT_OF_A_POLICY = ("start", "quarters", "places")


def base_scenario(plan: Plan) -> Scenario:
    """Return the scenario that a plan is about, as it is."""
    return load(in_full(plan.scenario, plan.folder), quarters=plan.quarters)


def under_policy(plan: Plan, policy: str) -> Scenario:
    """Return the plan's scenario with a policy laid over it ("base": as it is).

    Raises:
        InputError: the policy's file cannot be used, or does not go with the scenario.
    """
    if policy == AS_IT_IS:
        return base_scenario(plan)
    path = _file_of_policy(plan, policy)
    kept = _own(plan, path)
    kept.setdefault("title", "")
    kept.setdefault("about", "")
    tree, _ = read_tree(in_full(plan.scenario, plan.folder))
    if plan.quarters is not None:
        tree["quarters"] = plan.quarters
    return checked(lay_over(tree, kept), path.stem, str(path))


def _own(plan: Plan, path: Path) -> dict[str, Any]:
    """Return what a policy lays over the plan's scenario."""
    own = differences(path)
    _check_policy(own, plan, path)
    return {key: value for key, value in own.items() if key != "base"}


def as_laid(plan: Plan, policy: str, folder: Path) -> Path:
    """Write a policy as a scenario file of its own: laid over the plan's scenario, not its base."""
    path = _file_of_policy(plan, policy)
    own = _own(plan, path) | {"base": in_full(plan.scenario, plan.folder)}
    laid = folder / path.name
    laid.write_text(tomli_w.dumps(own), encoding="utf-8")
    return laid


def own_numbers(plan: Plan, policy: str) -> set[str]:
    """Return the declared numbers that a policy itself sets from the start, not by date."""
    if policy == AS_IT_IS:
        return set()
    own = parse(_file_of_policy(plan, policy))
    return {f"{key}.{name}" for key, value in own.items() if key in SECTIONS for name in value}


def _file_of_policy(plan: Plan, policy: str) -> Path:
    own_file = policy.endswith(".toml")
    return file_of(plan, policy) if own_file else POLICIES / f"{policy}.toml"


def _check_policy(own: Mapping[str, Any], plan: Plan, path: Path) -> None:
    for key in NOT_OF_A_POLICY:
        if key in own:
            raise InputError(
                f"'{path}': a policy cannot change '{key}', or outcomes could not be compared; "
                "put it into the scenario"
            )
    base = str(own.get("base", ""))
    theirs = [file_of(plan, name) for name in (plan.scenario, plan.written) if name is not None]
    if base.endswith(".toml") and (path.parent / base).resolve() not in theirs:
        raise InputError(
            f"'{path}': a policy is laid over the plan's scenario, so what its base '{base}' says "
            "would be lost; put all of the policy into one file"
        )


def named_policy(policy: object, plan: Path) -> str:
    """Return the name of a policy that comes with the project, or the path of a file."""
    text = str(policy)
    shipped = sorted(path.stem for path in POLICIES.glob("*.toml"))
    if text == AS_IT_IS or text in shipped:
        return text
    if text.endswith(".toml") and (plan.parent / text).is_file():
        return text
    if text.removesuffix(".toml") in shipped:
        return text.removesuffix(".toml")
    raise InputError(
        f"'{plan}': there is no policy '{text}'; {nearest(text, shipped)} (or the path of a file)"
    )


def in_full(text: str, folder: str) -> str:
    """Return a name as it is, and the path of a file in full."""
    return str((Path(folder) / text).resolve()) if Path(text).suffix else text
