"""Policies that come with the project, and finding what a name or a path means."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ...sim.declared.scenario import SHIPPED, Scenario, lasting, load
from ...sim.errors import A_SCENARIO, InputError, as_text, nearest
from ...sim.ready.kept import prepared

POLICIES = Path(__file__).parent


def find_policy(text: str | Path | Scenario, quarters: int | None = None) -> Scenario:
    """Return a scenario by its name, by the name of a policy of the project, or by its path.

    Raises:
        InputError: there is none, or it cannot last so many `quarters`.
    """
    if not isinstance(text, Scenario):
        return load(file_of(text), quarters=quarters)
    return text if quarters is None else lasting(text, quarters)


def file_of(text: str | Path) -> str:
    """Return the name of a scenario as it is, and the file of a policy of the project."""
    name = as_text("the scenario or policy", text, A_SCENARIO)
    if name.endswith(".toml") or (SHIPPED / f"{name}.toml").exists():
        return name
    own = POLICIES / f"{name}.toml"
    if own.exists():
        return str(own)
    known = sorted(path.stem for folder in (SHIPPED, POLICIES) for path in folder.glob("*.toml"))
    raise InputError(
        f"there is no scenario or policy '{name}': {nearest(name, known)} "
        "(the name of a file ends in .toml)"
    )


def check_alike(base: Scenario, policies: Sequence[Scenario]) -> None:
    """Refuse policies that cannot be told apart by name, or that are not about one place."""
    names = [base.name, *(policy.name for policy in policies)]
    for name in names:
        if names.count(name) > 1:
            raise InputError(f"'{name}' is named twice: compare each once, or rename one file")
    places = sorted(prepared(base).table.code)
    for policy in policies:
        where = f"'{policy.name}' cannot be compared with '{base.name}'"
        if (policy.start, policy.quarters) != (base.start, base.quarters):
            raise InputError(
                f"{where}: it covers {policy.quarters} quarters from {policy.start}, not "
                f"{base.quarters} from {base.start}; give both the same `start` and `quarters`"
            )
        if sorted(prepared(policy).table.code) != places:
            raise InputError(
                f"{where}: it is about other councils; let both have the same [places], "
                f'for example with base = "{base.name}"'
            )
