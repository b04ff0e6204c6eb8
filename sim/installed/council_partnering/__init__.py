"""Council Partnering: how local councils team up, and why so many deals fail.

This is the one name under which the project is installed; its parts are `council_partnering.sim`
and `council_partnering.experiments`. Where it is used from a clone, they lie at the top of that.
"""

from pathlib import Path

_HERE = Path(__file__).parent
if not (_HERE / "sim").is_dir():
    __path__.append(str(_HERE.parents[2]))
