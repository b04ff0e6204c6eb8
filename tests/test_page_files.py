"""What the page gives away can be used on another computer: scenario files, and links."""

import tomllib

import pytest

from sim.page import changes, files, session
from sim.scenario import load, shipped

CUT = {"at": 8, "set": {"settlement.shock": -0.1}}
LEFT = {"at": 9, "council": "Norwich", "what": "control_changes", "control": "LD"}


@pytest.mark.parametrize("name", shipped())
def test_a_scenario_written_out_whole_is_the_same_scenario(tmp_path, name):
    path = tmp_path / "whole.toml"
    path.write_text("\n".join(files.whole(load(name))), encoding="utf-8")
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
