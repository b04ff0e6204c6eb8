"""A study cannot be lost: real processes are killed at any moment, and the bits are the same."""

import contextlib
import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

import experiments.commands.studies  # noqa: F401
from experiments.__main__ import app
from experiments.executors import died, processes
from experiments.executors.pace import Pace
from experiments.stored.folder import hash_of
from experiments.studies.jobs import Ground, Job, Span, jobs_of, live, lost
from experiments.studies.store import open_study
from experiments.studies.sweep import sweep
from sim.declared.scenario import load

ROOT = Path(__file__).parents[1]
PLAN = """\
scenario = "norfolk-seven"
quarters = 12
replicates = 250
[design]
kind = "sobol"
points = 8
[uncertainties]
"talks.pace" = {}
"search.fashion" = {}
"""
MAIN = "import experiments.commands.studies; from experiments.__main__ import main; main()"
ROUNDS = 6
LIMIT = 120
KILLED = -signal.SIGKILL
posix = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="signals and /proc")
pytestmark = posix


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """Return the plan and the bits of its study where nothing was killed."""
    folder = tmp_path_factory.mktemp("undisturbed")
    (folder / "plan.toml").write_text(PLAN)
    return folder / "plan.toml", bits(sweep(folder / "plan.toml", out=folder / "s").folder)


def bits(folder):
    return hash_of(folder / "runs.parquet")


def begin(*words, limit=None):
    """Start a command in a process group of its own; `limit` is the largest file it may write."""

    def confine():
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    return subprocess.Popen(
        [sys.executable, "-c", MAIN, *map(str, words)], text=True, start_new_session=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, preexec_fn=confine if limit else None,
    )  # fmt: skip


def councils(*words, limit=None):
    process = begin(*words, limit=limit)
    out, err = process.communicate(timeout=LIMIT)
    return process.returncode, out, err


def parts(folder):
    return {path.name for path in (folder / "parts").glob("part-*")}


def until(condition, process):
    """Wait until something holds; return whether it did before the process ended."""
    end = time.monotonic() + LIMIT
    while time.monotonic() < end:
        if condition():
            return True
        if process.poll() is not None:
            return False
        time.sleep(0.005)
    raise TimeoutError


def workers_of(process):
    """Return the worker processes that a process has started."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == process.pid and b"spawn_main" in (entry / "cmdline").read_bytes():
                found.append(int(entry.name))
    return found


def gone(pids):
    """Return whether none of these processes lives."""
    for pid in pids:
        with contextlib.suppress(OSError):
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z":
                return False
    return True


def kill(pid, number):
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def one_death(plan, out, chance, workers):
    """Start the command, kill something at a random moment after some more is done, and wait."""
    before = parts(out)
    process = begin("sweep", plan, "--out", out, "--workers", workers)
    if until(lambda: parts(out) != before, process):
        time.sleep(chance.uniform(0.0, 1.2 if workers == 2 else 0.3))  # workers take a second
    mine = workers_of(process)
    if workers == 2 and mine and chance.random() < 0.5:
        kill(chance.choice(mine), signal.SIGKILL)  # the parent goes on without it
        time.sleep(chance.uniform(0.0, 0.3))
        mine += workers_of(process)
    kill(process.pid, signal.SIGKILL)
    _, told = process.communicate(timeout=LIMIT)
    assert process.returncode in (0, KILLED), told
    end = time.monotonic() + LIMIT
    while not gone(mine):
        assert time.monotonic() < end, "workers outlive the command"
        time.sleep(0.01)


def suffer(undisturbed, folder, *, rounds, seed):
    plan, expected = undisturbed
    chance, studies, deaths = random.Random(seed), 0, 0
    while deaths < rounds:
        out = folder / str(studies)
        for _ in range(3):
            if not (out / "runs.parquet").exists():
                one_death(plan, out, chance, chance.choice([1, 2]))
                deaths += 1
        study = sweep(plan, out=out)
        assert study.finished and study.failures.empty
        assert bits(out) == expected
        assert not list(out.rglob("*.partial"))
        studies += 1


def test_killed_at_any_moment_the_same_command_completes_it(undisturbed, tmp_path):
    suffer(undisturbed, tmp_path, rounds=ROUNDS, seed=1)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 12))
def test_killed_at_many_more_moments(undisturbed, tmp_path, seed):
    suffer(undisturbed, tmp_path, rounds=30, seed=seed)


def test_a_killed_worker_costs_only_time(undisturbed, tmp_path):
    plan, expected = undisturbed
    process = begin("sweep", plan, "--out", tmp_path / "s", "--workers", 2)
    assert until(lambda: len(workers_of(process)) == 2, process)
    kill(workers_of(process)[0], signal.SIGKILL)
    _, told = process.communicate(timeout=LIMIT)
    assert process.returncode == 0, told
    assert bits(tmp_path / "s") == expected


def test_ctrl_c_keeps_what_is_finished(undisturbed, tmp_path):
    plan, expected = undisturbed
    process = begin("sweep", plan, "--out", tmp_path / "s", "--workers", 2)
    assert until(lambda: len(parts(tmp_path / "s")) > 1, process)
    mine = workers_of(process)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to all of them
    _, told = process.communicate(timeout=LIMIT)
    assert process.returncode == 128 + signal.SIGINT and gone(mine)
    assert "the same command goes on from there" in told and "Traceback" not in told
    before = parts(tmp_path / "s")
    assert councils("sweep", plan, "--out", tmp_path / "s")[0] == 0
    assert before < parts(tmp_path / "s") and bits(tmp_path / "s") == expected


def test_a_full_disk_is_one_error_and_the_study_stays_good(undisturbed, tmp_path):
    plan, expected = undisturbed
    out = tmp_path / "s"
    status, _, told = councils("sweep", plan, "--out", out, limit=100_000)
    assert status == 2 and told.count("\n") == 1 and "cannot be written (File too large)" in told
    kept = parts(out)
    assert kept and not (out / "runs.parquet").exists() and not list(out.rglob("*.partial"))
    assert len(open_study(out).runs) >= len(kept)
    assert councils("sweep", plan, "--out", out)[0] == 0
    assert kept < parts(out) and bits(out) == expected


def test_runs_that_raise_are_rows_and_come_first_in_what_is_told(tmp_path):
    table = tmp_path / "gone.csv"
    table.write_text("year,growth\n2010,-0.1\n")
    plan = tmp_path / "plan.toml"
    plan.write_text(
        'scenario = "norfolk-seven"\nquarters = 4\nreplicates = 3\n[design]\nkind = "grid"\n'
        '[uncertainties]\n"settlement.path" = { values = ["flat", "gone.csv"] }\n'
        '"talks.pace" = { values = [0.5, 0.8] }\n'
    )

    @contextlib.contextmanager
    def meanwhile(total):
        """The table vanishes after all was checked, before the workers read it."""
        table.rename(tmp_path / "elsewhere.csv")
        yield lambda doing, done: None
        (tmp_path / "elsewhere.csv").rename(table)

    study = sweep(plan, out=tmp_path / "s", workers=2, progress=meanwhile)
    assert study.finished and len(study.runs) == 12
    failures = study.failures
    assert list(failures["point"]) == [2, 2, 2, 3, 3, 3]
    assert failures["error"].str.contains("gone.csv").all()
    assert set(failures["settlement.path"]) == {"gone.csv"}
    assert study.runs.loc[study.runs["error"].notna(), "formed"].isna().all()
    result = CliRunner().invoke(app, ["sweep", str(plan), "--out", str(tmp_path / "s")])
    assert result.exit_code == 1
    assert result.stdout.startswith("6 of 12 runs failed.")
    assert failures["repeat"].iloc[0] in result.stdout
    again = CliRunner().invoke(app, failures["repeat"].iloc[0].split()[1:])
    assert again.exit_code == 0  # the table is back
    table.unlink()
    again = CliRunner().invoke(app, failures["repeat"].iloc[0].split()[1:])
    assert again.exit_code == 2 and "gone.csv" in again.stderr


def ground():
    scenarios = {"base": load("norfolk-seven", quarters=4)}
    return Ground(seed=1, scenarios=scenarios, difference=None, since={}, files={})


def test_a_value_that_is_not_allowed_fails_its_own_runs_only():
    good, bad = {"talks.pace": 0.5}, {"talks.pace": 9.0}
    spans = (Span(0, good, 0, 2), Span(1, bad, 0, 2), Span(2, good, 1, 2))
    done = live(Job(ground(), spans))
    assert [error is None for error in done.errors] == [True, True, False, False, True]
    assert "pace" in done.errors[2]
    assert done.records[1] == done.records[4]


def test_lost_jobs_are_rows_that_say_so():
    done = lost(Job(ground(), (Span(3, {}, 5, 7),)), "WorkerDied: killed")
    assert (done.points.tolist(), done.replicates.tolist()) == ([3, 3], [5, 6])
    assert done.errors == ["WorkerDied: killed"] * 2


def test_jobs_cover_every_run_once_whatever_their_sizes():
    spans = [Span(0, {}, 0, 700), Span(1, {}, 3, 4), Span(2, {}, 0, 2000)]
    pace, seen, sizes = Pace(2), [], []
    for job in jobs_of(ground(), spans, pace):
        seen += [(s.point, k) for s in job.spans for k in range(s.first, s.stop)]
        sizes.append(job.runs)
        pace.learn(0.004)
    assert seen == [(s.point, k) for s in spans for k in range(s.first, s.stop)]
    assert sizes[:2] == [1, 1] and 1 < max(sizes) <= 250


def test_a_batch_that_kills_its_workers_is_lost_and_no_other(tmp_path):
    # Runs of a second or so, so that what is in hand cannot end before its worker is seen.
    (tmp_path / "many.toml").write_text('base = "synthetic"\nplaces = { number = 2000 }\n')
    slow = ground().model_copy(update={"scenarios": {"base": load(tmp_path / "many.toml")}})
    jobs = enumerate(jobs_of(slow, [Span(0, {"talks.pace": 0.5}, 0, 6)], Pace(1)))
    seen = []
    deadly, over = threading.Event(), threading.Event()

    def kill_on_sight():
        while not over.is_set():
            if deadly.is_set():
                for pid in workers_of(SimpleNamespace(pid=os.getpid())):
                    kill(pid, signal.SIGKILL)
            time.sleep(0.005)

    killer = threading.Thread(target=kill_on_sight)
    killer.start()
    try:
        for _, done in processes.results(live, jobs, 1, lost):
            seen.append(done)
            deadly.set() if len(seen) == 1 else None
            if done.errors != [None]:
                deadly.clear()
    finally:
        over.set()
        killer.join()
    assert sorted(k for done in seen for k in done.replicates) == list(range(6))
    failed = [done.errors[0] for done in seen if done.errors[0] is not None]
    assert failed == [died.KILLED.format(died.TRIES)]


def test_workers_that_are_always_killed_end_the_command_not_the_study(undisturbed, tmp_path):
    plan, expected = undisturbed
    process = begin("sweep", plan, "--out", tmp_path / "s", "--workers", 2)
    while process.poll() is None:
        for pid in workers_of(process):
            kill(pid, signal.SIGKILL)
        time.sleep(0.01)
    _, told = process.communicate(timeout=LIMIT)
    assert process.returncode == 1 and "killed, 3 times at the same work" in told
    assert sweep(plan, out=tmp_path / "s").finished and bits(tmp_path / "s") == expected


SCRIPT = """\
from pathlib import Path
from experiments.comparing.compare import compare
from experiments.studies.sweep import sweep
print("once")
print(len(sweep("plan.toml", out="s", workers=2).runs))
asked = {"outcome": "net_saving", "matters": 9, "budget": 100, "ensemble": None}
found = compare("norfolk", "match-making", workers=2, **asked)
print(len(found.differences))
"""


@pytest.mark.parametrize("through_a_pipe", [False, True])
def test_workers_need_no_guard_in_a_script(tmp_path, through_a_pipe):
    short = PLAN.replace("250", "3").replace("quarters = 12", "quarters = 4")
    (tmp_path / "plan.toml").write_text(short)
    (tmp_path / "script.py").write_text(SCRIPT)
    words = [] if through_a_pipe else ["script.py"]
    done = subprocess.run(
        [sys.executable, *words], cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)},
        input=SCRIPT if through_a_pipe else None, capture_output=True, text=True, timeout=LIMIT,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "once\n24\n100\n"), done.stderr
