"""What the report of a shared file says: its one run, lived again, with its proof checked."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ...sim.declared.measures import MEASURES, as_columns
from ...sim.proof import Proven, Relived, relive
from ...sim.ready.kept import prepared
from ..stored.provenance import provenance
from ..summary import MAIN
from ..told import FIGURE, TEXT, Table
from ..words import as_typed, number, period
from .contents import Contents, assumptions, made_of, origin_of

SAME = (
    "The same file with the same program gives the same run, bit for bit; the first command says "
    "whether it does."
)


def contents_of_file(path: Path) -> Contents:
    """Return the report of the run that a scenario file tells of.

    Raises:
        InputError: the file cannot be used, or holds no proof of a run.
    """
    lived = relive(path)
    scenario, proven = lived.scenario, lived.proven
    proof, first_rest = proven.proof, assumptions(scenario)
    councils = len(prepared(scenario).table.code)
    made = provenance()
    luck = ["--seed", str(proof.seed), "--replicate", str(proof.replicate)]
    basis = (
        f"One run: seed {proof.seed}, replicate {proof.replicate}, {period(scenario)}. One run "
        "says what can happen, not how often: it has no interval."
    )
    return Contents(
        kind="a shared run",
        title=scenario.title or scenario.name,
        about=scenario.about,
        failures=[],
        cautions=[] if proven.same else [_doubt(proven)],
        question=f"What becomes of {councils:,} councils in the one run that the file "
        f"{path.name} tells of, {period(scenario)}?",
        answer=[_standing(proven)],
        basis=basis,
        tables=[_outcomes(lived)],
        pictures=[],
        assumed=first_rest[0],
        defaults=first_rest[1],
        commands=[
            as_typed(["councils", "verify", path.name]),
            as_typed(["councils", "story", path.name, *luck]),
        ],
        again=SAME,
        made=made_of(made, {
            "Fingerprint of the bits": proof.bits,
            "Fingerprint of the scenario": proof.scenario,
            "Fingerprint of the code": proof.code,
        }),
        origin=origin_of(made, fingerprint=proof.bits, code=proof.code),
        outcomes=MAIN,
        turns=[],
    )  # fmt: skip


def _standing(proven: Proven) -> str:
    if proven.same:
        return "The run was lived again: every bit is as the file says."
    return "The run was lived again, and it is not the run that the file tells of."


def _doubt(proven: Proven) -> str:
    changed = f" Made by other rules: {', '.join(proven.changed)} changed." * bool(proven.changed)
    return f"What follows is not the run whose proof the file holds.{changed}"


def _outcomes(lived: Relived) -> Table:
    """Return the outcomes at the end: the main ones first, then all others."""
    last = as_columns(lived.raw.record[-1:])
    declared = {measure.name: measure for measure in MEASURES}
    rows = [
        [declared[name].title, number(float(np.asarray(last[name])[0])), declared[name].unit]
        for name in (*MAIN, *(name for name in declared if name not in MAIN))
    ]
    columns = [("Outcome at the end", TEXT), ("Value", FIGURE), ("Unit", TEXT)]
    return Table("Outcomes at the end of the run", columns, rows)
