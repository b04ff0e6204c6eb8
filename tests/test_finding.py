"""Runs in which something happens: what is sought is read as meant, and every run is found."""

import json

import numpy as np
import pytest
from test_page_http import serving
from typer.testing import CliRunner

import sim
from experiments.__main__ import app
from sim.core.state import NOBODY
from sim.declared.catalogue import MANAGEMENTS
from sim.declared.measures import KINDS, REASONS
from sim.declared.scenario import load
from sim.errors import InputError
from sim.finding import search as finding
from sim.finding.often import wilson
from sim.finding.sought import Options, Sought, in_words, read_sought
from sim.finding.words import HAPPENS, JOINS, REASONED, SHARE, TALK, WITHOUT_SCOPE
from sim.page import server
from sim.ready.kept import prepared
from sim.running import luck_of, run_arrays
from sim.tables.frames import event_table

SOUTH, BRECKLAND, HOLLAND, NORWICH = "E07000149", "E07000143", "E07000140", "E07000148"
RUNS = 150


@pytest.fixture(scope="module")
def norfolk():
    return prepared(load("norfolk"))


@pytest.fixture(scope="module")
def log(norfolk):
    """The event table of the runs that are searched."""
    raws = [run_arrays(norfolk, luck=luck_of(1, k)) for k in range(RUNS)]
    return event_table(norfolk, np.arange(RUNS), raws)


def read(text="", **options):
    ready = prepared(load("norfolk"))
    return read_sought(text, Options(**options), ready.scenario, ready.table)


def sought_in(norfolk, sought, runs=RUNS):
    return finding.find(lambda k: norfolk, sought, seed=1, replicates=range(runs))


def found_in(norfolk, text):
    return {each.replicate: each.times for each in sought_in(norfolk, read(text)).found}


# --- what is sought is read as it was meant ------------------------------------------------------

TRIO = ("E07000146", "E07000147", "E07000145")
MEANT = {
    "Breckland and South Holland share management": Sought(
        "share", (BRECKLAND, HOLLAND), MANAGEMENTS
    ),
    "South Norfolk leaves Breckland over culture": Sought(
        "leaves", (SOUTH, BRECKLAND), reason="culture"
    ),
    "X and Y merge".replace("X", "Norwich").replace("Y", "Breckland"): Sought(
        "merges", (NORWICH, BRECKLAND)
    ),
    "Breckland signs management with South Holland before 2012": Sought(
        "signs", (BRECKLAND, HOLLAND), MANAGEMENTS, last=2011
    ),
    "Norwich is in distress": Sought("in_distress", (NORWICH,)),
    "talks of South Norfolk and Breckland fail over tax": Sought(
        "talks_fail", (SOUTH, BRECKLAND), reason="tax"
    ),
    "Show me a run in which the Norwich City Council's chief executive leaves in 2011.": Sought(
        "chief_leaves", (NORWICH,), first=2011, last=2011
    ),
    "King's Lynn and West Norfolk, North Norfolk and Great Yarmouth share revenues and benefits": (
        Sought("share", TRIO, ("revenues_benefits",))
    ),
    "E07000149 walks away from Breckland over cultural differences, from 2010 to 2011": Sought(
        "walks_away", (SOUTH, BRECKLAND), reason="culture", first=2010, last=2011
    ),
    "somebody leaves the talks": Sought("walks_away"),
    "South Norfolk joins Norwich after 2010": Sought("joins", (SOUTH, NORWICH), first=2011),
    "the two end talks about a full merger": Sought("talks_fail", scopes=("merger",)),
    "Norwich votes against environmental services": Sought(
        "votes_no", (NORWICH,), ("environmental_health",)
    ),
}


@pytest.mark.parametrize("text", MEANT)
def test_a_sentence_is_read_as_it_was_meant(text):
    assert read(text) == MEANT[text]


def test_every_kind_of_event_can_be_sought():
    assert set(HAPPENS) == {*KINDS, JOINS, SHARE, TALK}


@pytest.mark.parametrize("what", HAPPENS)
def test_every_phrase_is_read_as_what_it_stands_for(what):
    for said in (*HAPPENS[what].said, what.replace("_", " ")):
        assert read(said).what == what, said


def test_options_say_what_a_sentence_can_and_fill_what_it_leaves_open():
    meant = MEANT[
        "E07000149 walks away from Breckland over cultural differences, from 2010 to 2011"
    ]
    options = {"kind": "walks_away", "council": "South Norfolk", "others": ["Breckland"],
               "reason": "culture", "first": 2010, "last": 2011}  # fmt: skip
    assert read(**options) == meant
    assert read("South Norfolk walks away from Breckland", reason="culture", first=2010,
                last=2011) == meant  # fmt: skip
    assert read("Norwich merges", scope=None) == Sought("merges", (NORWICH,))
    assert read(kind="signs", scope="management").scopes == MANAGEMENTS


def test_what_was_understood_is_said_again(norfolk):
    said = in_words(read("South Norfolk leaves Breckland over culture before 2012"), norfolk.table)
    assert said == (
        "a council leaves an agreement; South Norfolk with Breckland; "
        "main reason culture and trust; to the end of 2011"
    )


WRONG = {
    "Sowth Norfolk leaves Breckland": ["'Sowth Norfolk'", "did you mean 'South Norfolk'?"],
    "Leeds and Breckland merge": ["Leeds is none of this scenario's councils"],
    "Breckland and Norwich danse": ["'danse' is not understood", "share, sign, join", "culture"],
    "Breckland or Norwich merges": ["'or' is not understood"],
    "Breckland and Norwich do not merge": ["'do not' is not understood"],
    "Breckland leaves over taxx": ["unknown reason 'taxx': did you mean 'tax'?", "culture"],
    "Breckland and Norwich": ["not said what happens", "share, sign"],
    "Norwich and Breckland merge over tax": ["no reason is kept", "talks end without"],
    "Norwich and Breckland are in distress": ["of one council", "Norwich and Breckland"],
    "Norwich leaves Norwich": ["named twice"],
    "Norwich leaves Breckland from 2012 to 2010": ["the first year is after the last"],
    "Norwich leaves Breckland in 1999": ["from 2009 to 2015"],
    "Norwich's leader falls about payroll": ["is not about a service"],
    "x" * 400: ["longer than 300 letters"],
}


@pytest.mark.parametrize("text", WRONG)
def test_a_wrong_word_is_one_clear_error_that_names_the_nearest(text):
    with pytest.raises(InputError) as error:
        read(text)
    for words in WRONG[text]:
        assert words in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"kind": "merge"}, "--kind is 'merge': did you mean 'merges'?"),
        ({"kind": "signs", "council": "Norwick"}, "did you mean 'Norwich'?"),
        ({"kind": "signs", "others": ["Norwich"]}, "name the first with --council"),
        ({"kind": "signs", "scope": "managment"}, "--scope is 'managment': did you mean"),
        ({"kind": "leaves", "reason": "cultur"}, "--reason is 'cultur': did you mean 'culture'?"),
        ({"text": "Norwich merges", "kind": "signs"}, "--kind both say the same thing"),
    ],
)
def test_a_wrong_option_is_told_with_what_is_known(options, words):
    with pytest.raises(InputError) as error:
        read(options.pop("text", ""), **options)
    assert words in str(error.value)


# --- every run is found, and no other ------------------------------------------------------------


def members_by(log, row, *, kinds):
    """Return who took part in the deal of an event by its quarter."""
    deal = log[(log["replicate"] == row.replicate) & (log["agreement"] == row.agreement)]
    deal = deal[(deal["quarter"] <= row.quarter) & deal["kind"].isin(kinds)]
    return {*deal["council"], *(deal["other"] if "signs" not in kinds else ())}


def counted(rows):
    return rows.groupby("replicate").size().to_dict()


def test_who_leaves_whom_and_over_what_is_found_in_the_event_log(norfolk, log):
    rows = log[(log["kind"] == "walks_away") & (log["council"] == SOUTH)]
    rows = rows[rows["reason"] == "culture"]
    met = [BRECKLAND in members_by(log, row, kinds=("talks_begin", "invited"))
           for row in rows.itertuples()]  # fmt: skip
    expected = counted(rows[met])
    assert expected
    assert found_in(norfolk, "South Norfolk walks away from Breckland over culture") == expected


def test_joint_work_of_two_is_found_in_the_event_log(norfolk, log):
    starts = log[(log["kind"] == "starts") & log["scope"].isin(MANAGEMENTS)]
    both = [{BRECKLAND, HOLLAND} <= members_by(log, row, kinds=("signs",))
            for row in starts.itertuples()]  # fmt: skip
    found = found_in(norfolk, "Breckland and South Holland share management")
    expected = counted(starts[both])
    assert len(expected) > 5
    assert set(expected) <= set(found)
    for replicate in set(found) - set(expected):  # those who joined what was at work
        signs = log[(log["replicate"] == replicate) & (log["kind"] == "signs")]
        assert signs["council"].isin([BRECKLAND, HOLLAND]).any()


def test_who_joins_an_agreement_is_not_found_as_who_signs_a_new_one(norfolk, log):
    joins = set(found_in(norfolk, "somebody joins"))
    signs = log[log["kind"] == "signs"].copy()
    keys = ["replicate", "agreement"]
    signs["late"] = signs["quarter"] > signs.groupby(keys)["quarter"].transform("min")
    assert set(signs[signs["late"]]["replicate"]) <= joins
    both = found_in(norfolk, "South Norfolk joins Norwich")
    assert set(both) < set(found_in(norfolk, "South Norfolk joins")) <= joins


def test_merging_is_found_of_all_who_become_one(norfolk, log):
    merges = log[log["kind"] == "merges"]
    assert found_in(norfolk, "somebody merges") == counted(merges)
    first = merges.iloc[0]
    others = merges[(merges["replicate"] == first.replicate) & (merges["council"] == first.council)]
    names = [norfolk.table.name[norfolk.table.code.index(code)] for code in others["other"]]
    assert first.replicate in found_in(norfolk, f"{names[0]} and {names[1]} merge")
    assert found_in(norfolk, f"{names[0]} and Norwich merge").get(first.replicate) is None


def test_a_council_that_has_left_is_not_in_what_ends_later(norfolk, log):
    gone = log[log["kind"] == "leaves"]
    ends = log[log["kind"] == "ends"].merge(gone, on=["replicate", "agreement"])
    late = ends[ends["quarter_x"] > ends["quarter_y"]]
    assert len(late)
    row = late.iloc[0]
    sought = Sought("ends", (row.council_y,))
    raw = run_arrays(norfolk, luck=luck_of(1, int(row.replicate)))
    places = finding.places_of(norfolk, raw, sought)
    assert row.agreement not in {int(raw.events["deal"][place]) for place in places}


def test_years_and_what_it_is_about_narrow_what_is_found(norfolk, log):
    signs = log[(log["kind"] == "signs") & (log["scope"] == "merger")]
    assert found_in(norfolk, "somebody signs a merger") == counted(signs)
    early = log[(log["kind"] == "leader_falls") & (log["date"].dt.year == 2010)]
    assert found_in(norfolk, "a leader falls in 2010") == counted(early)


def test_the_run_that_is_told_first_is_the_one_that_is_played(norfolk):
    found = sought_in(norfolk, read("Breckland and South Holland share management"))
    first = found.found[0]
    events = sim.simulate("norfolk", seed=1, replicate=first.replicate).events
    starts = events[(events["kind"] == "starts") & (events["quarter"] == first.quarter)]
    assert set(starts["council"]) & {BRECKLAND, HOLLAND}
    assert first.said.startswith("Joint work starts on a shared chief executive")
    assert first.when == "January to March 2012"
    low, high = found.interval
    assert low < found.share < high


def test_what_stands_on_the_first_day_is_said_so(norfolk):
    assert sought_in(norfolk, read("Suffolk Coastal and Waveney share management"), 1).standing
    assert not sought_in(norfolk, read("Norwich and Waveney share management"), 1).standing


def test_which_events_have_a_reason_or_a_scope_is_as_the_log_keeps_it():
    ready = prepared(load("norfolk", sets=["reorganisation.stance=mandated"]))
    runs = [*(run_arrays(ready, luck=luck_of(1, k)) for k in range(20))]
    events = np.concatenate([np.asarray(raw.events) for raw in runs])
    for place, kind in enumerate(KINDS):
        these = events[events["kind"] == place]
        if len(these):
            assert (these["reason"] != NOBODY).any() == (kind in REASONED), kind
            if kind != "merges":
                assert (these["scope"] == NOBODY).all() == (kind in WITHOUT_SCOPE), kind


def test_time_that_is_up_stops_a_search_after_its_first_run(norfolk):
    found = finding.find(
        lambda k: norfolk, read("somebody signs"), seed=1, replicates=range(50), seconds=0.0
    )
    assert found.stopped and 1 <= found.runs < 50


def test_the_interval_is_that_of_wilson():
    stats = pytest.importorskip("scipy.stats")
    for hits, runs in ((0, 20), (1, 20), (13, 200), (20, 20)):
        expected = stats.binomtest(hits, runs).proportion_ci(0.95, method="wilson")
        assert wilson(hits, runs) == pytest.approx((expected.low, expected.high), abs=1e-12)
    assert wilson(0, 0) == (0.0, 1.0)


# --- the command ---------------------------------------------------------------------------------


def councils(*words):
    return CliRunner().invoke(app, ["find", *words])


def test_the_command_says_how_often_and_what_plays_the_first():
    told = councils("norfolk", "Breckland and South Holland share management")
    assert told.exit_code == 0, told.stderr
    assert "Found in 13 of 200 runs: 6.5% (95% interval 3.8% to 10.8%)." in told.stdout
    assert "  councils page norfolk --seed 1 --replicate 25\n" in told.stdout
    answer = json.loads(
        councils("norfolk", "--kind", "share", "--council", "Breckland", "--with", "South Holland",
                 "--scope", "management", "--json").stdout
    )  # fmt: skip
    assert (answer["times"], answer["runs"], len(answer["found"])) == (13, 200, 13)
    assert answer["play"] == "councils page norfolk --seed 1 --replicate 25"
    assert answer["sought"]["what"] == "share"


def test_a_run_that_the_page_cannot_show_is_told_as_a_story():
    told = councils("norfolk", "somebody signs", "--runs", "2", "--set", "talks.pace=0.5")
    assert "  councils story norfolk --set talks.pace=0.5 --seed 1 --replicate 0" in told.stdout


def test_what_is_not_found_is_said_with_what_else_to_ask():
    told = councils("norfolk", "Norwich is in distress", "--runs", "3")
    assert told.exit_code == 0
    assert "Found in 0 of 3 runs" in told.stdout and "--runs 30" in told.stdout
    left = councils("norfolk", "Norwich leaves Breckland over tax", "--runs", "3").stdout
    assert "leave out the reason or a council" in left and "walks away from talks" in left


def test_a_world_of_an_ensemble_is_searched_as_the_page_shows_it():
    told = councils(
        "norfolk", "somebody signs", "--runs", "4", "--ensemble", "calibrated", "--json"
    )
    answer = json.loads(told.stdout)
    assert answer["play"].endswith("--ensemble calibrated --seed 1 --replicate 0")
    odd = councils("norfolk", "somebody signs", "--runs", "3", "--ensemble", "calibrated")
    assert odd.exit_code == 2 and "multiple of 2" in odd.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["norfolk", "Breckland danses"], "'danses' is not understood"),
        (["Breckland merges"], 'as in councils find norfolk "Breckland merges"'),
        (["norfolk", "somebody merges", "--runs", "0"], "--runs is 0"),
        (["norfolk", "somebody merges", "--runs", "2000000"], "at most 1,000,000"),
        (["norfork", "somebody merges"], "norfolk"),
    ],
)
def test_a_mistake_is_one_line(words, said):
    told = councils(*words)
    assert told.exit_code == 2 and told.stdout == ""
    assert told.stderr.startswith("Error: ") and told.stderr.count("\n") == 1
    assert said in told.stderr


def test_the_words_that_are_known_are_listed():
    told = councils("--words").stdout
    for word in (*HAPPENS, *REASONS):
        assert word in told


# --- the same for the page -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def web():
    with serving(server.Wish()) as client:
        yield client


def asked(web, sought, acts=(), **more):
    memo = {"seed": 1, "a": {"scenario": "norfolk", "acts": list(acts)}}
    return web.post("/api/find", json={"sought": sought, "memo": memo} | more)


def test_the_page_is_told_which_luck_shows_it(web):
    answer = asked(web, "Breckland and South Holland share management").json()
    assert (answer["times"], answer["runs"], answer["first"]) == (13, 200, 0)
    assert answer["low"] < answer["share"] == 0.065 < answer["high"]
    first = answer["found"][0]
    assert (first["replicate"], first["memo"]["replicate"]) == (25, 25)
    key = web.post("/api/session", json=first["memo"]).json()["key"]
    shown = web.get(f"/api/session/{key}/frames", params={"from": first["q"], "to": first["q"]})
    assert first["said"] in [event["said"] for event in shown.json()["frames"][0]["a"]["events"]]


def test_the_page_can_ask_for_the_next(web):
    text = "Breckland and South Holland share management"
    answer = asked(web, text, after=25, runs=30).json()
    assert answer["first"] == 26 and answer["runs"] == 30
    assert [each["replicate"] for each in answer["found"]] == [40, 48]


def test_what_the_room_tried_is_in_the_runs_that_are_searched(web):
    plain, cut = (asked(web, "somebody is in distress", acts).json()["found"] for acts in
                  ([], [{"at": 1, "set": {"settlement.shock": -0.5}}]))  # fmt: skip
    assert len(cut) > len(plain)
    assert cut[0]["memo"]["a"]["acts"][0]["set"] == {"settlement.shock": -0.5}


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"sought": "Sowth Norfolk merges"}, "did you mean 'South Norfolk'?"),
        ({"sought": ""}, "not said what happens"),
        ({"sought": "x" * 2000}, "the search: sought"),
        ({"sought": "somebody merges", "runs": 5000}, "the search: runs"),
        ({"sought": "somebody merges", "memo": {"a": {"scenario": "norfork"}}}, "norfolk"),
    ],
)
def test_a_wrong_search_is_refused_in_words(web, given, words):
    memo = {"seed": 1, "a": {"scenario": "norfolk"}}
    answer = web.post("/api/find", json={"memo": memo} | given)
    assert answer.status_code == 400 and words in answer.json()["error"]
