"""What counts on the first day only is marked so, and cannot be changed later."""

import re
from datetime import date

import pytest
from claims import for_all

from experiments.commands.declared import as_document
from experiments.studies.reading import read_plan
from sim.declared.catalogue import SCOPES
from sim.declared.parameters import STANCES, declarations
from sim.declared.scenario import Change, from_document, load
from sim.errors import InputError
from sim.forks import fork, snapshot
from sim.page.changes import LEVERS
from sim.ready.varied import vary
from sim.ready.world import prepare, theory_of
from sim.running import luck_of, run_arrays

LATER = date(2013, 4, 1)
NUMBERS = {each.name: each for each in declarations()}
ONCE = [name for name, each in NUMBERS.items() if each.once]
TYPICAL = ("culture.autonomy", "beliefs.first_trust", "culture.readiness")
"""What is drawn around them is weighed against them: changed later they would work backwards."""
BUSY = (
    "search.base_management=0.6", "search.base_service=2.0", "search.choosiness=-0.5",
    "search.invite=-1", "search.merger=0.8", "talks.pace=0.9", "talks.pace_service=0.9",
    "chief_executive.base=2", "management.base=2.5", "merger.base=2.5",
    "chief_executive.interest=1", "merger.interest=1", "management.transition=2",
    "merger.transition=2", "weighing.strangers=0.5", "endings.young=0.2", "endings.settled=0.15",
    "endings.old=0.3", "endings.service=0.08", "talks.rematch=0.5", "talks.cooling_leaver=0.5",
    "grants.setup_pot=3", "grants.feasibility_pot=1", "grants.staged=0",
    "support.matchmaking=0.5", "support.published_lessons=0.5", "support.ict_subsidy=0.3",
    "terms.tax_support=0.3", "terms.minimum=0.25",
)  # fmt: skip
"""A country in which much is looked for, signed, merged, supported and broken up."""
MANDATE = {"when": date(2014, 1, 1), "set": {"reorganisation.stance": "mandated"}}
LASTING = {"when": date(2010, 1, 1), "set": {"endings.young": 0.0, "endings.settled": 0.0}}
VESTING = {"when": date(2014, 4, 1), "announced": date(2013, 7, 1), "county": "E10000020"}
ORDERS = [
    VESTING | {"code": "E", "name": "East", "share": 0.6,
               "councils": ["Norwich", "Broadland", "Great Yarmouth", "South Norfolk"]},
    VESTING | {"code": "W", "name": "West", "share": 0.4,
               "councils": ["Breckland", "King's Lynn and West Norfolk", "North Norfolk"]},
]  # fmt: skip
WORLDS = {
    "much of everything, beyond the known years": (56, (), {}),
    "a review": (40, ("reorganisation.stance=review",), {}),
    "a mandate": (48, (), {"change": [MANDATE]}),
    "two unitaries by order": (36, (), {"order": ORDERS}),
    "a fixed limit": (30, ("tax.limits=fixed", "tax.fixed_limit=0.03"), {}),
    "no limit": (30, ("tax.limits=none",), {}),
    "deals that grow old": (60, (), {"change": [LASTING]}),
    "cuts so deep that a settlement would be gone": (40, ("settlement.depth=4",), {}),
}
"""Quarters, numbers, and what happens; each number not marked does something in one of them."""


def world(name):
    """Return four counties and their neighbours, busy, in one of the worlds, made ready."""
    quarters, sets, more = WORLDS[name]
    whole = load("england", sets=[*BUSY, *sets], quarters=quarters).document()
    counties = ["Norfolk", "Suffolk", "Cambridgeshire", "Lincolnshire"]
    whole["places"] |= {"tiers": [], "counties": counties}
    return prepare(from_document(whole | {"order": []} | more))


def bits(ready):
    raw = run_arrays(ready, luck=luck_of(1, 0))
    return raw.record.tobytes() + raw.events.tobytes()


def tries(declared, ready):
    """Return values of a number other than the one in force, near and far."""
    words = {"settlement.path": ("flat",), "reorganisation.stance": STANCES}
    if declared.allowed is None:
        return words.get(declared.name, declared.words)
    section, _, key = declared.name.partition(".")
    now = getattr(getattr(ready.scenario.parameters, section), key)
    low, high = declared.allowed
    given = [*(declared.plausible or ()), low, (declared.default + high) / 2, high]
    return [value for value in given if value != now]


def dated(ready, name, value):
    """Return the world with a number changed later, refused or not."""
    whole = ready.scenario.model_copy(
        update={"change": [*ready.scenario.change, Change(when=LATER, set={name: value})]}
    )
    if name == "settlement.path":
        return prepare(whole)
    return ready._replace(scenario=whole, theory=theory_of(whole, ready.ways))


def moves(ready, plain, name, values=slice(None)):
    tried = tries(NUMBERS[name], ready)[values]
    return any(bits(dated(ready, name, value)) != plain for value in tried)


@pytest.mark.slow
def test_every_number_that_is_not_marked_does_something_later_in_a_busy_world():
    left = [name for name in NUMBERS if name not in ONCE]
    for each in sorted(WORLDS, key=lambda name: WORLDS[name][0]):  # what is short first
        ready = world(each)
        plain = bits(ready)
        left = [name for name in left if not moves(ready, plain, name)]
    assert left == []


@pytest.mark.parametrize("values", [
    slice(-1, None), pytest.param(slice(None), marks=pytest.mark.slow),
], ids=["the furthest value", "all values"])  # fmt: skip
def test_every_number_that_is_marked_does_nothing_later(values):
    for each in WORLDS:
        ready = world(each)
        plain = bits(ready)
        assert [n for n in ONCE if n not in TYPICAL and moves(ready, plain, n, values)] == []


def test_what_is_marked_does_something_on_the_first_day():
    left = ONCE
    for each in WORLDS:
        ready = world(each)
        plain = bits(ready)
        left = [
            name for name in left
            if not any(bits(vary(ready, {name: v})) != plain for v in tries(NUMBERS[name], ready))
        ]  # fmt: skip
    assert left == []


def refused(name):
    return re.escape(name) + r" counts on the first day only.*set it in \[" + name.split(".")[0]


@for_all("name", ONCE)
def test_a_dated_change_of_what_is_drawn_once_is_refused(name):
    ready = prepare(load("norfolk-seven"))
    value = NUMBERS[name].default
    with pytest.raises(InputError, match=refused(name) + r".*\]"):
        vary(ready, {name: value}, since=date(2011, 4, 1))


def test_a_file_with_such_a_change_is_refused_and_told_where(tmp_path):
    path = tmp_path / "late.toml"
    path.write_text(
        'base = "norfolk"\n[[change]]\nwhen = 2011-04-01\nset = { "culture.spread" = 0.1 }\n'
    )
    with pytest.raises(InputError, match=r"late\.toml, \[\[change\]\] of 2011-04-01.*" + refused(
        "culture.spread"
    )):  # fmt: skip
        load(path)
    held = snapshot("norfolk", quarter=4)
    with pytest.raises(InputError, match=refused("culture.spread")):
        fork(held, path)


def test_a_document_with_such_a_change_is_refused():
    document = load("norfolk").document()
    document["change"].append({"when": "2012-04-01", "set": {"beliefs.courtesy": 0.1}})
    with pytest.raises(InputError, match=refused("beliefs.courtesy")):
        from_document(document)


def test_in_the_first_quarter_such_a_change_counts_and_is_allowed(tmp_path):
    path = tmp_path / "first.toml"
    path.write_text(
        'base = "norfolk"\n[[change]]\nwhen = 2009-05-01\nset = { "culture.spread" = 0.1 }\n'
    )
    assert bits(prepare(load(path))) == bits(prepare(load("norfolk", sets=["culture.spread=0.1"])))


def test_a_dated_lever_of_a_study_is_refused(tmp_path):
    path = tmp_path / "plan.toml"
    path.write_text(
        'scenario = "norfolk"\nreplicates = 2\noutcomes = ["true_total"]\n'
        '[design]\nkind = "grid"\n'
        '[levers]\n"politics.persistence" = { values = [0.5, 0.9], since = 2011-04-01 }\n'
    )
    with pytest.raises(InputError, match=refused("politics.persistence")):
        read_plan(path)


def test_a_convention_varies_only_in_a_range_that_is_given(tmp_path):
    path = tmp_path / "plan.toml"
    text = (
        'scenario = "norfolk"\nreplicates = 2\noutcomes = ["true_total"]\n'
        '[design]\nkind = "sobol"\npoints = 4\n[uncertainties]\n'
        '"search.fashion" = {}\n"weighing.tax_step" = '
    )
    path.write_text(text + "{}\n")
    with pytest.raises(InputError, match=r"tax_step is a convention.*give low and high"):
        read_plan(path)
    path.write_text(text + "{ low = 25.0, high = 100.0 }\n")
    assert [factor.high for factor in read_plan(path).factors] == [1.5, 100.0]


def test_no_lever_of_the_page_is_drawn_once():
    assert not set(LEVERS) & set(ONCE)


def test_the_listing_says_which_count_on_the_first_day_only():
    assert as_document(NUMBERS["culture.spread"])["once"] is True
    assert as_document(NUMBERS["search.fashion"])["once"] is False


def test_no_column_of_the_catalogue_is_drawn_once():
    assert not [name for name in ONCE if name.split(".")[0] in SCOPES]
