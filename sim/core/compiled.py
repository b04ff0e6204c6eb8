"""How the rules are compiled, and why a compiled rule is never older than its source.

The compiler's file cache only watches the file a function stands in, not the files it calls. The
cache therefore lives in a folder named by a fingerprint of every file of the core: change a rule
anywhere and the next run compiles anew.
"""

import hashlib
import os
import sys
from pathlib import Path

import numba

HERE = Path(__file__).parent
DIGITS = 16


def fingerprint() -> str:
    """Return a short hash of every source file of the core and of the compiler's version."""
    digest = hashlib.sha256(f"{numba.__version__} {sys.version_info[:2]}".encode())
    for path in sorted(HERE.glob("*.py")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:DIGITS]


def cache_folder() -> Path | None:
    """Return the folder for compiled code, or None where nothing can be written."""
    root = os.environ.get("COUNCILS_CACHE") or Path.home() / ".cache" / "council-partnering"
    folder = Path(root) / fingerprint()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return folder if os.access(folder, os.W_OK) else None


FOLDER = cache_folder()


def compiled(rule):
    """Compile a rule that other rules call: no fast maths, so that the bits are the same."""
    return numba.njit(error_model="numpy", no_cfunc_wrapper=True)(rule)


def entry(rule):
    """Compile a rule that Python calls, with all that it calls, and keep the machine code."""
    before = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = str(FOLDER or "")
    try:
        return numba.njit(cache=FOLDER is not None, error_model="numpy")(rule)
    finally:
        numba.config.CACHE_DIR = before
