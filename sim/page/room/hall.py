"""The hall: what the room is shown, who sits where, what is bet and decided."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any, NamedTuple

from ...errors import InputError
from ..frames import long_day
from ..session import Session
from . import deciding, known
from .aims import Game, lived, read_aims
from .deciding import Item
from .doors import Doors, Tries
from .seats import Seat, Seats
from .wagers import Wagers

MAIN = ("agreements", "talks", "promised", "reported", "reserves")
"""The outcomes that a phone shows: what everybody can read in a report, not what is true."""


class Shown(NamedTuple):
    """Where the trainer's page stands, and how far it has been there on this branch."""

    session: Session
    side: str
    quarter: int
    furthest: int
    branch: int
    title: str = ""

    @property
    def at_the_front(self) -> bool:
        """Return whether the quarter that comes has not been lived before the room."""
        return self.quarter == self.furthest


class Hall:
    """One room: every change makes its `version` higher, which the streams look at.

    Whoever holds a session's lock may take the hall's; never the other way round.
    """

    def __init__(self, doors: Doors, address: str = "") -> None:
        """Open an empty room; `address` is what phones open."""
        self.doors, self.address, self.tries = doors, address, Tries()
        self.lock = threading.RLock()
        self.version = 0
        self.over: Callable[[], bool] = lambda: False
        self.seats, self.wagers = Seats(), Wagers()
        self.shown: Shown | None = None
        self.chosen: dict[str, dict[str, tuple[Item, str]]] = {}
        self.game: Game | None = None
        self.last: tuple[int, dict[str, list[tuple[Item, str]]]] | None = None
        self.kept: dict[tuple[Any, ...], Any] = {}

    def changed(self) -> None:
        """Let the streams tell what is new."""
        self.version += 1

    def fresh(self) -> None:
        """Begin anew with another group: seats stay, bets and scores do not."""
        with self.lock:
            self.wagers, self.game = Wagers(), None
            self.changed()

    # --- what the trainer shows ------------------------------------------------------------------

    def show(self, session: Session, side: str, quarter: int, title: str) -> None:
        """Follow the trainer's page to a quarter of a session; bets are closed and decided."""
        with session.lock:
            bets, true = session.memo.bets, session.answers(side, quarter)
            branch = session.branch
        with self.lock:
            old = self.shown
            same = old is not None and old.session is session and old.side == side
            furthest = quarter
            if old is not None and same:
                furthest = max(old.furthest, quarter) if old.branch == branch else quarter
            if old is None or not same or (old.quarter, old.branch) != (quarter, branch):
                self.chosen, self.kept = {}, {}
            if not same:
                self.last = None
            if old is not None and old.session is not session:
                self.game = None
            self.shown = Shown(session, side, quarter, furthest, branch, title)
            self.wagers.follow(bets, true, quarter)
            self.changed()

    def decide(self, session: Session, side: str, quarter: int) -> bool:
        """Let the room's decisions act from a quarter on; return whether there were any."""
        with self.lock:
            shown, chosen = self.shown, self.chosen
            here = shown is not None and (shown.session, shown.side, shown.quarter) == (
                session, side, quarter)  # fmt: skip
            if not here or not chosen:
                return False
            self.chosen = {}
        acts = [
            deciding.act_of(code, item, what, quarter)
            for code, mine in sorted(chosen.items())
            for item, what in mine.values()
        ]
        with session.lock:
            session.change(side, *acts)
            branch = session.branch
        with self.lock:
            self.last = (quarter, {code: list(mine.values()) for code, mine in chosen.items()})
            if self.shown is not None and self.shown.session is session:
                self.shown = self.shown._replace(branch=branch, furthest=quarter)
            self.kept = {}
            self.changed()
        return True

    def aim(self, session: Session, side: str, quarter: int, given: Any) -> None:
        """Set targets at a quarter of the run that is shown; cards are dealt anew."""
        with session.lock:
            scenario = session.line(side).scenario
        aims = read_aims(given, quarter, scenario.quarters)
        days = [long_day(scenario.first_day(aim.at)) for aim in aims]
        with self.lock:
            self.game = Game(aims, days, quarter)
            self.changed()

    def play_cards(self, session: Session, side: str) -> None:
        """Live the run of each hand of cards, and of none; the league grows as they end."""
        with self.lock:
            game = self.game
            if game is None:
                raise InputError("no targets are set: set them first")
            game.closed = True
            hands = dict.fromkeys([(), *game.cards.values()])
        for hand in hands:
            values = lived(session, side, game, hand)
            with self.lock:
                game.values[hand] = values
                self.changed()

    def spend(self, seat: Seat, cards: list[str]) -> None:
        """Take a table's cards."""
        with self.lock:
            if self.game is None:
                raise InputError("no targets are set: wait for the trainer")
            self.game.spend(seat.key, cards)
            self.changed()

    # --- what a phone does -----------------------------------------------------------------------

    def sit(self, key: str) -> Seat:
        """Return the seat of a phone, a new one where its key is not known."""
        with self.lock:
            seat = self.seats.sit(key)
            self.changed()
            return seat

    def take(self, seat: Seat, council: str | None) -> None:
        """Let a phone be a council, watch one that another phone is, or neither."""
        if council is not None and council not in self._councils():
            raise InputError("there is no such council in this run: choose one of the list")
        with self.lock:
            self.seats.take(seat, council)
            self.changed()

    def choose(self, seat: Seat, item: str, what: str | None) -> None:
        """Take a council's decision for the quarter that comes; None leaves it to the model."""
        code = seat.council
        if code is None or not seat.holds:
            raise InputError("this phone is no council: choose one first")
        offered = {each.key: each for each in self._items(code)}
        if item not in offered or (what is not None and what not in offered[item].options):
            raise InputError("this is not asked any more: see what is asked now")
        with self.lock:
            mine = self.chosen.setdefault(code, {})
            mine.pop(item, None)
            if what is not None:
                mine[item] = (offered[item], what)
            if not mine:
                del self.chosen[code]
            self.changed()

    # --- what is told ----------------------------------------------------------------------------

    def told(self, seat: Seat) -> dict[str, Any]:
        """Return all that a phone shows."""
        with self.lock:
            shown, code = self.shown, seat.council
            holder = None if code is None else self.seats.holder(code)
            told: dict[str, Any] = {
                "you": {"name": seat.name, "number": seat.number, "council": code,
                        "holds": seat.holds, "holder": holder.name if holder else None},
                "bet": self.wagers.told(seat.key), "score": self.wagers.score(seat.key),
                "game": None if self.game is None else self.game.told(seat.key),
                "chosen": {k: w for k, (_, w) in self.chosen.get(code or "", {}).items()},
            }  # fmt: skip
        if shown is None:
            return told | {"when": None}
        told |= self._once(("when",), self._when) or {"when": None}
        if code is None:
            return told | {"councils": self._free()}
        return told | self._of_council(code)

    def _of_council(self, code: str) -> dict[str, Any]:
        last = self.last
        mine = last[1].get(code) if last else None
        shown = self.shown
        past = last[0] if last and mine and shown and shown.quarter > last[0] else None
        return {
            "knows": self._once(("knows", code),
                                lambda s: known.knows(s.session.lines[s.side], s.quarter, code)),
            "asked": [{"key": i.key, "said": i.said, "options": dict(i.options)}
                      for i in self._items(code)],
            "front": shown is not None and shown.at_the_front,
            "came": None if past is None else self._once(
                ("came", code), lambda s: deciding.came_of(
                    s.session.lines[s.side], past, code, mine or [])),
        }  # fmt: skip

    def _items(self, code: str) -> list[Item]:
        shown = self.shown
        if shown is None or not shown.at_the_front:
            return []
        found: list[Item] = self._once(
            ("items", code),
            lambda s: deciding.items(s.session.lines[s.side], s.quarter, code),
        )
        return found

    def _once(self, key: tuple[Any, ...], work: Callable[[Shown], Any]) -> Any:
        """Return something of what is shown, worked out once for all phones."""
        with self.lock:
            shown, kept = self.shown, self.kept
            if key in kept:
                return kept[key]
        if shown is None:
            return None
        with shown.session.lock:
            if shown.side not in shown.session.lines:
                return None
            made = work(shown)
        kept[key] = made
        return made

    def _when(self, shown: Shown) -> dict[str, Any]:
        frame = json.loads(shown.session.lines[shown.side].frame(shown.quarter))
        quarters = shown.session.lines[shown.side].quarters
        return {
            "when": {"period": frame["period"], "day": frame["day"], "title": shown.title,
                     "over": shown.quarter >= quarters},
            "measures": {name: frame["measures"][name] for name in MAIN},
        }  # fmt: skip

    def _councils(self) -> dict[str, str]:
        def rows(shown: Shown) -> dict[str, str]:
            frame = json.loads(shown.session.lines[shown.side].frame(shown.quarter))
            return {row["was"][0]: row["name"] for row in frame["councils"]}

        found: dict[str, str] = self._once(("councils",), rows) or {}
        return found

    def _free(self) -> list[dict[str, Any]]:
        names = self._councils()
        with self.lock:
            return [
                {"code": code, "name": name, "taken": self.seats.holder(code) is not None}
                for code, name in sorted(names.items(), key=lambda each: each[1])
            ]

    def told_trainer(self) -> dict[str, Any]:
        """Return what the trainer's page shows of the room."""
        names = self._councils()
        with self.lock:
            wager = self.wagers.current
            seats = [
                {"number": seat.number, "name": seat.name, "here": seat.here,
                 "council": names.get(seat.council or ""), "holds": seat.holds,
                 "decided": len(self.chosen.get(seat.council or "", ())) if seat.holds else 0,
                 **self.wagers.score(seat.key)}
                for seat in self.seats
            ]  # fmt: skip
            bet = None if wager is None else {
                "key": self.wagers.now, "open": wager.open, "counts": wager.counts,
            }  # fmt: skip
            game = None
            if self.game is not None:
                league = self.game.league({seat.key: seat.name for seat in self.seats})
                aims = [aim.model_dump() for aim in self.game.aims]
                game = {"aims": aims, "closed": self.game.closed, "league": league}
            return {"seats": seats, "bet": bet, "game": game}
