"""A JSON parser that refuses what would crash further in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import IO, Any

import orjson
from django.conf import settings
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

MAX_DEPTH = 32
_STRINGS = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)
_NESTING = re.compile(rb"[\[\]{}]")


class GuardedJsonParser(BaseParser):
    """Parses UTF-8 JSON of bounded size and depth, without NUL or lone surrogates.

    Stock parsers answer 500 to 100,000 nested brackets (RecursionError) and to a NUL or a lone
    surrogate that reaches PostgreSQL (DataError).
    """

    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return the parsed body.

        Raises:
            ParseError: Too large, too deep, not JSON, or with a character that cannot be stored.
        """
        raw = stream.read(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
        if len(raw) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise ParseError("The body is larger than 2 MB; send less at a time.")
        if _depth(raw) > MAX_DEPTH:
            raise ParseError(f"The body is nested deeper than {MAX_DEPTH} levels.")
        try:
            value = orjson.loads(raw)  # refuses NaN, Infinity and lone surrogates by itself
        except orjson.JSONDecodeError as error:
            raise ParseError(f"The body is not JSON: {error}") from error
        if b"\\u0000" in raw and _has_nul(value):
            raise ParseError("The body contains U+0000, which cannot be stored.")
        return value


def _depth(raw: bytes) -> int:
    depth = deepest = 0
    for bracket in _NESTING.findall(_STRINGS.sub(b"", raw)):
        depth += 1 if bracket in b"[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _has_nul(value: object) -> bool:
    if isinstance(value, str):
        return "\x00" in value
    if isinstance(value, dict):
        return any("\x00" in key or _has_nul(item) for key, item in value.items())
    if isinstance(value, list):
        return any(_has_nul(item) for item in value)
    return False
