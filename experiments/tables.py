"""Tables as Parquet files: written piece by piece, with the same bytes whatever the pieces were."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

ROWS_PER_GROUP = 65_536
"""Rows that are compressed together; a file is cut here and nowhere else."""


class TableWriter:
    """One Parquet file that grows; use it in a `with` block.

    The first piece settles the columns and their types; every other piece has to have them too.
    """

    def __init__(self, path: Path) -> None:
        """Prepare to write to `path`; the file appears with the first piece."""
        self.path = path
        self.rows = 0
        self._writer: pq.ParquetWriter | None = None
        self._waiting: list[pa.Table] = []
        self._schema: pa.Schema | None = None

    def __enter__(self) -> TableWriter:
        """Begin."""
        return self

    def __exit__(self, kind: object, *rest: object) -> None:
        """Write what is still waiting and close; after an error only close."""
        if kind is None:
            self._write(self._waiting)
        if self._writer is not None:
            self._writer.close()

    def append(self, frame: pd.DataFrame) -> None:
        """Add rows."""
        if self._schema is None:
            self._schema = stored_schema(frame)
            words = [field.name for field in self._schema if field.type == pa.string()]
            self._writer = pq.ParquetWriter(  # a dictionary of numbers costs time and saves nothing
                self.path, self._schema, compression="zstd", use_dictionary=words
            )
        self._waiting.append(as_arrow(frame, self._schema))
        self.rows += len(frame)
        waiting = sum(len(piece) for piece in self._waiting)
        if waiting >= ROWS_PER_GROUP:
            full = waiting - waiting % ROWS_PER_GROUP
            joined = pa.concat_tables(self._waiting)
            self._write([joined.slice(0, full)])
            self._waiting = [joined.slice(full)]

    def _write(self, pieces: list[pa.Table]) -> None:
        if self._writer is not None and pieces:
            whole = pa.concat_tables(pieces).combine_chunks()
            self._writer.write_table(whole, row_group_size=ROWS_PER_GROUP)


def stored_schema(frame: pd.DataFrame) -> pa.Schema:
    """Return the types in which a table is stored: words as plain text, without pandas' notes."""
    found = pa.Schema.from_pandas(frame, preserve_index=False)
    return pa.schema([(field.name, _stored_type(field.type)) for field in found])


def _stored_type(found: pa.DataType) -> pa.DataType:
    words = (
        pa.types.is_dictionary(found) or pa.types.is_null(found) or pa.types.is_large_string(found)
    )
    return pa.string() if words else found


def as_arrow(frame: pd.DataFrame, schema: pa.Schema) -> pa.Table:
    """Return the rows in the types of the schema; missing numbers become nulls."""
    if list(frame.columns) != schema.names:
        raise TypeError(f"columns {list(frame.columns)} do not match {schema.names}")
    return pa.Table.from_pandas(frame, preserve_index=False).cast(schema)


def write_table(frame: pd.DataFrame, path: Path) -> int:
    """Write a whole table and return its number of rows."""
    with TableWriter(path) as writer:
        writer.append(frame)
    return writer.rows


def read_table(path: Path, columns: list[str] | None = None) -> pd.DataFrame:
    """Return a stored table, or some of its columns."""
    table: pd.DataFrame = pq.read_table(path, columns=columns).to_pandas()
    return table


def columns_of(path: Path) -> list[str]:
    """Return the columns of a stored table without reading it."""
    return list(pq.read_schema(path).names)
