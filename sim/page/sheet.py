"""The page's own files: one hand-written sheet, its style, and small scripts by subject."""

from __future__ import annotations

from pathlib import Path

STATIC = Path(__file__).parent / "static"
STYLE = "page.css"
MAP = (
    "map/boxes.js", "map/lens.js", "map/circles.js", "map/links.js", "map/lettering.js",
    "map/names.js", "map/walk.js", "map/legend.js", "map/both.js", "map/map.js",
)  # fmt: skip
DRAWING = (
    "words.js", *MAP, "feed.js", "chart.js", "tabs.js", "account.js", "card.js",
    "savings.js", "minds.js", "explain.js", "sides.js", "chain.js", "timeline.js",
    "spoken.js", "help.js", "keys.js", "clock.js", "player.js",
)  # fmt: skip
"""Scripts that draw a run, wherever its frames come from; later ones build on earlier ones."""
LIVE = (
    *DRAWING,
    "server.js",
    "often.js",
    "branches.js",
    "controls.js",
    "lesson.js",
    "debrief.js",
    "start.js",
)
REPLAY = (*DRAWING, "unpack.js", "replay.js")
OPEN, CLOSE = "<!-- live -->", "<!-- end live -->"


def read(name: str) -> str:
    """Return one of the page's own files."""
    return (STATIC / name).read_text(encoding="utf-8")


COMMENTS = ("//", "/**", "* ", "*/")
"""How lines begin that only tell those who read a script what it does."""


def lean(name: str) -> str:
    """Return one of the page's scripts without its comments and indents, to be sent."""
    lines = (line.strip() for line in read(name).splitlines())
    return "\n".join(line for line in lines if line and not line.startswith(COMMENTS))


def without_live(page: str) -> str:
    """Return the page without the parts that need a server."""
    kept = []
    for part in page.split(OPEN):
        kept.append(part.split(CLOSE)[-1])
    return "".join(kept)
