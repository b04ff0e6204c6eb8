"""A wheel carries machine code: its first run compiles nothing, and its bits are those of any.

The wheel is built and installed as a user would have it, but for what it depends on: that is what
the tests themselves run with.
"""

import os
import shutil
import subprocess
import sys
import sysconfig
import time
import venv
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from sim.machine import targets

ROOT = Path(__file__).parents[1]
SOURCES = ("pyproject.toml", "README.md", "LICENSE", "sim", "experiments")
LIVED = (
    "import hashlib, sys; from council_partnering.sim.ready.kept import prepared;"
    "from council_partnering.sim.running import run_arrays;"
    "r = run_arrays(prepared('norfolk-seven'), luck=77);"
    "bits = r.record.tobytes() + r.events.tobytes() + repr(r.world.councils.tolist()).encode();"
    "print(hashlib.sha256(bits).hexdigest(), 'numba' in sys.modules)"
)
NO_NUMBA = "raise ImportError('there is no numba')"
ANOTHER_KIND = "import platform; platform.machine = lambda: 'another'"
CAME, COMPILED = "The machine code that came", "The rules cannot be compiled as one"
PATIENCE = 60  # seconds until a process that nobody waits for has made machine code

pytest.importorskip("pip")
pytestmark = pytest.mark.skipif(targets.fitting() is None, reason="no machine code is carried")


def call(*words, **named):
    done = subprocess.run(words, capture_output=True, text=True, **named)
    assert done.returncode == 0, done.stderr
    return done


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """A wheel that was built from the files of this project."""
    folder = tmp_path_factory.mktemp("built")
    for name in SOURCES:
        if (ROOT / name).is_dir():
            shutil.copytree(
                ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__")
            )
        else:
            shutil.copy(ROOT / name, folder / name)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    call(*pip, "wheel", "--no-deps", "--no-build-isolation", "-q", "-w", "there", ".", cwd=folder)
    return next((folder / "there").iterdir())


@pytest.fixture(scope="module")
def site(wheel, tmp_path_factory):
    """An environment of its own in which the wheel is installed; `run` runs its Python there."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, symlinks=os.name == "posix")
    paths = {"base": str(folder), "platbase": str(folder)}
    packages = Path(sysconfig.get_path("purelib", vars=paths))
    scripts = Path(sysconfig.get_path("scripts", vars=paths))
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    python = scripts / Path(sys.executable).name
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(python)]
    call(*pip, "install", "-q", "--no-deps", "--no-index", str(wheel))
    there = packages / "council_partnering" / "sim"
    return SimpleNamespace(python=python, scripts=scripts, sim=there)


@pytest.fixture
def run(site, tmp_path):
    """Return a runner of programs in that environment, whose cache is empty at first."""
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "numba.py").write_text(NO_NUMBA, encoding="utf-8")
    (tmp_path / "cache").mkdir()

    def runner(*words, first="", numba=False):
        if numba:
            (tmp_path / "broken" / "numba.py").unlink()
        (tmp_path / "broken" / "sitecustomize.py").write_text(first, encoding="utf-8")
        environment = {
            "PYTHONPATH": str(tmp_path / "broken"), "COUNCILS_CACHE": str(tmp_path / "cache"),
            "TMPDIR": str(tmp_path), "NUMBA_DISABLE_JIT": "0",
        }  # fmt: skip
        return call(*map(str, words), cwd=tmp_path, env=os.environ | environment)

    return runner


def lived(run, site, **named):
    """Return the bits of a run, and what was said."""
    done = run(site.python, "-c", LIVED, **named)
    bits, compiler = done.stdout.split()
    assert compiler == "False"
    return bits, done.stderr.splitlines()


def kept(folder):
    return [path.name for path in (folder / "cache").glob("*.o")]


def native_of(folder):
    """Wait for the machine code that a process of its own makes, and return its file."""
    until = time.monotonic() + PATIENCE
    while not kept(folder) and time.monotonic() < until:
        time.sleep(0.1)
    return folder / "cache" / kept(folder)[0]


@pytest.mark.slow
def test_a_wheel_is_for_every_computer_and_carries_code_for_some(wheel):
    assert wheel.name.endswith("-py3-none-any.whl")
    with zipfile.ZipFile(wheel) as files:
        names = [name for name in files.namelist() if "/carried/" in name]
    ends = [f".{target.name}.o" for target in targets.TARGETS] + [".bc.xz"]
    assert sorted(name.rpartition("/")[2][32:] for name in names) == sorted(ends)


@pytest.mark.slow
def test_the_first_command_of_an_installation_compiles_nothing(run, site, tmp_path):
    done = run(site.scripts / "councils", "run", "norfolk-seven", "--runs", "1", "--no-figures")
    assert done.stderr == ""
    assert "1 run of 7 councils" in done.stdout


@pytest.mark.slow
def test_code_that_came_and_code_for_this_processor_give_the_bits_of_plain_python(
    run, site, tmp_path
):
    came = lived(run, site)
    native_of(tmp_path)
    native = lived(run, site)
    plain = lived(run, site, first="import os; os.environ['NUMBA_DISABLE_JIT'] = '1'")
    assert came == native == plain
    assert came[1] == []


@pytest.mark.slow
def test_the_second_command_uses_code_for_this_processor_which_cost_the_first_no_time(
    run, site, tmp_path
):
    first = lived(run, site)
    place = native_of(tmp_path)
    carried = site.sim / "machine" / "carried"
    hidden = carried.with_name("hidden")
    hidden.mkdir()
    objects = list(carried.glob("*.o"))
    try:
        for path in objects:
            path.rename(hidden / path.name)
        assert lived(run, site) == first
        place.write_bytes(place.read_bytes()[:-1])
        assert CAME in lived(run, site)[1][0]
    finally:
        for path in objects:
            (hidden / path.name).rename(path)
        hidden.rmdir()


@pytest.mark.slow
def test_where_no_code_fits_that_for_this_processor_is_made_first(run, site, tmp_path):
    bits, said = lived(run, site, first=ANOTHER_KIND)
    assert kept(tmp_path)
    assert said == []
    assert bits == lived(run, site)[0]


@pytest.fixture
def edited(site):
    """Return a function that changes the bytes of files for one test."""
    before = {}

    def edit(pattern, change):
        for path in site.sim.glob(pattern):
            before[path] = path.read_bytes()
            path.write_bytes(change(before[path]))

    yield edit
    for path, content in before.items():
        path.write_bytes(content)


@pytest.mark.slow
def test_code_that_is_damaged_is_refused_and_the_rules_compiled(run, site, edited):
    edited("machine/carried/*.o", lambda content: content[:-5])
    _, said = lived(run, site)
    assert said[0].startswith(CAME)
    assert "damaged" in said[0]
    assert said[1].startswith(COMPILED)  # which it tried, without numba in vain


@pytest.mark.slow
def test_code_of_other_rules_is_not_used(run, site, edited):
    edited("core/money.py", lambda content: content + b"\n# another rule\n")
    _, said = lived(run, site)
    assert said[0].startswith(COMPILED)


@pytest.mark.slow
def test_rules_that_changed_are_compiled_anew(run, site, edited, tmp_path):
    before, _ = lived(run, site)
    edited(
        "core/money.py",
        lambda text: text.replace(b"flows[what] += amount", b"flows[what] -= amount"),
    )
    after, said = lived(run, site, numba=True)
    assert [line[:19] for line in said] == ["Compiling the rules"]
    assert after != before
    assert len(kept(tmp_path)) == 2


# --- which processors -----------------------------------------------------------------------------


@pytest.mark.parametrize("missing", targets.TARGETS[0].needs)
def test_a_processor_that_lacks_something_is_not_given_the_code(missing, monkeypatch):
    able = dict.fromkeys(targets.TARGETS[0].needs, True)
    monkeypatch.setattr(targets.platform, "machine", lambda: "x86_64")
    monkeypatch.setattr(targets.sys, "platform", "linux")
    monkeypatch.setattr(targets.llvm, "get_host_cpu_features", lambda: able)
    assert targets.fitting() == targets.TARGETS[0]
    able[missing] = False
    assert targets.fitting() is None


def test_another_system_is_not_given_the_code(monkeypatch):
    monkeypatch.setattr(targets.sys, "platform", "darwin")
    assert targets.fitting() is None
