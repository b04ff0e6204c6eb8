"""Every example in Python of the README and of the documentation runs as it stands."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = ["README.md", *(f"docs/{path.name}" for path in sorted((ROOT / "docs").glob("*.md")))]
FENCE = re.compile(r"^```(python|toml)[ ]*([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ELSEWHERE = "dask_jobqueue"
"""What needs a computer centre."""
CHECKED = "checked"
"""Follows `python` where an example needs packages that the project does without."""
IMPORTED = re.compile(r"^(?:from|import) (\w+)", re.MULTILINE)


def page_of(page):
    return (ROOT / page).read_text(encoding="utf-8")


def fences(page, kind):
    """Return the examples of a kind on a page, each with what follows the kind."""
    found = FENCE.findall(page_of(page))
    return [(name, text) for what, name, text in found if what == kind]


def scripts():
    return [
        pytest.param(name, text, id=f"{page} {number}")
        for page in PAGES
        for number, (name, text) in enumerate(fences(page, "python"), start=1)
        if ELSEWHERE not in text
    ]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with the files that the examples name, where each finds what came before."""
    folder = tmp_path_factory.mktemp("examples")
    (_, grants), *_ = fences("README.md", "toml")
    (folder / "grants.toml").write_text(grants, encoding="utf-8")
    for pot in (1, 2):
        text = grants.replace('"grants.setup_pot" = 2.0', f'"grants.setup_pot" = {pot}.0')
        (folder / f"grants-{pot}.toml").write_text(text, encoding="utf-8")
    pot = dict(fences("docs/python.md", "toml"))["pot.toml"]
    (folder / "pot.toml").write_text(pot, encoding="utf-8")
    plan = dict(fences("docs/studies.md", "toml"))["plan"]
    assert "replicates = 50" in plan
    plan = plan.replace("replicates = 50", "replicates = 2")  # the same in a tenth of the time
    (folder / "plan.toml").write_text(plan, encoding="utf-8")
    assert "councils run norfolk --out results/norfolk\n" in page_of("docs/durations.md")
    command = [sys.executable, "-m", "council_partnering", "run", "norfolk", "--no-figures"]
    subprocess.run([*command, "--out", "results/norfolk"], cwd=folder, check=True)
    return folder


def test_there_are_examples_of_every_subject():
    assert len(scripts()) >= 7


@pytest.mark.parametrize(("name", "script"), scripts())
def test_an_example_runs_as_it_stands(name, script, folder):
    for package in IMPORTED.findall(script) if name == CHECKED else ():
        pytest.importorskip(package)
    (folder / "example.py").write_text(script, encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "example.py"], cwd=folder, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    assert "Traceback" not in run.stderr


def test_mesas_batch_of_the_readme_runs_as_it_stands(folder):
    (call,) = re.findall(r"`(mesa\.batch_run\([^`]*\))`", page_of("README.md"))
    script = f"import mesa\nfrom council_partnering import sim\nrows = {call}\nprint(len(rows))\n"
    run = subprocess.run(
        [sys.executable, "-c", script], cwd=folder, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    assert int(run.stdout.split()[-1]) > 2
