"""The search box of the admin: the same words find the same rows as on the portal's lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, TypeVar

from django.contrib import admin
from django.contrib.admin.utils import get_fields_from_path
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Func, Model, QuerySet
from django.http import HttpRequest

from core.search.expressions import Folded
from core.search.finding import matching

M = TypeVar("M", bound=Model)


class SearchAdmin(admin.ModelAdmin[M]):
    """Looks into `search_fields`, columns as people wrote them, and `search_codes` as a whole."""

    search_codes: ClassVar[Sequence[str]] = ()

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[M], search_term: str
    ) -> tuple[QuerySet[M], bool]:
        """Return the rows that fit, best first, and that none is there twice."""
        if not search_term.strip():
            return queryset, False
        columns = [str(one) for one in self.get_search_fields(request)]
        found = matching(
            queryset,
            text=search_term,
            folded=[folded_column(self.model, one) for one in columns],
            exact=columns,
            codes=self.search_codes,
        )
        return found, False


def folded_column(model: type[Model], column: str) -> str | Func:
    """Return the folded copy that a column has beside it, or fold it in the database."""
    try:
        get_fields_from_path(model, f"{column}_folded")
    except FieldDoesNotExist:
        return Folded(column)
    return f"{column}_folded"
