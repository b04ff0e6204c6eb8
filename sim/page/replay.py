"""A run to take home: one file that plays, scrubs, filters and explains it without a server."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from html import escape
from typing import Any

from ..errors import InputError
from . import frames, sheet, smaller
from .land import NO_LAND, land_of
from .session import Session

BYTES_MOST = 1_000_000
OWN_BYTES = 70_000
"""About what the page itself takes of them."""

LAND_MOST = 12_000
"""Letters of the land under the councils, before they are packed; larger land is left out."""

POLICY = (
    "default-src 'none'; script-src '{loader}' '{script}'; style-src '{style}'; base-uri 'none'; "
    "form-action 'none'"
)


def as_html(session: Session, outlines: dict[str, Any] | None = None, *, at: int = 0) -> bytes:
    """Return the one file, below a million bytes; a large run leaves out what it needs least.

    It opens when `at` quarters are over.

    Raises:
        InputError: the run is too large even so, or does not last so long.
    """
    if not 0 <= at <= session.lines["a"].quarters:
        raise InputError(f"q is {at}: give 0 to {session.lines['a'].quarters}")
    told = json.loads(session.frames(0, session.lines["a"].quarters))
    for left_out in range(len(smaller.LEFT_OUT) + 1):
        content = whole_run(session, told, left_out, outlines)
        made = None if content is None else _page(session, _opening(content, at))
        if made is not None and len(made) <= BYTES_MOST:
            return made
    raise InputError(
        f"the file would have more than {BYTES_MOST:,} bytes: take a scenario with fewer "
        "councils or quarters, or leave out the policy"
    )


def _opening(content: dict[str, Any], at: int) -> dict[str, Any]:
    return content if at == 0 else content | {"about": content["about"] | {"at": at}}


def whole_run(
    session: Session, told: dict[str, Any], left_out: int, outlines: dict[str, Any] | None = None
) -> dict[str, Any] | None:
    """Return all that a replay shows, without some of what is needed least.

    None at once when it could not fit, since explaining a large run takes long.
    """
    rows = smaller.thinned(told["frames"], left_out)
    if not smaller.could_fit(len(_pack(_json(rows))), BYTES_MOST - OWN_BYTES, left_out):
        return None
    codes = {c["code"] for f in rows for side in session.lines for c in f[side]["councils"]}
    stories = {name: smaller.explained(line, left_out) for name, line in session.lines.items()}
    drawn = {code: rings for code, rings in (outlines or {}).items() if code in codes}
    about = session.about() | {"land": _land(session, bool(outlines))}
    return {
        "about": about, **told, "frames": rows, "stories": stories,
        "titles": frames.titles(), "outlines": drawn,
        "left_out": list(smaller.LEFT_OUT[:left_out]),
        "chain": session.chain.kept() if session.chain else [],
        "bets": {name: session.answers(name, line.quarters)
                 for name, line in session.lines.items()},
    }  # fmt: skip


def _land(session: Session, outlined: bool) -> dict[str, Any]:
    """Return the land under the councils; none under outlines, nor where it takes much room."""
    land = NO_LAND if outlined else land_of(session.lines["a"].ready.table)
    return land if len(_json(land)) <= LAND_MOST else NO_LAND


def _page(session: Session, content: dict[str, Any]) -> bytes:
    """Return the file of a run."""
    style = sheet.bare_style("\n".join(sheet.read(name) for name in sheet.STYLES))
    loader, *scripts = (sheet.bare(sheet.read(name)) for name in sheet.REPLAY)
    script = "\n".join(scripts)
    policy = POLICY.format(loader=_hash(loader), script=_hash(script), style=_hash(style))
    page = sheet.without_live(sheet.read("page.html"))
    title = session.about()["sides"]["a"]["title"]
    head = (
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        f"<title>{escape(title)}: a run of Council Partnering</title>\n<style>{style}</style>"
    )
    foot = (
        f'<script type="text/plain" id="run">{_pack(_json(content))}</script>\n'
        f'<script type="text/plain" id="code">{_pack(script)}</script>\n<script>{loader}</script>'
    )
    return page.replace("<!-- head -->", head).replace("<!-- foot -->", foot).encode()


def _json(value: Any) -> str:
    return json.dumps(value, allow_nan=False, separators=(",", ":"))


def _pack(text: str) -> str:
    return base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode()


def _hash(text: str) -> str:
    """Return the name by which a content security policy allows one text."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
