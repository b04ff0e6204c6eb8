"""On a cluster the bits are the same, also when one of its workers is killed in the middle."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

import experiments.commands.studies  # noqa: F401
from experiments.__main__ import app
from experiments.stored.folder import hash_of
from experiments.studies.sweep import sweep

pytest.importorskip("distributed")
ROOT = Path(__file__).parents[1]
PLAN = """\
scenario = "norfolk-seven"
quarters = 12
replicates = 300
[design]
kind = "sobol"
points = 8
[uncertainties]
"talks.pace" = {}
"search.fashion" = {}
"""
LIMIT = 120


@pytest.fixture(scope="module")
def expected(tmp_path_factory):
    """Return a plan and the bits of its study, made in this process."""
    folder = tmp_path_factory.mktemp("alone")
    (folder / "plan.toml").write_text(PLAN)
    study = sweep(folder / "plan.toml", out=folder / "s")
    return folder / "plan.toml", hash_of(study.folder / "runs.parquet")


def dask(folder, *words):
    """Start a process of Dask; what it says goes to a file."""
    told = folder / f"{words[0]}-{time.monotonic_ns()}.txt"
    with told.open("w") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "distributed.cli.dask_" + words[0], *words[1:]],
            env=os.environ | {"PYTHONPATH": str(ROOT)}, cwd=folder, stdout=file, stderr=file,
            start_new_session=True,
        )  # fmt: skip
    return process, told


def said(told, pattern):
    """Wait until a process has said something, and return that."""
    end = time.monotonic() + LIMIT
    while time.monotonic() < end:
        if found := re.search(pattern, told.read_text()):
            return found[0]
        time.sleep(0.02)
    raise TimeoutError(told.read_text())


@pytest.fixture
def cluster(tmp_path):
    """Return the address of a scheduler and the processes of its two workers."""
    started = []
    try:
        process, told = dask(
            tmp_path, "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"
        )
        started.append(process)
        address = said(told, r"tcp://127\.0\.0\.1:\d+")
        for _ in range(2):
            process, told = dask(
                tmp_path, "worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard"
            )
            started.append(process)
            said(told, "Registered to")
        yield address, started[1:], started[0]
    finally:
        for process in started:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@pytest.mark.skipif(os.name != "posix", reason="process groups")
def test_a_worker_killed_in_the_middle_costs_only_time(cluster, expected, tmp_path):
    address, workers, _ = cluster
    plan, bits = expected
    words = ["sweep", str(plan), "--out", str(tmp_path / "s"), "--cluster", address]
    main = "import experiments.commands.studies; from experiments.__main__ import main; main()"
    process = subprocess.Popen(
        [sys.executable, "-c", main, *words], env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    while process.poll() is None and not list((tmp_path / "s" / "parts").glob("part-*")):
        time.sleep(0.005)
    assert process.poll() is None
    os.killpg(workers[0].pid, signal.SIGKILL)
    _, told = process.communicate(timeout=LIMIT)
    assert process.returncode == 0, told
    assert hash_of(tmp_path / "s" / "runs.parquet") == bits


@pytest.mark.skipif(os.name != "posix", reason="process groups")
def test_a_scheduler_that_goes_away_is_told_in_a_line(cluster, expected, tmp_path):
    address, _, scheduler = cluster
    words = ["sweep", str(expected[0]), "--out", str(tmp_path / "s"), "--cluster", address]
    process = subprocess.Popen(
        [sys.executable, "-m", "council_partnering", *words], env=dict(os.environ),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    while process.poll() is None and not list((tmp_path / "s" / "parts").glob("part-*")):
        time.sleep(0.005)
    assert process.poll() is None
    os.killpg(scheduler.pid, signal.SIGKILL)
    _, told = process.communicate(timeout=LIMIT)
    assert process.returncode == 1, told
    assert "Traceback" not in told and "the cluster went away" in told.splitlines()[-1]
    assert len(told.splitlines()) < 10
    assert sweep(expected[0], out=tmp_path / "s").finished
    assert hash_of(tmp_path / "s" / "runs.parquet") == expected[1]


def test_a_cluster_started_here_needs_no_guard_in_a_script(expected, tmp_path):
    text = "from experiments.studies.sweep import sweep\nprint('once')\n"
    text += f"sweep({str(expected[0])!r}, out='s', cluster='local', workers=2)\n"
    (tmp_path / "script.py").write_text(text)
    done = subprocess.run(
        [sys.executable, "script.py"], cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, timeout=LIMIT,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "once\n"), done.stderr


def test_a_cluster_started_here_gives_the_same_bits(expected, tmp_path):
    plan, bits = expected
    study = sweep(plan, out=tmp_path / "s", cluster="local", workers=2)
    assert study.finished and hash_of(study.folder / "runs.parquet") == bits


def test_an_address_where_nobody_answers_is_told(expected, tmp_path, monkeypatch):
    monkeypatch.setattr("experiments.executors.cluster.CONNECT_SECONDS", 1)
    words = ["sweep", str(expected[0]), "--out", str(tmp_path / "s"), "--cluster"]
    for address in ("tcp://127.0.0.1:9", "nonsense://x"):
        result = CliRunner().invoke(app, [*words, address])
        assert result.exit_code == 2 and "no Dask scheduler answers" in result.stderr
    assert sweep(expected[0], out=tmp_path / "s").finished  # nothing was harmed


def test_without_dask_one_line_says_what_to_install(expected, tmp_path):
    """A Python without Dask, by a finder that hides it from one process."""
    hide = (
        "import sys\n"
        "class Hidden:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.split('.')[0] in ('dask', 'distributed'): raise ImportError(name)\n"
        "sys.meta_path.insert(0, Hidden())\n"
        "import experiments.commands.studies; from experiments.__main__ import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", hide, "sweep", str(expected[0]), "--out", str(tmp_path / "s"),
         "--cluster", "local"],
        env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=LIMIT,
    )  # fmt: skip
    assert done.returncode == 2 and done.stderr.count("\n") == 1
    assert "pip install 'council-partnering[cluster]'" in done.stderr
