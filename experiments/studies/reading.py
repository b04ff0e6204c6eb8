"""Reading a plan: a small TOML file in which every mistake is found before anything runs.

Uncertainties (what nobody knows) and levers (what somebody decides) are kept apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ...sim.declared.reading import parse
from ...sim.declared.scenario import Strict, check_lasting, load
from ...sim.errors import InputError, as_text, nearest, whole
from ...sim.running import REPLICATE_MOST
from ..ensembles.ensemble import NONE
from ..wanted import check_measure
from ..worlds import worlds_in
from .correlated import check_independent, check_pairs, with_correlations
from .distributions import check_drawn
from .factors import check_once, lever_of, uncertainty_of
from .finding import check_is_plan, find_plan, laid_over_another, on, told_as_laid
from .overruled import check_in_force, dated, laid_over
from .plan import (
    AS_IT_IS,
    KEYS,
    MORRIS_LEVELS,
    POLICY,
    Design,
    Difference,
    Factor,
    Given,
    Plan,
    PlanFile,
)
from .policies import in_full, named_policy, under_policy
from .wildcards import spread_out

TABLES = ("design", "uncertainties", "levers", "difference", "correlations")
"""The keys of a plan that are tables."""


def read_plan(name_or_path: str | Path, *, scenario: str | Path | None = None) -> Plan:
    """Return the checked plan of a name of the project or of a TOML file.

    Args:
        name_or_path: which plan.
        scenario: lay it over this one (a name or a path) in place of that which the plan names.

    Raises:
        InputError: the file, a key or a value cannot be used; the message says what to do.
    """
    where = find_plan(name_or_path)
    tree = parse(where)
    check_is_plan(tree, where)
    _check_plan_keys(tree, str(where))
    try:
        file = PlanFile.model_validate(tree)
    except ValidationError as error:
        raise InputError(_in_words(error, str(where))) from None
    if scenario is None:
        plan = _checked(file, where.resolve(), None)
    else:
        plan = _laid(file, where, scenario)
    _check_design(plan.design, plan.factors, str(where))
    return plan


def _laid(own: PlanFile, where: Path, scenario: str | Path) -> Plan:
    """Return a plan over another scenario; what is wrong with either alone is told as it is."""
    file = laid_over_another(own, scenario)
    load(in_full(file.scenario, str(where.parent)), quarters=file.quarters)
    try:
        return _checked(file, where.resolve(), own.scenario)
    except InputError:
        _checked(own, where.resolve(), None)
        with told_as_laid(where.stem, file.scenario):
            raise


def _check_plan_keys(tree: Mapping[str, Any], where: str) -> None:
    known = tuple(PlanFile.model_fields)
    for key, value in tree.items():
        if key not in known:
            raise InputError(f"'{where}': unknown key '{key}'; {nearest(key, known)}")
        if key in TABLES and not isinstance(value, dict):
            raise InputError(f"'{where}': [{key}] must be a table")
    if "design" not in tree:
        raise InputError(
            f"'{where}': there is no [design]: give a kind ({', '.join(KEYS)}) and how many points"
        )
    for role in ("uncertainties", "levers"):
        for name, given in tree.get(role, {}).items():
            if isinstance(given, dict) and not set(given) <= set(Given.model_fields):
                _refuse_nested(where, role, name, given)
    _check_inner(tree["design"], Design, f"'{where}', [design]")
    _check_inner(tree.get("difference", {}), Difference, f"'{where}', [difference]")
    check_pairs(tree.get("correlations", {}), f"'{where}', [correlations]")


def _refuse_nested(where: str, role: str, name: str, given: Mapping[str, Any]) -> None:
    """Name the unknown key of a factor, or the quotes that a dotted name needs."""
    if all(isinstance(value, dict) for value in given.values()):
        raise InputError(
            f"'{where}', [{role}]: write the name in quotes: \"{name}.{next(iter(given))}\""
        )
    _check_inner(given, Given, f"'{where}', [{role}], {name}")


def _check_inner(table: Mapping[str, Any], model: type[Strict], where: str) -> None:
    for key in table:
        if key not in model.model_fields:
            raise InputError(f"{where}: unknown key '{key}'; {nearest(key, model.model_fields)}")


def _in_words(error: ValidationError, where: str) -> str:
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    given = first.get("input")
    shown = f" (given: {given!r})" if not isinstance(given, dict | list) else ""
    return f"'{where}': {place}: {first['msg'].lower()}{shown}"


def _checked(file: PlanFile, path: Path, written: str | None) -> Plan:
    where, folder = str(path), path.parent
    for name in file.outcomes:
        check_measure(f"'{where}': outcomes:", name)
    check_once(file.outcomes, f"'{where}': outcomes")
    base = load(in_full(file.scenario, str(folder)), quarters=file.quarters)
    twice = [name for name in file.uncertainties if name in file.levers]
    if twice:
        raise InputError(f"'{where}': '{twice[0]}' is an uncertainty and a lever; say it once")
    uncertain = spread_out(file.uncertainties, file.levers, path)
    factors = [
        *(uncertainty_of(name, given, base, path) for name, given in uncertain.items()),
        *(lever_of(name, given, base, path) for name, given in file.levers.items()),
    ]
    factors = with_correlations(factors, file.correlations, f"'{where}', [correlations]")
    kept = {"title", "about", "scenario", "seed", "replicates", "quarters", "design"}
    plan = Plan(
        name=path.stem if written is None else path.stem + on(file.scenario),
        folder=str(folder),
        outcomes=tuple(file.outcomes),
        factors=tuple(factors),
        difference=None if file.difference is None else named_policy(file.difference.policy, path),
        written=written,
        distinct=file.design.kind == "morris",
        ensemble=_ensemble(file.ensemble, folder),
        **{key: getattr(file, key) for key in kept},
    )
    if written is not None:
        plan = dated(plan)
        for factor in plan.factors:
            if factor.since is not None:
                check_lasting(base, [factor.name], factor.since, where)
    _check_together(plan, where)
    _check_worlds(plan, f"'{where}': replicates")
    return plan


def _ensemble(given: str | None, folder: Path) -> str | None:
    """Return how an ensemble is named from anywhere: a path of a plan is relative to its folder."""
    if given in (None, NONE):
        return None
    beside = folder / str(given)
    return str(beside.resolve()) if beside.exists() else given


def _check_worlds(plan: Plan, option: str) -> None:
    """Refuse an ensemble that there is not, and replicates that are no whole number of worlds."""
    worlds = worlds_in(plan.ensemble)
    if worlds is not None:
        worlds.check(option, plan.replicates)


def _check_together(plan: Plan, where: str) -> None:
    """Check what no factor shows alone: policies against the scenario, and dead numbers."""
    if not plan.factors:
        raise InputError(f"'{where}': nothing varies; name [uncertainties] or [levers]")
    if not plan.varied and plan.design.kind not in ("grid", "table"):
        raise InputError(
            f"'{where}': nothing varies, since each factor has one value, so a {plan.design.kind} "
            "design would draw one point again and again: give low and high, or more values, or "
            'kind = "grid" for this one point'
        )
    varied = {factor.name: factor for factor in plan.factors}
    if POLICY in varied and plan.difference is not None:
        raise InputError(
            f"'{where}': [difference] and the lever 'policy' both compare policies; keep one"
        )
    if plan.difference == AS_IT_IS:
        raise InputError(
            f"'{where}', [difference]: the scenario less itself is zero everywhere; name a policy"
        )
    policies = laid_over(plan)
    laid = [under_policy(plan, policy) for policy in policies]
    limits = varied["tax.limits"].values if "tax.limits" in varied else ()
    fixed = "fixed" in limits or any(
        "fixed" in (s.parameters.tax.limits, *(c.set.get("tax.limits") for c in s.change))  # type: ignore[attr-defined]
        for s in laid
    )
    if "tax.fixed_limit" in varied and not fixed:
        raise InputError(
            f"'{where}': tax.fixed_limit has no effect unless tax.limits is 'fixed'; set that too"
        )
    check_in_force(plan, policies, f"'{where}'")


def _check_design(design: Design, factors: Sequence[Factor], where: str) -> None:
    at = f"'{where}', [design]"
    for key in ("points", "levels", "trajectories", "table", "second_order"):
        if getattr(design, key) not in (None, False) and key not in KEYS[design.kind]:
            raise InputError(
                f"{at}: a {design.kind} design is not told '{key}'; it takes "
                f"{', '.join(KEYS[design.kind])}"
            )
    needed = KEYS[design.kind][0]
    if design.kind != "grid" and getattr(design, needed) is None:
        raise InputError(f"{at}: a {design.kind} design needs '{needed}'")
    if design.kind in ("sobol", "saltelli") and (design.points or 0).bit_count() != 1:
        below = 1 << max((design.points or 1).bit_length() - 1, 0)
        raise InputError(
            f"{at}: points is {design.points}: a {design.kind} design needs a power of two, "
            f"{below} or {2 * below}"
        )
    if design.kind == "morris" and (design.levels or MORRIS_LEVELS) % 2:
        raise InputError(f"{at}: levels is {design.levels}: a morris design needs an even number")
    check_drawn(design, factors, at)
    check_independent(design, factors, f"'{where}', [correlations]")


def with_size(
    plan: Plan, *, replicates: int | None, points: int | None, ensemble: str | None = None
) -> Plan:
    """Return a plan with another number of replicates or points, or in worlds; checked again.

    Raises:
        InputError: the number cannot be used, the design has no number of points of its own, or
            there is no such ensemble.
    """
    changes: dict[str, Any] = {}
    if ensemble is not None:
        named = as_text("ensemble", ensemble, "give a name, or the path of a file or folder")
        changes["ensemble"] = None if named == NONE else named
    if replicates is not None:
        changes["replicates"] = whole("--replicates", replicates, 1, REPLICATE_MOST + 1)
    if points is not None:
        if "points" not in KEYS[plan.design.kind]:
            raise InputError(
                f"--points: a {plan.design.kind} design is not told how many points; change its "
                f"{KEYS[plan.design.kind][0]} in the plan"
            )
        points = whole("--points", points, 1)
        design = plan.design.model_copy(update={"points": points})
        _check_design(design, plan.factors, plan.name)
        changes["design"] = design
    changed = plan.model_copy(update=changes)
    _check_worlds(changed, "--replicates")
    return changed
