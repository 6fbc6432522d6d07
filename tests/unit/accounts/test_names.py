"""Names: what must not pass for one."""

from __future__ import annotations

import unicodedata

import pytest

from core.kernel.names import NameProblem, problem_of_name


@pytest.mark.parametrize(
    "name",
    [
        "Công ty TNHH Hạ Long",
        unicodedata.normalize("NFD", "Hợp tác xã Nông nghiệp Vân Đồn"),
        "HTX 19/5 – OCOP ★",
        "Quán 1 👨‍👩‍👧",
        "null",
        "株式会社",
        "Công\tty hai\ndòng",
        "zero\u200bwidth",
    ],
)
def test_an_honest_name_passes(name):
    assert problem_of_name(name) is None


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("", NameProblem.EMPTY),
        ("\u200b\u200b", NameProblem.EMPTY),
        ("\u00a0\u00a0", NameProblem.EMPTY),
        ("- . -", NameProblem.EMPTY),
        ("C\u043eng ty", NameProblem.MIXED_SCRIPTS),
        ("\u0421\u00f4ng ty", NameProblem.MIXED_SCRIPTS),
        ("abc\u202egnol", NameProblem.CONTROL),
        ("a\x07b", NameProblem.CONTROL),
        ("a\x1b[31m", NameProblem.CONTROL),
        ("a" + "\u0301" * 40, NameProblem.MARKS),
    ],
)
def test_a_name_that_deceives_is_refused(name, problem):
    assert problem_of_name(name) is problem
