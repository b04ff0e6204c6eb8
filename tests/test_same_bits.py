"""Points that are the same to the bit are called that; a study too small says what is enough."""

import json

import numpy as np
import pytest
from asking import at_once
from test_sensitivity import design, linear, noisy, sampled

import experiments.commands.answers
import experiments.commands.kept
import experiments.commands.studies  # noqa: F401
from experiments.sensitivity.analysis import says_too_little, stored_sensitivity
from experiments.sensitivity.indices import indices, luck_share
from experiments.sensitivity.screening import Steps, screen
from experiments.stored.reading import read_record
from experiments.stored.record import write_record
from experiments.studies.idle import BITS, ROUNDING, how_alike
from experiments.studies.store import open_study

CHANCE = np.random.default_rng(1)


@pytest.mark.parametrize("sampled", [True, False])
@pytest.mark.parametrize("points", [2, 7, 40])
def test_no_rounding_passes_for_luck_left_in_averages(points, sampled):
    """The former share was 37%, all or none of it, by how the sums were rounded."""
    for seed in range(8):
        runs = np.random.default_rng(seed).normal(1e3, 10, 13)
        values = np.tile(runs, (points, 1))
        found = luck_share(values, np.arange(points), sampled=sampled)
        assert found.between == (0.0, 0.0, 0.0)
        assert found.share == (1.0, 1.0, 1.0)
        assert np.isnan(found.left.value)
        found = luck_share(values.T, np.arange(13), sampled=sampled)  # now points differ, runs not
        assert found.luck == found.share == found.left == (0.0, 0.0, 0.0)
        assert found.between.value > 0


def test_alike_to_the_bit_or_but_for_rounding_or_not():
    runs = CHANCE.normal(1e3, 10, 6)
    same = np.tile(runs, (4, 1))
    assert how_alike(same) == BITS
    rounded = same.copy()
    rounded[1, 2] = np.nextafter(rounded[1, 2], np.inf)
    assert how_alike(rounded) == ROUNDING
    assert luck_share(rounded, np.arange(4), sampled=True).share.value == 1.0
    other = same.copy()
    other[1, 2] *= 1 + 1e-9
    assert how_alike(other) == ""
    assert how_alike(np.where(np.arange(6) == 1, np.nan, same)) == BITS


def test_a_factor_that_moved_no_bit_is_never_told_apart_and_is_named():
    values = noisy(linear(design()), 0.5)
    sample = sampled(values)
    still = sample.ab.copy()
    still[:, 3] = sample.a
    found = indices(sample._replace(ab=still))
    assert found.still == [False, False, False, True]
    assert found.total[3] == (0.0, 0.0, 0.0) and not found.told[3]
    effects = CHANCE.normal(4.0, 1.0, (12, 2, 8))
    effects[:, 1] = 0.0
    calm = np.zeros((12, 8))  # whose dummy is 0 too, or below it by rounding
    screened = screen(Steps(effects, calm, 2 / 3))
    assert screened.still == [False, True] and screened.told == [True, False]


IDLE = """\
scenario = "norfolk-seven"
quarters = 6
replicates = 6
outcomes = ["talks_begun"]
[design]
kind = {kind}
{more}
"""
NOTHING = '[levers]\n"grants.exit_required" = { values = [0.0, 1.0] }\n'
DOES = '"search.base_service" = { values = [0.0, 0.9] }\n'
DESIGNS = ['"grid"', '"saltelli"\npoints = 32', '"morris"\ntrajectories = 3', '"latin"\npoints = 9',
           '"sobol"\npoints = 8']  # fmt: skip
SAID = "all points gave the same bits, replicate by replicate"


@pytest.mark.parametrize("kind", DESIGNS)
def test_where_nothing_moves_terminal_json_and_report_say_so(tmp_path, kind):
    """No grant is ever paid in this scenario's first quarters, so its condition does nothing."""
    more = NOTHING
    if "morris" in kind:  # one lever of two values has no two trajectories
        more += DOES
    (tmp_path / "plan.toml").write_text(IDLE.format(kind=kind, more=more))
    words = ("sensitivity", "plan.toml", "--out", "s")
    status, out, _ = at_once(tmp_path, *words)
    told = " ".join(out.split())
    assert status == 0
    found = json.loads(at_once(tmp_path, *words, "--json")[1])
    (outcome,) = found["outcomes"]
    assert "grants.exit_required" in found["idle"]
    assert "Moved not one bit" in told and "grants.exit_required" in told
    if "morris" in kind:
        return
    assert outcome["alike"] == BITS and SAID in told
    assert outcome["luck"]["left"]["value"] is None and outcome["luck"]["share"]["value"] == 1.0
    assert "no differences: the same bits" in told and "Single runs tell" not in told
    if "grid" not in kind:  # the page and the check are the same for all
        return
    assert at_once(tmp_path, "report", "s", "-o", "page.html")[0] == 0
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert SAID in " ".join(page.split())
    assert at_once(tmp_path, "verify", "s/sensitivity")[0] == 0


@pytest.mark.parametrize("kind", ['"grid"', '"saltelli"\npoints = 8', '"sobol"\npoints = 8'])
def test_a_sweep_too_names_what_did_nothing(tmp_path, kind):
    (tmp_path / "idle.toml").write_text(
        'base = "norfolk-seven"\n[[change]]\nwhen = 2009-07-01\nset = { "tax.open_limit" = 0.06 }\n'
    )
    more = NOTHING + DOES + 'policy = { values = ["base", "idle.toml"] }\n'
    (tmp_path / "plan.toml").write_text(IDLE.format(kind=kind, more=more))
    status, out, _ = at_once(tmp_path, "sweep", "plan.toml", "--out", "s")
    told = " ".join(out.split())
    assert status == 0
    assert "Moved not one bit of anything measured: grants.exit_required, policy." in told
    found = json.loads(at_once(tmp_path, "sweep", "plan.toml", "--out", "s", "--json")[1])
    assert found["idle_everywhere"] == ["grants.exit_required", "policy"] == found["idle"]


def test_what_moved_other_measures_only_is_told_apart_from_what_moved_none(tmp_path):
    more = NOTHING + DOES
    text = IDLE.format(kind='"grid"', more=more).replace("talks_begun", "ended")
    (tmp_path / "plan.toml").write_text(text)
    status, out, _ = at_once(tmp_path, "sweep", "plan.toml", "--out", "s")
    told = " ".join(out.split())
    assert status == 0
    assert "of anything measured: grants.exit_required." in told
    assert "of the outcomes of this plan, though of other measures: search.base_service." in told


@pytest.mark.parametrize("kind", ['"saltelli"\npoints = 32', '"morris"\ntrajectories = 8'])
def test_a_factor_with_one_value_is_told_and_left_out_of_the_ranking(tmp_path, kind):
    more = '"talks.pace" = {}\n[levers]\n"tax.freeze" = { values = [0.0] }\n'
    text = IDLE.format(kind=kind, more="[uncertainties]\n" + DOES + more)
    (tmp_path / "plan.toml").write_text(text)
    status, out, err = at_once(tmp_path, "sensitivity", "plan.toml", "--out", "s")
    assert status == 0
    assert err.startswith("Note on plan: tax.freeze has one value, 0.0: it is set in every run")
    assert "give more values" in err
    assert "Set to one value in every run, and so in no ranking: tax.freeze." in " ".join(
        out.split()
    )
    found = read_record(tmp_path / "s" / "sensitivity").answer
    assert [each["factor"] for each in found["outcomes"][0]["factors"]] == [
        "search.base_service", "talks.pace",
    ]  # fmt: skip
    assert found["fixed"] == ["tax.freeze"] and "tax.freeze" not in found["idle"]
    # What is advised works: with more values it is ranked like the others.
    (tmp_path / "plan.toml").write_text(text.replace("[0.0] }\n", "[0.0, 1.0] }\n"))
    status, _, err = at_once(tmp_path, "sensitivity", "plan.toml", "--out", "t")
    assert (status, err) == (0, "")
    found = read_record(tmp_path / "t" / "sensitivity").answer
    assert len(found["outcomes"][0]["factors"]) == 3


def test_an_analysis_of_an_earlier_version_is_made_anew_and_verified_as_such(tmp_path):
    (tmp_path / "plan.toml").write_text(IDLE.format(kind='"grid"', more=NOTHING))
    assert at_once(tmp_path, "sensitivity", "plan.toml", "--out", "s")[0] == 0
    place = tmp_path / "s" / "sensitivity"
    record = read_record(place)
    for each in record.answer["outcomes"]:
        del each["alike"]
        each["luck"]["left"]["value"] = 0.37
    write_record(place, record)
    assert says_too_little(read_record(place).answer)
    assert at_once(tmp_path, "report", "s", "-o", "page.html")[0] == 0
    status, out, _ = at_once(tmp_path, "verify", "s/sensitivity")
    assert status == 1 and "alike to the bit" in " ".join(out.split())
    status, out, _ = at_once(tmp_path, "sensitivity", "plan.toml", "--out", "s")
    assert status == 0 and SAID in " ".join(out.split()) and "analysed before" not in out
    assert at_once(tmp_path, "verify", "s/sensitivity")[0] == 0


def test_a_screening_analysed_by_the_former_method_is_not_shown_and_made_anew(tmp_path):
    """Its intervals left out what other luck would give."""
    text = IDLE.format(kind='"morris"\ntrajectories = 3', more=NOTHING + DOES)
    (tmp_path / "plan.toml").write_text(text)
    words = ("sensitivity", "plan.toml", "--out", "s")
    assert at_once(tmp_path, *words)[0] == 0
    place = tmp_path / "s" / "sensitivity"
    record = read_record(place)
    former = {"format": "council-partnering sensitivity 2"}
    write_record(place, record._replace(asked=record.asked | former, answer=record.answer | former))
    status, _, err = at_once(tmp_path, "verify", "s/sensitivity")
    assert status == 2 and "another method" in err and "councils sensitivity" in err
    assert stored_sensitivity(open_study(tmp_path / "s")) is None
    status, out, _ = at_once(tmp_path, *words)
    assert status == 0 and "analysed before" not in out
    assert read_record(place).answer == record.answer
