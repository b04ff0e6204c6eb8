"""How long each agreement lasted and how it ended: one row an agreement, for survival analysis."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..sim.declared.catalogue import MANAGEMENTS, MERGER, SERVICES
from ..sim.errors import InputError, as_text, given
from .stored.reading import check_has, read_record
from .stored.tables import read_table

if TYPE_CHECKING:
    import pandas as pd

ENDINGS: tuple[str, ...] = ("break_up", "merger", "deepened", "reorganised")
"""The ways in which an agreement ends; they compete. The order is that of their codes."""
OF_REASON: dict[str, str] = {
    "merger": "merger",
    "deepened": "deepened",
    "reorganisation": "reorganised",
}
"""The ending that a reason stands for; every other reason is one of a break-up."""
GROUPS: dict[str, tuple[str, ...]] = {
    "services": SERVICES,
    "management": MANAGEMENTS,
    MERGER: (MERGER,),
}
"""The scopes of each group. To merge is no partnership in force, so it has a group of its own."""
GROUP_OF: dict[str, str] = {scope: group for group, scopes in GROUPS.items() for scope in scopes}

KEY = ["replicate", "agreement"]
KNOWN = [*KEY, "scope", "signed", "ended", "reason"]
MEASURED = ["replicate", "quarter", "formed", "ended", "agreements", "setting_up"]
COUNTED = SIGNED, ENDED, STAND = "were signed", "had ended", "were in force or being set up"
COLUMNS = [*KEY, "scope", "group", "start", "watched", "end", "entry", "duration", "event",
           "ending"]  # fmt: skip


def find_durations(agreements: pd.DataFrame, quarters: pd.DataFrame) -> pd.DataFrame:
    """Return how long each agreement lasted: a row an agreement, in the order of `agreements`.

    agreements, quarters: the tables of `sim.simulate` or `sim.simulate_many`, or stored ones.

    Columns (all times are whole quarters):
        replicate, agreement: the run, as far as the tables name one, and the agreement's number.
        scope, group: what is shared, and its key of GROUPS.
        start: the quarter in which it was signed; negative where it stood, or was being set up, on
            the first day.
        watched: the quarter from which it was watched: `start`, but 0 where that is negative. Of
            those signed with it, we see only the ones that lasted so long.
        end: the quarter in which it ended, or the last of its run where it was still in force.
        entry: its age when it was first watched, `watched` less `start` (left truncation).
        duration: its age at the end, `end` less `start`: at risk at each age from `entry` to
            `duration`, both counted.
        event: True where it ended, False where it was in force at the end (right censoring).
        ending: one of ENDINGS, a category; missing where it was in force. Codes plus one are the
            status that software for competing risks asks for, 0 for censored.

    Raises:
        InputError: a column is missing, or agreements are, as in runs without an event log; or
            the tables are of other runs than each other.
    """
    for name, table in (("agreements", agreements), ("quarters", quarters)):
        if not hasattr(table, "columns"):
            raise InputError(
                f"{name} is {given(table)}: give the table, as run.{name} of sim.simulate is"
            )
    alone = "replicate" not in agreements and "replicate" not in quarters
    if alone:
        agreements, quarters = agreements.assign(replicate=0), quarters.assign(replicate=0)
    _check_columns(agreements, KNOWN, "agreements")
    _check_columns(quarters, MEASURED, "quarters")
    _check_whole(agreements, quarters)
    last = quarters.groupby("replicate")["quarter"].max()
    found = _reckon(agreements.reset_index(drop=True), last)
    return found[COLUMNS[1:] if alone else COLUMNS]


def stored_durations(folder: str | Path) -> pd.DataFrame:
    """Return the durations of a stored result of `councils run`, as `find_durations` does.

    Raises:
        InputError: the folder is no such result, or one of its tables is missing or cannot be read.
    """
    folder = Path(as_text("the result", folder, "give the path of its folder"))
    check_has(folder, read_record(folder, "run"), "agreements")
    tables = []
    for name, wanted in (("agreements", KNOWN), ("quarters", MEASURED)):
        path = folder / f"{name}.parquet"
        try:
            tables.append(read_table(path, wanted))
        except (OSError, ValueError) as error:
            told = " ".join(str(error).split())
            raise InputError(
                f"'{path}' cannot be read ({told}): the result is damaged; bring the file back, "
                "or make it again"
            ) from None
    return find_durations(*tables)


def _reckon(agreements: pd.DataFrame, last: pd.Series) -> pd.DataFrame:
    """Return the columns of `find_durations`; `last` is the last quarter of each replicate."""
    found = agreements[KEY].copy()
    found["scope"] = agreements["scope"].astype(str)
    found["group"] = found["scope"].map(GROUP_OF)
    found["start"] = agreements["signed"].astype("int64")
    found["watched"] = found["start"].clip(lower=0)
    found["event"] = agreements["ended"].notna()
    end = agreements["ended"].fillna(agreements["replicate"].map(last))
    found["end"] = end.astype("int64")
    found["entry"] = found["watched"] - found["start"]
    found["duration"] = found["end"] - found["start"]
    found["ending"] = _endings(agreements["reason"], found["event"])
    return found


def _endings(reasons: pd.Series, ended: pd.Series) -> pd.Series:
    """Return the ending of each agreement as a category, missing where it has not ended."""
    import pandas as pd

    ways = reasons.astype(object).map(lambda reason: OF_REASON.get(reason, ENDINGS[0]))
    return ways.where(ended, None).astype(pd.CategoricalDtype(list(ENDINGS)))


def _check_columns(table: pd.DataFrame, wanted: list[str], name: str) -> None:
    missing = [column for column in wanted if column not in table]
    if missing:
        raise InputError(
            f"{name}: there is no column {', '.join(missing)}: give the table of {name} of the "
            "same runs as the other one"
        )


def _check_whole(agreements: pd.DataFrame, quarters: pd.DataFrame) -> None:
    """Raise InputError unless the agreements are all those that the quarters count."""
    strange = sorted(set(agreements["replicate"]) - set(quarters["replicate"]))
    if strange:
        raise InputError(
            f"agreements: replicate {strange[0]} has no quarters: give both tables of one result"
        )
    shown, counted = _shown(agreements, quarters), _counted(quarters)
    differ = np.argwhere(shown.to_numpy() != counted.to_numpy())
    if not len(differ):
        return
    row, place = differ[0]
    k, t = shown.index.to_frame().to_numpy()[row]
    done = COUNTED[place]
    found, wanted = (float(table[done].iloc[row]) for table in (shown, counted))
    told = (
        f"agreements: of replicate {k} they show {found:.0f} that {done} by quarter {t}, where "
        f"{wanted:.0f} {done}"
    )
    too_many = (shown[SIGNED].to_numpy() > counted[SIGNED].to_numpy()).any()
    if agreements["ended"].isna().all() and not too_many:
        raise InputError(
            f"{told}: agreements that ended are known from the event log alone, so make the runs "
            "with events"
        )
    raise InputError(f"{told}: these are tables of other runs, or not all of them; give both whole")


def _shown(agreements: pd.DataFrame, quarters: pd.DataFrame) -> pd.DataFrame:
    """Return how many agreements a table shows by each quarter of each run, by what they did."""
    import pandas as pd

    rows = pd.MultiIndex.from_frame(quarters[["replicate", "quarter"]]).sort_values()

    def by_then(when: pd.Series) -> pd.Series:
        each = agreements.assign(quarter=when)[when.notna()]
        sums = each.groupby(["replicate", "quarter"]).size().reindex(rows, fill_value=0)
        return sums.groupby(level="replicate").cumsum()

    signed, ended = agreements["signed"], agreements["ended"]
    begun = by_then(signed.clip(lower=0))
    done = {SIGNED: by_then(signed.where(signed >= 0)), ENDED: by_then(ended)}
    return pd.DataFrame({**done, STAND: begun - done[ENDED]}, dtype=float)


def _counted(quarters: pd.DataFrame) -> pd.DataFrame:
    """Return what was measured of the same."""
    import pandas as pd

    found = quarters.set_index(["replicate", "quarter"]).sort_index()
    stood = found["agreements"] + found["setting_up"]
    return pd.DataFrame({SIGNED: found["formed"], ENDED: found["ended"], STAND: stood}, dtype=float)
