"""A user's own list of who touches whom: two codes a row; a mistake is named with its line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from ..errors import InputError, nearest
from .given import read_lines

ENDS = ("code_a", "code_b")


def links_from(path: Path, codes: Sequence[str]) -> np.ndarray:
    """Return (links, 2): places in `codes` of the councils that touch.

    Raises:
        InputError: a column is missing, a code is not known, or a pair is one council or stands
            there twice.
    """
    place = {code: k for k, code in enumerate(codes)}
    lines: dict[tuple[int, int], int] = {}
    for line, row in read_lines(path, each="pair of councils that touch", needs=ENDS):
        where = f"{path.name} line {line}"
        a, b = sorted(_place_of(row, end, place, where) for end in ENDS)
        if a == b:
            raise InputError(f"{where}: '{codes[a]}' is named twice; name two councils that touch")
        if (a, b) in lines:
            raise InputError(
                f"{where}: '{codes[a]}' and '{codes[b]}' stand on line {lines[a, b]} too; "
                "name each pair once, in either order"
            )
        lines[a, b] = line
    return np.array(list(lines), dtype=np.int64).reshape(-1, 2)


def _place_of(row: Mapping[str, str], end: str, place: Mapping[str, int], where: str) -> int:
    code = row[end].strip()
    if code not in place:
        raise InputError(f"{where}: unknown code '{code}' in {end}; {nearest(code, list(place))}")
    return place[code]
