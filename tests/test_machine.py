"""The machine code is that of the rules as they stand, and needs no compiler to run."""

import os
import py_compile
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import sim
from sim import shelf
from sim.errors import InputError
from sim.machine import advance, cache, engine, ladder, process
from sim.ready.kept import prepared
from sim.running import luck_of, new_record, run_arrays

ROOT = Path(__file__).parents[1]
posix = pytest.mark.skipif(os.name != "posix", reason="owners and modes")
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


@pytest.mark.slow
def test_an_edited_rule_is_compiled_anew_and_the_old_code_found_again(copy, tmp_path):
    code = TELL.format("study_cost")
    rule = copy / "sim" / "core" / "money.py"  # not the file of the step, which calls it
    py_compile.compile(str(rule))
    before = told(copy, code)
    assert before == repr(sim.simulate("norfolk-seven", seed=1).final["study_cost"])
    old, about = rule.read_text(encoding="utf-8"), rule.stat()
    new = old.replace("flows[what] += amount", "flows[what] -= amount")
    assert new != old
    rule.write_text(new, encoding="utf-8")
    os.utime(rule, ns=(about.st_atime_ns, about.st_mtime_ns))  # Python itself still takes the .pyc
    after = told(copy, code)
    assert after != before
    fresh = {"PYTHONPYCACHEPREFIX": str(tmp_path / "fresh")}
    assert after == told(copy, code, NUMBA_DISABLE_JIT="1", **fresh)
    rule.write_text(old, encoding="utf-8")
    assert told(copy, code) == before


def test_machine_code_and_plain_python_give_the_same_bits():
    code = (
        "import hashlib; from sim.ready.kept import prepared; from sim.running import run_arrays;"
        "r = run_arrays(prepared('norfolk-seven'), luck=77);"
        "print(hashlib.sha256(r.record.tobytes() + r.events.tobytes()).hexdigest())"
    )
    assert told(ROOT, code) == told(ROOT, code, NUMBA_DISABLE_JIT="1")


def test_running_needs_neither_compiler_nor_rules():
    code = (
        "import sys; from sim.ready.kept import prepared; from sim.running import run_arrays;"
        "run_arrays(prepared('norfolk-seven'), luck=1);"
        "shut = ('numba', 'mesa', 'council_partnering.sim.core.talks');"
        "print([m for m in shut if m in sys.modules])"
    )
    told(ROOT, code)  # compiles, where nobody has
    assert told(ROOT, code) == "[]"


def test_the_fingerprint_is_of_rules_records_and_processor(monkeypatch):
    theory, record = prepared("norfolk-seven").theory.dtype, new_record(1).dtype
    plain = cache.fingerprint(theory, record)
    assert cache.fingerprint(theory, record) == plain
    with monkeypatch.context() as patched:
        patched.setitem(cache.FIELDS, "more", (float, 1))
        assert cache.fingerprint(theory, record) != plain
    wider = np.dtype([*theory.descr, ("more", float)])
    assert cache.fingerprint(wider, record) != plain
    assert cache.fingerprint(theory, np.dtype([*record.descr, ("more", float)])) != plain
    monkeypatch.setattr(cache, "processor", lambda: ("another", "", ""))
    assert cache.fingerprint(theory, record) != plain


@pytest.fixture
def kept():
    """The file name, and the content, of the machine code of these rules."""
    kinds = prepared("norfolk-seven").theory.dtype, new_record(1).dtype
    ladder.machine(*kinds)
    name = f"{cache.fingerprint(*kinds)}.o"
    return name, cache.sealed(*cache.found(name))


DAMAGES = {
    "empty": lambda content: b"",
    "cut off": lambda content: content[: len(content) // 2],
    "something else": lambda content: b"no machine code\nat all",
    "zeros within": lambda content: content[:5000] + bytes(40) + content[5040:],
    "another step": lambda content: content.replace(b"run", b"fun", 1),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_file_is_made_again(damage, kept, tmp_path, monkeypatch):
    name, content = kept
    damaged = damage(content)
    assert damaged != content
    (tmp_path / name).write_bytes(damaged)
    monkeypatch.setenv("COUNCILS_CACHE", str(tmp_path))
    monkeypatch.setattr(shelf.tempfile, "gettempdir", lambda: str(tmp_path))
    monkeypatch.setattr(engine, "make", lambda place, *kinds: place.write_bytes(content))
    kinds = prepared("norfolk-seven").theory.dtype, new_record(1).dtype
    assert ladder._machine.__wrapped__(*kinds) is not None
    assert (tmp_path / name).read_bytes() == content


def test_a_disk_that_keeps_nothing_right_is_told(kept, tmp_path, monkeypatch):
    monkeypatch.setattr(engine, "make", lambda place, *kinds: place.write_bytes(kept[1][:-1]))
    with pytest.raises(RuntimeError, match="see to its disk"):
        engine._made(tmp_path / kept[0], None, None)


def test_code_that_lies_there_is_used_though_nothing_can_be_written(kept, tmp_path, monkeypatch):
    name, content = kept
    (tmp_path / name).write_bytes(content)
    monkeypatch.setenv("COUNCILS_CACHE", str(tmp_path))

    def never(*args, **named):
        raise AssertionError("asked for what is not needed")

    for owner, what in ((shelf.Path, "mkdir"), (shelf.tempfile, "TemporaryFile"), (engine, "make")):
        monkeypatch.setattr(owner, what, never)
    kinds = prepared("norfolk-seven").theory.dtype, new_record(1).dtype
    assert ladder._machine.__wrapped__(*kinds) is not None


@pytest.fixture
def nowhere(kept, tmp_path, monkeypatch):
    """No usual folder can be written; temporary files lie in the folder that is returned."""
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    monkeypatch.setenv("COUNCILS_CACHE", str(tmp_path / "file" / "cache"))
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(shelf.tempfile, "tempdir", str(temporary))
    monkeypatch.setenv("TMPDIR", str(temporary))
    return temporary


def test_where_the_usual_folder_will_do_no_other_is_made(nowhere, tmp_path, monkeypatch):
    monkeypatch.setenv("COUNCILS_CACHE", str(tmp_path / "a" / "cache"))
    assert shelf.folder() == tmp_path / "a" / "cache"
    assert not list(nowhere.iterdir())


def test_where_nothing_can_be_kept_all_processes_of_a_user_share_a_folder(nowhere, kept):
    place = shelf.folder()
    assert place.parent == nowhere
    code = "from sim import shelf; print(shelf.folder())"
    assert told(ROOT, code) == str(place) == str(shelf.folder())
    assert cache.found("x.o") is None
    (place / "x.o").write_bytes(kept[1])
    assert cache.sealed(*cache.found("x.o")) == kept[1]


@posix
@pytest.mark.parametrize("whose", ["open to others", "another user's", "a link"])
def test_a_folder_that_others_can_write_is_not_trusted(whose, nowhere, kept, monkeypatch):
    place = shelf.folder()
    (place / "x.o").write_bytes(kept[1])
    if whose == "open to others":
        place.chmod(0o770)
    elif whose == "a link":
        place.rename(nowhere / "elsewhere")
        place.symlink_to(nowhere / "elsewhere")
    else:
        monkeypatch.setattr(shelf.Path, "lstat", lambda self: of_somebody_else(self))
    assert cache.found("x.o") is None
    assert shelf.folder() not in (place, nowhere / "elsewhere")
    assert os.access(shelf.folder(), os.W_OK)


def of_somebody_else(path):
    """Return what is known of a path, as if another user owned it."""
    about = list(os.lstat(path))
    about[stat.ST_UID] += 1
    return os.stat_result(about)


def test_nobody_needs_a_home(monkeypatch, nowhere):
    def homeless():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("COUNCILS_CACHE")
    monkeypatch.setattr(shelf.Path, "home", homeless)
    assert shelf.usual_folder() is None
    assert shelf.folder().parent == nowhere


def test_a_compiler_that_fails_says_so(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", "")
    theory, record = prepared("norfolk-seven").theory.dtype, new_record(1).dtype
    monkeypatch.setattr(process.sys, "executable", shutil.which("false"))
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
    with pytest.raises(InputError, match="others than those that asked"):
        engine.make(tmp_path / "named-by-another-fingerprint.o", theory, record)


def test_threads_that_begin_together_get_one_machine():
    code = (
        "import threading; from sim.tables.batch import prepared; from sim.machine import ladder;"
        "from sim.running import new_record; ready = prepared('norfolk-seven');"
        "kinds = ready.theory.dtype, new_record(1).dtype; gate = threading.Barrier(20);"
        "made = []; start = lambda: (gate.wait(), made.append(ladder.machine(*kinds)));"
        "threads = [threading.Thread(target=start) for _ in range(20)];"
        "[t.start() for t in threads]; [t.join() for t in threads];"
        "print(len(made), len(set(map(id, made))))"
    )
    assert told(ROOT, code) == "20 1"


def test_room_to_measure_must_fit_the_quarters():
    ready = prepared("norfolk-seven")
    raw = run_arrays(ready, luck=luck_of(1, 0), events=False)
    with pytest.raises(ValueError, match="room to measure"):
        advance(raw.world, ready.theory, 1, 0, 1, new_record(2))
