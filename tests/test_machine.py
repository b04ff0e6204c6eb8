"""The machine code is that of the rules as they stand, and needs no compiler to run."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.batch import prepared
from sim.machine import cache, engine
from sim.running import luck_of, new_record, run_arrays

ROOT = Path(__file__).parents[1]
TELL = "import sim; r = sim.simulate('norfolk-seven', seed=1); print(repr(r.final['{}']))"


def told(folder, code, **environment):
    """Return what a program prints that imports the package in a folder."""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False,
        env=os.environ | {"PYTHONPATH": str(folder), "NUMBA_DISABLE_JIT": "0"} | environment,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture
def copy(tmp_path):
    shutil.copytree(ROOT / "sim", tmp_path / "sim", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def test_an_edited_rule_is_compiled_anew_and_the_old_code_found_again(copy):
    code = TELL.format("study_cost")
    before = told(copy, code)
    assert before == repr(sim.simulate("norfolk-seven", seed=1).final["study_cost"])
    rule = copy / "sim" / "core" / "money.py"  # not the file of the step, which calls it
    old = rule.read_text(encoding="utf-8")
    new = old.replace("flows[what] += amount", "flows[what] += 2 * amount")
    assert new != old
    rule.write_text(new, encoding="utf-8")
    after = told(copy, code)
    assert after != before
    assert after == told(copy, code, NUMBA_DISABLE_JIT="1")
    rule.write_text(old, encoding="utf-8")
    assert told(copy, code) == before


def test_machine_code_and_plain_python_give_the_same_bits():
    code = (
        "import hashlib; from sim.batch import prepared; from sim.running import run_arrays;"
        "r = run_arrays(prepared('norfolk-seven'), luck=77);"
        "print(hashlib.sha256(r.record.tobytes() + r.events.tobytes()).hexdigest())"
    )
    assert told(ROOT, code) == told(ROOT, code, NUMBA_DISABLE_JIT="1")


def test_running_needs_neither_compiler_nor_rules():
    code = (
        "import sys; from sim.batch import prepared; from sim.running import run_arrays;"
        "run_arrays(prepared('norfolk-seven'), luck=1);"
        "print([m for m in ('numba', 'mesa', 'sim.core.talks') if m in sys.modules])"
    )
    told(ROOT, code)  # compiles, where nobody has
    assert told(ROOT, code) == "[]"


def test_the_fingerprint_is_of_rules_records_and_processor(monkeypatch):
    theory, record = prepared("norfolk-seven").theory.dtype, new_record(1).dtype
    plain = cache.fingerprint(theory, record)
    assert cache.fingerprint(theory, record) == plain
    wider = np.dtype([*theory.descr, ("more", float)])
    assert cache.fingerprint(wider, record) != plain
    assert cache.fingerprint(theory, np.dtype([*record.descr, ("more", float)])) != plain
    monkeypatch.setattr(cache.llvm, "get_host_cpu_name", lambda: "another")
    assert cache.fingerprint(theory, record) != plain


def test_where_nothing_can_be_kept_the_rules_still_run(tmp_path):
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    before = cache.folder()
    os.environ["COUNCILS_CACHE"] = str(tmp_path / "file" / "cache")
    try:
        assert cache.folder() != before
        assert os.access(cache.folder(), os.W_OK)
    finally:
        del os.environ["COUNCILS_CACHE"]


def test_a_compiler_that_fails_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(engine, "ROOT", tmp_path)
    monkeypatch.setenv("PYTHONPATH", "")
    theory, record = prepared("norfolk-seven").theory.dtype, new_record(1).dtype
    monkeypatch.setattr(engine.sys, "executable", shutil.which("false"))
    with pytest.raises(RuntimeError, match="could not be compiled"):
        engine.make(tmp_path / "x.o", theory, record)
    assert not (tmp_path / "x.o").exists()


def test_only_the_rules_that_were_asked_for_are_compiled(tmp_path, monkeypatch):
    elsewhere = tmp_path / "sim" / "machine"
    elsewhere.mkdir(parents=True)
    for folder in (elsewhere, elsewhere.parent):
        (folder / "__init__.py").write_text("raise SystemExit('the wrong sim')", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    theory, record = prepared("norfolk-seven").theory.dtype, new_record(1).dtype
    with pytest.raises(RuntimeError, match="others than those that asked"):
        engine.make(tmp_path / "named-by-another-fingerprint.o", theory, record)


def test_threads_that_begin_together_get_one_machine():
    code = (
        "import threading; from sim.batch import prepared; from sim.machine import engine;"
        "from sim.running import new_record; ready = prepared('norfolk-seven');"
        "kinds = ready.theory.dtype, new_record(1).dtype; gate = threading.Barrier(20);"
        "made = []; start = lambda: (gate.wait(), made.append(engine.machine(*kinds)));"
        "threads = [threading.Thread(target=start) for _ in range(20)];"
        "[t.start() for t in threads]; [t.join() for t in threads];"
        "print(len(made), len(set(map(id, made))))"
    )
    assert told(ROOT, code) == "20 1"


def test_room_to_measure_must_fit_the_quarters():
    ready = prepared("norfolk-seven")
    raw = run_arrays(ready, luck=luck_of(1, 0), events=False)
    with pytest.raises(ValueError, match="room to measure"):
        engine.advance(raw.world, ready.theory, 1, 0, 1, new_record(2))
