"""How a wheel is built: as setuptools does it, with machine code of the rules in it.

The hooks of pip and its like (PEP 517) are those of setuptools but for one: what compiles the rules
is asked for where a wheel is built, and nowhere else. An installation that can be edited has no
machine code, and no archive of the sources has: they compile at the first run.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from setuptools import build_meta
from setuptools.build_meta import *  # noqa: F403
from setuptools.command.build_py import build_py

HERE = Path(__file__).parent
COMPILING = ("llvmlite", "numba", "numpy", "pydantic")
"""What of the project's own dependencies is needed to compile the rules."""
PLACE = "council_partnering/sim/machine/carried"


def get_requires_for_build_wheel(config_settings=None):
    """Return what must be installed to build a wheel."""
    told = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))
    needed = [line for line in told["project"]["dependencies"] if line.startswith(COMPILING)]
    return [*build_meta.get_requires_for_build_wheel(config_settings), *needed]


class WithMachineCode(build_py):
    """Copies the packages into the wheel, then puts machine code beside them."""

    def run(self):
        """Do so; where the rules cannot be compiled here, the wheel is one without."""
        super().run()
        if self.editable_mode:
            return
        folder = Path(self.build_lib) / PLACE
        shutil.rmtree(folder, ignore_errors=True)  # of an earlier build, with other rules
        folder.mkdir(parents=True)
        try:
            _compile_to(folder)
        except subprocess.CalledProcessError:
            shutil.rmtree(folder)
            self.warn("the rules could not be compiled: each user of this wheel must")

    def get_source_files(self):
        """Return what an archive of the sources needs: this file too."""
        return [*super().get_source_files(), str(Path(__file__).relative_to(Path.cwd()))]


def _compile_to(folder):
    # -X: the rules as they stand, not a .pyc of older ones with the same size and time
    with tempfile.TemporaryDirectory() as fresh:
        subprocess.run(
            [sys.executable, "-B", "-X", f"pycache_prefix={fresh}",
             "-m", "council_partnering.sim.machine.carrying", str(folder.resolve())],
            cwd=HERE, check=True,
        )  # fmt: skip
