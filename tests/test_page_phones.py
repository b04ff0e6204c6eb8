"""The room over HTTP: two doors, bets, councils that phones decide for, and many phones at once."""

import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from types import SimpleNamespace

import pytest

from sim.declared.scenario import load
from sim.errors import InputError
from sim.page import bets, changes, lesson, replay, server, session
from sim.page.room import deciding, doors, hall, known, seats, streams
from sim.page.room.aims import CARDS, read_aims
from sim.proof import bits_of
from sim.ready.kept import prepared
from sim.running import luck_of, run_arrays

httpx = pytest.importorskip("httpx")
uvicorn = pytest.importorskip("uvicorn")

ROOT = Path(__file__).parents[1]
PROGRAM = "import experiments.commands.page; from experiments.commands.app import app; app()"
BRECKLAND, NORTH, SOUTH = "E07000143", "E07000147", "E07000149"
SHARE = {"ask": "Will they share?", "share": ["Breckland", "South Norfolk"], "when": "2012-10-01"}


def book(name):
    return name, load(name)


@contextmanager
def room():
    """Serve a page with a room at a free port; provide its trainer, and more phones."""
    held = hall.Hall(doors.Doors("trainer-token", "room-token", "CDGH"), "http://10.0.0.1:8642/")
    listening = socket.create_server(("127.0.0.1", 0))
    wish = server.Wish(host="0.0.0.0", token=held.doors.trainer, hall=held)
    made = uvicorn.Server(uvicorn.Config(server.application(wish), log_level="warning"))
    held.over = lambda: made.should_exit
    thread = threading.Thread(target=made.run, kwargs={"sockets": [listening]})
    thread.start()
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    clients = []

    def client(token=None, path="/"):
        clients.append(httpx.Client(base_url=address, timeout=60, verify=False))
        if token:
            assert clients[-1].get(f"{path}?token={token}").status_code == 303
        return clients[-1]

    def phone():
        return Phone(client("room-token", "/r"))

    try:
        yield SimpleNamespace(hall=held, trainer=Trainer(client("trainer-token")), phone=phone,
                              client=client)  # fmt: skip
    finally:
        made.should_exit = True
        thread.join(20)
        assert not thread.is_alive()  # streams end when the program stops
        for each in clients:
            each.close()
        listening.close()


class Trainer:
    """The trainer's page, as its scripts ask."""

    def __init__(self, client):
        self.client = client

    def begin(self, **more):
        memo = {"seed": 1, "a": {"scenario": "norfolk", "acts": []}, **more}
        self.key = self.client.post("/api/session", json=memo).json()["key"]

    def ask(self, bet, q):
        return self.client.post(f"/api/session/{self.key}/bet", json={"q": q, "bet": bet})

    def show(self, q, side="a"):
        body = {"key": self.key, "side": side, "q": q, "title": "Norfolk"}
        assert self.client.post("/api/room/shown", json=body).status_code == 200

    def decide(self, q):
        body = {"key": self.key, "side": "a", "q": q}
        return self.client.post("/api/room/decide", json=body).json()["about"]

    def told(self):
        return first(self.client, "/api/room/trainer")


class Phone:
    """A phone, as its script asks."""

    def __init__(self, client):
        self.client = client
        self.name = self.ask("sit")["name"]

    def ask(self, what, /, **body):
        answer = self.client.post(f"/api/room/{what}", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def refused(self, what, /, **body):
        answer = self.client.post(f"/api/room/{what}", json=body)
        assert answer.status_code in (400, 403, 404)
        return answer.json()["error"]

    def told(self):
        return first(self.client, "/api/room/phone")


def first(client, path):
    """Return the first message of a stream."""
    with client.stream("GET", path) as stream:
        assert stream.status_code == 200
        for line in stream.iter_lines():
            if line.startswith("data: {"):
                return json.loads(line.removeprefix("data: "))
    raise AssertionError("a stream without a message")


@pytest.fixture(scope="module")
def open_room():
    with room() as made:
        yield made


# --- two doors -----------------------------------------------------------------------------------


def test_phones_come_in_by_square_or_letters_and_no_token_stays_in_the_address(open_room):
    by_square = open_room.client()
    let_in = by_square.get("/r?token=room-token")
    assert (let_in.status_code, let_in.headers["location"]) == (303, "/r")
    assert "httponly" in let_in.headers["set-cookie"].lower()
    stranger = open_room.client()
    front = stranger.get("/", headers={"Host": "evil.example"})
    assert (front.status_code, front.headers["location"]) == (303, "/r")  # never the asker's host
    assert stranger.post("/api/room/sit", json={}).json() == {"name": None}
    wrong = stranger.post("/api/room/enter", json={"code": "XXXX"})
    assert wrong.status_code == 400 and "not the code of this room" in wrong.json()["error"]
    assert stranger.post("/api/room/enter", json={"code": " cdgh"}).status_code == 200
    assert stranger.post("/api/room/sit", json={}).json()["name"]


def test_a_phone_may_only_look_bet_and_decide(open_room):
    open_room.trainer.begin()
    phone, key = open_room.phone(), open_room.trainer.key
    for method, path in (
        ("GET", "/api/about"), ("POST", "/api/session"), ("GET", f"/api/session/{key}/frames"),
        ("POST", f"/api/session/{key}/change"), ("DELETE", f"/api/session/{key}"),
        ("POST", "/api/room/shown"), ("POST", "/api/room/decide"), ("POST", "/api/room/reopen"),
        ("POST", "/api/room/fresh"), ("GET", "/api/room/trainer"), ("GET", "/api/room/qr.svg"),
        ("GET", "/static/start.js"),
    ):  # fmt: skip
        body = {"json": {}} if method == "POST" else {}
        assert phone.client.request(method, path, **body).status_code == 403, path
    assert open_room.client().post("/api/room/bet", json={}).status_code == 403
    assert open_room.client().get("/api/room/phone").status_code == 403


@pytest.mark.parametrize("path", ["/", "/r", "/r/", "/nothing", "/api/nothing", "/r/static/no.js"])
def test_every_answer_has_the_strict_headers_and_no_redirect_a_host(open_room, path):
    for client in (open_room.client(), open_room.trainer.client):
        answer = client.get(path, headers={"Host": "evil.example"})
        for name in ("content-security-policy", "x-content-type-options", "referrer-policy"):
            assert name in answer.headers, path
        assert "evil" not in answer.headers.get("location", "")
        assert client.put(path).headers["x-content-type-options"] == "nosniff"


def test_a_phone_loads_less_than_60_kb_in_all(open_room):
    phone = open_room.client("room-token", "/r")
    page = phone.get("/r")
    names = [part.split('"')[1] for part in page.text.split("<")
             if part.startswith(("link rel=\"stylesheet", "script"))]  # fmt: skip
    files = [part.split('="')[-1].split('"')[0] for part in page.text.split()
             if "/r/static/" in part]  # fmt: skip
    assert len(files) == len(names) == 4
    assert len(page.content) + sum(len(phone.get(name).content) for name in files) < 60_000


def test_the_code_is_no_word_and_guesses_are_counted():
    made = {doors.new_doors().code for _ in range(200)}
    assert all(
        len(set(code)) == len(code) == 4 and not set(code) & set("AEIOUYLSZBQV") for code in made
    )
    assert len(made) > 150
    tries = doors.Tries(most=3)
    for _ in range(3):
        with pytest.raises(InputError, match="not the code"):
            tries.check("NNNN", "CDGH")
    with pytest.raises(InputError, match="too many wrong codes"):
        tries.check("CDGH", "CDGH")
    forgiving = doors.Tries(most=1, seconds=0.0)
    for _ in range(3):
        with pytest.raises(InputError, match="not the code"):
            forgiving.check("NNNN", "CDGH")


def test_the_trainer_is_given_a_square_code_of_the_rooms_address_and_no_more(open_room):
    square = open_room.trainer.client.get("/api/room/qr.svg")
    assert square.headers["content-type"].startswith("image/svg+xml") and b"<path" in square.content
    assert square.content == doors.square("http://10.0.0.1:8642/r?token=room-token")
    door = open_room.trainer.client.get("/api/room/door").json()
    assert door == {"code": "CDGH", "address": "http://10.0.0.1:8642/"}


# --- seats ---------------------------------------------------------------------------------------


def test_seats_have_names_from_the_server_keep_them_and_are_bounded(monkeypatch):
    some = seats.Seats(most=100)
    first_seat = some.sit("")
    names = {first_seat.name, *(some.sit("").name for _ in range(99))}
    assert len(names) == 100
    assert some.sit(first_seat.key) is first_seat
    with pytest.raises(InputError, match="the room is full"):
        some.sit("")
    first_seat.heard -= 2 * seats.AWAY_SECONDS
    late = some.sit("")
    assert late.number == first_seat.number and some.get(first_seat.key) is None


def test_a_council_is_one_phones_until_that_falls_silent():
    some = seats.Seats()
    one, two, three = (some.sit("") for _ in range(3))
    some.take(one, "X")
    some.take(two, "X")
    assert one.holds and not two.holds and some.holder("X") is one
    one.heard -= 2 * seats.AWAY_SECONDS
    some.take(three, "X")
    assert three.holds and not one.holds
    some.take(three, None)
    assert some.holder("X") is None and three.council is None


# --- bets ----------------------------------------------------------------------------------------


def test_the_room_bets_before_play_and_the_run_decides(open_room):
    trainer, (yes, no) = open_room.trainer, (open_room.phone(), open_room.phone())
    trainer.begin()
    trainer.show(10)
    about = trainer.ask(SHARE, 10).json()
    assert about["memo"]["bets"][0]["at"] == 14
    trainer.show(10)
    bet = yes.told()["bet"]
    assert bet["open"] and bet["answers"] == ["Yes", "No"] and bet["counts"] is None
    yes.ask("bet", bet=bet["key"], answer=1)
    yes.ask("bet", bet=bet["key"], answer=0)  # another mind before play
    no.ask("bet", bet=bet["key"], answer=1)
    assert trainer.told()["bet"]["counts"] == [1, 1]
    assert "no answer 7" in yes.refused("bet", bet=bet["key"], answer=7)
    trainer.show(11)
    assert "closed" in no.refused("bet", bet=bet["key"], answer=0)
    assert yes.told()["bet"]["true"] is None and yes.told()["score"] == {"right": 0, "of": 0}
    trainer.show(14)
    truth = yes.told()["bet"]["true"]
    frame = trainer.client.get(f"/api/session/{trainer.key}/frames?from=14&to=14").json()
    deals = frame["frames"][0]["a"]["deals"]
    together = any({BRECKLAND, SOUTH} <= set(d["who"]) and d["kind"] != "talks" for d in deals)
    assert truth == (0 if together else 1)
    scores = [phone.told()["score"] for phone in (yes, no)]
    assert sorted(score["right"] for score in scores) == [0, 1]
    assert all(score["of"] == 1 for score in scores)
    assert trainer.client.post("/api/room/fresh", json={}).status_code == 200
    assert yes.told()["score"]["of"] == 0


def test_a_bet_of_the_trainers_own_is_marked_by_the_trainer(open_room):
    trainer, phone = open_room.trainer, open_room.phone()
    trainer.begin()
    trainer.ask({"ask": "Who leaves first?", "answers": ["Norwich", "Breckland", "nobody"]}, 0)
    trainer.show(0)
    bet = phone.told()["bet"]
    phone.ask("bet", bet=bet["key"], answer=2)
    trainer.show(3)
    assert phone.told()["bet"]["true"] is None
    path = f"/api/session/{trainer.key}/mark"
    assert trainer.client.post(path, json={"bet": 0, "true": 2}).status_code == 200
    assert trainer.client.post(path, json={"bet": 0, "true": 3}).status_code == 400
    trainer.show(3)
    assert phone.told()["bet"]["true"] == 2 and phone.told()["score"] == {"right": 1, "of": 1}


def test_a_bet_about_an_outcome_is_decided_by_its_value_and_changes_no_bit():
    asked = bets.read_bet({"ask": "?", "outcome": "promised", "above": 2.0, "when": "2012-10-01"},
                          load("norfolk"), 10)  # fmt: skip
    memo = session.Memo(a=session.Side(scenario="norfolk"), bets=[asked])
    held = session.Session(memo, book)
    value = json.loads(held.lines["a"].frame(14))["measures"]["promised"]
    assert held.answers("a", 13) == [None] and held.answers("a", 14) == [int(not value > 2.0)]
    plain = run_arrays(prepared("norfolk"), luck=luck_of(1, 0))
    assert bits_of(held.lines["a"].at(24)) == bits_of(plain)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "answers is missing|ask is missing"),
        ({"ask": "?", "answers": ["one"]}, "give 2 to 4"),
        ({"ask": "?", "answers": list("abcde")}, "give 2 to 4"),
        ({"ask": "?", "answers": ["a", "a"]}, "the same"),
        ({"ask": "?", "answers": ["a", " "]}, "1 to 60 letters"),
        ({"ask": "?", "answers": ["a", "b"], "when": "2012-01-01"}, "needs share or outcome"),
        ({"aks": "?"}, "unknown key 'aks'.*ask"),
        (SHARE | {"share": ["Breckland"]}, "name two councils"),
        (SHARE | {"when": "soon"}, "write a date"),
        (SHARE | {"when": "2011-10-01"}, "give a date from 2012-01-01 to 2015-04-01"),
        (SHARE | {"when": "2031-10-01"}, "give a date from"),
        (SHARE | {"answers": ["a", "b", "c"]}, "give two answers"),
        (SHARE | {"outcome": "promised", "above": 1.0}, "not both"),
        ({"ask": "?", "outcome": "promised", "when": "2012-10-01"}, "belong together"),
        ({"ask": "?", "outcome": "promise", "above": 1, "when": "2012-10-01"}, "promised"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_bet_is_told(given, said):
    with pytest.raises(InputError, match=f"^bet: .*({said})"):
        bets.read_bet(given, load("norfolk"), 10)


def test_a_lesson_asks_bets_and_a_mistake_names_its_step(tmp_path):
    path = tmp_path / "mine.toml"
    text = """
        title = "Bets"
        [[step]]
        heading = "One"
        quarter = 4
        bet = { ask = "Shared?", share = ["Breckland", "South Norfolk"], when = 2012-10-01 }
        [[step]]
        heading = "Two"
        quarter = 8
        bet = { ask = "Who?", answers = ["A", "B"] }
    """
    path.write_text(text, encoding="utf-8")
    steps = lesson.read_lesson(path, book)["steps"]
    assert [len(step["memo"]["bets"]) for step in steps] == [1, 2]
    assert steps[0]["memo"]["bets"][0] == {
        "ask": "Shared?", "answers": ["Yes", "No"], "asked": 4, "share": [BRECKLAND, SOUTH],
        "at": 14,
    }  # fmt: skip
    path.write_text(text.replace("2012-10-01", "2010-01-01"), encoding="utf-8")
    with pytest.raises(InputError, match=r"mine.toml', step 1: bet: when is 2010-01-01"):
        lesson.read_lesson(path, book)


def test_a_bet_in_a_link_that_no_run_can_decide_has_no_answer_and_breaks_nothing(open_room):
    odd = {"ask": "?", "answers": ["a", "b"], "asked": 0, "at": 4, "outcome": "x", "above": 1.0}
    open_room.trainer.begin(bets=[odd, odd | {"at": 99}, odd | {"outcome": None, "share": ["Z"]}])
    path = f"/api/session/{open_room.trainer.key}/bets?side=a&q=8"
    assert open_room.trainer.client.get(path).json() == {"true": [None, None, 1]}
    bad = {"seed": 1, "a": {"scenario": "norfolk", "acts": []}, "bets": [odd | {"answers": []}]}
    assert open_room.trainer.client.post("/api/session", json=bad).status_code == 400


def test_a_file_to_take_home_holds_the_bets_and_what_came_true():
    asked = bets.read_bet(SHARE, load("norfolk"), 10)
    held = session.Session(session.Memo(a=session.Side(scenario="norfolk"), bets=[asked]), book)
    told = json.loads(held.frames(0, 24))
    run = replay.whole_run(held, told, 0)
    assert run["bets"] == {"a": held.answers("a", 24)} and run["bets"]["a"] != [None]
    assert run["about"]["memo"]["bets"][0]["ask"] == SHARE["ask"]


# --- being a council -----------------------------------------------------------------------------


def asked_at(line, quarter, code=BRECKLAND):
    return deciding.items(line, quarter, code)


def test_a_council_knows_its_own_money_and_beliefs_and_nothing_that_is_true():
    held = session.Session(session.Memo(a=session.Side(scenario="norfolk")), book)
    line = held.lines["a"]
    told = known.knows(line, 10, BRECKLAND)
    row = known.row_of_council(json.loads(line.frame(10)), BRECKLAND)
    assert set(told) == {"name", "control", "money", "deals", "thinks"}
    assert told["money"] == {name: row[name] for name in known.MONEY}
    assert not {"saving", "culture", "quality"} & set(told["money"])
    assert told["deals"] and told["thinks"]
    assert {key for deal in told["deals"] for key in deal} == {
        "title", "stage", "talks", "with", "promised", "estimate",
    }  # fmt: skip
    assert any(deal["promised"] != deal["estimate"] for deal in told["deals"])
    assert known.knows(line, 10, "E99999999") is None


def test_a_phone_decides_for_its_council_and_the_run_stays_a_scenario_file(open_room, tmp_path):
    trainer, phone, other = open_room.trainer, open_room.phone(), open_room.phone()
    trainer.begin()
    trainer.show(10)
    phone.ask("council", council=BRECKLAND)
    other.ask("council", council=BRECKLAND)
    told = phone.told()
    talks = next(one for one in told["asked"] if "walks_out" in one["options"])
    assert told["you"]["holds"] and told["front"] and told["knows"]["name"] == "Breckland"
    assert not other.told()["you"]["holds"] and other.told()["you"]["holder"] == phone.name
    assert "no council" in other.refused("choose", item=talks["key"], what="walks_out")
    assert "not asked" in phone.refused("choose", item="E07000000 waste", what="says_no")
    assert "not asked" in phone.refused("choose", item=talks["key"], what="chief_executive_leaves")
    phone.ask("choose", item=talks["key"], what="walks_out")
    seat = next(one for one in trainer.told()["seats"] if one["name"] == phone.name)
    assert seat["decided"] == 1 and seat["council"] == "Breckland"
    about = trainer.decide(10)
    partner, scope = talks["key"].split()
    assert about["memo"]["a"]["acts"] == [
        {"at": 10, "council": BRECKLAND, "what": "walks_out", "partner": partner, "scope": scope}
    ]
    assert trainer.decide(10) is None  # once
    trainer.show(11)
    came = phone.told()["came"]
    assert "You walked away" in came["decided"][0]["did"]
    assert "though it would have stayed" in came["decided"][0]["model"]
    assert "thought that it and you work" in came["decided"][0]["other"]
    assert phone.told()["chosen"] == {}
    path = tmp_path / "tried.toml"
    path.write_text(trainer.client.get(f"/api/session/{trainer.key}/scenario.toml").text)
    again = run_arrays(prepared(load(path)), luck=luck_of(1, 0))
    held = open_room.hall.shown.session
    assert bits_of(again) == bits_of(held.lines["a"].at(24))


def test_who_is_called_is_asked_and_a_yes_or_no_is_what_happens():
    held = session.Session(session.Memo(a=session.Side(scenario="norfolk")), book)
    line, tried = held.lines["a"], 0
    calls = [i for i in asked_at(line, 10) if "asks you to talk" in i.said]
    assert {i.name for i in calls} == {"Forest Heath", "South Norfolk"}
    for what, kind in (("says_yes", "talks_begin"), ("says_no", "refuses")):
        for item in calls:
            fresh = session.Session(session.Memo(a=session.Side(scenario="norfolk")), book)
            fresh.change("a", deciding.act_of(BRECKLAND, item, what, 10))
            events = json.loads(fresh.lines["a"].frame(11))["events"]
            both = [e for e in events if set(e["who"][:2]) >= {BRECKLAND, other_code(fresh, item)}]
            assert kind in {e["kind"] for e in both}, (item, what)
            tried += 1
    assert tried == 4


def other_code(held, item):
    return known.row_of_council(json.loads(held.lines["a"].frame(10)), item.partner)["code"]


def test_nobody_decides_while_the_trainer_looks_back(open_room):
    trainer, phone = open_room.trainer, open_room.phone()
    trainer.begin()
    for q in (10, 12, 10):
        trainer.show(q)
    phone.ask("council", council=NORTH)
    told = phone.told()
    assert not told["front"] and told["asked"] == []
    trainer.show(12)
    assert phone.told()["front"]


# --- targets and cards ---------------------------------------------------------------------------

AIMS = [
    {"outcome": "promised", "most": False, "bound": 6.0, "at": 20},
    {"outcome": "mergers", "most": True, "bound": 0, "at": 24},
]


def test_each_tables_cards_are_lived_on_the_same_luck_and_a_league_tells(open_room):
    trainer, rich, poor = open_room.trainer, open_room.phone(), open_room.phone()
    trainer.begin()
    trainer.show(4)
    here = {"key": trainer.key, "side": "a", "q": 4}
    trainer.client.post("/api/room/fresh", json={})
    assert "no targets" in rich.refused("cards", cards=["match"])
    assert trainer.client.post("/api/room/aims", json=here | {"aims": AIMS}).status_code == 200
    game = rich.told()["game"]
    assert game["said"][0].endswith("at least 6 on 1 April 2014") and not game["closed"]
    assert "3 cards" in rich.refused("cards", cards=["match", "lessons", "ict", "tax"])
    assert "no card 'gold'" in rich.refused("cards", cards=["gold"])
    rich.ask("cards", cards=["match", "studies"])
    assert rich.told()["game"]["mine"] == ["match", "studies"]
    assert poor.told()["game"]["result"] is None
    assert trainer.client.post("/api/room/play-cards", json=here).status_code == 200
    assert "are played" in rich.refused("cards", cards=[])
    told = rich.told()["game"]["result"]
    base = load("norfolk")
    sets = {"support.matchmaking": 1.0, "grants.feasibility_pot": 1.0}
    own = changes.apply_acts(base, [changes.Act(at=4, set=sets)])
    for held, scenario in ((told, own), (poor.told()["game"]["result"], base)):
        run = run_arrays(prepared(scenario), luck=luck_of(1, 0))
        values = [float(run.record[19]["promised"]), float(run.record[23]["mergers"])]
        assert held["values"] == pytest.approx(values, abs=5e-5)
        assert held["met"] == [values[0] >= 6.0, values[1] <= 0]
    league = trainer.told()["game"]["league"]
    assert {row["name"] for row in league} == {rich.name, "no card at all"}
    reached = [sum(row["result"]["met"]) for row in league]
    assert reached == sorted(reached, reverse=True)
    trainer.begin()  # another run: its targets are still to be set
    trainer.show(4)
    assert rich.told()["game"] is None


@pytest.mark.parametrize(
    ("aims", "said"),
    [
        ([], "set one to 3"),
        ([{"outcome": "promise", "bound": 1, "at": 20}], "no outcome 'promise'"),
        ([{"outcome": "promised", "bound": 1, "at": 4}], "choose a date after"),
        ([{"outcome": "promised", "at": 20}], "bound"),
    ],
)
def test_a_mistake_in_a_target_is_told(aims, said):
    with pytest.raises(InputError, match=said):
        read_aims(aims, 4, 24)


def test_every_card_is_a_lever_of_the_page_at_a_value_that_it_takes():
    for card in CARDS.values():
        changes.apply_acts(load("norfolk"), [changes.Act(at=4, set=dict(card.set))])


# --- nothing stops the room ----------------------------------------------------------------------


def test_a_phone_has_one_stream_and_comes_back_to_its_seat(open_room):
    phone = open_room.phone()
    with phone.client.stream("GET", "/api/room/phone") as old:
        lines = old.iter_lines()
        assert next(lines).startswith("data:")
        assert phone.told()["you"]["name"] == phone.name
        rest = list(lines)  # the older stream ends by itself
        assert not any(line.startswith("data: {") for line in rest)
    assert phone.ask("sit")["name"] == phone.name


def test_streams_beat_and_end_by_themselves(open_room, monkeypatch):
    monkeypatch.setattr(streams, "BEAT_SECONDS", 0.3)
    monkeypatch.setattr(streams, "STREAM_SECONDS", 1.5)
    phone = open_room.phone()
    with phone.client.stream("GET", "/api/room/phone") as stream:
        assert list(stream.iter_lines()).count("event: beat") >= 2


def test_a_request_that_does_not_come_to_its_end_is_refused(open_room, monkeypatch):
    from sim.page import answers

    monkeypatch.setattr(answers, "BODY_SECONDS", 0.3)
    client = open_room.phone().client

    def slowly():
        yield b"{"
        time.sleep(1.0)
        yield b"}"

    answer = client.post("/api/room/bet", content=slowly(),
                         headers={"content-type": "application/json"})  # fmt: skip
    assert answer.status_code == 400 and "took longer" in answer.json()["error"]


def test_forty_phones_follow_bet_and_decide_at_once(open_room):
    trainer = open_room.trainer
    trainer.begin()
    trainer.show(10)
    trainer.ask(SHARE, 10)
    trainer.show(10)
    phones = [open_room.phone() for _ in range(40)]
    heard = [[] for _ in phones]

    def listen(phone, told):
        with phone.client.stream("GET", "/api/room/phone") as stream:
            for line in stream.iter_lines():
                if line.startswith("data: {"):
                    told.append(json.loads(line.removeprefix("data: ")))
                    if told[-1]["when"]["day"] == "1 January 2012":
                        return

    threads = [
        threading.Thread(target=listen, args=each) for each in zip(phones, heard, strict=True)
    ]
    for thread in threads:
        thread.start()
    until(lambda: all(heard))
    codes = [council["code"] for council in heard[0][0]["councils"]]
    bet = heard[0][0]["bet"]["key"]
    for n, phone in enumerate(phones):
        with httpx.Client(
            base_url=phone.client.base_url, cookies=phone.client.cookies, verify=False
        ) as more:
            assert (
                more.post("/api/room/council", json={"council": codes[n % 17]}).status_code == 200
            )
            assert more.post("/api/room/bet", json={"bet": bet, "answer": n % 2}).status_code == 200
    until(lambda: sum(trainer.told()["bet"]["counts"]) == 40)
    assert trainer.told()["bet"]["counts"] == [20, 20]
    assert sum(seat["holds"] for seat in trainer.told()["seats"]) >= 17
    trainer.show(11)
    for thread in threads:
        thread.join(20)
    assert all(told[-1]["when"]["day"] == "1 January 2012" for told in heard)


def until(true, seconds=20):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.1)


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is read from /proc")
def test_forty_phones_for_ten_minutes_leave_the_memory_flat():
    seconds = float(os.environ.get("ROOM_SECONDS", "600"))
    with program() as (process, base, token, code):
        trainer = httpx.Client(base_url=base, timeout=60, verify=False)
        trainer.get(f"/?token={token}")
        page = Trainer(trainer)
        phones = [listening_phone(base, code) for _ in range(40)]
        end, sizes = time.monotonic() + seconds, []
        while time.monotonic() < end:
            page.begin()
            for q in range(0, 25, 2):
                page.show(q)
                page.ask(SHARE, q) if q < 12 else None
                time.sleep(0.4)
            trainer.post("/api/room/fresh", json={})
            trainer.delete(f"/api/session/{page.key}")  # as the page does when it begins another
            sizes.append(int(Path(f"/proc/{process.pid}/statm").read_text().split()[1]) * 4)
        print("kB by round:", sizes)
        assert all(phone.is_alive() for phone in phones)
        third = len(sizes) // 3
        assert max(sizes[-third:]) < max(sizes[third:-third]) + 20_000


def listening_phone(base, code):
    """Return the thread of a phone that listens as long as the program is there."""
    client = httpx.Client(base_url=base, timeout=60, verify=False)
    client.post("/api/room/enter", json={"code": code})
    client.post("/api/room/sit", json={})

    def listen():
        with suppress(httpx.TransportError), client.stream("GET", "/api/room/phone") as stream:
            for _ in stream.iter_lines():
                pass

    made = threading.Thread(target=listen, daemon=True)
    made.start()
    return made


@contextmanager
def program():
    """Start `councils page --room`; provide its process, address, token and letters."""
    command = [sys.executable, "-c", PROGRAM, "page", "--room", "--host", "127.0.0.1",
               "--no-browser"]  # fmt: skip
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        said = process.stdout.readline() + process.stdout.readline()
        base, token = re.search(r"(http://\S+)/\?token=(\S+)", said).groups()
        try:
            yield process, base, token, re.search(r"type (\w{4})", said)[1]
        finally:
            process.terminate()
