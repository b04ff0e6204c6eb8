"""The same replicates of several scenarios, run block by block, and what came of them."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ...sim.declared.measures import quarter_dtype
from ...sim.declared.scenario import SHIPPED, Scenario
from ...sim.errors import InputError
from ..ends import Ends
from ..executors.ordered import Hands, ordered
from ..policies.mistakes import POLICIES
from ..words import as_typed
from ..worlds import Worlds, ends_over
from .asking import Card, Question
from .sequences import BURN_IN

if TYPE_CHECKING:
    from ..terminal import Watch

Courses = dict[str, np.ndarray]
"""By measure: (replicates, quarters)."""


class Block(NamedTuple):
    """Some replicates of some scenarios, to be run between two looks."""

    scenarios: dict[str, Scenario]  # by name
    seed: int
    replicates: range
    measures: tuple[str, ...]  # of which the whole course is kept
    base: Scenario  # what it sets is laid over each world
    worlds: Worlds | None


class Gathered(NamedTuple):
    """All that was run so far."""

    finals: dict[str, np.ndarray]  # records of the last quarter, by the scenario's name
    courses: dict[str, Courses]  # of what is told over time, by the scenario's name
    failures: list[dict[str, Any]]  # runs that raised: scenario, replicate, error, repeat


def gathered_none(asked: Question | Card, measures: Sequence[str] = ()) -> Gathered:
    """Return that nothing was run yet; `measures` are those of which every quarter is kept."""
    names = [each.name for each in (asked.base, *asked.policies)]
    empty = np.empty((0, asked.base.quarters))
    return Gathered(
        {name: np.empty(0, dtype=quarter_dtype()) for name in names},
        {name: dict.fromkeys(measures, empty) for name in names},
        [],
    )


def take(asked: Question | Card, so_far: Gathered, block: dict[str, Ends]) -> None:
    """Add to what was run so far what came of a block.

    Raises:
        InputError: every run of a scenario in the block failed.
    """
    for name, ends in block.items():
        so_far.finals[name] = np.concatenate([so_far.finals[name], ends.records])
        for measure, course in ends.courses.items():
            mine = so_far.courses[name]
            mine[measure] = np.concatenate([mine[measure], course])
        so_far.failures.extend(failures_of(asked, name, ends))


def run_blocks(
    asked: Question | Card,
    most: int,
    is_done: Callable[[Gathered, str], bool],
    *,
    hands: Hands | None = None,
    watch: Watch | None = None,
    measures: tuple[str, ...] = (),
) -> Gathered:
    """Run replicates of all scenarios, block by block, until `most` or until all are done.

    Args:
        asked: the scenarios, the seed, and how many replicates are a block.
        most: how many replicates there are at most.
        is_done: says of a policy, from 100 replicates on, whether it is run no further.
        hands, watch: who works, and who is told.
        measures: those of which every quarter is kept.

    Raises:
        InputError: every run of a scenario in a block failed.
    """
    base = asked.base.name
    found = gathered_none(asked, measures)
    open_ = {base, *(policy.name for policy in asked.policies)}
    with closing(blocks_of(asked, most, open_, hands or Hands(), measures)) as blocks:
        for block in blocks:
            take(asked, found, block)
            done = len(found.finals[base])
            if watch is not None:
                watch("Comparing", done)
            if done >= BURN_IN:
                open_ -= {name for name in open_ - {base} if is_done(found, name)}
            if open_ == {base}:
                break
    return found


def blocks_of(
    asked: Question | Card,
    most: int,
    open_: set[str],
    hands: Hands,
    measures: tuple[str, ...] = (),
) -> Generator[dict[str, Ends], None, None]:
    """Yield how each run of each block ended, of the scenarios that are still open, by name.

    Workers may be ahead: what they did of a scenario that was closed meanwhile is left out.
    """
    scenarios = {each.name: each for each in (asked.base, *asked.policies)}
    spans = [range(first, min(first + asked.block, most)) for first in range(0, most, asked.block)]
    blocks = (
        Block(
            {name: scenarios[name] for name in sorted(open_)},
            asked.seed,
            span,
            measures,
            asked.base,
            asked.worlds,
        )
        for span in spans
    )
    few = hands._replace(workers=min(hands.workers, len(spans)))
    for found in ordered(last_quarters, blocks, few):
        yield {name: found[name] for name in sorted(open_)}


def last_quarters(block: Block) -> dict[str, Ends]:
    """Return for each scenario of a block, by name, how each of its runs ended."""
    return {
        name: ends_over(
            block.worlds, block.base, scenario, block.seed, block.replicates, block.measures
        )
        for name, scenario in block.scenarios.items()
    }


def failures_of(asked: Question | Card, name: str, ends: Ends) -> list[dict[str, Any]]:
    """Return a row a run that raised; raises InputError where all of a block did."""
    repeat = _repeat_line(asked, name)
    rows = [
        {"scenario": name, "replicate": replicate, "error": error,
         "repeat": as_typed([*repeat, "--replicate", str(replicate)])}
        for replicate, error in ends.errors.items()
    ]  # fmt: skip
    if rows and len(rows) == len(ends.records):
        raise InputError(
            f"'{name}': each of {len(rows)} runs fails, the first with {rows[0]['error']}; repeat "
            f"it with: {rows[0]['repeat']}"
        )
    return rows


def _repeat_line(asked: Question | Card, name: str) -> list[str]:
    """Return the command, but for the replicate, that lives a run of a scenario again."""
    names = [each.name for each in (asked.base, *asked.policies)]
    typed = asked.typed.scenarios or names
    place = max(names.index(name), 1)  # the base is run beside any policy
    words = ["councils", "explain", _as_named(typed[0]), _as_named(typed[place])]
    for text in asked.typed.sets:
        words += ["--set", text]
    if asked.typed.quarters is not None:
        words += ["--quarters", str(asked.typed.quarters)]
    if asked.worlds is not None:
        words += ["--ensemble", asked.worlds.ensemble.file or asked.worlds.ensemble.name]
    return [*words, "--seed", str(asked.seed)]


def _as_named(name: str) -> str:
    """Return how one names a scenario to a command: a file of one's own with its ending."""
    known = any((folder / f"{name}.toml").exists() for folder in (SHIPPED, POLICIES))
    return name if known or name.endswith(".toml") else f"{name}.toml"


def moved(base: np.ndarray, policy: np.ndarray) -> bool:
    """Return whether a policy moved a bit of any measure at the end of any replicate."""
    count = min(len(base), len(policy))
    return count == 0 or base[:count].tobytes() != policy[:count].tobytes()
