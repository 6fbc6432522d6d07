"""What the list of documents is narrowed down by."""

from __future__ import annotations

import django_filters
from django.utils.translation import gettext_lazy as _

from core.search import SearchFilter, SearchFilterSet
from core.vault.enums import ContentKind
from core.vault.models import Document


class DocumentFilter(SearchFilterSet):
    q = SearchFilter(folded=["title_folded"], exact=["title"], label=_("Name"))
    kind = django_filters.ChoiceFilter(
        label=_("What it is"), choices=ContentKind.choices, empty_label=_("Everything")
    )

    class Meta:
        model = Document
        fields: list[str] = []
