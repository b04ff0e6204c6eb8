"""Claims about the figures: what they state, what they survive, and the numbers behind them."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from agreed import agreements_of, counted
from matplotlib.figure import Figure
from matplotlib.text import Text
from summed import summed

from experiments.durations import ENDINGS as WAYS_TO_END, GROUPS
from experiments.estimates import share_of
from experiments.figures import ALL, FigureTables, Note, draw_map, survival_table, write
from experiments.figures.boundaries import SHIFT_KM, read_outlines, to_grid, without_outline
from experiments.figures.frame import DECLARED, SMALL, spread_apart, tell_runs
from experiments.figures.links import LEAST, MOST, find_links, tell_left_out, thin
from experiments.figures.over_time import PANELS
from experiments.figures.reasons import count_reasons
from experiments.figures.survival import ENDINGS, PANELS as SURVIVAL_PANELS, aalen_johansen
from experiments.vignette import BRECKLAND, SOUTH_NORFOLK, WITHIN, vignette
from sim.declared.catalogue import SERVICES
from sim.declared.measures import CONTRIBUTIONS, MEASURES

RUNS, QUARTERS = 3, 24
NOTE = Note("A small country", RUNS, 7, date(2009, 4, 1), date(2015, 1, 1))
DATES = pd.date_range("2009-04-01", periods=QUARTERS, freq="QS")
COUNCILS = Path(__file__).parents[1] / "sim" / "country" / "data" / "councils.csv"
SOUTH_HOLLAND = "E07000140"
COLUMNS = (
    "replicate", "quarter", "kind", "council", "other", "agreement", "scope", "reason", "value",
)  # fmt: skip


def real_councils() -> pd.DataFrame:
    table = pd.read_csv(COUNCILS)
    return table.rename(columns={"easting_km": "x_km", "northing_km": "y_km"})


def nearest(number: int) -> pd.DataFrame:
    """The councils nearest to Norwich that share no ground: districts and unitaries."""
    table = real_councils()
    table = table[table["tier"] != "county"]
    away = np.hypot(table["x_km"] - 621.8, table["y_km"] - 309.0)
    return table.loc[away.sort_values().index[:number]].reset_index(drop=True)


def events_of(*rows: tuple[object, ...]) -> pd.DataFrame:
    """An event table from rows of COLUMNS; what is missing at the end of a row is empty."""
    filled = [(*row, *([None] * (len(COLUMNS) - len(row)))) for row in rows]
    table = pd.DataFrame(filled, columns=list(COLUMNS))
    table["date"] = [DATES[quarter] for quarter in table["quarter"]]
    table["more"] = 0.0
    return table.assign(**{f"because_{key}": 0.0 for key in CONTRIBUTIONS})


def deals(run: int) -> list[tuple[object, ...]]:
    """Twelve service deals and twelve of management in one run, ending in many ways."""
    rows: list[tuple[object, ...]] = []
    reasons = ["culture", "merger", "deepened", "reorganisation", "people", None]
    for k in range(24):
        scope = SERVICES[k % 9] if k % 2 else "management"
        rows.append((run, k // 4, "talks_begin", "E07000144", "E07000145", k, scope))
        if k % 8 == 7:
            rows.append((run, k // 4 + 1, "talks_fail", "E07000144", "E07000145", k, scope, "tax"))
            continue
        for member in ("E07000144", "E07000145"):
            rows.append((run, k // 4 + 2, "signs", member, "E07000144", k, scope, None, 0.3))
        reason = reasons[(k + run) % len(reasons)]
        if reason is not None:
            rows.append((run, k // 4 + 3 + k % 5, "ends", "E07000144", None, k, scope, reason))
    rows.append((run, 2, "talks_begin", SOUTH_NORFOLK, BRECKLAND, 90, "management"))
    rows.append((run, 4, "talks_fail", SOUTH_NORFOLK, BRECKLAND, 90, "management", "culture"))
    for member in (BRECKLAND, SOUTH_HOLLAND):
        rows.append((run, 5 + run, "signs", member, BRECKLAND, 91, "chief_executive", None, 0.1))
    return rows


def tables_of(events: pd.DataFrame, councils: pd.DataFrame | None = None) -> FigureTables:
    generator = np.random.default_rng(5)
    index = [(run, quarter) for run in range(RUNS) for quarter in range(QUARTERS)]
    quarters = pd.DataFrame(index, columns=["replicate", "quarter"])
    quarters["date"] = [DATES[quarter] for quarter in quarters["quarter"]]
    values = {measure.name: generator.random(len(quarters)) * 9 for measure in MEASURES}
    quarters = pd.concat([quarters, pd.DataFrame(values)], axis=1)
    quarters.loc[quarters["quarter"] < 2, "trust"] = np.nan  # no partners yet
    known = nearest(17) if councils is None else councils
    a, b = known["code"].iloc[:-1].to_numpy(), known["code"].iloc[1:].to_numpy()
    parts = [
        pd.DataFrame({"code_a": a, "code_b": b, "scope": scope, "partnered": share})
        for scope, share in (("management", 0.6), ("legal", 0.3), ("ict", 0.4), ("merger", 0.01))
    ]
    pairs = pd.concat(parts).assign(talked=0.7, failed=0.2)
    touching = pd.DataFrame({"code_a": a, "code_b": b})
    agreements = agreements_of(events)
    decisions = summed(events)
    return FigureTables(
        counted(quarters, agreements), events, agreements, pairs, known, decisions, touching
    )


@pytest.fixture(scope="module")
def full() -> FigureTables:
    return tables_of(events_of(*[row for run in range(RUNS) for row in deals(run)]))


def words_of(figure: Figure) -> str:
    return " ".join(text.get_text().replace("\n", " ") for text in figure.findobj(Text))


@pytest.mark.parametrize("name", ALL)
def test_every_figure_states_its_runs_its_intervals_and_its_seeds(
    name: str, full: FigureTables
) -> None:
    words = words_of(ALL[name](full, NOTE))
    assert NOTE.title in words
    assert "3 runs, seed 7, replicates 0 to 2" in words
    assert "interval" in words or "middle 90% of runs" in words
    assert "Apr-Jun 2009 to Jan-Mar 2015" in words


@pytest.mark.parametrize("name", ALL)
def test_no_type_is_too_small_for_a_projector(name: str, full: FigureTables) -> None:
    figure = ALL[name](full, NOTE)
    figure.draw_without_rendering()
    shown = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text()]
    assert min(text.get_fontsize() for text in shown) >= SMALL


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("left", ["nothing", "no endings", "talks only", "one run"])
def test_every_figure_draws_when_little_happened(name: str, left: str, full: FigureTables) -> None:
    events = full.events
    keep = {
        "nothing": events.iloc[:0],
        "no endings": events[events["kind"] != "ends"],
        "talks only": events[events["kind"] == "talks_begin"],
        "one run": events[events["replicate"] == 0],
    }
    tables = tables_of(keep[left])
    if left == "one run":
        tables = tables._replace(quarters=tables.quarters[tables.quarters["replicate"] == 0])
    if left == "nothing":
        tables = tables._replace(pairs=tables.pairs.iloc[:0], adjacency=None)
    figure = ALL[name](tables, NOTE)
    figure.draw_without_rendering()
    assert figure.axes


def test_an_event_table_without_types_is_no_obstacle(full: FigureTables) -> None:
    events, agreements = (pd.DataFrame(columns=list(each.columns)) for each in full[1:3])
    none = dict.fromkeys(("formed", "ended", "agreements", "setting_up"), 0.0)
    quarters = full.quarters.assign(**none)
    tables = full._replace(
        events=events, agreements=agreements, quarters=quarters, decisions=summed(full.events[:0])
    )
    for draw in ALL.values():
        draw(tables, NOTE)


def test_the_note_tells_failed_runs_from_finished_ones(full: FigureTables) -> None:
    finished = full.quarters[full.quarters["replicate"] > 0]
    foot = tell_runs(finished, NOTE, "")
    assert "2 of 3 runs (the others failed)" in foot
    assert "replicates 1 to 2" in foot


def test_no_finished_run_is_said_plainly(full: FigureTables) -> None:
    with pytest.raises(ValueError, match="no run to draw"):
        ALL["savings"](full._replace(quarters=full.quarters.iloc[:0]), NOTE)


def test_units_come_from_the_declarations(full: FigureTables) -> None:
    words = words_of(ALL["over_time"](full, NOTE))
    for names in PANELS:
        assert DECLARED[names[0]].unit in words
        assert DECLARED[names[0]].title in words


@pytest.mark.slow
def test_the_same_figure_makes_the_same_files(full: FigureTables, tmp_path: Path) -> None:
    figures = [{name: draw(full, NOTE) for name, draw in ALL.items()} for _ in range(2)]
    first = write(figures[0], tmp_path / "a")
    second = write(figures[1], tmp_path / "b")
    assert [file.name for file in first] == [file.name for file in second]
    assert len(first) == 2 * len(ALL)
    for one, two in zip(first, second, strict=True):
        assert one.read_bytes() == two.read_bytes()


def test_figures_leave_pyplot_alone() -> None:
    code = "import sys, experiments.figures; sys.exit('matplotlib.pyplot' in sys.modules)"
    root = Path(__file__).parents[1]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0


def test_names_at_the_ends_of_lines_are_kept_apart() -> None:
    places = spread_apart([9.5, 9.6, 9.9], [1.0, 2.0, 1.0], 0.0, 10.0)
    assert np.all(np.diff(places) >= [1.5 - 1e-9, 1.5 - 1e-9])
    assert places[0] >= 0.5 and places[-1] <= 9.5 + 1e-9
    assert spread_apart([2.0, 8.0], [1.0, 1.0], 0.0, 10.0) == [2.0, 8.0]


# --- survival ------------------------------------------------------------------------------------


def test_aalen_johansen_agrees_with_a_hand_worked_example() -> None:
    # Five agreements: broke up at 1; merged at 2; censored at 2; broke up at 3; censored at 4.
    #   t  at risk  in force before  break-up adds   merger adds
    #   1        5             1        1/5
    #   2        4           4/5                      4/5 * 1/4 = 1/5
    #   3        2           3/5        3/5 * 1/2
    ended = np.array([[0, 1, 0, 1, 0], [0, 0, 1, 0, 0]], dtype=float)
    left = np.array([0, 1, 2, 1, 1], dtype=float)
    broke, merged = aalen_johansen(ended, left)
    assert broke == pytest.approx([0.0, 0.2, 0.2, 0.5, 0.5])
    assert merged == pytest.approx([0.0, 0.0, 0.2, 0.2, 0.2])


def test_without_censoring_incidence_is_the_plain_share() -> None:
    ended = np.array([[1, 2, 0, 3], [0, 1, 4, 1]], dtype=float)
    result = aalen_johansen(ended, ended.sum(axis=0))
    assert result == pytest.approx(np.cumsum(ended, axis=1) / 12)


def test_every_way_to_end_is_drawn_and_so_is_every_partnership() -> None:
    assert tuple(key for key, *_ in ENDINGS) == WAYS_TO_END
    assert set(SURVIVAL_PANELS) == set(GROUPS) - {"merger"}


def test_the_survival_table_is_a_distribution_with_its_interval(full: FigureTables) -> None:
    table = survival_table(full.agreements, full.quarters)
    assert set(table["group"]) == {"services", "management"}
    assert set(table["ending"]) == {key for key, *_ in ENDINGS}
    total = table.groupby(["group", "years"])["incidence"].sum()
    assert total.max() <= 1 + 1e-9
    assert (table["low"] <= table["high"]).all()
    assert (table.groupby(["group", "ending"])["incidence"].diff().dropna() >= -1e-12).all()
    assert table.groupby("group")["at_risk"].max().to_dict() == {"services": 27, "management": 39}
    again = survival_table(full.agreements, full.quarters)
    pd.testing.assert_frame_equal(table, again)


def test_runs_that_are_alike_leave_no_uncertainty(full: FigureTables) -> None:
    first = full.events[full.events["replicate"] == 0]
    alike = tables_of(pd.concat([first.assign(replicate=run) for run in range(RUNS)]))
    table = survival_table(alike.agreements, alike.quarters)
    assert table["low"].to_numpy() == pytest.approx(table["high"].to_numpy())


# --- reasons -------------------------------------------------------------------------------------


def test_runs_without_an_event_count_as_zero() -> None:
    events = events_of(
        (0, 1, "talks_fail", "A", "B", 1, "legal", "tax"),
        (0, 2, "talks_fail", "A", "B", 2, "merger", "tax"),
        (2, 2, "talks_fail", "A", "B", 1, "ict", "tax"),
        (2, 3, "talks_fail", "A", "B", 2, "ict", "tax"),
    )
    counts = count_reasons(events, "talks_fail", np.arange(4))
    assert counts.loc[("tax", False), "mean"] == pytest.approx(3 / 4)
    assert counts.loc[("tax", True), "mean"] == pytest.approx(1 / 4)
    assert counts["mean"].sum() == pytest.approx(1.0)
    assert counts.loc[("tax", False), "high"] == pytest.approx(np.quantile([1, 0, 2, 0], 0.95))


# --- the vignette --------------------------------------------------------------------------------


def story(run: int, *, ends: str, later: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    """One run in which the two talk from quarter 1, with an ending at quarter 4."""
    rows: list[tuple[object, ...]] = [
        (run, 1, "talks_begin", SOUTH_NORFOLK, BRECKLAND, 1, "management"),
    ]
    if ends == "collapse":
        rows.append((run, 4, "talks_fail", SOUTH_NORFOLK, BRECKLAND, 1, "management", "culture"))
    if ends == "signed":
        for member in (SOUTH_NORFOLK, BRECKLAND):
            rows.append((run, 4, "signs", member, SOUTH_NORFOLK, 1, "management"))
    if later:
        quarter, scope, partner = later
        for member in (BRECKLAND, partner):
            rows.append((run, quarter, "signs", member, BRECKLAND, 2, scope))
    return rows


def test_the_vignette_counts_a_hand_made_table() -> None:
    events = events_of(
        *story(0, ends="collapse", later=(6, "management", SOUTH_HOLLAND)),  # after 2 quarters
        *story(1, ends="collapse", later=(12, "merger", SOUTH_HOLLAND)),  # after 8: just in time
        *story(2, ends="collapse", later=(13, "chief_executive", SOUTH_HOLLAND)),  # too late
        *story(3, ends="collapse", later=(6, "legal", SOUTH_HOLLAND)),  # a service is no marriage
        *story(4, ends="collapse", later=(6, "management", SOUTH_NORFOLK)),  # the same partner
        *story(5, ends="collapse", later=(3, "management", SOUTH_HOLLAND)),  # before the collapse
        *story(6, ends="signed"),
        *story(7, ends="still talking"),
        (8, 1, "talks_begin", SOUTH_NORFOLK, BRECKLAND, 1, "legal"),  # not about management
        (8, 2, "talks_fail", SOUTH_NORFOLK, BRECKLAND, 1, "legal", "tax"),
        (9, 1, "talks_begin", BRECKLAND, SOUTH_HOLLAND, 1, "management"),  # another couple
    )
    found = vignette(events, last_quarter=QUARTERS - 1)
    assert (found.talked, found.collapsed, found.signed, found.other) == (8, 6, 1, 1)
    assert found.rematched == (0, 0, 1, 1, 1, 1, 1, 1, 2)
    assert len(found.rematched) == WITHIN + 1
    assert found.collapse_share == pytest.approx(6 / 8)
    assert found.rematch_share == pytest.approx(2 / 6)
    assert found.cut_short == 0
    assert vignette(events, last_quarter=11).cut_short == 6


def test_the_vignette_follows_the_first_talks_whoever_asked() -> None:
    events = events_of(
        (0, 2, "talks_begin", BRECKLAND, SOUTH_NORFOLK, 5, "merger"),
        (0, 3, "talks_fail", BRECKLAND, SOUTH_NORFOLK, 5, "merger", "tax"),
        (0, 9, "talks_begin", SOUTH_NORFOLK, BRECKLAND, 8, "management"),
        (0, 12, "signs", SOUTH_NORFOLK, SOUTH_NORFOLK, 8, "management"),
        (0, 12, "signs", BRECKLAND, SOUTH_NORFOLK, 8, "management"),
    )
    found = vignette(events)
    assert (found.talked, found.collapsed, found.signed) == (1, 1, 0)
    assert found.rematched[-1] == 0


def test_the_vignette_of_nothing_has_no_shares() -> None:
    found = vignette(events_of())
    assert found.talked == found.collapsed == 0
    assert np.isnan(found.collapse_share) and np.isnan(found.rematch_share)


def test_wilson_agrees_with_published_intervals() -> None:
    assert share_of(8, 10) == pytest.approx((0.8, 0.4902, 0.9433), abs=1e-4)
    assert share_of(0, 10) == pytest.approx((0.0, 0.0, 0.2775), abs=1e-4)
    assert share_of(0, 0)[1:] == (0.0, 1.0)


# --- the map -------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [7, 17, 40, 300])
def test_names_on_the_map_do_not_overlap(number: int) -> None:
    councils = nearest(number)
    figure = draw_map(tables_of(events_of(), councils), NOTE)
    figure.draw_without_rendering()
    axes = figure.axes[0]
    names = [text for text in axes.texts if text.get_text() and "km" not in text.get_text()]
    assert len(names) == number if number <= 40 else 5 < len(names) < 40
    boxes = [text.get_window_extent() for text in names]
    for k, box in enumerate(boxes):
        assert not any(box.overlaps(other) for other in boxes[:k]), names[k].get_text()
        assert figure.bbox.x0 <= box.x0 and box.x1 <= figure.bbox.x1


def test_the_map_of_norfolk_names_its_seven_districts() -> None:
    table = real_councils()
    norfolk = table[(table["county"] == "Norfolk") & (table["tier"] == "district")]
    words = words_of(draw_map(tables_of(events_of(), norfolk), NOTE))
    for name in ("Breckland", "Broadland", "Great Yarmouth", "King's Lynn", "Norwich"):
        assert name in words


def test_a_link_shows_the_likeliest_scope_of_its_depth(full: FigureTables) -> None:
    links = find_links(full.pairs)
    assert links.groupby("deep")["share"].unique().map(list).to_dict() == {
        True: [0.6],
        False: [0.4],
    }


def many_links(services: int) -> pd.DataFrame:
    """Links of which each is a little likelier than the last."""
    share = np.linspace(0.05, 1.0, services)
    codes = [f"E{k}" for k in range(services)]
    table = pd.DataFrame({"code_a": codes, "code_b": "X", "deep": False, "share": share})
    return pd.concat([table, table.head(3).assign(deep=True)], ignore_index=True)


def test_few_links_are_all_drawn_and_of_many_the_likeliest() -> None:
    few, least = thin(many_links(50))
    assert len(few) == 53 and least == {True: LEAST, False: LEAST}
    assert tell_left_out(least) == "links below 5%"
    many, least = thin(many_links(1000))
    assert many["deep"].sum() == 3 and 0 < (~many["deep"].astype(bool)).sum() <= MOST
    assert many.groupby("deep")["share"].min()[False] >= least[False] > LEAST
    assert f"of services below {least[False]:.0%}" in tell_left_out(least)


def test_a_map_of_england_shows_london_larger_and_says_so() -> None:
    figure = draw_map(tables_of(events_of(), real_councils()), NOTE)
    (inset,) = figure.axes[0].child_axes
    assert inset.get_title(loc="left") == "London"
    assert "The box at the right shows London" in " ".join(words_of(figure).split())
    assert not draw_map(tables_of(events_of(), nearest(17)), NOTE).axes[0].child_axes


def test_thousands_are_set_apart_and_thousands_of_millions_are_billions(full: FigureTables) -> None:
    large = full.quarters.assign(
        reserves=13_000.0 + full.quarters["quarter"], talks=12_000.0 + full.quarters["quarter"]
    )
    figure = ALL["over_time"](full._replace(quarters=large), NOTE)
    figure.draw_without_rendering()
    axes = dict(zip(PANELS, figure.axes, strict=False))
    money, talks = axes["reserves",], axes["talks",]
    assert money.get_ylabel() == "billion pounds" and talks.get_ylabel() == "talks"
    ticks = [[tick.get_text() for tick in each.get_yticklabels()] for each in (money, talks)]
    assert all(text.startswith(("13.0", "12.9")) for text in ticks[0])
    assert all(text.startswith(("12,0", "11,9")) for text in ticks[1])


def test_a_way_of_ending_that_never_comes_about_has_no_line_but_is_named(
    full: FigureTables,
) -> None:
    events = full.events[full.events["reason"] != "reorganisation"]
    assert "none reorganised" in words_of(ALL["survival"](tables_of(events), NOTE))


def test_agreements_of_which_none_has_ended_are_drawn_too(full: FigureTables) -> None:
    events = full.events[full.events["kind"] != "ends"]
    figure = ALL["survival"](tables_of(events), NOTE)
    figure.draw_without_rendering()  # warns where the panels leave no room
    assert "none broke up, merged, deepened or reorganised" in words_of(figure)


def test_ticks_of_shares_say_where_they_lie(full: FigureTables) -> None:
    figure = ALL["survival"](full, NOTE)
    for axes, top in zip(figure.axes, (0.14, 0.009), strict=True):
        axes.set_ylim(0, top)  # ticks at 2.5% too, and at 0.2%
        ticks = [(tick.get_text(), place) for tick, place in
                 zip(axes.get_yticklabels(), axes.get_yticks(), strict=True)]  # fmt: skip
        assert len(ticks) > 3
        assert all(float(said.rstrip("%")) == pytest.approx(100 * at) for said, at in ticks)


def test_names_of_lines_begin_where_their_leaders_end(full: FigureTables) -> None:
    figure = ALL["survival"](full, NOTE)
    texts = [text for axes in figure.axes for text in axes.texts if text.arrow_patch is not None]
    assert texts and all(text._arrow_relpos == (0.0, 0.5) for text in texts)


def test_the_targets_are_named_above_everything_that_is_drawn(full: FigureTables) -> None:
    figure = ALL["first_contact"](full, NOTE)
    figure.draw_without_rendering()
    for axes in figure.axes:
        box = axes.get_legend().get_window_extent()
        top = axes.transData.transform((0, 1.0))[1]
        assert box.y0 > top
        for text in axes.texts:
            assert not box.overlaps(text.get_window_extent())


def square(code: str, x: float, y: float, size: float, prop: str = "code") -> dict[str, object]:
    corners = [
        [x - size, y - size],
        [x + size, y - size],
        [x + size, y + size],
        [x - size, y + size],
    ]
    geometry = {"type": "Polygon", "coordinates": [[*corners, corners[0]]]}
    return {"type": "Feature", "properties": {prop: code}, "geometry": geometry}


def geojson(path: Path, *features: dict[str, object]) -> Path:
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features)}))
    return path


def test_the_national_grid_agrees_with_the_worked_example_of_the_ordnance_survey() -> None:
    # 52 39 27.2531 N, 1 43 4.5177 E on OSGB36 is E 651409.903, N 313177.270.
    longitude, latitude = 1 + 43 / 60 + 4.5177 / 3600, 52 + 39 / 60 + 27.2531 / 3600
    x, y = to_grid(longitude, latitude)
    assert x - SHIFT_KM[0] == pytest.approx(651.409903, abs=1e-4)
    assert y - SHIFT_KM[1] == pytest.approx(313.177270, abs=1e-4)


@pytest.mark.parametrize("prop", ["code", "LAD13CD", "lad13cd", "LAD23CD", "Reference", "id"])
def test_outlines_are_matched_by_code_and_put_where_the_council_is(
    prop: str, tmp_path: Path
) -> None:
    file = geojson(tmp_path / "o.geojson", square("E07000148", 1.29, 52.63, 0.05, prop))
    councils = nearest(7)
    outlines = read_outlines(file, councils)
    assert list(outlines) == ["E07000148"]
    middle = outlines["E07000148"][0][:4].mean(axis=0)
    norwich = councils.set_index("code").loc["E07000148", ["x_km", "y_km"]].to_numpy(dtype=float)
    assert middle == pytest.approx(norwich, abs=2.0)
    draw_map(tables_of(events_of(), councils), NOTE, boundaries=file)


def test_outlines_in_metres_of_the_national_grid_are_read_as_they_are(tmp_path: Path) -> None:
    file = geojson(tmp_path / "o.geojson", square("E07000148", 621_800, 309_000, 5_000))
    ring = read_outlines(file, nearest(7))["E07000148"][0]
    assert ring[0] == pytest.approx([616.8, 304.0])


def test_a_byte_order_mark_is_no_obstacle(tmp_path: Path) -> None:
    file = geojson(tmp_path / "o.geojson", square("E07000148", 621_800, 309_000, 5_000))
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert list(read_outlines(file, nearest(7))) == ["E07000148"]


def test_the_property_that_names_most_councils_is_taken_and_codes_of_another_day_are_read(
    tmp_path: Path,
) -> None:
    councils = nearest(353)
    places = councils.set_index("code")
    squares = []
    for old, code in (("E07000097", "E07000242"), ("E08000038", "E08000016")):
        x, y = places.loc[code, ["x_km", "y_km"]].to_numpy(dtype=float) * 1000
        squares.append(square(old, x, y, 5_000, "LAD09CD"))
        squares[-1]["properties"]["CTY"] = "E10000015"  # type: ignore[index]
    assert set(read_outlines(geojson(tmp_path / "o.geojson", *squares), councils)) == {
        "E07000242", "E08000016",
    }  # fmt: skip


def test_councils_without_an_outline_are_named(tmp_path: Path) -> None:
    councils = nearest(3)
    file = geojson(tmp_path / "o.geojson", square("E07000148", 621_800, 309_000, 5_000))
    said = without_outline(read_outlines(file, councils), councils)
    assert said.startswith("the file has no outline of 2 of 3 councils")
    for code in set(councils["code"]) - {"E07000148"}:
        assert f"({code})" in said
    assert without_outline(councils["code"], councils) == ""


@pytest.mark.parametrize(
    ("x", "y", "size", "says"),
    [
        (52.63, 1.29, 0.05, "latitude stands before longitude"),
        (309_000, 621_800, 5_000, "northing before easting"),
        (621.8, 309.0, 5, "they are km: give metres"),
        (143_600, 6_918_000, 9_000, "they are Web Mercator .EPSG:3857.: convert them"),
        (5_000_000, 5_000_000, 9_000, "probably in another projection"),
    ],
)
def test_outlines_that_lie_elsewhere_are_told_for_what_they_are(
    x: float, y: float, size: float, says: str, tmp_path: Path
) -> None:
    file = geojson(tmp_path / "o.geojson", square("E07000148", x, y, size))
    with pytest.raises(ValueError, match=says) as caught:
        read_outlines(file, nearest(7))
    assert f"the first point is {x - size:g}, {y - size:g}" in str(caught.value)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("not json at all", "not a GeoJSON file"),
        ('{"type": "Topology", "objects": {}}', "no list of features .Topology."),
        ("[1, 2]", "no list of features"),
        ('{"type": "FeatureCollection", "features": []}', "none of its 0 outlines"),
    ],
)
def test_a_file_that_is_not_geojson_is_refused_with_advice(
    content: str, says: str, tmp_path: Path
) -> None:
    file = tmp_path / "o.geojson"
    file.write_text(content)
    with pytest.raises(ValueError, match=says) as caught:
        draw_map(tables_of(events_of()), NOTE, boundaries=file)
    assert str(file) in str(caught.value)
    assert "Allowed" in str(caught.value)


def test_outlines_of_other_councils_are_refused_with_advice(tmp_path: Path) -> None:
    file = geojson(tmp_path / "o.geojson", square("W06000015", -3.2, 51.5, 0.1, "LAD13CD"))
    with pytest.raises(ValueError, match="none of its 1 outlines belongs to a council") as caught:
        read_outlines(file, nearest(7))
    for part in ("LAD13CD (W06000015)", "E0", "Add the codes"):
        assert part in str(caught.value)


def test_outlines_in_another_projection_are_refused_with_advice(tmp_path: Path) -> None:
    mercator = square("E07000148", 143_600, 6_918_000, 9_000)
    file = geojson(tmp_path / "o.geojson", mercator)
    with pytest.raises(ValueError, match="km away from their councils"):
        read_outlines(file, nearest(7))
