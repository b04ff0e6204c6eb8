"""Commands that list what there is: scenarios, plans, declared numbers, measures."""

from __future__ import annotations

from typing import Annotated

import typer

from ...sim.errors import InputError
from .app import Json, app


@app.command()
def scenarios(as_json: Json = False) -> None:
    """List the scenarios that come with the project."""
    from .declared import list_scenarios

    list_scenarios(as_json=as_json)


@app.command()
def plans(as_json: Json = False) -> None:
    """List the plans that come with the project: studies that run by their name."""
    from ..studies.shown import show_plans

    show_plans(as_json=as_json)


@app.command()
def parameters(
    section: Annotated[
        str | None,
        typer.Argument(help="A section such as search, or a name such as search.fashion."),
    ] = None,
    as_json: Json = False,
    as_schema: Annotated[
        bool, typer.Option("--schema", help="Write the JSON Schema of a scenario file.")
    ] = False,
) -> None:
    """List every number of the theory: unit, range, why, source and grade of evidence."""
    from .declared import list_parameters, list_schema

    if as_schema and section is not None:
        raise InputError("--schema is of the whole scenario file: leave out the section")
    if as_schema:
        list_schema()
    else:
        list_parameters(section, as_json=as_json)


@app.command()
def measures(as_json: Json = False) -> None:
    """List every outcome that is measured: title, unit, range, why, source and grade."""
    from .declared import list_measures

    list_measures(as_json=as_json)
