#!/usr/bin/env bash
# SALib 1.6.0: a Morris design of few factors holds the same trajectory again and again.
#
# Expected: `morris.sample(problem, N)` gives N different trajectories; where there are not so many,
#   it says so. Two factors on four levels have 32.
# Happens: trajectories are drawn with replacement, without a warning: of 20 asked for, 14 differ; of
#   100, at most 32. The model is run for each, an effect that was drawn three times counts three
#   times in mu and mu_star, and `mu_star_conf` narrows with every repetition as if it were news:
#   past 32 it is the certainty of having counted the same runs again.
# Seen: 1.5.2 and 1.6.0. With eight factors and 50 trajectories there were none twice.
# Instead: keep the first of equal trajectories before any run, as below; `analyze` takes what is left.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    SALib==1.6.0 numpy==2.3.5 pandas==2.3.3 scipy==1.16.3
cd "$folder"
"$folder/venv/bin/python" -W error::UserWarning -W error::RuntimeWarning - <<'END'
from importlib.metadata import version

import numpy as np
from SALib.analyze import morris as analyzing
from SALib.sample import morris as sampling


def problem(count):
    return {
        "num_vars": count, "names": [f"x{n}" for n in range(count)], "bounds": [[0, 1]] * count,
    }


def drawn(count, asked):
    """Return the trajectories, (asked, count + 1, count), and the places of the first of equals."""
    walks = sampling.sample(problem(count), asked, num_levels=4, seed=1).reshape(asked, count + 1, count)
    _, first = np.unique(walks.reshape(asked, -1).round(9), axis=0, return_index=True)
    return walks, np.sort(first)


def effect(walks):
    points = walks.reshape(-1, 2)
    found = analyzing.analyze(problem(2), points, points[:, 0] * points[:, 1] ** 2, num_levels=4, seed=1)
    return round(float(found["mu_star"][1]), 4), round(float(found["mu_star_conf"][1]), 4)


print("SALib", version("SALib"), "- two factors, four levels")
seen, widths = {}, {}
for asked in (20, 100, 1000):
    walks, first = drawn(2, asked)
    points = len(np.unique(walks.reshape(-1, 2).round(9), axis=0))
    (all_mu, widths[asked]), kept = effect(walks), effect(walks[first])
    seen[asked] = len(first)
    print(f"{asked:4} trajectories asked for: {len(first):2} differ, {3 * asked:4} runs of {points} points;", end="")
    print(f" mu_star of x1 {all_mu} +- {widths[asked]}, each once: {kept[0]} +- {kept[1]}")
    assert effect(walks[first])[0] != all_mu, "changed"
assert seen[20] < 20 and seen[1000] == 32, "changed"
assert widths[1000] < widths[100] / 2, "changed"

walks, first = drawn(8, 50)
print("eight factors, 50 trajectories:", len(first), "differ")
END
