"""Offers and products by JSON: the same services as the pages."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from django.db.models import Case, F, QuerySet, When
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import GenericViewSet

from core.accounts.actors import Actor
from core.kernel.errors import NotAllowedError
from core.web.actor import acting
from core.web.idempotency import idempotent
from producers import rules, selectors, services
from producers.api.serializers import OfferIn, OfferOut, ProductIn, ProductOut
from producers.enums import OfferStatus
from producers.filters import OfferFilter, ProductFilter
from producers.models import Product, SupplyOffer
from producers.services import OfferInput, ProductInput

IDEMPOTENCY: Final = OpenApiParameter(
    "Idempotency-Key", str, OpenApiParameter.HEADER, description="Repeat safely with the same key."
)
_OFFER_COLUMNS: Final[dict[str, Any]] = {
    "organisation_id": F("producer_id"),
    "organisation_name": F("producer__organisation__name"),
    "product_name": F("product__name"),
    "category": F("product__category__code"),
    "unit_code": F("unit__code"),
    "pack_unit_code": F("pack_unit__code"),
    "origin_province_code": F("origin_province__code"),
    "origin_commune_code": F("origin_commune__code"),
}
_OFFER_FIELDS: Final = (
    "id",
    "status",
    "version",
    "product_id",
    "quantity",
    "pack_size",
    "dimension",
    "quantity_base",
    "weekly_capacity",
    "minimum_lot",
    "available_from",
    "available_to",
    "storage",
    "note",
    "published_at",
)
_PRODUCT_COLUMNS: Final[dict[str, Any]] = {
    "organisation_id": F("producer_id"),
    "organisation_name": F("producer__organisation__name"),
    "category_code": F("category__code"),
}
_PRODUCT_FIELDS: Final = (
    "id",
    "version",
    "name",
    "description",
    "gtin",
    "storage",
    "shelf_life_days",
    "is_archived",
)


class RowsAsTheyAre(BaseSerializer[Any]):
    """Hands rows of `.values()` on unchanged: building objects first costs more than the query."""

    def to_representation(self, instance: Any) -> Any:
        """Return the row."""
        return instance


class SellersViewSet(GenericViewSet[Any]):
    """What offers and products have in common: lists of plain rows, one's own to write."""

    serializer_class = RowsAsTheyAre
    lookup_value_converter = "int"

    def list(self, request: Request) -> Response:
        """Answer one page of rows."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(page)

    def retrieve(self, request: Request, pk: int) -> Response:
        """Answer one row."""
        return Response(self.row(pk))

    def row(self, pk: int) -> dict[str, Any]:
        """Return one row the actor may see, or answer 404."""
        found = self.get_queryset().filter(pk=pk).first()
        if found is None:
            raise Http404
        return dict(found)

    def seller(self, request: Request) -> Actor:
        """Return the actor, if it may write for a selling organisation."""
        actor = acting(request._request)
        if not rules.can_sell(actor):
            raise NotAllowedError(_("Only owners and editors of a producer may do this."))
        return actor

    def reader(self) -> Actor:
        """Return the actor of the request."""
        return acting(self.request._request)


@extend_schema_view(
    list=extend_schema(
        description="One's own offers and the open ones of others, newest first.",
        responses=OfferOut(many=True),
    ),
    retrieve=extend_schema(responses=OfferOut),
)
class OfferViewSet(SellersViewSet):
    """Supply offers: one's own in any status, and what others have on the market.

    The lowest price is only shown to the offer's own organisation; contact data never is.
    """

    filterset_class = OfferFilter
    queryset = SupplyOffer.objects.none()

    def get_queryset(self) -> QuerySet[Any]:
        """Return the visible offers as rows."""
        actor = self.reader()
        own_price = Case(When(producer_id=actor.organisation_id, then=F("price_vnd")))
        visible = selectors.offers_visible_to(actor).annotate(lowest_price_vnd=own_price)
        rows: QuerySet[Any] = visible.values(*_OFFER_FIELDS, "lowest_price_vnd", **_OFFER_COLUMNS)
        return rows

    @extend_schema(request=OfferIn, responses={201: OfferOut}, parameters=[IDEMPOTENCY])
    @idempotent
    def create(self, request: Request) -> Response:
        """Write a draft."""
        actor = self.seller(request)
        data = OfferIn(data=request.data)
        data.is_valid(raise_exception=True)
        offer = services.save_offer_draft(
            producer_id=actor.organisation_id or 0, values=OfferInput(**data.validated_data)
        )
        return Response(self.row(offer.pk), status=status.HTTP_201_CREATED)

    @extend_schema(request=OfferIn, responses=OfferOut)
    def partial_update(self, request: Request, pk: int) -> Response:
        """Change a draft, or revise a published offer; what is left out stays."""
        offer = self._own(request, pk)
        data = OfferIn(data=request.data, partial=True, context={"stored": offer})
        data.is_valid(raise_exception=True)
        values = replace(_input_of(offer), **data.validated_data)
        if offer.status == OfferStatus.DRAFT:
            services.save_offer_draft(producer_id=offer.producer_id, values=values, offer_id=pk)
        else:
            services.revise_supply_offer(offer_id=pk, values=values)
        return Response(self.row(pk))

    @extend_schema(request=None, responses=OfferOut, parameters=[IDEMPOTENCY])
    @action(detail=True, methods=["post"])
    @idempotent
    def publish(self, request: Request, pk: int) -> Response:
        """Open a draft to matching."""
        self._own(request, pk)
        services.publish_supply_offer(offer_id=pk)
        return Response(self.row(pk))

    @extend_schema(request=None, responses=OfferOut, parameters=[IDEMPOTENCY])
    @action(detail=True, methods=["post"])
    @idempotent
    def withdraw(self, request: Request, pk: int) -> Response:
        """Take a published offer off the market."""
        self._own(request, pk)
        services.withdraw_supply_offer(offer_id=pk)
        return Response(self.row(pk))

    def _own(self, request: Request, pk: int) -> SupplyOffer:
        own = selectors.offers_of(self.seller(request).organisation_id or 0)
        offer = own.filter(pk=pk).first()
        if offer is None:
            raise Http404
        return offer


@extend_schema_view(
    list=extend_schema(
        description="One's own products and those of approved producers, newest first.",
        responses=ProductOut(many=True),
    ),
    retrieve=extend_schema(responses=ProductOut),
)
class ProductViewSet(SellersViewSet):
    """Products: one's own, and those of approved producers."""

    filterset_class = ProductFilter
    queryset = Product.objects.none()

    def get_queryset(self) -> QuerySet[Any]:
        """Return the visible products as rows."""
        visible = selectors.products_visible_to(self.reader())
        rows: QuerySet[Any] = visible.values(*_PRODUCT_FIELDS, **_PRODUCT_COLUMNS)
        return rows

    @extend_schema(request=ProductIn, responses={201: ProductOut}, parameters=[IDEMPOTENCY])
    @idempotent
    def create(self, request: Request) -> Response:
        """Add a product to one's list."""
        actor = self.seller(request)
        data = ProductIn(data=request.data)
        data.is_valid(raise_exception=True)
        product = services.add_product(
            producer_id=actor.organisation_id or 0, values=ProductInput(**data.validated_data)
        )
        return Response(self.row(product.pk), status=status.HTTP_201_CREATED)

    @extend_schema(request=ProductIn, responses=ProductOut)
    def partial_update(self, request: Request, pk: int) -> Response:
        """Change a product; what is left out stays."""
        actor = self.seller(request)
        own = selectors.products_visible_to(actor).filter(producer_id=actor.organisation_id)
        product = own.filter(pk=pk).first()
        if product is None:
            raise Http404
        data = ProductIn(data=request.data, partial=True)
        data.is_valid(raise_exception=True)
        names = ("name", "category_id", "storage", "description", "gtin", "shelf_life_days")
        now = ProductInput(**{name: getattr(product, name) for name in names})
        services.revise_product(product_id=pk, values=replace(now, **data.validated_data))
        return Response(self.row(pk))


def _input_of(offer: SupplyOffer) -> OfferInput:
    blank = OfferInput.__dataclass_fields__
    return OfferInput(**{name: getattr(offer, name) for name in blank})
