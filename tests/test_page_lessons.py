"""The lessons: what their texts rely on is so, and a mistake in a trainer's file is told."""

import json
import re

import pytest

from sim.declared.catalogue import SERVICES
from sim.declared.measures import KINDS
from sim.declared.scenario import load
from sim.errors import InputError
from sim.page import changes, explain, lesson, possible, session
from sim.ready.kept import prepared
from sim.running import luck_of, run_arrays
from sim.story import known_of
from sim.story.decisions import account_of

LESSONS = {path.stem: path for path in lesson.shipped()}
SEEDS = range(1, 500)
SOUTH, BRECKLAND, YARMOUTH = "E07000149", "E07000143", "E07000145"
SOUTH_HOLLAND = "E07000140"
DEEP = ("chief_executive", "management")
DEEP_OR_MERGER = (*DEEP, "merger")
SETUP_GRANT, LEAVES = (list(KINDS).index(kind) for kind in ("setup_grant", "leaves"))
STEPS = ("considers", "approaches", "talks_begin", "invited", "signs")


def book(name):
    return name, load(name)


def read(name):
    return lesson.read_lesson(LESSONS[name], book)


def line_of(seed, acts):
    return session.Line(changes.apply_acts(load("norfolk"), acts), seed=seed, replicate=0)


def table_of(line):
    return explain.Telling(line.ready, line.at(line.quarters)).table


def others(fits, *given):
    """Return what to write in a lesson that does not fit any more."""
    good = [seed for seed in SEEDS if fits(seed, *given)]
    return f"seeds that would do: {good[:5] or 'none; change the quarters'}"


# --- what a lesson's text relies on --------------------------------------------------------------


def courtship_fits(seed, met, case, ended, later):
    """Say whether the two are in deep talks, have a business case, and part, when steps say so.

    And whether Breckland shares with South Holland by the step after that.
    """
    table = table_of(line_of(seed, []))
    deep = table[table["scope"].isin(DEEP)]
    theirs = deep[deep["council"].isin([SOUTH, BRECKLAND]) & deep["other"].isin([SOUTH, BRECKLAND])]
    gone = theirs[(theirs["kind"] == "walks_away") & (theirs["council"] == SOUTH)
                  & (theirs["reason"] == "culture")]  # fmt: skip
    if gone.empty or gone["quarter"].iloc[0] != ended - 1 or not luck_turned(gone):
        return False
    deal = deep[deep["agreement"] == gone["agreement"].iloc[0]]
    begun = deal[deal["kind"] == "talks_begin"]["quarter"].min()
    cases = deal[deal["kind"] == "business_case"]
    return bool(
        begun < met < case < ended
        and {SOUTH, BRECKLAND} <= set(cases[cases["quarter"] < case]["council"])
        and finds_another(deep, ended, later)
    )


def luck_turned(gone):
    """Say whether a council would have stayed without its luck."""
    row, *_ = gone.to_dict("records")
    account = account_of(row, known_of(prepared(load("norfolk"))))
    return account is not None and account.luck_turned


def finds_another(deep, ended, later):
    """Say whether Breckland and South Holland are at work together between two dates."""
    signs = deep[(deep["kind"] == "signs") & deep["council"].isin([BRECKLAND, SOUTH_HOLLAND])
                 & deep["other"].isin([BRECKLAND, SOUTH_HOLLAND])]  # fmt: skip
    begins = deep[(deep["kind"] == "starts") & deep["agreement"].isin(signs["agreement"])]
    return not begins.empty and ended <= signs["quarter"].min() < begins["quarter"].min() < later


def test_the_norfolk_lesson_fits_its_run():
    one = read("norfolk")
    quarters = [step["quarter"] for step in one["steps"]][1:5]
    seed = one["steps"][0]["memo"]["seed"]
    assert courtship_fits(seed, *quarters), others(courtship_fits, *quarters)


def test_the_norfolk_lesson_tells_what_was_under_way_and_who_had_gone():
    first, second, *_ = read("norfolk")["steps"]
    line = line_of(first["memo"]["seed"], [])
    assert "talks that are under way when the record begins" in first["text"]
    drawn = json.loads(line.frame(0))["deals"]
    assert {"talks", "service", "management"} == {deal["kind"] for deal in drawn}
    table, codes = table_of(line), line.ready.table.code
    table = table[table["quarter"] < second["quarter"]]

    def last(kind, council):
        return table[(table["kind"] == kind) & (table["council"] == council)]["quarter"].max()

    vacant = line.at(second["quarter"]).world.councils.vacant
    assert all(vacant[list(codes).index(code)] for code in (SOUTH, BRECKLAND))
    assert last("chief_leaves", BRECKLAND) == 1
    assert last("chief_leaves", SOUTH) == last("leader_falls", BRECKLAND) == second["quarter"] - 1
    assert second["quarter"] == 6
    assert "since the summer of 2009" in second["text"] and "A year and a half" in second["text"]


def vacancy_fits(seed, steps):
    """Say whether the post can fall vacant then, and whether somebody acts on it within a year."""
    acts = session.read_memo(steps[-1]["memo"]).a.acts
    quarter = steps[-1]["quarter"]
    before = line_of(seed, acts[:-1])
    try:
        possible.check_possible(before.ready, before.at(quarter), acts[-1])
    except InputError:
        return False
    with_it, without = (_steps_of(table_of(line)) for line in (line_of(seed, acts), before))
    soon = {step for step in with_it - without if quarter <= step[0] < quarter + 4}
    return any(YARMOUTH in step and step[-1] in DEEP for step in soon)


def _steps_of(table):
    told = table[table["kind"].isin(STEPS)]
    return set(zip(*(told[n] for n in ("quarter", "kind", "council", "other", "scope")),
                   strict=True))  # fmt: skip


def test_the_chief_executive_of_the_grant_lesson_can_leave_and_it_matters():
    steps = read("grant")["steps"]
    assert vacancy_fits(steps[0]["memo"]["seed"], steps), others(vacancy_fits, steps)


def parting_of(name):
    """Return the step of a lesson that compares, its session, and where its two runs part."""
    (step, *_) = [step for step in read(name)["steps"] if "b" in step["memo"]]
    held = session.Session(session.read_memo(step["memo"]), book)
    return step, held, held.parted(held.lines["a"].quarters)


def test_the_grant_changes_one_vote_first_and_pays_one_that_signs_without_it():
    _, held, parted = parting_of("grant")
    yes, no, paid = "votes in favour", "votes against", "from government towards setting up"
    (one,) = [told for told in parted["only_a"] if yes in told]
    (other,) = [told for told in parted["only_b"] if no in told or yes in told]
    assert one.partition(yes)[0] == other.partition(no)[0] == "Breckland "
    tables = {name: table_of(line) for name, line in held.lines.items()}
    (lucky,) = {told.split(" receives")[0] for told in parted["only_a"] if paid in told} - {
        "Breckland"
    }
    assert lucky == "Fenland"
    signed = [
        set(table[(table["kind"] == "signs") & (table["quarter"] == parted["q"] - 1)]["council"])
        for table in tables.values()
    ]
    assert all("E07000010" in councils for councils in signed)


def test_the_grant_lesson_has_partners_of_great_yarmouth_to_read():
    last = read("grant")["steps"][-1]
    acts = session.read_memo(last["memo"]).a.acts
    line = line_of(last["memo"]["seed"], acts)
    standing = explain.standing_now(line.ready, line.at(last["quarter"]))
    assert [deal for deal in standing.values() if YARMOUTH in deal.who]


def test_the_shock_makes_one_council_court_and_brings_no_more_saving():
    _, held, parted = parting_of("shock")
    assert {told.split()[0] for told in parted["only_a"][:2]} == {"Breckland"}
    assert parted["only_a"][2].startswith("South Norfolk agrees to talks with Breckland")
    assert parted["both"] and parted["only_b"] == []
    with_it, without = (line.at(line.quarters).record[-1] for line in held.lines.values())
    assert with_it["deep_begun"] > without["deep_begun"]
    assert with_it["deep_failed"] > without["deep_failed"]
    assert with_it["deep_signed"] == without["deep_signed"]
    assert with_it["true_saving"] < without["true_saving"]
    assert with_it["reserves"] < without["reserves"] - 1.0


def test_over_many_runs_the_shock_hardly_brings_more_talks():
    acts = session.read_memo(read("shock")["steps"][1]["memo"]).a.acts
    sides = [prepared(changes.apply_acts(load("norfolk"), acts)), prepared(load("norfolk"))]
    with_it, without = (
        [run_arrays(ready, luck=luck_of(1, k)).record[-1] for k in range(100)] for ready in sides
    )
    talks = [sum(end["talks_begun"] for end in ends) for ends in (with_it, without)]
    assert abs(talks[0] / talks[1] - 1) < 0.05


def test_a_council_meets_most_of_the_shock_by_cutting_at_once():
    step, held, _ = parting_of("shock")
    sides = [line.at(step["quarter"] + 1).world.councils for line in held.lines.values()]
    lost, cut = (float((sides[1][name] - sides[0][name]).sum()) for name in ("income", "cost"))
    assert 0.5 * lost < cut < lost


@pytest.mark.parametrize("name", ["grant", "shock"])
def test_a_lesson_that_compares_shows_two_runs_that_part(name):
    step, _, parted = parting_of(name)
    assert parted is not None
    assert parted["q"] > step["quarter"]


@pytest.mark.parametrize("name", LESSONS)
def test_what_a_lesson_lets_happen_can_happen(name):
    lesson.check_events(LESSONS[name], read(name), book)


def lines_of(name, number):
    """Return both sides of a step of a lesson, lived to their ends, and their event tables."""
    step = read(name)["steps"][number]
    lines = session.Session(session.read_memo(step["memo"]), book).lines
    return step, lines, {side: table_of(line) for side, line in lines.items()}


def rows(table, kind, first=0, last=24, **fields):
    """Return the events of a kind from one quarter to before another, with certain fields."""
    found = table[(table["kind"] == kind) & table["quarter"].between(first, last - 1)]
    for name, value in fields.items():
        found = found[found[name].isin(value if isinstance(value, tuple) else (value,))]
    return found


def test_the_announcement_ends_deep_talks_at_once_and_single_services_go_on():
    step, _, tables = lines_of("announced", 1)
    a, b = tables["a"], tables["b"]
    assert step["quarter"] == 8
    hit = rows(a, "talks_fail", 8, 9, reason="reorganisation", scope=DEEP_OR_MERGER)
    assert len(hit) == 3 and "Three rounds of talks" in step["reveal"]
    assert [{row.council, row.other} for row in hit.itertuples()].count(
        {YARMOUTH, "E07000147"}) == 1  # fmt: skip
    begun = {
        side: rows(t, "talks_begin", 8, 16, scope=DEEP_OR_MERGER) for side, t in tables.items()
    }
    assert begun["a"].empty and len(begun["b"]) == 2
    signed = [t[t["scope"].isin(SERVICES) & (t["kind"] == "signs") & t["quarter"].between(8, 15)]
              ["agreement"].nunique() for t in (a, b)]  # fmt: skip
    assert signed == [8, 10] and "eight are signed in A" in step["reveal"]
    gone = [sum(len(rows(t, kind, 8, 16)) for kind in ("chief_leaves", "joint_chief_leaves"))
            for t in (a, b)]  # fmt: skip
    assert gone == [9, 5] and "nine times in A, and five times in B" in step["reveal"]
    named = rows(a, "announced", 8, 9)
    assert len(named) == 12 and named["value"].eq(2.0).all()


def test_the_first_day_makes_two_of_twelve_and_ends_nine_agreements():
    step, lines, tables = lines_of("announced", 2)
    assert step["quarter"] == 16
    assert len(rows(tables["a"], "ends", 16, 17, reason="reorganisation")) == 9
    assert [line.at(17).record[16]["councils"] for line in lines.values()] == [7, 17]
    promises = rows(tables["a"], "promises", 16, 17)
    assert sorted(promises["more"]) == pytest.approx([4.0, 6.0])
    assert (promises["more"] > promises["value"]).all()


def test_without_the_order_the_two_merge_by_choice():
    step, lines, tables = lines_of("announced", 3)
    pair = (YARMOUTH, "E07000147")
    starts = rows(tables["b"], "starts", 8, 24, scope="management", council=pair)
    assert starts["date"].dt.year.tolist() == [2012]
    (merged,) = rows(tables["b"], "merges", other=pair).groupby("council")["quarter"].unique()
    assert merged.tolist() == [18]  # October to December 2013
    last = [line.at(line.quarters).record[-1]["reserves"] for line in lines.values()]
    assert last[0] < last[1] and "those of A are lower" in step["reveal"]


def grants_of(table):
    """Return of the time from April 2010 on: what was paid, for which deals; signed, with exit."""
    paid = rows(table, "setup_grant", 4)
    terms = rows(table, "agrees_terms")
    way_out = set(terms[terms["value"].astype(int) % 2 == 1]["agreement"])
    signed = set(rows(table, "signs", 4)["agreement"]) & set(terms["agreement"])
    return paid["value"].sum(), set(paid["agreement"]), signed, signed & way_out


def test_the_three_strings_pay_and_bind_as_the_lesson_says():
    tables = [lines_of("strings", number)[2] for number in (0, 1, 2)]
    bare = grants_of(tables[0]["b"])
    staged, free, light = (grants_of(each["a"]) for each in tables)
    assert [len(each[2]) for each in (bare, staged, free, light)] == [24, 24, 29, 29]
    assert [len(each[1]) for each in (bare, staged, free, light)] == [2, 4, 28, 28]
    assert staged[0] == pytest.approx(0.65, abs=0.005)
    assert free[0] == pytest.approx(3.95, abs=0.005) and light[0] == pytest.approx(free[0])
    assert free[1:3] == light[1:3]
    assert [len(each[3]) for each in (free, light)] == [5, 28]
    left = [rows(each["a"], "leaves") for each in tables[1:]]
    keys = ["quarter", "council", "agreement"]
    assert left[0][keys].to_numpy().tolist() == left[1][keys].to_numpy().tolist()
    assert len(left[0]) == 3
    assert [each["value"].sum() for each in left] == pytest.approx([0.33, 0.10], abs=0.005)


def test_the_pot_for_studies_closes_a_year_after_the_offer():
    row = prepared(load("norfolk")).theory
    assert row["grants_feasibility_pot"][7] > 0 == row["grants_feasibility_pot"][8]


def test_the_grant_of_the_strings_lesson_is_luckier_than_over_many_runs():
    step, lines, _ = lines_of("strings", 3)
    mine = [line.at(24).record[-1]["true_saving"] for line in lines.values()]
    assert mine[0] - mine[1] == pytest.approx(0.57, abs=0.005) and "£570,000" in step["reveal"]
    ready = [line.ready for line in lines.values()]
    many = [[run_arrays(each, luck=luck_of(1, k)) for k in range(100)] for each in ready]
    saved = [sum(raw.record[-1]["true_saving"] for raw in raws) / 100 for raws in many]
    assert 0 < saved[0] - saved[1] < 0.57 / 2
    paid = (
        sum(raw.events["value"][raw.events["kind"] == SETUP_GRANT].sum() for raw in many[0]) / 100
    )
    assert paid == pytest.approx(3.9, rel=0.2)


def test_the_way_out_costs_broadland_three_tenths_of_what_it_costs_without():
    _, lines, tables = lines_of("way-out", 3)
    pair = ("E07000144", SOUTH)
    gone = {side: rows(t, "leaves", scope="management", council=pair).iloc[0]
            for side, t in tables.items()}  # fmt: skip
    assert all(row["quarter"] == 22 and row["council"] == pair[0] for row in gone.values())
    assert all(row["reason"] == "culture" for row in gone.values())
    assert [row["value"] for row in gone.values()] == pytest.approx([0.048, 0.161], abs=0.0005)
    for side, table in tables.items():
        deal = gone[side]["agreement"]
        signed = rows(table, "signs", agreement=deal)
        assert set(signed["quarter"]) == {8}
        assert signed["value"].sum() == pytest.approx(0.734, abs=0.0005)
        (terms,) = rows(table, "agrees_terms", agreement=deal)["value"]
        assert terms == {"a": 5, "b": 4}[side]
        accounts = rows(table, "accounts", agreement=deal).iloc[0]
        assert accounts["value"] == pytest.approx(0.647, abs=0.0005)
        assert accounts["more"] == pytest.approx(0.201, abs=0.0005)
        (shown,) = [d for d in json.loads(lines[side].frame(22))["deals"] if d["n"] == deal]
        assert shown["reported"] == pytest.approx(0.589, abs=0.001)
        terms_shown = json.loads(lines[side].frame(9))["deals"]
        assert (
            len(next(d for d in terms_shown if d["n"] == deal)["terms"]) == {"a": 2, "b": 1}[side]
        )


def test_a_way_out_makes_nobody_leave_sooner_over_many_runs():
    with_it = read("way-out")["steps"][0]["memo"]["a"]["acts"][0]["set"]
    without = with_it | {"grants.exit_required": 0.0}
    counted = []
    for values in (with_it, without):
        act = changes.read_act({"at": 4, "set": values})
        ready = prepared(changes.apply_acts(load("norfolk"), [act]))
        raws = [run_arrays(ready, luck=luck_of(1, k)) for k in range(100)]
        counted.append(sum((raw.events["kind"] == LEAVES).sum() for raw in raws))
    assert counted[0] == pytest.approx(counted[1], rel=0.05)
    p = prepared(load("norfolk")).theory[0]
    assert (p["endings_cost"], p["endings_cost_strategy"]) == (0.5, 0.15)


def test_the_norfolk_lesson_tells_what_really_happened_and_what_is_assumed():
    steps = {step["heading"]: step for step in read("norfolk")["steps"]}
    real = steps["What really happened"]
    for words in ("cultural differences", "South Holland", "£8.5m", "£50,000", "county border",
                  "mutual trust", "equal partnership", "Broadland"):  # fmt: skip
        assert words in real["text"], words
    assert "not a fact" in real["reveal"]
    assert "drawn by lot" in steps["Spring 2009: seventeen councils"]["text"]


@pytest.mark.parametrize("name", LESSONS)
def test_no_text_that_is_printed_says_what_to_press_or_runs_ahead_of_the_date(name):
    for step in read(name)["steps"]:
        assert "Press Play" not in step["print"]
        assert not re.match(r"(In )?April 20", step["heading"])
        assert not step["print"].startswith("In April")


# --- what cannot happen --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def line():
    return line_of(1, [])


def leaves(council, at=0):
    return changes.Act(at=at, council=council, what="chief_executive_leaves")


def test_a_shared_chief_executive_cannot_be_made_to_leave(line):
    with pytest.raises(InputError, match="shares its chief executive with Suffolk Coastal"):
        possible.check_possible(line.ready, line.at(0), leaves("Waveney"))


def test_a_post_that_is_vacant_cannot_fall_vacant(line):
    raw, names = line.at(0), line.ready.table.name
    vacant = [names[k] for k, gone in enumerate(raw.world.councils.vacant) if gone]
    for name in vacant[:3]:
        with pytest.raises(InputError, match="is vacant already"):
            possible.check_possible(line.ready, raw, leaves(name))


def test_what_may_happen_is_let_pass_and_does_happen(line):
    for quarter in (0, 9):
        raw, names = line.at(quarter), line.ready.table
        for code, name in zip(names.code, names.name, strict=True):
            try:
                possible.check_possible(line.ready, raw, leaves(name, quarter))
            except InputError:
                continue
            gone = table_of(line_of(1, [leaves(name, quarter)]))
            now = gone[(gone["quarter"] == quarter) & (gone["kind"] == "chief_leaves")]
            assert code in set(now["council"]), name
            break


def test_a_council_that_was_abolished_or_merged_is_told_by_what_it_became():
    seven = load("norfolk-seven")
    ready = prepared(seven)
    acts = [changes.Act(at=0, set={"reorganisation.stance": "mandated"})]
    made = session.Line(changes.apply_acts(seven, acts), seed=0, replicate=0)
    raw = made.at(made.quarters)
    for name in ready.table.name:
        possible.check_possible(
            made.ready, raw, changes.Act(at=23, council=name, what="control_changes", control="LAB")
        )


# --- mistakes in a trainer's file ----------------------------------------------------------------

TOP = "title = 'x'\n"
STEP = "[[step]]\nheading = 'y'\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"{TOP}seed = -4\n{STEP}", "seed: -4: give at least 0"),
        (f"{TOP}replicate = 3000000000\n{STEP}", "replicate: 3000000000: give at most"),
        (f"{TOP}scenario = 'norfork'\n{STEP}", "mine.toml': there is no scenario 'norfork'"),
        (f"{TOP}{STEP}quarter = 'four'\n", "step 1, quarter: 'four': give a whole number"),
        (f"{TOP}{STEP}{STEP}compare = 'before'\n", "step 2, compare: 'before': choose one of"),
        (f"{TOP}{STEP}[[step]]\ntext = 'y'\n", "step 2, heading: it is missing"),
        (f"{TOP}{STEP}{STEP}txt = 'y'\n", "step 2: unknown key 'txt'"),
        (f"{TOP}{STEP}act = [{{ council = 'Norwick', what = 'chief_executive_leaves' }}]\n",
         "step 1: the scenario's councils: unknown council 'Norwick'"),
        (f"{TOP}{STEP}[[step.act]]\ncouncil = 'Norwich'\nwhat = 'control_changes'\n"
         "control = 'GREEN'\n",
         "step 1: act: control is 'GREEN': choose one of CON, LAB, LD, NOC, IND"),
        (f"{TOP}{STEP}act = [{{ at = 3, set = {{ 'settlement.shock' = -0.1 }} }}]\n",
         "step 1: act: unknown key 'at'; the quarter of the step says when"),
        (f"{TOP}{STEP}act = [{{ set = {{}} }}]\n", "step 1: the change: name at least one lever"),
        (f"{TOP}{STEP}act = [{{ set = {{ 'grants.staged' = 0.5 }} }}]\n", "step 1: grants.staged"),
        (f"{TOP}{STEP}act = [{{ council = 'Waveney', what = 'chief_executive_leaves' }}]\n",
         "step 1, act: Waveney shares its chief executive"),
    ],
)  # fmt: skip
def test_a_mistake_names_file_and_step_and_what_is_allowed(tmp_path, text, words):
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as found:
        lesson.read_lesson(path, book)
    assert f"'{path}'" in str(found.value)
    assert words in str(found.value)
