"""What decides the bits of a result changes its fingerprint, and nothing else does."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import as_installed
import pytest

from experiments.stored.provenance import provenance
from sim import identity
from sim.declared.catalogue import CATALOGUE, TERMS
from sim.declared.measures import MEASURES
from sim.declared.parameters import declarations
from sim.errors import InputError
from sim.identity import code_fingerprint, hash_of_all
from sim.syntax import told

ROOT = Path(__file__).parents[1]
SIM = ROOT / "sim"
FOLDERS = sorted({path.parent.name for path in SIM.glob("*/*.py")})
DOORS = sorted(path.name for path in SIM.glob("*.py"))
DECIDES = {
    "declared", "country", "ready", "core", "machine", "tables", "running.py", "measured.py",
    "forks.py",
}  # fmt: skip
DECIDES_NOTHING = {
    "__init__.py", "errors.py", "identity.py", "label.py", "shelf.py", "whole.py",
}  # fmt: skip
"""Files that a run loads too: its face, words of mistakes, this very hash, where things are kept,
how a file is put in its place, what a thing prints."""
REMARKS = {
    "a comment": lambda text: text + "\n# a remark\n",
    "a docstring": lambda text: text.replace('"""', '"""In other words. ', 1),
    "a string that stands alone": lambda text: text + '\n"""What was said last."""\n',
    "an empty line": lambda text: "\n" + text,
    "the ends of lines": lambda text: text.replace("\n", "\r\n"),
}
PLAN = """\
scenario = "norfolk-seven"
quarters = 4
replicates = 2
[design]
kind = "sobol"
points = 2
[uncertainties]
"talks.pace" = {}
"""
HOLD = "sim.save(sim.snapshot('norfolk-seven', quarter=2), 'held.npz')"
READ = "sim.load_snapshot('held.npz')"


@pytest.fixture
def few(tmp_path, monkeypatch):
    """Return a copy of `sim` with its doors and the least file of each folder."""
    monkeypatch.setenv("COUNCILS_CACHE", str(tmp_path / "cache"))
    for door in DOORS:
        copied(door, tmp_path)
    for folder in FOLDERS:
        copied(sample(folder), tmp_path)
    return tmp_path / "sim"


def copied(place, folder):
    target = folder / "sim" / place
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(SIM / place, target)


def sample(place):
    """Return a door itself, and of a folder its least file (of the declared, the catalogue)."""
    if place in DOORS:
        return place
    if place == "declared":
        return "declared/catalogue.py"
    paths = [path for path in (SIM / place).glob("*.py") if path.name != "__init__.py"]
    return min(paths, key=lambda path: path.stat().st_size).relative_to(SIM).as_posix()


def edit(path, change):
    """Change the text of a file, and see that it is another."""
    old = path.read_bytes().decode()
    new = change(old)
    assert new != old
    path.write_bytes(new.encode())


@pytest.mark.parametrize("place", [*FOLDERS, *DOORS])
def test_a_statement_counts_where_it_can_decide(place, few):
    before = code_fingerprint(few)
    edit(few / sample(place), lambda text: text + "\nADDED = 1\n")
    assert (code_fingerprint(few) != before) is (place in DECIDES)


@pytest.mark.parametrize("remark", REMARKS.values(), ids=REMARKS)
def test_a_remark_counts_nowhere(remark, few):
    before = code_fingerprint(few)
    for place in (*FOLDERS, *DOORS):
        edit(few / sample(place), remark)
    assert code_fingerprint(few) == before


@pytest.mark.parametrize("name", ["why", "source"])
def test_what_explains_a_declaration_does_not_count(name, few):
    before = code_fingerprint(few)
    edit(few / "declared" / "catalogue.py", lambda t: t.replace(f'{name}="', f'{name}="so: '))
    assert code_fingerprint(few) == before


@pytest.mark.parametrize(
    ("old", "new"),
    [("(1.0, 20.0)", "(1.0, 30.0)"), ("1.2, 1.8,", "1.3, 1.8,"), ('"Full merger"', '"Merger"'),
     ("term.why", "term.source")],
)  # fmt: skip
def test_all_else_of_a_declaration_counts(old, new, few):
    before = code_fingerprint(few)
    path = few / "declared" / "catalogue.py"
    edit(path, lambda text: text.replace(old, new))
    assert (code_fingerprint(few) == before) is (old == "term.why")


def test_an_argument_called_why_counts_in_a_rule(few):
    rule = few / sample("core")
    edit(rule, lambda text: text + "\nadded = dict(why=1)\n")
    before = code_fingerprint(few)
    edit(rule, lambda text: text.replace("dict(why=1)", "dict(why=2)"))
    assert code_fingerprint(few) != before


def test_every_why_and_source_is_given_by_its_name():
    """One that is given by its place counts."""
    declared = [path.read_bytes() for path in (SIM / "declared").glob("*.py")]
    whole = "".join(told(source) for source in declared)
    left = "".join(told(source, unsaid=identity.FOR_PEOPLE) for source in declared)
    every = (*MEASURES, *TERMS.values(), *CATALOGUE, *declarations())
    said = {f"str:{each.why!a}" for each in every}
    assert not [why for why in said if why not in whole or why in left]


def test_an_edit_that_keeps_size_and_time_counts(few):
    path = few / "running.py"
    before, about = code_fingerprint(few), path.stat()
    edit(path, lambda text: text.replace("EVENTS_LEAST = 256", "EVENTS_LEAST = 652"))
    os.utime(path, ns=(about.st_atime_ns, about.st_mtime_ns))
    assert path.stat().st_size == about.st_size
    assert code_fingerprint(few) != before


def test_files_are_read_as_python_once(few, monkeypatch):
    before = code_fingerprint(few)
    monkeypatch.setattr("sim.syntax.told", lambda source, **named: "nothing")
    assert code_fingerprint(few) == before
    edit(few / "running.py", REMARKS["a comment"])
    assert code_fingerprint(few) != before


def test_a_damaged_hash_is_made_again(few, tmp_path):
    before = code_fingerprint(few)
    (kept,) = (tmp_path / "cache").glob("*.code")
    edit(kept, lambda text: text.replace(before, "0" * len(before)))
    assert code_fingerprint(few) == before


def test_where_nothing_can_be_kept_the_hash_is_the_same(few, tmp_path, monkeypatch):
    before = code_fingerprint(few)
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    monkeypatch.setenv("COUNCILS_CACHE", str(tmp_path / "file" / "cache"))
    monkeypatch.setattr("sim.shelf.tempfile.tempdir", str(tmp_path))
    assert code_fingerprint(few) == before


@pytest.mark.skipif(os.name != "posix", reason="limits of a process")
def test_a_full_disk_costs_only_time(few, tmp_path):
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8, hard))
    try:
        first = code_fingerprint(few)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not list((tmp_path / "cache").iterdir())
    assert code_fingerprint(few) == first


def test_without_sources_the_code_cannot_be_told(few):
    for path in (few / "core").glob("*.py"):
        path.rename(path.with_suffix(".pyc"))
    with pytest.raises(InputError, match=r"no \.py in '.*core'.*install the program with its"):
        code_fingerprint(few)
    (few / "forks.py").unlink()
    with pytest.raises(InputError, match="cannot be told from another"):
        code_fingerprint(few)


@pytest.mark.parametrize("text", ["def", "\0", "x = '\udc80'"])
def test_a_file_that_is_no_python_is_named(text, few):
    (few / "running.py").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(InputError, match=r"'running\.py' is not Python"):
        code_fingerprint(few)


def test_what_a_run_loads_decides_or_is_known_to_decide_nothing():
    code = (
        "import sys; from council_partnering import sim; sim.simulate('norfolk-seven', seed=1);"
        "import council_partnering.sim.core.step, council_partnering.sim.forks;"
        "import council_partnering.sim.measured;"
        "print(*(m.__file__ for n, m in sys.modules.items() if n.startswith(sim.__name__)))"
    )
    done = python(ROOT, "-c", code, path=ROOT / "sim" / "installed")
    files = [Path(file).relative_to(SIM) for file in done.stdout.split()]
    loaded = {file.parts[0] for file in files}
    assert loaded == DECIDES | DECIDES_NOTHING


SYNTAX = r'''
@compiled
class A(B, metaclass=C):
    """Gone."""
    x: int = -1.5e300
    def f(self, a, /, *b, c=None, **d) -> "A":
        "Gone too."
        return f"a{a!r:>{c}}" "b{}" f"{{{d:}}}" f"{c=}" f"" u"é" if {**d, 1: True} else (yield)
def g(): return
'''
TOLD = "8644e05ba9133a9d6ec0625e27afb8d6c1191f77e2d0e3d31dc10ff5b1b4dcbe"
"""A hash of what every version of Python makes of it."""


def test_every_python_tells_the_same():
    text = told(SYNTAX.encode())
    assert "Gone" not in text and "str:'x'" in text
    assert hashlib.sha256(text.encode()).hexdigest() == TOLD


def test_how_a_string_is_written_does_not_count():
    assert told(b"x = u'a' 'b'") == told(b'x = ("a"\n"b")') != told(b"x = b'ab'")
    assert told(b'f"a{x}" "b"') == told(b'"" f"a{x}b"')


def test_other_pythons_here_tell_the_same():
    code = (
        f"import sys; sys.path.insert(0, {str(SIM)!r}); import syntax; from pathlib import Path;"
        "print(*(syntax.told(Path(file).read_bytes()) for file in sys.argv[1:]))"
    )
    files = [str(path) for path in sorted(SIM.rglob("*.py"))]
    answers = {python(SIM, "-c", code, *files).stdout}
    for version in range(11, 30):
        other = shutil.which(f"python3.{version}")
        if other and subprocess.run([other, "-c", ""], capture_output=True).returncode == 0:
            answers.add(python(SIM, "-c", code, *files, interpreter=other).stdout)
    assert len(answers) == 1 and "" not in answers


def test_a_result_records_all_the_code_but_is_not_named_by_it(few):
    assert len(provenance()["sources"]) == len(hash_of_all(few))
    before, decides = hash_of_all(few), code_fingerprint(few)
    edit(few / sample("page"), REMARKS["a comment"])
    assert hash_of_all(few) != before and code_fingerprint(few) == decides
    changed = hash_of_all(few)
    (few / "__pycache__").mkdir()
    (few / "__pycache__" / "forks.pyc").write_bytes(b"made")
    assert hash_of_all(few) == changed


@pytest.fixture
def package(tmp_path):
    """Return a folder with a copy of the package, a study of its and a snapshot."""
    as_installed.copy_to(tmp_path)
    (tmp_path / "plan.toml").write_text(PLAN, encoding="utf-8")
    assert councils(tmp_path, "sweep", "plan.toml", "--out", "study").returncode == 0
    assert python(tmp_path, "-c", f"from council_partnering import sim; {HOLD}").returncode == 0
    return tmp_path


def python(folder, *words, path=None, interpreter=sys.executable):
    return subprocess.run(
        [interpreter, "-B", *words], cwd=folder, capture_output=True, text=True, check=False,
        env=os.environ | {"PYTHONPATH": str(path or folder)},
    )  # fmt: skip


def councils(folder, *words):
    return python(folder, "-m", "council_partnering", *words)


def refusals(folder, replicates):
    """Return what is said against reading the snapshot, and against extending the study."""
    read = python(folder, "-c", f"from council_partnering import sim; {READ}")
    more = ("--extend", "--replicates", str(replicates))
    grown = councils(folder, "sweep", "plan.toml", "--out", "study", *more)
    return [done.stderr * (done.returncode != 0) for done in (read, grown)]


def test_what_decides_nothing_leaves_snapshots_and_studies_as_they_are(package):
    copy = package / "council_partnering"
    edit(copy / "sim" / "page" / "lesson.py", REMARKS["a comment"])
    edit(copy / "sim" / "story" / "pairs.py", lambda text: text + "\nADDED = 1\n")
    edit(copy / "experiments" / "estimates.py", lambda text: text + "\nADDED = 1\n")
    edit(copy / "sim" / "declared" / "parameters.py", lambda t: t.replace('why="', 'why="so: '))
    edit(copy / "sim" / "country" / "data" / "SOURCES.md", lambda text: text + "\nMore.\n")
    assert refusals(package, 3) == ["", ""]
    record = json.loads((package / "study" / "record.json").read_text(encoding="utf-8"))
    assert record["asked"]["replicates"] == 3 and record["made"]["anyway"] == []


def test_a_changed_rule_makes_them_another_matter(package):
    path = package / "council_partnering" / "sim" / "core" / "money.py"
    edit(path, lambda text: text.replace("flows[what] += amount", "flows[what] -= amount"))
    read, grown = refusals(package, 3)
    assert "written by another version" in read
    assert "the simulation's code changed" in grown


def test_a_changed_table_makes_them_another_matter(package):
    path = package / "council_partnering" / "sim" / "country" / "data" / "tax_limits.csv"
    edit(path, lambda text: text + "\n")
    read, grown = refusals(package, 3)
    assert "lived with other data" in read
    assert "the table tax_limits.csv changed" in grown
