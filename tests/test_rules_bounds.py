"""What a partner is worth at most is never less than what it is worth."""

import numpy as np
import pytest
from test_twin import point

from sim.core import state as s
from sim.ready.world import prepare
from sim.running import begin, go_on, luck_of

POINTS = (0, 1, 2, 4)  # of the box of numbers: plausible, allowed, lively, allowed
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


@pytest.mark.parametrize("scope", [0, s.MANAGEMENT])
@pytest.mark.parametrize("accession", [-0.5, 0.4])
def test_the_bound_is_what_an_ideal_partner_is_worth(rules, typical, scope, accession):
    now, p = typical(*[{}] * 3)
    p.weighing_party, p.weighing_party_typical = 0.5, 0.25
    p.weighing_ict, p.weighing_ict_typical, p.scope_ict[scope] = 0.7, 0.25, 0.5
    p.weighing_vacancy, p.weighing_vacancy_partner = 1.5, 0.5
    p.weighing_size, p.weighing_strategy, p.scope_depth[scope] = 1.25, 0.5, 0.5
    p.weighing_ties, p.weighing_ties_most, p.weighing_grant = 0.35, 2.0, 0.8
    p.talks_accession = accession
    now.councils.control, now.councils.platform, now.councils.marriage = s.LABOUR, 1, 1
    now.councils.vacant, now.councils.lessons[:, s.LESSON_EQUAL] = [0, 1, 1], 0.5
    now.pairs.ratio = now.pairs.means = now.pairs.tiers = now.pairs.border = 0
    now.councils.band_d = 200.0
    for service in (3, 4, 5):
        d = rules.deals.open_deal(now, 0, service, 9 + service)
        for i in (0, 1):
            rules.deals.add_member(now.deals, d, i)
            now.councils[i].agreement[service] = d
    ideal = rules.bounds.of_ideal_partner(now, p, 0, scope)
    e = rules.between.pair_of(now, 0, 1)
    most = rules.bounds.of_partner(now, p, 0, e, scope, ideal)
    worth = rules.search.option_worth(now, p, 1, 0, 1, e, scope, 1.0)
    vacancy = 0.0 if scope == s.MANAGEMENT else 0.75  # who shares a service minds no vacant post
    assert most == pytest.approx(worth + vacancy + rules.bounds.SURE, abs=1e-9)
    now.pairs.adjacent, now.pairs.trust, now.pairs.belief = 0, 0.9, 0.1
    now.pairs.distance = p.weighing_near + 10.0
    p.weighing_trust, p.weighing_culture, p.weighing_apart = 2.0, 4.0, 1.5
    p.weighing_distance = 25.0
    most = rules.bounds.of_partner(now, p, 0, e, scope, ideal)
    worth = rules.search.option_worth(now, p, 1, 0, 1, e, scope, 1.0)
    assert most == pytest.approx(worth + vacancy + rules.bounds.SURE, abs=1e-9)
