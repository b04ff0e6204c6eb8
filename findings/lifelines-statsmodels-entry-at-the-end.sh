#!/usr/bin/env bash
# lifelines 0.30.3 and statsmodels 0.15.0: a spell that enters at the age of its end
# is an end of nobody at risk to the one, and refused by the other.
#
# Expected: a spell first seen in the quarter in which it ends (entry equal to duration) is at risk
#   in that quarter and counted, or left out, or refused; the same by both.
# Happens: statsmodels refuses the data. lifelines takes it without a warning, and counts the end but
#   not the subject: with one other at risk, survival falls to 0 while that other is still there.
#   Unless the age is the earliest entry of the data: there entrants are at risk at once. So one
#   more subject, who enters earlier and only watches, turns 3/4 into 0 for the others.
# Seen: lifelines 0.27.8 and 0.30.3 (its users have reported it), statsmodels 0.14.6 and 0.15.0.
# Instead: subtract half a unit from every entry, if such a spell is to count: then both take it and
#   agree. Or leave such spells out before either.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    lifelines==0.30.3 statsmodels==0.15.0 numpy==2.3.5 pandas==2.3.3 scipy==1.16.3
cd "$folder"
"$folder/venv/bin/python" - <<'END'
import warnings
from importlib.metadata import version

import numpy as np

warnings.simplefilter("ignore", FutureWarning)
from lifelines import KaplanMeierFitter
from statsmodels.duration.survfunc import SurvfuncRight

CASES = {  # ages at the end, whether it ended, ages at entry
    "ends where it enters": ([1, 2], [1, 0], [1, 0]),
    "all enter at 2": ([2, 3, 4, 5], [1, 0, 0, 0], [2, 2, 2, 2]),
    "and one at 1": ([2, 3, 4, 5, 5], [1, 0, 0, 0, 0], [2, 2, 2, 2, 1]),
}


def by_lifelines(ages, ended, entry):
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)  # no warning of the library's own
        curve = KaplanMeierFitter().fit(ages, ended, entry=entry)
    return round(float(curve.predict(ages[0])), 4)


def by_statsmodels(ages, ended, entry):
    try:
        curve = SurvfuncRight(np.array(ages), np.array(ended), entry=np.array(entry))
    except ValueError as error:
        return f"refused: {error}"
    return round(float(curve.surv_prob[0]), 4)


print("lifelines", version("lifelines"), "and statsmodels", version("statsmodels"))
seen = {}
for name, (ages, ended, entry) in CASES.items():
    for less in (0, 0.5):
        given = (ages, ended, np.array(entry) - less)
        seen[name, less] = by_lifelines(*given), by_statsmodels(*given)
        print(f"{name:21} entries less {less:3}: survival after the first end", seen[name, less])
for name, wanted, right in (
    ("ends where it enters", 0, 0.5), ("all enter at 2", 0.75, 0.75), ("and one at 1", 0, 0.8),
):
    assert seen[name, 0][0] == wanted, "changed"
    assert str(seen[name, 0][1]).startswith("refused"), "changed"
    assert seen[name, 0.5] == (right, right), "changed"
END
