"""What a file of Python says, apart from comments and words for people: its syntax tree as text.

The text is the same in every version of Python: fields that are empty, which a version may add or
leave out, are not told.
"""

from __future__ import annotations

import ast
from collections.abc import Collection
from itertools import groupby

SILENT = ("kind",)
"""Fields of the tree that say how something is written (u"..."), never what it does."""


def told(source: bytes, *, unsaid: Collection[str] = ()) -> str:
    """Return what some source does, without docstrings and without arguments of these names.

    Raises:
        SyntaxError, ValueError: it is not Python.
    """
    return _text(_Stripped(unsaid).visit(ast.parse(source)))


class _Stripped(ast.NodeTransformer):
    """Takes out of a tree what is written for people only."""

    def __init__(self, unsaid: Collection[str]) -> None:
        self.unsaid = unsaid

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        """Drop a string that stands alone, as docstrings do."""
        alone = isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        return None if alone else self.generic_visit(node)

    def visit_keyword(self, node: ast.keyword) -> ast.AST | None:
        """Drop an argument that is given by one of the names."""
        return None if node.arg in self.unsaid else self.generic_visit(node)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        """Join the text between two braces, which some versions cut up or leave empty."""
        self.generic_visit(node)
        values: list[ast.expr] = []
        for is_text, group in groupby(node.values, key=lambda part: isinstance(part, ast.Constant)):
            parts = list(group)
            text = "".join(str(part.value) for part in parts if isinstance(part, ast.Constant))
            values += [ast.Constant(text)] * bool(text) if is_text else parts
        node.values = values
        return node


def _text(part: object) -> str:
    if isinstance(part, ast.AST):
        fields = ((name, value) for name, value in ast.iter_fields(part) if name not in SILENT)
        said = [f"{name}={_text(value)}" for name, value in fields if value not in (None, [])]
        return f"{type(part).__name__}({','.join(said)})"
    if isinstance(part, list):
        return f"[{','.join(map(_text, part))}]"
    return f"{type(part).__name__}:{part!a}"
