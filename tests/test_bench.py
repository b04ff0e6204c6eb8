"""The bench measures all that it promises, in few seconds when little is asked for."""

import json

import pytest

from experiments import bench
from experiments.bench import growing, starting, studying
from experiments.bench.races import Country
from experiments.bench.shown import show_bench
from sim.declared.scenario import load
from sim.machine import cache
from sim.ready.world import prepare
from sim.running import begin

LITTLE = bench.Effort(
    countries=(Country("norfolk-seven", 7, 2, 2),),
    sizes=(50, 100), turns=2, starts=1, runs=40, paces=1, batches=0, simulations=2,
    compiled=False,
)  # fmt: skip


def test_a_little_of_everything_is_measured_and_told(capsys, monkeypatch):
    monkeypatch.setattr(studying, "BATCH_SECONDS", 0.1)
    found = bench.bench(lambda doing: None, LITTLE)
    show_bench(found, as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert set(told) == {
        "quick", "compile_seconds", "start", "study", "workers", "growth", "races",
        "simulate", "peak_megabytes", "outside",
    }  # fmt: skip
    for name in ("median", "low", "high", "batch_seconds", "fixed_seconds"):
        assert isinstance(told["study"][name], float)
    (race,) = told["races"]
    assert 0 < race["engine"] < race["plain"]
    assert race["low"] <= race["ratio"] <= race["high"]
    assert set(told["simulate"]) == {"norfolk-seven", "norfolk"}
    for each in told["simulate"].values():
        assert each["run"] > 0
        for ratio in (each["simulate"], each["all_read"]):
            assert 0 < ratio["low"] <= ratio["median"] <= ratio["high"]
        assert each["simulate"]["median"] < each["all_read"]["median"]
    assert set(told["growth"]["state_megabytes"]) == {"50", "100"}
    for each in told["outside"]:
        assert each["outside"]["low"] < 1 and each["against"]["median"] > 0
    show_bench(found, as_json=False)
    text = capsys.readouterr().out
    assert "A study over the bare loop" in text
    assert "sim.simulate of norfolk-seven: " in text
    assert "outside the compiled rules" in text


def test_a_study_is_held_against_the_same_runs(monkeypatch):
    lived = []
    monkeypatch.setattr(studying, "measured", lambda ready, **named: lived.append((ready, named)))
    alternating = studying.Alternating(replicates=2)
    with alternating(8) as watch:
        watch("Running", 0)
        watch("Running", 1)
        watch("Running", 5)
    assert [batch.runs for batch in alternating.batches] == [1, 4]
    shares = [float(ready.theory.grants_setup_share[0]) for ready, _ in lived]
    assert shares == [0.0, 0.0, 0.25, 0.25, 0.5]
    assert len({named["luck"] for _, named in lived}) == 2


def test_what_is_compiled_anew_is_asked_for_by_its_fingerprint(monkeypatch):
    asked = []
    monkeypatch.setattr(starting.engine, "make", lambda place, *kinds: asked.append(place.stem))
    starting.compile_seconds()
    ready = prepare(load("norfolk-seven"))
    assert asked == [cache.fingerprint(ready.theory.dtype, begin(ready).record.dtype)]


@pytest.mark.parametrize("system", ["linux", "darwin", "win32"])
def test_memory_is_told_in_megabytes_where_the_system_tells_it(system, monkeypatch):
    resource = pytest.importorskip("resource")
    most = 2**20 * (2**10 if system == "darwin" else 1)  # a gigabyte

    class Usage:
        ru_maxrss = most

    monkeypatch.setattr(resource, "getrusage", lambda who: Usage)
    monkeypatch.setattr(growing.sys, "platform", system)
    assert growing.peak_megabytes() == (None if system == "win32" else 1024)
