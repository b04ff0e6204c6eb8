#!/usr/bin/env bash
# lifelines 0.30.3: the Aalen-Johansen curve leaves out whatever happens at the first time.
#
# Expected: of four subjects one ends by cause 1 at age 0, as happens where ages are whole quarters
#   or years. The incidence of cause 1 is 1/4 from age 0 on, and the incidences of all causes add
#   up to one less the survival.
# Happens: `AalenJohansenFitter` sets the first row of its curve to 0, also where that row has
#   events. The 1/4 is missing at every later age, without a warning, while `KaplanMeierFitter` of
#   the same library and statsmodels (`CumIncidenceRight`, `SurvfuncRight`) count it. Where
#   everybody enters late at one age, and the first event is at that age, the same is lost.
# Seen: lifelines 0.27.8 and 0.30.3, beside statsmodels 0.14.6 and 0.15.0.
# Instead: `CumIncidenceRight` of statsmodels, where nobody enters late; or add a constant to every
#   duration, as below; and hold the sum of the incidences against the survival.
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
from lifelines import AalenJohansenFitter, KaplanMeierFitter
from statsmodels.duration.survfunc import CumIncidenceRight

AGES, CAUSES = np.array([0, 1, 2, 3]), np.array([1, 2, 1, 0])  # 0: still there


def incidence(ages, cause, **more):
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)  # no warning of the library's own
        curve = AalenJohansenFitter().fit(ages, CAUSES, event_of_interest=cause, **more)
    return curve.cumulative_density_.iloc[:, 0].to_numpy()


print("lifelines", version("lifelines"), "and statsmodels", version("statsmodels"))
ended = 1 - KaplanMeierFitter().fit(AGES, CAUSES > 0).survival_function_.iloc[:, 0].to_numpy()
ours = [incidence(AGES, cause) for cause in (1, 2)]
theirs = CumIncidenceRight(AGES, CAUSES).cinc
moved = [incidence(AGES + 1, cause)[1:] for cause in (1, 2)]
late = [incidence(AGES + 4, cause, entry=np.full(4, 4)) for cause in (1, 2)]
print("at the ages", AGES, "one less the survival is  ", ended.round(4))
for name, found in {
    "lifelines": ours, "statsmodels": theirs, "lifelines, one later": moved, "all enter at 4": late,
}.items():
    print(f"{name:21} cause 1 {found[0].round(4)}, cause 2 {found[1].round(4)}, sum {sum(found).round(4)}")
assert np.allclose(ended, [0.25, 0.5, 0.75, 0.75]), "changed"
assert np.allclose(theirs[0], [0.25, 0.25, 0.5, 0.5]), "changed"
assert np.allclose(sum(theirs), ended) and np.allclose(moved, theirs), "changed"
for found in (ours, late):
    assert np.allclose(found[0], [0, 0, 0.25, 0.25]), "changed"
    assert np.allclose(found[1], theirs[1]), "changed"
END
