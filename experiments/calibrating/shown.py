"""What `councils calibrate` writes: how near the sets come, and what is known of the numbers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..terminal import say, say_json, show_table
from ..words import shorten


def show(found: Mapping[str, Any], folder: Path, *, as_json: bool) -> None:
    """Write a calibration for people, or as one JSON value."""
    if as_json:
        say_json({"kind": "calibration", "folder": str(folder)} | dict(found))
        return
    rows = [
        (row["name"], f"{row['default']:g}", f"{row['quantiles'][2]:g}",
         f"{row['quantiles'][0]:g} to {row['quantiles'][4]:g}", f"{row['width']:.2f}",
         f"{row['coverage']['0.95']:.0%}")
        for row in sorted(found["numbers"], key=lambda row: row["width"])
    ]  # fmt: skip
    columns = {"Number": "left", "Default": "right", "Middle": "right", "90% of sets": "right",
               "Width": "right", "95% hold": "right"}  # fmt: skip
    show_table("", columns, rows)
    say("Width: of the declared range; above 0.9 a number is not identified. 95% hold: how often "
        "an interval of 95% held a planted value.")  # fmt: skip
    patterns = found["patterns"]
    for key, told in (("met", "near England in the mean"), ("inside", "England among the middle "
                      "90% of runs"), ("better", "a better score than runs over all ranges and "
                      "than one number")):  # fmt: skip
        names = [row["pattern"] for row in patterns if row[key]]
        say(f"{len(names)} of {len(patterns)} patterns, {told}: {', '.join(names)}.")
    say(f"Stored in {shorten(folder)}: ensemble.parquet, calibration.json, calibration.md")
    say(
        f"To ask over its sets: councils compare norfolk set-up-grants --ensemble {shorten(folder)}"
    )
