"""JSON written by orjson."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import orjson
from django.utils.functional import Promise
from rest_framework.renderers import BaseRenderer
from rest_framework.utils.serializer_helpers import ReturnDict, ReturnList


class OrjsonRenderer(BaseRenderer):
    """Renders dates as ISO 8601 and decimals as strings, so that no digit is lost on the way."""

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
        return orjson.dumps(data, default=_plain, option=orjson.OPT_NON_STR_KEYS)


def _plain(value: object) -> object:
    if isinstance(value, Decimal | Promise):
        return str(value)
    if isinstance(value, ReturnDict):
        return dict(value)
    if isinstance(value, ReturnList | tuple | set | frozenset):
        return list(value)
    if isinstance(value, str):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no JSON form.")
