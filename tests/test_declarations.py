"""Every number is declared once, in full, and used; every measure is declared and filled."""

import re
from pathlib import Path

import numpy as np
import pytest
from claims import for_all

from sim.core import events, state
from sim.declared.catalogue import (
    DEEP,
    MANAGEMENTS,
    MERGER,
    SCOPES,
    SERVICES,
    SHARED,
    TERMS,
    TITLES,
)
from sim.declared.measures import (
    BOUNDS,
    CONTRIBUTIONS,
    KINDS,
    MEASURES,
    REASONS,
    as_columns,
    quarter_dtype,
)
from sim.declared.parameters import (
    LIMITS,
    SECTIONS,
    STANCES,
    SUBJECTS,
    Parameters,
    declarations,
    encode,
    theory_dtype,
)  # fmt: skip
from sim.running import new_record
from sim.tables.batch import simulate

ROOT = Path(__file__).parents[1]
NUMBERS = declarations()
GRADES = {"high", "medium", "low", "assumption"}
WORDS = ["settlement.path", "tax.limits", "reorganisation.stance"]


@for_all("number", NUMBERS)
def test_a_number_has_a_unit_a_reason_a_source_and_a_grade(number):
    assert number.unit
    assert len(number.why) > 5
    assert len(number.source) > 5
    assert number.grade in GRADES
    assert number.role in ("uncertainty", "lever", "convention")


@for_all("number", NUMBERS)
def test_a_default_is_plausible_and_what_is_plausible_is_allowed(number):
    if number.name in WORDS:
        assert number.allowed is None
        return
    bottom, top = number.allowed
    low, high = number.plausible or number.allowed
    assert bottom <= low <= number.default <= high <= top
    assert isinstance(number.default, float)
    assert (number.plausible is None) is (number.role == "convention")


def test_only_three_inputs_are_words():
    assert [number.name for number in NUMBERS if number.allowed is None] == WORDS


def test_names_are_unique():
    names = [number.name for number in NUMBERS]
    assert len(set(names)) == len(names)
    assert len({name.replace(".", "_") for name in names}) == len(names)


def code():
    places = [*(ROOT / "sim" / "core").glob("*.py"), ROOT / "sim" / "ready" / "world.py"]
    return "\n".join(path.read_text(encoding="utf-8") for path in places)


@for_all(
    "name", [f"{section}_{key}" for section, cls in SUBJECTS.items() for key in cls.model_fields]
)
def test_every_declared_number_is_used(name):
    assert re.search(rf"\b(p|theory\[\w+\])\.{name}\b", code())


@for_all("column", TERMS)
def test_every_column_of_the_catalogue_is_used(column):
    assert re.search(rf"\bp\.scope_{column}\[", code())


def test_every_number_that_is_used_is_declared():
    used = set(re.findall(r"\bp\.([a-z]\w+)", code()))
    assert used
    assert used <= set(theory_dtype().names)


def test_every_section_has_a_sentence():
    assert set(SECTIONS) == {*SUBJECTS, *SCOPES}
    assert all((cls.__doc__ or "").strip().endswith(".") for cls in SECTIONS.values())


def test_a_number_reaches_the_engine_at_its_own_place():
    parameters = Parameters()
    record = encode(parameters, path=1)[0]
    for number in NUMBERS:
        section, key = number.name.split(".")
        if section in SUBJECTS and number.name not in WORDS:
            assert record[f"{section}_{key}"] == number.default
        elif section in SCOPES:
            assert record[f"scope_{key}"][SCOPES.index(section)] == number.default
    assert record["settlement_path"] == 1
    assert LIMITS[int(record["tax_limits"])] == parameters.tax.limits
    assert STANCES[int(record["reorganisation_stance"])] == parameters.reorganisation.stance


def test_the_engine_and_the_declarations_count_alike():
    assert len(SCOPES) == len(TITLES) == state.SCOPES
    assert len(KINDS) == events.KINDS
    assert len(REASONS) == events.REASONS == state.REASONS_MOST
    assert len(CONTRIBUTIONS) == state.TERMS == len(events.GROUP_OF)
    assert [SCOPES.index(scope) for scope in SERVICES] == list(range(state.SERVICES))
    managed = [state.CHIEF_EXECUTIVE, state.MANAGEMENT]
    assert [SCOPES.index(scope) for scope in MANAGEMENTS] == managed
    assert (*SHARED, MERGER) == (*SERVICES, *DEEP) == SCOPES
    assert SCOPES.index("management") == state.MANAGEMENT
    assert SCOPES.index("chief_executive") == state.CHIEF_EXECUTIVE == state.SERVICES
    assert SCOPES.index("merger") == state.MERGER
    assert STANCES.index("mandated") == state.MANDATED
    assert STANCES.index("review") == state.REVIEW
    assert LIMITS.index("fixed") == state.LIMIT_FIXED


@for_all(
    ("words", "aliases"),
    [(KINDS, {}), (CONTRIBUTIONS, {"review": "REVIEW_DOUBT", "tax_support": "TAX_HELP"})],
)
def test_a_code_of_the_engine_has_the_word_of_its_place(words, aliases):
    for place, word in enumerate(words):
        assert getattr(events, aliases.get(word, word.upper())) == place


def test_a_reason_of_the_engine_has_the_word_of_its_place():
    names = (
        "CULTURE_AND_TRUST", "POLITICS", "OWN_PRIORITIES", "CREDIBILITY", "PEOPLE", "FAR", "TAX",
        "REORGANISED", "BETTER_OFFER", "LUCK", "MERGED", "DEEPENED",
    )  # fmt: skip
    words = (
        "culture", "politics", "sovereignty", "savings", "people", "distance", "tax",
        "reorganisation", "offer", "chance", "merger", "deepened",
    )  # fmt: skip
    assert [getattr(events, name) for name in names] == list(range(12))
    assert tuple(REASONS) == words


def test_every_measure_is_declared_in_full_and_once():
    assert len({measure.name for measure in MEASURES}) == len(MEASURES)
    assert all(all(measure) for measure in MEASURES)
    assert all(m.range in BOUNDS and m.grade in GRADES | {"definition"} for m in MEASURES)
    columns = as_columns(np.zeros(3, dtype=quarter_dtype()))
    assert list(columns) == [measure.name for measure in MEASURES]


def test_every_measure_is_filled_every_quarter():
    assert np.isnan(new_record(1)["councils"]).all()
    quarters = simulate("norfolk", seed=3).quarters
    for measure in MEASURES:
        assert quarters[measure.name].notna().all(), measure.name


@for_all("measure", MEASURES)
def test_the_source_of_a_measure_is_there_and_goes_with_its_grade(measure):
    held = re.findall(r"\bK\d+\b", measure.source)
    targets = (ROOT / "docs" / "face-validity.md").read_text(encoding="utf-8")
    assert all(f"| {target} |" in targets for target in held)
    assert (measure.grade in {"high", "medium", "low"}) is bool(held)
    if measure.source.startswith(("definition", "assumption")):
        assert measure.source.startswith(measure.grade)


@for_all("name", ["norfolk", "england"])
def test_every_measure_stays_in_its_range(name):
    quarters = simulate(name, seed=4).quarters
    for measure in MEASURES:
        least, most = measure.bounds
        assert quarters[measure.name].between(least, most).all(), measure.name


def test_the_net_saving_is_the_sum_of_its_parts():
    last = simulate("norfolk", seed=4).final
    costs = sum(last[f"{kind}_cost"] for kind in ("study", "setup", "coordination", "exit"))
    received = last["grants"] + last["support"] - last["tax_support"]
    assert last["net_saving"] == pytest.approx(last["true_total"] + received - costs)
    services = last["government_services"]
    assert last["public_net"] == pytest.approx(last["true_total"] - costs - services)
    spending = last["grants"] + last["support"] + services
    assert last["government_spending"] == pytest.approx(spending)


def test_every_contribution_has_words_for_each_sign():
    for key, each in CONTRIBUTIONS.items():
        assert each.title and each.pro and each.con
        assert each.pro != each.con or key == "chance"
        assert bool(each.leave) is bool(each.stay)


def test_no_column_of_the_world_hides_behind_a_name_of_numpys_own():
    """In plain Python `record.size` is numpy's, whatever the record's own columns are."""
    tables = (
        state.COUNCIL, state.PAIR, state.DEAL, state.ROLL_ENTRY, state.ORDER, state.HAPPENING,
        state.EVENT, state.TALLY, theory_dtype(), quarter_dtype(),
    )  # fmt: skip
    hidden = [name for table in tables for name in table.names if hasattr(np.void(b""), name)]
    assert hidden == []
