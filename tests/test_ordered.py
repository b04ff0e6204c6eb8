"""Work is spread in one way: its results come in order, and a killed worker loses none of them."""

import os
import signal
import threading
import time
from contextlib import contextmanager
from multiprocessing import active_children
from multiprocessing.connection import Connection
from typing import NamedTuple

import numpy as np
import pytest

from experiments.comparing import compare as comparing
from experiments.comparing.flips import find_flips
from experiments.executors.died import WorkerDied
from experiments.executors.ordered import Hands, ordered
from experiments.executors.pace import Pace
from experiments.explaining.shares import shares_over
from experiments.runs.conduct import conduct
from sim.declared.parameters import declarations
from sim.declared.scenario import load
from sim.ready.kept import prepared

posix = pytest.mark.skipif(os.name != "posix", reason="kills processes by signal")
TWO = Hands(workers=2)


def slowly(number):
    """Take longer for the first of each few, so that results end out of order."""
    time.sleep(0.05 if number % 3 == 0 else 0.0)
    return number, os.getpid()


def deadly(number):
    """Kill whoever does number 5."""
    if number == 5:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def killed_while_answering(number):
    """Kill whoever does number 5 when half of its answer is written."""

    def half(connection, buffer):
        os.write(connection.fileno(), buffer[: len(buffer) // 2])
        os.kill(os.getpid(), signal.SIGKILL)

    if number == 5:
        Connection._send = half
    return number


def unheard_of(number):
    """Raise what cannot be sent to another process."""
    raise ValueError(f"number {number}", lambda: None)


class Run(NamedTuple):
    """A task of several parts."""

    seed: int
    replicate: int


class Choosy(Exception):
    """Cannot be made again from its one argument."""

    def __init__(self, number, what):
        super().__init__(f"{number} of {what}")


class Changing(Exception):
    """Is made again from its one argument, and then says something else."""

    def __init__(self, run):
        super().__init__(f"run {run} of seed 9")


class Unreadable:
    """Goes into a pipe and does not come out."""

    def __init__(self, what):
        self.what = what

    def __reduce__(self):
        return refuse, (self.what,)


def refuse(what):
    raise LookupError(f"not in '{what}'")


def choosy(run):
    raise Choosy(run.replicate, "councils")


def changing(number):
    raise Changing(number)


def unsendable(number):
    return lambda: number


def unreadable(number):
    return Unreadable("tests")


@contextmanager
def one_killed():
    """Kill one worker of this process as soon as there is one that has been at work a while."""
    over, killed = threading.Event(), []

    def hunt():
        while not over.is_set() and not killed:
            for child in active_children():
                time.sleep(0.3)
                child.kill()
                killed.append(child.pid)
                return
            time.sleep(0.01)

    hunter = threading.Thread(target=hunt)
    hunter.start()
    try:
        yield killed
    finally:
        over.set()
        hunter.join()


def test_results_come_in_the_order_of_the_work_from_several_processes():
    found = list(ordered(slowly, range(20), TWO))
    assert [number for number, _ in found] == list(range(20))
    pids = [pid for _, pid in found]
    assert pids[0] == os.getpid() and len(set(pids[1:]) - {os.getpid()}) == 2


def test_a_task_may_depend_on_what_came_of_an_earlier_one():
    total = 0

    def tasks():
        for _ in range(5):
            yield total

    seen = []
    for number, _ in ordered(slowly, tasks()):
        seen.append(number)
        total += 1
    assert seen == [0, 1, 2, 3, 4]


def test_who_stops_early_leaves_no_worker():
    work = ordered(slowly, range(1000), TWO)
    next(work), next(work)
    assert active_children()
    work.close()
    assert not active_children()


@posix
@pytest.mark.parametrize("kill", [deadly, killed_while_answering])
def test_a_task_that_kills_its_workers_stands_as_lost_and_no_other_does(kill):
    """Python's own pool waits for ever for the other half of an answer."""
    found = list(ordered(kill, range(9), TWO, lost=lambda task, why: (task, why)))
    assert found == [0, 1, 2, 3, 4, (5, "WorkerDied: the worker process was killed, 3 times"), 6,
                     7, 8]  # fmt: skip


@posix
def test_a_task_that_kills_its_workers_ends_work_in_which_nothing_may_be_lost():
    with pytest.raises(WorkerDied, match="3 times at the same work"):
        list(ordered(deadly, range(9), TWO))


def test_a_fault_in_a_task_is_raised_as_it_is():
    with pytest.raises(TypeError, match="not all arguments"):
        list(ordered(slowly, [0, 1, "x", 3], TWO))


@pytest.mark.parametrize("cluster", [None, "local"])
def test_a_fault_that_cannot_be_sent_is_told_with_its_name_and_its_task(cluster):
    if cluster:
        pytest.importorskip("distributed")
    hands = TWO._replace(cluster=cluster)
    with pytest.raises(RuntimeError, match=r"^ValueError: \('number 2', .*at 2;.*pickle") as raised:
        list(ordered(unheard_of, [2], hands, first=0))
    assert "in unheard_of" in raised.value.__notes__[0]
    with pytest.raises(RuntimeError, match=r"^Choosy: 7 of councils \(.*at Run\(seed=3, .*=7\);"):
        list(ordered(choosy, [Run(3, 7)], hands, first=0))


def test_a_fault_that_reads_otherwise_after_it_was_sent_is_told_as_it_was():
    with pytest.raises(RuntimeError, match=r"^Changing: run 4 of seed 9 \("):
        list(ordered(changing, [4], TWO, first=0))


def test_what_cannot_be_sent_or_read_is_told_and_nobody_waits_for_ever():
    with pytest.raises(RuntimeError, match=r"what came of 5 cannot be sent.*pickle"):
        list(ordered(unsendable, [5], TWO, first=0))
    with pytest.raises(RuntimeError, match=r"cannot be read here: LookupError: not in 'tests'"):
        list(ordered(unreadable, [5], TWO, first=0))
    with pytest.raises(RuntimeError, match=r"a task cannot be read.*LookupError: not in 'task'"):
        list(ordered(slowly, [Unreadable("task")], TWO, first=0))


def test_batches_are_of_one_run_until_it_is_known_how_long_one_takes():
    pace, sizes = Pace(2), []
    for span in pace.spans(1000):
        sizes.append(len(span))
        pace.learn(5.0 if len(sizes) == 1 else 0.01)
    assert sizes[:3] == [1, 1, 100] and sum(sizes) == 1000


@pytest.fixture(scope="module")
def question():
    base = load("norfolk-seven", quarters=8)
    policy = load("norfolk-seven", sets=["grants.setup_pot=5"], quarters=8)
    policy = policy.model_copy(update={"name": "grants"})
    return comparing.ask(base, [policy], "true_total", 0.0001, budget=1000, block=100)


def run_of(question, hands):
    coming = conduct(load("norfolk"), seed=3, runs=900, hands=hands)
    return np.concatenate([lived.tables["runs"]["true_total"] for lived in coming])


def comparison_of(question, hands):
    return comparing.answer(question, hands=hands).finals["grants"].tobytes()


def flips_of(question, hands):
    names = [each.name for each in declarations() if each.role == "uncertainty"][:12]
    return find_flips(question, question.policies[0], names=names, hands=hands).rows


def mechanisms_of(question, hands):
    pair = prepared(question.base), prepared(question.policies[0])
    runs = [(1, k) for k in range(12)]
    return shares_over(pair, "true_total", 0, runs, hands=hands)


@posix
@pytest.mark.parametrize("work", [run_of, comparison_of, flips_of, mechanisms_of])
def test_a_killed_worker_changes_no_bit_of_any_long_command(work, question):
    alone = work(question, Hands())
    with one_killed() as killed:
        together = work(question, TWO)
    assert killed
    assert np.array_equal(alone, together) if isinstance(alone, np.ndarray) else alone == together
