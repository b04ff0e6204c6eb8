"""With what a result was made: program, libraries, machine, and the state of the checkout."""

from __future__ import annotations

import platform
import shlex
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from ...sim.identity import HERE as SIM, hash_of_all

PROJECT = "council-partnering"
LIBRARIES = ("numpy", "numba", "llvmlite", "pandas", "pyarrow", "scipy", "SALib", "pydantic",
             "matplotlib", "networkx", "mesa", "distributed")  # fmt: skip
HERE = Path(__file__).parent
GIT_SECONDS = 10
COMMIT, NO_COMMIT = "# branch.oid ", "(initial)"
"""How git's account of a checkout says on which commit it stands, and that there is none yet."""


def provenance() -> dict[str, Any]:
    """Return versions, platform, git commit and command line, ready for JSON."""
    return {
        "program": {"name": PROJECT, "version": version_of_program()},
        "sources": hash_of_all(SIM, HERE),  # of everything; what decides is compared elsewhere
        "python": platform.python_version(),
        "libraries": {name: _version(name) for name in LIBRARIES},
        "platform": {"system": platform.platform(), "machine": platform.machine()},
        "git": git_state(HERE),
        "command": shlex.join([Path(sys.argv[0]).name, *sys.argv[1:]]),
    }


def version_of_program() -> str:
    """Return the version of this program."""
    from ...sim import __version__

    return __version__


def git_state(package: Path) -> dict[str, Any] | None:
    """Return commit and whether anything was changed since; None outside the project's checkout."""
    if _git(package, "ls-files", "--error-unmatch", "__init__.py") is None:
        return None  # not under git, or installed inside a checkout of something else
    told = _git(package, "status", "--porcelain=v2", "--branch", "--", ":/")
    lines = (told or "").splitlines()
    commits = [line.removeprefix(COMMIT) for line in lines if line.startswith(COMMIT)]
    if commits in ([], [NO_COMMIT]):
        return None
    return {"commit": commits[0], "dirty": any(not line.startswith("#") for line in lines)}


def _git(folder: Path, *words: str) -> str | None:
    """Return what git says, None when there is no git or it fails."""
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *words],
            capture_output=True, text=True, timeout=GIT_SECONDS, check=True,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
