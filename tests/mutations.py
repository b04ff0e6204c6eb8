"""Small faults in the rules, planted one at a time: which of them does no hand-sized test see?

    python tests/mutations.py                  # every file of rules
    python tests/mutations.py search talks     # these files
    python tests/mutations.py search.deep_push talks.vote.3   # one rule, one fault
    python tests/mutations.py --list search    # what would be planted

Every fault that can be made in a compiled rule is planted in its turn (a term dropped, a sign
turned, `<` for `<=`, another number of the same section, a condition gone, a line gone, ...), and
the tests of `test_rules_*.py` that call that rule in plain Python run against it, those that call
few others first. What survives is listed, with its name. To try one by hand:

    COUNCILS_MUTANT=search.deep_push.3 python -m pytest tests/test_rules_search.py
"""

from __future__ import annotations

import argparse
import ast
import gc
import importlib.abc
import importlib.util
import os
import signal
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

TESTS = Path(__file__).parent
CORE = TESTS.parent / "sim" / "core"
CHOSEN = "COUNCILS_MUTANT"  # the environment variable that names the fault to plant
LONGEST = 60.0  # seconds of computing after which a fault that hangs counts as seen
TWINS = {"i": "j", "k": "m", "a": "b", "me": "them", "one": "other", "heir": "i"}
TWINS |= {b: a for a, b in TWINS.items() if a != "heir"}
TURNED: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.Add: ast.Sub, ast.Sub: ast.Add, ast.And: ast.Or, ast.Or: ast.And,
}  # fmt: skip


class Fault(NamedTuple):
    """One small fault: where it is, and what stands there instead of what."""

    file: str
    rule: str
    number: int  # within its rule
    line: int
    before: str
    after: str
    holder: Any  # the node or the list that holds what is replaced
    place: Any  # the name of the field, or the place in the list
    other: ast.AST

    @property
    def name(self) -> str:
        return f"{self.file}.{self.rule}.{self.number}"

    def __str__(self) -> str:
        return f"{self.name} (line {self.line}): {self.before}  ->  {self.after}"


Rule = tuple[str, str]  # its file and its name


class Names(NamedTuple):
    """What could stand for what in one file of rules."""

    numbers: dict[str, str]  # a declared number: the next one of its section in this file
    constants: dict[str, str]  # a constant as it is written: the next one from the same place


def files() -> list[str]:
    """Return the files that hold rules."""
    return [p.stem for p in sorted(CORE.glob("*.py")) if any(rules_of(read(p.stem)))]


def read(file: str) -> ast.Module:
    return ast.parse((CORE / f"{file}.py").read_text(encoding="utf-8"))


def rules_of(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    for node in tree.body:
        marks = map(ast.unparse, getattr(node, "decorator_list", ()))
        if isinstance(node, ast.FunctionDef) and not {"compiled", "inlined"}.isdisjoint(marks):
            yield node


def faults_of(file: str, tree: ast.Module) -> list[Fault]:
    """Return every fault that can be planted in a file of rules, in the order of its text."""
    found, names = [], names_of(tree)
    for rule in rules_of(tree):
        known = {n.id for n in ast.walk(rule) if isinstance(n, ast.Name)}
        known |= {a.arg for a in rule.args.args}
        number = 0
        for holder, place, node in within(rule):
            for other in others(node, names, known):
                number += 1
                texts = [short(each) for each in (node, other)]
                found.append(
                    Fault(file, rule.name, number, node.lineno, *texts, holder, place, other)
                )
    return found


def short(node: ast.AST) -> str:
    """Return the text of a node, of a compound statement its first line."""
    return ast.unparse(node).splitlines()[0]


def within(rule: ast.FunctionDef) -> Iterator[tuple[Any, Any, Any]]:
    """Return every node of a rule's body and where it is held."""
    told = isinstance(rule.body[0], ast.Expr) and isinstance(rule.body[0].value, ast.Constant)
    for place in range(int(told), len(rule.body)):
        yield from below(rule.body, place, rule.body[place])


def below(holder: Any, place: Any, node: ast.AST) -> Iterator[tuple[Any, Any, Any]]:
    if isinstance(node, ast.stmt | ast.expr):
        yield holder, place, node
    for field, value in ast.iter_fields(node):
        if isinstance(value, list):
            for k, each in enumerate(value):
                if isinstance(each, ast.AST):
                    yield from below(value, k, each)
        elif isinstance(value, ast.AST):
            yield from below(node, field, value)


def names_of(tree: ast.Module) -> Names:
    """Return what could stand for each declared number and each constant of a file."""
    numbers: dict[str, list[str]] = {}
    constants: dict[str, list[str]] = {}
    homes = {"here": values_in(tree)}
    source = {}  # of each name that is imported its file
    for node in tree.body:
        for alias in node.names if isinstance(node, ast.ImportFrom) else ():
            file = alias.name if node.module in (None, "sim.core") else node.module.split(".")[-1]
            source[alias.asname or alias.name] = file
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "p":
            collect(numbers, node.attr.split("_")[0], node.attr)
        elif isinstance(node, ast.Attribute | ast.Name):
            text = ast.unparse(node)
            file = source.get(text.split(".")[0], "here")
            if text.split(".")[-1].isupper() and text.count(".") < 2:
                collect(constants, file, text)
    for file in constants.keys() - homes.keys():
        homes[file] = values_in(read(file)) if (CORE / f"{file}.py").exists() else {}
    values = {
        text: homes[file].get(text.split(".")[-1], text)
        for file, group in constants.items()
        for text in group
    }
    return Names(ring(numbers, {}), ring(constants, values))


def values_in(tree: ast.Module) -> dict[str, object]:
    """Return the constants of a file, each with its value, or its text where it is reckoned."""
    return {
        target.id: value_of(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def value_of(node: ast.expr) -> object:
    try:
        return ast.literal_eval(node)
    except ValueError:
        return ast.unparse(node)


def collect(groups: dict[str, list[str]], key: str, name: str) -> None:
    if name not in groups.setdefault(key, []):
        groups[key].append(name)


def ring(groups: dict[str, list[str]], values: dict[str, object]) -> dict[str, str]:
    """Return for each name the next of its group that has another value, if there is one."""
    found = {}
    for group in map(sorted, groups.values()):
        for k, name in enumerate(group):
            following = [*group[k + 1 :], *group[:k]]
            unlike = [n for n in following if values.get(n, n) != values.get(name, name)]
            if unlike:
                found[name] = unlike[0]
    return found


def others(node: ast.AST, names: Names, known: set[str]) -> Iterator[ast.AST]:
    """Return what could stand in the place of a node by a small mistake."""
    if isinstance(node, ast.stmt):
        yield from other_lines(node)
    elif isinstance(node, ast.BinOp):
        yield from other_sums(node)
    elif isinstance(node, ast.UnaryOp):
        yield node.operand
    elif isinstance(node, ast.Compare):
        yield from other_comparisons(node)
    elif isinstance(node, ast.BoolOp):
        yield from node.values if len(node.values) == 2 else shorter(node)
        yield ast.BoolOp(TURNED[type(node.op)](), node.values)
    elif isinstance(node, ast.IfExp):
        yield from (node.body, node.orelse)
    elif isinstance(node, ast.Call):
        yield from other_calls(node)
    elif isinstance(node, ast.Constant):
        yield from other_constants(node)
    elif isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load):
        yield from other_names(node, names, known)


def other_lines(node: ast.stmt) -> Iterator[ast.AST]:
    if isinstance(node, ast.If):
        for value in (True, False):
            yield ast.If(ast.Constant(value), node.body, node.orelse)
    elif isinstance(node, ast.AugAssign):
        yield ast.Pass()
        if type(node.op) in TURNED:
            yield ast.AugAssign(node.target, TURNED[type(node.op)](), node.value)
    elif isinstance(node, ast.Assign):
        if any(isinstance(target, ast.Attribute | ast.Subscript) for target in node.targets):
            yield ast.Pass()
    elif isinstance(node, ast.Expr | ast.Continue | ast.Break) or (
        isinstance(node, ast.Return) and node.value is None
    ):
        yield ast.Pass()


def other_sums(node: ast.BinOp) -> Iterator[ast.AST]:
    yield node.left
    if isinstance(node.op, ast.Add | ast.Mult):
        yield node.right
    if isinstance(node.op, ast.Add | ast.Sub):
        yield ast.BinOp(node.left, TURNED[type(node.op)](), node.right)


def other_comparisons(node: ast.Compare) -> Iterator[ast.AST]:
    for k, op in enumerate(node.ops):
        if type(op) in TURNED:
            ops = [*node.ops[:k], TURNED[type(op)](), *node.ops[k + 1 :]]
            yield ast.Compare(node.left, ops, node.comparators)


def shorter(node: ast.BoolOp) -> Iterator[ast.AST]:
    for k in range(len(node.values)):
        yield ast.BoolOp(node.op, node.values[:k] + node.values[k + 1 :])


def other_calls(node: ast.Call) -> Iterator[ast.AST]:
    if isinstance(node.func, ast.Name) and node.func.id in ("min", "max"):
        yield from node.args
    elif isinstance(node.func, ast.Name) and node.func.id == "clip":
        yield node.args[0]


def other_constants(node: ast.Constant) -> Iterator[ast.AST]:
    if isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node.value, int | float):
        yield ast.Constant(node.value + 1)
        if node.value == 1:
            yield ast.Constant(node.value - 1)


def other_names(node: ast.Name | ast.Attribute, names: Names, known: set[str]) -> Iterator[ast.AST]:
    text = ast.unparse(node)
    if text in names.constants:
        yield ast.parse(names.constants[text], mode="eval").body
    elif isinstance(node, ast.Attribute) and node.attr in names.numbers and text[:2] == "p.":
        yield ast.Attribute(node.value, names.numbers[node.attr], node.ctx)
    elif isinstance(node, ast.Name) and TWINS.get(node.id) in known:
        yield ast.Name(TWINS[node.id], node.ctx)


def plant(fault: Fault) -> None:
    """Put the fault into the tree that it was found in."""
    if isinstance(fault.place, int):
        fault.holder[fault.place] = fault.other
    else:
        setattr(fault.holder, fault.place, fault.other)


class Planter(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports one file of rules with a fault in it."""

    def __init__(self, name: str) -> None:
        self.file, rule, number = name.split(".")
        self.tree = read(self.file)
        for fault in faults_of(self.file, self.tree):
            if fault.rule == rule and fault.number == int(number):
                plant(fault)
                return
        raise ValueError(f"{CHOSEN}={name}: there is no such fault; see tests/mutations.py --list")

    def find_spec(self, name: str, path: Any, target: Any = None) -> Any:
        if name != f"council_partnering.sim.core.{self.file}":
            return None
        where = CORE / f"{self.file}.py"
        return importlib.util.spec_from_file_location(name, where, loader=self)

    def exec_module(self, module: Any) -> None:
        code = compile(ast.fix_missing_locations(self.tree), module.__file__, "exec")
        exec(code, vars(module))


@contextmanager
def planted() -> Iterator[None]:
    """Import rules with the fault that the environment names, if it names one."""
    name = os.environ.get(CHOSEN)
    if name is None:
        yield
        return
    planter = Planter(name)
    sys.meta_path.insert(0, planter)
    try:
        yield
    finally:
        sys.meta_path.remove(planter)


class Gardener:
    """Runs for each fault the tests that call its rule, each time in a process of its own."""

    def __init__(self, faults: list[Fault], workers: int) -> None:
        self.faults, self.workers = faults, workers
        self.survived: list[Fault] = []
        self.broken = False  # a test fails without any fault
        self.calls: dict[str, set[Rule]] = {}  # the rules that each test calls

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [item for item in items if "rules" in getattr(item, "fixturenames", ())]

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        run(session.items[:1])  # what is loaded once is not what a test calls
        for item in session.items:
            with followed(self.calls.setdefault(item.nodeid, set())):
                run([item])
        self.broken = bool(session.testsfailed)
        gc.freeze()
        waiting, busy = ([] if self.broken else self.faults[::-1]), {}
        while waiting or busy:
            while waiting and len(busy) < self.workers:
                fault = waiting.pop()
                busy[self.start(session, fault)] = fault
            process, status = os.wait()
            self.tell(busy.pop(process), seen=status != 0)
        return True

    def tell(self, fault: Fault, *, seen: bool) -> None:
        if not seen:
            self.survived.append(fault)
            print(fault, flush=True)

    def start(self, session: pytest.Session, fault: Fault) -> int:
        """Return the process in which the tests run against a fault, those of few rules first."""
        process = os.fork()
        if process:
            return process
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        signal.setitimer(signal.ITIMER_VIRTUAL, LONGEST)
        os.environ[CHOSEN] = fault.name
        rule = (fault.file, fault.rule)
        items = [item for item in session.items if rule in self.calls[item.nodeid]]
        run(sorted(items, key=lambda item: len(self.calls[item.nodeid])))
        os._exit(int(session.testsfailed > 0))


def run(items: list[pytest.Item]) -> None:
    """Run tests until one fails."""
    for item, following in zip(items, [*items[1:], None], strict=True):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if item.session.testsfailed:
            return


@contextmanager
def followed(rules: set[Rule]) -> Iterator[None]:
    """Add to `rules` every rule that is called."""

    def note(frame: Any, event: str, _: Any) -> None:
        code = frame.f_code
        if event == "call" and code.co_filename.startswith(str(CORE)):
            rules.add((Path(code.co_filename).stem, code.co_name))

    sys.setprofile(note)
    try:
        yield
    finally:
        sys.setprofile(None)


def main() -> int:
    """Plant every fault asked for; return 1 where one survives."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=RAW)
    asked.add_argument("names", nargs="*", metavar="NAME", help="files, rules or faults; else all")
    asked.add_argument("--every", type=int, default=1, metavar="N", help="each N-th fault alone")
    asked.add_argument("--list", action="store_true", help="list the faults, plant none")
    asked.add_argument("--tests", default="test_rules_*.py", metavar="GLOB", help="these tests")
    asked.add_argument("--workers", type=int, default=2, metavar="N")
    given = asked.parse_args()
    faults = faults_called(given.names)[:: given.every]
    if given.list:
        print(*faults, sep="\n")
        return 0
    gardener = Gardener(faults, given.workers)
    tests = [str(path) for path in sorted(TESTS.glob(given.tests))]
    options = [
        "-s",
        "-p",
        "no:terminal",
        "-p",
        "no:cacheprovider",
        "-n",
        "0",
        "-o",
        "tmp_path_retention_policy=failed",
    ]
    pytest.main([*tests, *options], plugins=[gardener])
    if gardener.broken:
        print("A test fails without any fault; run the tests first.")
        return 2
    report(faults, gardener.survived)
    return int(bool(gardener.survived))


def faults_called(names: list[str]) -> list[Fault]:
    """Return the faults of these files and rules, or of these names; all without a name."""
    wanted = {name.split(".")[0] for name in names} or set(files())
    for file in wanted - set(files()):
        raise SystemExit(f"no file of rules '{file}': known are {', '.join(files())}")
    faults = [fault for file in sorted(wanted) for fault in faults_of(file, read(file))]
    for name in names:
        if not any(f"{fault.name}.".startswith(f"{name}.") for fault in faults):
            raise SystemExit(f"no fault or rule '{name}': see --list {name.split('.')[0]}")
    return [
        fault
        for fault in faults
        if not names or any(f"{fault.name}.".startswith(f"{name}.") for name in names)
    ]


def report(faults: list[Fault], survived: list[Fault]) -> None:
    """Print how many faults of each file were seen."""
    planted_in, left = (Counter(f.file for f in each) for each in (faults, survived))
    for file, count in planted_in.items():
        print(f"{file:12} {count - left[file]:5} of {count:5} seen")
    total = len(faults)
    print(f"{'all':12} {total - len(survived):5} of {total:5} seen")


RAW = argparse.RawDescriptionHelpFormatter

if __name__ == "__main__":
    sys.exit(main())
