"""A newcomer's mistakes with `councils compare`: help is followed to the letter, and works."""

import re
import shlex

import pytest
from typer.testing import CliRunner

from experiments.commands import policies  # noqa: F401 (adds the commands)
from experiments.commands.app import app
from experiments.comparing.mattering import smallest
from experiments.explaining.explain import explain
from experiments.studies.reading import read_plan
from sim.errors import InputError

SHORT = ("--quarters", "8", "--budget", "100", "--ensemble", "none")
TYPED = re.compile(r"councils compare [^(]*?(?=, for example| \(|, and|$)")


def invoke(*words):
    return CliRunner().invoke(app, ["compare", *words])


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refused(*words):
    """Return the one line that refuses some words; nothing is written."""
    found = invoke(*words)
    assert found.exit_code == 2, found.stdout
    assert found.stdout == "" and found.stderr.count("\n") == 1
    return found.stderr.strip()


def works(words):
    found = invoke(*words, *SHORT)
    assert found.exit_code == 0, found.stderr
    assert "replicates of seed 1" in found.stdout
    return found.stdout


@pytest.mark.parametrize(
    ("words", "said", "then"),
    [
        (["norfolk-seven"], "there is no policy to compare 'norfolk-seven' with", "set-up-grants"),
        (["norfolk-seven", "norfolk-seven"], "'norfolk-seven' is the base already",
         "set-up-grants"),
        (["norfolk-seven", "norfolk-seven", "free-tax"], "is the base already", "free-tax"),
        (["norfolk-seven", "free-tax", "free-tax"], "'free-tax' is named twice", "free-tax"),
        (["free-tax", "norfolk-seven"], "the base comes first", "free-tax"),
        (["free-tax", "match-making", "norfolk-seven"], "the base comes first",
         "free-tax match-making"),
        (["norfolk-seven", "england-districts"], "it is a scenario of its own, and no policy",
         "set-up-grants"),
        (["free-tax", "free-tax"], "'free-tax' is the base already", None),
    ],
)  # fmt: skip
def test_the_command_that_is_advised_can_be_typed_as_it_stands(words, said, then):
    told = refused(*words, *SHORT)
    assert said in told
    (typed,) = TYPED.findall(told)
    advised = shlex.split(typed)[2:]
    if then is not None:
        assert advised == ["norfolk-seven", *then.split()]
    works(advised)


def test_a_policy_whose_name_is_misspelt_is_found_by_its_neighbour():
    told = refused("norfolk-seven", "setup-grant")
    assert "there is no scenario or policy 'setup-grant'" in told
    (name,) = re.findall(r"did you mean '(.*?)'", told)
    works(["norfolk-seven", name])


def test_a_word_that_is_near_no_policy_gets_their_names():
    told = refused("norfolk-seven", "xyzzy")
    known = re.findall(r"known are: (.*?) \(", told)[0].split(", ")
    assert known[:3] == ["free-tax", "match-making", "set-up-grants"]
    works(["norfolk-seven", known[0]])


def test_a_file_without_its_ending_is_found(folder):
    (folder / "mine.toml").write_text("[search]\nbase_service = 0.5\n", encoding="utf-8")
    told = refused("norfolk-seven", "mine")
    (name,) = re.findall(r"did you mean the file '(.*?)'", told)
    works(["norfolk-seven", name])


def test_a_folder_in_place_of_a_policy_gets_a_file_or_a_policy(folder):
    (folder / "full").mkdir()
    (folder / "full" / "mine.toml").write_text("[search]\nbase_service = 0.5\n", encoding="utf-8")
    told = refused("norfolk-seven", "full")
    assert "is a folder and no policy" in told
    (name,) = re.findall(r"for example (\S+)", told)
    works(["norfolk-seven", name])
    (folder / "empty").mkdir()
    told = refused("norfolk-seven", "empty")
    (names,) = re.findall(r"name a policy \((.*?)\)", told)
    works(["norfolk-seven", *names.split(", ")])


def test_a_file_of_another_place_is_told_with_which_base_it_goes(folder):
    text = 'base = "norfolk-seven"\n[search]\nbase_service = 0.5\n'
    (folder / "mine.toml").write_text(text, encoding="utf-8")
    told = refused("england-districts", "mine.toml")
    assert "it is laid over 'norfolk-seven'" in told
    (typed,) = TYPED.findall(told)
    assert shlex.split(typed)[2:] == ["norfolk-seven", "mine.toml"]
    works(shlex.split(typed)[2:])
    (folder / "mine.toml").write_text("[places]\ncounties = ['Kent']\n", encoding="utf-8")
    told = refused("norfolk-seven", "mine.toml")
    assert "take `base` and [places] out of 'mine.toml'" in told
    (folder / "mine.toml").write_text("[search]\nbase_service = 0.5\n", encoding="utf-8")
    works(["norfolk-seven", "mine.toml"])


def test_a_file_that_lasts_another_time_is_told_how_long_all_can_last(folder):
    text = 'base = "norfolk-seven"\nquarters = 6\n[search]\nbase_service = 0.5\n'
    (folder / "mine.toml").write_text(text, encoding="utf-8")
    told = refused("norfolk-seven", "mine.toml")
    (quarters,) = re.findall(r"add (--quarters \d+)", told)
    found = invoke("norfolk-seven", "mine.toml", *quarters.split(), *SHORT[2:])
    assert found.exit_code == 0, found.stderr


def test_an_outcome_that_is_misspelt_is_found_by_its_neighbour():
    told = refused("norfolk-seven", "free-tax", "--outcome", "net savings", "--matters", "0.5")
    (name,) = re.findall(r"did you mean '(.*?)'", told)
    found = invoke("norfolk-seven", "free-tax", "--outcome", name, "--matters", "0.5", *SHORT)
    assert found.exit_code == 0, found.stderr


@pytest.mark.parametrize(
    ("given", "outcome", "meant"),
    [
        ("0.5m", "net_saving", 0.5),
        ("£0.5m", "net_saving", 0.5),
        ("0,5", "net_saving", 0.5),
        ("500k", "net_saving", 0.5),
        ("£1,200k", "net_saving", 1.2),
        ("0.5 million", "net_saving", 0.5),
        ("£200,000", "net_saving", 0.2),
        ("200,000", "net_saving", 0.2),
        ("£1,500,000", "net_saving", 1.5),
        ("1,234,567", "net_saving", 1.234567),
        ("£0.5 million a year", "true_saving", 0.5),
        ("0,125", "net_saving", 0.125),
        ("3 agreements", "agreements", 3.0),
    ],
)
def test_a_number_with_a_unit_or_a_comma_is_told_as_a_number(given, outcome, meant):
    words = ["norfolk-seven", "free-tax", "--outcome", outcome]
    told = refused(*words, "--matters", given)
    (advised,) = re.findall(r"--matters ([\d.]+)$", told)
    assert float(advised) == pytest.approx(meant, rel=1e-15)
    assert float(advised) == smallest(advised, outcome)
    found = invoke(*words, "--matters", advised, *SHORT)
    assert found.exit_code == 0, found.stderr


@pytest.mark.parametrize(
    ("given", "outcome", "meant"),
    [
        ("2bn", "net_saving", "2000"),
        ("1,000", "agreements", "1000"),
        ("2k", "agreements", "2000"),
        ("1,234,567", "agreements", "1234567"),
    ],
)
def test_a_large_number_is_told_with_all_its_figures(given, outcome, meant):
    with pytest.raises(InputError, match=rf"--matters {meant}$"):
        smallest(given, outcome)


@pytest.mark.parametrize("given", ["-2 million", "\u2212£0.5m"])
def test_less_than_nothing_is_not_taken_for_more(given):
    with pytest.raises(InputError, match=r"above 0, in million pounds") as raised:
        smallest(given, "net_saving")
    assert "--matters 2" not in str(raised.value)


def test_pounds_in_place_of_million_pounds_are_asked_about_before_any_verdict(folder):
    words = ["norfolk-seven", "match-making", "--outcome", "net_saving", "--matters"]
    told = refused(*words, "200000", *SHORT)
    assert "is that £200,000? Then give --matters 0.2" in told
    assert not list((folder / "results").glob("compare*"))
    assert invoke(*words, "0.2", *SHORT).exit_code == 0
    assert "more than 1,000 times" in refused(
        "norfolk-seven", "free-tax", "--outcome", "agreements", "--matters", "1e6", *SHORT
    )


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("savings", ["true_saving", "net_saving", "public_net"]),
        ("council tax", ["tax_paid"]),
        ("money", ["public_net"]),
        ("failures", ["talks_failed"]),
        ("Reserves", ["reserves"]),
        ("true saving", ["true_saving"]),
    ],
)
def test_an_outcome_is_found_by_what_people_call_it_wherever_it_is_asked_for(word, meant):
    told = refused("norfolk-seven", "free-tax", "--outcome", word, "--matters", "1")
    assert re.findall(r"'(\w+)'", told.split("did you mean")[1])[: len(meant)] == meant
    with pytest.raises(InputError) as explained:
        explain("norfolk-seven", "free-tax", outcome=word)
    assert str(explained.value) in told


def test_a_plan_gets_the_same_help_with_its_outcomes(folder):
    text = (
        'title = "t"\nscenario = "norfolk-seven"\nreplicates = 2\noutcomes = ["savings"]\n'
        '[design]\nkind = "latin"\npoints = 2\n[uncertainties]\n"talks.pace" = {}\n'
    )
    (folder / "p.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="outcomes: 'savings' is no measure: did you mean 'true_"):
        read_plan("p.toml")


def test_what_matters_alone_gets_the_whole_command_back():
    told = refused("norfolk-seven", "free-tax", "--matters", "1", "--set", "talks.pace=0.7",
                   "--quarters", "8", "--seed", "4")  # fmt: skip
    assert "--matters 1 --set talks.pace=0.7 --quarters 8 --seed 4 (" in told


def test_explain_says_that_it_takes_one_policy():
    found = CliRunner().invoke(app, ["explain", "norfolk", "set-up-grants", "match-making"])
    assert found.exit_code == 2
    assert "councils explain takes one policy" in found.stderr
    assert "in quotes" not in found.stderr


@pytest.mark.parametrize("given", ["half", "", "m", "5%", "5 percent", "5 to 10", "£0"])
def test_what_is_no_number_is_told_the_unit(given):
    with pytest.raises(InputError, match=r"give a number.*in million pounds"):
        smallest(given, "net_saving")


def test_a_mistake_is_the_same_in_one_outcome_and_in_a_scorecard():
    one = refused("norfolk-seven", "setup-grant", "--outcome", "ended", "--matters", "1")
    assert one == refused("norfolk-seven", "setup-grant")


def test_block_budget_and_quarters_are_checked_for_a_scorecard_too():
    for option, value in (("--budget", "99"), ("--block", "0"), ("--quarters", "0"),
                          ("--seed", "-1")):  # fmt: skip
        assert f"{option} is {value}" in refused("norfolk-seven", "free-tax", option, value)
