"""One world under one policy, lived on as far as anybody has looked, with what is drawn of it."""

from __future__ import annotations

import json

from ..core.world import FIELDS, fresh
from ..declared.scenario import Scenario
from ..errors import InputError
from ..forks import Snapshot, adopt
from ..ready.kept import prepared
from ..ready.world import Prepared
from ..running import Raw, begin, go_on, luck_of
from .explain import Telling
from .frames import frame, when
from .levers import WORDS, declared
from .parted import Log, log_of

KEPT_BYTES = 24_000_000
"""How much of the past a line keeps at hand; the rest is lived again when it is asked for."""
COUNCILS_MOST = 2000


def ready_to_show(scenario: Scenario) -> Prepared:
    """Return a scenario made ready; InputError where it has more councils than the page draws."""
    ready = prepared(scenario)
    if len(ready.table.code) > COUNCILS_MOST:
        raise InputError(
            f"{scenario.name} has {len(ready.table.code)} councils, and the page draws at most "
            f"{COUNCILS_MOST}: narrow its [places], or use councils run"
        )
    return ready


class Line:
    """One world under one policy, lived on as far as anybody has looked."""

    def __init__(self, scenario: Scenario, *, seed: int, replicate: int) -> None:
        """Found the world; nothing of it is lived yet."""
        self.scenario, self.seed, self.replicate = scenario, seed, replicate
        self.ready = ready_to_show(scenario)
        self.luck = luck_of(seed, replicate)
        self.kept: dict[int, Raw] = {}
        self.frames: dict[int, str] = {}
        self._keep(go_on(begin(self.ready), self.ready, luck=self.luck, until=0))

    @property
    def bytes(self) -> int:
        """How much is kept: worlds at quarters, and frames."""
        return self.worlds + sum(map(len, list(self.frames.values())))

    @property
    def quarters(self) -> int:
        """How many quarters the scenario lasts."""
        return len(self.ready.theory)

    def at(self, quarter: int) -> Raw:
        """Return the run lived to before a quarter, from the nearest one that is kept."""
        start = max(q for q in self.kept if q <= quarter)
        raw = self.kept[start]
        while raw.quarter < quarter:
            raw = go_on(raw, self.ready, luck=self.luck, until=raw.quarter + 1)
            self._keep(raw)
        return raw

    def _keep(self, raw: Raw) -> None:
        """Keep a run at a quarter, without the empty room in its log."""
        held = raw._replace(world=fresh(raw.world, log=raw.events.copy()))
        size = _size(held)
        stride = 1
        while size * self.quarters > KEPT_BYTES * stride:
            stride *= 2  # so that what a finer stride kept is there for a coarser one
        self.kept[raw.quarter] = held
        newest = max(self.kept)
        self.kept = {q: r for q, r in self.kept.items() if q % stride == 0 or q == newest}
        self.worlds = sum(map(_size, self.kept.values()))

    def frame(self, quarter: int) -> str:
        """Return, as JSON, what is drawn when the quarters before `quarter` are over."""
        if quarter not in self.frames:
            since = self.at(quarter - 1).happened if quarter else 0
            drawn = frame(self.ready, self.at(quarter), since=since)
            self.frames[quarter] = json.dumps(drawn, allow_nan=False, separators=(",", ":"))
        return self.frames[quarter]

    def period(self, quarter: int) -> str:
        """Return the time that has just passed when the quarters before `quarter` are over."""
        return when(self.ready, quarter)["period"]

    def happened(self, quarter: int) -> Log:
        """Return what happened in a quarter, and the names of the councils.

        The first quarter tells of the talks too that were under way when it began.
        """
        since = self.at(quarter).happened if quarter else 0
        return log_of(self.ready, self.at(quarter + 1), since=since)

    def turn(self, scenario: Scenario, quarter: int) -> None:
        """Go on under another scenario from a quarter; it must be the same before that."""
        ready, raw = prepared(scenario), self.at(quarter)
        past = {q: kept for q, kept in self.kept.items() if q < quarter} | {quarter: raw}
        taken = [self._taken(kept, ready) for kept in past.values()]
        self.scenario, self.ready, self.kept = scenario, ready, {}
        for kept in taken:
            self._keep(kept)
        self.frames = {q: drawn for q, drawn in self.frames.items() if 0 < q <= quarter}

    def _taken(self, raw: Raw, ready: Prepared) -> Raw:
        """Return a run that was kept as one of another scenario, founded."""
        held = Snapshot(
            self.scenario,
            self.seed,
            self.replicate,
            raw,
            self.ready.ways,
            True,
            contents=self.ready.contents,
        )
        return go_on(adopt(held, ready), ready, luck=self.luck, until=raw.quarter)

    def telling(self, quarter: int) -> Telling:
        """Return the words for what had happened before a quarter."""
        return Telling(self.ready, self.at(quarter), quarter, opened=self.at(0).happened)

    def in_force(self, quarter: int) -> dict[str, float | str]:
        """Return what each lever is set to in a quarter."""
        row = self.ready.theory[min(quarter, self.quarters - 1)]
        found: dict[str, float | str] = {}
        for name in declared():
            value = float(row[name.replace(".", "_", 1)])
            found[name] = WORDS[name][int(value)] if name in WORDS else round(value, 6)
        return found


def _size(raw: Raw) -> int:
    return sum(getattr(raw.world, name).nbytes for name in FIELDS)
