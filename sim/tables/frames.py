"""Columns become data frames; pandas is loaded when somebody asks for one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from ..core.world import World
from ..ready.world import Prepared
from ..running import Raw
from .columns import Column, Columns, Words, council_columns, event_columns, quarter_columns

if TYPE_CHECKING:
    import pandas as pd


def quarter_table(ready: Prepared, replicates: np.ndarray, records: np.ndarray) -> pd.DataFrame:
    """Return one row a run and quarter; `records` is (runs, quarters)."""
    return as_frame(quarter_columns(ready, replicates, records))


def event_table(ready: Prepared, replicates: np.ndarray, raws: Sequence[Raw]) -> pd.DataFrame:
    """Return one row an event, with codes, words and contributions."""
    return as_frame(event_columns(ready, replicates, raws), text=True)


def council_table(ready: Prepared, replicate: int, world: World) -> pd.DataFrame:
    """Return one row a council as it is at the end, and one for each that has merged away."""
    return as_frame(council_columns(ready, np.array([replicate]), [world]))


def as_frame(columns: Columns, *, text: bool = False) -> pd.DataFrame:
    """Return columns as a data frame.

    A column of words that are not fixed becomes text, one without any word stays one of None; with
    `text` that becomes text too.
    """
    import pandas as pd

    return pd.DataFrame({name: _as_pandas(column, text) for name, column in columns.items()})


def _as_pandas(column: Column, text: bool) -> Any:
    import pandas as pd

    if not isinstance(column, Words):
        return column
    if column.fixed:
        return pd.Categorical.from_codes(column.places, dtype=_kind_of(tuple(column.known)))
    words = column.texts()
    return pd.Series(words).astype("str").array if text else words


@lru_cache
def _kind_of(known: tuple[str, ...]) -> pd.CategoricalDtype:
    """Return the type of a column of fixed words; kept, since pandas takes long to make it."""
    import pandas as pd

    return pd.CategoricalDtype(list(known))
