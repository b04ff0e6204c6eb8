"""A small table of councils as a user gives it, and the same with something else in it."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

from sim.declared.scenario import load
from sim.ready.world import Prepared, prepare

PLAIN = """\
code,name,tier,county,region,easting_km,northing_km,population,area_km2,rural_share,deprivation,\
budget_gbp_m,band_d,tax_base,unallocated_reserves_gbp_m,earmarked_reserves_gbp_m,control_2010
T1,Ashby,district,Westshire,North,400,300,95000,310,0.40,18,13.0,150,34000,2.0,4.0,CON
T2,Birch,district,Westshire,North,415,306,120000,120,0.05,27,17.5,190,39000,3.5,5.0,LAB
T3,Cole,district,Westshire,North,408,322,88000,450,0.70,14,11.8,140,33000,2.2,3.1,
T4,Dale,district,Eastshire,North,431,318,101000,380,0.55,16,13.9,165,36500,1.8,6.0,NOC
"""
Row = dict[str, str]


def table(**columns: Callable[[Row], object]) -> str:
    """Return the plain table with columns that are made anew from each of its rows."""
    rows = list(csv.DictReader(io.StringIO(PLAIN)))
    changed = [row | {name: str(make(row)) for name, make in columns.items()} for row in rows]
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(changed)
    return text.getvalue()


def times(column: str, factor: float) -> Callable[[Row], object]:
    """Return a maker of a column in another unit."""
    return lambda row: float(row[column]) * factor


def given(folder: Path, content: str | bytes, name: str = "own.csv") -> Path:
    """Write a table and a scenario of it into a folder; return the scenario's file."""
    whole = content if isinstance(content, bytes) else content.encode()
    (folder / name).write_bytes(whole)
    path = folder / "own.toml"
    path.write_text(f'quarters = 2\n[places]\ntable = "{name}"\n', encoding="utf-8")
    return path


def prepared(folder: Path, content: str | bytes) -> Prepared:
    """Return the scenario of a table, ready to run."""
    return prepare(load(given(folder, content)))
