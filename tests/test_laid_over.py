"""A policy is a set of differences: laid over any base, with what does not go with it told."""

import json
from datetime import date

import pytest
from typer.testing import CliRunner

from experiments.commands import policies, runs  # noqa: F401 (add the commands)
from experiments.commands.app import app
from experiments.comparing.compare import compare
from experiments.policies.finding import POLICIES, find_all, find_policy
from experiments.reports.report import report
from sim.declared.reading import parse
from sim.declared.scenario import SHIPPED, Change, load
from sim.errors import InputError

OWN = sorted(path.stem for path in POLICIES.glob("*.toml"))
BASES = sorted(path.stem for path in SHIPPED.glob("*.toml"))
SMALL = ("--budget", "100", "--ensemble", "none")


def invoke(*words):
    return CliRunner().invoke(app, list(words))


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(folder, name, text):
    (folder / name).write_text(text, encoding="utf-8")
    return name


@pytest.mark.parametrize("policy", OWN)
@pytest.mark.parametrize("base", BASES)
def test_every_policy_of_the_project_goes_over_every_scenario(base, policy):
    first, second = (found.scenario for found in find_all(base, [policy]))
    assert first == load(base)
    kept = {"name", "title", "about", "parameters", "change"}
    assert first.model_dump(exclude=kept) == second.model_dump(exclude=kept)
    own = [Change.model_validate(each) for each in parse(POLICIES / f"{policy}.toml")["change"]]
    assert second.change == [*first.change, *own]
    assert second.name == policy and second.title == find_policy(policy).title


def test_over_the_scenario_that_its_file_names_it_is_what_it_was():
    for policy in OWN:
        (_, found) = find_all("norfolk", [policy])
        assert found.scenario == find_policy(policy)
    (_, found) = find_all(load("norfolk"), ["set-up-grants"])
    assert found.scenario.fingerprint() == find_policy("set-up-grants").fingerprint()


def test_beside_another_policy_it_is_laid_over_the_same_scenario_and_not_over_that_policy():
    found = find_all("set-up-grants", ["match-making"])
    alone = [find_policy(name) for name in ("set-up-grants", "match-making")]
    assert [each.scenario for each in found] == alone


def test_what_is_dated_before_the_start_holds_from_the_start_and_that_is_told(folder):
    late = write(folder, "late.toml", 'start = 2015-04-01\nquarters = 4\n[places]\n'
                 'table = "synthetic"\nnumber = 12\n')  # fmt: skip
    base = load(late)
    _, found = find_all(late, ["match-making"])
    own = [each for each in found.scenario.change if each not in base.change]
    assert [change.when for change in own] == [date(2015, 4, 1)]
    told = invoke("compare", late, "match-making", *SMALL)
    assert told.exit_code == 0, told.stderr
    note = "its change of 2010-04-01 lies before the start and holds from 2015-04-01"
    assert f"Note on match-making: {note}." in told.stderr


def test_what_is_dated_after_the_end_is_told(folder):
    told = invoke("compare", "norfolk-seven", "set-up-grants", "--quarters", "5", *SMALL)
    assert "the run ends before [[change]] of 2011-04-01" in told.stderr


def test_what_a_later_change_of_that_base_undoes_is_told_of_that_base(folder):
    base = write(folder, "base.toml", 'base = "norfolk-seven"\nquarters = 12\n[[change]]\n'
                 'when = 2011-01-01\nset = { "support.matchmaking" = 0.0 }\n')  # fmt: skip
    told = invoke("compare", base, "match-making", *SMALL)
    assert told.exit_code == 0, told.stderr
    assert "support.matchmaking is 1.0 from 2010-04-01 only until 2011-01-01, when [[change]] in " \
           "base sets it to 0.0" in told.stderr  # fmt: skip


def test_a_file_of_differences_without_a_base_is_laid_over_whatever_it_is_compared_with(folder):
    mine = write(folder, "mine.toml", "[search]\nfashion = 0.3\n")
    for base in ("norfolk-seven", "synthetic"):
        first, second = (found.scenario for found in find_all(base, [mine]))
        assert second.places == first.places
        assert second.parameters.search.fashion == 0.3
        assert second.parameters.search.chance == first.parameters.search.chance
    with pytest.raises(InputError, match="does not say which councils take part"):
        find_all(mine, ["set-up-grants"])


# --- --set and --quarters -------------------------------------------------------------------------


def test_a_name_with_its_dot_outside_quotes_is_read_in_differences_too(folder):
    change = "[[change]]\nwhen = 2010-04-01\nset = {{ {} = 2.0 }}\n"
    dotted = write(folder, "dotted.toml", change.format("grants.setup_pot"))
    quoted = write(folder, "quoted.toml", change.format('"grants.setup_pot"'))
    _, one, other = (each.scenario for each in find_all("norfolk", [dotted, quoted]))
    assert one.change == other.change and one.change[-1].set == {"grants.setup_pot": 2.0}


def test_a_path_whose_backslashes_were_read_as_letters_is_told_in_differences_too(folder):
    own = write(folder, "own.toml", '[settlement]\npath = "data\\table.csv"\n')
    with pytest.raises(InputError, match=r"write 'data/table\.csv', with forward slashes"):
        find_all("norfolk", [own])


def test_set_is_laid_over_the_base_and_every_policy_alike(folder):
    made = find_all("norfolk-seven", ["set-up-grants", "free-tax"], sets=["search.fashion=0.31"])
    assert {each.scenario.parameters.search.fashion for each in made} == {0.31}
    words = ("compare", "norfolk-seven", "set-up-grants", "--quarters", "8", *SMALL)
    plain = json.loads(invoke(*words, "--json").stdout)
    other = json.loads(invoke(*words, "--set", "search.base_service=0.5", "--json").stdout)
    assert plain["asked"]["base"] != other["asked"]["base"]
    assert "--set search.base_service=0.5" in other["next"]["command"]
    mean = {each["outcome"]: each["base_mean"] for each in other["results"]}["agreements"]
    again = compare("norfolk-seven", "set-up-grants", quarters=8, budget=100,
                    sets=["search.base_service=0.5"], ensemble=None)  # fmt: skip
    assert {row["outcome"]: row["base_mean"] for row in again.rows}["agreements"] == mean


def test_the_remarks_on_set_are_those_of_run_and_told_once(folder):
    sets = ("--set", "talks.patience=9")
    ran = invoke("run", "norfolk-seven", "--runs", "1", "--quarters", "8", "--no-figures", *sets)
    told = invoke("compare", "norfolk-seven", "set-up-grants", "free-tax", "--quarters", "8",
                  *SMALL, *sets)  # fmt: skip
    assert ran.exit_code == told.exit_code == 0, told.stderr
    remark = "talks.patience is 9, outside its plausible range"
    assert ran.stderr.count(remark) == told.stderr.count(remark) == 1


def test_a_number_of_a_policy_that_set_overrides_is_told(folder):
    mine = write(folder, "mine.toml", "[search]\nfashion = 0.3\n")
    told = invoke("compare", "norfolk-seven", mine, "--set", "search.fashion=0.2", "--quarters",
                  "8", *SMALL)  # fmt: skip
    assert "search.fashion = 0.3 is overridden by --set, for all alike" in told.stderr
    assert "and none could" in told.stdout  # the two are the same


def test_a_run_that_fails_is_repeated_with_the_same_numbers(folder, monkeypatch):
    from experiments import ends
    from sim.running import luck_of

    true = ends.measured

    def faulty(ready, *, luck, **how):
        if ready.scenario.name == "free-tax" and luck == luck_of(1, 41):
            raise ValueError("planted")
        return true(ready, luck=luck, **how)

    monkeypatch.setattr(ends, "measured", faulty)
    told = invoke("compare", "norfolk-seven", "set-up-grants", "free-tax", *SMALL,
                  "--quarters", "8", "--set", "search.fashion=0.2")  # fmt: skip
    assert told.exit_code == 1
    line = "councils explain norfolk-seven free-tax --set search.fashion=0.2 --quarters 8"
    line = f"{line} --seed 1 --replicate 41"
    assert line in told.stdout
    monkeypatch.setattr(ends, "measured", true)
    again = invoke(*line.split()[1:])
    assert again.exit_code == 0 and "replicate 41" in again.stdout


# --- what a policy is called ----------------------------------------------------------------------


def test_a_policy_without_a_title_is_called_by_its_file(folder):
    """And not by the title of the scenario that its file names as its base."""
    mine = write(folder, "mine.toml", 'base = "norfolk-seven"\n[search]\nbase_service = 0.5\n')
    bare = write(folder, "bare.toml", "[search]\nbase_service = 0.9\n")
    told = invoke("compare", "norfolk-seven", mine, bare, "--quarters", "8", *SMALL,
                  "--out", "c")  # fmt: skip
    assert told.exit_code == 0, told.stderr
    assert "mine, less the base:" in told.stdout and "bare, less the base:" in told.stdout
    assert told.stdout.count("Norfolk's seven districts") == 1  # the base
    made = report(folder / "c", None, force=True)
    assert "“mine” and “bare”" in made.contents.question
    assert load(mine).title == load(mine).about == ""
    one = compare(
        "norfolk-seven", mine, outcome="services", matters=50, quarters=8, budget=100, ensemble=None
    )
    assert one.rows[0]["title"] == "mine"


def test_scenarios_of_one_title_are_called_by_their_names():
    seven = find_policy("norfolk-seven").model_copy(update={"quarters": 8})
    other = seven.model_copy(update={"name": "other"})
    first, second = (found.scenario for found in find_all(seven, [other]))
    assert (first.title, second.title) == (seven.title, "")


def test_the_page_calls_it_so_too(folder):
    from sim.page.book import Book

    mine = write(folder, "mine.toml", 'base = "norfolk-seven"\n[search]\nbase_service = 0.5\n')
    book = Book("norfolk-seven", [folder / mine])
    titles = {each["name"]: each["title"] for each in book.listing()}
    assert titles["mine"] == "mine"
    assert titles["norfolk-seven"] == load("norfolk-seven").title


# --- files that do not stand upon each other ------------------------------------------------------


def test_a_file_that_is_not_built_upon_the_base_is_told_so_and_how_to_lay_it_over(folder):
    own = 'base = "norfolk-seven"\n[search]\nchance = 0.9\n'
    base = write(folder, "base.toml", own)
    other = write(folder, "other.toml", 'base = "norfolk-seven"\n[search]\nfashion = 0.3\n')
    ((_, notes),) = [(found.scenario.name, found.notes) for found in find_all(base, [other])[1:]]
    assert len(notes) == 1 and "it is not built upon 'base'" in notes[0]
    write(folder, "other.toml", "[search]\nfashion = 0.3\n")
    _, laid = find_all(base, [other])
    assert laid.notes == [] and laid.scenario.parameters.search.chance == 0.9
    write(folder, "other.toml", 'base = "base.toml"\n[search]\nfashion = 0.3\n')
    assert find_all(base, [other])[1].notes == []


def test_a_base_that_is_built_upon_the_policy_is_told_to_change_places(folder):
    mine = write(folder, "mine.toml", 'base = "norfolk-seven"\n[search]\nbase_service = 0.5\n')
    told = invoke("compare", mine, "norfolk-seven", "--quarters", "8", *SMALL)
    assert "to see what mine changes, give norfolk-seven first" in told.stderr
    told = invoke("compare", "norfolk-seven", mine, "--quarters", "8", *SMALL)
    assert told.exit_code == 0 and told.stderr == ""
