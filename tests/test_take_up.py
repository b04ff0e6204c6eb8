"""Who took the grants of a policy up, and how many deals would have come without one."""

import numpy as np

from experiments.comparing.take_up import take_up, take_up_in_words
from sim.declared.measures import quarter_dtype


def ends(**values):
    """Return records of a last quarter, a row a replicate."""
    records = np.zeros(len(next(iter(values.values()))), dtype=quarter_dtype())
    for name, column in values.items():
        records[name] = column
    return records


def test_deals_that_would_have_come_without_a_grant_are_those_beyond_what_came_more():
    base = ends(granted=[0, 1], formed=[10, 20], pot_empty=[0, 0])
    found = take_up(base, ends(granted=[5, 4], formed=[11, 21], pot_empty=[3, 0]))
    assert found == {"granted": 4.0, "formed": 1.0, "pot_empty": 1.5, "anyway": 3.0}
    told = take_up_in_words(found)
    assert "about 3 of those would have come anyway" in told.replace("3.0", "3")
    assert "empty in 1.5 more quarters" in told
    assert take_up_in_words(take_up(base, base)) == ""


def test_no_more_deals_come_anyway_than_have_a_grant():
    base = ends(granted=[0], formed=[10], pot_empty=[0])
    assert take_up(base, ends(granted=[2], formed=[7], pot_empty=[0]))["anyway"] == 2.0
    assert take_up(base, ends(granted=[2], formed=[15], pot_empty=[0]))["anyway"] == 0.0
