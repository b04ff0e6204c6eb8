"""Ensembles: kept to the bit, tied to what the rules do, and laid over scenarios world by world."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from experiments import ends
from experiments.comparing.asking import worlds_of
from experiments.ends import ends_of
from experiments.ensembles.ensemble import WORDS, Ensemble, find_ensemble, write_ensemble
from experiments.ensembles.laid import held_fast, laid, laid_over, scaled
from experiments.split import by_world
from experiments.worlds import Worlds, ends_over
from sim import behaviour as behaving
from sim.behaviour import REFERENCES, behaviour
from sim.declared.parameters import declarations
from sim.declared.scenario import load
from sim.errors import InputError
from sim.ready.kept import prepared
from sim.ready.varied import vary
from sim.ready.world import prepare
from sim.running import luck_of, run_arrays

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
    worlds, true = Worlds(drawn(3), 2), ends.run_arrays
    whole = ends_over(worlds, seven(), seven(), 1, range(6))

    def faulty(ready, *, luck, events):
        if luck == luck_of(1, 3):
            raise ValueError("planted")
        return true(ready, luck=luck, events=events)

    monkeypatch.setattr(ends, "run_arrays", faulty)
    found = ends_over(worlds, seven(), seven(), 1, range(6))
    assert found.errors == {3: "ValueError: planted"}
    assert np.isnan(found.records["reserves"][3])
    kept = [0, 1, 2, 4, 5]
    assert found.records[kept].tobytes() == whole.records[kept].tobytes()
