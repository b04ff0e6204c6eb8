"""How the page's server answers: rights first, then work in a thread; errors in words."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..errors import InputError
from .sessions import Gone

BODY_MOST = 64_000
BODY_SECONDS = 20.0
"""How large a request may be, and how long it may take to come."""
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
TYPES = {".js": "text/javascript", ".css": "text/css", ".html": "text/html"}
COOKIE = "councils_token"
Handler = Callable[[Request], Awaitable[Response]]
Answer = Callable[[Request, Any], Response]


class Forbidden(Exception):
    """Somebody asks for what is not open to them."""


class StrictHeaders:
    """Around the whole application: every answer has the strict headers, whoever makes it."""

    def __init__(self, app: ASGIApp) -> None:
        """Take the application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, with the headers."""

        async def strictly(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        await self.app(scope, receive, strictly)


def answering(answer: Answer, token: str | None, cookie: str = COOKIE) -> Handler:
    """Return a handler that is open to whoever holds the token, or to everybody without one.

    A token in an address goes into the cookie, and the answer is the same address without it.
    """

    async def handle(request: Request) -> Response:
        try:
            if token is not None and request.method == "GET" and "token" in request.query_params:
                return _remembered(request, token, cookie)
            if token is not None and not same(request.cookies.get(cookie, ""), token):
                return shut_out(request)
            body = await _body(request) if request.method == "POST" else None
            return await run_in_threadpool(answer, request, body)
        except InputError as error:
            return problem(400, str(error))
        except Forbidden as error:
            return problem(403, str(error))
        except Gone:
            return problem(404, "this session was put away, or the program was started anew")

    return handle


def same(given: str, token: str) -> bool:
    """Return whether a token is the right one, in a time that does not tell how nearly."""
    return secrets.compare_digest(given.encode(), token.encode())


def _remembered(request: Request, token: str, cookie: str) -> Response:
    """Put the token of an address into the cookie, and lead on to the address without it."""
    if not same(request.query_params["token"], token):
        return shut_out(request)
    rest = request.query_params.multi_items()
    query = urlencode([(name, value) for name, value in rest if name != "token"])
    clean = f"{request.url.path}?{query}" if query else request.url.path
    return remember(RedirectResponse(f"/{clean.lstrip('/')}", 303), cookie, token)


def remember(response: Response, cookie: str, value: str) -> Response:
    """Let the browser keep something that no script can read and no other site sends."""
    response.set_cookie(cookie, value, httponly=True, samesite="lax")
    return response


async def _body(request: Request) -> Any:
    """Return the JSON of a request, which only this page may send, and only so large."""
    if request.headers.get("content-type", "").split(";")[0] != "application/json":
        raise InputError("the request is not JSON (content type application/json)")
    read = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.stream():
                read += chunk
                if len(read) > BODY_MOST:
                    raise InputError(f"the request is larger than {BODY_MOST} bytes")
    except TimeoutError:
        raise InputError(f"the request took longer than {BODY_SECONDS:g} seconds") from None
    try:
        return json.loads(read)
    except (ValueError, RecursionError):
        raise InputError("the request is not JSON") from None


def take(body: Any, key: str) -> Any:
    """Return one part of a request's body."""
    if not isinstance(body, dict) or key not in body:
        raise InputError(f"the request has no '{key}'")
    return body[key]


def whole(text: str | None, name: str) -> int:
    """Return a whole number from an address."""
    try:
        return int(text or "")
    except ValueError:
        raise InputError(f"{name} is {text!r}: give a whole number") from None


def as_json(value: Any) -> Response:
    """Return an answer in JSON."""
    return Response(json.dumps(value, allow_nan=False), media_type="application/json")


def attached(content: bytes, name: str, kind: str) -> Response:
    """Return a file to be saved."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=kind, headers=headers)


def shut_out(request: Request) -> Response:
    """Return what somebody without the token sees: a sentence, on the page itself as a page."""
    words = (
        "Open the page with the whole address that the program shows now, with its token; what "
        "stands behind the # of an old address can be put behind the new one."
    )
    if request.url.path.startswith(("/api", "/static")):
        return problem(403, words)
    page = f"<!doctype html><html lang=en-GB><title>Council Partnering</title><p>{words}</p>"
    return Response(page, status_code=403, media_type="text/html")


def problem(status: int, words: str) -> Response:
    """Return an error that the page shows as it is."""
    made = as_json({"error": words})
    made.status_code = status
    return made
