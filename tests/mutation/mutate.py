"""Changes a module in hundreds of small ways, one at a time, and tells which no test notices.

`python tests/mutation/mutate.py sequences store` tries those modules, without names all of
`guards.toml`. It works on a copy in the system's folder
for temporary files, so the checkout stays as it is. It needs the extra `mutation`, and Linux.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE.parent))

import as_installed  # noqa: E402

COPIED = ("tests", "docs")
STAND_IN = """\
from council_partnering import {0}
from council_partnering.clone import stand_for

stand_for("{0}", {0}.__file__)
"""
CONFIG = """
[tool.mutmut]
source_paths = ["council_partnering"]
only_mutate = ["{module}"]
also_copy = {also}
pytest_add_cli_args = ["-p", "no:cacheprovider", "-n", "0"]
pytest_add_cli_args_test_selection = {tests}
use_git_change_detection = false
timeout_constant = 30.0
"""


def guards() -> list[dict[str, str | list[str]]]:
    """Return each module with the tests that guard it."""
    return tomllib.loads((HERE / "guards.toml").read_text(encoding="utf-8"))["guard"]


def copied(module: str, tests: list[str]) -> Path:
    """Return a fresh copy of the project, in which mutmut is told to change one module."""
    folder = Path(tempfile.gettempdir()) / f"mutants-{os.getuid()}" / module.replace("/", ".")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    as_installed.copy_to(folder)
    for part in ("sim", "experiments"):  # mutmut knows a module by its place, so it has one only
        (folder / f"{part}.py").write_text(STAND_IN.format(part), encoding="utf-8")
    for name in COPIED:
        left = shutil.ignore_patterns("__pycache__", "node_modules")
        shutil.copytree(ROOT / name, folder / name, ignore=left)
    also = [*COPIED[1:], "sim.py", "experiments.py"]
    config = CONFIG.format(
        module=f"{as_installed.NAME}/{module}", also=json.dumps(also), tests=json.dumps(tests)
    )
    whole = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (folder / "pyproject.toml").write_text(whole + config, encoding="utf-8")
    return folder


def mutmut(folder: Path, *words: str) -> str:
    """Return what a command of mutmut says about a copy; what it draws meanwhile goes to a log."""
    command = [sys.executable, "-m", "mutmut", *words]
    with (folder / "mutmut.log").open("a", encoding="utf-8") as log:
        done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=log, text=True)
    if done.returncode and words[0] == "run":
        raise SystemExit(f"mutmut failed in {folder}:\n{done.stdout[-3000:]}")
    return done.stdout


def try_all(module: str, tests: list[str]) -> None:
    """Change a module in every way, and print what was noticed and what was not."""
    folder = copied(module, tests)
    mutmut(folder, "run", "--max-children", "2")
    found = [line.strip() for line in mutmut(folder, "results", "--all", "true").splitlines()]
    ends = dict(line.rsplit(": ", 1) for line in found if ": " in line)
    counts = Counter(ends.values())
    print(f"{module}: {len(ends)} changes, " + ", ".join(f"{n} {end}" for end, n in counts.items()))
    unreached = [name.rpartition("__mutmut_")[0] for name, end in ends.items() if end == "no tests"]
    for name, count in Counter(unreached).items():
        print(f"  {name.rpartition('.')[2]}: no test of these reaches it ({count} changes)")
    for name, end in ends.items():
        if end in ("survived", "suspicious"):
            lines = mutmut(folder, "show", name).splitlines()
            shown = [line for line in lines if line[:1] in "+-" and line[:3] not in ("+++", "---")]
            print(f"  {name.rpartition('.')[2]}: {end}", *shown, sep="\n    ", flush=True)


def main(names: list[str]) -> None:
    """Try the modules whose names are given, or all."""
    known = {Path(str(guard["module"])).stem for guard in guards()}
    for name in names:
        if name not in known:
            raise SystemExit(f"no guard of '{name}': known are {', '.join(sorted(known))}")
    for guard in guards():
        module = str(guard["module"])
        if not names or Path(module).stem in names:
            try_all(module, list(guard["tests"]))


if __name__ == "__main__":
    main(sys.argv[1:])
