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


def fences(page, kind):
    """Return the examples of a kind on a page, each with what follows the kind."""
    found = FENCE.findall((ROOT / page).read_text(encoding="utf-8"))
    return [(name, text) for what, name, text in found if what == kind]


def scripts():
    return [
        pytest.param(text, id=f"{page} {number}")
        for page in PAGES
        for number, (_, text) in enumerate(fences(page, "python"), start=1)
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
    plan = dict(fences("docs/studies.md", "toml"))["plan"]
    assert "replicates = 50" in plan
    plan = plan.replace("replicates = 50", "replicates = 2")  # the same in a tenth of the time
    (folder / "plan.toml").write_text(plan, encoding="utf-8")
    return folder


def test_there_are_examples_of_every_subject():
    assert len(scripts()) >= 7


@pytest.mark.parametrize("script", scripts())
def test_an_example_runs_as_it_stands(script, folder):
    (folder / "example.py").write_text(script, encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "example.py"], cwd=folder, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    assert "Traceback" not in run.stderr


def test_mesas_batch_of_the_readme_runs_as_it_stands(folder):
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (call,) = re.findall(r"`(mesa\.batch_run\([^`]*\))`", text)
    script = f"import mesa\nfrom council_partnering import sim\nrows = {call}\nprint(len(rows))\n"
    run = subprocess.run(
        [sys.executable, "-c", script], cwd=folder, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    assert int(run.stdout.split()[-1]) > 2
