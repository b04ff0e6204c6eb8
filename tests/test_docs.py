"""The documentation is fresh, names every rule and draw, and its examples work."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from experiments import document
from sim.core import noise
from sim.declared import measures, parameters, reading, scenario
from sim.ready import world

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
FENCE = re.compile(r"^```(toml|csv)[ ]*([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([\w./-]+)\)")
FIRST_PURPOSE = "LINEAGE"
PAGES = sorted(path.name for path in DOCS.glob("*.md"))


def text_of(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def examples(kind: str) -> dict[str, str]:
    """Every fenced example of scenarios.md of a kind, by the file name to write it under."""
    found = [m for m in FENCE.finditer(text_of("scenarios.md")) if m[1] == kind]
    return {m[2] or f"example-{n}.{kind}": m[3] for n, m in enumerate(found, start=1)}


def purposes() -> list[str]:
    """The names in noise.py from the first purpose on: each is a number of its own."""
    names = [name for name, value in vars(noise).items() if name.isupper() and type(value) is int]
    return names[names.index(FIRST_PURPOSE) :]


@pytest.mark.parametrize("name", document.pages())
def test_a_generated_page_is_fresh(name: str) -> None:
    assert name not in document.stale(), f"run: {document.REMAKE}"


def test_the_check_tells_a_stale_page_and_writing_mends_it(tmp_path: Path) -> None:
    assert document.stale(tmp_path) == list(document.pages())
    document.write(tmp_path)
    assert document.stale(tmp_path) == []
    (tmp_path / "measures.md").write_text("old")
    assert document.stale(tmp_path) == ["measures.md"]


def test_every_declared_number_stands_on_the_page() -> None:
    page = text_of("parameters.md")
    missing = [d.name for d in parameters.declarations() if f"| `{d.name}` |" not in page]
    assert missing == []


def test_every_measure_and_kind_of_event_stands_on_the_page() -> None:
    page = text_of("measures.md")
    words = [m.name for m in measures.MEASURES]
    words += [*measures.KINDS, *measures.REASONS, *measures.CONTRIBUTIONS]
    assert [word for word in words if f"`{word}`" not in page] == []


@pytest.mark.parametrize("name", examples("toml"))
def test_an_example_of_a_scenario_can_be_run(name: str, tmp_path: Path) -> None:
    for file, text in (examples("csv") | examples("toml")).items():
        (tmp_path / file).write_text(text, encoding="utf-8")
    ready = world.prepare(scenario.load(tmp_path / name))
    assert len(ready.theory) == ready.scenario.quarters


def test_every_key_of_every_table_of_a_scenario_is_described() -> None:
    page = text_of("scenarios.md")
    tables = (
        scenario.Places, scenario.Change, scenario.CouncilFact, scenario.PairFact,
        scenario.PartnershipFact, scenario.Happening, scenario.Order,
    )  # fmt: skip
    keys = [key for table in tables for key in table.model_fields]
    top = [key for key in scenario.TOP if key not in (*reading.TABLES, "places")]
    assert [key for key in (*keys, "base", *top) if f"`{key}`" not in page] == []
    assert [name for name in reading.TABLES if f"## [[{name}]]" not in page] == []


def test_the_model_description_names_every_file_of_rules() -> None:
    page = text_of("model.md")
    files = [path.name for path in (ROOT / "sim" / "core").glob("*.py")]
    assert [name for name in files if name != "__init__.py" and f"`{name}`" not in page] == []


def test_the_model_description_names_every_purpose_of_a_draw() -> None:
    rows = dict(re.findall(r"^\| (\d+) \| (\w+) \|", text_of("model.md"), re.MULTILINE))
    assert {name: str(getattr(noise, name)) for name in purposes()} == {
        name: number for number, name in rows.items()
    }


def test_the_model_description_names_every_contribution_and_kind_of_event() -> None:
    page = text_of("model.md")
    assert [kind for kind in measures.KINDS if f"`{kind}`" not in page] == []
    assert [name for name in measures.CONTRIBUTIONS if name not in page] == []


@pytest.mark.parametrize("name", PAGES)
def test_numbers_that_a_page_names_are_declared(name: str) -> None:
    known = {d.name for d in parameters.declarations()}
    rules = {
        f"{path.stem}.{rule}"
        for path in (ROOT / "sim" / "core").glob("*.py")
        for rule in re.findall(r"^def (\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    sections = {declared.partition(".")[0] for declared in known}
    named = re.findall(r"\b([a-z_]+)\.([a-z_]+)\b(?!\()", text_of(name))
    endings = {"py", "md", "toml", "csv", "json"}
    wrong = {
        f"{section}.{key}"
        for section, key in named
        if section in sections and key not in endings and f"{section}.{key}" not in known | rules
    }
    assert wrong == set()


@pytest.mark.parametrize("name", PAGES)
def test_links_between_pages_lead_somewhere(name: str) -> None:
    assert [link for link in LINK.findall(text_of(name)) if not (DOCS / link).exists()] == []
