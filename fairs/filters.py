"""What the calendar and the organiser's lists are narrowed down by."""

from __future__ import annotations

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core.places import selectors as places
from core.places.models import AdminUnit
from core.search import SearchFilter, SearchFilterSet
from fairs.enums import FairKind, ParticipationStatus
from fairs.models import Fair, Participation


class OwnFairFilter(SearchFilterSet):
    q = SearchFilter(
        folded=["name_folded", "organiser__name_folded", "province__name_folded"],
        exact=["name", "organiser__name", "province__name"],
        label=_("Name"),
    )

    class Meta:
        model = Fair
        fields: list[str] = []


class FairFilter(OwnFairFilter):
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

    class Meta(OwnFairFilter.Meta):
        pass

    def in_province(self, fairs: QuerySet[Fair], _name: str, province: AdminUnit) -> QuerySet[Fair]:
        co_hosted = Fair.co_provinces.through.objects.filter(adminunit_id=province.pk)
        return fairs.filter(Q(province=province) | Q(pk__in=co_hosted.values("fair_id")))


class OwnApplicationFilter(SearchFilterSet):
    q = SearchFilter(
        folded=["fair__name_folded", "fair__organiser__name_folded"],
        exact=["fair__name", "fair__organiser__name"],
        label=_("Fair"),
    )

    class Meta:
        model = Participation
        fields: list[str] = []


class ApplicationFilter(SearchFilterSet):
    q = SearchFilter(
        folded=["organisation__name_folded", "organisation__province__name_folded"],
        exact=["organisation__name", "organisation__province__name"],
        label=_("Producer"),
    )
    status = django_filters.ChoiceFilter(label=_("State"), choices=ParticipationStatus.choices)

    class Meta:
        model = Participation
        fields: list[str] = []
