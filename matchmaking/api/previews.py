"""Scoring a pair that is only described, never stored."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from buyers.enums import QuantityPeriod
from buyers.selectors import RequestFacts
from core.accounts.enums import ApiScope
from core.catalogue import selectors as catalogue
from core.catalogue.enums import Market, PaperKind, StorageClass
from core.catalogue.models import ProductCategory, Unit
from core.kernel import clock
from core.kernel.money import MAX_PRICE_VND
from core.kernel.periods import DayRange
from core.kernel.quantity import MAX_QUANTITY_BASE, Dimension, Measure
from core.places import selectors as places
from core.places.enums import AdminLevel
from core.places.models import AdminUnit
from core.web.throttling import PerActorPreview
from matchmaking import columns, selectors, wording
from matchmaking.engine.explain import Explanation
from matchmaking.engine.ruleset import GAINS
from producers.selectors import OfferFacts, PaperFacts

NOBODY = 0
TRADED = {Dimension.MASS, Dimension.VOLUME, Dimension.COUNT}


class _QuantitySerializer(serializers.Serializer[Any]):
    """A quantity in a unit of the market; packs need their content."""

    category = serializers.SlugRelatedField(
        slug_field="code", queryset=ProductCategory.objects.all()
    )
    quantity = serializers.DecimalField(
        max_digits=14, decimal_places=3, min_value=Decimal("0.001"), max_value=MAX_QUANTITY_BASE
    )
    unit = serializers.SlugRelatedField(slug_field="code", queryset=Unit.objects.all())
    pack_size = serializers.DecimalField(
        max_digits=10, decimal_places=3, min_value=Decimal("0.001"), required=False
    )
    pack_unit = serializers.SlugRelatedField(
        slug_field="code", queryset=Unit.objects.all(), required=False
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        measure = catalogue.measure_for(
            attrs["unit"], pack_size=attrs.get("pack_size"), pack_unit=attrs.get("pack_unit")
        )
        if measure is None:
            raise serializers.ValidationError(
                {"pack_size": _("Say what one pack holds: pack_size and pack_unit.")}
            )
        if measure.dimension not in TRADED:
            raise serializers.ValidationError(
                {"unit": _("Goods are counted by weight, volume or piece.")}
            )
        first, last = self.window
        if attrs[last] < attrs[first]:
            raise serializers.ValidationError({last: _("The last day lies before the first.")})
        attrs["measure"] = measure
        return attrs

    window = ("", "")


class PlaceSerializer(serializers.Serializer[Any]):
    """A province, and a commune in it where known, by today's codes."""

    province = serializers.CharField(max_length=2)
    commune = serializers.CharField(max_length=5, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        day = clock.today()
        province = places.unit_at(attrs["province"], level=AdminLevel.PROVINCE, day=day)
        if province is None:
            raise serializers.ValidationError({"province": _("No province has this code today.")})
        commune: AdminUnit | None = None
        if attrs.get("commune"):
            commune = places.unit_at(attrs["commune"], level=AdminLevel.COMMUNE, day=day)
            if commune is None or commune.parent_id != province.pk:
                raise serializers.ValidationError(
                    {"commune": _("No commune of this province has this code today.")}
                )
        return {"province_id": province.pk, "commune_id": commune.pk if commune else None}


class PaperSerializer(serializers.Serializer[Any]):
    """One verified paper."""

    kind = serializers.ChoiceField(PaperKind.choices)
    valid_from = serializers.DateField(default=dt.date(2000, 1, 1))
    valid_to = serializers.DateField(required=False, allow_null=True, default=None)
    market = serializers.ChoiceField(Market.choices, required=False, default="")
    stars = serializers.IntegerField(min_value=1, max_value=5, required=False, default=None)


class PreviewOfferSerializer(_QuantitySerializer):
    """The supply side of a pair."""

    window = ("available_from", "available_to")
    product_name = serializers.CharField(max_length=200)
    weekly_capacity = serializers.DecimalField(
        max_digits=14, decimal_places=3, min_value=Decimal("0.001"), required=False
    )
    minimum_lot = serializers.DecimalField(
        max_digits=14, decimal_places=3, min_value=Decimal("0.001"), required=False
    )
    price_vnd = serializers.IntegerField(min_value=1, max_value=MAX_PRICE_VND, required=False)
    available_from = serializers.DateField()
    available_to = serializers.DateField()
    storage = serializers.ChoiceField(StorageClass.choices, required=False)
    shelf_life_days = serializers.IntegerField(min_value=1, max_value=3650, required=False)
    origin = PlaceSerializer()
    can_issue_invoice = serializers.BooleanField(default=False)
    has_barcode = serializers.BooleanField(default=False)
    papers = PaperSerializer(many=True, required=False, default=list)


class PreviewRequestSerializer(_QuantitySerializer):
    """The demand side of a pair."""

    window = ("needed_from", "needed_to")
    words = serializers.CharField(max_length=200)
    period = serializers.ChoiceField(QuantityPeriod.choices, default=QuantityPeriod.TOTAL)
    price_ceiling_vnd = serializers.IntegerField(
        min_value=1, max_value=MAX_PRICE_VND, required=False
    )
    needed_from = serializers.DateField()
    needed_to = serializers.DateField()
    places = PlaceSerializer(many=True, allow_empty=False)
    minimum_stars = serializers.ChoiceField([0, 3, 4, 5], default=0)
    required_papers = serializers.ListField(
        child=serializers.ChoiceField(PaperKind.choices), default=list
    )
    preferred_papers = serializers.ListField(
        child=serializers.ChoiceField(PaperKind.choices), default=list
    )
    market = serializers.ChoiceField(Market.choices, default=Market.DOMESTIC)
    storage = serializers.ChoiceField(StorageClass.choices, required=False)
    needs_invoice = serializers.BooleanField(default=False)
    needs_barcode = serializers.BooleanField(default=False)


class MatchPreviewSerializer(serializers.Serializer[Any]):
    """Any offer and any request."""

    offer = PreviewOfferSerializer()
    request = PreviewRequestSerializer()


class PreviewPartSerializer(serializers.Serializer[Any]):
    criterion = serializers.CharField()
    points = serializers.IntegerField()
    weight = serializers.IntegerField()
    fit = serializers.FloatField(allow_null=True)
    text = serializers.CharField()
    missing = serializers.CharField()


class PreviewGainSerializer(serializers.Serializer[Any]):
    """What one side gains: points of the criteria that serve it, of at most `weight`."""

    side = serializers.ChoiceField(list(GAINS))
    points = serializers.IntegerField()
    weight = serializers.IntegerField()


class PreviewRefusalSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    text = serializers.CharField()
    change = serializers.CharField()


class PreviewResultSerializer(serializers.Serializer[Any]):
    """Eligibility, score (the sum of the parts' points, of 10,000), reasons and gaps."""

    eligible = serializers.BooleanField()
    score = serializers.IntegerField()
    ruleset_version = serializers.IntegerField()
    parts = PreviewPartSerializer(many=True)
    gains = PreviewGainSerializer(many=True)
    refusals = PreviewRefusalSerializer(many=True)


class MatchPreviewViewSet(viewsets.GenericViewSet[Any]):
    """What would the engine say? Nothing is stored."""

    serializer_class = MatchPreviewSerializer
    throttle_classes = [PerActorPreview]
    write_scope = ApiScope.READ
    pagination_class = None
    filter_backends: list[Any] = []

    def get_queryset(self) -> QuerySet[Any]:
        return ProductCategory.objects.none()

    @extend_schema(request=MatchPreviewSerializer, responses={200: PreviewResultSerializer})
    def create(self, request: Request) -> Response:
        """Score an offer against a request, both given in the body."""
        asked = MatchPreviewSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        ground = columns.ground_on(clock.today())
        offer = _offer_facts(asked.validated_data["offer"])
        wanted = _request_facts(asked.validated_data["request"])
        explanation = selectors.explain_inputs(
            columns.supplies([offer], ground=ground)[0],
            columns.demands([wanted], ground=ground)[0],
            ground=ground,
        )
        return Response(_result(explanation, dimension=offer.dimension))


def _result(explanation: Explanation, *, dimension: str) -> dict[str, Any]:
    parts = wording.part_lines(explanation, dimension=dimension)
    refusals = wording.refusal_lines(explanation, dimension=dimension)
    return {
        "eligible": explanation.eligible,
        "score": explanation.score,
        "ruleset_version": explanation.ruleset_version,
        "parts": [
            {
                "criterion": line.code,
                "points": line.points,
                "weight": line.weight,
                "fit": line.score,
                "text": line.detail,
                "missing": line.how_to,
            }
            for line in parts
        ],
        "gains": [
            {"side": one.side, "points": one.points, "weight": one.weight}
            for one in explanation.gains
        ],
        "refusals": [
            {"code": line.code, "text": line.text, "change": line.change} for line in refusals
        ],
    }


def _offer_facts(data: dict[str, Any]) -> OfferFacts:
    category: ProductCategory = data["category"]
    measure: Measure = data["measure"]
    return OfferFacts(
        offer_id=NOBODY,
        version=1,
        status_open=True,
        organisation_id=NOBODY,
        organisation_name="",
        product_id=NOBODY,
        product_name=data["product_name"],
        category_id=category.pk,
        category_name=category.name_vi,
        category_order=category.order_lo,
        dimension=measure.dimension,
        quantity_base=measure.base_of(data["quantity"]),
        weekly_capacity_base=_base(measure, data.get("weekly_capacity")),
        minimum_lot_base=_base(measure, data.get("minimum_lot")),
        price_vnd_per_base=_price(measure, data.get("price_vnd")),
        first_day=data["available_from"],
        last_day=data["available_to"],
        storage=data.get("storage") or category.storage or StorageClass.AMBIENT,
        shelf_life_days=data.get("shelf_life_days") or category.shelf_life_days,
        origin_province_id=data["origin"]["province_id"],
        origin_commune_id=data["origin"]["commune_id"],
        can_issue_invoice=data["can_issue_invoice"],
        has_gtin=data["has_barcode"],
        papers=tuple(PaperFacts(**paper) for paper in data["papers"]),
    )


def _request_facts(data: dict[str, Any]) -> RequestFacts:
    category: ProductCategory = data["category"]
    measure: Measure = data["measure"]
    return RequestFacts(
        request_id=NOBODY,
        version=1,
        status_open=True,
        organisation_id=NOBODY + 1,
        organisation_name="",
        banner_name=None,
        words=data["words"],
        category_id=category.pk,
        category_lo=category.order_lo,
        category_hi=category.order_hi + 1,
        dimension=measure.dimension,
        quantity_base=measure.base_of(data["quantity"]) * _periods(data),
        price_ceiling_vnd_per_base=_price(measure, data.get("price_ceiling_vnd")),
        first_day=data["needed_from"],
        last_day=data["needed_to"],
        places=tuple((one["province_id"], one["commune_id"]) for one in data["places"]),
        minimum_stars=data["minimum_stars"],
        required_papers=tuple(data["required_papers"]),
        preferred_papers=tuple(data["preferred_papers"]),
        market=data["market"],
        storage=data.get("storage"),
        needs_invoice=data["needs_invoice"],
        needs_barcode=data["needs_barcode"],
    )


def _periods(data: dict[str, Any]) -> Decimal:
    days = DayRange(data["needed_from"], data["needed_to"])
    many = {QuantityPeriod.WEEK: days.weeks, QuantityPeriod.MONTH: days.months}
    exact = many.get(data["period"], Fraction(1))
    return Decimal(exact.numerator) / Decimal(exact.denominator)


def _base(measure: Measure, quantity: Decimal | None) -> Decimal | None:
    return None if quantity is None else measure.base_of(quantity)


def _price(measure: Measure, price_vnd: int | None) -> int | None:
    return None if price_vnd is None else measure.price_per_base(price_vnd)
