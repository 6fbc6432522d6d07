"""The style budgets, measured; one that pinches is a sign to move code, never to raise it."""

from __future__ import annotations

import ast
import re
import statistics
from functools import cache

import pytest

from tests.architecture.measure import WITH_CODE, Function, Source, quantile, sources

ALL = sources()
EXPLAINED = {"kernel", "engine", "services", "selectors", "rules"}
PLACEHOLDER = re.compile(r"\b(?:FIXME|XXX|HACK)\b|\bTODO\b(?!.*#\d+)")


@cache
def filled() -> list[Source]:
    return [source for source in ALL if source.has_code]


@cache
def functions() -> list[Function]:
    return [function for source in ALL for function in source.functions]


def test_there_is_something_to_measure():
    assert len(filled()) > 100
    assert len(functions()) > 1000


def test_files_stay_short():
    lengths = [source.lines for source in filled()]
    too_long = {source.name: source.lines for source in filled() if source.lines > 400}
    assert too_long == {}
    assert quantile(lengths, 0.95) <= 300


def test_functions_stay_short():
    lengths = [function.lines for function in functions()]
    too_long = {function.where: function.lines for function in functions() if function.lines > 50}
    assert too_long == {}
    assert quantile(lengths, 0.95) <= 35
    assert statistics.median(lengths) <= 8


def test_every_function_is_typed():
    assert [function.where for function in functions() if not function.is_typed] == []


def test_every_module_says_what_it_is():
    assert [source.name for source in filled() if not ast.get_docstring(source.tree)] == []


def test_public_functions_of_the_domain_say_what_they_do():
    silent = [
        function.where
        for source in ALL
        if EXPLAINED & set(source.parts)
        for function in source.functions
        if function.public and not function.node.name.startswith("__")
        if not function.has_docstring
    ]
    assert silent == []


def test_most_public_functions_say_what_they_do():
    public = [function for function in functions() if function.public]
    assert sum(function.has_docstring for function in public) / len(public) >= 0.6


def test_suppressions_stay_few():
    found = [(source.name, line) for source in ALL for line, _text in source.suppressions]
    assert 1000 * len(found) / sum(source.lines for source in ALL) <= 2.0, len(found)


def test_suppressions_name_a_rule_and_a_reason():
    assert [
        f"{source.name}:{line} {text}"
        for source in ALL
        for line, text in source.suppressions
        if not WITH_CODE.search(text) or " -- " not in text
    ] == []


def test_nothing_is_left_for_later_without_an_issue():
    assert [
        f"{source.name}:{line} {text}"
        for source in ALL
        for line, text in source.comments
        if PLACEHOLDER.search(text)
    ] == []


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("def f(a: int, *b: int, **c: int) -> None: ...", True),
        ("def f(a) -> None: ...", False),
        ("def f(a: int): ...", False),
        ("class C:\n    def m(self, *, a: int) -> None: ...", True),
        ("class C:\n    @staticmethod\n    def m(a) -> None: ...", False),
        ("class C:\n    def __init__(self): ...", True),
    ],
)
def test_measurer_knows_what_is_typed(tmp_path, code, expected):
    path = tmp_path / "measured.py"
    path.write_text(code)
    assert _measured(path).functions[0].is_typed is expected


def test_measurer_sees_suppressions_in_comments_only(tmp_path):
    path = tmp_path / "measured.py"
    path.write_text('A = "# noqa"\nB = 1  # noqa: X100 -- a reason\n')
    assert [line for line, _text in _measured(path).suppressions] == [2]


class _Anywhere(Source):
    name = "measured.py"


def _measured(path):
    return _Anywhere(path)
