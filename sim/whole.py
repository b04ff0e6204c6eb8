"""A file is written whole or not at all, and never over another one unasked."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from .errors import InputError


@contextmanager
def write_whole(path: Path, *, replace: bool = False) -> Iterator[BinaryIO]:
    """Provide a file that becomes `path` when the block ends well, and vanishes if not.

    Raises:
        InputError: `path` exists and is not to be replaced, or cannot be written.
    """
    if path.exists() and not replace:
        raise InputError(f"'{path}' exists already: name another file, or remove it first")
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        with partial.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        if not path.parent.is_dir():
            raise InputError(
                f"'{path}' cannot be written: there is no folder '{path.parent}'; make it first"
            ) from error
        raise InputError(
            f"'{path}' cannot be written ({error.strerror or error}): see to its folder, its "
            "rights and the space on its disk"
        ) from error
    finally:
        partial.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    """See to it that a renaming is on the disk (Windows needs and can do nothing)."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
