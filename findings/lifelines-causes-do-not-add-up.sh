#!/usr/bin/env bash
# lifelines 0.30.3: with late entry, its two curves of the same data count other people at risk.
#
# Expected: whoever enters at the age at which another's spell ends is either at risk then or not,
#   alike throughout the library; the incidences of all causes add up to one less the survival.
# Happens: `KaplanMeierFitter` counts an entrant from after that age. `AalenJohansenFitter` takes
#   its survival from there, but divides by the number at risk with the entrant counted. So each
#   incidence is too small, and they do not add up, without a warning. In whole quarters or years
#   such meetings are the rule, not the exception.
# Seen: lifelines 0.27.8 and 0.30.3. (`SurvfuncRight` of statsmodels agrees with the Kaplan-Meier
#   curve; its `CumIncidenceRight` knows no late entry.)
# Instead: subtract half a unit from every entry, if who enters at an age is at risk at that age, or
#   add it, if not. Then nobody enters at an age of an event and both count alike.
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
from statsmodels.duration.survfunc import SurvfuncRight

AGES, CAUSES = np.array([2, 3, 4, 5]), np.array([1, 2, 1, 0])  # 0: still there
ENTRY = np.array([0, 1, 2, 3])


def curves(entry):
    """Return one less the survival, and the sum of the incidences of both causes, at 2, 3, 4, 5."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)  # no warning of the library's own
        ended = 1 - KaplanMeierFitter().fit(AGES, CAUSES > 0, entry=entry).survival_function_
        by_cause = [
            AalenJohansenFitter().fit(AGES, CAUSES, event_of_interest=cause, entry=entry)
            for cause in (1, 2)
        ]
    summed = sum(curve.cumulative_density_.iloc[:, 0] for curve in by_cause)
    return ended.iloc[:, 0].loc[AGES].to_numpy(), summed.loc[AGES].to_numpy()


print("lifelines", version("lifelines"), "- at the ages", AGES, "of subjects who enter at", ENTRY)
found = {}
for name, entry in {"as they are": ENTRY, "half less": ENTRY - 0.5, "half more": ENTRY + 0.5}.items():
    found[name] = curves(entry)
    print(f"entries {name:11}: one less the survival {found[name][0].round(4)}", end="")
    print(f", incidences summed {found[name][1].round(4)}")
other = SurvfuncRight(AGES, (CAUSES > 0).astype(int), entry=ENTRY)
print("statsmodels", version("statsmodels"), "one less the survival:", (1 - other.surv_prob).round(4))

ended, summed = found["as they are"]
assert np.allclose(ended, [1 / 2, 3 / 4, 7 / 8, 7 / 8]), "changed"
assert np.allclose(summed, [1 / 3, 1 / 2, 5 / 8, 5 / 8]), "changed"
assert np.allclose(1 - other.surv_prob, ended[:3]), "changed"
for name in ("half less", "half more"):
    assert np.allclose(*found[name]), "changed"
assert np.allclose(found["half more"][0], ended), "changed"
END
