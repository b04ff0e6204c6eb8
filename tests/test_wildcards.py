"""Many uncertainties named at once in a plan."""

import pytest

from experiments.studies.reading import read_plan
from sim.declared.parameters import declarations
from sim.errors import InputError

UNCERTAIN = [each for each in declarations() if each.role == "uncertainty" and each.plausible]
PLAN = """\
scenario = "norfolk-seven"
replicates = 1
[design]
kind = "latin"
points = 3
"""


@pytest.fixture
def plan(tmp_path):
    def read(text):
        path = tmp_path / "many.toml"
        path.write_text(PLAN + text, encoding="utf-8")
        return read_plan(path)

    return read


def names(read):
    return [factor.name for factor in read.factors]


def test_a_star_is_every_number_that_nobody_knows_and_nobody_decides(plan):
    found = plan('[uncertainties]\n"*" = {}\n')
    assert names(found) == [each.name for each in UNCERTAIN]
    assert [(f.low, f.high) for f in found.factors] == [each.plausible for each in UNCERTAIN]


def test_a_section_and_a_grade_stand_for_theirs(plan):
    assert names(plan('[uncertainties]\n"endings.*" = {}\n')) == [
        each.name for each in UNCERTAIN if each.name.startswith("endings.")
    ]
    medium = names(plan('[uncertainties]\n"grade:medium" = {}\n'))
    assert medium == [each.name for each in UNCERTAIN if each.grade == "medium"]
    assert 0 < len(medium) < len(UNCERTAIN)


def test_what_is_named_by_itself_keeps_what_is_said_of_it(plan):
    found = plan(
        '[uncertainties]\n"talks.*" = {}\n"talks.pace" = { low = 0.4, high = 0.5 }\n'
        '[levers]\n"talks.patience" = { values = [1, 2] }\n'
    )
    assert len(set(names(found))) == len(names(found))
    by_name = {factor.name: factor for factor in found.factors}
    assert (by_name["talks.pace"].low, by_name["talks.pace"].high) == (0.4, 0.5)
    assert by_name["talks.patience"].role == "lever"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('"*" = { low = 1 }', "stands for many numbers"),
        ('"weighting.*" = {}', "weighing"),
        ('"grade:lo" = {}', "low"),
    ],
)
def test_a_wildcard_that_cannot_be_meant_is_told(plan, text, told):
    with pytest.raises(InputError, match=told):
        plan(f"[uncertainties]\n{text}\n")
