"""A study's folder, which only knows crashes: what is in it is whole, whatever was killed when.

`study.json` says what was asked and with what, `points.parquet` holds a row a point, `parts/` the
runs as they came, and `runs.parquet` all of them in order once they are there.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from experiments.plans import Plan, plan_of
from sim.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

STUDY, POINTS, RUNS, PARTS = "study.json", "points.parquet", "runs.parquet", "parts"
FORMAT = "council-partnering study 1"


class Study(NamedTuple):
    """A study as it stands in its folder, finished or not."""

    folder: Path
    about: dict[str, Any]  # study.json

    @property
    def plan(self) -> Plan:
        """The plan, in full."""
        return plan_of(self.about["plan"])

    @property
    def points(self) -> pd.DataFrame:
        """A row a point: `point`, and a column per factor."""
        from experiments.tables import read_table

        return read_table(self.folder / POINTS)

    @property
    def runs(self) -> pd.DataFrame:
        """A row a run: `point`, `replicate`, `error` (none where it went well), and all measures.

        With a [difference], every measure also as `difference_NAME`: policy minus scenario.
        """
        from experiments.tables import read_table

        return read_table(self.folder / RUNS)


def open_study(folder: str | Path) -> Study:
    """Return the study of a folder.

    Raises:
        InputError: the folder holds no study that this version can read.
    """
    path = Path(folder) / STUDY
    try:
        about = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"'{folder}' holds no study ({error}): check the path") from None
    if not isinstance(about, dict) or about.get("format") != FORMAT:
        raise InputError(f"'{path}' is not of a study that this version can read")
    return Study(Path(folder), about)
