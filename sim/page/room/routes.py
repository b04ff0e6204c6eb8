"""What phones and the trainer ask about the room, one method a request."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from ...errors import InputError
from .. import sheet
from ..answers import (
    COOKIE,
    TYPES,
    Answer,
    Forbidden,
    answering,
    as_json,
    problem,
    remember,
    same,
    take,
    whole,
)
from ..session import Session
from ..sessions import Sessions
from .doors import square
from .hall import Hall
from .seats import Seat
from .streams import Stream

ROOM_COOKIE, SEAT_COOKIE = "councils_room", "councils_seat"
PHONES = "/r"
"""Where the phones' page is."""
WORDS_MOST = 300


class RoomPages:
    """The answers to phones, which may only look, bet and decide, and to the trainer."""

    def __init__(self, hall: Hall, sessions: Sessions, page: Answer) -> None:
        """Take the hall, the sessions of the trainer's tabs, and what answers with the page."""
        self.hall, self.sessions, self.page = hall, sessions, page

    def routes(self) -> list[Route]:
        """Return all routes: those open to everybody, the room's, the trainer's."""
        doors, api = self.hall.doors, "/api/room"
        room: dict[str, Answer] = {
            "council": self.council, "bet": self.bet, "choose": self.choose,
            "cards": self.cards,
        }  # fmt: skip
        trainer: dict[str, Answer] = {
            "shown": self.shown, "decide": self.decide, "reopen": self.reopen, "fresh": self.fresh,
            "aims": self.aims, "play-cards": self.play_cards,
        }  # fmt: skip
        asked: dict[str, Answer] = {"door": self.door, "qr.svg": self.qr}
        made = [
            ("GET", "/", self.front), ("GET", PHONES, self.phone),
            ("GET", f"{PHONES}/static/{{name:path}}", answering(self.static, None)),
            ("POST", f"{api}/enter", answering(self.enter, None)),
            ("POST", f"{api}/sit", answering(self.sit, None)),
            ("GET", f"{api}/phone", self.phone_stream),
            ("GET", f"{api}/trainer", self.trainer_stream),
            *(("POST", f"{api}/{name}", answering(do, doors.room, ROOM_COOKIE))
              for name, do in room.items()),
            *(("POST", f"{api}/{name}", answering(do, doors.trainer))
              for name, do in trainer.items()),
            *(("GET", f"{api}/{name}", answering(do, doors.trainer))
              for name, do in asked.items()),
        ]  # fmt: skip
        return [Route(path, handler, methods=[method]) for method, path, handler in made]

    # --- pages -----------------------------------------------------------------------------------

    async def front(self, request: Request) -> Response:
        """Return the trainer's page to the trainer, and lead everybody else to the phones' page."""
        known = same(request.cookies.get(COOKIE, ""), self.hall.doors.trainer)
        if not known and "token" not in request.query_params:
            return RedirectResponse(PHONES, 303)
        return await answering(self.page, self.hall.doors.trainer)(request)

    async def phone(self, request: Request) -> Response:
        """Return the phones' page; whoever comes by the square code is let in at once."""
        if same(request.query_params.get("token", ""), self.hall.doors.room):
            return await answering(self.page, self.hall.doors.room, ROOM_COOKIE)(request)
        return Response(
            sheet.small_page("room/phone.html", sheet.PHONE, f"{PHONES}/static"),
            media_type=TYPES[".html"],
        )

    def static(self, request: Request, body: Any) -> Response:
        """Return one of the files of the phones' page."""
        name = request.path_params["name"]
        if name not in (sheet.PHONE_STYLE, *sheet.PHONE):
            return problem(404, "there is no such file")
        return Response(sheet.bare(sheet.read(name)), media_type=TYPES[Path(name).suffix])

    # --- phones ----------------------------------------------------------------------------------

    def enter(self, request: Request, body: Any) -> Response:
        """Let a phone in by the letters."""
        self.hall.tries.check(str(take(body, "code")), self.hall.doors.code)
        return remember(as_json({}), ROOM_COOKIE, self.hall.doors.room)

    def sit(self, request: Request, body: Any) -> Response:
        """Give a phone its seat, the one that it had if it comes back; none without the letters."""
        if not same(request.cookies.get(ROOM_COOKIE, ""), self.hall.doors.room):
            return as_json({"name": None})
        seat = self.hall.sit(request.cookies.get(SEAT_COOKIE, ""))
        return remember(as_json({"name": seat.name}), SEAT_COOKIE, seat.key)

    def council(self, request: Request, body: Any) -> Response:
        """Let a phone be a council, or none."""
        council = take(body, "council")
        self.hall.take(self._seat(request), None if council is None else str(council))
        return as_json({})

    def bet(self, request: Request, body: Any) -> Response:
        """Take a phone's answer to a bet."""
        answer = whole(str(take(body, "answer")), "answer")
        seat = self._seat(request)
        with self.hall.lock:
            self.hall.wagers.answer(seat.key, str(take(body, "bet")), answer)
            self.hall.changed()
        return as_json({})

    def choose(self, request: Request, body: Any) -> Response:
        """Take what a phone decides for its council."""
        what = take(body, "what")
        chosen = None if what is None else str(what)
        self.hall.choose(self._seat(request), str(take(body, "item")), chosen)
        return as_json({})

    def cards(self, request: Request, body: Any) -> Response:
        """Take the policy cards that a table spends."""
        cards = take(body, "cards")
        if not isinstance(cards, list):
            raise InputError("cards: give a list of names")
        self.hall.spend(self._seat(request), [str(card) for card in cards])
        return as_json({})

    async def phone_stream(self, request: Request) -> Response:
        """Return what a phone shows, and again whenever it is otherwise; one stream a phone."""
        if not same(request.cookies.get(ROOM_COOKIE, ""), self.hall.doors.room):
            return problem(403, "scan the square code, or type its letters")
        seat = self.hall.seats.get(request.cookies.get(SEAT_COOKIE, ""))
        if seat is None:
            return problem(404, "this phone has no seat any more: it is given another")
        seat.stream += 1
        number = seat.stream

        def mine() -> bool:
            seat.heard = time.monotonic()
            return seat.stream == number and self.hall.seats.get(seat.key) is seat

        return Stream(self.hall, lambda: self.hall.told(seat), mine)

    def _seat(self, request: Request) -> Seat:
        seat = self.hall.seats.get(request.cookies.get(SEAT_COOKIE, ""))
        if seat is None:
            raise Forbidden("this phone has no seat any more: load the page again")
        return seat

    # --- the trainer -----------------------------------------------------------------------------

    def door(self, request: Request, body: Any) -> Response:
        """Return what the room must know to come in."""
        return as_json({"code": self.hall.doors.code, "address": self.hall.address})

    def qr(self, request: Request, body: Any) -> Response:
        """Return the square code that lets a phone in."""
        address = f"{self.hall.address.rstrip('/')}{PHONES}?token={self.hall.doors.room}"
        return Response(square(address), media_type="image/svg+xml")

    def shown(self, request: Request, body: Any) -> Response:
        """Follow the trainer's page."""
        title = str(take(body, "title"))[:WORDS_MOST]
        self.hall.show(*self._where(body), title)
        return as_json({})

    def decide(self, request: Request, body: Any) -> Response:
        """Let the room's decisions act before the trainer plays on."""
        session, side, quarter = self._where(body)
        acted = self.hall.decide(session, side, quarter)
        with session.lock:
            return as_json({"about": session.about() if acted else None})

    def reopen(self, request: Request, body: Any) -> Response:
        """Close a bet, or ask it again."""
        with self.hall.lock:
            self.hall.wagers.reopen(str(take(body, "bet")), open=bool(take(body, "open")))
            self.hall.changed()
        return as_json({})

    def fresh(self, request: Request, body: Any) -> Response:
        """Begin anew with another group."""
        self.hall.fresh()
        return as_json({})

    def aims(self, request: Request, body: Any) -> Response:
        """Set targets, and deal the cards anew."""
        self.hall.aim(*self._where(body), take(body, "aims"))
        return as_json({})

    def play_cards(self, request: Request, body: Any) -> Response:
        """Live the run of each table's cards."""
        session, side, _ = self._where(body)
        self.hall.play_cards(session, side)
        return as_json({})

    async def trainer_stream(self, request: Request) -> Response:
        """Return who is here, and what they bet and decide."""
        if not same(request.cookies.get(COOKIE, ""), self.hall.doors.trainer):
            return problem(403, "only the trainer's page may ask this")
        return Stream(self.hall, self.hall.told_trainer, lambda: True)

    def _where(self, body: Any) -> tuple[Session, str, int]:
        session = self.sessions.get(str(take(body, "key")))
        side, quarter = str(take(body, "side")), whole(str(take(body, "q")), "q")
        with session.lock:
            most = session.line(side).quarters
        if not 0 <= quarter <= most:
            raise InputError(f"q is {quarter}: give 0 to {most}")
        return session, side, quarter
