"""What a partner is worth at most, found from a few numbers: most need no exact sum.

A council that chooses weighs every council it could ask, and few of them come near the best. No
weight is below 0 and no share above 1 (`sim/declared/parameters.py`), so what is not looked at here
can add no more than what it would add for an ideal partner.
"""

from . import between, state, weighing
from .compiled import compiled, inlined

SURE = 1e-6  # what rounding never adds up to
BOUNDLESS = 1e9


@compiled
def of_ideal_partner(world, p, i, scope):
    """Return what a partner could add for council i at most, but for what `of_partner` adds."""
    if scope == state.MERGER:
        return BOUNDLESS  # years of shared management count without end
    picky = weighing.picky_of(world.councils, p, i)
    counts = weighing.size_counts(p, p.scope_depth[scope])
    most = p.weighing_size * picky * counts * p.weighing_size_typical
    most += p.weighing_party * (1.0 - p.weighing_party_typical)
    most += p.weighing_ict * p.scope_ict[scope] * (1.0 - p.weighing_ict_typical)
    most += p.weighing_vacancy_partner * p.weighing_vacancy
    if scope >= state.SERVICES:
        most += p.weighing_ties * p.weighing_ties_most
    return most + max(p.talks_accession, p.weighing_grant) + SURE


@inlined
def of_partner(world, p, i, e, scope, ideal):
    """Return what the other side of pair e adds for council i at most; `ideal`: see above."""
    pair = world.pairs[e]
    wary = 1.0 + world.councils[i].lessons[state.LESSON_TRUST]
    gap = p.weighing_culture_typical - pair.belief[between.side_of(world.pairs, e, i)]
    most = ideal + p.weighing_culture * p.scope_depth[scope] * wary * gap
    most += p.weighing_trust * (pair.trust - p.beliefs_first_trust)
    if pair.adjacent == 0:
        most -= weighing.far_off(world.pairs, p, e)
    return most
