"""Freeze the outcomes of the shipped scenarios: `PYTHONPATH=. python tests/freeze.py "why"`.

The tables under tests/baselines/ are what the model said when they were last frozen. Refresh them
with this command only, in a commit of its own.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from sim.declared.scenario import load
from sim.ready.kept import prepared
from sim.running import luck_of, run_arrays
from sim.tables.columns import run_columns

PLACE = Path(__file__).parent / "baselines"
SEED = 20090401
FROZEN = {
    "norfolk-seven": 4, "norfolk": 4, "england-districts": 1, "england": 1, "synthetic": 1,
}  # fmt: skip
"""Scenarios and their replicates."""


def outcomes(name: str, *, quarters: int | None = None) -> list[dict[str, float]]:
    """Return the outcomes of each replicate of a scenario."""
    import numpy as np

    ready = prepared(load(name, quarters=quarters))
    found = []
    for replicate in range(FROZEN[name]):
        record = run_arrays(ready, luck=luck_of(SEED, replicate), events=False).record
        columns = run_columns(SEED, np.array([replicate]), record[None, :])
        found.append({key: float(np.asarray(column)[0]) for key, column in columns.items()})
    return found


def freeze(why: str) -> None:
    """Write the tables, and why they changed."""
    PLACE.mkdir(exist_ok=True)
    for name in FROZEN:
        text = json.dumps(outcomes(name), indent=1)
        (PLACE / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    day = datetime.now(UTC).date().isoformat()
    with (PLACE / "CHANGES.md").open("a", encoding="utf-8") as file:
        file.write(f"* {day}: {why}\n")


if __name__ == "__main__":
    if len(sys.argv) != 2 or not sys.argv[1].strip():
        sys.exit('say why the world changed: PYTHONPATH=. python tests/freeze.py "..."')
    freeze(sys.argv[1].strip())
