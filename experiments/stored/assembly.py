"""How a folder of results comes to be whole or not at all: made beside its place, then renamed."""

from __future__ import annotations

import os
import platform
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ...sim.errors import InputError
from ..early import is_whole
from ..signals import deferred
from .belonging import check_replaceable
from .record import Kind

PARTIAL = ".partial-"
"""Begins the name of a folder in the making."""
ASIDE = ".replaced-"
"""Begins the name of an older result that is about to be removed."""
NODE = re.sub(r"[^A-Za-z0-9-]", "-", platform.node()) or "local"
LEFTOVER = re.compile(
    rf"(?P<stage>{re.escape(PARTIAL)}|{re.escape(ASIDE)})(?P<name>.+)@{NODE}@(?P<pid>\d+)"
)
"""Folders that a process of this machine was busy with."""


@contextmanager
def assembled(target: Path, *, replace: Kind | None = None) -> Iterator[Path]:
    """Provide an empty folder that becomes `target` when the block ends well, and vanishes if not.

    With `replace`, a result of that kind that stands at `target` is kept until the new one takes
    its place.

    Raises:
        InputError: the folder cannot be made, or `target` is taken.
    """
    made = _make_parents(target)
    partial = _beside(target, PARTIAL)
    try:
        _clear_leftovers(target.parent)
        partial.mkdir()
        yield partial
        _sync_all(partial)
        with deferred():
            _put_in_place(partial, target, replace=replace)
            is_whole(target)
            _sync(target.parent)
    except BaseException as error:
        with deferred():
            shutil.rmtree(partial, ignore_errors=True)
            _remove_empty(made)
        if isinstance(error, OSError):
            raise cannot_write(target, error) from error
        raise


def _beside(target: Path, stage: str) -> Path:
    return target.parent / f"{stage}{target.name}@{NODE}@{os.getpid()}"


def _make_parents(target: Path) -> list[Path]:
    """Make the folders above a target and return those that are new, the innermost first."""
    new = [folder for folder in target.parents if not folder.exists()]
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        _remove_empty(new)
        raise cannot_write(target, error) from None
    return new


def cannot_write(where: Path, error: OSError) -> InputError:
    """Return the error that says that a folder cannot be written, and why."""
    return InputError(
        f"'{where}' cannot be written ({error.strerror or error}): name another folder with --out, "
        "or see to its rights and to the space on its disk"
    )


def _remove_empty(folders: list[Path]) -> None:
    for folder in folders:
        try:
            folder.rmdir()
        except OSError:
            return


def _clear_leftovers(parent: Path) -> None:
    """Remove what killed processes left; put an older result back if its place is empty."""
    for path in parent.iterdir():
        found = LEFTOVER.fullmatch(path.name)
        if found is None or not path.is_dir() or _busy(int(found["pid"])):
            continue
        target = parent / found["name"]
        if found["stage"] == ASIDE and not target.exists():
            path.rename(target)
        else:
            shutil.rmtree(path, ignore_errors=True)


def _busy(pid: int) -> bool:
    """Return whether another process with this number may be at work (always, on Windows)."""
    if pid == os.getpid():
        return False
    if os.name != "posix":
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _put_in_place(partial: Path, target: Path, *, replace: Kind | None) -> None:
    if not target.exists():
        partial.rename(target)
        return
    if not any(target.iterdir()):
        target.rmdir()
        partial.rename(target)
        return
    if replace is None:
        raise InputError(
            f"'{target}' has appeared meanwhile and was left as it is: name another folder with "
            "--out, or replace it with --force"
        )
    check_replaceable(target, replace)
    aside = _beside(target, ASIDE)
    target.rename(aside)
    try:
        partial.rename(target)
    except OSError:
        aside.rename(target)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _sync_all(folder: Path) -> None:
    """See to it that everything in a folder is on the disk."""
    for path in folder.rglob("*"):
        _sync(path)
    _sync(folder)


def _sync(path: Path) -> None:
    if os.name != "posix" and path.is_dir():
        return  # Windows cannot
    flags = os.O_RDONLY if os.name == "posix" else os.O_RDWR
    handle = os.open(path, flags)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
