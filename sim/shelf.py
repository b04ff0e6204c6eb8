"""Where what was made once is kept for the next command, and what may be taken from there.

In a kept file is a hash of its content: one that is damaged counts as missing.
"""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from .errors import InputError
from .whole import write_whole

NAME = "council-partnering"
PRIVATE = stat.S_IRWXU
OTHERS = stat.S_IRWXG | stat.S_IRWXO


def found(name: str) -> bytes | None:
    """Return what is kept under a name, wherever it lies, or nothing; this writes nothing."""
    kept = (read(place / name) for place in _folders())
    return next((content for content in kept if content is not None), None)


def damaged(name: str) -> Path | None:
    """Return a file of that name which cannot be used, None where there is none."""
    there = (place / name for place in _folders())
    return next((path for path in there if path.exists() and read(path) is None), None)


def _folders() -> list[Path]:
    return [place for place in (usual_folder(), _own_substitute()) if place is not None]


def keep(name: str, content: bytes) -> None:
    """Keep something under a name; where nothing can be written it will be made again."""
    with suppress(InputError), write_whole(folder() / name, replace=True) as file:
        file.write(sealed(content))


def sealed(content: bytes) -> bytes:
    """Return what stands in a kept file: a line with a hash of the content, and the content."""
    return _hash(content) + b"\n" + content


def read(path: Path) -> bytes | None:
    """Return the content of a kept file; nothing where the file is missing or damaged."""
    try:
        seal, _, content = path.read_bytes().partition(b"\n")
    except OSError:
        return None
    return content if seal == _hash(content) else None


def _hash(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest().encode()


def folder() -> Path:
    """Return a folder where things can be kept; the usual one, where it can be written."""
    for choice in (usual_folder, substitute):
        place = choice()
        if place is not None and _can_be_written(place):
            return place
    return Path(_last_resort().name)


def usual_folder() -> Path | None:
    """Return where things are kept; nothing where that is not said and nobody has a home."""
    said = os.environ.get("COUNCILS_CACHE")
    if said:
        return Path(said)
    try:
        return Path.home() / ".cache" / NAME
    except RuntimeError:
        return None


def substitute() -> Path | None:
    """Return the user's own folder among temporary files; nothing where another could write it."""
    with suppress(OSError):  # it is there already, or cannot be
        _substitute_path().mkdir(mode=PRIVATE)
    return _own_substitute()


def _own_substitute() -> Path | None:
    """Return the substitute where it exists and nobody else can have put code into it."""
    place = _substitute_path()
    try:
        about = place.lstat()
    except OSError:
        return None
    if not stat.S_ISDIR(about.st_mode):
        return None
    if os.name == "posix" and (about.st_uid != os.getuid() or about.st_mode & OTHERS):
        return None
    return place


def _substitute_path() -> Path:
    user = (
        f"-{os.getuid()}" if os.name == "posix" else ""
    )  # elsewhere temporary files are one's own
    return Path(tempfile.gettempdir()) / f"{NAME}{user}"


def _can_be_written(place: Path) -> bool:
    try:
        place.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=place):
            return True
    except OSError:
        return False


@lru_cache(maxsize=1)
def _last_resort() -> tempfile.TemporaryDirectory[str]:
    """Return a folder that goes when this process ends."""
    return tempfile.TemporaryDirectory(prefix=f"{NAME}-")
