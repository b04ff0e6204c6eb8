"""An ensemble: sets of values that were found together, each as likely as any other.

One file holds it: a row a set, a column a number, in random order, so that the first sets are a
sample of all. In the file's own words stands what it is of, and how to make it again.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ...sim.behaviour import behaviour
from ...sim.declared.parameters import declarations
from ...sim.errors import InputError, nearest
from ...sim.label import Label, labelled
from ...sim.whole import write_whole

SHIPPED = Path(__file__).parent
ENDING = ".parquet"
CALIBRATED, NONE = "calibrated", "none"
"""The ensemble that comes with the project; and what one says for a single set, the defaults."""
WORDS = b"ensemble"
"""Under this name a file's footer holds what is said of it."""


@labelled
class Ensemble(NamedTuple):
    """Sets of values, with what they are of."""

    name: str
    numbers: tuple[str, ...]
    sets: np.ndarray  # (sets, numbers)
    medoid: int  # the set in the middle of all
    about: dict[str, Any]  # title, plan, behaviour of the rules, command that makes it again
    file: str = ""  # how it is named to a command

    def _label(self) -> Label:
        facts = {"sets": len(self.sets), "numbers": len(self.numbers), "medoid": self.medoid}
        return Label(f"Ensemble '{self.name}'", facts, ("numbers", "sets", "about"))

    def values(self, k: int) -> dict[str, float]:
        """Return the values of set k, by name of the number."""
        return dict(zip(self.numbers, map(float, self.sets[k]), strict=True))

    @property
    def digest(self) -> str:
        """A hash of its numbers and sets."""
        told = hashlib.sha256("\n".join(self.numbers).encode())
        told.update(np.ascontiguousarray(self.sets).tobytes())
        return told.hexdigest()

    @property
    def good(self) -> bool:
        """Whether rules and defaults do what they did when it was made."""
        return bool(self.about.get("behaviour") == behaviour())

    @property
    def last(self) -> date | None:
        """The last day of the runs by which it was found; None where nobody said."""
        told = self.about.get("until")
        return None if told is None else date.fromisoformat(told)

    @property
    def doubt(self) -> str | None:
        """What is to be said of it where the rules do other things now; None where they do not."""
        if self.good:
            return None
        again = self.about.get("again", "councils calibrate")
        return (
            f"the ensemble '{self.name}' was found with rules that did other things than those of "
            f"today, so its worlds may not be those that history allows; make it again: {again}"
        )


def find_ensemble(given: str | Path | Ensemble) -> Ensemble:
    """Return an ensemble of a name of the project, or of a file.

    Raises:
        InputError: there is none, or the file holds none.
    """
    if isinstance(given, Ensemble):
        return given
    text = str(given)
    known = {path.stem: path for path in sorted(SHIPPED.glob(f"*{ENDING}"))}
    path = known.get(text, Path(text))
    if path.is_dir():
        path = path / f"ensemble{ENDING}"
    if not path.is_file():
        raise InputError(
            f"there is no ensemble '{text}': {nearest(text, [*known, NONE])}; or name the file or "
            "folder that councils calibrate wrote"
        )
    return read_ensemble(path)._replace(file=text)


def read_ensemble(path: Path) -> Ensemble:
    """Return the ensemble of a file; InputError where it holds none."""
    import pyarrow as pa  # here, since who shows the page may do without
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(path)
        about = json.loads((table.schema.metadata or {})[WORDS])
        columns = [np.asarray(table[name], dtype=np.float64) for name in table.column_names]
        sets = np.column_stack(columns)
        found = Ensemble(about["name"], tuple(table.column_names), sets, about["medoid"], about)
    except (OSError, pa.ArrowException, KeyError, ValueError, TypeError):
        raise InputError(
            f"'{path}' holds no ensemble: name a file that councils calibrate wrote"
        ) from None
    _check(found, path)
    return found


def _check(found: Ensemble, path: Path) -> None:
    """Refuse numbers that are unknown, and values that are not allowed."""
    if not len(found.sets):
        raise InputError(f"'{path}' holds no set: name a file that councils calibrate wrote")
    declared = {each.name: each for each in declarations()}
    for place, name in enumerate(found.numbers):
        if name not in declared:
            raise InputError(f"'{path}': unknown number '{name}'; {nearest(name, declared)}")
        low, high = declared[name].allowed or (np.nan, np.nan)
        column = found.sets[:, place]
        if not ((low <= column) & (column <= high)).all():
            raise InputError(f"'{path}': {name} has a value outside {low:g} to {high:g}")


def write_ensemble(path: Path, found: Ensemble, *, replace: bool = False) -> None:
    """Write an ensemble as a file, whole or not at all."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    words = {**found.about, "name": found.name, "medoid": found.medoid}
    table = pa.table(dict(zip(found.numbers, found.sets.T.copy(), strict=True)))
    table = table.replace_schema_metadata({WORDS: json.dumps(words, sort_keys=True).encode()})
    with write_whole(path, replace=replace) as file:
        pq.write_table(table, file, compression="zstd", use_dictionary=False)
