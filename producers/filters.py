"""What lists of offers, products and papers are narrowed by, on pages and in the API alike."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.accounts.actors import ANONYMOUS
from core.accounts.enums import Sector
from core.catalogue.models import ProductCategory
from core.places import selectors as places
from core.search import Folded, SearchFilter, SearchFilterSet
from core.web.actor import acting
from core.web.fields import DayField
from producers.enums import OfferStatus, PaperKind, PaperStatus
from producers.models import Paper, Product, RegistryEntry, SupplyOffer
from producers.selectors import desk


class DayFilter(filters.DateFilter):
    """A day, typed as people or programs write it."""

    field_class = DayField


def _categories(_request: HttpRequest | None) -> QuerySet[ProductCategory]:
    return ProductCategory.objects.filter(is_active=True)


def _desk_communes(request: HttpRequest | None) -> QuerySet[Any]:
    return desk.communes_on_desk(acting(request) if request else ANONYMOUS)


def _provinces(_request: HttpRequest | None) -> QuerySet[Any]:
    return places.provinces()


class OfferFilter(SearchFilterSet):
    """Offers by status, words, category, place and window."""

    status = filters.ChoiceFilter(choices=OfferStatus.choices, label=_("Status"))
    q = SearchFilter(
        folded="product__name_folded",
        exact="product__name",
        codes=["product__gtin"],
        label=_("Product"),
    )
    product = filters.NumberFilter(
        field_name="product_id", label=_("Product"), min_value=1, max_value=2**62
    )
    category = filters.ModelChoiceFilter(
        queryset=_categories, method="by_category", label=_("Category or group")
    )
    province = filters.ModelChoiceFilter(
        field_name="origin_province", queryset=_provinces, label=_("Province of origin")
    )
    available_from = DayFilter(
        field_name="available_to", lookup_expr="gte", label=_("Available on or after")
    )
    available_to = DayFilter(
        field_name="available_from", lookup_expr="lte", label=_("Available on or before")
    )
    mine = filters.BooleanFilter(method="by_owner", label=_("Only our own"))

    class Meta:
        model = SupplyOffer
        fields: list[str] = []

    def by_category(
        self, offers: QuerySet[Any], _name: str, category: ProductCategory
    ) -> QuerySet[Any]:
        """Keep offers of the category and everything below it."""
        span = (category.order_lo, category.order_hi)
        return offers.filter(product__category__order_lo__range=span)

    def by_owner(self, offers: QuerySet[Any], _name: str, mine: bool) -> QuerySet[Any]:  # noqa: FBT001 -- django-filter's signature
        """Keep the acting organisation's own offers, or only those of others."""
        owner = self.request.actor.organisation_id if self.request else None
        return offers.filter(producer_id=owner) if mine else offers.exclude(producer_id=owner)


class OwnOfferFilter(OfferFilter):
    """The page of one's own offers: status and words suffice."""

    class Meta(OfferFilter.Meta):
        pass

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in set(self.filters) - {"status", "q"}:
            del self.filters[name]


class ProductFilter(SearchFilterSet):
    """Products by words, category and owner."""

    q = SearchFilter(folded="name_folded", exact="name", codes=["gtin"], label=_("Name"))
    category = filters.ModelChoiceFilter(
        queryset=_categories, method="by_category", label=_("Category or group")
    )
    mine = filters.BooleanFilter(method="by_owner", label=_("Only our own"))

    class Meta:
        model = Product
        fields: list[str] = []

    def by_category(
        self, products: QuerySet[Any], _name: str, category: ProductCategory
    ) -> QuerySet[Any]:
        """Keep products of the category and everything below it."""
        return products.filter(category__order_lo__range=(category.order_lo, category.order_hi))

    def by_owner(self, products: QuerySet[Any], _name: str, mine: bool) -> QuerySet[Any]:  # noqa: FBT001 -- django-filter's signature
        """Keep the acting organisation's own products, or only those of others."""
        owner = self.request.actor.organisation_id if self.request else None
        return products.filter(producer_id=owner) if mine else products.exclude(producer_id=owner)


class OwnProductFilter(ProductFilter):
    """The page of one's own products: words suffice."""

    class Meta(ProductFilter.Meta):
        pass

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in set(self.filters) - {"q"}:
            del self.filters[name]


class PaperFilter(SearchFilterSet):
    """One's own papers by product, number and issuer."""

    q = SearchFilter(
        folded=["product__name_folded", Folded("number"), Folded("issuer")],
        exact=["product__name", "number", "issuer"],
        codes=["number"],
        label=_("Product or number"),
    )

    class Meta:
        model = Paper
        fields: list[str] = []


class DeskPaperFilter(PaperFilter):
    """The papers of an officer's provinces, by producer too."""

    q = SearchFilter(
        folded=[
            "product__name_folded",
            "producer__organisation__name_folded",
            Folded("number"),
            Folded("issuer"),
        ],
        exact=["product__name", "producer__organisation__name", "number", "issuer"],
        codes=["number", "producer__organisation__tax_code"],
        label=_("Producer, product or number"),
    )

    kind = filters.ChoiceFilter(
        choices=PaperKind.choices, label=_("Kind of paper"), empty_label=_("All kinds of paper")
    )
    commune = filters.ModelChoiceFilter(
        field_name="producer__organisation__commune",
        queryset=_desk_communes,
        label=_("Commune"),
        empty_label=_("All communes"),
    )
    sector = filters.ChoiceFilter(
        choices=Sector.choices,
        method="by_sector",
        label=_("Department"),
        empty_label=_("All departments"),
    )
    due = filters.ChoiceFilter(
        choices=[("overdue", _("Overdue")), ("today", _("Due today"))],
        method="by_clock",
        label=_("Deadline"),
        empty_label=_("Any deadline"),
    )
    who = filters.ChoiceFilter(
        choices=[("me", _("Only mine")), ("nobody", _("Taken by nobody"))],
        method="by_officer",
        label=_("Taken or decided by"),
        empty_label=_("Anybody"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("kind", "commune", "sector", "due", "who"):
            self.form.fields[name].widget.attrs["class"] = "form-select"

    def by_sector(self, papers: QuerySet[Any], _name: str, sector: str) -> QuerySet[Any]:
        """Keep what a department looks after."""
        return desk.of_sector(papers, sector=Sector(sector))

    def by_clock(self, papers: QuerySet[Any], _name: str, due: str) -> QuerySet[Any]:
        """Keep what is late, or due today; only what waits has a clock."""
        if "left_days" not in papers.query.annotations:
            return papers
        return papers.filter(left_days__lt=0) if due == "overdue" else papers.filter(left_days=0)

    def by_officer(self, papers: QuerySet[Any], _name: str, who: str) -> QuerySet[Any]:
        """Keep what the acting officer took on; of decided papers, what the officer decided."""
        user_id = self.request.actor.user_id if self.request else None
        if who == "nobody":
            return papers.filter(desk_take__isnull=True)
        own = Q(desk_take__officer=user_id)
        decided = Q(decided_by=user_id) | Q(confirmed_by=user_id)
        return papers.filter(own | (~Q(status=PaperStatus.SUBMITTED) & decided))


class RegistryEntryFilter(SearchFilterSet):
    """Entries of registers by name, holder and codes."""

    q = SearchFilter(
        folded=["name_folded", "holder_folded"],
        exact=["name", "holder"],
        codes=["tax_code", "gtin", "decision_number", "code"],
        label=_("Name, holder or code"),
    )

    class Meta:
        model = RegistryEntry
        fields: list[str] = []
