"""The page's scripts agree in types with each other, with the page and with what it is sent."""

import json
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from sim.declared.scenario import load
from sim.page import replay, server, session, sheet

TOOLS = Path(__file__).parent / "javascript"
TSC = shutil.which("tsc", path=TOOLS / "node_modules" / ".bin") if shutil.which("node") else None
SHAPES = ("sent.d.ts", "page.d.ts")
CLASSES = {
    "button": "HTMLButtonElement", "input": "HTMLInputElement", "select": "HTMLSelectElement",
    "fieldset": "HTMLFieldSetElement", "details": "HTMLDetailsElement",
    "progress": "HTMLProgressElement", "dialog": "HTMLDialogElement", "svg": "SVGSVGElement",
    "script": "HTMLScriptElement",
}  # fmt: skip
MADE = {
    "chief": "button", "often-open": "button", "run": "script", "phone": "main", "desk": "main",
}  # fmt: skip
"""Elements that page.html does not have: made by controls.js and replay.py, or of a phone."""

loaded_together = pytest.mark.parametrize(
    "scripts",
    [sheet.LIVE, sheet.REPLAY, sheet.PHONE, sheet.TRAINER],
    ids=["live", "replay", "phone", "trainer"],
)
checked = pytest.mark.skipif(
    TSC is None,
    reason="the types of scripts are checked by TypeScript: npm ci --prefix tests/javascript",
)


def complaints(folder, scripts, *more):
    """Return what TypeScript says of some of the page's scripts and of further files."""
    files = [*(sheet.STATIC / name for name in (*SHAPES, *scripts)), *more]
    config = folder / "tsconfig.json"
    config.write_text(
        json.dumps(
            {
                "extends": (sheet.STATIC / "tsconfig.json").as_posix(),
                "files": [path.as_posix() for path in files],
                "include": [],
            }
        ),
        encoding="utf-8",
    )
    run = subprocess.run([TSC, "--project", config], capture_output=True, text=True, cwd=folder)
    assert run.returncode == 0 or "error TS" in run.stdout, run.stdout + run.stderr
    return [line for line in run.stdout.splitlines() if "error TS" in line]


@checked
@loaded_together
def test_scripts_that_are_loaded_together_agree_in_types_and_need_no_other(tmp_path, scripts):
    assert complaints(tmp_path, scripts) == []


FAULTS = {
    "an element that the page does not have": 'byId("tiem");',
    "a word that a frame does not have": "/** @param {Frame} frame */ (frame) => frame.council;",
    "what may be absent, taken as there": "/** @param {Row} row */ (row) => row.b.q;",
    "too few arguments": "money();",
    "a script that a file to take home does not have": "new Server(() => {});",
}


@checked
def test_the_check_finds_faults_of_every_kind(tmp_path):
    scripts = {fault: tmp_path / f"faulty{k}.js" for k, fault in enumerate(FAULTS)}
    for fault, path in scripts.items():
        path.write_text(FAULTS[fault], encoding="utf-8")
    found = complaints(tmp_path, sheet.REPLAY, *scripts.values())
    unseen = [fault for fault, path in scripts.items() if not any(path.name in c for c in found)]
    assert unseen == []


@loaded_together
def test_no_two_scripts_that_are_loaded_together_give_something_the_same_name(scripts):
    defined = r"^(?:async )?(?:function|class|const|let) (\w+)"
    names = [
        name for each in scripts for name in re.findall(defined, sheet.read(each), re.MULTILINE)
    ]
    assert [name for name, times in Counter(names).items() if times > 1] == []


def test_every_script_opens_with_a_sentence_and_belongs_to_the_page():
    found = sorted(path.relative_to(sheet.STATIC) for path in sheet.STATIC.rglob("*.js"))
    assert {path.as_posix() for path in found} == {
        *sheet.LIVE,
        *sheet.REPLAY,
        *sheet.PHONE,
        *sheet.TRAINER,
    }
    for path in found:
        assert re.match(r'// [A-Z].*\.\n(// .*\n)*"use strict";\n', sheet.read(str(path))), path


@checked
def test_what_the_page_is_sent_has_the_shape_that_the_scripts_reckon_with(tmp_path):
    acts = [session.Act(at=2, set={"settlement.shock": -0.1})]
    a = session.Side(scenario="norfolk-seven", acts=acts)
    memo = session.Memo(a=a, b=session.Side(scenario="norfolk-seven"))
    held = session.Session(memo, lambda name: (name, load(name)))
    told = json.loads(held.frames(0, 12))
    sent = {
        "Offer": json.loads(server.Page(server.Wish()).about(None, None).body),
        "About": held.about(),
        "Frames": told,
        "PackedRun": replay.whole_run(held, told, 0),
    }
    assert told["parted"] and any(row["a"]["deals"] for row in told["frames"])
    script = tmp_path / "sent.ts"
    lines = [f"const an{kind}: {kind} = {json.dumps(each)};" for kind, each in sent.items()]
    script.write_text("\n".join(lines), encoding="utf-8")
    assert complaints(tmp_path, (), script) == []


def test_elements_that_scripts_ask_for_by_id_stand_on_the_page():
    text = (sheet.STATIC / "page.d.ts").read_text(encoding="utf-8")
    declared = re.search(r"interface Ids \{(.*?)\}", text, re.DOTALL)[1]
    ids = dict(re.findall(r'"?([\w-]+)"?: (\w+);', declared))
    page = sheet.read("page.html")
    tags = {found[1]: found[0] for found in re.findall(r'<(\w+)\b[^>]*\bid="([\w-]+)"', page)}
    tags |= MADE
    assert ids == {name: CLASSES.get(tags.get(name), "HTMLElement") for name in ids}
    assert set(ids) <= set(tags)
