"""What of a scenario does not last, does nothing or is not plausible, in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ..sim.declared.remarks import own_remarks
from ..sim.declared.scenario import Scenario
from ..sim.declared.undone import undone


def notes_of(
    scenario: Scenario, name_or_path: str | Path, *, sets: Sequence[str] = ()
) -> list[str]:
    """Return what is to be noted of a scenario, one sentence each.

    Args:
        scenario: what was loaded.
        name_or_path, sets: what it was loaded from.
    """
    lost = undone(scenario, name_or_path, sets=sets)
    said = [f"{'; '.join(lost)}. To keep it, set it on that day too."] if lost else []
    return said + [f"{remark}." for remark in own_remarks(scenario, name_or_path)]
