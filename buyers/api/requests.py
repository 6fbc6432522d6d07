"""The API of demand requests."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import Any, Final

from django.db.models import F, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from buyers import rules, selectors, services
from buyers.enums import QuantityPeriod, RequestStatus
from buyers.filters import ApiRequestFilter
from buyers.models import STAR_MINIMA, DemandRequest
from core.accounts.actors import Actor
from core.catalogue import selectors as catalogue
from core.catalogue.enums import Market, PaperKind, StorageClass
from core.kernel.errors import InvalidInputError, NotAllowedError
from core.places import selectors as places
from core.web.actor import acting
from core.web.idempotency import idempotent
from core.web.typed_api import TypedAmountsSerializer, TypedDay, TypedQuantity, TypedVnd

LIST_FIELDS: Final = (
    "id",
    "status",
    "version",
    "words",
    "quantity",
    "pack_size",
    "period",
    "dimension",
    "quantity_base",
    "price_ceiling_vnd",
    "price_ceiling_vnd_per_base",
    "needed_from",
    "needed_to",
    "minimum_stars",
    "required_papers",
    "preferred_papers",
    "market",
    "storage",
    "needs_invoice",
    "needs_barcode",
    "note",
    "published_at",
)
NAMED: Final = {
    "organisation_id": F("group_id"),
    "organisation_name": F("group__organisation__name"),
    "banner_name": F("banner__name"),
    "category_code": F("category__code"),
    "category_name": F("category__name_vi"),
    "unit_code": F("unit__code"),
    "pack_unit_code": F("pack_unit__code"),
    "delivery_province_code": F("delivery_province__code"),
}
LONGEST_CODE: Final = 41
KEY: Final = OpenApiParameter(
    "Idempotency-Key", str, OpenApiParameter.HEADER, description="Makes a repeated POST harmless."
)


class CodeField(serializers.CharField):
    """The code of a row in a reference list."""

    def __init__(self, rows: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.rows = rows

    def to_internal_value(self, data: Any) -> Any:
        code = super().to_internal_value(data)
        # A validator of length would look at the id that this returns.
        codes = self.rows().filter(code=code[:LONGEST_CODE])
        found = codes.values_list("pk", flat=True).first()
        if found is None:
            raise serializers.ValidationError(
                _("“%(code)s” is not in the list.") % {"code": code[:LONGEST_CODE]}
            )
        return found


class RequestInput(TypedAmountsSerializer):
    """What a request says; codes are those of /categories, /units and /provinces.

    Figures and days may be sent as people type them. A figure with its own unit is converted into
    `unit`; without `unit`, the one typed with the quantity holds.
    """

    price_name = "price_ceiling_vnd"
    unit_key = "unit"
    pack_unit_key = "pack_unit"

    words = serializers.CharField(max_length=200)
    category = CodeField(catalogue.categories)
    quantity = TypedQuantity()
    unit = CodeField(catalogue.units, required=False)
    pack_size = TypedQuantity(required=False, allow_null=True)
    pack_unit = CodeField(catalogue.units, required=False, allow_null=True)
    period = serializers.ChoiceField(QuantityPeriod.choices, required=False)
    price_ceiling_vnd = TypedVnd(required=False, allow_null=True)
    needed_from = TypedDay(end="first")
    needed_to = TypedDay(end="last")
    delivery_province = CodeField(places.provinces)
    banner_id = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=2**62
    )
    outlet_ids = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**62), required=False, max_length=500
    )
    minimum_stars = serializers.ChoiceField(STAR_MINIMA, required=False)
    required_papers = serializers.ListField(
        child=serializers.ChoiceField(PaperKind.choices), required=False, max_length=20
    )
    preferred_papers = serializers.ListField(
        child=serializers.ChoiceField(PaperKind.choices), required=False, max_length=20
    )
    market = serializers.ChoiceField(Market.choices, required=False)
    storage = serializers.ChoiceField(StorageClass.choices, required=False, allow_blank=True)
    needs_invoice = serializers.BooleanField(required=False)
    needs_barcode = serializers.BooleanField(required=False)
    note = serializers.CharField(max_length=1000, required=False, allow_blank=True)

    def to_internal_value(self, data: Any) -> Any:
        """Refuse fields nobody asked for, rather than drop them silently."""
        values = super().to_internal_value(data)
        unknown = sorted(set(data) - set(self.fields))
        if unknown:
            sentence = _("There is no such field.")
            raise serializers.ValidationError(
                {str(name)[:LONGEST_CODE]: [sentence] for name in unknown[:20]}
            )
        return values

    def terms(self) -> dict[str, Any]:
        """Return the values by the names services use."""
        renamed = {
            "category": "category_id",
            "unit": "unit_id",
            "pack_unit": "pack_unit_id",
            "delivery_province": "delivery_province_id",
        }
        many = {"outlet_ids", "required_papers", "preferred_papers"}
        return {
            renamed.get(name, name): tuple(value) if name in many else value
            for name, value in self.validated_data.items()
        }


class RequestOutput(serializers.Serializer[Any]):
    """One request as others may read it; never with contact data."""

    id = serializers.IntegerField()
    status = serializers.ChoiceField(RequestStatus.choices)
    version = serializers.IntegerField()
    organisation_id = serializers.IntegerField()
    organisation_name = serializers.CharField()
    banner_name = serializers.CharField(allow_null=True)
    words = serializers.CharField()
    category_code = serializers.CharField()
    category_name = serializers.CharField()
    quantity = serializers.DecimalField(max_digits=14, decimal_places=3)
    unit_code = serializers.CharField()
    pack_size = serializers.DecimalField(max_digits=10, decimal_places=3, allow_null=True)
    pack_unit_code = serializers.CharField(allow_null=True)
    period = serializers.ChoiceField(QuantityPeriod.choices)
    dimension = serializers.CharField()
    quantity_base = serializers.DecimalField(
        max_digits=16,
        decimal_places=3,
        help_text="Of the whole window, in the base unit of the dimension: kg, litre, piece.",
    )
    price_ceiling_vnd = serializers.IntegerField(allow_null=True)
    price_ceiling_vnd_per_base = serializers.IntegerField(allow_null=True)
    needed_from = serializers.DateField()
    needed_to = serializers.DateField()
    delivery_province_code = serializers.CharField()
    minimum_stars = serializers.IntegerField()
    required_papers = serializers.ListField(child=serializers.CharField())
    preferred_papers = serializers.ListField(child=serializers.CharField())
    market = serializers.CharField()
    storage = serializers.CharField(allow_blank=True)
    needs_invoice = serializers.BooleanField()
    needs_barcode = serializers.BooleanField()
    note = serializers.CharField(allow_blank=True)
    published_at = serializers.DateTimeField(allow_null=True)


class RequestViewSet(GenericViewSet[DemandRequest]):
    """Own requests in every state, and the open ones of others for approved producers."""

    serializer_class = RequestOutput
    filter_backends = (DjangoFilterBackend,)
    filterset_class = ApiRequestFilter
    lookup_value_converter = "int"
    queryset = DemandRequest.objects.none()

    def get_queryset(self) -> QuerySet[DemandRequest]:
        if getattr(self, "swagger_fake_view", False):
            return DemandRequest.objects.none()
        return selectors.visible_to(self._actor())

    @extend_schema(responses=RequestOutput(many=True))
    def list(self, _request: Request) -> Response:
        rows: Any = self.filter_queryset(self.get_queryset()).values(*LIST_FIELDS, **NAMED)
        return self.get_paginated_response(self.paginate_queryset(rows))

    @extend_schema(responses=RequestOutput)
    def retrieve(self, _request: Request, pk: int) -> Response:
        return Response(get_object_or_404(self._rows(), pk=pk))

    @extend_schema(
        request=RequestInput, responses={HTTPStatus.CREATED: RequestOutput}, parameters=[KEY]
    )
    @idempotent
    def create(self, request: Request) -> Response:
        """Keep a new request as a draft; publish it with POST …/publish."""
        organisation_id = self._writing()
        data = RequestInput(data=request.data)
        data.is_valid(raise_exception=True)
        group = services.register_buyer_group(organisation_id=organisation_id)
        try:
            saved = services.save_request_draft(
                group_id=group.pk, terms=services.RequestTerms(**data.terms())
            )
        except InvalidInputError as error:
            raise as_sent(error) from error
        return Response(self._rows().get(pk=saved.pk), status=HTTPStatus.CREATED)

    @extend_schema(request=RequestInput(partial=True), responses=RequestOutput)
    def partial_update(self, request: Request, pk: int) -> Response:
        """Change the fields given; an open request is matched again."""
        stored = self._own(pk)
        data = RequestInput(data=request.data, partial=True, context={"stored": stored})
        data.is_valid(raise_exception=True)
        terms = replace(services.terms_of(stored), **data.terms())
        try:
            services.revise_demand_request(request_id=stored.pk, terms=terms)
        except InvalidInputError as error:
            raise as_sent(error) from error
        return Response(self._rows().get(pk=stored.pk))

    @extend_schema(request=None, responses=RequestOutput, parameters=[KEY])
    @action(detail=True, methods=["post"])
    @idempotent
    def publish(self, _request: Request, pk: int) -> Response:
        """Open a draft to matching."""
        stored = self._own(pk)
        services.publish_demand_request(request_id=stored.pk)
        return Response(self._rows().get(pk=stored.pk))

    @extend_schema(request=None, responses=RequestOutput, parameters=[KEY])
    @action(detail=True, methods=["post"])
    @idempotent
    def close(self, _request: Request, pk: int) -> Response:
        """Take a request off the market."""
        stored = self._own(pk)
        services.close_demand_request(request_id=stored.pk)
        return Response(self._rows().get(pk=stored.pk))

    def _actor(self) -> Actor:
        return acting(self.request._request)

    def _rows(self) -> Any:
        return self.get_queryset().values(*LIST_FIELDS, **NAMED)

    def _writing(self) -> int:
        """Return the organisation acted for, or refuse those who may not write for a buyer."""
        actor = self._actor()
        if actor.organisation_id is None or not rules.can_prepare(actor):
            raise NotAllowedError(_("Only owners and editors of a buyer change requests."))
        return actor.organisation_id

    def _own(self, pk: int) -> DemandRequest:
        """Return an own request; 404 for those of others, open or not."""
        self._writing()
        return get_object_or_404(selectors.own_requests(self._actor()), pk=pk)


def as_sent(error: InvalidInputError) -> InvalidInputError:
    """Name the fields as the API does: the services' form fields with ids behind two of them."""
    renamed = {"banner": "banner_id", "outlets": "outlet_ids"}
    fields = {renamed.get(name, name): found for name, found in error.field_errors.items()}
    return InvalidInputError(str(error), fields)
