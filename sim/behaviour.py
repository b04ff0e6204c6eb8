"""What the rules do, as one hash: of what is recorded and what happens in a few runs.

What only hangs on the bits of a run is tied to this and not to the text of the rules, so that work
on the code which moves no bit leaves it good.
"""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from . import shelf
from .declared.parameters import declarations
from .declared.scenario import load
from .identity import code_fingerprint, data_hashes
from .ready.kept import prepared
from .running import luck_of, run_arrays

BUSY = (
    "search.base_management=2", "search.merger=1", "search.choosiness=-2", "search.invite=-3",
    "merger.base=5", "merger.interest=3", "merger.transition=1", "endings.young=0.5",
    "endings.service=0.2", "reorganisation.stance=voluntary", "grants.setup_pot=2",
    "grants.feasibility_pot=1", "grants.staged=0", "terms.minimum=0", "terms.tax_support=0.4",
    "settlement.shock=-0.3", "support.matchmaking=0.5", "support.published_lessons=0.5",
)  # fmt: skip
"""Numbers with which much is signed, merged, paid and broken up in a small country."""


class Reference(NamedTuple):
    """Some replicates of a scenario, always the same."""

    scenario: str
    quarters: int
    replicates: range
    sets: tuple[str, ...] = ()


REFERENCES = (
    Reference("norfolk", 24, range(2)),
    Reference("norfolk-seven", 24, range(4), BUSY),
    Reference("england", 6, range(1)),
)


def behaviour() -> str:
    """Return the hash of what the rules do in the reference runs, and of the declared defaults.

    It is kept under the hashes of code, data and scenarios, so that the runs are lived once.
    """
    told = [code_fingerprint(), repr(REFERENCES), *sorted(data_hashes().values())]
    told += [load(each.scenario).fingerprint() for each in REFERENCES]
    name = f"{hashlib.sha256(chr(10).join(told).encode()).hexdigest()}.behaviour"
    kept = shelf.found(name)
    if kept is None:
        kept = _lived().encode()
        shelf.keep(name, kept)
    return kept.decode()


def _lived() -> str:
    digest = hashlib.sha256()
    for declared in declarations():
        digest.update(f"{declared.name}={declared.default!r}\n".encode())
    for reference in REFERENCES:
        scenario = load(reference.scenario, sets=reference.sets, quarters=reference.quarters)
        ready = prepared(scenario)
        for replicate in reference.replicates:
            raw = run_arrays(ready, luck=luck_of(1, replicate))
            digest.update(raw.record.tobytes())
            digest.update(raw.events.tobytes())
    return digest.hexdigest()
