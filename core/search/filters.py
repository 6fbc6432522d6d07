"""The search box of a list: the same words find the same rows on pages and in the API."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.search.finding import Columns, Found, Hits, Searched, columns_of, rows_of, search
from core.search.limits import SearchTooSlowError
from core.search.query import LONGEST_TEXT


class SearchFilter(django_filters.CharFilter):
    """Words to look for in some columns; see `core.search.matching`."""

    def __init__(
        self, *, folded: Columns, exact: Columns, codes: Sequence[str] = (), **kwargs: Any
    ) -> None:
        kwargs.setdefault("label", _("Search words"))
        kwargs.setdefault("widget", forms.TextInput(attrs={"type": "search"}))
        super().__init__(max_length=LONGEST_TEXT, strip=True, **kwargs)
        self.where = Searched(
            folded=columns_of(folded), exact=columns_of(exact), codes=tuple(codes)
        )


class SearchFilterSet(django_filters.FilterSet):
    """Filters of which one may be a `SearchFilter`; that one looks at what the others left.

    `found` is None while nothing is searched for. `rows` is what a page lists.
    """

    found: Found | None = None
    is_too_slow = False

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Apply the plain filters, then the search, which returns the best rows first.

        Raises:
            SearchTooSlowError: It took too long, and no page is there to say so.
        """
        searches: list[tuple[SearchFilter, str]] = []
        for name, value in self.form.cleaned_data.items():
            one = self.filters[name]
            if isinstance(one, SearchFilter):
                searches += [(one, value)] if value else []
            else:
                queryset = one.filter(queryset, value)
        for one, text in searches:
            queryset = self._searched(queryset, one, text=text)
        return queryset

    @property
    def rows(self) -> QuerySet[Any] | Hits[Any]:
        """What fits, for a paginator: found rows are not counted again."""
        try:
            listed: QuerySet[Any] = self.qs
        except SearchTooSlowError as error:
            self.is_too_slow = True
            self.form.add_error(None, str(error))
            listed = self.queryset.none()
        return listed if self.found is None else Hits(self._narrowed, self.found)

    def _searched(self, queryset: QuerySet[Any], box: SearchFilter, *, text: str) -> QuerySet[Any]:
        self._narrowed = queryset
        self.found = search(queryset, text=text, where=box.where)
        return rows_of(queryset, self.found)
