"""The two folders of a clone under the name that is installed, for mypy and import-linter.

`python tests/as_installed.py [FOLDER]` copies them to `build/as_installed`, or to a folder; then:
`mypy`, and `PYTHONPATH=build/as_installed lint-imports`.
"""

import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
NAME = "council_partnering"
LEFT_OUT = shutil.ignore_patterns("__pycache__", "installed")


def copy_to(folder):
    """Put the package into a folder, in place of an older copy."""
    target = Path(folder) / NAME
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(ROOT / "sim" / "installed" / NAME, target, ignore=LEFT_OUT)
    for part in ("sim", "experiments"):
        shutil.copytree(ROOT / part, target / part, ignore=LEFT_OUT)


if __name__ == "__main__":
    copy_to(sys.argv[1] if len(sys.argv) > 1 else ROOT / "build" / "as_installed")
