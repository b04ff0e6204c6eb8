"""A run to take home: one file that plays, scrubs, filters and explains it without a server."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from html import escape
from typing import Any

from sim.errors import InputError
from sim.page import changes, frames, sheet
from sim.page.session import Session

BYTES_MOST = 1_000_000
POLICY = (
    "default-src 'none'; script-src '{script}'; style-src '{style}'; base-uri 'none'; "
    "form-action 'none'"
)


def whole_run(session: Session, outlines: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return all that a replay shows: every frame of every side, and every explanation."""
    last = session.lines["a"].quarters
    lived = session.frames(0, last)
    _check(len(_pack(lived)))  # at once, since explaining a large run takes long
    told = json.loads(lived)
    stories = {name: line.telling(last).everything() for name, line in session.lines.items()}
    codes = {
        c["code"] for f in told["frames"] for side in session.lines for c in f[side]["councils"]
    }
    drawn = {code: rings for code, rings in (outlines or {}).items() if code in codes}
    return {
        "about": session.about(), **told, "stories": stories, "titles": frames.titles(),
        "levers": changes.listing(), "outlines": drawn,
    }  # fmt: skip


def as_html(session: Session, outlines: dict[str, Any] | None = None) -> bytes:
    """Return the one file, below a million bytes.

    Raises:
        InputError: the run is too large for that.
    """
    content = json.dumps(whole_run(session, outlines), allow_nan=False, separators=(",", ":"))
    packed = _pack(content)
    style = sheet.read(sheet.STYLE)
    script = "\n".join(sheet.read(name) for name in sheet.REPLAY)
    policy = POLICY.format(script=_hash(script), style=_hash(style))
    page = sheet.without_live(sheet.read("page.html"))
    title = session.about()["sides"]["a"]["title"]
    head = (
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        f"<title>{escape(title)}: a run of Council Partnering</title>\n<style>{style}</style>"
    )
    foot = f'<script type="text/plain" id="run">{packed}</script>\n<script>{script}</script>'
    made = page.replace("<!-- head -->", head).replace("<!-- foot -->", foot).encode()
    _check(len(made))
    return made


def _pack(text: str) -> str:
    return base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode()


def _check(size: int) -> None:
    """Refuse a file that is too large to be sent around."""
    if size > BYTES_MOST:
        raise InputError(
            f"the file would have more than {BYTES_MOST:,} bytes: take a scenario with fewer "
            "councils or quarters, or leave out the policy"
        )


def _hash(text: str) -> str:
    """Return the name by which a content security policy allows one text."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
