"""Burn in once, then run many policies from that state: a run held at a quarter, and its forks.

A fork has the bits of a run from scratch whose policy starts at that quarter, since every draw is a
function of who it concerns and when, never of what was drawn before.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import IO, Any, NamedTuple

import numpy as np

from .core import state
from .core.world import FIELDS, World, assemble, fresh
from .declared.reading import parse
from .declared.scenario import SHIPPED, Scenario, from_document
from .errors import InputError, as_text, given, whole
from .identity import code_fingerprint, data_hashes
from .label import Label, labelled
from .ready.kept import as_scenario, prepared
from .ready.world import Prepared
from .running import Raw, begin, go_on, luck_of
from .tables.batch import Run
from .tables.lived import Lived
from .whole import write_whole

DATED = ("quarters", "parameters", "change", "happening", "order", "name", "title", "about")
"""What a policy may differ in; what of it acts before the fork must be the same."""


@labelled
class Snapshot(NamedTuple):
    """A run held at the beginning of a quarter."""

    scenario: Scenario
    seed: int
    replicate: int
    raw: Raw
    ways: tuple[str, ...]  # names of the funding paths it carries
    events: bool  # whether the event log is kept
    contents: Mapping[str, str] | None = None  # a hash of each of the user's own tables, if known

    @property
    def quarter(self) -> int:
        """The next quarter to be lived."""
        return self.raw.quarter

    def _label(self) -> Label:
        when = self.scenario.first_day(self.quarter)
        facts = {
            "seed": self.seed,
            "replicate": self.replicate,
            "held before quarter": f"{self.quarter} ({when}) of {len(self.raw.record)}",
            "funding paths": ", ".join(self.ways),
        }
        ask = ("sim.fork(held, policy)", "sim.save(held, path)", "scenario", "quarter", "raw")
        return Label(f"Snapshot of '{self.scenario.name}'", facts, ask)

    def __reduce__(self) -> tuple[Any, ...]:
        """Return how a copy is made, in this process or another: from what `save` writes."""
        written = BytesIO()
        _write(self, written)
        return _again, (written.getvalue(),)


def snapshot(
    scenario: str | Path | Scenario,
    *,
    quarter: int,
    seed: int = 1,
    replicate: int = 0,
    events: bool = True,
    policies: Sequence[str | Path | Scenario] = (),
) -> Snapshot:
    """Live through the quarters before `quarter` and hold the run there.

    `policies` that switch to a funding path of their own (a file in .csv) must be named here, since
    councils that merge before the fork pool their shares of every path. Who edits a table of their
    own afterwards cannot fork any more: the run held here was lived with what it said before.

    Raises:
        InputError: the quarter lies outside the run, or the scenario or seed cannot be used.
    """
    own = prepared(scenario)
    quarter = whole("quarter", quarter, 0, len(own.theory))
    if isinstance(policies, str | Path | Scenario):
        raise InputError(f"policies is {given(policies)}: give a list, even of one")
    ready = own
    for policy in policies:
        ready = _with_paths_of(ready, prepared(_as_long(as_scenario(policy), own.scenario)))
    raw = go_on(begin(ready), ready, luck=luck_of(seed, replicate), until=quarter, events=events)
    found = int(seed), int(replicate)
    return Snapshot(own.scenario, *found, raw, ready.ways, events, ready.contents)


def _as_long(policy: Scenario, own: Scenario) -> Scenario:
    """Return a policy that lasts as long as the snapshot's scenario: its paths reach as far."""
    return policy.model_copy(update={"quarters": max(policy.quarters, own.quarters)})


def _with_paths_of(ready: Prepared, policy: Prepared) -> Prepared:
    """Return the scenario with those funding paths of a policy that it has not yet."""
    new = [k for k, way in enumerate(policy.ways) if way not in ready.ways]
    councils, years = ready.blank.paths.shape[1:]
    if not new or policy.blank.paths.shape[1] != councils:
        return ready  # other councils: the fork will say so
    paths = np.concatenate([ready.blank.paths, policy.blank.paths[new, :, :years]])
    return ready._replace(
        blank=fresh(ready.blank, paths=paths),
        ways=(*ready.ways, *(policy.ways[k] for k in new)),
        contents={**policy.contents, **ready.contents},
    )


def fork(held: Snapshot, policy: str | Path | Scenario | None = None) -> Run:
    """Return the run that goes on from a snapshot under a policy (as it was, when None).

    Its tables begin at the start, as those of a run from scratch do.

    Raises:
        InputError: the policy is no whole scenario, or differs from the snapshot's before the fork.
    """
    raw, ready = fork_arrays(held, policy)
    where = range(held.replicate, held.replicate + 1)
    return Run(Lived(ready, held.seed, where, [raw]))


def check_snapshot(held: object) -> None:
    """Refuse what is no snapshot."""
    if not isinstance(held, Snapshot):
        raise InputError(
            f"the snapshot is {given(held)}: give one, as sim.snapshot or sim.load_snapshot does"
        )


def fork_arrays(
    held: Snapshot, policy: str | Path | Scenario | None = None, *, until: int | None = None
) -> tuple[Raw, Prepared]:
    """Return `fork` as arrays, lived to before quarter `until`, with the policy made ready."""
    check_snapshot(held)
    ready = _as_whole(held.scenario if policy is None else policy)
    raw = adopt(held, ready)
    luck = luck_of(held.seed, held.replicate)
    return go_on(raw, ready, luck=luck, until=until, events=held.events), ready


def _as_whole(policy: str | Path | Scenario) -> Prepared:
    """Return a policy made ready; InputError, with what makes it whole, where it is a part."""
    try:
        return prepared(policy)
    except InputError as error:
        if not isinstance(policy, str | Path) or not _is_part(policy):
            raise
        raise InputError(
            f"{error}; a fork takes whole scenarios, and find_all(held.scenario, ['{policy}'])[1]"
            ".scenario makes one (council_partnering.experiments.policies.finding)"
        ) from None


def _is_part(policy: str | Path) -> bool:
    """Return whether a policy is no scenario by name, or a file with no scenario beneath it."""
    path = Path(policy)
    if path.suffix != ".toml":
        return not (SHIPPED / f"{policy}.toml").exists()
    return path.is_file() and not {"base", "places"} & parse(path).keys()


def adopt(held: Snapshot, ready: Prepared) -> Raw:
    """Return the held run as one of another scenario, which must be the same until now."""
    _check(held, ready)
    if held.quarter == 0:
        return begin(ready)
    quarters = len(ready.theory)
    world, blank, orders = held.raw.world, ready.blank, ready.blank.orders
    known = int(world.tally[0].counts[state.ROLL])
    roll = blank.roll.copy()
    roll[:known] = world.roll[:known]
    years = blank.paths.shape[2]
    places = [held.ways.index(way) for way in ready.ways]
    adopted = fresh(
        world,
        roll=roll,
        orders=orders.copy(),
        happenings=blank.happenings.copy(),
        paths=np.ascontiguousarray(world.paths[places, :, :years]),
        bases=np.ascontiguousarray(world.bases[:, : blank.bases.shape[1]]),
        limits=blank.limits.copy(),
        transfers=np.ascontiguousarray(world.transfers[:, :, :years]),
        prices=blank.prices.copy(),
        announced=blank.announced.copy(),
    )
    record = held.raw.record[:quarters]
    more = np.full(max(quarters - len(record), 0), np.nan, dtype=record.dtype)
    return Raw(adopted, np.concatenate([record, more]).view(np.recarray), held.quarter)


def _check(held: Snapshot, ready: Prepared) -> None:
    """Raise InputError where a policy differs from the snapshot's scenario before the fork."""
    where = f"the policy '{ready.scenario.name}' cannot go on from quarter {held.quarter}"
    base, policy = held.scenario.document(), ready.scenario.document()
    for key in base:
        if key not in DATED and base[key] != policy[key]:
            raise InputError(f"{where}: its {key} differs, and that acts from the start")
    if not held.quarter <= len(ready.theory) <= len(held.raw.record):
        raise InputError(
            f"{where}: it lasts {len(ready.theory)} quarters, and must last from {held.quarter} to "
            f"{len(held.raw.record)}; take the snapshot of a scenario that lasts as long"
        )
    missing = [way for way in ready.ways if way not in held.ways]
    if missing:
        raise InputError(
            f"{where}: the snapshot has no funding path '{missing[0]}'; name the policy among the "
            "`policies` when the snapshot is taken"
        )
    for table, content in ready.contents.items():
        if held.contents is not None and held.contents.get(table, content) != content:
            raise InputError(
                f"{where}: '{table}' was edited since the snapshot was taken; take it again"
            )
    own = prepared(held.scenario)
    for what, mine, theirs in before(own, ready, held.quarter):
        if mine != theirs:
            raise InputError(f"{where}: {what} differ before that; date them at or after the fork")


def before(own: Prepared, ready: Prepared, quarter: int) -> list[tuple[str, Any, Any]]:
    """Return, in two scenarios, what acts before a quarter."""
    facts = ("happening", "order")
    numbers = ("declared numbers", _numbers(own, quarter), _numbers(ready, quarter))
    return [numbers, *((f"{name}s", _facts(own, name, quarter), _facts(ready, name, quarter))
                       for name in facts)]  # fmt: skip


def _numbers(side: Prepared, quarter: int) -> list[tuple[bytes, str]]:
    rows = side.theory[:quarter].copy()
    paths = [side.ways[int(way)] for way in rows["settlement_path"]]
    rows["settlement_path"] = 0
    return [(row.tobytes(), path) for row, path in zip(rows, paths, strict=True)]


def _facts(side: Prepared, table: str, quarter: int) -> list[Any]:
    facts = getattr(side.scenario, table)
    return [f.model_dump() for f in facts if side.scenario.quarter_of(f.when) < quarter]


def save(held: Snapshot, path: str | Path, *, force: bool = False) -> None:
    """Write a snapshot to a file in .npz, whole or not at all; `load_snapshot` reads it again.

    Args:
        force: write it also where there is such a file already, in place of that.

    Raises:
        InputError: the file exists already (without `force`) or cannot be written.
    """
    check_snapshot(held)
    to = Path(as_text("the file", path, "give the path of a file in .npz"))
    if to.exists() and not force:
        raise InputError(
            f"'{to}' exists already: name another file, or give force=True to put this in its place"
        )
    with write_whole(to, replace=force) as file:
        _write(held, file)


def _write(held: Snapshot, file: IO[bytes]) -> None:
    about = {
        "scenario": held.scenario.document(), "seed": held.seed, "replicate": held.replicate,
        "quarter": held.quarter, "ways": held.ways, "events": held.events,
        "code": code_fingerprint(), "data": data_hashes(),
        "contents": None if held.contents is None else dict(held.contents),
    }  # fmt: skip
    arrays = {name: np.asarray(getattr(held.raw.world, name)) for name in FIELDS}
    record = np.asarray(held.raw.record)
    arrays |= {"about": np.array(json.dumps(about)), "record": record}
    np.savez_compressed(file, allow_pickle=False, **arrays)


def load_snapshot(path: str | Path) -> Snapshot:
    """Return a snapshot from a file that `save` wrote.

    Raises:
        InputError: it is no snapshot, or was written by another version of the rules, or with
            other data.
    """
    path = as_text("the snapshot", path, "give the path of a file in .npz")
    try:
        with Path(path).open("rb") as opened:
            read = _read(opened)
    except FileNotFoundError:
        raise InputError(f"there is no file '{path}': check the path") from None
    except Exception:  # a broken file fails in a dozen ways: zip, zlib, numpy, JSON
        raise InputError(
            f"'{path}' is not a snapshot, or it is damaged: give a file that sim.save wrote"
        ) from None
    return _checked(*read, f"'{path}'")


def _again(written: bytes) -> Snapshot:
    """Return a snapshot that was pickled or copied; InputError as `load_snapshot` raises it."""
    return _checked(*_read(BytesIO(written)), "a pickled snapshot")


def _checked(
    about: dict[str, Any], arrays: dict[str, np.ndarray], record: np.ndarray, where: str
) -> Snapshot:
    """Return the snapshot that was written, unless it was by other code or with other data."""
    if about["code"] != code_fingerprint():
        raise InputError(
            f"{where} was written by another version of this program, which may have other rules: "
            "take the snapshot again"
        )
    if about["data"] != data_hashes():
        raise InputError(
            f"{where} was lived with other data than the tables that come with this program now "
            "hold: take the snapshot again"
        )
    raw = Raw(_as_world(arrays), record, about["quarter"])
    return Snapshot(
        from_document(about["scenario"]), about["seed"], about["replicate"], raw,
        tuple(about["ways"]), about["events"], about["contents"],
    )  # fmt: skip


def _read(opened: IO[bytes]) -> tuple[dict[str, Any], dict[str, np.ndarray], np.ndarray]:
    """Return what is said about a snapshot, its world's arrays, and what was measured."""
    with np.load(opened, allow_pickle=False) as file:
        about = json.loads(str(file["about"]))
        arrays = {name: file[name] for name in FIELDS}
        return about, arrays, file["record"].view(np.recarray)


def _as_world(arrays: dict[str, np.ndarray]) -> World:
    """Return the world of arrays as they come from a file."""
    views = {
        name: array.view(np.recarray) if array.dtype.names else array
        for name, array in arrays.items()
    }
    return assemble(views)
