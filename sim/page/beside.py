"""Whether two scenarios can be shown side by side: of one place, and on one clock."""

from __future__ import annotations

from pathlib import Path

from ..declared.finding import SHIPPED
from ..declared.scenario import Scenario, layers
from ..errors import InputError
from ..ready.compared import unlike


def check_alike(base: Scenario, policy: Scenario, file: str | Path) -> None:
    """Raise InputError where a policy is of another place or time than what it is to stand beside.

    Args:
        base: what is shown first.
        policy: what was loaded from `file`.
    """
    where, differ = f"'{file}' cannot be shown beside '{base.name}'", unlike(base, policy)
    if "start" in differ or "quarters" in differ:
        raise InputError(
            f"{where}: it covers {policy.quarters} quarters from {policy.start}, and that "
            f"{base.quarters} from {base.start}; write start = {base.start} and quarters = "
            f"{base.quarters} into it"
        )
    if "councils" in differ:
        raise InputError(f"{where}: it is about other councils; {_advice(base, file)}")


def _advice(base: Scenario, file: str | Path) -> str:
    beneath = [Path(path) for _, path in layers(file)[:-1]]
    own = [path.stem for path in beneath if path.parent == SHIPPED]
    begin = f'begin it with base = "{base.name}"'
    if not own or own[-1] == base.name:
        return f"{begin}, and leave [places] out"
    return f"{begin}, or show it beside its own base: {own[-1]}"
