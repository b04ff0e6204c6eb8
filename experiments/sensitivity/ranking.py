"""What `councils sensitivity` shows: the share of luck, then factors by rank."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from experiments.reports.contents import Table
from experiments.reports.study_contents import index_table, luck_table, ranking
from experiments.runs.show import shorten
from experiments.studies.store import Study
from experiments.terminal import say, say_json, show_table


def show_sensitivity(study: Study, found: Mapping[str, Any], *, as_json: bool) -> None:
    """Write what was found, for people or as one JSON value."""
    if as_json:
        say_json({"folder": str(study.folder), **found})
        return
    failed = study.about["finished"]["failed"]
    if failed:
        say(f"{failed:,} of {study.about['finished']['runs']:,} runs failed and are left out.")
    _show(luck_table(found))
    for each in found["outcomes"]:
        if each["factors"]:
            _show(index_table(each))
        for sentence in ranking(each):
            say(sentence)
    say(f"Stored in {shorten(study.folder)}. A page about it: councils report "
        f"{shorten(study.folder)}")  # fmt: skip


def _show(table: Table) -> None:
    kinds = {"name": "word", "number": "right", "text": "left"}
    columns = {heading: kinds[kind] for heading, kind in table.columns}
    show_table(table.title, columns, table.rows)
    if table.note:
        say(table.note)
    say()
