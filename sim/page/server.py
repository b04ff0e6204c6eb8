"""The page's server: it hands out the page, steps sessions, and refuses what it does not know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ..errors import InputError, nearest
from ..machine.waiting import compiling
from . import changes, find, frames, lesson, sheet
from .answers import (
    TYPES,
    Answer,
    StrictHeaders,
    answering,
    as_json,
    attached,
    problem,
    take,
    whole,
)
from .bets import read_bet
from .book import Book, Worlds
from .land import land_of, places_of
from .minds import Minds
from .replay import as_html
from .room.hall import Hall
from .room.routes import RoomPages
from .session import Session, read_memo
from .sessions import Sessions

HERE = ("localhost", "127.0.0.1", "[::1]", "testserver")


class Wish(NamedTuple):
    """What the page is started with."""

    scenario: str = "norfolk"
    seed: int = 1
    policies: Sequence[Path] = ()
    lesson: Path | None = None
    outlines: Mapping[str, Any] | None = None
    host: str = "127.0.0.1"
    token: str | None = None
    replicate: int = 0
    worlds: Worlds | None = None
    hall: Hall | None = None
    watch: str = ""  # what is worth watching in the run that is shown first


class Page:
    """The page's answers, one method a request."""

    def __init__(self, wish: Wish) -> None:
        """Get ready; InputError when a scenario or a lesson cannot be used."""
        self.wish, self.sessions = wish, Sessions()
        self.book = Book(wish.scenario, wish.policies, wish.worlds)
        paths = [*([wish.lesson] if wish.lesson else []), *lesson.shipped()]
        self.lessons = [lesson.read_lesson(path, self.book) for path in paths]

    def about(self, request: Request, body: Any) -> Response:
        """Return what the page offers."""
        return as_json(
            {
                "scenarios": self.book.listing(), "first": self.book.first, "seed": self.wish.seed,
                "replicate": self.wish.replicate,
                "lessons": self.lessons, "start_lesson": self.wish.lesson is not None,
                "levers": changes.listing(), "titles": frames.titles(),
                "shocks": [shock._asdict() for shock in changes.SHOCKS],
                "outlines": self.wish.outlines or {}, "room": self.wish.hall is not None,
                "watch": self.wish.watch,
            }
        )  # fmt: skip

    def machine(self, request: Request, body: Any) -> Response:
        """Return what share of the rules is compiled, or null; sessions wait while they are."""
        return as_json({"compiling": compiling()})

    def begin(self, request: Request, body: Any) -> Response:
        """Begin a session from a memo."""
        memo = read_memo(body)
        session = Session(memo, self.book)
        key = self.sessions.add(session)
        table = session.lines["a"].ready.table
        land = land_of(table) | {"places": places_of(table)}
        with session.lock:
            return as_json({"key": key, **session.about(), "land": land})

    def frames(self, request: Request, body: Any) -> Response:
        """Return the frames of some quarters."""
        session = self._session(request)
        first, last = (whole(request.query_params.get(name), name) for name in ("from", "to"))
        with session.lock:
            return Response(session.frames(first, last), media_type="application/json")

    def change(self, request: Request, body: Any) -> Response:
        """Change something from a quarter on."""
        session = self._session(request)
        side, act = str(take(body, "side")), changes.read_act(take(body, "act"))
        with session.lock:
            session.change(side, act)
            return as_json(session.about())

    def compare(self, request: Request, body: Any) -> Response:
        """Put another policy beside the first, or take it away."""
        session = self._session(request)
        other = take(body, "with")
        side = None if other is None else read_memo({"a": other}).a
        with session.lock:
            session.compare(side)
            return as_json(session.about())

    def undo(self, request: Request, body: Any) -> Response:
        """Undo the last change: the policy that was there before it comes back, whole."""
        session = self._session(request)
        with session.lock:
            return as_json({"since": session.undo(), **session.about()})

    def keep(self, request: Request, body: Any) -> Response:
        """Keep the policy of a side under a name."""
        session = self._session(request)
        side, name = str(take(body, "side")), str(take(body, "name"))
        with session.lock:
            session.keep(side, name)
            return as_json(session.about())

    def forget(self, request: Request, body: Any) -> Response:
        """Forget a policy that is kept under a name."""
        session, name = self._session(request), str(take(body, "name"))
        with session.lock:
            session.forget(name)
            return as_json(session.about())

    def put(self, request: Request, body: Any) -> Response:
        """Show a policy that is kept under a name on one side."""
        session = self._session(request)
        side, name = str(take(body, "side")), str(take(body, "name"))
        if side not in ("a", "b"):
            raise InputError(f"there is no side '{side}': give a or b")
        with session.lock:
            since = session.put(side, session.kept(name).policy)
            return as_json({"since": since, **session.about()})

    def bets(self, request: Request, body: Any) -> Response:
        """Return which answers of the bets came true by a quarter."""
        session, side, quarter = self._asked(request)
        with session.lock:
            return as_json({"true": session.answers(side, quarter)})

    def bet(self, request: Request, body: Any) -> Response:
        """Ask the room a question."""
        session = self._session(request)
        with session.lock:
            base = session.lines["a"].scenario
            session.bet(read_bet(take(body, "bet"), base, whole(str(take(body, "q")), "q")))
            return as_json(session.about())

    def mark(self, request: Request, body: Any) -> Response:
        """Say which answer of a bet came true."""
        session = self._session(request)
        number, true = (whole(str(take(body, name)), name) for name in ("bet", "true"))
        with session.lock:
            session.mark(number, true)
            return as_json(session.about())

    def deal(self, request: Request, body: Any) -> Response:
        """Return what became of a deal."""
        session, line, quarter = self._asked(request)
        with session.lock:
            number = whole(request.query_params.get("n"), "n")
            telling = session.line(line).telling(quarter)
            return as_json({"text": telling.deal(number), "who": telling.members(number)})

    def pair(self, request: Request, body: Any) -> Response:
        """Return what two councils had to do with each other."""
        session, line, quarter = self._asked(request)
        with session.lock:
            telling = session.line(line).telling(quarter)
            a, b = (self._council(request, name, telling.names) for name in ("one", "two"))
            of = session.line(line)
            mind = Minds(of.ready, of.at(quarter)).of(a, b)
            return as_json({"lines": telling.pair(a, b), "mind": mind})

    def apart(self, request: Request, body: Any) -> Response:
        """Return a difference between the two sides by its number, null after the last."""
        session = self._session(request)
        with session.lock:
            number = whole(request.query_params.get("n"), "n")
            return as_json({"difference": session.difference(number)})

    def often(self, request: Request, body: Any) -> Response:
        """Live some more runs of other luck, and return what was found in all of them so far."""
        session = self._session(request)
        quarter, pair = take(body, "q"), take(body, "pair")
        if not isinstance(quarter, int) or isinstance(quarter, bool):
            raise InputError(f"q is {quarter!r}: give a whole number")
        if pair != [] and not (
            isinstance(pair, list) and len(set(map(str, pair))) == len(pair) == 2
        ):
            raise InputError("pair: give the codes of two councils, or an empty list")
        with session.lock:
            count = session.count(quarter, [str(code) for code in pair])
        count.live()
        return as_json(count.told())

    def find(self, request: Request, body: Any) -> Response:
        """Return in which runs something happens; the body is `Search` of sent.d.ts."""
        return as_json(find.answer(find.read_question(body), self.book))

    def scenario(self, request: Request, body: Any) -> Response:
        """Return the scenario file of one side."""
        session = self._session(request)
        with session.lock:
            text = session.toml(request.query_params.get("side", "a"))
        return attached(text.encode(), "as-tried.toml", "application/toml")

    def story(self, request: Request, body: Any) -> Response:
        """Return the whole run as one file to take home; it opens at the date that is shown."""
        session = self._session(request)
        quarter = whole(request.query_params.get("q", "0"), "q")
        with session.lock:
            made = as_html(session, dict(self.wish.outlines or {}), at=quarter)
        return attached(made, "story.html", "text/html")

    def end(self, request: Request, body: Any) -> Response:
        """Put a session away."""
        self.sessions.drop(request.path_params["key"])
        return as_json({})

    def sheet(self, request: Request, body: Any) -> Response:
        """Return the page itself."""
        tags = [f'<link rel="stylesheet" href="/static/{name}">' for name in sheet.LIVE_STYLES]
        page = sheet.read("page.html").replace(
            "<!-- head -->", "<title>Council Partnering</title>\n" + "\n".join(tags)
        )
        scripts = [f'<script src="/static/{name}" defer></script>' for name in sheet.LIVE]
        made = page.replace("<!-- foot -->", "\n".join(scripts))
        return Response(made, media_type="text/html")

    def trainer(self, request: Request, body: Any) -> Response:
        """Return the trainer's second window."""
        made = sheet.small_page("room/trainer.html", sheet.TRAINER, "/static")
        return Response(made, media_type="text/html")

    def static(self, request: Request, body: Any) -> Response:
        """Return one of the page's own files."""
        name = request.path_params["name"]
        if name not in (*sheet.LIVE_STYLES, *sheet.LIVE, *sheet.TRAINER, sheet.PHONE_STYLE):
            return problem(404, "there is no such file")
        return Response(sheet.read(name), media_type=TYPES[Path(name).suffix])

    def _session(self, request: Request) -> Session:
        return self.sessions.get(request.path_params["key"])

    def _asked(self, request: Request) -> tuple[Session, str, int]:
        session = self._session(request)
        quarter = whole(request.query_params.get("q"), "q")
        if not 0 <= quarter <= session.lines["a"].quarters:
            raise InputError(f"q is {quarter}: give 0 to {session.lines['a'].quarters}")
        return session, request.query_params.get("side", "a"), quarter

    def _council(self, request: Request, name: str, names: Mapping[str, str]) -> str:
        code = request.query_params.get(name, "")
        if code not in names:
            raise InputError(f"{name}: there is no council '{code}'; {nearest(code, names)}")
        return code


def application(wish: Wish) -> Starlette:
    """Return the page as a web application.

    Raises:
        InputError: a scenario or a lesson cannot be used.
    """
    page = Page(wish)
    key = "/api/session/{key}"
    table: tuple[tuple[str, str, Answer], ...] = (
        ("GET", "/", page.sheet), ("GET", "/static/{name:path}", page.static),
        ("GET", "/trainer", page.trainer),
        ("GET", "/api/about", page.about), ("GET", "/api/machine", page.machine),
        ("POST", "/api/session", page.begin), ("POST", "/api/find", page.find),
        ("GET", f"{key}/frames", page.frames), ("POST", f"{key}/change", page.change),
        ("POST", f"{key}/compare", page.compare), ("GET", f"{key}/deal", page.deal),
        ("GET", f"{key}/pair", page.pair), ("GET", f"{key}/apart", page.apart),
        ("POST", f"{key}/often", page.often), ("POST", f"{key}/undo", page.undo),
        ("POST", f"{key}/keep", page.keep), ("POST", f"{key}/forget", page.forget),
        ("POST", f"{key}/put", page.put),
        ("GET", f"{key}/bets", page.bets), ("POST", f"{key}/bet", page.bet),
        ("POST", f"{key}/mark", page.mark),
        ("GET", f"{key}/scenario.toml", page.scenario),
        ("GET", f"{key}/story.html", page.story), ("DELETE", key, page.end),
    )  # fmt: skip
    routes = [
        Route(path, answering(answer, wish.token), methods=[method])
        for method, path, answer in table
    ]
    if wish.hall is not None:
        routes = [*RoomPages(wish.hall, page.sessions, page.sheet).routes(), *routes]
    hosts = ["*"] if wish.token else list(HERE)
    middleware = [
        Middleware(StrictHeaders), Middleware(TrustedHostMiddleware, allowed_hosts=hosts),
    ]  # fmt: skip
    made = Starlette(routes=routes, middleware=middleware)
    made.router.redirect_slashes = False  # it would lead to the host that a request names
    return made
