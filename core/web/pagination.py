"""Pages of the API: a cursor on an indexed unique order, never a count."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework.exceptions import NotFound
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.views import APIView

_LONGEST_ID = 18


class NewestFirst(CursorPagination):
    """Newest rows first, found rows best first; `?page_size=` up to 200."""

    ordering = "-id"
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200

    def get_ordering(self, request: Request, queryset: QuerySet[Any], view: APIView) -> Any:
        """Return the order of the pages: as found where something was searched for."""
        if "search_place" in queryset.query.annotations:
            return ("search_place",)
        return super().get_ordering(request, queryset, view)

    def decode_cursor(self, request: Request) -> Any:
        """Return what the cursor says; one whose position is no id of ours is an unknown page.

        Raises:
            NotFound: The cursor is forged or broken.
        """
        cursor = super().decode_cursor(request)
        position = getattr(cursor, "position", None)
        if position is not None and not _is_id(position):
            raise NotFound(self.invalid_cursor_message)
        return cursor


def _is_id(position: str) -> bool:
    return position.isascii() and position.isdigit() and len(position) <= _LONGEST_ID
