"""What a partner is worth at most is never less than what it is worth."""

import numpy as np
import pytest
from test_twin import point

from sim.core import state as s
from sim.ready.world import prepare
from sim.running import begin, go_on, luck_of

POINTS = range(9)  # of the box of numbers: plausible, allowed, lively
OPEN = [scope for scope in range(s.SCOPES) if scope != s.MERGER]


def lived(number, quarters):
    """Return a world some quarters on, and the numbers that are then in force."""
    ready = prepare(point(number))
    until = min(quarters, len(ready.theory) - 1)
    raw = go_on(begin(ready), ready, luck=luck_of(7, 0), until=until, events=False)
    return raw.world, ready.theory.view(np.recarray)[until], until


def partners(now, i):
    """Return each pair of council i, with the council across it."""
    count = now.councils[i].degree
    return zip(now.near[i, :count].tolist(), now.across[i, :count].tolist(), strict=True)


@pytest.mark.parametrize("number", POINTS)
def test_no_partner_is_worth_more_than_its_bound(rules, number):
    now, p, t = lived(number, 2)
    compared = 0
    for i in np.flatnonzero(now.councils.alive == 1)[:8].tolist():
        for scope in OPEN:
            ideal = rules.bounds.of_ideal_partner(now, p, i, scope)
            for e, j in partners(now, i):
                most = rules.bounds.of_partner(now, p, i, e, scope, ideal)
                for met in (0.0, 1.0):
                    worth = rules.search.option_worth(now, p, t, i, j, e, scope, met)
                    assert worth <= most, (number, i, j, scope, met)
                assert rules.weighing.pair_worth(now, p, t, i, e, scope) <= most
                compared += 1
    assert compared >= 10


def test_of_a_merger_there_is_no_bound(rules):
    now, p, _ = lived(0, 4)
    assert rules.bounds.of_ideal_partner(now, p, 0, s.MERGER) == rules.bounds.BOUNDLESS
