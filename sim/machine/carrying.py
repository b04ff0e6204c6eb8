"""What a wheel carries, made when it is built: the rules as LLVM reads them, and machine code.

`python -m council_partnering.sim.machine.carrying FOLDER`, which `sim/installed/building.py` calls.
"""

from __future__ import annotations

import gc
import lzma
import sys
from pathlib import Path

import numpy as np

from ..declared.measures import quarter_dtype
from ..declared.parameters import theory_dtype
from ..whole import write_whole
from .build import written
from .cache import rules, sealed
from .carried import RULES, file_name
from .targets import TARGETS, another, machine_code


def carry(folder: Path) -> None:
    """Write to a folder what `carried.py` finds there."""
    theory, record = (np.dtype((np.record, kind)) for kind in (theory_dtype(), quarter_dtype()))
    made_from, (name, text) = rules(theory, record), written(theory, record)
    found = {file_name(made_from, each): machine_code(text, another(each)) for each in TARGETS}
    found[f"{made_from}.{RULES}"] = lzma.compress(text, preset=lzma.PRESET_EXTREME)
    for place, content in found.items():
        with write_whole(folder / place) as file:
            file.write(sealed(name, content))


if __name__ == "__main__":
    gc.disable()  # a tenth of the time: what is made here is needed to the end
    carry(Path(sys.argv[1]))
