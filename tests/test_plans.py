"""A plan says what it says, and every mistake in one is told before anything runs."""

import re
from contextlib import nullcontext
from datetime import date
from pathlib import Path

import pytest

from experiments.studies.factors import lever_of, uncertainty_of
from experiments.studies.plan import OUTCOMES, Given, plan_of
from experiments.studies.policies import under_policy
from experiments.studies.reading import read_plan, with_size
from sim.declared.parameters import declarations
from sim.declared.scenario import load
from sim.errors import InputError

GOOD = """\
title = "Try"
scenario = "norfolk-seven"
seed = 7
replicates = 6
quarters = 4

[design]
kind = "sobol"
points = 8

[uncertainties]
"talks.pace" = {}
"search.fashion" = { low = 0.1, high = 0.4 }
"tax.limits" = {}

[levers]
"grants.setup_pot" = { values = [0, 1, 2], since = 2009-07-01 }
policy = { values = ["base", "free-tax.toml", "own.toml"] }
"""
OWN = '[[change]]\nwhen = 2009-10-01\nset = { "support.matchmaking" = 1.0 }\n'


@pytest.fixture
def plan(tmp_path):
    """Return a maker of plans: the good one with some text replaced."""
    (tmp_path / "own.toml").write_text(OWN)

    def make(old="", new=""):
        assert old in GOOD
        path = tmp_path / "plan.toml"
        path.write_text(GOOD.replace(old, new) if old else GOOD)
        return read_plan(path)

    return make


def test_a_plan_says_what_it_says(plan):
    read = plan()
    declared = {each.name: each for each in declarations()}
    assert [f.name for f in read.uncertainties] == ["talks.pace", "search.fashion", "tax.limits"]
    assert [f.name for f in read.levers] == ["grants.setup_pot", "policy"]
    pace, fashion, limits, pot, policy = read.factors
    assert (pace.low, pace.high) == declared["talks.pace"].plausible
    assert (fashion.low, fashion.high) == (0.1, 0.4)
    assert limits.values == declared["tax.limits"].words and limits.wordy
    assert (pot.values, pot.since) == ((0.0, 1.0, 2.0), date(2009, 7, 1))
    assert pot.categorical and not pot.wordy and not pace.categorical
    assert policy.values == ("base", "free-tax", "own.toml")
    assert (read.seed, read.replicates, read.quarters) == (7, 6, 4)
    assert read.outcomes == OUTCOMES
    assert plan_of(read.document()) == read


def factor(name, make=lever_of, **given):
    base = load("norfolk-seven", quarters=4)
    return make(name, Given.model_validate(given), base, Path("plan.toml"))


def test_a_lever_acts_from_the_first_day_at_the_earliest_and_from_the_last_at_the_latest():
    for day in (date(2009, 4, 1), date(2010, 3, 31)):
        for span in ({"low": 0.0, "high": 1.0}, {}):
            assert factor("grants.setup_pot", since=day, **span).since == day
        assert factor("tax.limits", since=day).since == day
    for day in (date(2009, 3, 31), date(2010, 4, 1)):
        with pytest.raises(InputError, match=r"'plan.toml', \[levers\], grants.setup_pot: since"):
            factor("grants.setup_pot", since=day)


@pytest.mark.parametrize(
    "given",
    [{"values": ["base"], "low": 1.0}, {"values": ["base"], "since": date(2009, 7, 1)},
     {"low": 1.0}, {}, {"values": []}],
)  # fmt: skip
def test_policies_are_listed_and_nothing_else_is_said_of_them(given):
    with pytest.raises(InputError, match=r"'plan.toml', \[levers\], policy: give values"):
        factor("policy", **given)


def test_what_cannot_vary_is_named_with_its_place():
    for given in ({"low": 1.0}, {"high": 1.0}):
        with pytest.raises(InputError, match=r"\[levers\]', tax.limits is a word"):
            factor("tax.limits", **given)
    with pytest.raises(
        InputError,
        match=r"\[uncertainties\]', talks.pace: low and high are both 0.5: .*values = \[0.5\]",
    ):
        factor("talks.pace", uncertainty_of, low=0.5, high=0.5)
    with pytest.raises(InputError, match=r"\[uncertainties\]', talks.pace: 0.5 is there twice"):
        factor("talks.pace", uncertainty_of, values=[0.5, 0.6, 0.5])
    with pytest.raises(InputError, match=r"\[uncertainties\], talks.pace: only levers"):
        factor("talks.pace", uncertainty_of, since=date(2009, 7, 1))
    with pytest.raises(InputError, match=r"\[levers\], policy: 'base' is there twice"):
        factor("policy", values=["base", "base"])
    with pytest.raises(InputError, match="'sideways' is not known; give history, flat"):
        factor("settlement.path", values=["history", "sideways"])
    assert factor("settlement.path", values=["history", "flat"]).values == ("history", "flat")


def test_a_policy_is_laid_over_the_scenario_of_the_plan(plan):
    read = plan()
    base, own = load("norfolk-seven", quarters=4), under_policy(read, "own.toml")
    assert own.places == base.places and own.quarters == 4
    assert own.change == [*base.change, *own.change[len(base.change) :]] != base.change
    assert own.change[-1].set == {"support.matchmaking": 1.0}
    free = under_policy(read, "free-tax")  # says base = "norfolk", which is not what this is about
    assert free.places == base.places
    assert free.change[-1].set == {"tax.limits": "none", "tax.freeze": 0.0}


MISTAKES = {
    "titel =": ("title =", "unknown key 'titel'; did you mean 'title'"),
    "replicates = 0": ("replicates = 6", "replicates: .*greater than or equal to 1"),
    'replicates = "x"': ("replicates = 6", "replicates"),
    "seed = -1": ("seed = 7", "seed"),
    "quarters = 0": ("quarters = 4", "quarters"),
    'scenario = "norfolk-sevn"': ('scenario = "norfolk-seven"', "did you mean 'norfolk-seven'"),
    'outcomes = ["fromed"]\nseed = 7': ("seed = 7", "is no measure: did you mean 'formed'"),
    'outcomes = ["formed", "formed"]\nseed = 7': ("seed = 7", "twice"),
    'outcomes = []\nseed = 7': ("seed = 7", "outcomes"),
    'kind = "sobl"': ('kind = "sobol"', "design.kind"),
    "pionts = 8": ("points = 8", "unknown key 'pionts'; did you mean 'points'"),
    "points = 9": ("points = 8", "power of two, 8 or 16"),
    "": ("points = 8", "a sobol design needs 'points'"),
    "points = 8\nlevels = 3": ("points = 8", "not told 'levels'"),
    'kind = "table"': ('kind = "sobol"\npoints = 8', "a table design needs 'table'"),
    'kind = "morris"\ntrajectories = 4\nlevels = 5': ('kind = "sobol"\npoints = 8', "even number"),
    '"talks.pase" = {}': ('"talks.pace" = {}', "did you mean 'talks.pace'"),
    "talks.pace = {}": ('"talks.pace" = {}', 'name in quotes: "talks.pace"'),
    "low = 0.4, high = 0.1": ("low = 0.1, high = 0.4", "low must lie below high"),
    "low = 0.1, hihg = 0.4": ("low = 0.1, high = 0.4", "did you mean 'high'"),
    "low = 0.1, high = 40": (
        "low = 0.1, high = 0.4", r"plan.toml, \[uncertainties\]': search.fashion: it must be"
    ),
    "low = 0.1, values = [1]": ("low = 0.1, high = 0.4", "not both"),
    '"tax.limits" = { low = 1 }': ('"tax.limits" = {}', "is a word"),
    '"tax.limits" = { values = ["nun"] }': ('"tax.limits" = {}', "'history', 'none' or 'fixed'"),
    '"settlement.path" = { values = ["flta"] }': ('"tax.limits" = {}', "history, flat, or a file"),
    '"settlement.path" = { values = ["no.csv"] }': ('"tax.limits" = {}', "no file 'no.csv'"),
    '"talks.pace" = { values = ["0.5"] }': ('"talks.pace" = {}', "must be a number"),
    '"talks.pace" = { values = [true] }': ('"talks.pace" = {}', "neither a number nor a word"),
    '"talks.pace" = { values = [] }': ('"talks.pace" = {}', "is empty"),
    '"talks.pace" = { values = [0.5, 0.5] }': ('"talks.pace" = {}', "twice"),
    '"talks.pace" = { since = 2009-07-01 }': ('"talks.pace" = {}', "only levers have a date"),
    "# no levers": ('[levers]\n"grants.setup_pot" = { values = [0, 1, 2], since = 2009-07-01 }',
                    r"put it under \[levers\]"),
    "since = 2019-07-01": ("since = 2009-07-01", "outside the run"),
    'since = "soon"': ("since = 2009-07-01", "since"),
    '"talks.pace" = {}\npolicy': ("policy", "an uncertainty and a lever"),
    'values = ["bse"] }': ('values = ["base", "free-tax.toml", "own.toml"] }', "no policy 'bse'"),
    "low = 1 }": ('values = ["base", "free-tax.toml", "own.toml"] }', "give values"),
    '[difference]\npolicy = "free-tax"\n[levers]': ("[levers]", "both compare policies"),
    '[difference]\npolicy = "base"\n#': ("policy = {", "less itself is zero"),
    '[difference]\npolice = "free-tax"\n[levers]': ("[levers]", "did you mean 'policy'"),
    '"tax.limits" = { values = ["none"] }\n"tax.fixed_limit" = {}': (
        '"tax.limits" = {}', "no effect unless tax.limits"
    ),
}  # fmt: skip


@pytest.mark.parametrize("new", MISTAKES, ids=lambda text: text.replace("\n", ", "))
def test_every_mistake_is_told(plan, new):
    old, words = MISTAKES[new]
    with pytest.raises(InputError, match=words) as error:
        plan(old, new)
    assert "\n" not in str(error.value)


def test_a_plan_that_is_not_there_or_varies_nothing_is_an_error(tmp_path):
    with pytest.raises(InputError, match="no plan"):
        read_plan(tmp_path / "none.toml")
    empty = tmp_path / "empty.toml"
    empty.write_text('scenario = "norfolk"\n')
    with pytest.raises(InputError, match=r"no \[design\]"):
        read_plan(empty)
    empty.write_text('[design]\nkind = "grid"\n')
    with pytest.raises(InputError, match="nothing varies"):
        read_plan(empty)
    empty.write_text("[design\n")
    with pytest.raises(InputError, match="not TOML"):
        read_plan(empty)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("quarters = 8\n", "cannot change 'quarters'"),
        ('base = "other.toml"\n', "would be lost"),
        ("[grnts]\nsetup_pot = 1\n", "did you mean 'grants'"),
        ("[grants]\nsetup_pot = -1\n", "setup_pot"),
    ],
)
def test_a_policy_that_does_not_go_with_the_plan_is_an_error(plan, tmp_path, text, words):
    plan()
    (tmp_path / "own.toml").write_text(text)
    with pytest.raises(InputError, match=words):
        plan()


OVERRULED = {
    # The policy's own dated change takes the lever's value back after a quarter.
    "later": (
        'when = 2009-10-01\nset = { "grants.setup_pot" = 2.0 }',
        "pot.*policy 'own.toml' sets",
    ),
    "same day": ('when = 2009-07-01\nset = { "grants.setup_pot" = 2.0 }', None),
    "earlier": ('when = 2009-05-01\nset = { "grants.setup_pot" = 2.0 }', None),
    "beyond the run": ('when = 2010-04-01\nset = { "grants.setup_pot" = 2.0 }', None),
    "at the start": ('when = 2009-04-01\nset = { "talks.pace" = 0.5 }', "take that change out"),
}


@pytest.mark.parametrize("key", OVERRULED)
@pytest.mark.parametrize("as_difference", [False, True])
def test_a_varied_number_that_would_not_be_in_force_is_refused(plan, tmp_path, key, as_difference):
    change, words = OVERRULED[key]
    plan()
    (tmp_path / "own.toml").write_text(f"[[change]]\n{change}\n")
    text = GOOD
    if as_difference:
        text = GOOD.partition("policy = {")[0] + '[difference]\npolicy = "own.toml"\n'
    (tmp_path / "plan.toml").write_text(text)
    with nullcontext() if words is None else pytest.raises(InputError, match=words):
        read_plan(tmp_path / "plan.toml")


def test_a_change_of_the_scenario_itself_takes_nothing_back_unsaid(plan, tmp_path):
    assert len(plan('"tax.limits" = {}', '"reorganisation.stance" = {}').factors) == 5
    text = (tmp_path / "plan.toml").read_text()  # the scenario's own stance comes in July 2010
    (tmp_path / "plan.toml").write_text(text.replace("quarters = 4", "quarters = 8"))
    with pytest.raises(InputError, match="stance is varied, but the scenario sets it to voluntary"):
        read_plan(tmp_path / "plan.toml")


def test_a_policy_that_consists_in_a_varied_number_is_refused(plan, tmp_path):
    plan()
    (tmp_path / "own.toml").write_text("[talks]\npace = 0.5\n")
    with pytest.raises(InputError, match="own value would never be in force"):
        plan()


def test_sizes_given_with_the_command_are_checked_too(plan):
    read = plan()
    grown = with_size(read, replicates=9, points=16)
    assert (grown.replicates, grown.design.points) == (9, 16)
    for sizes, words in (((0, None), "--replicates"), ((None, 0), "--points"),
                         ((None, 10), "power of two")):  # fmt: skip
        with pytest.raises(InputError, match=words):
            with_size(read, replicates=sizes[0], points=sizes[1])
    grid = plan('kind = "sobol"\npoints = 8', 'kind = "grid"')
    with pytest.raises(InputError, match="not told how many points"):
        with_size(grid, replicates=None, points=4)


def test_the_plan_of_the_documentation_is_a_plan(tmp_path):
    page = (Path(__file__).parents[1] / "docs" / "studies.md").read_text(encoding="utf-8")
    (text,) = re.findall(r"^```toml plan\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    (tmp_path / "plan.toml").write_text(text, encoding="utf-8")
    assert len(read_plan(tmp_path / "plan.toml").factors) == 5
