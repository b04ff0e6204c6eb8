"""Durations are those of the log, agreement by agreement; who joins one does not sign it anew."""

from datetime import date
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest
from agreed import counted
from test_faults import BUSY
from test_twin import LEVERS, ORDERS, altered

from experiments.durations import (
    COLUMNS,
    ENDINGS,
    GROUP_OF,
    GROUPS,
    find_durations,
    stored_durations,
)
from experiments.figures.survival import survival_table
from experiments.runs.experiment import Experiment
from experiments.runs.result import Delivery, run
from sim.declared.catalogue import SCOPES
from sim.declared.scenario import load
from sim.errors import InputError
from sim.ready.kept import prepared
from sim.tables.batch import simulate, simulate_many

EAST = {"counties": ["Norfolk", "Suffolk"], "councils": [], "tiers": []}
LATER = [{**order, "when": date(2012, 4, 1), "county": None} for order in ORDERS[1::-1]]
QUICK = ["endings.young=0.3", "endings.service=0.2"]
WORLDS = {
    "norfolk": (load("norfolk"), 30),
    "quick endings": (load("norfolk", sets=QUICK), 10),
    "orders": (altered("england-districts", 24, BUSY, places=EAST, order=ORDERS), 6),
    "mergers": (altered("norfolk-seven", 20, LEVERS["many mergers"], order=LATER), 12),
    "districts": (load("england-districts"), 3),
}


@pytest.fixture(scope="module", params=WORLDS)
def world(request):
    """Return a scenario and some runs of it."""
    scenario, runs = WORLDS[request.param]
    return scenario, simulate_many(scenario, seed=1, replicates=range(runs))


def by_the_log(scenario, batch):
    """Return what the log says of each agreement: scope, signed, ended or the last, and why."""
    last = int(batch.quarters["quarter"].max())
    stood = {}
    for place, scope, signed, _, _ in prepared(scenario).blank.standing.tolist():
        stood[place + 1] = (SCOPES[scope], signed)
    found = {(k, n): [*each, last, None] for k in batch.runs["replicate"]
             for n, each in stood.items()}  # fmt: skip
    for event in batch.events.itertuples(index=False):
        key = (event.replicate, event.agreement)
        if event.kind == "signs":
            found.setdefault(key, [event.scope, event.quarter, last, None])
        if event.kind == "ends":
            found[key][2:] = event.quarter, event.reason
    return found


def test_the_table_is_what_the_log_says_of_each_agreement(world):
    scenario, batch = world
    expected = by_the_log(scenario, batch)
    table = find_durations(batch.agreements, batch.quarters)
    assert len(table) == len(expected)
    words = {"merger": "merger", "deepened": "deepened", "reorganisation": "reorganised"}
    for row in table.itertuples(index=False):
        scope, signed, end, reason = expected[row.replicate, row.agreement]
        assert (row.scope, row.start, row.end) == (scope, signed, end)
        assert (row.duration, row.event) == (end - signed, reason is not None)
        assert row.watched == max(signed, 0) and row.entry == row.watched - signed
        if reason is None:
            assert pd.isna(row.ending) and row.end == batch.quarters["quarter"].max()
        else:
            assert row.ending == words.get(reason, "break_up")


def test_what_was_agreed_before_the_first_day_is_watched_from_it_on_and_only_then_starts():
    scenario, runs = WORLDS["districts"]
    batch = simulate_many(scenario, seed=1, replicates=range(runs))
    agreed = {place + 1 for place, *_, new in prepared(scenario).blank.standing.tolist() if new}
    assert agreed
    mine = batch.agreements[batch.agreements["agreement"].isin(agreed)]
    assert len(mine) == runs * len(agreed)
    assert (mine["signed"] == -2).all() and (mine["started"] >= 0).all()
    table = find_durations(batch.agreements, batch.quarters)
    mine = table[table["agreement"].isin(agreed)]
    assert (mine[["start", "watched", "entry"]] == [-2, 0, 2]).all(axis=None)


def test_as_many_are_signed_and_ended_as_the_run_counts(world):
    """A council that joins an agreement of before the first day signs it, and nobody founds it."""
    _, batch = world
    table = find_durations(batch.agreements, batch.quarters)
    signed = table[table["start"] >= 0]
    assert signed.groupby("replicate").size().sum() == batch.runs["formed"].sum()
    assert table["event"].sum() == batch.runs["ended"].sum()
    drawn = survival_table(batch.agreements, batch.quarters)
    at_first = drawn[drawn["years"] == 0].groupby("group")["at_risk"].first()
    assert at_first.sum() == (signed["group"] != "merger").sum()


def test_the_worlds_hold_what_they_are_there_for():
    batches = {name: simulate_many(scenario, seed=1, replicates=range(runs))
               for name, (scenario, runs) in WORLDS.items()}  # fmt: skip
    tables = {name: find_durations(b.agreements, b.quarters) for name, b in batches.items()}
    signs = batches["norfolk"].events.query("kind == 'signs'")
    joined = signs.merge(tables["norfolk"].query("start < 0")[["replicate", "agreement"]])
    assert len(joined) > 5
    assert (tables["norfolk"]["start"] == 23).any()
    together = pd.concat(tables.values())
    assert set(together["ending"].dropna()) == set(ENDINGS)
    assert {"merger", "reorganised"} <= set(tables["orders"].query("group == 'services'")["ending"])
    assert (together.query("event")["end"] == 0).any()
    merging = tables["mergers"].query("group == 'merger' and ending == 'merger'")
    assert (merging["duration"] > 0).all()


def table_of(*rows):
    names = ("replicate", "agreement", "scope", "signed", "ended", "reason")
    return pd.DataFrame(rows, columns=names)


def quarters_of(table, *runs):
    """Return the quarters of runs that last so long each, with what they count of a table."""
    rows = [(k, t) for k, quarters in enumerate(runs) for t in range(quarters)]
    return counted(pd.DataFrame(rows, columns=["replicate", "quarter"]), table)


HAND = (
    (0, 1, "legal", -7, 0, "tax"), (0, 2, "management", -1, None, None),
    (0, 5, "legal", 0, 0, "deepened"), (0, 9, "chief_executive", 11, None, None),
    (1, 3, "merger", 4, 6, "merger"), (1, 4, "ict", 3, 10, "reorganisation"),
)  # fmt: skip


def test_a_table_by_hand():
    found = find_durations(table_of(*HAND), quarters_of(table_of(*HAND), 12, 12))
    told = ["group", "start", "watched", "end", "entry", "duration", "event", "ending"]
    rows = found[told].astype(object).where(found[told].notna(), None).to_numpy().tolist()
    assert rows == [
        ["services", -7, 0, 0, 7, 7, True, "break_up"],
        ["management", -1, 0, 11, 1, 12, False, None],
        ["services", 0, 0, 0, 0, 0, True, "deepened"],  # in the quarter it was signed
        ["management", 11, 11, 11, 0, 0, False, None],  # in the last quarter
        ["merger", 4, 4, 6, 0, 2, True, "merger"],
        ["services", 3, 3, 10, 0, 7, True, "reorganised"],
    ]
    assert (found["ending"].cat.codes + 1).tolist() == [1, 0, 3, 0, 2, 4]


def test_every_scope_is_in_one_group():
    assert sorted(GROUP_OF) == sorted(SCOPES)
    assert sum(len(scopes) for scopes in GROUPS.values()) == len(SCOPES)


def test_runs_may_be_of_different_lengths_and_one_run_needs_no_number():
    table = table_of((0, 1, "legal", 2, None, None), (1, 1, "legal", 2, None, None))
    found = find_durations(table, quarters_of(table, 12, 5))
    assert found["end"].tolist() == [11, 4]
    one, many = simulate("norfolk", seed=1), simulate_many("norfolk", seed=1, replicates=range(1))
    alone = find_durations(one.agreements, one.quarters)
    whole = find_durations(many.agreements, many.quarters)
    pd.testing.assert_frame_equal(alone, whole.drop(columns="replicate"))


def exact(rows, longest):
    """Return the incidence of each ending by each duration, in fractions, life by life."""
    in_force, sums = Fraction(1), dict.fromkeys(ENDINGS, Fraction(0))
    found = []
    for t in range(longest + 1):
        at_risk = sum(duration >= t for duration, _ in rows)
        ended = {way: rows.count((t, way)) for way in ENDINGS}
        for way in ENDINGS:
            sums[way] += in_force * Fraction(ended[way], at_risk)
        in_force *= 1 - Fraction(sum(ended.values()), at_risk)
        found.append(dict(sums))
    return found


def test_the_figure_draws_the_exact_product_limit_of_what_was_signed(world):
    scenario, batch = world
    drawn = survival_table(batch.agreements, batch.quarters).set_index(["group", "ending"])
    words = {"merger": "merger", "deepened": "deepened", "reorganisation": "reorganised"}
    lives = {"services": [], "management": []}
    for scope, signed, end, reason in by_the_log(scenario, batch).values():
        if signed >= 0 and scope != "merger":
            deep = scope in ("chief_executive", "management")
            way = None if reason is None else words.get(reason, "break_up")
            lives["management" if deep else "services"].append((end - signed, way))
    for group, rows in lives.items():
        longest = max((duration for duration, _ in rows), default=-1)
        expected = exact(rows, longest)
        for way in ENDINGS if rows else ():
            curve = drawn.loc[(group, way), "incidence"].tolist()
            assert curve == pytest.approx([float(each[way]) for each in expected], abs=1e-12)


# --- stored, and what cannot be told -------------------------------------------------------------


def test_a_stored_result_gives_the_same_table(tmp_path):
    scenario = load("norfolk", sets=QUICK)
    result = run(Experiment(scenario, 4, 3), Delivery(out=tmp_path / "made", figures=False),
                 lambda what, done: None)  # fmt: skip
    batch = simulate_many(scenario, seed=4, replicates=range(3))
    expected = find_durations(batch.agreements, batch.quarters)
    pd.testing.assert_frame_equal(stored_durations(result.folder), expected)
    (result.folder / "agreements.parquet").write_bytes(b"torn")
    with pytest.raises(InputError, match=r"agreements\.parquet' cannot be read.*is damaged"):
        stored_durations(result.folder)
    with pytest.raises(InputError, match="there is no folder"):
        stored_durations(tmp_path / "nowhere")


def test_runs_without_a_log_are_refused():
    batch = simulate_many(load("norfolk", sets=QUICK), seed=1, replicates=range(2), events=False)
    with pytest.raises(InputError, match=r"of replicate 0 they show .* make the runs with events"):
        find_durations(batch.agreements, batch.quarters)


def test_tables_that_do_not_belong_together_are_refused():
    table = table_of(*HAND)
    quarters = quarters_of(table, 12, 12)
    with pytest.raises(InputError, match="agreements: replicate 1 has no quarters"):
        find_durations(table, quarters[quarters["replicate"] == 0])
    more = table_of(*HAND, (0, 7, "legal", 5, None, None))
    said = "show 1 that were signed by quarter 5, where 2 were signed: these are tables of other ru"
    with pytest.raises(InputError, match=said):
        find_durations(table, quarters_of(more, 12, 12))
    later = table_of((0, 1, "legal", -7, 1, "tax"), *HAND[1:])  # as many, a quarter later
    with pytest.raises(InputError, match="2 that had ended by quarter 0, where 1 had ended"):
        find_durations(table, quarters_of(later, 12, 12))
    with pytest.raises(InputError, match="0 that were in force or being set up by quarter 0, whe"):
        find_durations(table.drop(index=1), quarters)
    with pytest.raises(InputError, match="agreements: there is no column signed, reason"):
        find_durations(table.drop(columns=["signed", "reason"]), quarters)
    with pytest.raises(InputError, match="quarters: there is no column replicate"):
        find_durations(table, quarters.drop(columns="replicate"))


def test_tables_of_two_seeds_are_refused():
    one, two = (simulate("norfolk", seed=seed) for seed in (1, 2))
    assert len(one.agreements) and len(two.agreements)
    with pytest.raises(InputError, match="tables of other runs"):
        find_durations(one.agreements, two.quarters)
    with pytest.raises(InputError, match="agreements is a Run: give the table, as run"):
        find_durations(one, one)
    with pytest.raises(InputError, match="agreements is None: give the table"):
        find_durations(None, None)
    with pytest.raises(InputError, match="the result is None: give the path of its folder"):
        stored_durations(None)


def test_the_page_names_every_column():
    page = (Path(__file__).parents[1] / "docs" / "durations.md").read_text(encoding="utf-8")
    for column in COLUMNS:
        assert f"`{column}`" in page
