"""The page over HTTP: what it hands out is what sim.simulate computes, and nothing bad gets in."""

import base64
import gzip
import json
import re
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
import typer.testing

import sim
from experiments.__main__ import app  # with all its commands
from experiments.commands import studies as _studies  # noqa: F401
from experiments.commands.app import INVALID
from experiments.commands.page import page as _page  # noqa: F401
from sim.declared.measures import as_columns
from sim.declared.scenario import load
from sim.errors import InputError
from sim.machine import waiting
from sim.page import changes, frames, lesson, server, session, sessions, sheet
from sim.page.command import replay, serve
from sim.ready.kept import prepared
from sim.story import failed_deal, known_of, narrative, pair_history, sentence
from sim.story.decisions import KINDS
from sim.story.joining import follow
from sim.story.order import in_telling_order
from sim.story.wording import records
from sim.tables.columns import roll_of

httpx = pytest.importorskip("httpx")
uvicorn = pytest.importorskip("uvicorn")

ROOT = Path(__file__).parents[1]
POLICIES = sorted((ROOT / "experiments" / "policies").glob("*.toml"))
LAST = 24
CUT = {"at": 8, "set": {"settlement.shock": -0.1}}


@contextmanager
def serving(wish):
    """Serve the page at a free port of this computer; provide a client."""
    listening = socket.create_server(("127.0.0.1", 0))
    made = uvicorn.Server(uvicorn.Config(server.application(wish), log_level="warning"))
    thread = threading.Thread(target=made.run, kwargs={"sockets": [listening]})
    thread.start()
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    try:
        with httpx.Client(base_url=address, timeout=60) as client:
            yield client
    finally:
        made.should_exit = True
        thread.join()
        listening.close()


@pytest.fixture(scope="module")
def web():
    with serving(server.Wish(policies=POLICIES)) as client:
        yield client


def begin(web, seed=1, scenario="norfolk", acts=(), **more):
    memo = {"seed": seed, "a": {"scenario": scenario, "acts": list(acts)}, **more}
    answer = web.post("/api/session", json=memo)
    assert answer.status_code == 200, answer.text
    return f"/api/session/{answer.json()['key']}"


def seen(web, at, first=0, last=LAST):
    answer = web.get(f"{at}/frames", params={"from": first, "to": last})
    assert answer.status_code == 200, answer.text
    return answer.json()["frames"]


def names_in(run):
    return dict(zip(run.councils["code"], run.councils["name"], strict=True))


def same_as_simulate(rows, run):
    """Check frames of one side, from 0 to the end, against a run of sim.simulate."""
    for row in rows[1:]:
        quarter = run.quarters.iloc[row["q"] - 1]
        for name, value in row["measures"].items():
            assert value == pytest.approx(float(quarter[name]), abs=5e-5), name
    told = [event["said"] for row in rows for event in row["events"]]
    names, known = names_in(run), known_of(run._lived.ready)
    marked = in_telling_order(follow(records(run.events), known))
    decided = {sentence(row, names)[:-1] for row in marked if row["kind"] in KINDS}
    rest = [said for said in told if said[:-1].removesuffix("; luck turned it") not in decided]
    story = narrative(run.events, names, important_only=False, known=known)
    lines = [line.strip() for line in story if line.startswith("  ")]
    assert len(told) - len(rest) == sum(row["kind"] in KINDS for row in marked)
    assert rest and set(rest) <= set(lines)
    kinds = {row["kind"] for row in marked} - set(KINDS)
    assert {event["kind"] for row in rows for event in row["events"]} >= kinds
    alive = run.councils[run.councils["alive"]]
    ends = {c["code"]: c["reserves"] for c in rows[-1]["councils"]}
    assert set(ends) == set(alive["code"])
    for code, value in zip(alive["code"], alive["reserves"], strict=True):
        assert ends[code] == pytest.approx(value, abs=0.005)


# --- the page shows what simulate computes -------------------------------------------------------


@pytest.mark.parametrize("seed", [1, 7])
def test_a_session_tells_the_events_and_the_outcomes_of_simulate(web, seed):
    rows = [row["a"] for row in seen(web, begin(web, seed))]
    same_as_simulate(rows, sim.simulate("norfolk", seed=seed))


def test_stepping_and_jumping_give_the_same_frames(web):
    stepped = begin(web)
    one_by_one = [seen(web, stepped, q, q)[0] for q in range(LAST + 1)]
    assert one_by_one == seen(web, begin(web))
    jumped = begin(web)
    assert seen(web, jumped, LAST, LAST)[0] == one_by_one[-1]
    assert seen(web, jumped, 3, 3)[0] == one_by_one[3]


def test_a_change_acts_from_its_day_on_and_nothing_before_it_moves(web):
    at = begin(web)
    before = seen(web, at)
    about = web.post(f"{at}/change", json={"side": "a", "act": CUT}).json()
    after = seen(web, at)
    assert after[:9] == before[:9]
    assert after[9:] != before[9:]
    assert about["sides"]["a"]["acts"][0]["said"] == (
        "1 April 2011: Funding shock: 10% of the settlement goes"
    )
    assert [force["settlement.shock"] for force in about["sides"]["a"]["in_force"]] == (
        [0.0] * 8 + [-0.1] * 17
    )


def test_a_lever_that_can_do_nothing_is_told_by_its_name_on_the_page(web):
    at = begin(web)

    def remarks(quarter, **values):
        set_ = {name.replace("__", "."): value for name, value in values.items()}
        act = {"side": "a", "act": {"at": quarter, "set": set_}}
        return web.post(f"{at}/change", json=act).json()["sides"]["a"]["remarks"]

    (said,) = remarks(17, grants__setup_pot=0.0, grants__exit_required=1.0)
    assert said.startswith("“Only with an exit strategy” can do nothing: ") and said.endswith(".")
    (said,) = remarks(18, grants__setup_pot=2.0)
    assert "can do next to nothing: “Study first, then the grant” asks for a paid study" in said
    assert remarks(18, grants__setup_pot=2.0, grants__staged=0.0) == []
    assert remarks(8, settlement__shock=-0.1) == []  # and what came later is undone


def test_one_lever_has_one_value_a_day(web):
    at = begin(web)
    both = {"grants.setup_pot": 2.0, "grants.staged": 0.0}
    for values in (both, {"grants.setup_pot": 3.0}, {"grants.setup_pot": 4.0}):
        act = {"at": 8, "set": values}
        about = web.post(f"{at}/change", json={"side": "a", "act": act}).json()
    held = [act["set"] for act in about["memo"]["a"]["acts"]]
    assert held == [{"grants.staged": 0.0}, {"grants.setup_pot": 4.0}]
    again = begin(web, acts=about["memo"]["a"]["acts"])
    assert seen(web, at) == seen(web, again)


def test_going_back_and_changing_undoes_what_was_tried_later(web):
    at = begin(web)
    for quarter, value in ((4, -0.05), (12, -0.2), (8, -0.1)):
        act = {"at": quarter, "set": {"settlement.shock": value}}
        about = web.post(f"{at}/change", json={"side": "a", "act": act}).json()
    assert [act["at"] for act in about["memo"]["a"]["acts"]] == [4, 8]
    fresh = begin(web, acts=about["memo"]["a"]["acts"])
    assert seen(web, at) == seen(web, fresh)


@pytest.mark.parametrize(
    "acts",
    [
        [{"at": 0, "set": {"grants.setup_pot": 3.0}}],
        [CUT, {"at": 10, "set": {"reorganisation.stance": "review", "terms.minimum": 2.0}}],
        [
            {"at": 5, "council": "E07000149", "what": "chief_executive_leaves"},
            {"at": 9, "council": "Norwich", "what": "control_changes", "control": "LD"},
        ],
        [{"at": 4, "set": {"grants.setup_pot": 2.0, "grants.staged": 0.0}}],
    ],
)
def test_the_scenario_file_of_a_session_gives_the_same_run_to_simulate(web, tmp_path, acts):
    at = begin(web, seed=5)
    seen(web, at)
    for act in acts:
        answer = web.post(f"{at}/change", json={"side": "a", "act": act})
        assert answer.status_code == 200, answer.text
    path = tmp_path / "tried.toml"
    path.write_bytes(web.get(f"{at}/scenario.toml").content)
    same_as_simulate([row["a"] for row in seen(web, at)], sim.simulate(path, seed=5))


def test_a_session_that_was_turned_has_the_bits_of_its_scenario_file(tmp_path):
    memo = session.Memo(seed=9, replicate=2, a=session.Side(scenario="norfolk"))
    held = session.Session(memo, lambda name: (name, load(name)))
    held.frames(0, LAST)
    for act in (
        {"at": 6, "set": {"settlement.shock": -0.15}},
        {"at": 11, "council": "Fenland", "what": "control_changes", "control": "IND"},
        {"at": 11, "set": {"grants.setup_pot": 4.0, "support.matchmaking": 0.7}},
    ):
        held.frames(0, LAST)
        held.change("a", changes.read_act(act))
    path = tmp_path / "tried.toml"
    path.write_text(held.toml("a"), encoding="utf-8")
    lived, run = held.lines["a"].at(LAST), sim.simulate(path, seed=9, replicate=2)
    for name, values in as_columns(lived.record).items():
        assert values.tobytes() == run.quarters[name].to_numpy().tobytes(), name
    assert lived.happened == len(run.events)
    assert lived.events["value"].tobytes() == run.events["value"].to_numpy().tobytes()
    for place, name in enumerate(sim.declared.measures.CONTRIBUTIONS):
        column = run.events[f"because_{name}"].to_numpy()
        assert lived.events["terms"][:, place].tobytes() == column.tobytes()


@pytest.fixture
def shared(web, tmp_path):
    """The path of a scenario file that a session which was turned has given away."""
    at = begin(web, seed=4)
    web.post(f"{at}/change", json={"side": "a", "act": CUT})
    path = tmp_path / "tried.toml"
    path.write_bytes(web.get(f"{at}/scenario.toml", params={"side": "a"}).content)
    return path


def test_a_shared_file_is_verified_by_a_command(shared):
    done = typer.testing.CliRunner().invoke(app, ["verify", str(shared)])
    assert (done.exit_code, "every bit" in done.stdout) == (0, True), done.stderr


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [("-0.1", "-0.2", "scenario changed"), ('"seed":4', '"seed":5', "suspect the file's proof"),
     ('"code":"', '"code":"0', "code changed")],
)  # fmt: skip
def test_a_shared_file_that_was_altered_is_found_out(shared, old, new, said):
    text = shared.read_text(encoding="utf-8")
    assert old in text
    shared.write_text(text.replace(old, new), encoding="utf-8")
    done = typer.testing.CliRunner().invoke(app, ["verify", str(shared)])
    assert said in " ".join(done.stdout.split())
    assert done.exit_code == (0 if "code" in said else 1)


@pytest.mark.parametrize("text", ['base = "norfolk"\n', 'base = "norfolk"\n# proof: {}\n'])
def test_a_file_without_a_sound_proof_is_refused(tmp_path, text):
    path = tmp_path / "plain.toml"
    path.write_text(text, encoding="utf-8")
    done = typer.testing.CliRunner().invoke(app, ["verify", str(path)])
    assert done.exit_code == 2


def test_the_memo_of_a_session_begins_it_again(web):
    at = begin(web, seed=3)
    about = web.post(f"{at}/change", json={"side": "a", "act": CUT}).json()
    again = web.post("/api/session", json=about["memo"]).json()
    assert seen(web, f"/api/session/{again['key']}") == seen(web, at)


def test_a_lever_holds_against_the_scenarios_own_later_changes(web):
    at = begin(web)  # norfolk's own pot for setting up closes on 1 April 2011
    act = {"at": 4, "set": {"grants.setup_pot": 2.0}}
    about = web.post(f"{at}/change", json={"side": "a", "act": act}).json()
    force = [row["grants.setup_pot"] for row in about["sides"]["a"]["in_force"]]
    assert force == [0.25] * 4 + [2.0] * 21


def test_side_by_side_agrees_with_two_runs_of_simulate_and_names_the_first_difference(web):
    at = begin(web, seed=7, b={"scenario": "match-making"})
    rows = seen(web, at)
    own, other = (sim.simulate(s, seed=7) for s in ("norfolk", POLICIES[1]))
    assert POLICIES[1].stem == "match-making"
    same_as_simulate([row["a"] for row in rows], own)
    same_as_simulate([row["b"] for row in rows], other)
    parted = web.get(f"{at}/frames", params={"from": LAST, "to": LAST}).json()["parted"]
    told = [
        [(row["q"], event["said"]) for row in rows for event in row[side]["events"]]
        for side in ("a", "b")
    ]
    first = next(mine[0] for mine, other in zip(*told, strict=False) if mine != other)
    assert 4 < parted["q"] <= first
    before = rows[: parted["q"]]
    assert all(row["a"]["events"] == row["b"]["events"] for row in before)
    assert all(row["a"]["measures"] == row["b"]["measures"] for row in before)


def test_where_two_sides_part_one_step_with_another_value_is_told_once(web):
    at = begin(web, seed=38, b={"scenario": "set-up-grants"})
    parted = web.get(f"{at}/frames", params={"from": LAST, "to": LAST}).json()["parted"]
    assert parted["only_a"] == parted["only_b"] == []
    assert parted["both"] == [
        "St Edmundsbury receives a grant from government towards setting up shared information "
        "technology. Paid: in A £250,000, in B £254,000."
    ]
    assert parted["weighed"] > 0


def test_where_the_same_things_happen_at_first_it_is_told_what_then_happens_otherwise(web):
    at = begin(web, seed=1, b={"scenario": "set-up-grants"})
    ask = {"from": LAST, "to": LAST}
    parted = web.get(f"{at}/frames", params=ask).json()["parted"]
    assert parted["only_a"] == parted["only_b"] == parted["both"] == [] and parted["weighed"] > 0
    then = parted["then"]
    assert then["only_a"] or then["only_b"] or then["both"]
    soon = web.get(f"{at}/frames", params={"from": 0, "to": parted["q"]}).json()["parted"]
    assert soon["q"] == parted["q"] and soon["then"] is None  # the page tells nothing of the future


def test_side_by_side_agrees_with_councils_compare_on_that_seed(web):
    from experiments.comparing.compare import compare

    at = begin(web, seed=6, b={"scenario": "set-up-grants"})
    last = seen(web, at, LAST, LAST)[0]
    gap = last["b"]["measures"]["net_saving"] - last["a"]["measures"]["net_saving"]
    found = compare(
        "norfolk", "set-up-grants", outcome="net_saving", matters=0.5, seed=6, ensemble=None
    )
    first = found.differences.query("replicate == 0")["net_saving"].item()
    assert gap == pytest.approx(first, abs=1e-4)
    assert first != 0


def test_without_a_difference_two_sides_never_part(web):
    at = begin(web, b={"scenario": "norfolk"})
    assert web.get(f"{at}/frames", params={"from": 0, "to": LAST}).json()["parted"] is None


def in_full(steps):
    """Return the lines of a history as the page is sent them, each with its account in words."""
    return [f"{step['said']} {step['why']}".rstrip() for step in steps]


def test_what_is_drawn_of_a_decision_is_sent_with_its_line(web):
    at, asked = begin(web), {"side": "a", "one": "E07000149", "two": "E07000143", "q": LAST}
    got = web.get(f"{at}/pair", params=asked).json()["lines"]
    drawn = [step for step in got if "bars" in step]
    assert drawn and all(step["why"] for step in drawn)
    for step in drawn:
        bars, sums = step["bars"], step["bars"]["sum"]
        assert step["why"].lower().endswith(sums.lower())
        assert all(abs(row["push"]) <= bars["most"] for row in bars["rows"])
        assert ("luck" in bars["rows"][-1]) is ("luck" in sums)


def test_explanations_are_the_words_of_why(web):
    at, run = begin(web), sim.simulate("norfolk", seed=1)
    a, b = "E07000149", "E07000143"
    known = known_of(prepared("norfolk"))
    got = web.get(f"{at}/pair", params={"side": "a", "one": a, "two": b, "q": LAST}).json()
    assert in_full(got["lines"]) == pair_history(run.events, names_in(run), a, b, known=known)
    failed = run.events[run.events["kind"] == "talks_fail"]["agreement"]
    for number in failed.iloc[:5]:
        got = web.get(f"{at}/deal", params={"side": "a", "n": int(number), "q": LAST}).json()
        told = failed_deal(run.events, names_in(run), int(number), known=known)
        assert got["text"] == told


def test_explanations_at_an_earlier_date_know_nothing_of_the_future(web):
    at, run = begin(web), sim.simulate("norfolk", seed=1)
    known = known_of(prepared("norfolk"))
    asks = run.events[(run.events["kind"] == "approaches") & (run.events["quarter"] < 7)]
    partners = [set(old.members) for old in known.standing.values()]
    pairs = zip(asks["council"], asks["other"], strict=True)
    a, b = next(pair for pair in pairs if not any(set(pair) <= each for each in partners))
    got = web.get(f"{at}/pair", params={"side": "a", "one": a, "two": b, "q": 7}).json()
    past = run.events[run.events["quarter"] < 7]
    assert in_full(got["lines"]) == pair_history(past, names_in(run), a, b, known=known)


# --- what is drawn -------------------------------------------------------------------------------


def test_savings_of_the_deals_that_are_drawn_add_up_to_those_that_are_measured():
    held = session.Session(
        session.Memo(seed=2, a=session.Side(scenario="norfolk")), lambda name: (name, load(name))
    )
    line = held.lines["a"]
    for q in (6, 15, 24):
        raw = line.at(q)
        drawn = frames.deals(line.ready, raw, roll_of(line.ready, raw.world)[0])
        record = raw.record[q - 1]
        for key, name in (("promised", "promised"), ("reported", "reported")):
            total = sum(row[key] for row in drawn if "reported" in row)
            assert total == pytest.approx(float(record[name]), abs=0.01)


def test_every_kind_of_event_has_a_place_among_the_news():
    text = sheet.read("feed.js")
    for kind in sim.declared.measures.KINDS:
        assert f'"{kind}"' in text, kind


def test_merged_councils_are_one_and_remember_what_they_were():
    acts = [session.Act(at=0, set={"reorganisation.stance": "mandated"})]
    memo = session.Memo(a=session.Side(scenario="norfolk-seven", acts=acts))
    held = session.Session(memo, lambda name: (name, load(name)))
    end = json.loads(held.frames(LAST, LAST))["frames"][0]["a"]
    was = [code for council in end["councils"] for code in council["was"]]
    assert len(end["councils"]) < 7
    assert len(was) == len(set(was)) == 7


def test_far_back_quarters_of_a_large_country_are_lived_again_the_same():
    held = session.Session(
        session.Memo(a=session.Side(scenario="england-districts")), lambda name: (name, load(name))
    )
    line = held.lines["a"]
    line.at(LAST)
    kept = set(line.kept)
    assert len(kept) < LAST
    missing = next(q for q in range(LAST) if q not in kept)
    fresh = session.Line(line.scenario, seed=1, replicate=0)
    assert line.at(missing).record.tobytes() == fresh.at(missing).record.tobytes()
    assert line.frame(missing) == fresh.frame(missing)


# --- what is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("act", "words"),
    [
        ({"at": 4, "set": {"grants.setup_pott": 1}}, "did you mean 'grants.setup_pot'"),
        ({"at": 4, "set": {"weighing.culture": 1}}, "there is no lever"),
        ({"at": 4, "set": {"settlement.path": "/etc/passwd"}}, "there is no lever"),
        ({"at": 4, "set": {"grants.setup_pot": 1e9}}, "give a number from 0 to 1000"),
        ({"at": 4, "set": {"grants.setup_pot": -1}}, "give a number from 0 to 1000"),
        ({"at": 4, "set": {"grants.setup_pot": "much"}}, "give a number"),
        ({"at": 4, "set": {"grants.setup_pot": [1]}}, "set.grants.setup_pot"),
        ({"at": 4, "set": {"reorganisation.stance": "soon"}}, "choose one of none"),
        ({"at": 4, "set": {"tax.limits": "fixed"}}, "choose one of"),
        ({"at": 4}, "give either levers to set"),
        ({"at": 4, "set": {}}, "at least one lever"),
        ({"at": 4, "set": {"grants.staged": 0.5}}, "1 for yes or 0 for no"),
        ({"at": LAST, "set": {"grants.setup_pot": 1}}, "the run is over"),
        ({"at": -1, "set": {"grants.setup_pot": 1}}, "at"),
        ({"set": {"grants.setup_pot": 1}}, "at"),
        ({"at": 4, "council": "Norwick", "what": "chief_executive_leaves"}, "Norwich"),
        ({"at": 4, "council": "Norwich", "what": "vanishes"}, "cannot befall"),
        ({"at": 4, "what": "chief_executive_leaves"}, "name the council"),
        ({"at": 4, "council": "Norwich", "what": "control_changes", "control": "X"}, "control"),
        ({"at": 0, "council": "Waveney", "what": "chief_executive_leaves"}, "shares its chief"),
        ("now", "the change"),
    ],
)
def test_a_change_that_cannot_be_is_refused_in_words_and_changes_nothing(web, act, words):
    at = begin(web)
    before = seen(web, at)
    answer = web.post(f"{at}/change", json={"side": "a", "act": act})
    assert answer.status_code == 400
    assert words in answer.json()["error"]
    assert seen(web, at) == before


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("frames?from=0&to=99", "between 0 and 24"),
        ("frames?from=5&to=2", "between 0 and 24"),
        ("frames?from=x&to=2", "whole number"),
        ("frames", "whole number"),
        ("deal?n=1", "whole number"),
        ("deal?n=1&q=77", "give 0 to 24"),
        ("pair?one=E07000149&two=nobody&q=3", "no council"),
        ("scenario.toml?side=b", "no side"),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused_in_words(web, path, words):
    answer = web.get(f"{begin(web)}/{path}")
    assert answer.status_code == 400
    assert words in answer.json()["error"]


@pytest.mark.parametrize(
    ("memo", "words"),
    [
        ({"a": {"scenario": "norfork"}}, "did you mean 'norfolk'"),
        ({"a": {"scenario": "/etc/passwd.toml"}}, "does not know"),
        ({"a": {"scenario": "norfolk"}, "seed": -1}, "seed is -1"),
        ({"a": {"scenario": "norfolk"}, "seed": 2**32}, "seed"),
        ({"a": {"scenario": "norfolk"}, "colour": "red"}, "colour"),
        ([], "the session"),
        ("norfolk", "the session"),
    ],
)
def test_a_session_that_cannot_be_is_refused_in_words(web, memo, words):
    answer = web.post("/api/session", json=memo)
    assert answer.status_code == 400
    assert words in answer.json()["error"]


def test_two_policies_need_one_clock():
    memo = session.Memo(a=session.Side(scenario="24"), b=session.Side(scenario="8"))
    with pytest.raises(InputError, match="one clock"):
        session.Session(memo, lambda name: (name, load("norfolk-seven", quarters=int(name))))


def test_bodies_that_are_huge_or_no_json_are_refused(web):
    as_json = {"content-type": "application/json"}
    huge = web.post("/api/session", content=b"[" + b"1," * 200_000, headers=as_json)
    assert huge.status_code == 400
    assert "larger than" in huge.json()["error"]
    for content in (b"{", b"\xff\xfe", b"[" * 50_000):
        assert web.post("/api/session", content=content, headers=as_json).status_code == 400
    assert web.post("/api/session", content=b"{}").status_code == 400


def test_a_dead_session_is_told_from_a_bad_question(web):
    at = begin(web)
    assert web.delete(at).status_code == 200
    answer = web.get(f"{at}/frames", params={"from": 0, "to": 0})
    assert answer.status_code == 404
    assert "put away" in answer.json()["error"]


def test_every_answer_has_strict_headers_and_no_file_but_its_own_is_handed_out(web):
    for path in ("/", "/static/page.css", "/api/about", "/api/session/none/frames"):
        policy = web.get(path).headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
    for path in ("/static/session.py", "/static/..%2fserver.py", "/static/page.html"):
        assert web.get(path).status_code == 404
    assert web.get("/", headers={"host": "evil.example"}).status_code == 400


def test_the_page_names_no_other_host():
    for name in ("page.html", *sheet.LIVE_STYLES, *sheet.LIVE, *sheet.REPLAY):
        found = re.findall(r"(?:https?:)?//[a-z][\w.-]+", sheet.read(name))
        assert set(found) <= {"http://www.w3.org"}, name


def test_a_room_needs_the_token():
    wish = server.Wish(host="0.0.0.0", token="secret")
    with serving(wish) as client:
        shut = client.get("/")
        assert shut.status_code == 403
        assert shut.headers["content-type"].startswith("text/html")
        assert "address that the program shows now" in shut.text
        assert client.get("/api/about").status_code == 403
        assert client.get("/?token=wrong").status_code == 403
        let_in = client.get("/?token=secret")
        assert (let_in.status_code, let_in.headers["location"]) == (303, "/")  # no token, no host
        assert "httponly" in let_in.headers["set-cookie"].lower()
        assert client.get("/").status_code == 200
        assert client.get("/api/about").status_code == 200  # by the cookie


# --- sessions ------------------------------------------------------------------------------------


def test_sessions_are_capped_and_put_away_when_idle():
    memo = session.Memo(a=session.Side(scenario="norfolk-seven"))
    held = session.Session(memo, lambda name: (name, load(name)))
    few = sessions.Sessions(most=2)
    keys = [few.add(held) for _ in range(2)]
    few.get(keys[0])
    third = few.add(held)
    with pytest.raises(sessions.Gone):
        few.get(keys[1])
    assert few.get(keys[0]) is few.get(third) is held
    idle = sessions.Sessions(idle=-1.0)
    with pytest.raises(sessions.Gone):
        idle.get(idle.add(held))


def test_sessions_that_hold_too_much_are_put_away_the_oldest_first():
    memo = session.Memo(a=session.Side(scenario="norfolk-seven"))
    held = [session.Session(memo, lambda name: (name, load(name))) for _ in range(3)]
    one = held[0].lines["a"].bytes
    few = sessions.Sessions(size=2 * one + one // 2)
    keys = [few.add(each) for each in held]
    assert few.get(keys[2]) is held[2]
    assert few.get(keys[1]) is held[1]
    with pytest.raises(sessions.Gone):
        few.get(keys[0])
    held[1].frames(0, LAST)
    few.get(keys[1])
    with pytest.raises(sessions.Gone):
        few.get(keys[2])


def test_two_sessions_do_not_touch_each_other(web):
    one, two = begin(web), begin(web)
    web.post(f"{one}/change", json={"side": "a", "act": CUT})
    assert seen(web, two) == seen(web, begin(web))
    assert seen(web, one) != seen(web, two)


def test_twenty_sessions_at_once_give_what_each_gives_alone(web):
    place = "norfolk-seven"
    alone = {seed: seen(web, begin(web, seed, place)) for seed in (1, 2)}
    got, errors = {}, []

    def live(k):
        try:
            at = begin(web, 1 + k % 2, place)
            got[k] = [seen(web, at, q, q)[0] for q in range(LAST + 1)]
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=live, args=(k,)) for k in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert all(rows == alone[1 + k % 2] for k, rows in got.items())
    assert len(got) == 20


@pytest.mark.slow
def test_twenty_sessions_that_play_for_a_minute_do_not_make_the_server_grow():
    """A room of twenty laptops: no error, and no more memory at the end than after the start."""
    if not Path("/proc/self/statm").exists():
        pytest.skip("memory is read from /proc")
    page_of_memory = 4096
    program = "from sim.page.command import serve; serve('norfolk', seed=1, port=0, browser=False)"
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        address = re.search(r"http://\S+", process.stdout.readline())[0]
        try:
            ticks, sizes, errors = [0] * 20, [], []
            end = time.monotonic() + 60

            def play(k):
                try:
                    with httpx.Client(base_url=address, timeout=60) as client:
                        while time.monotonic() < end:
                            at = begin(client, k)
                            for q in range(LAST + 1):
                                seen(client, at, q, q)
                                ticks[k] += 1
                            client.delete(at)
                except Exception as error:
                    errors.append(error)

            threads = [threading.Thread(target=play, args=(k,)) for k in range(20)]
            for thread in threads:
                thread.start()
            while time.monotonic() < end:
                time.sleep(5)
                statm = Path(f"/proc/{process.pid}/statm").read_text(encoding="ascii")
                sizes.append(int(statm.split()[1]) * page_of_memory / 1e6)
            for thread in threads:
                thread.join()
        finally:
            process.terminate()
    print(f"{sum(ticks) / 60:.0f} ticks a second for twenty; MB: {[round(size) for size in sizes]}")
    assert errors == []
    assert min(ticks) > LAST
    half = len(sizes) // 2
    assert max(sizes[half:]) < 1.15 * max(sizes[:half])


# --- lessons -------------------------------------------------------------------------------------


def book(name):
    return name, load(name)


def test_the_lessons_that_come_with_it_can_be_taught():
    found = [lesson.read_lesson(path, book) for path in lesson.shipped()]
    assert {one["name"] for one in found} == {path.stem for path in lesson.SHIPPED.glob("*.toml")}
    assert len(found) == 6
    for one in found:
        for step in one["steps"]:
            held = session.Session(session.read_memo(step["memo"]), book)
            held.frames(0, step["quarter"])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("title = ", "not a lesson in TOML"),
        ("title = 'x'", "step"),
        ("titel = 'x'", "did you mean 'title'"),
        ("title = 'x'\n[[step]]\nheding = 'y'", "did you mean 'heading'"),
        ("title = 'x'\n[[step]]\nheading = 'y'\nquarter = 99", "after the last"),
        ("title = 'x'\nscenario = 'norfork'\n[[step]]\nheading = 'y'", "norfolk"),
        ("title = 'x'\n[[step]]\nheading = 'y'\nlook = ['Norwick']", "Norwich"),
        (
            "title = 'x'\n[[step]]\nheading = 'y'\nact = [{ set = { 'grants.pot' = 1 } }]",
            "step 1",
        ),
        (
            "title = 'x'\n[[step]]\nheading = 'y'\nquarter = 4\n"
            "[[step]]\nheading = 'z'\nquarter = 2",
            "before that of the step before it",
        ),
    ],
)
def test_a_broken_lesson_is_refused_with_what_is_wrong(tmp_path, text, words):
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=re.escape(words)):
        lesson.read_lesson(path, book)
    with pytest.raises(InputError, match=re.escape(words)):
        serve("norfolk", seed=1, lesson=path, browser=False)


def test_the_example_of_the_lesson_page_can_be_taught(tmp_path):
    text = (ROOT / "docs" / "lessons.md").read_text(encoding="utf-8")
    block, bets = re.findall(r"```toml\n(.*?)```", text, flags=re.DOTALL)
    path = tmp_path / "mine.toml"
    path.write_text(f"{block}\n{bets}", encoding="utf-8")
    assert len(lesson.read_lesson(path, book)["steps"]) >= 2


# --- the file to take home -----------------------------------------------------------------------


def run_in(made):
    """Return the run in a file as its page unpacks it: each thing with all that it shows."""
    packed = re.search(rb'id="run">([A-Za-z0-9+/=]+)<', made)[1]
    run, held = json.loads(gzip.decompress(base64.b64decode(packed))), {}
    for row in run["frames"]:
        for side in set(row) - {"q"}:
            for kind, key in (("councils", "code"), ("deals", "n")):
                for place, one in enumerate(row[side][kind]):
                    whole = held.get((side, kind, one[key]), {}) | one
                    row[side][kind][place] = held[side, kind, one[key]] = whole
    return run


def test_a_replay_is_one_small_file_that_holds_the_run(tmp_path):
    out = tmp_path / "story.html"
    result = typer.testing.CliRunner().invoke(
        app, ["replay", "norfolk", "--seed", "4", "-o", str(out)]
    )
    assert result.exit_code == 0, result.output
    made = out.read_bytes()
    assert len(made) < 1_000_000
    assert b"<script src" not in made
    assert b'<link rel="stylesheet' not in made
    assert b"sha256-" in made
    kept = run_in(made)
    run = sim.simulate("norfolk", seed=4)
    same_as_simulate([row["a"] for row in kept["frames"]], run)
    assert kept["left_out"] == []


def test_a_replay_explains_at_every_date_what_the_page_explains(tmp_path):
    out = tmp_path / "story.html"
    replay("norfolk", seed=1, replicate=0, out=out)
    stories = run_in(out.read_bytes())["stories"]["a"]
    memo = session.Memo(seed=1, a=session.Side(scenario="norfolk"))
    held = session.Session(memo, book).lines["a"]
    for quarter in (0, 5, 11, 18, LAST):
        telling = held.telling(quarter)
        for number in {*telling.rows, *telling.alive}:
            told = [one for one in stories["deals"][str(number)] if one[0] <= quarter][-1]
            assert told[1:] == [telling.deal(number), telling.members(number)]
        for pair in list(stories["pairs"])[::7]:
            lines = [line for t, line in stories["pairs"][pair] if -1 <= t < quarter]
            page = telling.pair(*pair.split("|"))
            assert lines == [said for said in page if said in lines]
            assert len(lines) >= len(page) - 1  # but for how to read the numbers


@pytest.mark.parametrize(
    "scenario",
    [
        "england",
        pytest.param("england-districts", marks=pytest.mark.slow),
        pytest.param("synthetic", marks=pytest.mark.slow),
    ],
)
def test_a_large_run_leaves_out_what_it_needs_least_and_says_so(tmp_path, scenario):
    out, busy = tmp_path / "story.html", tmp_path / "busy.toml"
    busy.write_text(f'base = "{scenario}"\n[settlement]\ndepth = 2.0\n')
    assert replay(str(busy), seed=1, replicate=0, out=out) <= 1_000_000
    kept = run_in(out.read_bytes())
    assert kept["left_out"]
    assert kept["stories"]["a"]["pairs"] == {}
    kinds = {event["kind"] for row in kept["frames"] for event in row["a"]["events"]}
    assert {"signs", "talks_fail"} <= kinds
    assert "approaches" not in kinds


def test_a_run_that_is_too_large_even_so_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("sim.page.replay.BYTES_MOST", 90_000)
    with pytest.raises(InputError, match="fewer councils or quarters"):
        replay("norfolk", seed=1, replicate=0, out=tmp_path / "x.html")


def test_a_replay_is_the_same_file_every_time_and_never_overwrites(tmp_path):
    one, two = tmp_path / "one.html", tmp_path / "two.html"
    for out in (one, two):
        replay("norfolk-seven", seed=2, replicate=1, out=out, policy=None)
    assert one.read_bytes() == two.read_bytes()
    with pytest.raises(InputError, match="exists already"):
        replay("norfolk-seven", seed=2, replicate=1, out=one)


def test_the_button_hands_out_the_file_of_the_run_as_it_was_tried(web):
    at = begin(web, acts=[CUT], b={"scenario": "norfolk"})
    kept = run_in(web.get(f"{at}/story.html").content)
    assert kept["frames"] == seen(web, at)
    assert set(kept["stories"]) == {"a", "b"}


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (["page", "norfork"], "did you mean 'norfolk'"),
        (["page", "--port", "0"], "--port is 0"),
        (["page", "--seed", "-1"], "--seed is -1"),
        (["page", "--host", "256.0.0.1"], "cannot listen"),
        (["page", "--lesson", "none.toml"], "cannot be read"),
        (["page", "--boundaries", "none.geojson"], "cannot be read"),
        (["replay", "norfork", "-o", "x.html"], "did you mean 'norfolk'"),
        (["replay", "norfolk", "-o", "no/such/folder/x.html"], "cannot be written"),
    ],
)
def test_commands_refuse_what_they_cannot_use(given, words):
    result = typer.testing.CliRunner().invoke(app, given)
    assert result.exit_code == INVALID
    assert words in result.stderr


def test_outlines_are_read_by_code_and_kept_in_a_replay(tmp_path):
    ring = [[1.0, 52.4], [1.3, 52.4], [1.3, 52.6], [1.0, 52.4]]
    feature = {
        "type": "Feature", "properties": {"code": "E07000149"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }  # fmt: skip
    path, out = tmp_path / "mine.geojson", tmp_path / "story.html"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    given = ["replay", "norfolk-seven", "--boundaries", str(path), "-o", str(out)]
    assert typer.testing.CliRunner().invoke(app, given).exit_code == 0
    assert list(run_in(out.read_bytes())["outlines"]) == ["E07000149"]


@pytest.mark.parametrize("ring", [[[0.1, 52.1], None], [["a", "b"]], [], None, [[1.0]]])
def test_an_outline_that_is_none_is_refused_in_words(tmp_path, ring):
    feature = {
        "type": "Feature",
        "properties": {"code": "E07000149"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    path = tmp_path / "map.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    given = ["replay", "norfolk-seven", "--boundaries", str(path), "-o", str(tmp_path / "x.html")]
    told = typer.testing.CliRunner().invoke(app, given)
    assert told.exit_code == INVALID
    assert "E07000149" in told.output


def test_a_policy_of_ones_own_can_be_put_beside(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text('base = "norfolk"\ntitle = "Mine"\n')
    with serving(server.Wish(policies=[path])) as client:
        offered = client.get("/api/about").json()["scenarios"]
        assert {"name": "mine", "title": "Mine", "policy": True} in offered
        at = begin(client)
        answer = client.post(f"{at}/compare", json={"with": {"scenario": "mine"}})
        assert answer.status_code == 200
    path.write_text('base = "norfork"\n')
    with pytest.raises(InputError, match="norfolk"):
        server.application(server.Wish(policies=[path]))


def test_levers_on_the_page_are_declared_levers_with_label_unit_and_meaning():
    for row in changes.listing():
        assert row["form"] in {"percent", "pounds", "times", "years", "yes", "word"}
        assert row["label"] and row["unit"] and row["why"]
        assert changes.declared()[row["name"]].role == "lever"


def test_the_page_is_told_how_far_the_rules_are_compiled():
    with serving(server.Wish("norfolk-seven")) as client:
        assert client.get("/api/machine").json() == {"compiling": None}
        with waiting.shown_by(lambda share: None):
            waiting.tell(0.25)
            assert client.get("/api/machine").json() == {"compiling": 0.25}
            waiting.tell(None)
