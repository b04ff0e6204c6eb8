"""The simulation: England's councils, the rules of a quarter, and runs of them."""

import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .declared.parameters import Parameters
    from .declared.scenario import Scenario, load
    from .errors import InputError
    from .forks import Snapshot, fork, load_snapshot, save, snapshot
    from .model import Council, CouncilModel
    from .tables.batch import Batch, Run, simulate, simulate_many

__version__ = "0.1.0"

__all__ = [
    "Batch",
    "Council",
    "CouncilModel",
    "InputError",
    "Parameters",
    "Run",
    "Scenario",
    "Snapshot",
    "fork",
    "load",
    "load_snapshot",
    "save",
    "simulate",
    "simulate_many",
    "snapshot",
]

_PLACES = {
    "Batch": ".tables.batch",
    "Council": ".model",
    "CouncilModel": ".model",
    "InputError": ".errors",
    "Parameters": ".declared.parameters",
    "Run": ".tables.batch",
    "Scenario": ".declared.scenario",
    "Snapshot": ".forks",
    "fork": ".forks",
    "load_snapshot": ".forks",
    "load": ".declared.scenario",
    "save": ".forks",
    "simulate": ".tables.batch",
    "simulate_many": ".tables.batch",
    "snapshot": ".forks",
}


def __getattr__(name: str) -> Any:
    """Import what is asked for, and no more: `--help` needs neither compiler nor Mesa."""
    if name not in _PLACES:
        raise AttributeError(f"module 'sim' has no attribute '{name}'")
    value = getattr(import_module(_PLACES[name], __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Return what can be asked for, also what is not imported yet."""
    return __all__


if __name__ == "sim":  # from a clone, by its bare name
    sys.path.insert(0, str(Path(__file__).with_name("installed")))
    from council_partnering.clone import stand_for

    stand_for(__name__, __file__)
