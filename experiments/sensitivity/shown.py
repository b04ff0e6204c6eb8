"""What `councils sensitivity` shows: the share of luck, then factors by rank."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..studies.idle import idle_words
from ..studies.shown import copied_words
from ..studies.store import Study
from ..terminal import say, say_json, show_table
from ..told import Table
from ..words import count, shorten
from .findings import idle_found, index_table, luck_table, over_worlds_in_words, ranking


def show_sensitivity(study: Study, found: Mapping[str, Any], *, reused: bool, as_json: bool) -> int:
    """Write what was found, for people or as one JSON value; return how many runs failed.

    `reused`: it was found before, and was not looked for again.
    """
    failed = int(study.failed)
    if as_json:
        say_json({"folder": str(study.folder), "failed": failed, **found})
        return failed
    if failed:
        say(f"{failed:,} of {study.record.answer['runs']:,} runs failed.")
    for each in found["outcomes"]:
        for sentence in gone(each):
            say(sentence)
    for sentence in over_worlds_in_words(found):
        say(sentence)
    _show(luck_table(found))
    for each in found["outcomes"]:
        if each["factors"]:
            _show(index_table(each))
        for sentence in ranking(each, design=found["design"]):
            say(sentence)
    for sentence in idle_words(idle_found(found)):
        say(sentence)
    if found.get("fixed"):
        fixed = ", ".join(found["fixed"])
        say(f"Set to one value in every run, and so in no ranking: {fixed}.")
    if found.get("copied"):
        say(copied_words(found["copied"]))
    if reused:
        say("These runs were analysed before; they were not analysed again.")
    say(f"Stored in {shorten(study.folder)}. A page about it: councils report "
        f"{shorten(study.folder)}")  # fmt: skip
    return failed


def gone(each: Mapping[str, Any]) -> list[str]:
    """Return what had to be left out of an outcome, in a sentence; none when nothing had."""
    out = each["left_out"]
    if not out["runs"]:
        return []
    whole = [count(out["points"], "point") + " in every replicate"] if out["points"] else []
    missed = len(out["replicates"])
    whole += [count(missed, "replicate") + " at every point"] if missed else []
    title = each["title"] + (", difference" if each["difference"] else "")
    return [
        f"{title}: {count(out['without_value'], 'run')} without a value; since points are compared "
        f"on the same luck, {count(out['runs'], 'run')} had to be left out ({' and '.join(whole)})."
    ]


def _show(table: Table) -> None:
    kinds = {"name": "word", "number": "right", "text": "left"}
    columns = {heading: kinds[kind] for heading, kind in table.columns}
    show_table(table.title, columns, table.rows)
    if table.note:
        say(table.note)
    say()
