"""The file of a study's points: a row a point, which its plan can make again."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from ...sim.errors import InputError
from ...sim.tables.columns import Columns
from ...sim.whole import write_whole
from ..stored.belonging import POINTS
from ..stored.tables import TableWriter, read_columns
from .design import as_columns, points_of
from .plan import Plan


def write_points(folder: Path, columns: Columns) -> None:
    """Write `points.parquet`, whole or not at all."""
    with write_whole(folder / POINTS, replace=True) as file, TableWriter(Path(file.name)) as table:
        table.append(columns)


def stored_points(folder: Path, plan: Plan) -> Columns:
    """Return the columns of `points.parquet`; where it is torn or gone, it is made again.

    Raises:
        InputError: it cannot be: a table that the plan names may say something else by now.
    """
    path = folder / POINTS
    try:
        return read_columns(path)
    except (OSError, pa.ArrowException):
        if plan.design.kind == "table":
            raise InputError(
                f"'{path}' is missing or torn, and its points came from the table "
                f"'{plan.design.table}', which may have changed: bring the file back, or begin the "
                "study again in another folder"
            ) from None
    write_points(folder, as_columns(points_of(plan), plan.factors))
    return read_columns(path)
