"""What a council is like on the first day, with everything that is drawn at its middle."""

import pytest

from sim.core import state as s


@pytest.fixture
def one(rules, country, world_of):
    """Return a maker of a council's character by its control, and the numbers it is drawn by."""
    world, p = world_of(country({"rural_share": 0.8}, {}))
    p.culture_spread = p.culture_attachment_spread = p.culture_quality_spread = 0.0
    p.culture_mean, p.culture_contact = 0.5, 0.4

    def drawn(party):
        world.councils.culture = -1.0
        world.councils[0].control = party
        rules.founding.draw_character(world.councils, p, 1, 0)
        return world.councils[0]

    return drawn, p


@pytest.mark.parametrize("typical", [0.5, 0.2])
def test_a_rural_council_is_localist_by_how_far_it_is_from_the_typical_rural_share(one, typical):
    drawn, p = one
    p.culture_rural_localism, p.culture_rural_typical = 0.2, typical
    council = drawn(s.NO_CONTROL)
    assert council.culture[s.LOCALISM] == pytest.approx(0.5 + 0.2 * (0.8 - typical))
    assert council.contact == pytest.approx(0.4 + 0.2 * (0.8 - typical))


@pytest.mark.parametrize("typical", [0.5, 0.2])
def test_parties_lie_apart_on_outsourcing_and_others_stand_where_it_is_typical(one, typical):
    drawn, p = one
    p.culture_party_outsourcing, p.culture_party_typical = 0.2, typical
    for party, place in ((s.CONSERVATIVE, 1.0), (s.LABOUR, 0.0), (s.NO_CONTROL, typical)):
        axis = drawn(party).culture[s.OUTSOURCING]
        assert axis == pytest.approx(0.5 + 0.2 * (place - typical))


@pytest.mark.parametrize("quality", [0.5, 0.7])
def test_services_are_as_good_as_is_typical(one, quality):
    drawn, p = one
    p.culture_quality = quality
    assert drawn(s.LABOUR).quality == quality
