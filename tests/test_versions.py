"""The same bits from every interpreter, and from the compiled and the plain engine."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
OTHERS = [f"python3.{minor}" for minor in (11, 12, 13) if (3, minor) != sys.version_info[:2]]
CHOSEN = [path for path in os.environ.get("COUNCILS_PYTHONS", "").split(os.pathsep) if path]
PROGRAM = """
import hashlib
import sys
from sim.declared.scenario import load
from sim.tables.batch import simulate_many

name, quarters, runs = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
batch = simulate_many(load(name, quarters=quarters), seed=11, replicates=range(runs))
for table in (batch.quarters, batch.events, batch.councils):
    text = table.to_csv(index=False, float_format=float.hex, date_format="%Y-%m-%d")
    print(len(table), hashlib.sha256(text.encode()).hexdigest())
"""


def answer(python, *arguments, **environment):
    """Return what an interpreter finds: sizes and hashes of the three tables."""
    run = subprocess.run(
        [python, "-c", PROGRAM, *map(str, arguments)],
        cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, timeout=900,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    return run.stdout.split()


def usable(python):
    """Return True when an interpreter is there and has what the simulation imports."""
    found = shutil.which(python)
    if found is None:
        return False
    program = "import sys, numba, numpy, pandas, pydantic, scipy; print(sys.version_info[:2])"
    run = subprocess.run([found, "-c", program], capture_output=True, text=True)
    return run.returncode == 0


@pytest.fixture(scope="module")
def here():
    return answer(sys.executable, "norfolk-seven", 24, 6)


def test_the_answer_is_three_tables_with_rows(here):
    quarters, events, councils = (int(size) for size in here[::2])
    assert quarters == 6 * 24
    assert events > 6 * 24
    assert councils >= 6 * 7
    assert len(set(here[1::2])) == 3


@pytest.mark.parametrize("python", CHOSEN or OTHERS)
def test_another_interpreter_gives_the_same_bits(here, python):
    if not usable(python):
        pytest.skip(f"{python} is not here or lacks numba; name others in COUNCILS_PYTHONS")
    assert answer(python, "norfolk-seven", 24, 6) == here


def test_the_plain_rules_give_the_bits_of_the_compiled_ones():
    compiled = answer(sys.executable, "norfolk-seven", 8, 1)
    assert answer(sys.executable, "norfolk-seven", 8, 1, NUMBA_DISABLE_JIT="1") == compiled


def test_the_plain_rules_give_the_bits_of_the_compiled_ones_through_mergers(tmp_path):
    path = tmp_path / "merging.toml"
    path.write_text(
        'base = "norfolk-seven"\n[search]\nbase_management = 2.0\nmerger = 1.0\nchoosiness = -2.0\n'
        "[merger]\nbase = 6.0\ninterest = 4.0\ntransition = 1.0\n[weighing]\nstrangers = 0.0\n"
        '[[change]]\nwhen = 2009-07-01\nset = { "reorganisation.stance" = "voluntary" }\n',
        encoding="utf-8",
    )
    compiled = answer(sys.executable, path, 12, 1)
    assert int(compiled[4]) > 7, "nobody merged"
    assert answer(sys.executable, path, 12, 1, NUMBA_DISABLE_JIT="1") == compiled
