"""The walls stand, rules are short, numbers are declared, and no file knows one machine."""

import ast
import os
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import as_installed
import pytest
from claims import for_all

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


def written_out(path, node):
    """Return the module that a relative import means."""
    if node.level == 0:
        return node.module
    above = path.relative_to(ROOT).parts[: -node.level]
    return ".".join([*above, *filter(None, [node.module])])


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
            module = written_out(path, node)
            found |= {module, *(f"{module}.{alias.name}".lstrip(".") for alias in node.names)}
    return found


def inside(name, package):
    return name == package or name.startswith(f"{package}.")


@for_all("path", CORE)
def test_the_core_knows_numpy_numba_the_standard_library_and_itself(path):
    for name in imports(path):
        top = name.split(".")[0]
        known = top in sys.stdlib_module_names or top in ("numpy", "numba", "llvmlite")
        assert known or name == "sim" or inside(name, "sim.core"), name


@for_all("path", [p for p in CODE if p.parts[-2] != "core"])
def test_arrows_fall_and_never_rise(path):
    module, names = module_of(path), imports(path)
    if inside(module, "sim"):
        assert not any(inside(name, "experiments") for name in names)
    if inside(module, "experiments"):
        for shut in ("mesa", "sim.model", "sim.page", "sim.CouncilModel", "sim.Council"):
            assert not any(inside(name, shut) for name in names), shut
    assert not any(inside(name, "tests") for name in names)


@for_all(
    "module", ["sim", "sim.declared.parameters", "sim.declared.measures", "sim.declared.scenario"]
)
def test_declarations_load_without_the_compiler_and_without_mesa(module):
    program = (
        f"import sys, {module}; "
        "shut = ('numba', 'mesa', 'matplotlib', 'council_partnering.sim.core'); "
        "print([m for m in shut if m in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "[]"


def test_the_batch_face_does_not_load_mesa():
    program = "import sys, sim.tables.batch, experiments.__main__; print('mesa' in sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "False"


def test_the_contracts_of_the_import_linter_are_kept(tmp_path):
    beside = Path(sys.executable).with_name("lint-imports")
    linter = str(beside) if beside.exists() else shutil.which("lint-imports")
    if linter is None:
        pytest.skip("import-linter is not installed")
    as_installed.copy_to(tmp_path)
    command = [linter, "--no-cache", str(ROOT / "pyproject.toml")]
    environment = os.environ | {"PYTHONPATH": str(tmp_path)}
    run = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr


def test_a_constant_of_the_core_has_one_meaning():
    """The purpose of a draw, a reason, a place in an array: no two of them have one name."""
    homes = defaultdict(list)
    for path in CORE:
        for node in tree_of(path).body:
            for target in node.targets if isinstance(node, ast.Assign) else ():
                homes[ast.unparse(target)].append(path.stem)
    assert {name: files for name, files in homes.items() if len(files) > 1} == {}


UNITS = {"MILLION", "PERCENT", "LEAST", "SURE", "BOUNDLESS"}
"""Constants of the core that are no whole numbers: units, and amounts too small to matter."""
EXACT = {"curves.py", "noise.py"}
"""Files whose constants are of mathematics, not of the theory."""


def is_literal(node):
    """Return whether an expression is made of nothing but typed numbers."""
    if isinstance(node, ast.BinOp):
        return is_literal(node.left) and is_literal(node.right)
    if isinstance(node, ast.UnaryOp):
        return is_literal(node.operand)
    return isinstance(node, ast.Constant) and isinstance(node.value, int | float)


def sums_of_literals(tree):
    """Return the arithmetic of typed numbers, `2 + 2`: a number that hides."""
    found = (node for node in ast.walk(tree) if isinstance(node, ast.BinOp) and is_literal(node))
    return [f"{node.lineno}: {ast.unparse(node)}" for node in found]


@pytest.mark.parametrize("path", CORE, ids=name_of)
def test_no_number_of_the_core_is_hidden_in_arithmetic(path):
    assert sums_of_literals(tree_of(path)) == []


def test_a_number_that_is_hidden_is_found():
    for hidden in ("2 + 2 + 2", "2 * 2", "-2 ** 2", "AGE = QUARTERS * (2 + 1)", "2 / (1 + 2)"):
        assert sums_of_literals(ast.parse(hidden)), hidden
    for plain in ("2 * QUARTERS", "1.0 - share", "(1 << BITS) - 1", "-1"):
        assert not sums_of_literals(ast.parse(plain)), plain


def quantities(path):
    """Return the constants of a file that are typed and no whole numbers, by name."""
    assigned = [node for node in tree_of(path).body if isinstance(node, ast.Assign)]
    return {
        ast.unparse(node.targets[0])
        for node in assigned
        if any(isinstance(part, ast.Constant) and isinstance(part.value, float)
               and part.value not in TYPED for part in ast.walk(node.value))
    }  # fmt: skip


def test_no_quantity_of_the_theory_is_a_constant_of_the_core():
    found = [quantities(path) for path in CORE if path.name not in EXACT]
    assert set().union(*found) == UNITS


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


@for_all("path", CORE)
def test_no_rule_contains_a_number_but_nought_one_and_two(path):
    typed = [(f.name, *found) for f in functions(tree_of(path)) for found in literals(f)]
    assert typed == []


def mentions_of_terms(function):
    """Return how often a rule asks for `world.terms`."""
    asked = (n for n in ast.walk(function) if isinstance(n, ast.Attribute) and n.attr == "terms")
    return sum(isinstance(n.value, ast.Name) and n.value.id == "world" for n in asked)


@for_all("path", CORE)
def test_a_rule_asks_for_its_contributions_once(path):
    """In compiled code each `world.terms` is an array of its own: two would be two decisions."""
    often = [f.name for f in functions(tree_of(path)) if mentions_of_terms(f) > 1]
    assert often == []


def test_contributions_that_are_asked_for_twice_are_found():
    twice = "def rule(world):\n    clear(world.terms)\n    row.terms = world.terms"
    once = "def rule(world, terms):\n    terms = world.terms\n    row.terms[0] = terms[0]"
    found = [mentions_of_terms(functions(ast.parse(text))[0]) for text in (twice, once)]
    assert found == [2, 1]


@for_all("path", CODE)
def test_every_function_fits_on_a_screen(path):
    long = [
        f"{f.name}: {f.end_lineno - f.lineno + 1} lines"
        for f in functions(tree_of(path))
        if f.end_lineno - f.lineno + 1 > LONGEST
    ]
    assert long == []


@for_all("path", CODE)
def test_every_file_opens_with_a_sentence(path):
    text = ast.get_docstring(tree_of(path))
    assert text
    assert text.split("\n\n")[0].rstrip().endswith((".", "?"))


@for_all("path", CODE)
def test_a_file_is_a_word_of_the_subject(path):
    assert path.stem not in ("utils", "util", "helpers", "helper", "common", "misc", "tools")


def is_mark(decorator):
    """Return whether a decorator marks a rule."""
    return decorator in ("compiled", "inlined")


@pytest.mark.slow
@for_all("path", CORE)
def test_no_rule_is_left_unused(path):
    code = "\n".join(each.read_text(encoding="utf-8") for each in CODE)
    for function in functions(tree_of(path)):
        decorated = any(is_mark(ast.unparse(d)) for d in function.decorator_list)
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
