"""Measures the house style from the source itself: lengths, types, docstrings, suppressions.

Standard library only. Counted is every Python file of ours outside tests, stubs and migrations.
A function's length is its lines with the docstring and without the decorators; a function inside
another counts with the one around it. Public is what has no leading underscore, nor anything
around it.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("config", "core", "producers", "buyers", "fairs", "matchmaking", "tools")
SCRIPTS = ("manage.py", "dev")
SUPPRESSION = re.compile(
    r"#\s*(?:noqa|type:\s*ignore|pyright:\s*ignore|pragma:\s*no cover)", re.IGNORECASE
)
WITH_CODE = re.compile(r"#\s*(?:noqa:\s*[A-Z]+\d+|type:\s*ignore\[[\w, -]+\])", re.IGNORECASE)
FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Function:
    """One function or method that is not inside another function."""

    file: str
    node: FunctionNode
    public: bool
    in_class: bool
    depth: int

    @property
    def lines(self) -> int:
        return (self.node.end_lineno or self.node.lineno) - self.node.lineno + 1

    @property
    def where(self) -> str:
        return f"{self.file}:{self.node.lineno} {self.node.name}"

    @property
    def has_docstring(self) -> bool:
        return ast.get_docstring(self.node) is not None

    @property
    def is_typed(self) -> bool:
        arguments = self.node.args
        parameters = [*arguments.posonlyargs, *arguments.args]
        if self.in_class and not self._is_static:
            parameters = parameters[1:]
        parameters += arguments.kwonlyargs
        parameters += [star for star in (arguments.vararg, arguments.kwarg) if star]
        returns = self.node.returns is not None or self.node.name == "__init__"
        return returns and all(parameter.annotation for parameter in parameters)

    @property
    def _is_static(self) -> bool:
        names = [d.id for d in self.node.decorator_list if isinstance(d, ast.Name)]
        return "staticmethod" in names


@dataclass(frozen=True)
class Source:
    """One file, parsed once."""

    path: Path

    @cached_property
    def name(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """Its dotted name as a tuple: ("core", "outbox", "models")."""
        parts = self.path.relative_to(ROOT).with_suffix("").parts
        return parts[:-1] if parts[-1] == "__init__" else parts

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, filename=self.name)

    @cached_property
    def lines(self) -> int:
        return len(self.text.splitlines())

    @cached_property
    def has_code(self) -> bool:
        """Whether there is a statement besides the docstring."""
        return len(self.tree.body) > bool(ast.get_docstring(self.tree))

    @cached_property
    def functions(self) -> tuple[Function, ...]:
        return tuple(self._functions(self.tree, public=True, in_class=False, depth=0))

    def _functions(
        self, node: ast.AST, *, public: bool, in_class: bool, depth: int
    ) -> Iterator[Function]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, FunctionNode):
                named_public = public and not child.name.startswith("_")
                yield Function(self.name, child, named_public, in_class, depth)
            elif isinstance(child, ast.ClassDef):
                inner = public and not child.name.startswith("_")
                yield from self._functions(child, public=inner, in_class=True, depth=depth + 1)
            else:
                yield from self._functions(child, public=public, in_class=in_class, depth=depth)

    @cached_property
    def comments(self) -> tuple[tuple[int, str], ...]:
        """(line, text) of every comment, also those behind code."""
        tokens = tokenize.generate_tokens(io.StringIO(self.text).readline)
        return tuple((t.start[0], t.string) for t in tokens if t.type == tokenize.COMMENT)

    @cached_property
    def suppressions(self) -> tuple[tuple[int, str], ...]:
        return tuple((line, text) for line, text in self.comments if SUPPRESSION.search(text))


def sources() -> list[Source]:
    """Every file the budgets speak of, in a fixed order."""
    paths = [ROOT / name for name in SCRIPTS]
    for package in PACKAGES:
        paths += sorted((ROOT / package).rglob("*.py"))
    return [Source(path) for path in paths if "migrations" not in path.parts]


def quantile(values: list[int], share: float) -> int:
    """Nearest-rank quantile; 0 for no values."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0


def imported_names(tree: ast.AST) -> Iterator[tuple[str, tuple[str, ...]]]:
    """(module, names taken from it) of every import, also inside functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, ()) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, tuple(alias.name for alias in node.names)


def imported_modules(tree: ast.AST) -> Iterator[str]:
    """The dotted name of every module a file imports."""
    return (module for module, _names in imported_names(tree))
