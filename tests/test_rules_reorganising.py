"""What a reorganisation costs and saves: each part from a number that is declared."""

from sim.country.councils import england
from sim.declared.parameters import declarations

NINE = (
    "Bedford", "Central Bedfordshire", "Cheshire East", "Cheshire West and Chester", "Cornwall",
    "County Durham", "Northumberland", "Shropshire", "Wiltshire",
)  # fmt: skip
"""The unitaries of April 2009, whose making cost 135 million pounds in all."""
NUMBERS = {number.name: number for number in declarations()}


def test_a_reorganisation_costs_a_head_what_the_nine_areas_of_2009_paid():
    table = england()
    people = dict(zip(table.name, table.population, strict=True))
    paid = 135e6 / sum(people[name] for name in NINE)
    declared = NUMBERS["reorganisation.transition"]
    assert abs(declared.default - paid) < 0.1
    low, high = declared.plausible
    assert low < declared.default < high
