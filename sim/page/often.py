"""How often it goes this way: the same scenario under other luck, lived to a date."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..core import state as s
from ..errors import InputError, nearest
from ..finding.often import wilson
from ..ready.world import Prepared
from ..running import Raw, begin, go_on, luck_of
from .frames import measured

if TYPE_CHECKING:
    from .line import Line

RUNS = 200
"""So many runs of other luck: the first replicates of the seed, without the one that is shown."""
SECONDS = 1.0
"""So long an answer may take; what is not lived by then is lived when somebody asks again."""
AT_ONCE, PATIENCE = 2, 5.0
"""So many tabs count at once; others wait so many seconds, and are then told to ask again."""
SHARE = "share"
"""The outcome of a pair: 1 where the two share something."""

_counting = threading.Semaphore(AT_ONCE)


class Count:
    """What came out at a date in runs of other luck, as far as they have been lived."""

    def __init__(self, lines: Mapping[str, Line], quarter: int, pair: Sequence[str] = ()) -> None:
        """Get ready; nothing is lived yet.

        Args:
            lines: the sides, each of one seed and replicate.
            quarter: the runs are lived to before this quarter.
            pair: codes of two councils of the first day, or none.

        Raises:
            InputError: nothing is measured at that date, or a council is not known.
        """
        own = lines["a"]
        if not 0 < quarter <= own.quarters:
            raise InputError(
                f"q is {quarter}: give 1 to {own.quarters}, since nothing is measured before a "
                "quarter has passed"
            )
        self.ready = {name: line.ready for name, line in lines.items()}
        self.rows = [_row(line.ready, code) for line in lines.values() for code in pair][:2]
        self.quarter, self.seed = quarter, own.seed
        self.others = [k for k in range(RUNS + 1) if k != own.replicate][:RUNS]
        self.own = {name: self._outcomes(name, own.replicate) for name in lines}
        self.found: dict[str, list[dict[str, float | None]]] = {name: [] for name in lines}
        self.lock = threading.Lock()

    def live(self, seconds: float = SECONDS) -> None:
        """Live more of the runs, at least one, for so many seconds.

        Raises:
            InputError: too many count at the moment.
        """
        if not _counting.acquire(timeout=PATIENCE):
            raise InputError("other tabs are counting runs at the moment: ask again in a minute")
        try:
            with self.lock:
                until = time.monotonic() + seconds
                while self.done < RUNS:
                    replicate = self.others[self.done]
                    lived = {name: self._outcomes(name, replicate) for name in self.ready}
                    for name, outcomes in lived.items():
                        self.found[name].append(outcomes)
                    if time.monotonic() >= until:
                        break
        finally:
            _counting.release()

    @property
    def done(self) -> int:
        """How many runs have been lived, on every side."""
        return len(self.found["a"])

    def told(self) -> dict[str, Any]:
        """Return what was found so far: `Counted` of sent.d.ts."""
        with self.lock:
            names = [name for name in self.own["a"] if self._known(name)]
            sides = {
                side: {
                    "own": {name: own[name] for name in names},
                    "values": {name: self._values(side, name) for name in names},
                    "high": {name: self._high(side, name) for name in names},
                }
                for side, own in self.own.items()
            }
            told = {"q": self.quarter, "of": RUNS, "done": self.done, "sides": sides}
            if "b" in sides:
                told["above"] = {name: self._above(name) for name in names}
            return told

    def _outcomes(self, side: str, replicate: int) -> dict[str, float | None]:
        ready, luck = self.ready[side], luck_of(self.seed, replicate)
        raw = go_on(begin(ready), ready, luck=luck, until=self.quarter, events=False)
        pair = {SHARE: float(share(raw, *self.rows))} if self.rows else {}
        return {**pair, **measured(raw)}

    def _known(self, name: str) -> bool:
        runs = [run for side in self.found.values() for run in side]
        return all(run[name] is not None for run in [*runs, *self.own.values()])

    def _values(self, side: str, name: str) -> list[Any]:
        return [run[name] for run in self.found[side]]

    def _high(self, side: str, name: str) -> list[float]:
        """Return in how many runs it is as high as here (a pair shares), and the share's bounds."""
        least: Any = 1.0 if name == SHARE else self.own[side][name]
        return _counted(sum(value >= least for value in self._values(side, name)), self.done)

    def _above(self, name: str) -> list[float]:
        """Return in how many runs B lies above A, and the bounds of that share."""
        pairs = zip(self._values("a", name), self._values("b", name), strict=True)
        return _counted(sum(b > a for a, b in pairs), self.done)


def _counted(times: int, runs: int) -> list[float]:
    return [times, *(round(bound, 4) for bound in wilson(times, runs))]


def _row(ready: Prepared, code: str) -> int:
    codes = list(ready.table.code)
    if code not in codes:
        raise InputError(
            f"pair: there is no council '{code}' on the first day; {nearest(code, codes)}"
        )
    return codes.index(code)


def share(raw: Raw, a: int, b: int) -> bool:
    """Return whether two councils of the first day (places) share an agreement, or are one."""
    world = raw.world
    rows = []
    for who in (a, b):
        while int(world.roll[who].successor) != who:
            who = int(world.roll[who].successor)
        rows.append(int(world.roll[who].row))
    one, two = (world.councils.agreement[row] for row in rows)
    return rows[0] == rows[1] or bool(((one == two) & (one != s.NOBODY)).any())
