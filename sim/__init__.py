"""Council Partnering: how local councils team up, and why so many deals fail."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.batch import Run, simulate
    from sim.forks import Snapshot, fork, load_snapshot, save, snapshot
    from sim.model import Council, CouncilModel
    from sim.parameters import Parameters
    from sim.scenario import Scenario, load

__version__ = "0.1.0"

__all__ = [
    "Council",
    "CouncilModel",
    "Parameters",
    "Run",
    "Scenario",
    "Snapshot",
    "fork",
    "load",
    "load_snapshot",
    "save",
    "simulate",
    "snapshot",
]

_PLACES = {
    "Council": "sim.model",
    "CouncilModel": "sim.model",
    "Parameters": "sim.parameters",
    "Run": "sim.batch",
    "Scenario": "sim.scenario",
    "Snapshot": "sim.forks",
    "fork": "sim.forks",
    "load_snapshot": "sim.forks",
    "load": "sim.scenario",
    "save": "sim.forks",
    "simulate": "sim.batch",
    "snapshot": "sim.forks",
}


def __getattr__(name: str) -> Any:
    """Import what is asked for, and no more: `--help` needs neither compiler nor Mesa."""
    if name not in _PLACES:
        raise AttributeError(f"module 'sim' has no attribute '{name}'")
    value = getattr(import_module(_PLACES[name]), name)
    globals()[name] = value
    return value
