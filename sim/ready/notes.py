"""What of a scenario does not last, does nothing or may not be what was meant, in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ..declared.reading import Layers
from ..declared.remarks import own_remarks
from ..declared.scenario import Scenario
from ..declared.undone import undone
from .doubts import doubts
from .older import as_told


def notes_of(
    scenario: Scenario,
    source: str | Path | Layers,
    *,
    sets: Sequence[str] = (),
    told: set[str] | None = None,
) -> list[str]:
    """Return what is to be noted of a scenario, one sentence each.

    Args:
        scenario: what was loaded.
        source, sets: what it was loaded from: a name, a path, or files laid one over the other.
        told: what was said of another one already, and is left out; what is said is added to it.

    Raises:
        InputError: a table of its own cannot be used.
    """
    told = set() if told is None else told
    lost = _new(undone(scenario, source, sets=sets), told)
    said = [f"{'; '.join(lost)}. To keep it, set it on that day too."] if lost else []
    older = as_told(scenario)
    others = [*own_remarks(scenario, source), *doubts(scenario), *([older] if older else [])]
    return said + [f"{each}." for each in _new(others, told)]


def _new(said: Sequence[str], told: set[str]) -> list[str]:
    found = [each for each in said if each not in told]
    told.update(found)
    return found
