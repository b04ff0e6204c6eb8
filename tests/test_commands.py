"""The command line does what it says, stops cleanly, and tells mistakes in one line."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from asking import at_once
from typer.testing import CliRunner

import experiments.runs.result
import experiments.runs.shown
from experiments.__main__ import app
from experiments.executors.pace import size_of_batch
from experiments.runs.places import starting_councils
from experiments.stored.folder import RECORD, TABLES, describe_files
from experiments.stored.reading import check_intact
from experiments.summary import MAIN, summarise
from sim.declared.measures import MEASURES
from sim.declared.parameters import declarations
from sim.declared.scenario import load, shipped

ROOT = Path(__file__).parents[1]
SMALL = ["norfolk-seven", "--runs", "12", "--quarters", "6"]
HEAVY = ("numba", "mesa", "pandas", "matplotlib", "scipy", "pyarrow")
MANY = ["run", "england", "--runs", "100000", "--no-figures", "--out", "new/result"]
posix = pytest.mark.skipif(os.name != "posix", reason="signals and /proc")


def environment() -> dict[str, str]:
    """The surroundings of a command: 80 columns, and output that is buffered as it usually is."""
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONUNBUFFERED"}
    return kept | {"PYTHONPATH": str(ROOT), "COLUMNS": "80"}


def start(folder: Path, *words: str) -> subprocess.Popen[str]:
    """Start a command in a folder, in a process group of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "council_partnering", *words], cwd=folder, env=environment(),
        text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip


def councils(folder: Path, *words: str) -> tuple[int, str, str]:
    """Run a command in a folder; return its exit status and what it wrote."""
    process = start(folder, *words)
    out, err = process.communicate(timeout=300)
    return process.returncode, out, err


def run_json(folder: Path, *words: str) -> dict[str, Any]:
    """Run `councils run` with JSON for an answer."""
    status, out, err = at_once(folder, "run", *words, "--json")
    assert (status, err) == (0, "")
    answer: dict[str, Any] = json.loads(out)
    return answer


def files_of(folder: Path) -> dict[str, Any]:
    """Everything under a folder, with sizes, hashes and times."""
    return {
        str(path): (path.stat().st_mtime_ns, path.read_bytes() if path.is_file() else None)
        for path in sorted(folder.rglob("*"))
    }


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("shelf")


@pytest.fixture(scope="module")
def plain(shelf: Path) -> dict[str, Any]:
    """A small result with tables only."""
    status, out, err = councils(shelf, "run", *SMALL, "--no-figures", "--json")
    assert (status, err) == (0, "")
    answer: dict[str, Any] = json.loads(out)
    return answer


@pytest.fixture
def copy(plain: dict[str, Any], tmp_path: Path) -> Path:
    """A copy of that result, to be harmed, as `result` in a folder of its own."""
    import shutil

    return Path(shutil.copytree(plain["folder"], tmp_path / "result"))


# --- instant answers ------------------------------------------------------------------------------


def loading(folder: Path, heavy: set[str], *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a process that tells in its last line which of some modules it loaded."""
    code = (
        "import sys\nsys.argv = ['councils', *sys.argv[1:]]\n"
        "from experiments.__main__ import main\n"
        "try: main()\n"
        f"finally: print('LOADED', *({heavy!r} & sys.modules.keys()))"
    )
    return subprocess.run(
        [sys.executable, "-c", code, *words], cwd=folder, env=environment(),
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    "words", [["--help"], ["-h"], ["--version"], ["run", "--help"], ["story", "--help"], []]
)
def test_help_loads_nothing_heavy(words: list[str], tmp_path: Path) -> None:
    done = loading(tmp_path, set(HEAVY), *words)
    assert done.stdout.splitlines()[-1].split() == ["LOADED"]
    assert done.returncode == (0 if words else 2)
    assert "Traceback" not in done.stderr


def test_listings_load_no_compiler(tmp_path: Path) -> None:
    for command in ("parameters", "measures", "scenarios"):
        code = f"import sys; from experiments.__main__ import app; app([{command!r}])"
        done = subprocess.run(
            [sys.executable, "-X", "importtime", "-c", code], cwd=tmp_path, env=environment(),
            capture_output=True, text=True, timeout=60, check=True,
        )  # fmt: skip
        loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
        assert "council_partnering.sim.errors" in loaded
        assert loaded.isdisjoint(HEAVY)


def test_a_run_without_figures_loads_neither_pandas_nor_a_compiler(
    plain: dict[str, Any], tmp_path: Path
) -> None:
    assert plain["runs"] > 1, "the machine code is there"
    words = ["run", "norfolk", "--runs", "1", "--no-figures"]
    done = loading(tmp_path, {"pandas", "scipy", "numba", "matplotlib", "mesa"}, *words)
    assert (done.returncode, done.stderr) == (0, "")
    assert "1 run of 17 councils" in done.stdout
    assert done.stdout.splitlines()[-1].split() == ["LOADED"]


# --- results --------------------------------------------------------------------------------------


def test_a_run_is_stored_in_a_folder_that_describes_itself(plain: dict[str, Any]) -> None:
    folder = Path(plain["folder"])
    record = check_intact(folder)
    assert folder.parent.name == "results"
    assert folder.name == f"norfolk-seven-seed1-runs12-{record.fingerprint[:8]}"
    assert record.question["scenario"] == load("norfolk-seven", quarters=6).document()
    assert (record.asked["seed"], record.asked["runs"]) == (1, 12)
    assert record.made["seconds"] > 0
    assert record.made["command"].endswith(
        "run norfolk-seven --runs 12 --quarters 6 --no-figures --json"
    )
    assert set(record.made["libraries"]) >= {"numpy", "numba", "pandas", "pyarrow"}
    for name in TABLES:
        table = pd.read_parquet(folder / f"{name}.parquet")
        assert record.answer["tables"][name]["rows"] == len(table) > 0
    quarters = pd.read_parquet(folder / "quarters.parquet")
    assert list(quarters["replicate"].unique()) == list(range(12))
    assert set(quarters["quarter"]) == set(range(6))
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


def test_the_summary_is_that_of_the_stored_runs(plain: dict[str, Any]) -> None:
    rows = summarise(pd.read_parquet(Path(plain["folder"]) / "runs.parquet"))
    assert [row["name"] for row in plain["summary"]] == list(MAIN)
    for row, expected in zip(plain["summary"], rows, strict=True):
        assert row == pytest.approx(expected)
    last = pd.read_parquet(Path(plain["folder"]) / "quarters.parquet").query("quarter == 5")
    assert plain["summary"][0]["mean"] == pytest.approx(last["talks_begun"].mean())


def test_workers_change_no_byte_of_a_table(plain: dict[str, Any], shelf: Path) -> None:
    question = ["run", *SMALL, "--no-figures", "--workers", "2", "--out", "two", "--json"]
    status, out, err = councils(shelf, *question)
    assert (status, err) == (0, "")
    two = json.loads(out)
    assert describe_files(Path(two["folder"])) == describe_files(Path(plain["folder"]))
    assert two["fingerprint"] == plain["fingerprint"]
    assert two["summary"] == plain["summary"]


def test_pairs_are_shares_of_the_runs(plain: dict[str, Any]) -> None:
    folder = Path(plain["folder"])
    pairs = pd.read_parquet(folder / "pairs.parquet")
    events = pd.read_parquet(folder / "events.parquet")
    begun = events[events["kind"] == "talks_begin"]
    share = pairs.set_index(["code_a", "code_b", "scope"])["talked"]
    for (one, other, scope), met in begun.groupby(["council", "other", "scope"]):
        assert share[(*sorted((one, other)), scope)] * 12 >= met["replicate"].nunique() - 1e-9
    assert pairs["talked"].between(0, 1).all() and pairs["talked"].max() > 0


def test_another_seed_gives_another_result(plain: dict[str, Any], shelf: Path) -> None:
    other = run_json(shelf, *SMALL, "--no-figures", "--seed", "2")
    assert other["folder"] != plain["folder"]
    assert other["summary"] != plain["summary"]


def test_changed_numbers_are_in_the_record_and_in_the_name(
    plain: dict[str, Any], shelf: Path
) -> None:
    other = run_json(shelf, *SMALL, "--no-figures", "--set", "search.base_service=0.4")
    assert other["folder"] != plain["folder"]
    scenario = check_intact(Path(other["folder"])).question["scenario"]
    assert scenario["parameters"]["search"]["base_service"] == 0.4
    assert all("search.base_service=0.4" in line for line in other["next"])


def test_figures_are_drawn_and_a_map_may_have_boundaries(shelf: Path, tmp_path: Path) -> None:
    outlines = squares(tmp_path / "own.geojson")
    made = run_json(shelf, *SMALL, "--boundaries", str(outlines), "--out", "figures")
    stems = {name.rpartition(".")[0] for name in made["figures"]}
    assert {"over_time", "map", "reasons", "survival", "savings", "first_contact"} <= stems
    assert set(made["figures"]) == {f"{stem}.{kind}" for stem in stems for kind in ("png", "svg")}
    drawn = check_intact(Path(made["folder"])).answer["figures"]
    assert drawn == {"boundaries": drawn["boundaries"]}
    status, _, err = at_once(shelf, "run", *SMALL, "--out", "figures")
    assert status == 2 and "a map with other boundaries" in err


def test_a_scenario_without_the_couple_has_no_figure_of_it(shelf: Path, tmp_path: Path) -> None:
    (tmp_path / "two.toml").write_text(
        'title = "Two"\n[places]\ncouncils = ["Ipswich", "Babergh", "Mid Suffolk"]\n'
    )
    own = str(tmp_path / "two.toml")
    made = run_json(shelf, own, "--runs", "2", "--quarters", "4", "--out", "couple")
    assert "first_contact.png" not in made["figures"]
    assert "map.png" in made["figures"]
    assert all(own in line for line in made["next"])


def squares(path: Path) -> Path:
    """Boundaries of the seven districts: squares about their centres, in metres."""
    councils, _ = starting_councils(load("norfolk-seven"))
    features = []
    for row in councils.itertuples(index=False):
        x, y = float(str(row.x_km)) * 1000, float(str(row.y_km)) * 1000
        ring = [(x + dx * 5000, y + dy * 5000) for dx, dy in ((-1, -1), (1, -1), (1, 1), (-1, -1))]
        geometry = {"type": "Polygon", "coordinates": [ring]}
        features.append({"properties": {"code": row.code}, "geometry": geometry})
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def test_the_output_is_for_people_and_fits_a_terminal(plain: dict[str, Any], shelf: Path) -> None:
    status, out, err = at_once(shelf, "run", *SMALL, "--no-figures")
    assert (status, err) == (0, "")
    assert "12 runs of 7 councils" in out and "Middle 90%" in out
    assert Path(plain["folder"]).name in out
    assert "were not run again" in out
    table = [line for line in out.splitlines() if line.startswith(" ")]
    story = next(line.strip() for line in table if "councils story" in line)
    assert max(map(len, (line for line in table if "councils " not in line))) <= 80
    assert story == "councils story norfolk-seven --seed 1 --quarters 6"


# --- a folder that is there already ---------------------------------------------------------------


def test_the_same_question_is_answered_from_its_folder(plain: dict[str, Any], shelf: Path) -> None:
    before = files_of(Path(plain["folder"]))
    again = run_json(shelf, *SMALL, "--no-figures", "--workers", "2")
    assert again == plain | {"reused": True}
    assert not plain["reused"]
    assert files_of(Path(plain["folder"])) == before


def test_figures_are_added_without_running_again(copy: Path) -> None:
    before = describe_files(copy)
    made = run_json(copy.parent, *SMALL, "--out", str(copy))
    assert made["reused"] and "map.svg" in made["figures"]
    assert before.items() <= check_intact(copy).files.items()
    assert [path.name for path in copy.parent.iterdir()] == ["result"]


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["--seed", "2"], "another seed (1, not 2)"),
        (["--runs", "13"], "another number of runs (12, not 13)"),
        (["--set", "search.fashion=0.2"], "another scenario or other numbers"),
    ],
)
def test_another_result_is_refused_untouched_unless_forced(
    copy: Path, words: list[str], named: str
) -> None:
    before = files_of(copy.parent)
    question = ["run", *SMALL, *words, "--no-figures", "--out", "result"]
    status, out, err = at_once(copy.parent, *question)
    assert (status, out) == (2, "")
    assert named in err and "--force" in err and err.count("\n") == 1
    assert files_of(copy.parent) == before
    status, _, _ = at_once(copy.parent, *question, "--force")
    assert status == 0
    check_intact(copy)
    assert [path.name for path in copy.parent.iterdir()] == ["result"]


@pytest.mark.parametrize("harm", ["no record", "truncated", "changed", "missing"])
def test_a_damaged_result_is_refused_untouched_unless_forced(copy: Path, harm: str) -> None:
    content = (copy / "events.parquet").read_bytes()
    if harm == "no record":
        (copy / RECORD).unlink()
    elif harm == "truncated":
        (copy / "events.parquet").write_bytes(content[: len(content) // 2])
    elif harm == "changed":
        (copy / "events.parquet").write_bytes(content[:99] + b"x" + content[100:])
    else:
        (copy / "events.parquet").unlink()
    before = files_of(copy.parent)
    question = ["run", *SMALL, "--no-figures", "--out", str(copy)]
    status, out, err = at_once(copy.parent, *question)
    assert (status, out) == (2, "")
    assert (RECORD if harm == "no record" else "events.parquet") in err
    assert files_of(copy.parent) == before
    status, _, _ = at_once(copy.parent, *question, "--force")
    assert status == 0
    check_intact(copy)


def test_a_folder_of_something_else_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.jpg").write_text("meow")
    before = files_of(tmp_path)
    for further in ([], ["--force"]):
        status, _, err = at_once(tmp_path, "run", *SMALL, "--out", "photos", *further)
        assert status == 2 and "cat.jpg" in err
    status, _, err = at_once(tmp_path / "photos", "run", *SMALL, "--out", ".", "--force")
    assert status == 2 and "folder you are in" in err
    assert files_of(tmp_path) == before


# --- the folder of a result in place of a scenario ------------------------------------------------


def test_a_run_of_a_kept_result_is_told_as_its_scenario_seed_and_world_have_it(
    tmp_path: Path,
) -> None:
    own = ("--quarters", "6", "--ensemble", "calibrated")
    (tmp_path / "mine.toml").write_text('base = "norfolk-seven"\n[talks]\npace = 0.9\n')
    words = ("run", "mine.toml", "--runs", "4", "--seed", "7", *own, "--no-figures", "-o", "home")
    assert at_once(tmp_path, *words)[0] == 0
    run = ("--seed", "7", "--replicate", "3", *own)
    plain = at_once(tmp_path, "story", "mine.toml", *run)[1]
    pair = at_once(tmp_path, "why", "Breckland", "Broadland", "--scenario", "mine.toml", *run)[1]
    (tmp_path / "mine.toml").unlink()
    assert at_once(tmp_path, "story", "home", "--replicate", "3") == (0, plain, "")
    told = at_once(
        tmp_path, "why", "Breckland", "Broadland", "--scenario", "home", "--replicate", "3"
    )
    assert told == (0, pair, "")
    for option, value in (("--seed", "1"), ("--quarters", "2"), ("--set", "talks.pace=1"),
                          ("--ensemble", "calibrated")):  # fmt: skip
        status, out, err = at_once(tmp_path, "story", "home", option, value)
        assert (status, out) == (2, "") and f"{option} does not go with 'home'" in err
    status, _, err = at_once(tmp_path, "story", "home", "--replicate", "4")
    assert status == 2 and "has 0 to 3" in err
    for command in (("run", "home"), ("replay", "home", "-o", "x.html"), ("page", "home")):
        status, out, err = at_once(tmp_path, *command)
        assert (status, out) == (2, "") and "is the folder of a result of councils run" in err
        assert "councils story home" in err


# --- stopping -------------------------------------------------------------------------------------


def wait_until(true: Callable[[], object], seconds: float = 120.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "this took too long"
        time.sleep(0.05)


def at_work(folder: Path) -> bool:
    """Whether a run has begun to write tables."""
    return any(path.stat().st_size for path in folder.glob("new/.partial-*/quarters.parquet"))


def alive(group: int) -> bool:
    """Whether any process of a group is left."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def workers_of(pid: int) -> list[int]:
    """The worker processes of a process."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(c) for c in children if "spawn_main" in Path(f"/proc/{c}/cmdline").read_text()]


@pytest.fixture
def busy(tmp_path: Path, workers: str) -> Iterator[subprocess.Popen[str]]:
    """A long run in the middle of its work."""
    process = start(tmp_path, *MANY, "--workers", workers)
    try:
        wait_until(lambda: at_work(tmp_path) or process.poll() is not None)
        if workers != "1":
            wait_until(lambda: len(workers_of(process.pid)) == 2)
        assert process.poll() is None, process.communicate()[1]
        yield process
    finally:
        if alive(process.pid):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


@posix
@pytest.mark.parametrize("workers", ["1", "2"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "terminate"])
def test_a_run_that_is_stopped_leaves_nothing(
    busy: subprocess.Popen[str], tmp_path: Path, number: signal.Signals
) -> None:
    if number == signal.SIGINT:
        os.killpg(busy.pid, number)  # as a terminal does: to the workers too
    else:
        busy.send_signal(number)
    out, err = busy.communicate(timeout=60)
    assert busy.returncode == 130
    assert (out, err) == ("", "Stopped: no half-made result is left behind.\n")
    assert list(tmp_path.iterdir()) == []
    wait_until(lambda: not alive(busy.pid), 20)


@pytest.mark.parametrize("there_before", [False, True])
def test_a_run_that_is_stopped_when_its_result_is_whole_says_where_that_lies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there_before: bool
) -> None:
    words = ("run", *SMALL, "--no-figures", "-o", "home")
    if there_before:
        assert at_once(tmp_path, *words)[0] == 0

    def stop(*given: Any, **named: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as here:
        here.setattr(experiments.runs.shown, "gather", stop)
        status, out, err = at_once(tmp_path, *words)
    assert (status, out) == (130, "")
    assert err.endswith("Stopped: the result was whole already, in home.\n")
    check_intact(tmp_path / "home")
    with monkeypatch.context() as here:
        here.setattr(experiments.runs.result, "_make_tables", stop)
        status, _, err = at_once(tmp_path, "run", *SMALL, "-o", "other")
    assert (status, err.splitlines()[-1]) == (130, "Stopped: no half-made result is left behind.")
    assert not (tmp_path / "other").exists()


@posix
@pytest.mark.parametrize("at", [f"import {name}" for name in ("typer", "subprocess", "pydantic")])
def test_ctrl_c_while_the_program_loads_is_one_line(at: str, tmp_path: Path) -> None:
    code = (
        "import importlib.abc, signal, sys\n"
        "class Stop(importlib.abc.MetaPathFinder):\n"
        "    def find_spec(self, name, path, target=None):\n"
        f"        if name == {at.split()[1]!r}: signal.raise_signal(signal.SIGINT)\n"
        "sys.meta_path.insert(0, Stop())\n"
        "sys.argv = ['councils', 'scenarios']\n"
        "import runpy; runpy.run_module('experiments', run_name='__main__')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment(), capture_output=True,
        text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (130, "")
    assert done.stderr == "Stopped: no half-made result is left behind.\n"


@posix
@pytest.mark.parametrize("workers", ["2"])
def test_after_a_kill_no_worker_lives_on_and_the_next_run_clears_up(
    busy: subprocess.Popen[str], tmp_path: Path
) -> None:
    os.kill(busy.pid, signal.SIGKILL)
    busy.wait()
    wait_until(lambda: not alive(busy.pid), 30)
    assert [path.name.startswith(".partial-") for path in (tmp_path / "new").iterdir()] == [True]
    status, _, _ = councils(tmp_path, "run", *SMALL, "--no-figures", "--out", "new/result")
    assert status == 0
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["result"]


@posix
@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs /proc to find a worker")
@pytest.mark.parametrize("workers", ["2"])
def test_a_worker_that_dies_is_replaced(busy: subprocess.Popen[str], tmp_path: Path) -> None:
    before = set(workers_of(busy.pid))
    os.kill(min(before), signal.SIGKILL)
    wait_until(lambda: len(set(workers_of(busy.pid)) - before) == 1, 60)
    assert busy.poll() is None and max(before) in workers_of(busy.pid)
    busy.send_signal(signal.SIGINT)
    busy.communicate(timeout=60)
    wait_until(lambda: not alive(busy.pid), 20)


@pytest.mark.parametrize("lines", [0, 1])
@pytest.mark.parametrize("command", ["parameters", "scenarios --json", "story england --all"])
def test_a_reader_who_has_had_enough_is_not_an_error(
    command: str, lines: int, tmp_path: Path
) -> None:
    process = start(tmp_path, *command.split())
    assert process.stdout is not None and process.stderr is not None
    for _ in range(lines):
        process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == ""
    process.stderr.close()
    process.wait(timeout=60)


@posix
def test_progress_is_for_terminals_only(tmp_path: Path) -> None:
    import pty

    parent, child = pty.openpty()
    question = ["run", *SMALL, "--no-figures", "--json"]
    process = subprocess.Popen(
        [sys.executable, "-m", "council_partnering", *question], cwd=tmp_path,
        env=environment() | {"TERM": "xterm"}, stdout=subprocess.PIPE, stderr=child, text=True,
    )  # fmt: skip
    os.close(child)
    out, _ = process.communicate(timeout=120)
    seen = os.read(parent, 100_000).decode()
    os.close(parent)
    assert process.returncode == 0 and json.loads(out)["runs"] == 12
    assert "Preparing" in seen and "left" in seen


# --- mistakes -------------------------------------------------------------------------------------

MISTAKES = {
    "unknown scenario": (["run", "norfork"], ["norfork", "norfolk"]),
    "missing file": (["run", "absent.toml"], ["absent.toml"]),
    "not TOML": (["run", "broken.toml"], ["broken.toml", "TOML"]),
    "unknown key": (["run", "unknown.toml"], ["search.fashoin", "search.fashion"]),
    "wrong type": (["run", "--set", "search.fashion=much"], ["search.fashion", "much"]),
    "out of range": (
        ["run", "--set", "search.fashion=99"],
        ["--set", "search.fashion", "from -3 to 5", "99"],
    ),
    "unknown number": (["run", "--set", "search.fashoin=1"], ["search.fashion"]),
    "unknown section": (["run", "--set", "serach.fashion=1"], ["search"]),
    "no value": (["run", "--set", "search.fashion"], ["search.fashion"]),
    "no runs": (["run", "--runs", "0"], ["--runs", "0"]),
    "no workers": (["run", "--workers", "0"], ["--workers", "0"]),
    "negative workers": (["run", "--workers", "-2"], ["--workers", "-2"]),
    "runs in words": (["run", "--runs", "abc"], ["--runs is 'abc'", "whole number from 1 upwards"]),
    "half a run": (["run", "--runs", "1.5"], ["--runs is '1.5'", "whole number from 1 upwards"]),
    "quarters in words": (["story", "--quarters", "x"], ["--quarters is 'x'", "from 1 to 400"]),
    "seed in words": (["why", "a", "b", "--seed", "x"], ["--seed is 'x'", "0 to 4294967295"]),
    "what matters in words": (
        ["compare", "a", "b", "--outcome", "budget", "--matters", "x"],
        ["--matters is 'x': give a number"],
    ),
    "negative seed": (["run", "--seed", "-1"], ["--seed", "-1", "4294967295"]),
    "large seed": (["run", "--seed", "4294967296"], ["--seed", "4294967296"]),
    "no quarters": (["run", "--quarters", "0"], ["--quarters", "0"]),
    "many quarters": (["run", "--quarters", "401"], ["--quarters is 401", "from 1 to 400"]),
    "a number twice": (
        ["run", "--set", "talks.pace=1", "--set", "talks.pace=0"],
        ["--set", "talks.pace", "twice"],
    ),
    "an empty scenario": (["run", "empty.toml"], ["empty.toml", 'base = "norfolk"', "[places]"]),
    "under a file": (["run", "--out", "plain.txt/deep/result"], ["plain.txt", "cannot be written"]),
    "a file": (["run", "--out", "plain.txt"], ["plain.txt", "is a file"]),
    "long name": (["run", "--out", "x" * 300], ["cannot be written"]),
    "no boundaries": (["run", "--boundaries", "absent.geojson"], ["absent.geojson"]),
    "bad boundaries": (["run", "--boundaries", "plain.txt"], ["plain.txt", "GeoJSON"]),
    "odd pair": (["run", "--boundaries", "plain.txt", "--no-figures"], ["--no-figures"]),
    "story seed": (["story", "--seed", "-1"], ["--seed"]),
    "story replicate": (["story", "--replicate", "-1"], ["--replicate"]),
    "large replicate": (["story", "--replicate", "99999999999"], ["replicate"]),
    "story scenario": (["story", "norfork"], ["norfolk"]),
    "unknown council": (["why", "South Norflok", "Breckland"], ["South Norfolk"]),
    "one council twice": (["why", "Norwich", "E07000148"], ["Norwich", "one council"]),
    "second council": (["why", "South Norfolk", "E07009999"], ["E07009999"]),
    "unknown list": (["parameters", "serach"], ["serach", "search"]),
    "unknown item": (["parameters", "search.fashoin"], ["search.fashion"]),
    "schema of a part": (["parameters", "search", "--schema"], ["--schema"]),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_one_clear_line_and_changes_nothing(
    mistake: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words, named = MISTAKES[mistake]
    (tmp_path / "plain.txt").write_text("not a folder")
    (tmp_path / "broken.toml").write_text("title = ")
    (tmp_path / "unknown.toml").write_text("[search]\nfashoin = 0.2\n")
    (tmp_path / "empty.toml").write_text("")
    before = files_of(tmp_path)
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert result.stderr.startswith("Error: ") and result.stderr.count("\n") == 1
    for word in named:
        assert word in result.stderr
    assert files_of(tmp_path) == before


@pytest.mark.parametrize(
    "command",
    ["run", "compare", "sweep", "sensitivity", "calibrate", "merge", "report", "replay"],
)
def test_every_command_that_writes_takes_the_short_option_for_where(command: str) -> None:
    result = CliRunner().invoke(app, [command, "--help"], env={"COLUMNS": "100"})
    assert re.search(r"^\W*(--out +-o|-o,? +--out) ", result.stdout, re.MULTILINE)


@pytest.mark.parametrize("words", [["run", "--bogus"], ["run", "--runs", "many"], ["rnu"]])
def test_unknown_options_and_commands_are_told_by_status_2(words: list[str]) -> None:
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 2 and result.stdout == ""


def test_a_mistake_has_no_traceback_in_a_real_process(tmp_path: Path) -> None:
    status, out, err = councils(tmp_path, "run", "norfork", "--json")
    assert (status, out) == (2, "")
    assert err.startswith("Error: there is no scenario 'norfork'") and err.count("\n") == 1


def test_what_a_later_change_undoes_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "early.toml").write_text(
        'base = "norfolk"\nquarters = 8\n[[change]]\nwhen = 2010-01-01\n'
        'set = { "reorganisation.stance" = "mandated" }\n'
    )
    runs = ["run", "early.toml", "--runs", "1", "--no-figures", "--json"]
    for words in (runs, ["story", "early.toml"], ["why", "Norwich", "Breckland", "--scenario",
                  "early.toml"], ["replay", "early.toml", "-o", "a.html"]):  # fmt: skip
        status, _, err = at_once(tmp_path, *words)
        assert status == 0
        assert err.startswith("Note on early: reorganisation.stance is 'mandated' from 2010-01-01")
        assert "until 2010-07-01" in err and err.count("\n") == 1


# --- stories and listings -------------------------------------------------------------------------


def test_a_story_is_told_in_order_of_time(tmp_path: Path) -> None:
    status, out, err = councils(tmp_path, "story", "norfolk", "--seed", "3", "--replicate", "2")
    assert (status, err) == (0, "")
    lines = out.splitlines()
    assert "seed 3, replicate 2" in lines[0]
    assert lines[1] == "April to June 2009" or "2009" in lines[1]
    assert len(lines) > 10
    told = CliRunner().invoke(
        app, ["story", "norfolk", "--seed", "3", "--replicate", "2", "--json"]
    )
    answer = json.loads(told.stdout)
    assert answer["lines"] == lines[1:]
    assert set(answer["final"]) == {measure.name for measure in MEASURES}
    everything = CliRunner().invoke(
        app, ["story", "norfolk", "--seed", "3", "--replicate", "2", "--all"]
    )
    assert len(everything.stdout.splitlines()) > len(lines)


def test_the_story_of_a_replicate_is_that_of_the_stored_run(plain: dict[str, Any]) -> None:
    events = pd.read_parquet(Path(plain["folder"]) / "events.parquet")
    final = pd.read_parquet(Path(plain["folder"]) / "runs.parquet").set_index("replicate")
    told = CliRunner().invoke(
        app, ["story", "norfolk-seven", "--quarters", "6", "--replicate", "7", "--json"]
    )
    answer = json.loads(told.stdout)
    assert answer["final"]["talks_begun"] == final.loc[7, "talks_begun"]
    assert (len(answer["lines"]) > 0) == bool((events["replicate"] == 7).any())


def test_why_two_councils_did_or_did_not(tmp_path: Path) -> None:
    run = ["run", SMALL[0], "--runs", "20", "--quarters", "6", "--no-figures", "--json"]
    _, answered, _ = at_once(tmp_path, *run)
    told_next = json.loads(answered)["next"]
    line = next(line for line in told_next if line.startswith("councils why"))
    import shlex

    words = shlex.split(line)[1:]
    status, out, err = at_once(tmp_path, *words)
    assert (status, err) == (0, "")
    assert words[1] in out and words[2] in out
    assert "never met" not in out and len(out.splitlines()) > 2
    told = CliRunner().invoke(app, [*words, "--json"])
    answer = json.loads(told.stdout)
    assert answer["lines"] == out.splitlines()[1:]
    assert [council["name"] for council in answer["councils"]] == words[1:3]


def test_scenarios_are_listed() -> None:
    listed = CliRunner().invoke(app, ["scenarios"])
    assert all(name in listed.stdout for name in shipped())
    as_json = json.loads(CliRunner().invoke(app, ["scenarios", "--json"]).stdout)
    assert {row["name"]: row["title"] for row in as_json} == shipped()
    assert [row["name"] for row in as_json if row["default"]] == ["norfolk"]
    assert all(row["about"] for row in as_json)
    norfolk = next(row for row in as_json if row["name"] == "norfolk")
    facts = {key: norfolk[key] for key in ("councils", "start", "quarters")}
    assert facts == {"councils": 17, "start": "2009-04-01", "quarters": 24}


def test_parameters_are_listed_with_unit_range_source_and_grade() -> None:
    as_json = json.loads(CliRunner().invoke(app, ["parameters", "--json"]).stdout)
    assert [row["name"] for row in as_json] == [d.name for d in declarations()]
    fashion = next(row for row in as_json if row["name"] == "search.fashion")
    assert all(fashion[key] for key in ("unit", "plausible", "allowed", "why", "source", "grade"))
    part = CliRunner().invoke(app, ["parameters", "search"], env={"COLUMNS": "80"}).stdout
    assert "fashion" in part and "[search]" in part and "[talks]" not in part
    one = json.loads(CliRunner().invoke(app, ["parameters", "search.fashion", "--json"]).stdout)
    assert one == [fashion]


def test_the_schema_of_a_scenario_file_is_written() -> None:
    schema = json.loads(CliRunner().invoke(app, ["parameters", "--schema"]).stdout)
    assert {"search", "quarters", "places", "change", "base"} <= set(schema["properties"])


def test_measures_are_listed() -> None:
    as_json = json.loads(CliRunner().invoke(app, ["measures", "--json"]).stdout)
    assert [row["name"] for row in as_json] == [measure.name for measure in MEASURES]
    assert all(row[key] for row in as_json for key in ("range", "source", "grade"))
    listed = CliRunner().invoke(app, ["measures"]).stdout
    assert all(measure.name in listed for measure in MEASURES)


@pytest.mark.parametrize("command", ["parameters", "measures", "scenarios"])
@pytest.mark.parametrize("width", [80, 100])
def test_listings_fit_the_terminal(command: str, width: int) -> None:
    listed = CliRunner().invoke(app, [command], env={"COLUMNS": str(width)})
    table = [line for line in listed.stdout.splitlines() if line.startswith(" ")]
    assert table and max(map(len, table)) <= width
    assert "…" not in listed.stdout


# --- batches --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seconds", "left", "workers", "size"),
    [(0.01, 10_000, 1, 100), (0.01, 200, 2, 50), (0.01, 40, 2, 25), (0.01, 9, 2, 9),
     (60.0, 100, 4, 1), (0.0, 1, 8, 1), (0.0, 9, 1, 9), (0.3, 3, 2, 1), (9.0, 1, 2, 1)],
)  # fmt: skip
def test_batches_last_about_a_second_and_leave_work_for_all(
    seconds: float, left: int, workers: int, size: int
) -> None:
    assert size_of_batch(seconds, left, workers) == size
