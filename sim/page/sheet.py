"""The page's own files: one hand-written sheet, its style, and small scripts by subject."""

from __future__ import annotations

import re
from pathlib import Path

STATIC = Path(__file__).parent / "static"
STYLE = "page.css"
MAP = (
    "map/boxes.js", "map/lens.js", "map/circles.js", "map/links.js", "map/lettering.js",
    "map/names.js", "map/walk.js", "map/legend.js", "map/map.js",
)  # fmt: skip
DRAWING = (
    "words.js", *MAP, "feed.js", "chart.js", "tabs.js", "account.js", "explain.js", "sides.js",
    "timeline.js", "spoken.js", "help.js", "keys.js", "clock.js", "bets.js", "player.js",
)  # fmt: skip
"""Scripts that draw a run, wherever its frames come from; later ones build on earlier ones."""
LIVE = (
    *DRAWING, "server.js", "controls.js", "lesson.js", "room/ear.js", "room/asking.js",
    "room/view.js", "debrief.js", "start.js",
)  # fmt: skip
REPLAY = (*DRAWING, "unpack.js", "replay.js")
PHONE, PHONE_STYLE = ("words.js", "room/ear.js", "room/phone.js"), "room/phone.css"
"""What a phone of the room loads."""
OPEN, CLOSE = "<!-- live -->", "<!-- end live -->"


def read(name: str) -> str:
    """Return one of the page's own files."""
    return (STATIC / name).read_text(encoding="utf-8")


def without_live(page: str) -> str:
    """Return the page without the parts that need a server."""
    kept = []
    for part in page.split(OPEN):
        kept.append(part.split(CLOSE)[-1])
    return "".join(kept)


def lean(script: str) -> str:
    """Return a script or a style without lines of comments and indents, which no browser needs."""
    bare = re.sub(r"^[ \t]*(/\*\*?[^*]*(\*(?!/)[^*]*)*\*/|//.*)\n", "", script, flags=re.MULTILINE)
    return re.sub(r"^\s+", "", bare, flags=re.MULTILINE)


def phone_page() -> str:
    """Return the page that a phone of the room loads."""
    head = f'<link rel="stylesheet" href="/r/static/{PHONE_STYLE}">'
    scripts = [f'<script src="/r/static/{name}" defer></script>' for name in PHONE]
    page = read("room/phone.html").replace("<!-- head -->", head)
    return page.replace("<!-- foot -->", "\n".join(scripts))
