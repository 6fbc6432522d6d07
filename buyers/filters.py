"""What requests are narrowed down by, on pages and in the API alike."""

from __future__ import annotations

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

from buyers.enums import RequestStatus
from buyers.models import STAR_MINIMA, DemandRequest
from core.catalogue import selectors as catalogue
from core.catalogue.models import ProductCategory
from core.places import selectors as places
from core.places.models import AdminUnit
from core.search import SearchFilter, SearchFilterSet
from core.web.fields import DayField


class DayFilter(django_filters.DateFilter):
    field_class = DayField


class RequestFilter(SearchFilterSet):
    q = SearchFilter(folded="words_folded", exact="words", label=_("Words"))
    category = django_filters.ModelChoiceFilter(
        label=_("Category"),
        queryset=lambda _request: catalogue.categories(),
        to_field_name="code",
        method="within_category",
        empty_label=_("All products"),
        widget=forms.Select(attrs={"data-picker": ""}),
    )
    province = django_filters.ModelChoiceFilter(
        label=_("Delivered to"),
        queryset=lambda _request: places.provinces(),
        to_field_name="code",
        method="delivered_to",
        empty_label=_("All provinces"),
    )
    needed_on = DayFilter(label=_("Needed on the day"), method="needed_on_day")

    class Meta:
        model = DemandRequest
        fields: list[str] = []

    @extend_schema_field(OpenApiTypes.STR)
    def within_category(
        self, requests: QuerySet[DemandRequest], _name: str, category: ProductCategory
    ) -> QuerySet[DemandRequest]:
        below = (category.order_lo, category.order_hi)
        return requests.filter(category__order_lo__range=below)

    @extend_schema_field(OpenApiTypes.STR)
    def delivered_to(
        self, requests: QuerySet[DemandRequest], _name: str, province: AdminUnit
    ) -> QuerySet[DemandRequest]:
        return requests.filter(delivery_province=province)

    def needed_on_day(
        self, requests: QuerySet[DemandRequest], _name: str, day: object
    ) -> QuerySet[DemandRequest]:
        return requests.filter(needed_from__lte=day, needed_to__gte=day)


class OwnRequestFilter(RequestFilter):
    status = django_filters.ChoiceFilter(label=_("State"), choices=RequestStatus.choices)


class ApiRequestFilter(OwnRequestFilter):
    organisation = django_filters.NumberFilter(
        field_name="group", label=_("Organisation"), min_value=1, max_value=2**62
    )
    minimum_stars = django_filters.ChoiceFilter(label=_("OCOP stars"), choices=STAR_MINIMA)
