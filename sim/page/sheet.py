"""The page's own files: one hand-written sheet, its style, and small scripts by subject."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

STATIC = Path(__file__).parent / "static"
STYLE = "page.css"
LIVE_STYLES = (STYLE, "room/room.css")
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
    "room/aims.js", "room/view.js", "room/desk.js", "debrief.js", "start.js",
)  # fmt: skip
REPLAY = (*DRAWING, "unpack.js", "replay.js")
PHONE, PHONE_STYLE = ("words.js", "room/ear.js", "room/phone.js"), "room/phone.css"
"""What a phone of the room loads."""
TRAINER = ("words.js", "room/trainer.js")
"""What the trainer's second window loads; it looks as phones do."""
COMMENTS = ("//", "/**", "* ", "*/")
"""How lines begin that only tell those who read a script what it does."""
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


def lean(name: str) -> str:
    """Return one of the page's scripts without its comments and indents, to be sent."""
    lines = (line.strip() for line in read(name).splitlines())
    return "\n".join(line for line in lines if line and not line.startswith(COMMENTS))


def small_page(name: str, scripts: Iterable[str], place: str) -> str:
    """Return a page of its own, beside the main one: a phone's, or the trainer's window."""
    head = f'<link rel="stylesheet" href="{place}/{PHONE_STYLE}">'
    tags = [f'<script src="{place}/{script}" defer></script>' for script in scripts]
    return read(name).replace("<!-- head -->", head).replace("<!-- foot -->", "\n".join(tags))
