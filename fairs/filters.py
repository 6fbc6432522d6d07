"""What the calendar and the organiser's lists are narrowed down by."""

from __future__ import annotations

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core.kernel import text
from core.places import selectors as places
from core.places.models import AdminUnit
from fairs.enums import FairKind, ParticipationStatus
from fairs.models import Fair, Participation

LONGEST_QUERY = 200


class FairFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(
        label=_("Name"), method="with_words", max_length=LONGEST_QUERY, strip=True
    )
    province = django_filters.ModelChoiceFilter(
        label=_("Province"),
        queryset=lambda _request: places.provinces(),
        to_field_name="code",
        method="in_province",
        empty_label=_("All provinces"),
        widget=forms.Select(attrs={"data-picker": ""}),
    )
    kind = django_filters.ChoiceFilter(
        label=_("Kind"), choices=FairKind.choices, empty_label=_("All kinds")
    )

    class Meta:
        model = Fair
        fields: list[str] = []

    def with_words(self, fairs: QuerySet[Fair], _name: str, words: str) -> QuerySet[Fair]:
        folded = text.fold(words)
        return fairs.filter(name_folded__contains=folded) if folded else fairs.none()

    def in_province(self, fairs: QuerySet[Fair], _name: str, province: AdminUnit) -> QuerySet[Fair]:
        co_hosted = Fair.co_provinces.through.objects.filter(adminunit_id=province.pk)
        return fairs.filter(Q(province=province) | Q(pk__in=co_hosted.values("fair_id")))


class ApplicationFilter(django_filters.FilterSet):
    status = django_filters.ChoiceFilter(label=_("State"), choices=ParticipationStatus.choices)

    class Meta:
        model = Participation
        fields: list[str] = []
