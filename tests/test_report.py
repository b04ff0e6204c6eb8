"""A report is one whole page: it needs nothing else, lets nothing in, replaces nothing unasked."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from functools import partial
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from asking import at_once

import experiments.commands.answers
import experiments.commands.studies  # noqa: F401
from experiments.reports.report import report
from sim.errors import InputError

NASTY = 'Grants <script>alert(1)</script> & "more"'
PLAN = """
title = 'Grants <script>alert(1)</script> & "more"'
scenario = "norfolk-seven"
quarters = 6
replicates = 3
outcomes = ["talks_begun"]
[design]
kind = "grid"
[levers]
policy = { values = ["base", "set-up-grants"] }
"""
VOID = {"meta", "img", "br", "hr", "link"}


class Page(HTMLParser):
    """What stands in a page: its elements in order, its text, and whether they are closed."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.raw, self.elements, self.open, self.text = path.read_text("utf-8"), [], [], ""
        self.feed(self.raw)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data

    def all(self, tag):
        return [attrs for name, attrs in self.elements if name == tag]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A small result of each kind."""
    from experiments.comparing.archive import Besides, stored
    from experiments.comparing.asking import ask
    from experiments.reports.panels import illustrate_sensitivity
    from experiments.runs.experiment import Experiment
    from experiments.runs.result import Delivery, run
    from experiments.sensitivity.analysis import analyse, store
    from experiments.studies.sweep import sweep
    from sim.declared.scenario import load

    folder = tmp_path_factory.mktemp("results")
    scenario = load("norfolk-seven", quarters=6)
    run(Experiment(scenario, 1, 4), Delivery(folder / "run"), lambda doing, done: None)
    (folder / "plan.toml").write_text(PLAN, encoding="utf-8")
    sweep(folder / "plan.toml", out=folder / "study")
    study = sweep(folder / "plan.toml", out=folder / "sensitivity")
    analyses = analyse(study)
    store(study, analyses, partial(illustrate_sensitivity, study, analyses))
    question = ask("norfolk", ["set-up-grants"], "talks_begun", 1.0, budget=100)
    stored(question, Besides(folder / "comparison", mechanisms=2))
    return {name: folder / name for name in ("run", "study", "sensitivity", "comparison")}


KINDS = ("run", "study", "sensitivity", "comparison")


@pytest.fixture(scope="module")
def pages(results, tmp_path_factory) -> dict[str, Page]:
    place = tmp_path_factory.mktemp("pages")
    return {k: Page(report(results[k], place / f"{k}.html").file) for k in KINDS}


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_needs_nothing_else_and_lets_nothing_in(pages, kind):
    page = pages[kind]
    assert not page.all("script") and not page.all("link") and not page.all("iframe")
    for _, attrs in page.elements:
        assert not any(key.startswith("on") or key == "style" for key in attrs)
        for key in ("src", "href", "action", "data"):
            assert attrs.get(key, "#").startswith(("data:image/webp;base64,", "#"))
    style = re.search(r"<style>(.*?)</style>", page.raw, re.DOTALL)
    policy = next(m["content"] for m in page.all("meta") if "http-equiv" in m)
    assert style is not None and "url(" not in style[1] and "@import" not in style[1]
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'") and "unsafe" not in policy


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_can_be_read_by_everybody(pages, kind):
    page = pages[kind]
    assert page.all("html")[0]["lang"] == "en-GB"
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    images = page.all("img")
    assert images and all(len(image["alt"]) > 30 for image in images)
    tables = page.raw.count("<table")
    assert tables == page.raw.count("<caption>") > 0
    assert all(head["scope"] in ("col", "row") for head in page.all("th"))


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_tells_all_that_it_should(pages, kind):
    page = pages[kind]
    for heading in ("The question", "The answer", "The numbers", "What is assumed",
                    "How to make this again", "What this cannot tell you"):  # fmt: skip
        assert f">{heading}</h2>" in page.raw
    for word in ("seed 1", "95%", "Fingerprint of the code", "Commit", "numpy"):
        assert word in page.text
    rest = page.raw.split('id="defaults"')[1]
    from sim.declared.parameters import declarations

    for declared in declarations():
        assert f">{declared.name}<" in page.raw
    assert ">reorganisation.stance<" not in rest  # the scenario changes it
    assert ">search.rumour<" in rest


def test_words_of_a_user_are_never_markup(pages):
    page = pages["study"]
    assert NASTY in page.text
    assert "<script" not in page.raw


def test_the_answer_has_the_numbers_of_the_study(results, pages):
    from experiments.studies.store import open_study

    runs = open_study(results["study"]).runs
    means = runs.groupby("point")["talks_begun"].mean()
    from experiments.words import number

    assert f">{number(float(means[0]))} (" in pages["study"].raw
    assert f">{number(float(means[1]))} (" in pages["study"].raw


def test_figures_stand_next_to_the_page_and_the_same_report_has_the_same_bytes(results, tmp_path):
    first = report(results["sensitivity"], tmp_path / "a.html")
    before = first.file.read_bytes()
    assert {path.suffix for path in first.figures} == {".png", ".svg"}
    assert all(path.parent == tmp_path / "a-figures" for path in first.figures)
    again = report(results["sensitivity"], tmp_path / "a.html")  # the same may be written again
    assert again.file.read_bytes() == before


def test_a_different_file_is_replaced_only_when_asked(results, tmp_path):
    (tmp_path / "a.html").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="--force"):
        report(results["study"], tmp_path / "a.html")
    assert [path.name for path in tmp_path.iterdir()] == ["a.html"]
    assert (tmp_path / "a.html").read_text(encoding="utf-8") == "mine"
    report(results["study"], tmp_path / "a.html", force=True)
    assert "The answer" in (tmp_path / "a.html").read_text(encoding="utf-8")


def test_a_study_that_has_grown_gets_new_figures(results, tmp_path):
    import shutil

    from experiments.studies.sweep import sweep

    copy = Path(shutil.copytree(results["study"], tmp_path / "grown"))
    report(copy)
    before = (copy / "figures" / "levels_talks_begun.png").read_bytes()
    sweep(results["study"].parent / "plan.toml", out=copy, replicates=5, extend=True)
    with pytest.raises(InputError, match="--force"):
        report(copy)
    report(copy, force=True)
    assert (copy / "figures" / "levels_talks_begun.png").read_bytes() != before


def test_failures_come_first(results):
    from experiments.reports import study_contents
    from experiments.studies.store import open_study

    study = open_study(results["study"])
    answer = study.record.answer | {"failed": 2}
    broken = study._replace(record=study.record._replace(answer=answer))
    said = study_contents._failures(broken, [])
    assert said[0].startswith("2 of 6 runs failed")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("report", "nowhere"), "there is no folder"),
        (("report", "."), "is empty"),
    ],
)
def test_what_is_no_result_is_told_in_one_line(tmp_path, words, said):
    status, out, err = at_once(tmp_path, *words)
    assert (status, out) == (2, "") and said in err and err.count("\n") == 1


def test_the_command_answers_in_json(results, tmp_path):
    status, out, err = at_once(tmp_path, "report", str(results["comparison"]), "-o", "a.html",
                             "--json")  # fmt: skip
    answer = json.loads(out)
    assert (status, err) == (0, "")
    assert answer["kind"] == "policies compared on the same luck"
    assert (tmp_path / "a.html").is_file()


def test_a_report_of_a_comparison_ranks_the_mechanisms(results: dict[str, Path]) -> None:
    from experiments.reports.report import report
    from experiments.stored.reading import read_record

    made = report(results["comparison"], None, force=True)
    parts = read_record(results["comparison"]).answer["mechanisms"][0]["parts"]
    page = made.file.read_text(encoding="utf-8")
    assert [part["effect"] for part in parts] == sorted(
        (part["effect"] for part in parts), key=abs, reverse=True
    )
    assert "by what mechanisms" in page and parts[0]["words"] in page
