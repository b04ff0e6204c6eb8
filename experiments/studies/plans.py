"""A plan says what a study asks: which numbers vary, how far, at which points, and how often.

It is a small TOML file. Uncertainties (what nobody knows) and levers (what somebody decides) are
kept apart. Every mistake in it is found when it is read, before anything runs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from sim.errors import InputError, nearest
from sim.measures import MEASURES
from sim.parameters import Declaration, declarations
from sim.running import REPLICATE_MOST, SEED_MOST
from sim.scenario import (
    QUARTERS_MOST,
    Scenario,
    Strict,
    changed,
    check_keys,
    checked,
    lay_over,
    load,
    parse,
    read_tree,
    resolve_paths,
)

POLICIES = Path(__file__).parents[1] / "policies"
POLICY, AS_IT_IS = "policy", "base"
"""The name of the special lever, and its value for the scenario as it is."""
FUNDING = "settlement.path"
"""The one number whose values may be files."""
OUTCOMES = ("talks_begun", "talks_failed", "formed", "services", "managements", "net_saving")
"""The measures that reports show unless a plan names others."""
DECLARED = {declared.name: declared for declared in declarations()}
NOT_OF_A_POLICY = ("start", "quarters", "places")
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


class Difference(Strict):
    """Outcomes are also wanted as this policy minus the scenario without it."""

    policy: str


class Factor(Strict):
    """A number, word or policy that differs from point to point."""

    name: str
    role: Literal["uncertainty", "lever"]
    low: float | None = None  # both are given, or values are
    high: float | None = None
    values: tuple[Value, ...] = ()
    since: date | None = None

    @property
    def categorical(self) -> bool:
        """Whether it takes listed values, which are never treated as a scale."""
        return bool(self.values)

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

    @property
    def uncertainties(self) -> tuple[Factor, ...]:
        """The factors that nobody knows."""
        return tuple(factor for factor in self.factors if factor.role == "uncertainty")

    @property
    def levers(self) -> tuple[Factor, ...]:
        """The factors that somebody decides."""
        return tuple(factor for factor in self.factors if factor.role == "lever")

    def document(self) -> dict[str, Any]:
        """Return the plan in full, ready for JSON."""
        return self.model_dump(mode="json")


def plan_of(document: Mapping[str, Any]) -> Plan:
    """Return the plan of a document that `Plan.document` made."""
    return Plan.model_validate(dict(document))


def read_plan(path: str | Path) -> Plan:
    """Return the checked plan of a TOML file.

    Raises:
        InputError: the file, a key or a value cannot be used; the message says what to do.
    """
    where = Path(path)
    if where.suffix != ".toml" or not where.is_file():
        raise InputError(f"there is no plan '{path}': give the path of a .toml file")
    tree = parse(where)
    _check_plan_keys(tree, str(where))
    try:
        file = PlanFile.model_validate(tree)
    except ValidationError as error:
        raise InputError(_in_words(error, str(where))) from None
    plan = _checked(file, where.resolve())
    _check_design(plan.design, plan.factors, str(where))
    return plan


def base_scenario(plan: Plan) -> Scenario:
    """Return the scenario that a plan is about, as it is."""
    return load(_place(plan.scenario, plan.folder), quarters=plan.quarters)


def _place(text: str, folder: str) -> str:
    """Return a name as it is, and the path of a file in full."""
    return str((Path(folder) / text).resolve()) if Path(text).suffix else text


def file_of(plan: Plan, name: str) -> Path:
    """Return where a file lies that a plan names."""
    return (Path(plan.folder) / name).resolve()


def under_policy(plan: Plan, policy: str) -> Scenario:
    """Return the plan's scenario with a policy laid over it ("base": as it is).

    Raises:
        InputError: the policy's file cannot be used, or does not go with the scenario.
    """
    if policy == AS_IT_IS:
        return base_scenario(plan)
    own_file = policy.endswith(".toml")
    path = file_of(plan, policy) if own_file else POLICIES / f"{policy}.toml"
    own = parse(path)
    check_keys(own, str(path))
    _check_policy(own, plan, path)
    resolve_paths(own, path.parent)
    kept = {key: value for key, value in own.items() if key not in ("base", "title", "about")}
    tree, _ = read_tree(_place(plan.scenario, plan.folder), ())
    if plan.quarters is not None:
        tree["quarters"] = plan.quarters
    return checked(lay_over(tree, kept), Path(plan.scenario).stem, str(path))


def _check_policy(own: Mapping[str, Any], plan: Plan, path: Path) -> None:
    for key in NOT_OF_A_POLICY:
        if key in own:
            raise InputError(
                f"'{path}': a policy cannot change '{key}', or outcomes could not be compared; "
                "put it into the scenario"
            )
    base = str(own.get("base", ""))
    if base.endswith(".toml") and (path.parent / base).resolve() != file_of(plan, plan.scenario):
        raise InputError(
            f"'{path}': a policy is laid over the plan's scenario, so what its base '{base}' says "
            "would be lost; put all of the policy into one file"
        )


def _check_plan_keys(tree: Mapping[str, Any], where: str) -> None:
    known = tuple(PlanFile.model_fields)
    for key, value in tree.items():
        if key not in known:
            raise InputError(f"'{where}': unknown key '{key}'; {nearest(key, known)}")
        if key in ("design", "uncertainties", "levers", "difference") and not isinstance(
            value, dict
        ):
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


def _checked(file: PlanFile, path: Path) -> Plan:
    where, folder = str(path), path.parent
    known = [measure.name for measure in MEASURES]
    for name in file.outcomes:
        if name not in known:
            raise InputError(f"'{where}': outcomes: unknown measure '{name}'; "
                             f"{nearest(name, known)}")  # fmt: skip
    _check_once(file.outcomes, f"'{where}': outcomes")
    base = load(_place(file.scenario, str(folder)), quarters=file.quarters)
    twice = [name for name in file.uncertainties if name in file.levers]
    if twice:
        raise InputError(f"'{where}': '{twice[0]}' is an uncertainty and a lever; say it once")
    factors = [
        *(_uncertainty(name, given, base, path) for name, given in file.uncertainties.items()),
        *(_lever(name, given, base, path) for name, given in file.levers.items()),
    ]
    kept = {"title", "about", "scenario", "seed", "replicates", "quarters", "design"}
    plan = Plan(
        name=path.stem,
        folder=str(folder),
        outcomes=tuple(file.outcomes),
        factors=tuple(factors),
        difference=None if file.difference is None else _find(file.difference.policy, path),
        **{key: getattr(file, key) for key in kept},
    )
    _check_together(plan, base, where)
    return plan


def _check_together(plan: Plan, base: Scenario, where: str) -> None:
    """Check what no factor shows alone: policies against the scenario, and dead numbers."""
    if not plan.factors:
        raise InputError(f"'{where}': nothing varies; name [uncertainties] or [levers]")
    varied = {factor.name: factor for factor in plan.factors}
    policies = varied[POLICY].values if POLICY in varied else ()
    if policies and plan.difference is not None:
        raise InputError(
            f"'{where}': [difference] and the lever 'policy' both compare policies; keep one"
        )
    laid = [under_policy(plan, str(policy)) for policy in policies or (AS_IT_IS,)]
    if plan.difference is not None:
        laid.append(under_policy(plan, plan.difference))
    limits = varied["tax.limits"].values if "tax.limits" in varied else ()
    fixed = "fixed" in limits or any(
        "fixed" in (s.parameters.tax.limits, *(c.set.get("tax.limits") for c in s.change))  # type: ignore[attr-defined]
        for s in laid
    )
    if "tax.fixed_limit" in varied and not fixed:
        raise InputError(
            f"'{where}': tax.fixed_limit has no effect unless tax.limits is 'fixed'; set that too"
        )


def _check_once(values: Sequence[object], where: str) -> None:
    seen = [value for k, value in enumerate(values) if value in values[:k]]
    if seen:
        raise InputError(f"{where}: {seen[0]!r} is there twice; say it once")


def _uncertainty(name: str, given: Given, base: Scenario, path: Path) -> Factor:
    where = f"'{path}', [uncertainties], {name}"
    if name == POLICY:
        raise InputError(f"{where}: a policy is decided by somebody; put it under [levers]")
    if given.since is not None:
        raise InputError(f"{where}: only levers have a date; leave out since")
    return _factor(name, given, base, path, "uncertainty")


def _lever(name: str, given: Given, base: Scenario, path: Path) -> Factor:
    where = f"'{path}', [levers], {name}"
    if name == POLICY:
        return _policies(given, path, where)
    if given.since is not None:
        end = base.first_day(base.quarters)
        if not base.start <= given.since < end:
            raise InputError(
                f"{where}: since {given.since} lies outside the run, which lasts from "
                f"{base.start} to before {end}"
            )
    return _factor(name, given, base, path, "lever")


def _policies(given: Given, path: Path, where: str) -> Factor:
    if given.since is not None or not given.values or given.low is not None:
        raise InputError(
            f'{where}: give values = ["base", "set-up-grants", "mine.toml"], and nothing else; '
            "the dates stand in the policy's own file"
        )
    found = tuple(_find(text, path) for text in given.values)
    _check_once(found, where)
    return Factor(name=POLICY, role="lever", values=found)


def _find(policy: object, plan: Path) -> str:
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


def _factor(
    name: str, given: Given, base: Scenario, path: Path, role: Literal["uncertainty", "lever"]
) -> Factor:
    table = "levers" if role == "lever" else "uncertainties"
    where = f"{path}, [{table}]"
    if name not in DECLARED:
        raise InputError(f"'{where}': unknown number '{name}'; {nearest(name, DECLARED)}")
    declared = DECLARED[name]
    if given.values is not None:
        if given.low is not None or given.high is not None:
            raise InputError(f"'{where}', {name}: give low and high, or values, not both")
        values = tuple(_value(value, name, path) for value in given.values)
        if not values:
            raise InputError(f"'{where}', {name}: values is empty; give at least one")
        _check_once(values, f"'{where}', {name}")
        for value in values:
            _check_value(base, name, value, where)
        return Factor(name=name, role=role, values=values, since=given.since)
    return _ranged(declared, given, base, where, role)


def _ranged(
    declared: Declaration,
    given: Given,
    base: Scenario,
    where: str,
    role: Literal["uncertainty", "lever"],
) -> Factor:
    name = declared.name
    if declared.plausible is None:
        if given.low is not None or given.high is not None or not declared.words:
            raise InputError(f"'{where}', {name} is a word: give values = [...]")
        return Factor(name=name, role=role, values=declared.words, since=given.since)
    low = declared.plausible[0] if given.low is None else given.low
    high = declared.plausible[1] if given.high is None else given.high
    if not low < high:
        raise InputError(
            f"'{where}', {name}: low is {low:g} and high {high:g}; low must lie below high"
        )
    for value in (low, high):
        _check_value(base, name, value, where)
    return Factor(name=name, role=role, low=low, high=high, since=given.since)


def _value(value: object, name: str, path: Path) -> Value:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise InputError(f"'{path}', {name}: {value!r} is neither a number nor a word")
    if not isinstance(value, str):
        return float(value)
    table = name == FUNDING and value.endswith(".csv")
    if table and not (path.parent / value).is_file():
        raise InputError(f"'{path}', {name}: there is no file '{value}'; check the path")
    return value


def _check_value(base: Scenario, name: str, value: Value, where: str) -> None:
    if name == FUNDING and value not in ("history", "flat") and not str(value).endswith(".csv"):
        raise InputError(
            f"'{where}', {name}: '{value}' is not known; give history, flat, or a file in .csv"
        )
    changed(base.parameters, {name: value}, where)
    if isinstance(value, str) == (DECLARED[name].plausible is not None):
        raise InputError(f"'{where}', {name}: {value!r} must be a number")


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


def with_size(plan: Plan, *, replicates: int | None, points: int | None) -> Plan:
    """Return a plan with another number of replicates or points; checked again.

    Raises:
        InputError: the number cannot be used, or the design has no number of points of its own.
    """
    changes: dict[str, Any] = {}
    if replicates is not None:
        if not 1 <= replicates <= REPLICATE_MOST + 1:
            raise InputError(
                f"--replicates is {replicates}: give a whole number from 1 to {REPLICATE_MOST + 1}"
            )
        changes["replicates"] = replicates
    if points is not None:
        if "points" not in KEYS[plan.design.kind]:
            raise InputError(
                f"--points: a {plan.design.kind} design is not told how many points; change its "
                f"{KEYS[plan.design.kind][0]} in the plan"
            )
        if points < 1:
            raise InputError(f"--points is {points}: give a whole number from 1 upwards")
        design = plan.design.model_copy(update={"points": points})
        _check_design(design, plan.factors, plan.name)
        changes["design"] = design
    return plan.model_copy(update=changes)
