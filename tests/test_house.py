"""The walls stand, rules are short, numbers are declared, and no file knows one machine."""

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = ("sim", "experiments")
CODE = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
CORE = sorted((ROOT / "sim" / "core").glob("*.py"))
LONGEST = 45
TYPED = {0, 1, 2}
TEXT = {".py", ".md", ".toml", ".csv", ".yml", ".yaml", ".cfg", ".cff", ".txt", ".html", ".sh"}
KEPT_OUT = {".git", "__pycache__", "results", "build", "dist", "node_modules", ".venv", "venv"}


def name_of(path):
    return str(path.relative_to(ROOT))


def module_of(path):
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def tree_of(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(tree):
    return [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]


def imports(path):
    """Return the names of the modules that a file imports when it is loaded or called."""
    tree, found = tree_of(path), set()
    guarded = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in guarded:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def inside(name, package):
    return name == package or name.startswith(f"{package}.")


@pytest.mark.parametrize("path", CORE, ids=name_of)
def test_the_core_knows_numpy_numba_the_standard_library_and_itself(path):
    for name in imports(path):
        top = name.split(".")[0]
        known = top in sys.stdlib_module_names or top in ("numpy", "numba", "llvmlite")
        assert known or name == "sim" or inside(name, "sim.core"), name


@pytest.mark.parametrize("path", [p for p in CODE if p.parts[-2] != "core"], ids=name_of)
def test_arrows_fall_and_never_rise(path):
    module, names = module_of(path), imports(path)
    if inside(module, "sim"):
        assert not any(inside(name, "experiments") for name in names)
    if inside(module, "experiments"):
        for shut in ("mesa", "sim.model", "sim.page", "sim.CouncilModel", "sim.Council"):
            assert not any(inside(name, shut) for name in names), shut
    assert not any(inside(name, "tests") for name in names)


@pytest.mark.parametrize("module", ["sim", "sim.parameters", "sim.measures", "sim.scenario"])
def test_declarations_load_without_the_compiler_and_without_mesa(module):
    program = (
        f"import sys, {module}; "
        "print([m for m in ('numba', 'mesa', 'matplotlib', 'sim.core') if m in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "[]"


def test_the_batch_face_does_not_load_mesa():
    program = "import sys, sim.batch, experiments.__main__; print('mesa' in sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "False"


def test_the_contracts_of_the_import_linter_are_kept():
    beside = Path(sys.executable).with_name("lint-imports")
    linter = str(beside) if beside.exists() else shutil.which("lint-imports")
    if linter is None:
        pytest.skip("import-linter is not installed")
    run = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr


def literals(function):
    """Return the numbers typed in the body of a rule."""
    return [
        (node.lineno, node.value)
        for part in function.body
        for node in ast.walk(part)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, int | float)
        and not isinstance(node.value, bool)
        and node.value not in TYPED
    ]


@pytest.mark.parametrize("path", CORE, ids=name_of)
def test_no_rule_contains_a_number_but_nought_one_and_two(path):
    typed = [(f.name, *found) for f in functions(tree_of(path)) for found in literals(f)]
    assert typed == []


@pytest.mark.parametrize("path", CODE, ids=name_of)
def test_every_function_fits_on_a_screen(path):
    long = [
        f"{f.name}: {f.end_lineno - f.lineno + 1} lines"
        for f in functions(tree_of(path))
        if f.end_lineno - f.lineno + 1 > LONGEST
    ]
    assert long == []


@pytest.mark.parametrize("path", CODE, ids=name_of)
def test_every_file_opens_with_a_sentence(path):
    text = ast.get_docstring(tree_of(path))
    assert text
    assert text.split("\n\n")[0].rstrip().endswith((".", "?"))


@pytest.mark.parametrize("path", CODE, ids=name_of)
def test_a_file_is_a_word_of_the_subject(path):
    assert path.stem not in ("utils", "util", "helpers", "helper", "common", "misc", "tools")


@pytest.mark.parametrize("path", CORE, ids=name_of)
def test_no_rule_is_left_unused(path):
    code = "\n".join(each.read_text(encoding="utf-8") for each in CODE)
    for function in functions(tree_of(path)):
        decorated = any("compiled" in ast.unparse(d) for d in function.decorator_list)
        if decorated:
            assert len(re.findall(rf"\b{function.name}\b", code)) > 1, function.name


def project_files():
    for path in sorted(ROOT.rglob("*")):
        parts = path.relative_to(ROOT).parts
        hidden = any(part.startswith(".") or part in KEPT_OUT for part in parts)
        if path.is_file() and path.suffix in TEXT and not hidden:
            yield path


def test_no_file_names_a_place_on_one_machine():
    personal = re.compile(r"(?<![\w.~])/(?:home|Users|root|work|tmp|opt|mnt|var)/\w|\b[A-Z]:\\\w")
    found = [
        f"{name_of(path)}: {match.group()}"
        for path in project_files()
        for match in personal.finditer(path.read_text(encoding="utf-8"))
        if path != Path(__file__)
    ]
    assert found == []


def test_no_test_stands_in_for_the_package():
    assert not list((ROOT / "tests").rglob("__init__.py"))
