"""What the page gives away can be used on another computer: scenario files, and links."""

import json
import tomllib
from urllib.parse import quote

import pytest
import tomli_w
from asking import at_once

from sim.declared.scenario import load, shipped
from sim.page import changes, files, session
from sim.proof import bits_of

CUT = {"at": 8, "set": {"settlement.shock": -0.1}}
LEFT = {"at": 9, "council": "Norwich", "what": "control_changes", "control": "LD"}


@pytest.mark.parametrize("name", shipped())
def test_a_scenario_written_out_whole_is_the_same_scenario(tmp_path, name):
    path = tmp_path / "whole.toml"
    path.write_text(tomli_w.dumps(files.whole(load(name))), encoding="utf-8")
    assert load(path).fingerprint() == load(name).fingerprint()
    assert "base" not in tomllib.loads(path.read_text(encoding="utf-8"))


def test_what_was_tried_on_a_trainers_own_scenario_needs_no_file_of_theirs(tmp_path):
    home, away = tmp_path / "home", tmp_path / "away"
    home.mkdir()
    away.mkdir()
    own = home / "mine.toml"
    own.write_text('base = "norfolk"\ntitle = "Mine \\" & ours"\n[grants]\nsetup_pot = 1.5\n',
                   encoding="utf-8")  # fmt: skip
    base = load(own)
    tried = changes.apply_acts(base, [changes.read_act(act) for act in (CUT, LEFT)])
    text = files.as_file(base, str(own), tried, seed=3, replicate=0)
    own.unlink()
    assert str(tmp_path) not in text
    (away / "tried.toml").write_text(text, encoding="utf-8")
    again = load(away / "tried.toml")
    assert again.fingerprint() == tried.fingerprint()
    assert again.title == 'Mine " & ours, as tried'


def test_a_session_of_ones_own_scenario_gives_away_a_whole_file(tmp_path):
    own = tmp_path / "mine.toml"
    own.write_text('base = "norfolk-seven"\n', encoding="utf-8")
    memo = session.Memo(a=session.Side(scenario="mine", acts=[changes.read_act(CUT)]))
    held = session.Session(memo, lambda name: (str(own), load(own)))
    assert str(tmp_path) not in held.toml("a")


def test_what_was_tried_on_a_scenario_of_the_project_stays_a_few_lines():
    base = load("norfolk")
    text = files.as_file(base, "norfolk", base, seed=1, replicate=0)
    assert tomllib.loads(text)["base"] == "norfolk"


# --- links ---------------------------------------------------------------------------------------

MEMO = {
    "seed": 7,
    "a": {"scenario": "norfolk", "acts": [CUT, LEFT]},
    "b": {"scenario": "match-making"},
}


@pytest.mark.parametrize("escaped", [True, False])
def test_a_link_is_verified_by_its_text_alone(tmp_path, escaped):
    text = json.dumps(MEMO)
    link = f"http://127.0.0.1:8642/#{quote(text) if escaped else text}"
    code, out, _ = at_once(tmp_path, "verify", link, "--json")
    found = json.loads(out)
    assert (code, found["same"], found["seed"]) == (0, True, 7)
    line = session.Line(
        changes.apply_acts(load("norfolk"), [changes.read_act(act) for act in (CUT, LEFT)]),
        seed=7, replicate=0,
    )  # fmt: skip
    assert found["bits"]["a"] == bits_of(line.at(24))
    assert found["bits"]["b"] != found["bits"]["a"]


def test_a_verified_link_shows_marks_to_compare(tmp_path):
    text = quote(json.dumps({"a": {"scenario": "norfolk-seven"}}))
    code, out, _ = at_once(tmp_path, "verify", f"#{text}")
    assert code == 0
    assert "the same to every bit" in " ".join(out.split())
    assert "Mark of side A: " in out


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ("http://127.0.0.1:8642/", "holds no run"),
        ("http://127.0.0.1:8642/#", "holds no run"),
        ("http://127.0.0.1:8642/#%7B%22seed", "damaged"),
        ("http://127.0.0.1:8642/#{}", "the session"),
        (f"#{json.dumps({'a': {'scenario': 'mine'}})}", "ask its maker"),
        (f"#{json.dumps({'seed': -1, 'a': {'scenario': 'norfolk'}})}", "seed is -1"),
    ],
)
def test_a_link_that_holds_no_run_is_refused(tmp_path, link, words):
    code, _, err = at_once(tmp_path, "verify", link)
    assert code == 2
    assert words in " ".join(err.split())
