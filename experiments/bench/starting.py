"""How long it takes before anything is lived: compiling once, starting each time."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import council_partnering
import numpy as np

from ...sim.declared.scenario import load
from ...sim.machine import engine
from ...sim.machine.cache import fingerprint
from ...sim.ready.world import prepare
from ...sim.running import begin
from .races import seconds

HOME = Path(council_partnering.__file__).parents[1]


def compile_seconds() -> float:
    """Return how long it takes to compile the rules where they were never compiled."""
    ready = prepare(load("norfolk-seven", quarters=1))
    kinds = ready.theory.dtype, begin(ready).record.dtype
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / f"{fingerprint(*kinds)}.o"
        return seconds(lambda: engine.make(place, *kinds))


def start(turns: int) -> dict[str, float]:
    """Return seconds of a warm `councils run` of one run, and of an empty `import numpy`."""
    runs, empty = [], []
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "council_partnering", "run", "norfolk", "--runs", "1"]
        for turn in range(turns + 1):
            out = str(Path(folder) / str(turn))
            runs.append(seconds(lambda o=out: _quiet([*command, "--no-figures", "--out", o])))  # type: ignore[misc]
            empty.append(seconds(lambda: _quiet([sys.executable, "-c", "import numpy"])))
    ours, theirs = float(np.median(runs[1:])), float(np.median(empty[1:]))
    return {"command": ours, "import_numpy": theirs, "ratio": ours / theirs}


def _quiet(command: list[str]) -> None:
    paths = os.pathsep.join([str(HOME), *filter(None, [os.environ.get("PYTHONPATH")])])
    environment = os.environ | {"PYTHONPATH": paths}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # as it is where people install it
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
