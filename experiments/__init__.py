"""The questions: what is run, how it is spread over workers, what is stored and what is shown."""

import sys
from pathlib import Path

if __name__ == "experiments":  # from a clone, by its bare name
    sys.path.insert(0, str(Path(__file__).parents[1] / "sim" / "installed"))
    from council_partnering.clone import stand_for

    stand_for(__name__, __file__)
