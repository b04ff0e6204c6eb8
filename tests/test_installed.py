"""What is installed has one name of its own: nothing of the user's hides it or is hidden by it."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import as_installed
import pytest

ROOT = Path(__file__).parents[1]
SETUP = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
METHODS = ["spawn", *(["fork", "forkserver"] if os.name == "posix" else [])]
FOR_EDITORS = (".d.ts", "tsconfig.json")
THEIRS = "def mine():\n    return 'mine'\n"
SCRIPT = """\
import multiprocessing
import sys

import experiments
import sim
from council_partnering.experiments.executors.ordered import Hands
from council_partnering.experiments.runs.conduct import conduct
from council_partnering.sim import load, simulate


def lived(seed):
    import experiments, sim
    run = simulate("norfolk-seven", seed=seed, events=False)
    return run.final["reserves"], sim.mine(), experiments.mine()


if __name__ == "__main__":
    known = lived(1)
    with multiprocessing.get_context(sys.argv[1]).Pool(1) as pool:
        assert pool.map(lived, [1]) == [known]
    alone, together = (
        [x for part in conduct(load("norfolk-seven"), seed=1, runs=9, hands=hands)
         for x in part.tables["runs"]["reserves"].tolist()]
        for hands in (Hands(), Hands(2))
    )
    assert alone == together and alone[0] == known[0]
    print(known[1:], sim.mine(), experiments.mine())
"""


SMALL = """\
import sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ABSENT:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Absent())
from council_partnering.experiments.__main__ import main
main()
"""
IMPORTED_AS = {"scikit-learn": "sklearn", "pillow": "PIL"}


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """Return a folder that holds the package as it is installed."""
    folder = tmp_path_factory.mktemp("site")
    as_installed.copy_to(folder)
    return folder


def run(words, folder, *paths):
    """Run Python in a folder with some folders on its path."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, paths))}
    return subprocess.run(
        [sys.executable, *words], cwd=folder, env=environment, capture_output=True, text=True,
        timeout=300,
    )  # fmt: skip


@pytest.mark.parametrize("method", METHODS)
def test_a_users_own_folders_hide_nothing_and_are_not_hidden(method, installed, tmp_path):
    for name in ("sim", "experiments"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text(THEIRS)
    (tmp_path / "script.py").write_text(SCRIPT)
    done = run(["script.py", method], tmp_path, installed)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "('mine', 'mine') mine mine\n"


def test_a_users_own_folders_do_not_disturb_the_command_line(installed, tmp_path):
    for name in ("sim", "experiments"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("raise RuntimeError('not to be loaded')\n")
    words = ["-m", "council_partnering", "run", "norfolk-seven", "--runs", "9", "--workers", "2"]
    done = run([*words, "--no-figures", "--json", "--out", "found"], tmp_path, installed)
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "found" / "runs.parquet").exists()


TWICE = """\
import collections, importlib, pkgutil, sys
import sim, experiments
import council_partnering.sim, council_partnering.experiments
for package in (sim, experiments):
    bare = package.__name__.rpartition(".")[2]
    for found in pkgutil.walk_packages(package.__path__, bare + "."):
        if "__main__" not in found.name and ".installed" not in found.name:
            here = importlib.import_module(found.name)
            assert here is importlib.import_module("council_partnering." + found.name), found.name
files = collections.defaultdict(set)
for module in list(sys.modules.values()):
    if getattr(module, "__name__", "").startswith("council_partnering"):
        files[module.__file__].add(id(module))
print(len(files) > 200, [file for file, modules in files.items() if len(modules) > 1])
"""


def test_no_module_is_ever_loaded_under_two_names():
    done = run(["-c", TWICE], ROOT)
    assert (done.returncode, done.stdout.strip()) == (0, "True []"), done.stderr


def test_sim_in_a_clone_is_the_clones_own_even_where_another_is_installed(installed, tmp_path):
    as_clone = tmp_path / "clone"
    as_clone.mkdir()
    for part in ("sim", "experiments"):
        os.symlink(ROOT / part, as_clone / part)
    done = run(["-c", "import sim; print(sim.__file__)"], as_clone, installed)
    assert Path(done.stdout.strip()).parents[1] == as_clone, done.stderr


def test_two_copies_in_one_process_are_refused_in_words(installed):
    code = "import council_partnering.sim; import sim"
    done = run(["-c", code], ROOT, installed)
    assert done.returncode == 1
    assert "two copies of one program" in done.stderr.splitlines()[-1]


def test_the_list_of_packages_is_that_of_the_folders():
    folders = {
        "council_partnering." + ".".join(path.parent.relative_to(ROOT).parts)
        for part in ("sim", "experiments")
        for path in (ROOT / part).rglob("__init__.py")
        if "installed" not in path.parts
    }
    assert set(SETUP["packages"]) == folders | {"council_partnering"}
    assert SETUP["packages"] == sorted(SETUP["packages"])


def test_every_file_that_the_package_reads_is_installed_with_it():
    tracked = subprocess.run(
        ["git", "ls-files", "sim", "experiments"], cwd=ROOT, capture_output=True, text=True
    )
    if tracked.returncode != 0:
        pytest.skip("not a clone")
    data = {
        path
        for part in ("sim", "experiments")
        for pattern in SETUP["package-data"][f"council_partnering.{part}"]
        for path in (ROOT / part).glob(pattern)
    }
    files = {ROOT / line for line in tracked.stdout.split() if not line.endswith(FOR_EDITORS)}
    left_out = {path for path in files - data if path.suffix != ".py" and path.name != "py.typed"}
    assert left_out == set()


NAMES = """\
import importlib, pkgutil, sys, types
import council_partnering.sim, council_partnering.experiments
found = list(pkgutil.walk_packages(council_partnering.sim.__path__, "council_partnering.sim."))
found += pkgutil.walk_packages(
    council_partnering.experiments.__path__, "council_partnering.experiments.")
for each in found:
    if "__main__" in each.name or ".installed" in each.name:
        continue
    module = importlib.import_module(each.name)
    package, _, name = each.name.rpartition(".")
    if getattr(sys.modules[package], name) is not module:
        print(each.name)
"""


def test_no_package_calls_something_else_by_the_name_of_one_of_its_modules():
    done = run(["-c", NAMES], ROOT)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


def absent_in_a_small_installation():
    """Return the libraries, as they are imported, that the page's own list leaves out."""
    page = (ROOT / "docs" / "trainers.md").read_text(encoding="utf-8")
    (line,) = [line for line in page.splitlines() if line.startswith("python -m pip install numpy")]
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = {re.match(r"[\w-]+", each).group() for each in asked["dependencies"]}
    there = set(line.split()[4:])
    assert there < names
    return {IMPORTED_AS.get(name, name) for name in names - there}


def run_small(tmp_path, *words):
    script = SMALL.replace("ABSENT", repr(absent_in_a_small_installation()))
    return run(["-c", script, *words], tmp_path, ROOT)


@pytest.mark.parametrize(
    "words",
    [
        ("replay", "norfolk", "--seed", "1", "-o", "story.html"),
        ("story", "norfolk-seven", "--seed", "1"),
        ("why", "Breckland", "South Norfolk", "--seed", "1"),
        ("scenarios",),
    ],
)
def test_what_a_trainer_needs_runs_in_a_small_installation(tmp_path, words):
    done = run_small(tmp_path, *words)
    assert done.returncode == 0, done.stderr


def test_a_small_installation_says_what_is_missing(tmp_path):
    done = run_small(tmp_path, "compare", "norfolk-seven")
    assert done.returncode == 1
    assert done.stderr.startswith("Error: this command needs the library pyarrow, which is not")
