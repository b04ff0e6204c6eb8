"""In which runs something happens, written for people and as JSON, with what plays the first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ...sim.declared.measures import REASONS
from ...sim.declared.scenario import Scenario
from ...sim.finding.search import Findings, find
from ...sim.finding.sought import Options, Sought, in_words, read_sought
from ...sim.finding.words import ABOUT, HAPPENS, SAID
from ...sim.ready.kept import prepared
from ...sim.ready.world import Prepared
from ..terminal import progress, say, say_json
from ..words import HUNDRED, as_typed, count, listed, period
from ..worlds import Worlds, ready_in

OTHERS = 8
"""So many further runs are listed."""
NOT_PLAYED = ("--set", "--quarters")
"""What the page does not take: such a run is told as a story."""


class Wanted(NamedTuple):
    """What is asked: a scenario, what is sought in its runs, and in which of them."""

    scenario: Scenario
    sentence: str
    options: Options
    seed: int
    runs: int
    worlds: Worlds | None = None

    def ready_at(self, replicate: int) -> Prepared:
        """Return the scenario as a replicate lives it."""
        return ready_in(self.worlds, self.scenario, self.scenario, replicate)


def find_and_tell(wanted: Wanted, again: Sequence[str], *, as_json: bool) -> None:
    """Look for runs and write what was found; `again` is what other commands need to be told.

    Raises:
        InputError: what is sought is not understood.
    """
    if wanted.worlds is not None:
        wanted.worlds.check("--runs", wanted.runs)
    table = prepared(wanted.scenario).table
    sought = read_sought(wanted.sentence, wanted.options, wanted.scenario, table)
    with progress(wanted.runs) as watch:

        def ready_at(replicate: int) -> Prepared:
            watch("Looking", replicate)
            return wanted.ready_at(replicate)

        found = find(ready_at, sought, seed=wanted.seed, replicates=range(wanted.runs))
    meant = in_words(sought, table)
    if as_json:
        say_json(_document(wanted, sought, meant, found, again))
        return
    say(
        f"{wanted.scenario.title or wanted.scenario.name}: {period(wanted.scenario)}, "
        f"seed {wanted.seed}, {count(found.runs, 'run')}"
    )
    say(f"Sought: {meant}.")
    _tell(wanted, sought, found, again)


def _tell(wanted: Wanted, sought: Sought, found: Findings, again: Sequence[str]) -> None:
    if found.standing:
        say("On the first day it is so already, in every run; what follows is what is new.")
    many, (low, high) = len(found.found), found.interval
    say(
        f"Found in {many} of {count(found.runs, 'run')}: {found.share * HUNDRED:.1f}% "
        f"(95% interval {low * HUNDRED:.1f}% to {high * HUNDRED:.1f}%)."
    )
    if not found.found:
        say(f"Look in more runs (--runs {wanted.runs * 10}){_or_less(sought)}.")
        return
    first = found.found[0]
    say(f"First to play: replicate {first.replicate}, {first.when}. {first.said}")
    say(f"  {play(again, wanted.seed, first.replicate)}")
    more = [f"{each.replicate} ({each.when})" for each in found.found[1 : 1 + OTHERS]]
    if more:
        left = many - 1 - len(more)
        say(f"Others: {'; '.join(more)}{f'; and {left} more' if left else ''}.")


def _or_less(sought: Sought) -> str:
    """Return what could be left out of what is sought, or what is meant by it."""
    said = {
        "the years": sought.first is not None or sought.last is not None,
        "the reason": bool(sought.reason), "what it is about": bool(sought.scopes),
        "a council": bool(sought.councils),
    }  # fmt: skip
    parts = [part for part, given in said.items() if given]
    less = f", or leave out {listed(parts, 'or')}" if parts else ""
    if sought.what not in ("leaves", "ends"):
        return less
    return (
        f"{less}. This is about what was signed: before that a council walks away from talks, and "
        "talks fail"
    )


def play(again: Sequence[str], seed: int, replicate: int) -> str:
    """Return the command that plays a run; one with other numbers is told as a story."""
    shown = "story" if any(option in again for option in NOT_PLAYED) else "page"
    luck = ["--seed", str(seed), "--replicate", str(replicate)]
    return as_typed(["councils", shown, *again, *luck])


def _document(
    wanted: Wanted, sought: Sought, meant: str, found: Findings, again: Sequence[str]
) -> dict[str, object]:
    low, high = found.interval
    return {
        "scenario": wanted.scenario.name, "seed": wanted.seed, "runs": found.runs,
        "sought": {**sought._asdict(), "in_words": meant},
        "times": len(found.found), "share": found.share, "low": low, "high": high,
        "standing": found.standing,
        "play": play(again, wanted.seed, found.found[0].replicate) if found.found else None,
        "found": [each._asdict() for each in found.found],
    }  # fmt: skip


def say_words() -> None:
    """Write which words are known."""
    say("What happens (--kind takes the first word of a line):")
    for what, phrases in HAPPENS.items():
        say(f"  {what}: {SAID[what]}; said as {', '.join(phrases.said)}")
    say(f"About what: {', '.join(ABOUT)}.")
    say(f"Over which reason: {', '.join(f'{key} ({words})' for key, words in REASONS.items())}.")
    say("When: in 2011; before, after, since or until 2011; from 2010 to 2012.")
