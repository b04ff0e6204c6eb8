"""The model says what it said when it was last frozen, to the last bit, on every Python."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from freeze import FROZEN, PLACE, outcomes

ROOT = Path(__file__).parents[1]


def frozen(name):
    return json.loads((PLACE / f"{name}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", sorted(FROZEN))
def test_the_outcomes_are_those_that_were_frozen(name):
    now, then = outcomes(name), frozen(name)
    assert len(now) == len(then)
    for one, other in zip(now, then, strict=True):
        changed = {key: (other.get(key), one[key]) for key in one if one[key] != other.get(key)}
        assert not changed, f"{name}: (frozen, now) of {changed}; see tests/freeze.py"


def test_they_hold_without_the_compiler_too():
    code = "import json; from freeze import outcomes; print(json.dumps(outcomes('norfolk-seven')))"
    paths = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        env=os.environ | {"NUMBA_DISABLE_JIT": "1", "PYTHONPATH": paths},
    )  # fmt: skip
    assert json.loads(done.stdout) == frozen("norfolk-seven")


def test_every_freezing_says_why():
    lines = (PLACE / "CHANGES.md").read_text(encoding="utf-8").splitlines()
    assert lines and all(line.startswith("* 20") and len(line) > 25 for line in lines)


def test_freezing_without_a_reason_is_refused():
    done = subprocess.run(
        [sys.executable, str(ROOT / "tests" / "freeze.py")], capture_output=True, text=True,
        check=False, env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode != 0 and "why" in done.stderr
