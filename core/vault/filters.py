"""What the list of documents is narrowed down by."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.accounts.actors import ANONYMOUS
from core.search import SearchFilter, SearchFilterSet
from core.vault.enums import ContentKind
from core.vault.models import Document, PacketShare
from core.web.actor import acting


class DocumentFilter(SearchFilterSet):
    q = SearchFilter(folded=["title_folded"], exact=["title"], label=_("Name"))
    kind = django_filters.ChoiceFilter(
        label=_("What it is"), choices=ContentKind.choices, empty_label=_("Everything")
    )

    class Meta:
        model = Document
        fields: list[str] = []


class ApiDocumentFilter(DocumentFilter):
    """By state too: current ones unless something else is asked for."""

    state = django_filters.ChoiceFilter(
        choices=[("current", "current"), ("archived", "archived"), ("earlier", "earlier")],
        method="by_state",
        label=_("State"),
    )

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep current documents where no state is named."""
        if not self.form.cleaned_data.get("state"):
            queryset = self.by_state(queryset, "state", "current")
        return super().filter_queryset(queryset)

    def by_state(self, documents: QuerySet[Any], _name: str, state: str) -> QuerySet[Any]:
        """Keep current, archived, or replaced documents."""
        if state == "earlier":
            return documents.filter(replaced_by__isnull=False)
        is_current = state == "current"
        return documents.filter(replaced_by__isnull=True, archived_at__isnull=is_current)


class ShareFilter(django_filters.FilterSet):
    """Shares by side: what one gave, or what one was given."""

    side = django_filters.ChoiceFilter(
        choices=[("given", "given"), ("received", "received")], method="by_side", label=_("Side")
    )

    class Meta:
        model = PacketShare
        fields: list[str] = []

    def by_side(self, shares: QuerySet[Any], _name: str, side: str) -> QuerySet[Any]:
        """Keep one side of the organisation acted for."""
        own = (acting(self.request) if self.request else ANONYMOUS).organisation_id or 0
        return shares.filter(**{"organisation" if side == "given" else "receiver": own})
