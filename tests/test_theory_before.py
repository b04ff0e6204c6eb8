"""With every alteration of the theory undone, the model says what it said before them, bit by bit.

`former/before_theory.json` holds outcomes that were frozen before the theory was altered.
"""

import json
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from freeze import FROZEN, SEED

from experiments.history.theory import ALTERATIONS, BEFORE, FORMER
from sim.declared.parameters import declarations
from sim.declared.scenario import load
from sim.ready.world import prepare
from sim.running import luck_of, run_arrays
from sim.tables.columns import run_columns

KEPT = json.loads((Path(__file__).parent / "former" / "before_theory.json").read_text("utf-8"))


def ready(name, values, **more):
    sets = [f"{each}={value!r}" for each, value in values.items()]
    return prepare(load(name, sets=sets, **more))


def outcomes(name, values):
    """Return the outcomes of as many replicates of a scenario as are frozen."""
    found, world = [], ready(name, values)
    for replicate in range(FROZEN[name]):
        record = run_arrays(world, luck=luck_of(SEED, replicate), events=False).record
        columns = run_columns(SEED, np.array([replicate]), record[None, :])
        found.append({key: float(np.asarray(column)[0]) for key, column in columns.items()})
    return found


def life(values):
    """Return a digest of all that happened and was measured in two years of England."""
    raw = run_arrays(ready("england", values, quarters=8), luck=luck_of(3, 0))
    return sha256(raw.record.tobytes() + raw.events.tobytes()).hexdigest()


@pytest.mark.parametrize("name", ["norfolk", "england", "synthetic"])
def test_the_theory_before_gives_what_was_frozen_before(name):
    now = outcomes(name, FORMER | BEFORE)
    assert len(now) == len(KEPT[name])
    for found, frozen in zip(now, KEPT[name], strict=True):
        then = dict(zip(KEPT["measures"], frozen, strict=True))
        changed = {key: (then[key], found[key]) for key in then if found[key] != then[key]}
        assert not changed, f"{name}: (before, now) of {changed}"


@pytest.mark.parametrize("each", ALTERATIONS, ids=lambda each: each.name)
def test_each_alteration_alone_changes_what_happens_wherever_it_is_undone_or_made(each):
    assert life({}) != life(each.neutral)
    others = {name: value for name, value in BEFORE.items() if name not in each.neutral}
    assert life(FORMER | BEFORE) != life(FORMER | others)


def test_every_neutral_value_is_another_than_the_one_in_force():
    in_force = {each.name: each.default for each in declarations()}
    for name, value in (FORMER | BEFORE).items():
        assert in_force[name] != value, name


def test_how_news_fades_does_nothing_where_the_gap_itself_moves_councils():
    faded = {"search.news_fade": 30.0, "search.news_forgotten": 3.0}
    assert life(FORMER | BEFORE) == life(FORMER | BEFORE | faded)
    assert life({}) != life(faded)
