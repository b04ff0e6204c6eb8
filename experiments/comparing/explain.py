"""Why two policies differ: where they part, how that spreads, and by which mechanisms it grows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from experiments.comparing.compare import check_alike, finals_of, find_policy, ready_of
from experiments.comparing.mechanisms import MECHANISMS, without
from experiments.comparing.sequences import student
from experiments.runs.show import interval, number
from experiments.runs.summary import DECLARED
from experiments.runs.tell import names_in
from experiments.terminal import say, say_json, show_table
from sim.batch import simulate
from sim.errors import InputError, nearest
from sim.forks import before
from sim.measures import CONTRIBUTIONS, as_columns
from sim.running import SEED_MOST
from sim.scenario import Scenario
from sim.story import reasons_in_words, sentence
from sim.story.wording import Event, amount, quarter_name, records, text
from sim.world import Prepared

if TYPE_CHECKING:
    import pandas as pd

ORDERS = 8
"""Orders in which the mechanisms are switched on, for each of many seeds; an even number."""
ORDERS_ALONE = 20
"""The same for a single seed."""
DIRECT = "direct"
DIRECT_WORDS = "direct, and everything else"
OPENED = 0.5
"""The gap has opened when it has reached this share of what it is at the end."""
SHOWN = 12
"""Steps of the chain that are shown to people."""
MOST_REASONS = 3
"""Contributions that are shown of one decision."""
LEAST = 1e-9
"""Contributions that differ by less are the same but for rounding."""

Key = tuple[int, str, str, str, str]
"""What makes two events the same event: quarter, kind, council, other, scope."""


class Explanation(NamedTuple):
    """Why a policy differs from a base."""

    base: Scenario
    policy: Scenario
    outcome: str
    seed: int
    replicate: int
    first_day: str  # of the policy
    first: dict[str, Any] | None  # the first event that differs; see `first_difference`
    chain: list[dict[str, Any]]  # councils in the order in which they were touched; see `chain_of`
    gap: list[float]  # policy less base in the outcome, each quarter of the first seed
    opened: int | None  # the quarter in which that reached half of what it is at the end
    seeds: int  # over which the shares were taken
    shares: list[dict[str, Any]]  # see `_ranked`

    @property
    def table(self) -> pd.DataFrame:
        """A row a mechanism: its effect in the outcome's unit, interval, share of the gap."""
        import pandas as pd

        return pd.DataFrame(self.shares)


def explain(
    base: str | Path | Scenario,
    policy: str | Path | Scenario,
    *,
    outcome: str = "net_saving",
    seed: int = 1,
    replicate: int = 0,
    seeds: int = 1,
) -> Explanation:
    """Explain how a policy came to differ from a base.

    Args:
        base, policy: names of scenarios or of policies, paths of TOML files, or scenarios.
        outcome: the measure whose gap at the end is shared out over mechanisms.
        seed, replicate: the run whose events are compared.
        seeds: over how many seeds, from `seed` upwards, the shares are averaged.

    Raises:
        InputError: something that was given cannot be used, or the two never differ.
    """
    if outcome not in DECLARED:
        raise InputError(f"--outcome '{outcome}' is no measure: {nearest(outcome, DECLARED)}")
    if seeds < 1 or seed + seeds - 1 > SEED_MOST:
        raise InputError(f"--seeds is {seeds}: give a whole number from 1, up to seed {SEED_MOST}")
    one, two = find_policy(base), find_policy(policy)
    check_alike(one, [two])
    since = first_quarter(ready_of(one), ready_of(two))
    runs = [simulate(each, seed=seed, replicate=replicate) for each in (one, two)]
    gap = (runs[1].quarters[outcome] - runs[0].quarters[outcome]).to_numpy(dtype=float)
    opened = when_opened(gap)
    names = names_in(runs[0]) | names_in(runs[1])
    sides = Sides(*(records(run.events) for run in runs))
    return Explanation(
        one, two, outcome, seed, replicate, one.first_day(since).isoformat(),
        first_difference(sides, names), chain_of(sides, names), gap.tolist(), opened, seeds,
        shares_of((ready_of(one), ready_of(two)), outcome, since, range(seed, seed + seeds),
                  replicate),
    )  # fmt: skip


def first_quarter(base: Prepared, policy: Prepared) -> int:
    """Return the quarter in which anything first differs between two scenarios.

    Raises:
        InputError: nothing does before the end.
    """
    one, two = base.scenario, policy.scenario
    if any(getattr(one, key) != getattr(two, key) for key in
           ("places", "reviewed", "council", "pair", "partnership")):  # fmt: skip
        return 0
    for quarter in range(len(base.theory)):
        if any(a != b for _, a, b in before(base, policy, quarter + 1)):
            return quarter
    raise InputError(
        f"'{one.name}' and '{two.name}' are the same for all {one.quarters} quarters: there is "
        "nothing to explain; name another policy"
    )


def when_opened(gap: np.ndarray) -> int | None:
    """Return the quarter in which a gap first reached half of its last value, None without one."""
    last = gap[-1]
    if not np.isfinite(last) or last == 0:
        return None
    return int(np.flatnonzero(gap * np.sign(last) >= OPENED * abs(last))[0])


class Sides(NamedTuple):
    """The event logs of the two runs, rows in order of time."""

    base: Sequence[Event]
    policy: Sequence[Event]


def key_of(event: Event) -> Key:
    """Return what makes an event the same event in another run."""
    quarter = amount(event, "quarter")
    words = (text(event, name) for name in ("kind", "council", "other", "scope"))
    kind, council, other, scope = words
    return int(quarter if quarter is not None else -1), kind, council, other, scope


def whole_of(event: Event) -> tuple[Any, ...]:
    """Return all that is told of an event, but for the number of its deal, which is a place."""
    pushes = tuple(amount(event, f"because_{name}") for name in CONTRIBUTIONS)
    told = text(event, "reason"), amount(event, "value"), amount(event, "more")
    return (*key_of(event), *told, *pushes)


def unlike(sides: Sides, of: Callable[[Event], Any]) -> list[tuple[str, Event]]:
    """Return the events that one run has and the other has not, each with its side.

    `of` says what is compared of an event (`key_of` or `whole_of`). In order of quarter, and
    within it of the place in the log.
    """
    counts = [Counter(map(of, log)) for log in sides]
    found: list[tuple[int, int, str, Event]] = []
    for side, log, others in zip(Sides._fields, sides, reversed(counts), strict=True):
        left = Counter(others)
        for place, event in _numbered(log):
            if left[of(event)] > 0:
                left[of(event)] -= 1
            else:
                found.append((key_of(event)[0], place, side, event))
    found.sort(key=lambda row: row[:3])
    return [(side, event) for _, _, side, event in found]


def _numbered(log: Sequence[Event]) -> list[tuple[int, Event]]:
    """Return events with their place within their quarter."""
    seen: Counter[int] = Counter()
    numbered = []
    for event in log:
        quarter = key_of(event)[0]
        numbered.append((seen[quarter], event))
        seen[quarter] += 1
    return numbered


def first_difference(sides: Sides, names: Mapping[str, str]) -> dict[str, Any] | None:
    """Return the first event that differs, None when the logs are the same.

    `when`; for `base` and `policy` what that run tells and the other does not (None where there is
    no such thing in that quarter), with what was weighed; `same`, whether both tell of one event
    that was only weighed differently; and `weighed`, the contributions that differ where the two
    are about the same councils and scope, as (words, in the base, with the policy).
    """
    found = unlike(sides, whole_of)
    if not found:
        return None
    side, event = found[0]
    quarter = key_of(event)[0]
    rest = [each for where, each in found if where != side and key_of(each)[0] == quarter]
    twins = [each for each in rest if key_of(each) == key_of(event)]
    near = next(iter(twins), None) or _counterpart(side, event, found)
    both = {side: event, ("policy" if side == "base" else "base"): near or next(iter(rest), None)}
    return {
        "quarter": quarter, "when": quarter_name(event), "same": bool(twins),
        **{name: each and _told(each, names) for name, each in both.items()},
        "weighed": _weighed(side, event, near),
    }  # fmt: skip


def _counterpart(side: str, event: Event, found: Sequence[tuple[str, Event]]) -> Event | None:
    """Return what a council did about a scope in the other run instead, None if nothing.

    With the same council on the other side if there is such a thing, else with another.
    """
    quarter, _, council, _, scope = key_of(event)
    others = [
        each
        for where, each in found
        if where != side and key_of(each)[0] == quarter and key_of(each)[4] == scope
    ]
    same = [each for each in others if _parties(each) == _parties(event)]
    own = [each for each in others if key_of(each)[2] == council]
    return next(iter([*same, *own]), None)


def _parties(event: Event) -> set[str]:
    """Return the councils that an event names."""
    return {text(event, "council"), text(event, "other")}


def _told(event: Event, names: Mapping[str, str]) -> dict[str, str]:
    return {"sentence": sentence(event, names), "reasons": reasons_in_words(event)}


def _weighed(side: str, event: Event, other: Event | None) -> list[tuple[str, float, float]]:
    """Return the contributions that differ from the other run's event, the largest change first.

    Only between events of the same councils: with another partner everything is another matter.
    """
    if other is None or _parties(event) != _parties(other):
        return []
    base, policy = (event, other) if side == "base" else (other, event)
    both = [
        (words, amount(base, f"because_{name}") or 0.0, amount(policy, f"because_{name}") or 0.0)
        for name, words in CONTRIBUTIONS.items()
    ]
    changed = [row for row in both if abs(row[2] - row[1]) > LEAST]
    return sorted(changed, key=lambda row: -abs(row[2] - row[1]))


def chain_of(sides: Sides, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the councils in the order in which they were touched, a row each.

    A council is touched by the first event that concerns it and happened in one run only. Each row
    has the quarter, the council, `through` (the council that brought it: one that was touched
    before and takes part in the event; None where it was reached by the policy itself, or by what
    it sees, hears or can afford), the `side` on which the event happened, the `sentence` with its
    `reasons`, what happened `instead` on the other side, and the contributions that differ.
    """
    found = unlike(sides, key_of)
    touched: set[str] = set()
    steps = []
    for side, event in found:
        members = [code for code in (text(event, "council"), text(event, "other")) if code]
        for code in dict.fromkeys(members):
            if code in touched:
                continue
            via = next((each for each in members if each in touched), None)
            touched.add(code)
            other = _counterpart(side, event, found)
            steps.append({
                "quarter": key_of(event)[0], "when": quarter_name(event),
                "council": code, "name": names.get(code, code),
                "through": None if via is None else names.get(via, via),
                "side": side, **_told(event, names),
                "instead": None if other is None else sentence(other, names),
                "weighed": _weighed(side, event, other),
            })  # fmt: skip
    return steps


def shares_of(
    pair: tuple[Prepared, Prepared],
    outcome: str,
    since: int,
    seeds: range,
    replicate: int,
    *,
    orders: int | None = None,
) -> list[dict[str, Any]]:
    """Return how much of the gap at the end goes through each mechanism; see `_ranked`.

    The share of a mechanism is its Shapley value: what switching it on adds to the gap, averaged
    over the orders in which the mechanisms can be switched on. So the shares and what is left with
    every mechanism off ("direct") add up to the gap, and nothing is counted twice. Orders are drawn
    anew for each seed, each with its reverse.
    """
    gaps = Gaps(pair, outcome, since)
    orders = orders or (ORDERS if len(seeds) > 1 else ORDERS_ALONE)
    found = []
    for seed in seeds:
        parts = _parts(gaps, seed, replicate, orders)
        if np.isfinite(parts).all():
            found.append(parts)
    if not found:
        raise InputError(
            f"'{outcome}' has no value at the end of these runs: name another --outcome"
        )
    return _ranked(np.array(found))


class Gaps:
    """The gap between two policies at the end, with any mechanisms switched off in both."""

    def __init__(self, pair: tuple[Prepared, Prepared], outcome: str, since: int) -> None:
        """Take base and policy, the outcome, and the quarter from which mechanisms are off."""
        self.pair, self.outcome = pair, outcome
        self.day = pair[0].scenario.first_day(since)
        self.known: dict[tuple[frozenset[str], int, int], float] = {}

    def at(self, off: Collection[str], seed: int, replicate: int) -> float:
        """Return policy less base with these mechanisms off, in the unit of the outcome."""
        key = (frozenset(off), seed, replicate)
        if key not in self.known:
            where = range(replicate, replicate + 1)
            ends = [
                finals_of(without(side, sorted(off), since=self.day), seed, where)
                for side in self.pair
            ]
            base, policy = (float(as_columns(each)[self.outcome][0]) for each in ends)
            self.known[key] = policy - base
        return self.known[key]


def _parts(gaps: Gaps, seed: int, replicate: int, orders: int) -> np.ndarray:
    """Return the part of each mechanism in one run's gap, and what is left with all off."""
    chance = np.random.Generator(np.random.Philox(key=[seed, replicate]))
    parts = np.zeros(len(MECHANISMS) + 1)
    for _ in range(orders // 2):
        order = chance.permutation(len(MECHANISMS))
        for way in (order, order[::-1]):
            off = [mechanism.name for mechanism in MECHANISMS]
            before = gaps.at(off, seed, replicate)
            for place in way.tolist():
                off.remove(MECHANISMS[place].name)
                after = gaps.at(off, seed, replicate)
                parts[place] += (after - before) / orders
                before = after
    parts[-1] = gaps.at([mechanism.name for mechanism in MECHANISMS], seed, replicate)
    return parts


def _ranked(parts: np.ndarray) -> list[dict[str, Any]]:
    """Return a row a mechanism, the largest part first; `parts` is (seeds, mechanisms + 1).

    Each has: mechanism, words, effect (mean part of the gap, in the unit of the outcome) with the
    95% interval over seeds, and share (of the mean gap; missing where there is none).
    """
    gap = float(parts.sum(axis=1).mean())
    known = [(each.name, each.words) for each in MECHANISMS] + [(DIRECT, DIRECT_WORDS)]
    rows = []
    for place, (name, words) in enumerate(known):
        found = student(parts[:, place])
        share = found.mean / gap if abs(gap) > LEAST else np.nan
        rows.append({
            "mechanism": name, "words": words, "effect": found.mean, "low": found.low,
            "high": found.high, "share": share,
        })  # fmt: skip
    return sorted(rows, key=lambda row: -abs(row["effect"]))


def show(found: Explanation, *, as_json: bool) -> None:
    """Write an explanation for people, or as one JSON value."""
    if as_json:
        document = found._asdict()
        say_json(document | {"base": found.base.name, "policy": found.policy.name})
        return
    titles = [each.title or each.name for each in (found.base, found.policy)]
    say(f"{titles[1]}, against {titles[0]}: seed {found.seed}, replicate {found.replicate}")
    say(f"The policy begins on {found.first_day}.")
    say()
    _show_first(found.first)
    _show_chain(found)
    _show_shares(found)


def _show_first(first: Mapping[str, Any] | None) -> None:
    if first is None:
        say("No event differs: whatever differs, differs without anybody deciding otherwise.")
        return
    if first["same"]:
        say(f"The first event that differs, {first['when']}, is in both but weighed differently:")
        say(f"  {first['base']['sentence']}")
    else:
        say(f"The first event that differs, {first['when']}:")
        for side, words in (("base", "without the policy"), ("policy", "with it")):
            say(f"  {words}: {_with_reasons(first[side])}")
    if first["weighed"]:
        say(f"  Weighed differently: {_changes(first['weighed'])}.")


def _with_reasons(told: Mapping[str, Any] | None) -> str:
    if told is None:
        return "nothing of the kind."
    return f"{told['sentence']} ({told['reasons']})" if told["reasons"] else str(told["sentence"])


def _changes(weighed: Sequence[tuple[str, float, float]]) -> str:
    return ", ".join(
        f"{words} ({before:+.3f} without, {after:+.3f} with the policy)"
        for words, before, after in weighed[:MOST_REASONS]
    )


def _show_chain(found: Explanation) -> None:
    opened = found.opened
    until = len(found.gap) if opened is None else opened
    steps = [step for step in found.chain if step["quarter"] <= until]
    say()
    if steps:
        say(f"What happened otherwise, council by council ({len(found.chain)} by the end):")
    for step in steps[:SHOWN]:
        say(f"  {_step_in_words(step)}")
    if len(steps) > SHOWN:
        say(f"  and {len(steps) - SHOWN} more before the gap had opened")
    if opened is not None:
        unit = DECLARED[found.outcome].unit
        say(
            f"By quarter {opened + 1} of {len(found.gap)} the gap in {found.outcome} had opened: "
            f"{number(found.gap[opened])} {unit}; at the end {number(found.gap[-1])}."
        )


def _step_in_words(step: Mapping[str, Any]) -> str:
    through = f", through {step['through']}" if step["through"] else ""
    there, elsewhere = "with the policy", "without it"
    if step["side"] == "base":
        there, elsewhere = "without the policy", "with it"
    instead = (
        f" {elsewhere[0].upper()}{elsewhere[1:]}: {step['instead']}" if step["instead"] else ""
    )
    weighed = f" Weighed differently: {_changes(step['weighed'])}." if step["weighed"] else ""
    return (
        f"{step['when']}: {step['name']}{through}. Only {there}: {step['sentence']}"
        f"{instead}{weighed}"
    )


def _show_shares(found: Explanation) -> None:
    outcome, rows = DECLARED[found.outcome], found.shares
    whole = sum(row["effect"] for row in rows)
    over = f"over {found.seeds} seeds" if found.seeds > 1 else "in this one run"
    say()
    say(f"{outcome.title}: a gap of {number(whole)} {outcome.unit} {over}, by mechanism:")
    show_parts(rows)
    if found.seeds == 1:
        say("One run is one story: try --seeds 30 for what holds beyond it.")


def parts_in_words(rows: Sequence[Mapping[str, Any]]) -> list[tuple[str, str, str, str]]:
    """Return words, part, interval and share of every mechanism that has a part."""
    found = []
    for row in rows:
        low, high, share = (
            np.nan if row[key] is None else float(row[key]) for key in ("low", "high", "share")
        )
        shown = f"{share:.0%}" if np.isfinite(share) else "-"
        if row["effect"]:
            found.append((row["words"], number(row["effect"]), interval(low, high), shown))
    return found


def show_parts(rows: Sequence[Mapping[str, Any]]) -> None:
    """Write the parts of a gap by mechanism as a table."""
    headings = {"Mechanism": "left", "Part": "right", "95% interval": "right", "Share": "right"}
    cells = parts_in_words(rows)
    if cells:
        show_table("", headings, cells)
