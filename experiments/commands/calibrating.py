"""The command that finds which values of the uncertain numbers history allows."""

from __future__ import annotations

from typing import Annotated

import typer

from .app import Cluster, Json, Out, Workers, app, check_least


@app.command()
def calibrate(
    plan: Annotated[
        str, typer.Argument(help="'calibrated', or the path of a plan of a calibration (.toml).")
    ],
    out: Out = None,
    workers: Workers = 1,
    cluster: Cluster = None,
    as_json: Json = False,
) -> None:
    """Find sets of values that England to 2014 allows; the same command again completes it."""
    check_least("--workers", workers, 1)
    from ..calibrating.kept import calibrated
    from ..calibrating.plan import read_calibration
    from ..calibrating.shown import show
    from ..executors.ordered import hands_of
    from ..stored.asked import RESULTS
    from ..terminal import progress

    asked, path = read_calibration(plan)
    folder = out or RESULTS / path.stem
    with progress(asked.runs) as watch:
        found = calibrated(asked, plan, folder, hands_of(workers, cluster), watch)
    show(found, folder, as_json=as_json)
