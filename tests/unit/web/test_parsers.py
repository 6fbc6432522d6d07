"""What the JSON parser of the API lets through, and what it refuses before it can hurt."""

from __future__ import annotations

import io

import pytest
from rest_framework.exceptions import ParseError

from core.web.parsers import MAX_DEPTH, GuardedJsonParser


def parse(body: bytes) -> object:
    return GuardedJsonParser().parse(io.BytesIO(body))


def test_plain_json_comes_through_with_its_letters():
    assert parse('{"tên": "Chả mực 🦑", "n": [1, 2.5, null]}'.encode()) == {
        "tên": "Chả mực 🦑",
        "n": [1, 2.5, None],
    }


def test_brackets_inside_strings_are_no_nesting():
    text = "[" * 100

    assert parse(f'{{"a": "{text}"}}'.encode()) == {"a": text}


def test_nesting_is_allowed_up_to_the_limit():
    assert parse(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH) is not None
    with pytest.raises(ParseError):
        parse(b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1))


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"a":' * 3000 + b"1" + b"}" * 3000,
        b'{"a": "x\\u0000"}',
        b'{"a\\u0000": 1}',
        b'["\\ud800"]',
        b"NaN",
        b"Infinity",
        b"1e400",
        b"",
        b"\xff\xfe",
        b'"' + b"x" * (2 * 1024 * 1024) + b'"',
    ],
)
def test_what_would_crash_further_in_is_refused(body):
    with pytest.raises(ParseError):
        parse(body)


def test_escaped_text_that_only_looks_like_nul_is_kept():
    assert parse(b'{"a": "\\\\u0000"}') == {"a": "\\u0000"}
