"""Streams of server-sent events: what is new is sent at once, a beat when nothing is."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from .hall import Hall

LOOK_SECONDS = 0.2
BEAT_SECONDS = 4.0
SEND_SECONDS = 20.0
STREAM_SECONDS = 15 * 60.0
"""How often a stream looks for news, beats, waits for a stuck phone, and how long it lasts."""


class Stream(Response):
    """One stream: a message whenever the hall's version has grown and the message is another."""

    def __init__(self, hall: Hall, tell: Callable[[], Any], mine: Callable[[], bool]) -> None:
        """Tell what `tell` returns, as long as `mine` says that this stream still counts."""
        super().__init__(media_type="text/event-stream")
        del self.headers["content-length"]
        self.hall, self.tell, self.mine = hall, tell, mine

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer until the phone is gone, the program stops, or the stream has lasted long."""
        gone = asyncio.create_task(_gone(receive))
        start = {"type": "http.response.start", "status": 200, "headers": self.raw_headers}
        try:
            await send(start)
            await self._run(gone, send)
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        except (TimeoutError, OSError):
            pass  # the phone has gone without a word
        finally:
            gone.cancel()

    async def _run(self, gone: asyncio.Task[None], send: Send) -> None:
        clock = asyncio.get_running_loop().time
        seen, sent, spoke, began = -1, "", clock(), clock()
        while not gone.done() and self.mine() and not self.hall.over():
            if clock() - began > STREAM_SECONDS:
                return
            if self.hall.version != seen:
                seen = self.hall.version
                told = json.dumps(await run_in_threadpool(self.tell), allow_nan=False)
                if told != sent:
                    await _send(send, f"data: {told}\n\n")
                    sent, spoke = told, clock()
            if clock() - spoke > BEAT_SECONDS:
                await _send(send, "event: beat\ndata: \n\n")
                spoke = clock()
            await asyncio.sleep(LOOK_SECONDS)


async def _send(send: Send, text: str) -> None:
    message = {"type": "http.response.body", "body": text.encode(), "more_body": True}
    await asyncio.wait_for(send(message), SEND_SECONDS)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
