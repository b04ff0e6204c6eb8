"""What a report says of luck and assumptions, where a comparison is over worlds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..comparing.assumptions_words import in_plain_words
from ..figures.frame import Note
from ..figures.tornado import Bar, Tornado, draw_tornado
from ..told import FIGURE, TEXT, Table
from ..words import interval, number, or_nan, percent
from .contents import Picture

TORNADO = "tornado"
ABOUT = (
    "Dotted: the mean over all worlds. Blue: over the third of worlds in which the number is "
    "lowest; red, hatched: highest. Only numbers for which the two surely differ."
)


def over_worlds(stored: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the rows of a comparison that tell of luck and assumptions; none at one set."""
    return [row for row in stored["results"] if "assumptions" in row]


def lines_of(row: Mapping[str, Any]) -> list[str]:
    """Return what is said of luck, and of luck and assumptions, of one policy.

    Numbers by their names only: what they say a report adds where each is first named.
    """
    told = row.get("assumptions", {})
    hanging = [each["name"] for each in told.get("hangs_on", ())]
    names = [c["name"] for leaf in told.get("would_have_to", ()) for c in leaf["when"]]
    said = []
    for sentence in row.get("assumptions_in_words", ()):
        for name in {*hanging, *names}:
            sentence = sentence.replace(in_plain_words(name), name)
        said.append(f"{row['title']}: {sentence}")
    return said


def worlds_tables(stored: Mapping[str, Any]) -> list[Table]:
    """Return how sure each difference is over what, and the numbers on which it hangs."""
    rows = over_worlds(stored)
    if not rows:
        return []
    unit = stored["outcome"]["unit"]
    tables = [Table(
        f"Luck, and luck and assumptions ({unit})",
        [("Policy", TEXT), ("Difference", FIGURE), ("Over luck", FIGURE),
         ("Over luck and worlds", FIGURE), ("Worlds in which it is higher", FIGURE),
         ("Nine of ten worlds", FIGURE), ("Luck's part of the variance", FIGURE)],
        [_sure(row["title"], row["assumptions"]) for row in rows],
        "Over luck: were these all the worlds there are. Over luck and worlds: as a mean over all "
        "worlds of that kind. Shares of worlds, and nine of ten worlds: luck taken out, as if they "
        "were spread like a bell. Intervals of shares: 95%, by bootstrap over worlds.",
    )]  # fmt: skip
    hanging = [row for row in rows if row["assumptions"]["hangs_on"]]
    return tables + [_hanging(row, unit) for row in hanging]


def _sure(title: str, told: Mapping[str, Any]) -> list[str]:
    higher, share = (
        "{} ({} to {})".format(*(percent(or_nan(each)) for each in told[key]))
        for key in ("worlds_higher", "luck_share")
    )
    return [
        title, number(or_nan(told["mean"])),
        *(interval(*map(or_nan, told[key])) for key in ("luck", "both")),
        higher,
        interval(*map(or_nan, told["nine_of_ten"])), share,
    ]  # fmt: skip


def _hanging(row: Mapping[str, Any], unit: str) -> Table:
    columns = [("Number", TEXT), ("Low", FIGURE), ("Difference there", FIGURE), ("High", FIGURE),
               ("Difference there", FIGURE)]  # fmt: skip
    cells = [
        [in_plain_words(each["name"]), f"at most {each['low']:.3g}", number(each["below"]),
         f"at least {each['high']:.3g}", number(each["above"])]
        for each in row["assumptions"]["hangs_on"]
    ]  # fmt: skip
    return Table(f"{row['title']}: on what it hangs ({unit})", columns, cells)


def tornado_pictures(stored: Mapping[str, Any], basis: str) -> list[Picture]:
    """Return the picture of the numbers on which differences hang; none where none is sure."""
    tornados = _tornados(stored)
    if not tornados:
        return []
    alt = " ".join(
        f"{each.title}: " + "; ".join(
            f"{bar.words}, {number(bar.low)} where low, {number(bar.high)} where high"
            for bar in each.bars
        ) + "." for each in tornados
    )  # fmt: skip
    return [Picture(TORNADO, "On what the difference hangs", f"Bars. {alt}", basis)]


def tornado_of(stored: Mapping[str, Any], note: Note, measured: str, basis: str) -> dict[str, Any]:
    """Return the figure by its name; none where no number surely moves a difference."""
    tornados = _tornados(stored)
    if not tornados:
        return {}
    return {TORNADO: draw_tornado(tornados, note, measured=measured, about=f"{basis} {ABOUT}")}


def _tornados(stored: Mapping[str, Any]) -> Sequence[Tornado]:
    return [
        Tornado(row["title"], or_nan(row["assumptions"]["mean"]), [
            Bar(in_plain_words(each["name"]), each["below"], each["above"])
            for each in row["assumptions"]["hangs_on"]
        ])
        for row in over_worlds(stored)
        if row["assumptions"]["hangs_on"]
    ]  # fmt: skip
