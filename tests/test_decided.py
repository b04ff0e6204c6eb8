"""A scenario may decide for a council: it weighs as ever, and does what it is told."""

import re
from datetime import date

import pytest
import tomli_w
from deciding import decided_at_random
from twins import difference

from experiments.reports.orders_told import happening_words
from sim.declared.reading import lay_over
from sim.declared.scenario import from_document, load
from sim.errors import InputError
from sim.ready.kept import prepared
from sim.running import luck_of, run_arrays
from sim.story.decisions import account_of
from sim.story.known import known_of
from sim.story.sentences import sentence
from sim.tables.batch import names_in, simulate

SEVEN, QUARTERS = "norfolk-seven", 16
OPPOSITE = {
    "refuses": "says_yes", "talks_begin": "says_no", "walks_away": "says_yes",
    "votes_yes": "says_no", "votes_no": "says_yes", "invited": "says_no",
}  # fmt: skip
COMMITTED = load(SEVEN).parameters.weighing.committed
LIVELY = (
    "search.base_management=2", "search.base_service=3", "search.choosiness=-2", "talks.pace=0.9",
    "search.invite=-3", "talks.pace_service=0.9", "endings.service=0.2", "endings.young=0.5",
)  # fmt: skip


def deciding(*happenings, sets=()):
    document = load(SEVEN, sets=sets, quarters=QUARTERS).document()
    return from_document(lay_over(document, {"happening": list(happenings)}))


def decision(row, what):
    """Return what turns an event of the log into what is decided."""
    scenario = load(SEVEN, quarters=QUARTERS)
    who, other = row["council"], row["other"]
    if row["kind"] == "talks_begin":  # told of who asked
        who, other = other, who
    when = scenario.first_day(int(row["quarter"]))
    return {
        "when": when, "council": who, "partner": other, "scope": row["scope"], "what": what,
    }  # fmt: skip


def rows_of(events, kind):
    """Return the events of a kind that were weighed: no talks of the first day, nobody's lapse."""
    found = [row for _, row in events[events["kind"] == kind].iterrows()]
    return [row for row in found if row["because_chance"] != 0]


def had_managers(row):
    """Return whether who says no could have said yes."""
    return row["because_busy"] > -COMMITTED / 2


def bits(scenario, seed=1):
    raw = run_arrays(prepared(scenario), luck=luck_of(seed, 0))
    return raw.record.tobytes(), raw.events.tobytes()


@pytest.fixture(scope="module")
def usual():
    return simulate(deciding(sets=LIVELY), seed=1).events


@pytest.mark.parametrize("kind", OPPOSITE)
def test_a_council_does_what_is_decided_and_nothing_moves_before(usual, kind):
    row = next(filter(had_managers, rows_of(usual, kind)))
    told = decision(row, OPPOSITE[kind])
    events = simulate(deciding(told, sets=LIVELY), seed=1).events
    before = events[events["quarter"] < row["quarter"]]
    assert before.equals(usual[usual["quarter"] < row["quarter"]])
    (ruled,) = [each for _, each in events[events["kind"] == "overruled"].iterrows()]
    assert ruled["value"] == pytest.approx(row["value"], abs=1e-12)  # what it would have done
    after = events.iloc[ruled.name + 1]
    became = {"refuses": "talks_begin", "talks_begin": "refuses", "votes_yes": "votes_no",
              "votes_no": "votes_yes"}  # fmt: skip
    if kind in became:
        assert after["kind"] == became[kind]
        assert after["value"] == row["value"]
    if OPPOSITE[kind] == "says_no" and kind != "invited":
        assert not isinstance(after["reason"], str)  # it has none: it was decided


def test_who_is_made_to_leave_talks_leaves_them(usual):
    begun = next(row for row in rows_of(usual, "talks_begin"))
    scenario = load(SEVEN, quarters=QUARTERS)
    told = decision(begun, "walks_out")
    told["when"] = scenario.first_day(int(begun["quarter"]) + 1)
    run = simulate(deciding(told, sets=LIVELY), seed=1)
    mine = run.events[run.events["agreement"] == begun["agreement"]]
    kinds = mine["kind"].tolist()
    place = kinds.index("overruled")
    assert kinds[place + 1 : place + 3] == ["walks_away", "talks_fail"]
    assert mine["reason"].iloc[place + 1 : place + 3].isna().all()
    failed = [name for name in run.quarters.columns if name.startswith("failed_")]
    last = run.quarters.iloc[-1]
    assert last["talks_failed"] == last[failed].sum() + 1  # one failed for no reason of its own


@pytest.mark.parametrize("kind", ["votes_yes", "talks_begin"])
def test_what_a_council_does_anyway_changes_no_bit(usual, kind):
    told = decision(rows_of(usual, kind)[0], "says_yes")
    assert bits(deciding(told, sets=LIVELY)) == bits(deciding(sets=LIVELY))


def test_no_decision_gives_a_council_managers_that_it_lacks():
    """Who has nobody free says no, whatever is decided."""
    sets = (*LIVELY, "culture.attention_low=1", "culture.attention_high=1")
    usual = simulate(deciding(sets=sets), seed=1).events
    for row in rows_of(usual, "refuses"):
        if not had_managers(row):
            told = decision(row, "says_yes")
            assert bits(deciding(told, sets=sets)) == bits(deciding(sets=sets))
            return
    pytest.fail("nobody was without managers: choose other numbers")


def test_both_models_decide_alike_against_every_step():
    """Each step of the chain turns the first decision that was not turned yet."""
    told = []
    for _ in range(12):
        events = simulate(deciding(*told, sets=LIVELY), seed=1).events
        turned = {(d["when"], d["council"], d["partner"], d["scope"]) for d in told}
        for _, row in events.iterrows():
            if row["kind"] not in OPPOSITE or row["because_chance"] == 0:
                continue
            new = decision(row, OPPOSITE[row["kind"]])
            if (new["when"], new["council"], new["partner"], new["scope"]) not in turned:
                told.append(new)
                break
    assert len(told) == 12
    scenario = deciding(*told, sets=LIVELY)
    assert (simulate(scenario, seed=1).events["kind"] == "overruled").sum() >= 10
    assert difference(scenario, seed=1) is None


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_both_models_decide_alike_whatever_is_decided(seed):
    scenario = decided_at_random(SEVEN, seed=seed, quarters=QUARTERS, sets=LIVELY)
    assert (simulate(scenario, seed=seed).events["kind"] == "overruled").sum() > 5
    assert difference(scenario, seed=seed) is None


WHOLE = {
    "when": date(2010, 4, 1), "council": "Breckland", "what": "says_no", "partner": "South Norfolk",
    "scope": "management",
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"partner": None}, "is a decision about another council: give its name as partner"),
        ({"scope": None}, "and the scope of the talks"),
        ({"scope": "managment"}, "unknown scope 'managment'; did you mean 'management'?"),
        ({"what": "control_changes"}, "partner and scope go with says_no, says_yes, walks_out"),
        ({"partner": "Atlantis"}, "unknown council 'Atlantis'"),
        ({"until": date(2011, 4, 1)}, "goes with chief_executive_leaves only"),
        ({"control": "LAB"}, "control goes with control_changes only"),
    ],
)
def test_a_decision_that_says_too_little_or_too_much_is_refused(tmp_path, change, said):
    told = {key: value for key, value in (WHOLE | change).items() if value is not None}
    file = tmp_path / "mine.toml"
    file.write_text(tomli_w.dumps({"base": SEVEN, "happening": [told]}), encoding="utf-8")
    with pytest.raises(InputError, match=re.escape(said)):
        prepared(load(file))


def test_a_scenario_without_decisions_keeps_its_fingerprint():
    plain = {"when": date(2010, 4, 1), "council": "Breckland", "what": "chief_executive_leaves"}
    assert deciding(plain).fingerprint() != deciding(WHOLE).fingerprint()
    kept = deciding(plain).document()["happening"][0]
    assert kept["partner"] is None


def test_a_decision_is_told_as_one(usual):
    row = rows_of(usual, "votes_yes")[0]
    scenario = deciding(decision(row, "says_no"), sets=LIVELY)
    run = simulate(scenario, seed=1)
    (ruled,) = [each for _, each in run.events[run.events["kind"] == "overruled"].iterrows()]
    names = names_in(run)
    said = sentence(ruled, names)
    assert said.startswith(f"It is decided for {names[row['council']]} to say no to ")
    assert said.endswith(", though it would have said yes.")
    vote = run.events.iloc[ruled.name + 1]
    assert vote["kind"] == "votes_no"
    account = account_of(vote, known_of(prepared(scenario)))
    assert account.given and not account.groups
    told = happening_words(scenario.happening[-1], scenario)
    assert "it is decided for" in told and "says no to" in told
