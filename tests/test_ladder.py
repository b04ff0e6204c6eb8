"""Whatever fails of what compiles the rules: one line says what is done instead, and no bit moves.

Each rung is made to fail as it would on somebody's machine, in a process of its own.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sim import shelf
from sim.errors import InputError
from sim.machine import cache, engine, ladder, targets
from sim.ready.kept import prepared
from sim.running import new_record

ROOT = Path(__file__).parents[1]
LIVED = (
    "import hashlib; from sim.tables.batch import prepared; from sim.running import run_arrays;"
    "r = run_arrays(prepared('norfolk-seven'), luck=77);"
    "bits = r.record.tobytes() + r.events.tobytes() + repr(r.world.councils.tolist()).encode();"
    "print(hashlib.sha256(bits).hexdigest())"
)
SAID = {
    "kept": "The kept machine code cannot be used",
    "as one": "The rules cannot be compiled as one",
    "rule by rule": "numba cannot compile the rules at all",
}
OLD_NUMBA = {"numba/__init__.py": "raise ImportError('Numba needs NumPy 2.2 or less')"}
NO_LLVM = {"llvmlite/__init__.py": "raise OSError('no shared object file')"}
OTHER_INSIDE = {"sitecustomize.py": "from numba.core import codegen; del codegen.JITCodeLibrary"}
NOTHING_COMPILES = {
    "sitecustomize.py": "from numba.core import compiler; del compiler.compile_extra"
}
STEP = "clear_books", "move_chiefs", "close_books"
"""What a small step is made of: draws and money, and soon compiled."""


def lived(folder, *, cache_folder, broken=(), code=LIVED, root=ROOT, **environment):
    """Return what a program prints where files of some library are broken, and what it says."""
    for name, text in dict(broken).items():
        path = folder / "broken" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    paths = os.pathsep.join([str(root), str(folder / "broken")])
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False,
        env=os.environ | {"PYTHONPATH": paths, "COUNCILS_CACHE": str(cache_folder),
                          "NUMBA_DISABLE_JIT": "0", "TMPDIR": str(folder)} | environment,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip(), done.stderr.splitlines()


def fallen(lines):
    """Return the rungs that lines say have failed; every line is such a one."""
    found = [name for line in lines for name, words in SAID.items() if line.startswith(words)]
    assert len(found) == len(lines), lines
    return found


@pytest.fixture(scope="module")
def kinds():
    return prepared("norfolk-seven").theory.dtype, new_record(1).dtype


@pytest.fixture(scope="module")
def kept(kinds):
    """The file of the machine code of these rules."""
    ladder.machine(*kinds)
    name = f"{cache.fingerprint(*kinds)}.o"
    places = [place / name for place in (shelf.usual_folder(), shelf.folder())]
    return next(path for path in places if path.exists())


@pytest.fixture(scope="module")
def right(kept):
    """What a run with sound machine code prints; it says nothing."""
    told, said = lived(kept.parent, cache_folder=kept.parent)
    assert said == []
    return told


DAMAGES = {
    "damaged": lambda step, code: cache.sealed(step, code)[:-1],
    "it holds no another": lambda step, code: cache.sealed("another", code),
}


@pytest.mark.parametrize("reason", DAMAGES)
def test_kept_code_that_cannot_be_used_is_made_again(
    reason, kinds, kept, right, tmp_path, monkeypatch, capfd
):
    there = tmp_path / kept.name
    there.write_bytes(DAMAGES[reason](*cache.read(kept)))
    monkeypatch.setenv("COUNCILS_CACHE", str(tmp_path))
    monkeypatch.setattr(shelf.tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(engine, "make", lambda place, *_: shutil.copyfile(kept, place))
    assert ladder._machine.__wrapped__(*kinds) is not None
    said = capfd.readouterr().err.splitlines()
    assert fallen(said) == ["kept"]
    assert reason in said[0]
    assert lived(tmp_path, cache_folder=tmp_path) == (right, [])


@pytest.mark.parametrize("broken", [OLD_NUMBA, NOTHING_COMPILES], ids=["old", "nothing compiles"])
def test_where_numba_fails_the_rules_run_as_plain_python(broken, right, tmp_path):
    told, said = lived(tmp_path, cache_folder=tmp_path, broken=broken)
    assert told == right
    assert fallen(said) == ["as one", "rule by rule"]
    assert "force-reinstall numba" in said[1]
    reason = "compile_extra" if broken is NOTHING_COMPILES else "Numba needs NumPy 2.2 or less"
    assert all(reason in line for line in said)


def test_where_no_machine_code_can_be_loaded_the_rules_run_as_plain_python(right, tmp_path):
    told, said = lived(tmp_path, cache_folder=tmp_path, broken=NO_LLVM)
    assert told == right
    assert fallen(said) == list(SAID)


def test_kept_code_runs_though_numba_cannot_be_loaded(kept, right, tmp_path):
    assert lived(tmp_path, cache_folder=kept.parent, broken=OLD_NUMBA) == (right, [])


def test_code_that_needs_numba_to_run_is_refused(monkeypatch):
    monkeypatch.setattr(targets, "NOT_ALONE", ("sqrt",))
    module = targets.llvm.parse_assembly("declare double @sqrt(double)")
    with pytest.raises(RuntimeError, match="needs numba to run: it calls sqrt"):
        targets.check_alone(module)


@pytest.fixture
def small(tmp_path):
    """A copy of the program in which a step is but a few rules."""
    shutil.copytree(ROOT / "sim", tmp_path / "sim", ignore=shutil.ignore_patterns("__pycache__"))
    path = tmp_path / "sim" / "core" / "step.py"
    rules = path.read_text(encoding="utf-8")
    fewer = re.sub(
        r"^    ([\w.]+)\(world\b.*\n",
        lambda m: m[0] if m[1].split(".")[-1] in STEP else "",
        rules,
        flags=re.M,
    )
    path.write_text(re.sub(r"^ +(observe|found)\(.*\n", "", fewer, flags=re.M), encoding="utf-8")
    return tmp_path


def test_where_numba_is_another_inside_it_compiles_rule_by_rule(small):
    plain, _ = lived(small, cache_folder=small, root=small, NUMBA_DISABLE_JIT="1")
    code = LIVED + "; import sys; print('council_partnering.sim.machine.uncompiled' in sys.modules)"
    told, said = lived(small, cache_folder=small, broken=OTHER_INSIDE, root=small, code=code)
    assert told.split() == [plain, "False"]
    assert fallen(said) == ["as one"]
    assert "JITCodeLibrary" in said[0]


def test_the_compiler_tells_how_far_it_is(small):
    code = (
        "from sim.machine import waiting; told = []; shown = waiting.shown_by(told.append);"
        f"shown.__enter__(); {LIVED}; print(*told)"
    )
    told, said = lived(small, cache_folder=small, root=small, code=code)
    _, *shares, over = told.split()
    assert said == [] and over == "None"
    assert shares == sorted(shares, key=float)
    assert 0 < float(shares[0]) < float(shares[-1]) < 1


@pytest.mark.slow
def test_all_rules_compiled_rule_by_rule_give_the_same_bits(right, tmp_path):
    told, said = lived(tmp_path, cache_folder=tmp_path, broken=OTHER_INSIDE)
    assert told == right
    assert fallen(said) == ["as one"]


def test_workers_begin_where_their_parent_ended_and_say_nothing(tmp_path):
    code = (
        "import sys; sys.argv[1:] = ['run', 'norfolk-seven', '--quarters', '1', '--runs', '6', "
        "'--workers', '2', '--no-figures', '--out', 'there'];"
        "from experiments.__main__ import main; main()"
    )
    _, said = lived(tmp_path, cache_folder=tmp_path, broken=OLD_NUMBA, code=code)
    ours = [line for line in said if line.startswith(tuple(SAID.values()))]
    assert fallen(ours) == ["as one", "rule by rule"]


def test_rules_that_changed_under_a_running_process_are_not_run(kinds, tmp_path, monkeypatch):
    monkeypatch.setenv("COUNCILS_CACHE", str(tmp_path))
    monkeypatch.setattr(shelf.tempfile, "tempdir", str(tmp_path))
    monkeypatch.setitem(cache.FIELDS, "more", (float, 1))
    with pytest.raises(InputError, match="others than those that asked"):
        ladder._machine.__wrapped__(*kinds)
