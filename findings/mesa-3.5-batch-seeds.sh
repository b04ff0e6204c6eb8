#!/usr/bin/env bash
# Mesa 3.5.1: seeds among the parameters of `batch_run` are thrown away without a word.
#
# Expected: `batch_run(Model, {"seed": [1, 2, 3]})`, which up to Mesa 3.3 runs a model that takes
#   `seed` with the seeds 1, 2 and 3, runs them still, or is refused.
# Happens: there are three runs, but each is given seed=None, and so luck of its own that cannot
#   be had again; the column "seed" of every row is None. Values of another parameter are no longer
#   compared under the same luck. `rng` fares the same in a model that takes `rng`. The only warning
#   is that of every model with `seed`: to be called `rng`, no change of function.
# Seen: 3.4.0, 3.4.2 and 3.5.1. Not in 3.0.0, 3.2.0 and 3.3.1, which are the newest for Python 3.11.
# Instead: give the seeds beside the parameters, `batch_run(Model, {...}, rng=[1, 2, 3])`, which
#   Mesa up to 3.3 does not know; and look at the column "seed" of what comes back.
#
# Mesa 3.4 and later need Python 3.12; one is looked for by name, then among pyenv's, or name it in
# PYTHON. (networkx is installed with it: 3.5.1 imports it, but asks for it in its extras alone.)
set -euo pipefail

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 12))' >/dev/null 2>&1; }
python=""
for each in "${PYTHON:-python3}" python3.14 python3.13 python3.12 \
    "$(pyenv prefix 3.13 2>/dev/null || true)/bin/python" "$(pyenv prefix 3.12 2>/dev/null || true)/bin/python"; do
    if new_enough "$each"; then python=$each && break; fi
done
if [ -z "$python" ]; then
    echo "This one needs Python 3.12 or newer, and found none: name it, PYTHON=python3.12 bash $0" >&2
    exit 2
fi

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$python" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    mesa==3.5.1 networkx==3.6 numpy==2.3.5 pandas==2.3.3
cd "$folder"
"$folder/venv/bin/python" -W error::UserWarning -W ignore::FutureWarning - <<'END'
import mesa


class Coin(mesa.Model):
    def __init__(self, seed=None):
        super().__init__(seed=seed)
        self.given = seed
        self.datacollector = mesa.DataCollector(
            {"given": "given", "draw": lambda model: round(model.random.random(), 6)}
        )

    def step(self):
        self.datacollector.collect(self)
        self.running = False


class Newer(Coin):
    def __init__(self, rng=None):
        mesa.Model.__init__(self, rng=rng)
        self.given = rng
        self.datacollector = mesa.DataCollector({"given": "given", "draw": lambda model: 0})


def runs(model, parameters, **more):
    rows = mesa.batch_run(model, parameters, display_progress=False, **more)
    return [(row["given"], row["draw"]) for row in rows]


print("Mesa", mesa.__version__, "- (seed that the model was given, its first draw), run by run")
once, again = (runs(Coin, {"seed": [1, 2, 3]}) for _ in range(2))
newer = runs(Newer, {"rng": [1, 2, 3]})
named, renamed = (runs(Coin, {}, rng=[1, 2, 3]) for _ in range(2))
print("seeds as a parameter:", once)
print("the same again:      ", again)
print("rng as a parameter:  ", newer)
print("beside them, as rng: ", named)
print("the same again:      ", renamed)
for found in (once, again, newer):
    assert [given for given, _ in found] == [None, None, None], "changed"
assert once != again, "changed"
assert named == renamed and [given for given, _ in named] == [1, 2, 3], "changed"
END
