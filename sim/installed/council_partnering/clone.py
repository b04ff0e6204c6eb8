"""`import sim` in a clone gives the modules of `council_partnering.sim`, never a second copy."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from pathlib import Path
from types import CodeType, ModuleType

OWN = "council_partnering"


def stand_for(bare: str, file: str) -> None:
    """Let the name `bare` and all below it mean the modules of the distribution.

    Args:
        bare: "sim" or "experiments", being imported as such.
        file: the file from which it was imported.

    Raises:
        ImportError: this process uses another copy of the project already.
    """
    module = import_module(f"{OWN}.{bare}")
    if not Path(file).samefile(str(module.__file__)):
        raise ImportError(
            f"'{bare}' of '{Path(file).parents[1]}' and '{OWN}' of "
            f"'{Path(str(module.__file__)).parents[1]}' are two copies of one program: "
            f"import one of them only, or write `from {OWN} import {bare}`"
        )
    sys.meta_path.insert(0, _SameModules(bare))
    sys.modules[bare] = module


class _SameModules(MetaPathFinder):
    """Finds `sim.core.state` where `council_partnering.sim.core.state` is."""

    def __init__(self, bare: str) -> None:
        self.inside = f"{bare}."

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if not fullname.startswith(self.inside):
            return None
        found = find_spec(f"{OWN}.{fullname}")
        if found is None or found.origin is None:
            return None
        is_package = found.submodule_search_locations is not None
        return ModuleSpec(fullname, _Same(), origin=found.origin, is_package=is_package)


class _Same(Loader):
    """Loads nothing of its own."""

    def exec_module(self, module: ModuleType) -> None:
        sys.modules[module.__name__] = import_module(f"{OWN}.{module.__name__}")

    def get_code(self, name: str) -> CodeType:
        """Return what `python -m` runs for a name."""
        run = f"run_module('{OWN}.{name}', run_name='__main__', alter_sys=True)"
        return compile(f"from runpy import run_module\n{run}", f"<{name}>", "exec")
