"""A new user's mistakes on the command line: what the error advises is done, and it works."""

import json
import re
import shlex
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from asking import at_once

from sim.declared.scenario import load

ROOT = Path(__file__).parents[1]
OWN = 'base = "norfolk-seven"\nquarters = 2\n'
RUN = "--runs 2 --no-figures"


@pytest.fixture
def desk(tmp_path):
    """Return a folder as a new user has it."""
    (tmp_path / "mine").mkdir()
    for name in ("first.toml", "second.toml"):
        (tmp_path / "mine" / name).write_text(OWN, encoding="utf-8")
    (tmp_path / "seven.toml").write_text(OWN, encoding="utf-8")
    (tmp_path / "own.txt").write_text(OWN, encoding="utf-8")
    (tmp_path / "capitals.TOML").write_text(OWN, encoding="utf-8")
    return tmp_path


def first(pattern, said):
    found = re.search(pattern, said)
    assert found is not None, said
    return found[1]


def named(said):
    """Return what an error asks about, or the first file that it names."""
    return first(r"(?:did you mean|in it:) '([^']+)'", said)


FOLLOWED = {
    "a name in capitals": (
        "run Norfolk-Seven {run}",
        lambda old, said: old.replace("Norfolk-Seven", named(said)),
    ),
    "a misspelt name": (
        "story norfolk-svn --quarters 2",
        lambda old, said: old.replace("norfolk-svn", named(said)),
    ),
    "a name with an ending": (
        "story norfolk-seven.toml --quarters 2",
        lambda old, said: old.replace(
            "norfolk-seven.toml", first(r"write (\S+), without .toml", said)
        ),
    ),
    "a folder": ("run mine {run}", lambda old, said: old.replace("run mine", f"run {named(said)}")),
    "a folder as a file": ("story mine/", lambda old, said: old.replace("mine/", named(said))),
    "a file that is not in the folder": (
        "story mine/frist.toml",
        lambda old, said: old.replace("mine/frist.toml", named(said)),
    ),
    "a path without its ending": (
        "story mine/first",
        lambda old, said: old.replace("mine/first", named(said)),
    ),
    "backslashes": (
        r"story 'mine\first.toml'",
        lambda old, said: old.replace(
            r"mine\first.toml", first(r"write '([^']+)', with forward", said)
        ),
    ),
    "a number without its section": (
        "story seven.toml --set fashion=0.2",
        lambda old, said: old.replace("fashion=0.2", first(r"write (\S+)$", said)),
    ),
    "a misspelt number": (
        "story seven.toml --set search.fashoin=0.2",
        lambda old, said: old.replace("search.fashoin", named(said)),
    ),
    "a misspelt section": (
        "story seven.toml --set serach.fashion=0.2",
        lambda old, said: old.replace("serach", named(said)),
    ),
    "quarters as a number": (
        "story seven.toml --set quarters=1",
        lambda old, said: old.replace("--set quarters=1", first(r"option: (.*)$", said)),
    ),
    "a decimal comma": (
        "story seven.toml --set talks.pace=0,5",
        lambda old, said: old.replace("0,5", first(r"write (\S+)$", said)),
    ),
    "a unit": (
        "story seven.toml --set grants.setup_pot=0.5m",
        lambda old, said: old.replace("0.5m", first(r"write (\S+)$", said)),
    ),
    "percent": (
        "story seven.toml --set settlement.shock=-10%",
        lambda old, said: old.replace("-10%", first(r"write (\S+)$", said)),
    ),
    "a value after a space": (
        "story --set talks.pace 0.5 --quarters 2",
        lambda old, said: old.replace(
            "talks.pace 0.5", first(r"section.name(=\S+)$", said).replace("=", "talks.pace=")
        ),
    ),
    "a word that is none": (
        "story seven.toml --set reorganisation.stance=mandate",
        lambda old, said: old.replace("mandate", first(r" or '(\w+)' \(given", said)),
    ),
    "a council's name without quotes": (
        "why South Norfolk Breckland --quarters 2",
        lambda old, said: old.replace("South Norfolk", first(r'why ("[^"]+") Breckland', said)),
    ),
    "a misspelt council": (
        'why "South Norflok" Breckland --quarters 2',
        lambda old, said: old.replace("South Norflok", named(said)),
    ),
    "a council of today": (
        'why Norwich "East Suffolk" --scenario england --quarters 1',
        lambda old, said: old.replace("East Suffolk", first(r"of ([^:]+) and Waveney: name", said)),
    ),
    "a misspelt list": ("parameters serach", lambda old, said: old.replace("serach", named(said))),
    "a number for a section": (
        "parameters pace",
        lambda old, said: old.replace("pace", named(said)),
    ),
}


@pytest.mark.parametrize("mistake", FOLLOWED)
def test_who_does_what_the_error_says_gets_an_answer(mistake, desk):
    given, follow = FOLLOWED[mistake]
    words = given.format(run=RUN)
    status, out, err = at_once(desk, *shlex.split(words))
    assert status == 2 and out == ""
    again = follow(words, " ".join(err.split()).replace(" ╰", ""))
    assert again != words
    status, out, err = at_once(desk, *shlex.split(again))
    assert status == 0 and out, err


@pytest.mark.slow
def test_the_same_in_a_real_shell(desk):
    """The advice is written into the shell as it stands."""

    def ask(line):
        done = subprocess.run(
            line,
            shell=True,
            cwd=desk,
            capture_output=True,
            text=True,
            check=False,
            env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "HOME": str(desk)},
        )
        return done.returncode, done.stdout, done.stderr

    councils = f"{sys.executable} -m council_partnering"
    status, out, err = ask(f"{councils} story mine --set fashion=0.2")
    assert (status, out) == (2, "") and err.count("\n") == 1
    file = first(r"in it: ('[^']+')", err)  # with its quotes, as it is written there
    status, out, err = ask(f"{councils} story {file} --set fashion=0.2")
    assert (status, out) == (2, "") and err.count("\n") == 1
    better = first(r"write (\S+)$", err.strip())
    status, out, err = ask(f"{councils} story {file} --set {better}")
    assert status == 0 and "2 quarters from April 2009" in out, err


def test_a_file_of_another_kind_is_told_for_what_it_is(desk):
    for name in ("own.txt", "capitals.TOML"):
        status, _, err = at_once(desk, "story", name)
        assert status == 2 and "ends in .toml (in small letters)" in err
        (desk / name).rename(desk / "renamed.toml")
        assert at_once(desk, "story", "renamed.toml")[0] == 0
    (desk / "councils.csv").write_text("code\n")
    status, _, err = at_once(desk, "story", "councils.csv")
    assert status == 2 and 'with [places] and table = "councils.csv"' in err


def test_a_base_that_is_not_there_is_told_with_the_file_that_names_it(desk):
    (desk / "seven.toml").write_text('base = "norfolk-svn"\n', encoding="utf-8")
    status, _, err = at_once(desk, "story", "seven.toml")
    assert status == 2 and "seven.toml': base: there is no scenario 'norfolk-svn'" in err
    assert "did you mean 'norfolk-seven'?" in err


def test_quotes_of_a_word_on_the_command_line_are_not_part_of_it():
    plain = load("norfolk", sets=["reorganisation.stance=mandated"])
    assert load("norfolk", sets=['reorganisation.stance="mandated"']) == plain


def test_remarks_on_what_is_given_go_to_stderr_and_into_json(desk):
    (desk / "rich.toml").write_text(f"{OWN}[places]\nnumber = 9\n", encoding="utf-8")
    words = ("run", "rich.toml", "--runs", "2", "--no-figures", "--json")
    status, out, err = at_once(desk, *words)
    said = "places.number can do nothing"
    assert status == 0 and f"Note on rich: {said}" in err
    assert [each for each in json.loads(out)["remarks"] if said in each]


@pytest.fixture
def taken():
    """Return a port that another program has, so that a page that is let through stops there."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield str(other.getsockname()[1])


@pytest.mark.parametrize("command", ["page", "replay"])
def test_a_policy_of_another_place_is_refused_at_once_and_its_own_base_is_right(
    command, desk, taken
):
    page = ("page", "norfolk", "--no-browser", "--port", taken)
    words = page if command == "page" else ("replay", "norfolk", "--out", "run.html")
    words = (*words, "--policy", "seven.toml")

    def let_through(*words):
        status, _, err = at_once(desk, *words)
        (desk / "run.html").unlink(missing_ok=True)
        return status == 0 or "the page cannot listen" in err

    (desk / "seven.toml").write_text('base = "norfolk-seven"\n', encoding="utf-8")
    status, out, err = at_once(desk, *words)
    assert (status, out) == (2, "") and not (desk / "run.html").exists()
    assert "'seven.toml' cannot be shown beside 'norfolk': it is about other councils" in err
    own = first(r"beside its own base: (\S+)$", err.strip())
    assert let_through(*(own if word == "norfolk" else word for word in words))
    base = first(r"begin it with (base = \S+),", err)
    (desk / "seven.toml").write_text(f"{base}\n", encoding="utf-8")
    assert let_through(*words)


def test_a_policy_of_another_time_is_refused_at_once(desk, taken):
    words = ("page", "--no-browser", "--port", taken, "--policy", "seven.toml")
    (desk / "seven.toml").write_text('base = "norfolk"\nquarters = 3\n', encoding="utf-8")
    status, _, err = at_once(desk, *words)
    assert status == 2 and "cannot be shown beside" in err
    start, quarters = (first(rf"({key} = [\d-]+)", err) for key in ("start", "quarters"))
    (desk / "seven.toml").write_text(f'base = "norfolk"\n{start}\n{quarters}\n')
    assert "the page cannot listen" in at_once(desk, *words)[2]


@pytest.mark.parametrize(
    "words",
    [
        ("story", "set-up-grants"),
        ("why", "Norwich", "Broadland", "--scenario", "set-up-grants"),
        ("run", "set-up-grants", "--runs", "2", "--no-figures"),
        ("replay", "set-up-grants", "--policy", "match-making", "--out", "two.html"),
    ],
)
def test_a_policy_of_the_project_is_known_by_its_name(words, desk):
    status, _, err = at_once(desk, *words)
    assert (status, err) == (0, "")


@pytest.mark.parametrize("command", ["compare norfolk", "run", "story"])
def test_a_file_that_is_not_written_yet_is_told_to_be_and_no_pyproject_is_offered(command, desk):
    (desk / "pyproject.toml").write_text("[project]\n", encoding="utf-8")
    _, _, err = at_once(desk, *command.split(), "grants.toml")
    assert "no scenario file 'grants.toml' in '" in err and "': write it first (docs/sc" in err
    assert "'seven.toml'" in err and "pyproject" not in err
    (desk / "seven.toml").unlink()
    _, _, err = at_once(desk, *command.split(), "grants.toml")
    assert err.endswith("write it first (docs/scenarios.md)\n")


@pytest.mark.parametrize("command", ["compare suffolk set-up-grants", "compare norfolk Suffolk",
                                     "run suffolk", "page suffolk"])  # fmt: skip
def test_a_county_of_the_data_is_told_how_a_scenario_is_about_it(command, desk):
    status, _, err = at_once(desk, *command.split())
    places = first(r"(counties = \[\S+\])", err)
    assert status == 2 and places == 'counties = ["Suffolk"]'
    (desk / "suffolk.toml").write_text(f"[places]\n{places}\n", encoding="utf-8")
    assert len(load(desk / "suffolk.toml").places.counties) == 1
    status, _, err = at_once(desk, "story", "suffolk.toml", "--quarters", "1")
    assert (status, err) == (0, "")


def test_a_number_without_its_section_is_told_with_it_in_a_change_too(desk):
    change = "[[change]]\nwhen = 2009-07-01\nset = {{ {} = 2.0 }}\n"
    (desk / "own.toml").write_text(OWN + change.format("setup_pot"), encoding="utf-8")
    status, _, err = at_once(desk, "story", "own.toml")
    assert status == 2 and "unknown number 'setup_pot'" in err
    better = first(r"write (\S+)$", err.strip())
    (desk / "own.toml").write_text(OWN + change.format(better), encoding="utf-8")
    assert at_once(desk, "story", "own.toml")[0] == 0
