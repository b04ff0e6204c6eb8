"""Ensembles: kept to the bit, tied to what the rules do, laid over scenarios, lived in by all."""

import asyncio
import base64
import gzip
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import tomli_w
from asking import at_once

from experiments import ends
from experiments.commands.policies import _over_worlds
from experiments.commands.worlds_of_page import worlds_of_page
from experiments.comparing.asking import worlds_of
from experiments.comparing.compare import compare
from experiments.comparing.sequences import always_valid
from experiments.ends import ends_of
from experiments.ensembles.ensemble import (
    CALIBRATED,
    WORDS,
    Ensemble,
    find_ensemble,
    write_ensemble,
)
from experiments.ensembles.laid import held_fast, laid, laid_over, scaled
from experiments.estimates import mean_of
from experiments.policies.finding import find_all
from experiments.sensitivity.analysis import outcomes_of
from experiments.split import by_world, split_of
from experiments.stored.belonging import DIFFERENCES
from experiments.stored.folder import hash_of
from experiments.stored.reading import read_record
from experiments.stored.tables import read_table
from experiments.studies import jobs
from experiments.studies.store import open_study
from experiments.studies.sweep import sweep
from experiments.summary import summarise
from experiments.words import number
from experiments.worlds import Worlds, ends_over, in_world, ready_in
from sim import behaviour as behaving
from sim.behaviour import REFERENCES, behaviour
from sim.declared.measures import as_columns
from sim.declared.parameters import declarations
from sim.declared.scenario import load
from sim.errors import InputError
from sim.page import server, session
from sim.page.book import Book
from sim.proof import bits_of
from sim.ready.kept import prepared
from sim.ready.varied import vary
from sim.ready.world import prepare
from sim.running import luck_of, run_arrays

httpx = pytest.importorskip("httpx")

ROOT = Path(__file__).parents[1]
DECLARED = {each.name: each for each in declarations()}
NUMBERS = ("talks.pace", "costs.growth", "search.invite", "tax.base_growth_most")
QUARTERS = 6


def drawn(count, key=1):
    """Return an ensemble of sets that are drawn from the plausible ranges of a few numbers."""
    low, high = np.array([DECLARED[name].plausible for name in NUMBERS]).T
    draws = np.random.Generator(np.random.Philox(key)).random((count, len(NUMBERS)))
    about = {"behaviour": behaviour(), "title": "Small"}
    return Ensemble("small", NUMBERS, low + (high - low) * draws, 2, about)


def of_sets(numbers, *sets):
    return Ensemble("by hand", numbers, np.array(sets, dtype=float), 0, {})


def seven(*sets, text="", folder=None):
    """Return a short scenario of seven councils, with numbers set; or a file laid upon it."""
    if folder is None:
        return load("norfolk-seven", sets=sets, quarters=QUARTERS)
    path = folder / "other.toml"
    path.write_text(f'base = "norfolk-seven"\nquarters = {QUARTERS}\n{text}', encoding="utf-8")
    return load(path)


# --- kept -----------------------------------------------------------------------------------------


def test_what_is_written_is_read_again_to_the_bit(tmp_path):
    made = drawn(20)
    write_ensemble(tmp_path / "ensemble.parquet", made)
    for given in (tmp_path / "ensemble.parquet", str(tmp_path)):
        found = find_ensemble(given)
        assert (found.name, found.numbers, found.medoid) == ("small", NUMBERS, 2)
        assert found.sets.tobytes() == made.sets.tobytes() and found.sets.shape == (20, 4)
        assert found.about.items() >= made.about.items()
        assert found.digest == made.digest and found.file == str(given)
    assert find_ensemble(found) is found
    again = tmp_path / "again.parquet"
    write_ensemble(again, found)
    assert find_ensemble(again).about == found.about


def test_an_ensemble_is_not_written_over_unasked(tmp_path):
    path = tmp_path / "small.parquet"
    write_ensemble(path, drawn(20))
    with pytest.raises(InputError, match="exists already"):
        write_ensemble(path, drawn(20, key=2))
    assert find_ensemble(path).digest == drawn(20).digest
    write_ensemble(path, drawn(20, key=2), replace=True)
    assert find_ensemble(path).digest == drawn(20, key=2).digest


def test_the_values_of_a_set_go_by_name():
    found = of_sets(("talks.pace", "costs.growth"), [0.7, 0.01], [0.8, -0.01])
    assert found.values(1) == {"talks.pace": 0.8, "costs.growth": -0.01}


def test_its_hash_is_of_numbers_and_sets_and_of_nothing_else():
    made = drawn(20)
    assert made._replace(name="other", about={}, medoid=0, file="x").digest == made.digest
    nudged = made.sets.copy()
    nudged[3, 1] = np.nextafter(nudged[3, 1], 1.0)
    others = [
        made._replace(sets=nudged), made._replace(sets=made.sets[::-1]),
        made._replace(sets=made.sets[:-1]), made._replace(numbers=NUMBERS[::-1]),
    ]  # fmt: skip
    assert len({made.digest, *(each.digest for each in others)}) == 5


# --- refused --------------------------------------------------------------------------------------


def test_an_unknown_name_is_refused_and_no_ensemble_is_no_worlds(tmp_path):
    with pytest.raises(InputError, match=r"there is no ensemble 'nine'.*did you mean 'none'"):
        find_ensemble("nine")
    with pytest.raises(InputError, match="there is no ensemble"):
        find_ensemble(tmp_path)  # a folder without one
    assert worlds_of(None) is None and worlds_of("none") is None
    assert len(worlds_of(drawn(100)).ensemble.sets) == 100


def test_a_file_without_an_ensemble_is_refused(tmp_path):
    path = tmp_path / "other.parquet"
    for content in (b"", b"talks.pace\n0.7\n"):
        path.write_bytes(content)
        with pytest.raises(InputError, match="holds no ensemble"):
            find_ensemble(path)
    plain = pa.table({"talks.pace": [0.7]})
    for words in (None, {WORDS: b"{}"}, {WORDS: b"no JSON"}):
        pq.write_table(plain.replace_schema_metadata(words), path)
        with pytest.raises(InputError, match="holds no ensemble"):
            find_ensemble(path)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("talks.pac", 0.7, "unknown number 'talks.pac'; did you mean 'talks.pace'"),
        ("talks.pace", 1.01, "talks.pace has a value outside 0 to 1"),
        ("talks.pace", -0.01, "talks.pace has a value outside 0 to 1"),
        ("talks.pace", np.nan, "talks.pace has a value outside 0 to 1"),
        ("costs.growth", 0.16, "costs.growth has a value outside -0.1 to 0.15"),
        ("talks.pace", 1.0, None),
        ("talks.pace", 0.0, None),
    ],
)
def test_numbers_are_known_and_values_allowed(tmp_path, name, value, said):
    path = tmp_path / "small.parquet"
    write_ensemble(path, of_sets((name, "talks.leak"), [0.1, 0.5], [value, 0.5]))
    if said is None:
        assert find_ensemble(path).values(1)[name] == value
        return
    with pytest.raises(InputError) as refused:
        find_ensemble(path)
    assert said in str(refused.value) and str(path) in str(refused.value)


# --- tied to what the rules do --------------------------------------------------------------------


def test_it_is_good_as_long_as_the_rules_do_the_same_and_otherwise_says_so():
    made = drawn(20)
    assert made.good and made.doubt is None
    other = made._replace(about={"behaviour": "other", "again": "councils calibrate mine"})
    assert not other.good
    assert "'small' was found with rules that did other things" in other.doubt
    assert other.doubt.endswith("make it again: councils calibrate mine")
    assert not made._replace(about={}).good


def test_the_behaviour_is_the_same_when_asked_again_and_in_a_fresh_process():
    first = behaviour()
    assert len(first) == 64 and behaviour() == first
    code = "from sim.behaviour import _lived; print(_lived())"  # and not what is kept
    done = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, timeout=300, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == first


def test_each_reference_counts_and_so_does_each_default(monkeypatch):
    found = {behaving._lived()}
    for left_out in REFERENCES:
        rest = tuple(each for each in REFERENCES if each != left_out)
        monkeypatch.setattr(behaving, "REFERENCES", rest)
        found.add(behaving._lived())
    monkeypatch.setattr(behaving, "REFERENCES", ())
    found.add(behaving._lived())
    others = [each._replace(default=9.5) if each.name == "talks.pace" else each
              for each in declarations()]  # fmt: skip
    monkeypatch.setattr(behaving, "declarations", lambda: others)
    found.add(behaving._lived())
    assert len(found) == len(REFERENCES) + 3


# --- laid over ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "drawn", "own", "value"),
    [
        ("talks.pace", 0.6, 0.9, 0.72),  # a ratio: 0.9 is 1.2 times the default, 0.75
        ("talks.pace", 0.6, 0.0, 0.0),
        ("talks.pace", 0.95, 0.9, 1.0),  # 1.14 is not allowed
        ("search.base_service", 0.2, 0.06, 0.1),
        ("search.invite", -0.5, 0.8, 0.0),  # a shift, as it may be negative: 0.5 above 0.3
        ("search.invite", 1.5, 9.9, 10.0),  # 11.1 is not allowed
        ("search.invite", -0.5, -4.9, -5.0),  # nor is -5.7
        ("costs.growth", -0.01, 0.03, 0.02),
        ("weighing.again", 0.2, 0.1, 0.3),  # a shift, as of nothing there is no ratio
        ("weighing.again", 0.2, 0.9, 1.0),
    ],
)
def test_an_own_difference_from_the_default_is_laid_over_a_drawn_value(name, drawn, own, value):
    assert laid(DECLARED[name], drawn, own) == pytest.approx(value, abs=1e-12)


def test_where_a_scenario_has_the_default_the_drawn_value_stands_to_the_bit():
    for each in declarations():
        if each.role == "uncertainty" and each.plausible:
            for value in (*each.plausible, 0.1 + 0.2):
                assert laid(each, value, each.default) == value


def test_a_difference_is_a_ratio_only_of_what_is_positive():
    names = ("talks.pace", "search.invite", "costs.growth", "weighing.again")
    assert [name for name in names if scaled(DECLARED[name])] == ["talks.pace"]


def test_what_a_policy_sets_from_the_start_is_left_out_and_what_the_base_sets_is_laid_over():
    found = of_sets(NUMBERS, [0.6, 0.01, 0.1, 0.02], [0.7, -0.01, 0.2, 0.03])
    base = seven("talks.pace=0.9", "search.invite=0.8")
    assert laid_over(found, seven(), seven()).values(1) == found.values(1)
    assert laid_over(found, base, base).values(0) == pytest.approx(
        {"talks.pace": 0.72, "costs.growth": 0.01, "search.invite": 0.6,
         "tax.base_growth_most": 0.02}
    )  # fmt: skip
    policy = seven("talks.pace=0.9", "search.invite=0.8", "costs.growth=0.05")
    assert laid_over(found, base, policy).values(1) == pytest.approx(
        {"talks.pace": 0.84, "search.invite": 0.7, "tax.base_growth_most": 0.03}
    )
    back = seven("search.invite=0.8")  # a policy may undo what the base sets
    assert set(laid_over(found, base, back).values(0)) == set(NUMBERS) - {"talks.pace"}


def test_what_no_longer_varies_is_named(tmp_path):
    made = drawn(20)
    assert held_fast(made, seven(), seven()) == []
    assert held_fast(made, seven(), seven("costs.growth=0.05")) == ["costs.growth"]
    assert held_fast(made, seven("costs.growth=0.05"), seven("costs.growth=0.05")) == []
    none = seven("talks.pace=0")  # nothing times whatever is drawn
    assert held_fast(made, none, none) == ["talks.pace"]
    text = '[[change]]\nwhen = 2010-01-01\nset = { "search.invite" = 0.4, "talks.leak" = 0.4 }\n'
    later = seven(text=text, folder=tmp_path)
    assert held_fast(made, seven(), later) == ["search.invite"]
    assert held_fast(made, later, later) == ["search.invite"]


def test_a_number_that_varies_between_other_sets_is_not_held_fast():
    """Laid over 1.0, a third above the default, 0.8 and 0.9 are both as much as is allowed."""
    found = of_sets(("talks.pace",), [0.8], [0.6], [0.9])
    own = seven("talks.pace=1.0")
    values = [laid_over(found, own, own).values(k)["talks.pace"] for k in range(3)]
    assert values == pytest.approx([1.0, 0.8, 1.0])
    assert held_fast(found, own, own) == []


# --- worlds ---------------------------------------------------------------------------------------


def test_two_replicates_in_turn_live_each_set():
    worlds = Worlds(drawn(3), 2)
    assert [worlds.world(replicate) for replicate in range(6)] == [0, 0, 1, 1, 2, 2]
    assert [worlds.used_up(many) for many in (0, 5, 6, 7)] == [False, False, True, True]
    assert list(worlds.spans(range(1, 6))) == [range(1, 2), range(2, 4), range(4, 6)]
    assert list(worlds.spans(range(5, 6))) == [range(5, 6)]
    assert list(worlds.spans(range(4, 4))) == []
    thrice = Worlds(drawn(3), 3)
    assert list(thrice.spans(range(2, 7))) == [range(2, 3), range(3, 6), range(6, 7)]
    assert [thrice.world(replicate) for replicate in (0, 2, 3, 8)] == [0, 0, 1, 2]
    assert (thrice.used_up(8), thrice.used_up(9)) == (False, True)


def test_the_value_of_a_world_is_the_mean_of_those_of_its_replicates_that_have_one():
    nan = np.nan
    values = np.array([1.0, 4.0, nan, 5.0, 7.0, nan, nan, nan, 9.0])
    np.testing.assert_equal(by_world(values, 2), [2.5, 5.0, 7.0, nan])  # half a world is none yet
    np.testing.assert_equal(by_world(values, 3), [2.5, 6.0, 9.0])
    np.testing.assert_equal(by_world(values, 1), values)
    table = np.array([[1.0, nan], [3.0, nan], [nan, 2.0], [5.0, 8.0]])
    np.testing.assert_equal(by_world(table, 2), [[2.0, nan], [5.0, 5.0]])
    assert len(by_world(values[:1], 2)) == 0


def same(one, other):
    assert one.records.tobytes() == other.records.tobytes() and one.errors == other.errors
    assert one.courses.keys() == other.courses.keys()
    for name, course in one.courses.items():
        np.testing.assert_array_equal(course, other.courses[name])


def test_each_replicate_is_lived_in_its_set_with_its_own_luck():
    worlds, seed, measures = Worlds(drawn(5), 2), 4, ("reserves", "services")
    base, policy = seven("search.invite=0.8"), seven("search.invite=0.8", "talks.pace=0.9")
    whole = ends_over(worlds, base, policy, seed, range(9), measures)
    assert whole.courses["reserves"].shape == (9, QUARTERS)
    for replicate, k in enumerate((0, 0, 1, 1, 2, 2, 3, 3, 4)):
        values = worlds.ensemble.values(k)
        values["search.invite"] += 0.5
        del values["talks.pace"]
        span = range(replicate, replicate + 1)
        alone = ends_over(worlds, base, policy, seed, span, measures)
        same(alone, ends_of(vary(prepared(policy), values), seed, span, measures))
        assert alone.records.tobytes() == whole.records[replicate : replicate + 1].tobytes()
    part = ends_over(worlds, base, policy, seed, range(3, 8), measures)
    assert part.records.tobytes() == whole.records[3:8].tobytes()
    np.testing.assert_array_equal(part.courses["services"], whole.courses["services"][3:8])
    assert len({record.tobytes() for record in whole.records}) == 9


def test_a_world_is_what_its_numbers_make_of_a_scenario_that_is_prepared_anew():
    made = drawn(3)
    sets = [f"{name}={value!r}" for name, value in made.values(2).items()]
    anew = run_arrays(prepare(seven(*sets)), luck=luck_of(4, 5)).record[-1]
    found = ends_over(Worlds(made, 2), seven(), seven(), 4, range(5, 6)).records[0]
    assert found.tobytes() == anew.tobytes()


def test_without_worlds_scenarios_are_lived_at_the_numbers_that_they_have():
    base, policy = seven(), seven("talks.pace=0.9")
    found = ends_over(None, base, policy, 4, range(2, 5), ("reserves",))
    same(found, ends_of(prepared(policy), 4, range(2, 5), ("reserves",)))


def test_a_run_that_raises_is_named_by_its_replicate_and_the_others_go_on(monkeypatch):
    worlds, true = Worlds(drawn(3), 2), ends.measured
    whole = ends_over(worlds, seven(), seven(), 1, range(6))

    def faulty(ready, *, luck, **how):
        if luck == luck_of(1, 3):
            raise ValueError("planted")
        return true(ready, luck=luck, **how)

    monkeypatch.setattr(ends, "measured", faulty)
    found = ends_over(worlds, seven(), seven(), 1, range(6))
    assert found.errors == {3: "ValueError: planted"}
    assert np.isnan(found.records["reserves"][3])
    kept = [0, 1, 2, 4, 5]
    assert found.records[kept].tobytes() == whole.records[kept].tobytes()


# --- the ensemble that comes with the project -----------------------------------------------------


@pytest.fixture(scope="module")
def shipped():
    return find_ensemble(CALIBRATED)


@pytest.fixture(scope="module")
def in_the_middle(shipped):
    """Return the place of the set that has the default of every number, to the bit."""
    defaults = np.array([DECLARED[name].default for name in shipped.numbers], dtype=float)
    (place,) = np.flatnonzero((shipped.sets == defaults).all(axis=1))
    return int(place)


def test_the_declared_numbers_are_one_of_its_sets_and_lie_in_the_middle(shipped, in_the_middle):
    """In the unit cube of the ranges of those that are asked about, no set is as near to all."""
    asked = [shipped.numbers.index(name) for name in shipped.about["asked"]]
    low, high = np.array([DECLARED[name].plausible for name in shipped.about["asked"]]).T
    unit = (shipped.sets[:, asked] - low) / (high - low)
    apart = np.sqrt(((unit[:, None] - unit[None]) ** 2).sum(axis=2)).sum(axis=1)
    assert int(np.argmin(apart)) == in_the_middle == shipped.medoid


def test_a_drawn_default_becomes_what_the_scenario_says_to_the_bit():
    for each in declarations():
        if each.role == "uncertainty" and each.plausible:
            low, high = each.plausible
            for own in (low, low + (high - low) / 3, high):
                assert laid(each, np.array(float(each.default)), own) == own, each.name


OWN = {
    "nothing": (),
    "one number": ("weighing.culture=5.3",),
    "several numbers": ("talks.pace=0.873", "search.invite=0.381", "costs.growth=0.013"),
}


@pytest.mark.parametrize("sets", OWN.values(), ids=OWN)
def test_in_the_world_of_the_declared_numbers_a_run_is_the_plain_one(shipped, in_the_middle, sets):
    worlds, own = Worlds(shipped), seven(*sets)
    for replicate in (2 * in_the_middle, 2 * in_the_middle + 1):
        luck = luck_of(7, replicate)
        plain = bits_of(run_arrays(prepare(own), luck=luck))
        there = in_world(worlds, own, own, replicate)
        assert there.parameters == own.parameters
        assert bits_of(run_arrays(prepare(there), luck=luck)) == plain
        assert bits_of(run_arrays(ready_in(worlds, own, own, replicate), luck=luck)) == plain
        beside = ready_in(worlds, own, own, replicate + 2)
        assert bits_of(run_arrays(beside, luck=luck)) != plain


# --- runs in worlds -------------------------------------------------------------------------------


IN_WORLDS = ("--ensemble", CALIBRATED)
RUN = ("run", "norfolk-seven", "--quarters", "6", "--no-figures", "--out", "r", *IN_WORLDS)


def there(scenario, ensemble, replicate, **more):
    """Return a scenario made ready at the values of a replicate's set, and at some more."""
    return vary(prepared(scenario), ensemble.values(replicate // 2) | more)


def last_of(raw):
    """Return the outcomes at the end of a run, by name."""
    return {name: column[0] for name, column in as_columns(raw.record[-1:]).items()}


def one_line(folder, *words):
    """Return the line that refuses a command; nothing is written."""
    before = sorted(folder.rglob("*"))
    status, out, err = at_once(folder, *words)
    assert (status, out, err.count("\n")) == (2, "", 1), err
    assert sorted(folder.rglob("*")) == before
    return err


def test_runs_in_worlds_are_stored_and_each_lives_its_set_with_its_luck(tmp_path, shipped):
    status, out, err = at_once(tmp_path, *RUN, "--runs", "6")
    assert (status, err) == (0, "")
    assert "in these worlds of 'calibrated'" in " ".join(out.split())
    assert f"--ensemble {CALIBRATED}" in out  # the story that is told next is of the same runs
    assert read_record(tmp_path / "r").asked["worlds"] == Worlds(shipped).told()
    stored = read_table(tmp_path / "r" / "runs.parquet")
    assert stored["replicate"].tolist() == list(range(6))
    for replicate in range(6):
        ready = there(seven(), shipped, replicate)
        lived = last_of(run_arrays(ready, luck=luck_of(1, replicate)))
        for name, value in lived.items():
            np.testing.assert_equal(stored[name][replicate], value)
    assert stored["reserves"].nunique() == 6


def test_runs_in_worlds_are_confirmed_and_repeated(tmp_path, shipped):
    at_once(tmp_path, *RUN, "--runs", "6")
    status, out, _ = at_once(tmp_path, "verify", "r")
    assert status == 0 and "6 runs lived again: every bit" in out
    told = json.loads(at_once(tmp_path, "repeat", "r", "--replicate", "5", "--json")[1])
    assert told["reserves"] == read_table(tmp_path / "r" / "runs.parquet")["reserves"][5]
    assert (told["ensemble"], told["world"]) == (CALIBRATED, 2)


def test_runs_in_other_sets_than_those_of_the_file_are_not_confirmed(tmp_path):
    path = tmp_path / "small.parquet"
    write_ensemble(path, drawn(3))
    assert at_once(tmp_path, *RUN, "--ensemble", "small.parquet", "--runs", "6")[0] == 0
    assert at_once(tmp_path, "verify", "r")[0] == 0
    write_ensemble(path, drawn(3, key=2), replace=True)
    for command in ("verify", "repeat"):
        assert "'small.parquet' holds other sets" in one_line(tmp_path, command, "r")
    path.unlink()
    assert "there is no ensemble 'small.parquet'" in one_line(tmp_path, "verify", "r")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--runs", "5"), "--runs is 5: over an ensemble each world is 2 replicates, so give a"),
        (("--runs", "404"), "--runs is 404: 'calibrated' has 201 worlds of 2 replicates each"),
        (("--ensemble", "calibrate"), "no ensemble 'calibrate': did you mean 'calibrated'?"),
    ],
)
def test_runs_that_are_no_whole_worlds_are_refused_before_anything_is_run(tmp_path, words, said):
    assert said in one_line(tmp_path, *RUN, "--runs", "6", *words)


def test_what_is_told_of_runs_is_over_luck_and_worlds_with_luck_alone_beside(tmp_path):
    rng = np.random.Generator(np.random.Philox(8))
    values = rng.normal(50.0, 3.0, size=(40, 1)) + rng.normal(0.0, 2.0, size=(40, 2))
    (row,) = summarise({"study_cost": values.ravel()}, ["study_cost"], lucks=2)
    means, split = values.mean(axis=1), split_of(values)
    both = mean_of(means)
    assert (row["mean"], row["low"], row["high"]) == pytest.approx(both)
    half = (row["high"] - row["low"]) / 2 * np.sqrt(split.luck / 2 / np.var(means, ddof=1))
    assert [row["luck_low"], row["luck_high"]] == pytest.approx([both[0] - half, both[0] + half])
    assert "luck_low" not in summarise({"study_cost": values.ravel()}, ["study_cost"])[0]


def test_a_change_that_moves_something_in_the_worlds_is_not_said_to_move_nothing(tmp_path):
    """At the declared numbers it changes nothing: it sets a number to what it is already."""
    change = '[[change]]\nwhen = 2009-10-01\nset = { "costs.growth" = 0.0 }\n'
    (tmp_path / "own.toml").write_text(f'base = "norfolk-seven"\n{change}', encoding="utf-8")
    said = "Nothing came of it: [[change]] of 2009-10-01"
    words = (*RUN[2:5], "--runs", "6")
    plain = at_once(tmp_path, "run", "own.toml", *words, "--out", "plain")[1]
    assert said in " ".join(plain.split())
    worlds = at_once(tmp_path, "run", "own.toml", *words, *IN_WORLDS, "--out", "worlds")[1]
    at_once(tmp_path, "run", "norfolk-seven", *words, *IN_WORLDS, "--out", "without")
    ends = [tmp_path / name / "runs.parquet" for name in ("worlds", "without")]
    assert read_table(ends[0])["reserves"][:3].ne(read_table(ends[1])["reserves"][:3]).all()
    assert said not in " ".join(worlds.split())


# --- one run of a world told ----------------------------------------------------------------------


HERE = ("--ensemble", CALIBRATED, "--seed", "3", "--replicate", "5")


@pytest.fixture
def set_two(tmp_path, shipped):
    """Write the scenario whose every number is set as in world 2, that of replicate 5."""
    tables = {}
    for name, value in shipped.values(2).items():
        section, _, key = name.partition(".")
        tables.setdefault(section, {})[key] = value
    text = tomli_w.dumps({"base": "norfolk-seven", **tables})
    (tmp_path / "two.toml").write_text(text, encoding="utf-8")
    return tmp_path


def told_alike(folder, words, plainly):
    """Return what a command tells of the world, after it was held against a file's own numbers."""
    status, out, err = at_once(folder, *words, *HERE, "--json")
    assert status == 0, err
    here = json.loads(out)
    plain = json.loads(at_once(folder, *plainly, *HERE[2:], "--json")[1])
    own = {"scenario", "title", "base"}
    assert {key: here[key] for key in here.keys() - own} == {
        key: plain[key] for key in plain.keys() - own
    }
    return at_once(folder, *words, *HERE)[1]


def test_a_story_in_a_world_is_that_of_a_scenario_with_its_numbers(set_two):
    words = ("story", "norfolk-seven"), ("story", "two.toml")
    out = told_alike(set_two, *words)
    assert out.startswith("Norfolk's seven districts, in world 2 of 'calibrated': 24 quarters")
    status, plain, _ = at_once(set_two, *words[0], *HERE[2:])
    assert status == 0 and "in world" not in plain
    assert plain.splitlines()[2:] != out.splitlines()[2:]


def test_what_two_councils_had_to_do_with_each_other_is_told_of_a_world(set_two):
    pair = ("why", "Breckland", "South Norfolk", "--scenario")
    out = told_alike(set_two, (*pair, "norfolk-seven"), (*pair, "two.toml"))
    assert at_once(set_two, *pair, "norfolk-seven", *HERE[2:])[1] != out


def test_a_difference_is_explained_in_a_world(set_two):
    words = [("explain", base, "set-up-grants") for base in ("norfolk-seven", "two.toml")]
    out = told_alike(set_two, *words)
    assert out.startswith(
        "Set-up grants from 2010, in world 2 of 'calibrated', against Norfolk's seven districts, "
        "in world 2 of 'calibrated': seed 3, replicate 5"
    )


def test_a_run_that_is_taken_home_is_lived_in_its_world(tmp_path, shipped):
    words = ("replay", "norfolk", "--policy", "set-up-grants", "--out", "a.html", *HERE)
    status, _, err = at_once(tmp_path, *words)
    assert (status, err) == (0, "")
    made = (tmp_path / "a.html").read_bytes()
    assert b"in world 2 of &#x27;calibrated&#x27;" in made
    packed = re.search(rb'id="run">([A-Za-z0-9+/=]+)<', made)[1]
    last = json.loads(gzip.decompress(base64.b64decode(packed)))["frames"][-1]
    base, policy = (found.scenario for found in find_all("norfolk", ["set-up-grants"]))
    for side, scenario in (("a", base), ("b", policy)):
        ready = ready_in(Worlds(shipped), base, scenario, 5)
        lived = last_of(run_arrays(ready, luck=luck_of(3, 5)))
        for name, value in last[side]["measures"].items():
            assert value == pytest.approx(float(lived[name]), abs=5e-5), name
    assert last["a"]["measures"] != last["b"]["measures"]


BEYOND = {
    "story": ("story", "norfolk-seven"),
    "why": ("why", "Breckland", "South Norfolk", "--scenario", "norfolk-seven"),
    "explain": ("explain", "norfolk-seven", "set-up-grants"),
    "replay": ("replay", "norfolk-seven", "--out", "a.html"),
    "page": ("page", "norfolk-seven", "--no-browser"),
}


@pytest.mark.parametrize("words", BEYOND.values(), ids=BEYOND)
def test_a_replicate_beyond_the_last_world_is_refused(tmp_path, words):
    said = one_line(tmp_path, *words, *IN_WORLDS, "--replicate", "402")
    assert "--replicate is 402: in the worlds of 'calibrated' there are 0 to 401" in said


def test_a_run_that_fails_in_its_world_is_repeated_there(tmp_path, monkeypatch):
    true = ends.measured

    def faulty(ready, *, luck, **how):
        if ready.scenario.name == "set-up-grants" and luck == luck_of(1, 41):
            raise ValueError("planted")
        return true(ready, luck=luck, **how)

    monkeypatch.setattr(ends, "measured", faulty)
    words = ("compare", "norfolk-seven", "set-up-grants", "--outcome", "budget", "--matters", "9")
    status, out, _ = at_once(tmp_path, *words, "--quarters", "6", "--budget", "200")
    assert status == 1
    line = "councils explain norfolk-seven set-up-grants --quarters 6 --ensemble calibrated --seed"
    assert f"{line} 1 --replicate 41" in out
    monkeypatch.undo()
    status, out, _ = at_once(tmp_path, *line.split()[1:], "1", "--replicate", "41")
    assert status == 0 and "in world 20 of 'calibrated'" in " ".join(out.split())


# --- studies over worlds --------------------------------------------------------------------------


PLAN = """\
scenario = "norfolk-seven"
quarters = 8
replicates = 6
outcomes = ["services", "reserves"]
[design]
kind = "sobol"
points = 4
[uncertainties]
"talks.pace" = {}
"search.fashion" = {}
"""
SWEEP = ("sweep", "p.toml", "--out", "s")
MAIN = "import experiments.commands.studies; from experiments.__main__ import main; main()"


def planned(folder, text=PLAN):
    folder.mkdir(exist_ok=True)
    (folder / "p.toml").write_text(text, encoding="utf-8")
    return folder / "p.toml"


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """Return the folder of a plan and of its study over worlds, not to be changed."""
    folder = tmp_path_factory.mktemp("study")
    planned(folder)
    status, _, err = at_once(folder, *SWEEP, *IN_WORLDS)
    assert status == 0, err
    return folder


def bits(folder):
    return hash_of(folder / "runs.parquet")


def test_each_run_of_a_study_lives_its_world_but_for_what_its_point_sets(study, shipped):
    found = open_study(study / "s")
    runs, base = found.runs.set_index(["point", "replicate"]), load("norfolk-seven", quarters=8)
    assert len(runs) == 24 and runs["reserves"].nunique() > 6
    for _, point in found.points.iterrows():
        own = {name: point[name] for name in ("talks.pace", "search.fashion")}
        for replicate in range(6):
            ready = there(base, shipped, replicate, **own)
            lived = last_of(run_arrays(ready, luck=luck_of(1, replicate)))
            row = runs.loc[(int(point["point"]), replicate)]
            for name, value in lived.items():
                np.testing.assert_equal(row[name], value)


def test_a_study_over_worlds_is_confirmed_and_a_run_of_it_repeated(study):
    status, out, _ = at_once(study, "verify", "s", "--sample", "24")
    assert status == 0 and "24 runs lived again: every bit is as it is stored" in out
    words = ("repeat", "s", "--point", "2", "--replicate", "5", "--json")
    told = json.loads(at_once(study, *words)[1])
    row = open_study(study / "s").runs.query("point == 2 and replicate == 5").iloc[0]
    assert told["reserves"] == row["reserves"]


def test_a_study_over_worlds_that_is_extended_has_the_bits_of_one_made_at_once(study, tmp_path):
    shutil.copytree(study, tmp_path / "copy")
    more = (*SWEEP, *IN_WORLDS, "--replicates", "10", "--points", "8", "--extend")
    status, _, err = at_once(tmp_path / "copy", *more)
    assert status == 0, err
    planned(tmp_path / "new")
    assert at_once(tmp_path / "new", *more[:-1])[0] == 0
    assert bits(tmp_path / "copy" / "s") == bits(tmp_path / "new" / "s") != bits(study / "s")


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_a_study_over_worlds_that_is_killed_goes_on_with_the_same_bits(tmp_path):
    planned(tmp_path, PLAN.replace("replicates = 6", "replicates = 250"))
    words = [*SWEEP[:2], *IN_WORLDS, "--out"]
    process = subprocess.Popen(
        [sys.executable, "-c", MAIN, *words, "killed"], cwd=tmp_path, stderr=subprocess.DEVNULL,
        env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    parts, end = tmp_path / "killed" / "parts", time.monotonic() + 120
    while not list(parts.glob("part-*")) and process.poll() is None:
        assert time.monotonic() < end
        time.sleep(0.005)
    process.kill()
    assert process.wait() == -signal.SIGKILL
    assert 0 < len(open_study(tmp_path / "killed").runs) < 1000
    for folder in ("killed", "whole"):
        assert at_once(tmp_path, *words, folder)[0] == 0
    assert bits(tmp_path / "killed") == bits(tmp_path / "whole")


@pytest.mark.parametrize("other", [(), ("--ensemble", "none"), ("--ensemble", "small.parquet")])
def test_a_study_in_other_worlds_does_not_belong_to_it(study, tmp_path, other):
    shutil.copytree(study, tmp_path / "copy")
    write_ensemble(tmp_path / "copy" / "small.parquet", drawn(3))
    before = bits(tmp_path / "copy" / "s")
    for extend in ((), ("--extend",)):
        status, out, err = at_once(tmp_path / "copy", *SWEEP, *other, *extend)
        told = [line for line in err.splitlines() if not line.startswith("Note")]
        assert (status, out, len(told)) == (2, "", 1)
        assert "'s' holds another study (its ensemble differs): name another folder" in told[0]
    assert bits(tmp_path / "copy" / "s") == before


def test_nor_does_one_in_worlds_belong_to_a_study_at_the_declared_numbers(tmp_path):
    planned(tmp_path)
    assert at_once(tmp_path, *SWEEP)[0] == 0
    status, _, err = at_once(tmp_path, *SWEEP, *IN_WORLDS)
    assert status == 2 and "'s' holds another study (its ensemble differs)" in err


def test_a_study_whose_ensemble_holds_other_sets_now_is_not_gone_on_with(tmp_path):
    planned(tmp_path)
    path = tmp_path / "small.parquet"
    write_ensemble(path, drawn(3))
    words = (*SWEEP, "--ensemble", "small.parquet")
    assert at_once(tmp_path, *words)[0] == 0
    before = bits(tmp_path / "s")
    write_ensemble(path, drawn(3, key=2), replace=True)
    status, _, err = at_once(tmp_path, *words)
    assert status == 2 and "ensemble" in err
    assert at_once(tmp_path, "verify", "s")[0] != 0
    assert bits(tmp_path / "s") == before


def test_an_ensemble_that_a_plan_names_lies_beside_it(tmp_path, monkeypatch):
    home, away = tmp_path / "home", tmp_path / "away"
    planned(home, 'ensemble = "small.parquet"\n' + PLAN)
    write_ensemble(home / "small.parquet", drawn(3))
    away.mkdir()
    monkeypatch.chdir(away)
    found = sweep(home / "p.toml", out=tmp_path / "s")
    assert found.over_worlds["worlds"]["sets"] == drawn(3).digest
    plain = sweep(home / "p.toml", out=tmp_path / "t", ensemble="none")
    assert plain.over_worlds == {} and bits(plain.folder) != bits(found.folder)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--replicates", "5"), "--replicates is 5: over an ensemble each world is 2 replicates"),
        (("--replicates", "404"), "--replicates is 404: 'calibrated' has 201 worlds"),
        (("--ensemble", "calibrate"), "no ensemble 'calibrate': did you mean 'calibrated'?"),
    ],
)
@pytest.mark.parametrize("command", ["sweep", "sensitivity"])
def test_a_study_that_is_no_whole_worlds_is_refused_before_anything_is_run(
    tmp_path, command, words, said
):
    planned(tmp_path)
    assert said in one_line(tmp_path, command, "p.toml", "--out", "s", *IN_WORLDS, *words)


def test_a_plan_whose_replicates_are_no_whole_worlds_is_refused(tmp_path):
    odd = PLAN.replace("replicates = 6", "replicates = 5")
    planned(tmp_path, f'ensemble = "calibrated"\n{odd}')
    said = one_line(tmp_path, *SWEEP)
    assert "p.toml': replicates is 5: over an ensemble each world is 2 replicates" in said


def test_the_sensitivity_of_a_study_takes_the_mean_of_a_world_as_one_value(study):
    found = open_study(study / "s")
    for outcome in outcomes_of(found):
        wide = found.runs.pivot(index="point", columns="replicate", values=outcome.column)
        values = wide.to_numpy(dtype=float)
        np.testing.assert_array_equal(outcome.values, (values[:, 0::2] + values[:, 1::2]) / 2)
    status, out, _ = at_once(study, "sensitivity", *SWEEP[1:], *IN_WORLDS)
    told = "Lived in the worlds of 'calibrated', 2 replicates in each, the same at every point: so "
    assert status == 0 and f"{told}what is called luck here is luck and all assumptions" in (
        " ".join(out.split())
    )


def test_runs_that_failed_are_counted_truly_in_the_sensitivity_over_worlds(tmp_path, monkeypatch):
    true, calls = jobs.measured, []

    def faulty(ready, **how):
        calls.append(1)
        if len(calls) in (9, 10):  # the two replicates of one world, at one point
            raise ValueError("planted")
        return true(ready, **how)

    monkeypatch.setattr(jobs, "measured", faulty)
    planned(tmp_path)
    status, out, _ = at_once(tmp_path, "sensitivity", *SWEEP[1:], *IN_WORLDS)
    assert status == 1 and "2 of 24 runs failed" in out
    assert "Reserves: 2 runs without a value" in out and "6 runs had to be left out" in out


# --- the page in a world --------------------------------------------------------------------------


POLICIES = sorted((ROOT / "experiments" / "policies").glob("*.toml"))
MEMO = {"seed": 1, "replicate": 5, "a": {"scenario": "norfolk@calibrated/2"},
        "b": {"scenario": "set-up-grants@calibrated/2"}}  # fmt: skip


@pytest.fixture(scope="module")
def page(shipped):
    """Return an asker of the page, as `councils page` serves it in the world of replicate 5."""
    worlds = worlds_of_page(Worlds(shipped), 5)
    wish = server.Wish("norfolk", policies=POLICIES, replicate=5, worlds=worlds)
    sent = httpx.ASGITransport(server.application(wish))

    async def asked(method, path, **given):
        async with httpx.AsyncClient(transport=sent, base_url="http://127.0.0.1") as client:
            return await client.request(method, path, **given)

    return lambda *request, **given: asyncio.run(asked(*request, **given))


def both_in(shipped, replicate=5):
    """Return norfolk and its policy in the world of a replicate, as the page should know them."""
    base, policy = (found.scenario for found in find_all("norfolk", ["set-up-grants"]))
    return [in_world(Worlds(shipped), base, each, replicate) for each in (base, policy)]


def test_the_page_starts_in_the_world_of_the_replicate_that_was_asked_for(page):
    about = page("GET", "/api/about").json()
    assert (about["first"], about["seed"], about["replicate"]) == ("norfolk@calibrated/2", 1, 5)
    titles = {each["name"]: each["title"] for each in about["scenarios"]}
    assert titles["norfolk@calibrated/2"].endswith(", in world 2 of 'calibrated'")
    assert all(name.endswith("@calibrated/2") for name in titles)


def test_the_command_starts_the_page_there():
    program = "import experiments.commands.page; from experiments.commands.app import app; app()"
    words = ["page", "norfolk", "--no-browser", *IN_WORLDS, "--replicate", "5", "--seed", "9"]
    with subprocess.Popen(
        [sys.executable, "-c", program, *words], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            address = re.search(r"http://[\d.]+:\d+", process.stdout.readline())[0]
            about = httpx.get(f"{address}/api/about", timeout=60).json()
        finally:
            process.terminate()
    assert (about["first"], about["seed"], about["replicate"]) == ("norfolk@calibrated/2", 9, 5)


def test_a_session_in_a_world_has_the_bits_of_the_scenario_there(page, shipped):
    book = Book("norfolk", POLICIES, worlds_of_page(Worlds(shipped), 5))
    held = session.Session(session.read_memo(MEMO), book)
    key = page("POST", "/api/session", json=MEMO).json()["key"]
    last = page("GET", f"/api/session/{key}/frames", params={"from": 24, "to": 24}).json()
    for side, scenario in zip("ab", both_in(shipped), strict=True):
        lived = run_arrays(prepare(scenario), luck=luck_of(1, 5))
        assert bits_of(held.lines[side].at(24)) == bits_of(lived)
        for name, value in last["frames"][0][side]["measures"].items():
            assert value == pytest.approx(float(last_of(lived)[name]), abs=5e-5), name
    plain = session.Session(session.Memo(replicate=5, a=session.Side(scenario="norfolk")), book)
    assert bits_of(plain.lines["a"].at(24)) != bits_of(held.lines["a"].at(24))


def test_what_a_policy_sets_itself_stands_in_every_world_of_the_page(tmp_path, shipped):
    mine = tmp_path / "mine.toml"
    mine.write_text('base = "norfolk"\n[talks]\npace = 0.9\n', encoding="utf-8")
    book = Book("norfolk", [mine], worlds_of_page(Worlds(shipped), 5))
    _, there = book("mine@calibrated/2")
    assert there.parameters.talks.pace == 0.9
    assert there.parameters == in_world(Worlds(shipped), load("norfolk"), load(mine), 5).parameters


UNKNOWN = [
    ("norfolk@calibrated/201", "there is no world 'calibrated/201' here"),
    ("norfolk@calibrated/-1", "there is no world 'calibrated/-1' here"),
    ("norfolk@calibrated", "there is no world 'calibrated' here"),
    ("norfolk@small/2", "there is no world 'small/2' here"),
    ("norfok@calibrated/2", "the page does not know a scenario 'norfok'"),
    ("other.toml@calibrated/2", "the page does not know a scenario 'other.toml'"),
    (f"{ROOT}/sim/scenarios/norfolk.toml@calibrated/2", "the page does not know a scenario '/"),
]


@pytest.mark.parametrize(("name", "said"), UNKNOWN)
def test_an_unknown_world_or_another_file_is_refused(page, name, said):
    answer = page("POST", "/api/session", json=MEMO | {"a": {"scenario": name}})
    assert answer.status_code == 400 and said in answer.json()["error"]


def test_a_page_without_worlds_knows_none(tmp_path):
    with pytest.raises(InputError, match="the page was not started in a world"):
        Book("norfolk")("norfolk@calibrated/2")


def test_a_link_into_a_world_is_verified(tmp_path, shipped):
    status, out, _ = at_once(tmp_path, "verify", f"#{json.dumps(MEMO)}", "--json")
    found = json.loads(out)
    assert (status, found["same"]) == (0, True)
    expected = [run_arrays(prepare(each), luck=luck_of(1, 5)) for each in both_in(shipped)]
    assert list(found["bits"].values()) == [bits_of(each) for each in expected]


@pytest.mark.parametrize("name", [name for name, _ in UNKNOWN])
def test_a_link_into_an_unknown_world_is_refused(tmp_path, name):
    link = f"#{json.dumps({'a': {'scenario': name}})}"
    assert "ask its maker" in one_line(tmp_path, "verify", link)


def test_the_scenario_file_of_a_session_in_a_world_gives_the_same_run_again(page, tmp_path):
    acts = [{"at": 8, "set": {"settlement.shock": -0.1}}]
    memo = MEMO | {"a": MEMO["a"] | {"acts": acts}}
    key = page("POST", "/api/session", json=memo).json()["key"]
    file = tmp_path / "scenario.toml"
    file.write_bytes(page("GET", f"/api/session/{key}/scenario.toml").content)
    found = json.loads(at_once(tmp_path, "verify", f"#{json.dumps(memo)}", "--json")[1])
    again = run_arrays(prepare(load(file)), luck=luck_of(1, 5))
    assert bits_of(again) == found["bits"]["a"] != found["bits"]["b"]
    status, out, _ = at_once(tmp_path, "verify", "scenario.toml")
    assert status == 0, out
    (line,) = re.findall(r"^# councils (story .*)$", file.read_text(encoding="utf-8"), re.M)
    words = line.replace("THIS-FILE", "scenario").split()
    status, out, _ = at_once(tmp_path, *words)
    assert status == 0 and "in world 2 of 'calibrated', as tried: 24 quarters" in out


# --- compared over worlds unless told otherwise ---------------------------------------------------


GRANTS = ("compare", "norfolk-seven", "set-up-grants", "--quarters", "8", "--budget", "200")


@pytest.fixture(scope="module")
def compared(tmp_path_factory):
    """Return the folder of a comparison that names no ensemble, and what was said of it."""
    folder = tmp_path_factory.mktemp("compared")
    words = (*GRANTS, "--outcome", "reserves", "--matters", "9", "--mechanisms", "4", "--out", "c")
    status, out, err = at_once(folder, *words)
    assert status == 0, err
    return folder / "c", " ".join(out.split())


def test_a_comparison_without_an_option_is_over_the_worlds_of_the_project(compared, shipped):
    folder, said = compared
    assert read_record(folder).asked["worlds"] == Worlds(shipped).told()
    values = read_table(folder / DIFFERENCES)["reserves"]
    base, policy = (
        found.scenario for found in find_all("norfolk-seven", ["set-up-grants"], quarters=8)
    )
    for replicate in (0, 37, 199):
        lived = [
            last_of(run_arrays(there(each, shipped, replicate), luck=luck_of(1, replicate)))
            for each in (base, policy)
        ]
        assert values[replicate] == lived[1]["reserves"] - lived[0]["reserves"]
    (row,) = read_record(folder).answer["results"]
    means = (values.to_numpy()[0::2] + values.to_numpy()[1::2]) / 2
    assert (row["difference"], row["low"], row["high"]) == pytest.approx(always_valid(means))
    middle = number(row["difference"])
    assert f"Luck: {middle} million pounds (" in said
    assert "over luck, in these 100 worlds of 'calibrated')" in said
    assert f"Luck and assumptions: {middle} million pounds (" in said
    assert "over luck and worlds)" in said


def test_mechanisms_over_worlds_add_up_to_the_mean_gap_of_what_was_compared(compared):
    folder, said = compared
    (shared,) = read_record(folder).answer["mechanisms"]
    values = read_table(folder / DIFFERENCES)["reserves"]
    assert values[:4].mean() != 0
    assert shared["sum"] == pytest.approx(values[:4].mean())
    assert sum(part["effect"] for part in shared["parts"]) == pytest.approx(values[:4].mean())
    assert "over replicates 0 to 3 of seed 1, the mean difference there" in said


@pytest.mark.parametrize("mechanisms", ["1", "3"])
def test_mechanisms_that_are_no_whole_worlds_are_refused_or_told(tmp_path, mechanisms):
    """They are never left aside in silence."""
    words = (*GRANTS, "--outcome", "reserves", "--matters", "9", "--mechanisms", mechanisms)
    status, _, err = at_once(tmp_path, *words)
    assert status == 2 and f"--mechanisms is {mechanisms}" in err and "multiple of 2" in err


def test_from_python_too(shipped):
    scenarios = ("norfolk-seven", "set-up-grants")
    found = compare(*scenarios, outcome="reserves", matters=9, quarters=6, budget=200)
    assert found.question.worlds.told() == Worlds(shipped).told()
    plain = compare(
        *scenarios, outcome="reserves", matters=9, quarters=6, budget=100, ensemble=None
    )
    assert plain.question.worlds is None


def test_a_scorecard_tells_luck_from_luck_and_worlds_in_each_row(tmp_path):
    status, out, err = at_once(tmp_path, *GRANTS, "--out", "c")
    assert status == 0, err
    head = next(line for line in out.splitlines() if line.startswith(" Outcome"))
    assert head.split("  ")[-1].strip() == "Up/same/down"
    assert "Over luck" in head and "Luck, worlds" in head
    assert "Base" not in head and "Verdict" not in head
    start = out.splitlines().index(head)
    assert max(map(len, out.splitlines()[start : start + 10])) <= 80
    values = read_table(tmp_path / "c" / DIFFERENCES)
    for row in read_record(tmp_path / "c").answer["results"]:
        single = values[row["outcome"]].to_numpy().reshape(-1, 2)
        means, split = single.mean(axis=1), split_of(single)
        both = always_valid(means, error=0.05 / 8)
        assert row["difference"] == pytest.approx(both.value)
        if row["outcome"] != "reserves":
            continue  # of the others few worlds differ, so there is no interval
        assert (row["low"], row["high"]) == pytest.approx((both.low, both.high))
        half = both.half * np.sqrt(split.luck / 2 / np.var(means, ddof=1))
        assert [row["luck_low"], row["luck_high"]] == pytest.approx(
            [both.value - half, both.value + half]
        )
        share = split.luck / (split.luck + split.assumptions)
        assert row["luck_share"][0] == pytest.approx(share)


def test_what_turns_an_answer_is_found_out_at_the_declared_numbers(tmp_path):
    assert _over_worlds(None, flips=False) == CALIBRATED
    assert _over_worlds(None, flips=True) == _over_worlds("none", flips=True) == "none"
    words = (*GRANTS, "--outcome", "reserves", "--matters", "9", "--flips", *IN_WORLDS)
    assert "--flips is found out at the numbers as declared" in one_line(tmp_path, *words)


@pytest.mark.parametrize(
    ("budget", "said"),
    [
        ("100", "an interval needs 100 worlds: give at least 200; or compare at the numbers as"),
        ("201", "--budget is 201: over an ensemble each world is 2 replicates, so give a multiple"),
        ("404", "give at most 402; or compare with --ensemble none"),
    ],
)
def test_a_budget_that_is_no_whole_worlds_is_refused(tmp_path, budget, said):
    assert said in one_line(tmp_path, *GRANTS[:-1], budget)


def test_an_ensemble_of_too_few_worlds_is_told_so_and_not_as_a_budget_that_nobody_gave(tmp_path):
    write_ensemble(tmp_path / "small.parquet", drawn(60))
    said = one_line(tmp_path, *GRANTS[:-2], "--ensemble", "small.parquet")
    assert "'small' has 60 worlds" in said and "--budget is" not in said


# --- beyond the years by which it was found -------------------------------------------------------


LATER = {
    "run": ("run", "norfolk-seven", "--runs", "2", "--no-figures", *IN_WORLDS),
    "story": ("story", "norfolk-seven", *IN_WORLDS),
    "why": ("why", "Breckland", "South Norfolk", "--scenario", "norfolk-seven", *IN_WORLDS),
    "explain": ("explain", "norfolk-seven", "match-making", *IN_WORLDS),
    "compare": ("compare", "norfolk-seven", "match-making", "--budget", "200"),
}


@pytest.mark.parametrize("words", LATER.values(), ids=LATER)
def test_runs_beyond_the_years_of_the_ensemble_are_told_in_one_note(tmp_path, words):
    for quarters, notes in (("24", 0), ("40", 1)):
        status, _, err = at_once(tmp_path, *words, "--quarters", quarters)
        assert status == 0
        assert err.count("The worlds of 'calibrated' were found with runs to March 2015") == notes
        assert err.count("to March 2019, is a projection of rules, no forecast") == notes


def test_a_study_beyond_them_is_told_too_and_what_it_varies_otherwise(tmp_path):
    for quarters, notes in (("8", 0), ("40", 1)):
        planned(tmp_path, PLAN.replace("quarters = 8", f"quarters = {quarters}"))
        status, _, err = at_once(tmp_path, *SWEEP, *IN_WORLDS, "--dry-run")
        assert status == 0
        assert err.count("were found with runs to March 2015") == notes
        assert "talks.pace and search.fashion vary as the plan says, and not as in" in err


def test_the_first_day_after_them_is_beyond(shipped):
    assert shipped.last == date(2015, 3, 31)
    worlds = Worlds(shipped)
    assert worlds.notes(load("norfolk-seven", quarters=24)) == []
    assert len(worlds.notes(load("norfolk-seven", quarters=25))) == 1
    silent = Worlds(shipped._replace(about={"behaviour": behaviour()}))
    assert silent.notes(load("norfolk-seven", quarters=40)) == []
