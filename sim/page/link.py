"""The run that a copied link tells of, lived again: all that it needs stands after the #."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

from ..declared.scenario import Scenario, load
from ..errors import InputError
from ..proof import bits_of
from ..ready.kept import prepared
from ..running import luck_of, run_arrays
from .book import Book, Worlds
from .session import Memo, Session, read_memo

DEFAULT = "norfolk"


class LinkVerdict(NamedTuple):
    """Whether a link's run is the same lived twice, and the hash of its bits by side."""

    same: bool
    seed: int
    replicate: int
    bits: dict[str, str]


def verify_link(
    text: str, policies: Sequence[Path] = (), worlds: Worlds | None = None
) -> LinkVerdict:
    """Live the run of a link as the page does, and again from its scenario file; compare all bits.

    Parameters: the link, or what follows its #; files that links may name besides the scenarios of
    the project; and worlds in which a link may name them. Nothing is asked of the network.

    Raises:
        InputError: the link is damaged, or names a scenario that only its maker has.
    """
    book = Book(DEFAULT, policies, worlds)

    def known(name: str) -> tuple[str, Scenario]:
        try:
            return book(name)
        except InputError as error:
            raise InputError(
                f"the link names a scenario '{name}' that does not come with the project "
                f"({error}): ask its maker for the scenario file, and verify that"
            ) from None

    session = Session(memo_of(text), known)
    memo, bits, same = session.memo, {}, True
    for side, line in session.lines.items():
        bits[side] = bits_of(line.at(line.quarters))
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "tried.toml"
            path.write_text(session.toml(side), encoding="utf-8")
            again = run_arrays(prepared(load(path)), luck=luck_of(memo.seed, memo.replicate))
        same = same and bits_of(again) == bits[side]
    return LinkVerdict(same, memo.seed, memo.replicate, bits)


def memo_of(text: str) -> Memo:
    """Return the session that a link tells of.

    Raises:
        InputError: there is none in it, or it is damaged.
    """
    held = text.partition("#")[2].strip()
    if not held:
        raise InputError(
            "the link holds no run, which would stand after a # sign: copy it with the page's "
            "button, and put it in quotes"
        )
    try:
        given = json.loads(unquote(held))
    except ValueError:
        raise InputError(
            "what stands after the # of the link is damaged: copy the whole link again, and put "
            "it in single quotes"
        ) from None
    return read_memo(given)
