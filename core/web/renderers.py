"""JSON written by orjson."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

import orjson
from django.utils.functional import Promise
from rest_framework.renderers import BaseRenderer
from rest_framework.utils.serializer_helpers import ReturnDict, ReturnList

_LIKE_THOUSANDS: Final = 3


class OrjsonRenderer(BaseRenderer):
    """Renders dates as ISO 8601 and decimals as strings, so that no digit is lost on the way.

    Decimals have no needless zeros, and a fourth place where three would look like thousands:
    "2500", "1.5", "1.1250". What is given can therefore be sent back and means the same.
    """

    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self,
        data: object,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        """Return the body's bytes; nothing for no data."""
        if data is None:
            return b""
        return orjson.dumps(data, default=plain, option=orjson.OPT_NON_STR_KEYS)


def plain_decimal(value: Decimal) -> str:
    """Return a decimal as the API writes it: no needless zeros, never like thousands."""
    if not value.is_finite():
        return str(value)
    written = f"{value:f}"
    if "." in written:
        written = written.rstrip("0").rstrip(".")
    return f"{written}0" if len(written.partition(".")[2]) == _LIKE_THOUSANDS else written


def plain(value: object) -> object:
    """Return the JSON form of what orjson does not know.

    Raises:
        TypeError: There is none.
    """
    if isinstance(value, Decimal):
        return plain_decimal(value)
    if isinstance(value, Promise):
        return str(value)
    if isinstance(value, ReturnDict):
        return dict(value)
    if isinstance(value, ReturnList | tuple | set | frozenset):
        return list(value)
    if isinstance(value, str):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no JSON form.")
