"""The page's own files: one hand-written sheet, its style, and small scripts by subject."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

STATIC = Path(__file__).parent / "static"
STYLES = ("page.css", "view.css")
LIVE_STYLES = (*STYLES, "live.css", "room/room.css")
MAP = (
    "map/boxes.js", "map/lens.js", "map/circles.js", "map/links.js", "map/lettering.js",
    "map/names.js", "map/places.js", "map/walk.js", "map/land.js", "map/legend.js", "map/motion.js",
    "map/both.js", "map/map.js",
)  # fmt: skip
DRAWING = (
    "words.js", "view.js", *MAP, "feed.js", "chart.js", "tabs.js", "account.js", "card.js",
    "savings.js", "minds.js", "explain.js", "sides.js", "chain.js", "timeline.js", "spoken.js",
    "help.js", "keys.js", "clock.js", "bets.js", "player.js",
)  # fmt: skip
"""Scripts that draw a run, wherever its frames come from; later ones build on earlier ones."""
LIVE = (
    *DRAWING, "server.js", "often.js", "branches.js", "controls.js", "lesson.js", "room/ear.js",
    "room/asking.js", "room/aims.js", "room/view.js", "room/desk.js", "debrief.js", "find.js",
    "seeking.js", "opening.js", "start.js",
)  # fmt: skip
LOADER = "packed.js"
"""The script that a file to take home holds as it is; it unpacks the others."""
REPLAY = (LOADER, *DRAWING, "unpack.js", "replay.js")
PHONE, PHONE_STYLE = ("words.js", "room/ear.js", "room/phone.js"), "room/phone.css"
"""What a phone of the room loads."""
TRAINER = ("words.js", "room/trainer.js")
"""What the trainer's second window loads; it looks as phones do."""
TYPE = re.compile(r"/\*\* @.*?\*/ ?")
"""What says the type of something, in the middle of a line."""
OPEN, CLOSE = "<!-- live -->", "<!-- end live -->"


def read(name: str) -> str:
    """Return one of the page's own files."""
    return (STATIC / name).read_text(encoding="utf-8")


def bare(script: str) -> str:
    """Return a script without comments and indents, as a file to take home holds it.

    No text of a script may go over several lines, since it would lose its indents, nor hold what
    looks like the type of something.
    """
    lines = (TYPE.sub("", line).strip() for line in script.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith(("//", "/*", "*")))


def bare_style(style: str) -> str:
    """Return a style without comments and without the spaces that no browser needs."""
    short = re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL)
    short = re.sub(r"\s*([{};])\s*", r"\1", short)
    return re.sub(r"([:,]) ", r"\1", short).replace(";}", "}")


def without_live(page: str) -> str:
    """Return the page without the parts that need a server."""
    kept = []
    for part in page.split(OPEN):
        kept.append(part.split(CLOSE)[-1])
    return "".join(kept)


def small_page(name: str, scripts: Iterable[str], place: str) -> str:
    """Return a page of its own, beside the main one: a phone's, or the trainer's window."""
    head = f'<link rel="stylesheet" href="{place}/{PHONE_STYLE}">'
    tags = [f'<script src="{place}/{script}" defer></script>' for script in scripts]
    return read(name).replace("<!-- head -->", head).replace("<!-- foot -->", "\n".join(tags))
