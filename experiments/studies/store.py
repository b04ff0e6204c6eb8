"""A study's folder, which only knows crashes: what is in it is whole, whatever was killed when.

`record.json` says what was asked and with what, `points.parquet` holds a row a point, `parts/` the
runs as they came, and `runs.parquet` all of them in order once they are there. Which runs are done
is found by reading the parts: there is no log that could disagree with them.
"""

from __future__ import annotations

import hashlib
import re
import shlex
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from filelock import FileLock, Timeout

from ...sim.core.state import NOBODY
from ...sim.errors import InputError, as_text
from ...sim.label import Label, labelled
from ...sim.tables.columns import Columns, Words
from ...sim.whole import write_whole
from ..early import is_whole
from ..stored.assembly import cannot_write
from ..stored.belonging import LOCK, PARTS, POINTS, RUNS, SET_ASIDE
from ..stored.folder import describe, hash_of
from ..stored.reading import read_record, understood
from ..stored.record import Record, write_record
from ..stored.tables import (
    TableWriter,
    as_arrow,
    read_table,
)
from .equals import count_lived, first_equals
from .plan import Plan, plan_of
from .points import stored_points

if TYPE_CHECKING:
    import pandas as pd

EQUAL_POINTS = "lived once"
"""What a study says of points with the same values; formerly each was lived, and none said so."""
STEP = 2**31
"""A run's number is that of its point times this, plus its replicate."""
PART = re.compile(r"part-\d+-\d+-([0-9a-f]{16})\.parquet")
MARK = b"study"
"""Under this name a part's footer holds the study that it belongs to."""
GATHERED = 8192
"""So many runs are put in order at a time."""
PARTS_OPEN = 8
"""How many parts are held in memory while all are put in order."""


@labelled
class Study(NamedTuple):
    """A study as it stands in its folder, finished or not."""

    folder: Path
    record: Record
    reused: bool = False  # whether it was there before and nothing was run

    def _label(self) -> Label:
        asked, answer = self.record.asked, self.record.answer
        facts = {
            "in": self.folder,
            "points": asked["points"],
            "replicates": asked["replicates"],
            "runs": f"{answer['runs']:,}" if "runs" in answer else "not all there yet",
            "failed": answer.get("failed", "not known"),
        }
        if self.shard is not None:
            facts |= {"share": f"{self.shard[0]} of {self.shard[1]}, no answer by itself"}
        ask = ("runs", "points", "failures", "plan", "finished", "record")
        return Label(f"Study '{self.folder.name}'", facts, ask)

    @property
    def plan(self) -> Plan:
        """The plan, in full."""
        return plan_of(self.record.question["plan"])

    @property
    def ground(self) -> dict[str, Any]:
        """What all points have in common: see `jobs.Ground`."""
        ground: dict[str, Any] = self.record.question["ground"]
        return ground

    @property
    def lucks(self) -> int:
        """How many replicates are one value: one, or as many as a world of its ensemble has."""
        worlds = self.ground.get("worlds")
        return 1 if worlds is None else int(worlds["lucks"])

    @property
    def over_worlds(self) -> dict[str, Any]:
        """In which worlds it is lived, ready for JSON; nothing where at the numbers as they are."""
        worlds = self.ground.get("worlds")
        return {} if worlds is None else {"worlds": worlds}

    @property
    def id(self) -> str:
        """What makes it this study, whatever its size; every part of it says it."""
        return str(self.record.asked["study"])

    @property
    def size(self) -> int:
        """How many points it has."""
        return int(self.record.asked["points"])

    @property
    def shard(self) -> tuple[int, int] | None:
        """Which share of how many it is; None of a whole study, which share 1 of 1 is too."""
        share, shares = self.record.asked["shard"] or (1, 1)
        return None if shares == 1 else (share, shares)

    @property
    def columns(self) -> list[str]:
        """The columns of its runs."""
        return list(self.record.asked["columns"])

    @property
    def gone_on(self) -> list[dict[str, Any]]:
        """A note for each time that it went on although something had changed."""
        return list(self.record.made["anyway"])

    @property
    def failed(self) -> int:
        """How many runs of a finished study failed."""
        return int(self.record.answer["failed"])

    @property
    def bits(self) -> str:
        """The hash of all runs of a finished study; nothing of another."""
        return str(self.record.files.get(RUNS, {}).get("sha256", ""))

    @property
    def finished(self) -> bool:
        """Whether all runs are there, in `runs.parquet`."""
        path = self.folder / RUNS
        if self.record.answer.get("runs") != len(wanted(self)) or not path.is_file():
            return False
        return hash_of(path) == self.bits

    @property
    def points(self) -> pd.DataFrame:
        """A row a point: `point`, and a column per factor."""
        stored_points(self.folder, self.plan)  # made again where it is torn or gone
        return read_table(self.folder / POINTS).head(self.size)

    @property
    def copied(self) -> int:
        """How many of all its runs are copies, since their points equal others that were lived."""
        if self.record.made.get("equal_points") != EQUAL_POINTS:
            return 0
        points = self.points
        columns = [points[factor.name] for factor in self.plan.factors]
        keys, first = wanted(self), first_equals(zip(*columns, strict=True))
        return len(keys) - count_lived(keys, first, STEP)

    @property
    def runs(self) -> pd.DataFrame:
        """A row a run: `point`, `replicate`, `error` (none where it went well), and all measures.

        With a [difference], every measure also as `difference_NAME`: policy minus scenario.
        Of an unfinished study, the runs that there are.
        """
        return self.read()

    def read(self, names: Sequence[str] | None = None) -> pd.DataFrame:
        """Return `runs`, or some of its columns, of which `point` and `replicate` must be two."""
        wanted_names = list(self.columns if names is None else names)
        if self.finished:
            return read_table(self.folder / RUNS, wanted_names)
        tables = [table.select(wanted_names) for _, table in whole_parts(self, mend=False)]
        empty = _no_rows(self).select(wanted_names)
        frame: pd.DataFrame = pa.concat_tables([empty, *tables]).to_pandas()
        frame = frame.drop_duplicates(["point", "replicate"])
        return frame.sort_values(["point", "replicate"], ignore_index=True)

    @property
    def failures(self) -> pd.DataFrame:
        """A row a run that raised: point, replicate, error, factors, and how to repeat it."""
        failed = self.read(["point", "replicate", "error"]).query("error.notna()")
        found = failed.merge(self.points, on="point", how="left")
        lines = [
            repeat_line(self.folder, int(point), int(replicate))
            for point, replicate in zip(found["point"], found["replicate"], strict=True)
        ]
        return found.assign(repeat=lines)


class Part(NamedTuple):
    """A part that is whole: where it is and the numbers of its runs."""

    path: Path
    numbers: np.ndarray


def repeat_line(folder: Path, point: int, replicate: int) -> str:
    """Return the command that repeats one run of a study."""
    words = ["councils", "repeat", str(folder), "--point", str(point), "--replicate"]
    return shlex.join([*words, str(replicate)])


def open_study(folder: str | Path) -> Study:
    """Return the study of a folder, finished or not.

    Raises:
        InputError: the folder holds no study that this version can read.
    """
    place = Path(as_text("the folder of a study", folder, "give its path"))
    study = Study(place, read_record(place, "study"))
    with understood(study.folder):
        _ = study.plan
    return study


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Keep other processes away from a folder; a process that is killed lets go of it.

    Raises:
        InputError: another process is at work on it, or it cannot be written.
    """
    try:
        (folder / PARTS).mkdir(parents=True, exist_ok=True)
        (folder / LOCK).touch()
    except OSError as error:
        raise cannot_write(folder, error) from None
    # Its own way where there are no locks would keep others away after a kill.
    lock = FileLock(folder / LOCK, blocking=False, fallback_to_soft=False)
    with ExitStack() as holding:
        try:
            holding.enter_context(lock)
        except Timeout:
            raise InputError(
                f"another process is at work on '{folder}': wait for it, or stop it; to share the "
                "work, use --workers, --cluster or --shard"
            ) from None
        except OSError:
            pass  # a network without locks: parts are safe all the same, work is done twice
        for partial in (*folder.glob(".*.partial"), *(folder / PARTS).glob(".*.partial")):
            partial.unlink(missing_ok=True)  # of a process that was killed while writing
        yield


def write_study(study: Study) -> Study:
    """Write the record of a study, whole or not at all, and return the study as it will be read."""
    return study._replace(record=write_record(study.folder, study.record))


def add_part(study: Study, columns: Columns) -> None:
    """Write some runs as a part, whole or not at all.

    Its name holds the hash of its bytes and its footer the study, so that a torn part or one of
    another study is recognised.

    Raises:
        InputError: the disk is full or cannot be written; the study stays good.
    """
    add_table(study, as_arrow(columns))


def add_table(study: Study, table: pa.Table) -> None:
    """Write some runs, as they are stored, as a part."""
    data = bytes_of(table.replace_schema_metadata({MARK: study.id.encode()}))
    point, replicate = table["point"][0].as_py(), table["replicate"][0].as_py()
    digest = hashlib.sha256(data).hexdigest()[:16]
    path = study.folder / PARTS / f"part-{point:06d}-{replicate:06d}-{digest}.parquet"
    if not path.exists():  # if it does, these very bytes are there
        with write_whole(path) as file:
            file.write(data)


def bytes_of(table: pa.Table) -> bytes:
    """Return a table as the content of a Parquet file."""
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd", use_dictionary=["error"])
    data: bytes = sink.getvalue().to_pybytes()
    return data


def _no_rows(study: Study) -> pa.Table:
    """Return a table without rows, with the columns of this study's runs."""
    kinds = {"point": pa.int64(), "replicate": pa.int64(), "error": pa.string()}
    names = study.columns
    return pa.schema([(name, kinds.get(name, pa.float64())) for name in names]).empty_table()


def whole_parts(study: Study, *, mend: bool = True) -> Iterator[tuple[Path, pa.Table]]:
    """Yield the parts that are whole and of this study.

    With `mend`, others are moved to the folder `set-aside`: their runs will be done again.
    """
    schema = _no_rows(study).schema
    for path in sorted((study.folder / PARTS).glob("*")):
        if path.name.startswith("."):
            continue
        table = _read_part(path, study.id, schema)
        if table is not None:
            yield path, table
        elif mend:
            aside = study.folder / SET_ASIDE
            aside.mkdir(exist_ok=True)
            path.replace(aside / path.name)


def _read_part(path: Path, study: str, schema: pa.Schema) -> pa.Table | None:
    """Return the rows of a part, None when it is torn, changed, or of something else."""
    named = PART.fullmatch(path.name)
    try:
        data = path.read_bytes()
        if named is None or hashlib.sha256(data).hexdigest()[:16] != named[1]:
            return None
        table = pq.read_table(pa.BufferReader(data))
    except (OSError, pa.ArrowException):
        return None
    of = (table.schema.metadata or {}).get(MARK, b"").decode()
    return table if of == study and table.schema.equals(schema) else None


def survey(study: Study) -> list[Part]:
    """Return the parts that are whole, with the runs in each; set others aside."""
    return [Part(path, numbers_of(table)) for path, table in whole_parts(study)]


def numbers_of(table: pa.Table) -> np.ndarray:
    """Return the number of each run of a table."""
    points, replicates = (np.asarray(table[name]) for name in ("point", "replicate"))
    return np.asarray(points * STEP + replicates)


def wanted(study: Study) -> np.ndarray:
    """Return the numbers of all runs of a study, or of its shard, in order."""
    points, replicates = study.size, study.plan.replicates
    total = points * replicates
    i, n = study.shard or (1, 1)
    runs = np.arange((i - 1) * total // n, i * total // n, dtype=np.int64)
    return np.asarray(runs // replicates * STEP + runs % replicates)


def left(study: Study, parts: Iterable[Part]) -> np.ndarray:
    """Return the numbers of the runs that are still to be done, in order."""
    done = [part.numbers for part in parts]
    return np.setdiff1d(wanted(study), np.concatenate([*done, np.zeros(0, dtype=np.int64)]))


def finish(study: Study, parts: Sequence[Part], *, seconds: float = 0.0) -> Study:
    """Put all runs in order into `runs.parquet` and return the finished study.

    Its bytes depend on the runs alone, not on the parts in which they came. `seconds` are those
    that this command took; the record adds up those of all that came to their end.
    """
    numbers = np.concatenate([part.numbers for part in parts])
    part_of = np.repeat(np.arange(len(parts)), [len(part.numbers) for part in parts])
    row_of = np.concatenate([np.arange(len(part.numbers)) for part in parts])
    _, order = np.unique(numbers, return_index=True)  # of runs that are there twice, the first
    order = order[np.isin(numbers[order], wanted(study))]
    path, failed = study.folder / RUNS, 0
    kept: dict[int, pa.Table] = {}
    with write_whole(path, replace=True) as file, TableWriter(Path(file.name)) as writer:
        for start in range(0, len(order), GATHERED):
            rows = order[start : start + GATHERED]
            table = _gather(parts, part_of[rows], row_of[rows], kept)
            failed += len(table) - table["error"].null_count
            writer.append(_as_columns(table))
    stored_points(study.folder, study.plan)  # made again where they are torn or gone
    files = {name: describe(study.folder / name) for name in (POINTS, RUNS)}
    answer = {"runs": len(order), "failed": failed}
    made = study.record.made
    made = made | {"seconds": round(made.get("seconds", 0.0) + seconds, 3)}
    record = study.record._replace(made=made, answer=answer, files=files)
    study = write_study(study._replace(record=record))
    is_whole(study.folder)
    return study


def _gather(
    parts: Sequence[Part], part_of: np.ndarray, row_of: np.ndarray, kept: dict[int, pa.Table]
) -> pa.Table:
    """Return some rows of some parts, in the order given."""
    pieces, places = [], []
    for k in np.unique(part_of):
        if k not in kept:
            kept[k] = pq.read_table(parts[k].path)
        mine = np.flatnonzero(part_of == k)
        pieces.append(kept[k].take(row_of[mine]))
        places.append(mine)
    for k in list(kept)[:-PARTS_OPEN]:
        del kept[k]
    together = pa.concat_tables(pieces).combine_chunks()
    found: pa.Table = together.take(np.argsort(np.concatenate(places)))
    return found


def _as_columns(table: pa.Table) -> Columns:
    columns: Columns = {name: table[name].to_numpy() for name in table.column_names}
    errors = table["error"].to_pylist()
    known = sorted({error for error in errors if error is not None})
    places = [NOBODY if error is None else known.index(error) for error in errors]
    return columns | {"error": Words(np.array(places, dtype=np.int64), known)}
