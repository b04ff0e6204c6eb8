"""Tables as Parquet files: written piece by piece, with the same bytes whatever the pieces were."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from ...sim.core.state import NOBODY
from ...sim.tables.columns import Column, Columns, Words

if TYPE_CHECKING:
    import pandas as pd

GROUP_BYTES = 2 << 20
"""About so many bytes of rows are compressed together, so that a wide table needs no more memory
than a narrow one."""
GROUP_ROWS = 65_536
"""The most rows that are."""
NUMBER_BYTES, WORD_BYTES = 8, 16
"""What a number and a word take in memory, as far as groups go."""
MANY_PIECES = 64
"""So many pieces are joined though they make no group yet: small ones are mostly overhead."""
LEVEL = 6
"""How hard zstd tries: a fifth smaller than at its usual 1 for a millisecond a run of England."""


class TableWriter:
    """One Parquet file that grows; use it in a `with` block.

    The first piece settles the columns and their types; every other piece has to have them too.
    """

    def __init__(self, path: Path, *, tight: bool = False) -> None:
        """Prepare to write to `path`; the file appears with the first piece.

        `tight` is for the tables of many runs: a fifth smaller, and written with little memory.
        """
        self.path, self.tight = path, tight
        self.rows = 0
        self._writer: pq.ParquetWriter | None = None
        self._waiting: list[pa.Table] = []
        self._schema: pa.Schema | None = None
        self._group = GROUP_ROWS

    def __enter__(self) -> TableWriter:
        """Begin."""
        return self

    def __exit__(self, kind: object, *rest: object) -> None:
        """Write what is still waiting and close; after an error only close."""
        if kind is None:
            self._write(self._waiting)
        if self._writer is not None:
            self._writer.close()

    def append(self, columns: Columns) -> None:
        """Add rows."""
        piece = as_arrow(columns)
        if self._schema is None:
            self._begin(piece.schema)
        if piece.schema != self._schema:
            raise TypeError(f"columns {piece.schema} do not match {self._schema}")
        self._waiting.append(piece)
        self.rows += len(piece)
        waiting = sum(len(piece) for piece in self._waiting)
        if waiting >= self._group or len(self._waiting) >= MANY_PIECES:
            full = waiting - waiting % self._group
            joined = pa.concat_tables(self._waiting).combine_chunks()
            if full:
                self._write([joined.slice(0, full)])
            self._waiting = [joined.slice(full)]

    def _begin(self, schema: pa.Schema) -> None:
        """Settle columns, their types, and how many rows make a group.

        A dictionary of fractions costs time and saves nothing; one of whole numbers is made where
        it is to be tight.
        """
        self._schema = schema
        self._group = rows_per_group(schema) if self.tight else GROUP_ROWS
        few = [
            field.name
            for field in schema
            if field.type == pa.string() or (self.tight and not pa.types.is_floating(field.type))
        ]
        self._writer = pq.ParquetWriter(
            self.path, schema, compression="zstd", use_dictionary=few,
            compression_level=LEVEL if self.tight else None,
        )  # fmt: skip

    def _write(self, pieces: list[pa.Table]) -> None:
        if self._writer is not None and pieces:
            whole = pa.concat_tables(pieces).combine_chunks()
            self._writer.write_table(whole, row_group_size=self._group)


def rows_per_group(schema: pa.Schema) -> int:
    """Return how many rows of these columns are compressed together: a power of two."""
    width = sum(
        NUMBER_BYTES if pa.types.is_primitive(each) else WORD_BYTES for each in schema.types
    )
    return min(GROUP_ROWS, 1 << (GROUP_BYTES // width).bit_length())


def as_arrow(columns: Columns) -> pa.Table:
    """Return columns as they are stored: words as plain text, missing numbers as nulls.

    Made from buffers, since `pyarrow.array` would load pandas.
    """
    arrays = [
        _text(column) if isinstance(column, Words) else _numbers(np.ascontiguousarray(column))
        for column in columns.values()
    ]
    return pa.Table.from_arrays(arrays, names=list(columns))


def _numbers(values: np.ndarray) -> pa.Array:
    missing = np.isnan(values) if values.dtype.kind == "f" else np.zeros(0, dtype=bool)
    data = _bits(values) if values.dtype == bool else pa.py_buffer(values.view(np.uint8))
    valid = _bits(~missing) if missing.any() else None
    return pa.Array.from_buffers(pa.from_numpy_dtype(values.dtype), len(values), [valid, data])


def _text(words: Words) -> pa.Array:
    places = np.ascontiguousarray(words.places, dtype=np.int64)
    there = places >= 0
    valid = None if there.all() else _bits(there)
    rows = pa.Array.from_buffers(pa.int64(), len(there), [valid, pa.py_buffer(places)])
    return _strings(words.known).take(rows)


def _strings(words: Sequence[str]) -> pa.Array:
    """Return words as an array of text, without the help of pandas."""
    known = [word.encode() for word in words]
    ends = np.concatenate([[0], np.cumsum([len(word) for word in known])]).astype(np.int32)
    parts = [None, pa.py_buffer(ends), pa.py_buffer(b"".join(known))]
    return pa.Array.from_buffers(pa.string(), len(known), parts)


def _bits(flags: np.ndarray) -> pa.Buffer:
    return pa.py_buffer(np.packbits(flags, bitorder="little"))


def write_table(columns: Columns, path: Path) -> int:
    """Write a whole table and return its number of rows."""
    with TableWriter(path) as writer:
        writer.append(columns)
    return writer.rows


def read_columns(path: Path, names: Sequence[str] | None = None) -> dict[str, Any]:
    """Return the columns of a stored table, or some of them: arrays, and `Words` where text is."""
    wanted = columns_of(path) if names is None else list(names)
    with pq.ParquetFile(path, read_dictionary=wanted) as file:
        return _as_columns(file.read(wanted))


def read_groups(path: Path, names: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Yield some columns of a stored table, one group of rows after the other."""
    with pq.ParquetFile(path, read_dictionary=list(names)) as file:
        for group in range(file.num_row_groups):
            yield _as_columns(file.read_row_group(group, list(names)))


def read_rows(path: Path, rows: np.ndarray) -> pa.Table:
    """Return some rows of a stored table, by their ascending places, one group after the other."""
    with pq.ParquetFile(path) as file:
        sizes = [file.metadata.row_group(k).num_rows for k in range(file.num_row_groups)]
        ends = np.cumsum(sizes)
        found = [file.schema_arrow.empty_table()]
        for group, (size, end) in enumerate(zip(sizes, ends, strict=True)):
            mine = rows[(rows >= end - size) & (rows < end)] - (end - size)
            if len(mine):
                found.append(file.read_row_group(group).take(pa.array(mine)))
    return pa.concat_tables(found).combine_chunks()


def read_replicates(path: Path, names: Sequence[str], span: range) -> dict[str, Any]:
    """Return some columns of a stored table, of some replicates in a row."""
    wanted = list(names)
    filters = [("replicate", ">=", span.start), ("replicate", "<", span.stop)]
    return _as_columns(pq.read_table(path, columns=wanted, filters=filters, read_dictionary=wanted))


def same_bits(one: pa.ChunkedArray, other: pa.ChunkedArray) -> bool:
    """Return whether two columns hold the same to the bit; what is missing in both is the same."""
    if one.type != other.type or not one.is_null().equals(other.is_null()):
        return False
    if not pa.types.is_floating(one.type):
        return bool(one.equals(other))
    mine, theirs = (np.asarray(each.fill_null(0.0)) for each in (one, other))
    return mine.tobytes() == theirs.tobytes()


def unlike_columns(stored: pa.Table, again: pa.Table) -> list[str]:
    """Return which columns of two tables differ; "rows" where they have not as many rows."""
    if len(stored) != len(again):
        return ["rows"]
    names = dict.fromkeys([*stored.column_names, *again.column_names])
    return [
        name
        for name in names
        if not {name} <= {*stored.column_names} & {*again.column_names}
        or not same_bits(stored[name], again[name])
    ]


def _as_columns(table: pa.Table) -> dict[str, Any]:
    return {name: _as_column(table.column(name).combine_chunks()) for name in table.column_names}


def _as_column(array: pa.Array) -> Column:
    if not pa.types.is_dictionary(array.type):
        return _values(array, np.nan)
    return Words(_values(array.indices, NOBODY), array.dictionary.to_pylist())


def _values(array: pa.Array, missing: float) -> np.ndarray:
    """Return what an array holds; `missing` stands where it holds nothing."""
    valid, data = array.buffers()
    kind, reach = np.dtype(array.type.to_pandas_dtype()), array.offset + len(array)
    if kind.kind == "b":
        return _flags(data, reach)[array.offset :]
    values = np.frombuffer(data, dtype=kind, count=reach)[array.offset :]
    if array.null_count == 0:
        return values
    return np.where(_flags(valid, reach)[array.offset :], values, missing).astype(kind)


def _flags(bits: pa.Buffer, count: int) -> np.ndarray:
    whole = np.frombuffer(bits, dtype=np.uint8)
    return np.unpackbits(whole, count=count, bitorder="little").astype(bool)


def read_table(path: Path, names: Sequence[str] | None = None, wanted: Any = None) -> pd.DataFrame:
    """Return a stored table, or some of its columns, as a data frame.

    `wanted` says which rows, as `pyarrow.parquet.read_table` takes filters; all if not given.
    """
    columns = None if names is None else list(names)
    if wanted is None:
        whole: pd.DataFrame = pq.read_table(path, columns=columns).to_pandas()
        return whole
    with pq.ParquetFile(path) as file:  # one group after the other: most rows are not wanted
        which = pq.filters_to_expression(wanted)
        groups = range(file.num_row_groups)
        found = [file.read_row_group(group, columns).filter(which) for group in groups]
        none = (
            file.schema_arrow.empty_table()
            if columns is None
            else (file.schema_arrow.empty_table().select(columns))
        )
    chosen: pd.DataFrame = pa.concat_tables([none, *found]).to_pandas()
    return chosen


def columns_of(path: Path) -> list[str]:
    """Return the columns of a stored table without reading it."""
    return list(pq.read_schema(path).names)
