"""The API of the places app: provinces, communes, and the reading of addresses."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.viewsets import GenericViewSet

from core.kernel import clock
from core.places import selectors
from core.places.enums import AdminLevel
from core.places.models import AdminUnit

MOST_ADDRESSES = 1_000
ON = OpenApiParameter("on", dt.date, description="The map of this day; today's by default.")
PROVINCE = OpenApiParameter("province", str, required=True, description="Code of the province.")


def _words(*, max_length: int) -> serializers.CharField:
    return serializers.CharField(required=False, allow_blank=True, max_length=max_length)


class ProvinceSerializer(serializers.Serializer[AdminUnit]):
    """A province on a day."""

    id = serializers.IntegerField()
    code = serializers.CharField(help_text="Means nothing without a day: see `on`.")
    name = serializers.CharField()
    kind = serializers.CharField(help_text="tinh or thanh_pho")
    region_code = serializers.CharField()
    lat = serializers.FloatField(allow_null=True)
    lon = serializers.FloatField(allow_null=True)


class CommuneSerializer(serializers.Serializer[AdminUnit]):
    """A commune, ward or special zone on a day."""

    id = serializers.IntegerField()
    code = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.CharField(help_text="phuong, xa or dac_khu")
    province_code = serializers.CharField()
    lat = serializers.FloatField(allow_null=True)
    lon = serializers.FloatField(allow_null=True)


class AddressQuerySerializer(serializers.Serializer[object]):
    """One address: as one text, or in the parts a list has it in."""

    address = _words(max_length=1_000)
    ward = _words(max_length=300)
    district = _words(max_length=300)
    province = _words(max_length=300)


class AddressesQuerySerializer(AddressQuerySerializer):
    """One address, or up to 1,000 of them under `addresses`."""

    addresses = serializers.ListField(
        required=False,
        allow_empty=False,
        max_length=MOST_ADDRESSES,
        child=AddressQuerySerializer(),
    )
    on = serializers.DateField(
        required=False,
        help_text="Answer in units of the map of this day; today's by default.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Take one address or a list of them."""
        if not attrs.keys() & {"address", "ward", "district", "province", "addresses"}:
            raise serializers.ValidationError("Give an address, its parts, or addresses.")
        return attrs


class PlaceSerializer(serializers.Serializer[selectors.Place]):
    """A unit of the day asked for."""

    code = serializers.CharField()
    name = serializers.CharField(source="label", help_text="Type and name on that day.")


class AddressSerializer(serializers.Serializer[selectors.Address]):
    """What was understood of one address."""

    province = PlaceSerializer(allow_null=True, help_text="Right or null, never guessed.")
    commune = PlaceSerializer(allow_null=True, help_text="Only when it is certain.")
    candidates = PlaceSerializer(many=True, help_text="Every commune that fits, when several do.")
    confidence = serializers.FloatField(source="resolution.confidence")
    epoch = serializers.CharField(
        source="resolution.epoch",
        help_text="The map it was read on: before_2025_07, since_2025_07 or either.",
    )
    basis = serializers.ListField(child=serializers.CharField(), source="resolution.basis")
    words = serializers.ListField(
        child=serializers.CharField(), help_text="The same in sentences, in the language asked for."
    )


class AddressesSerializer(serializers.Serializer[object]):
    """The answers in the order of the addresses."""

    results = AddressSerializer(many=True)


class AddressViewSet(GenericViewSet[AdminUnit]):
    """The reading of addresses."""

    permission_classes = (AllowAny,)
    pagination_class = None
    queryset = AdminUnit.objects.none()

    @extend_schema(request=AddressesQuerySerializer, responses=AddressesSerializer)
    @action(detail=False, methods=["post"])
    def resolve(self, request: Request) -> Response:
        """Read addresses of any era: where each lies on the map of a day."""
        form = AddressesQuerySerializer(data=request.data)
        form.is_valid(raise_exception=True)
        asked = dict(form.validated_data)
        day = asked.pop("on", None) or clock.today()
        read = [
            selectors.resolve_address(
                one.get("address", ""),
                ward=one.get("ward", ""),
                district=one.get("district", ""),
                province=one.get("province", ""),
                on=day,
            )
            for one in asked.get("addresses") or [asked]
        ]
        results = selectors.addresses_of(read, on=day)
        return Response(AddressesSerializer({"results": results}).data)


class ProvinceViewSet(GenericViewSet[AdminUnit]):
    """Provinces of today or of another day."""

    permission_classes = (AllowAny,)
    pagination_class = None
    serializer_class = ProvinceSerializer
    queryset = AdminUnit.objects.none()
    lookup_field = "code"
    lookup_value_converter = "str"

    @extend_schema(parameters=[ON], responses=ProvinceSerializer(many=True))
    def list(self, request: Request) -> Response:
        day = _day(request)
        return Response(_labelled(selectors.provinces(day), day))

    @extend_schema(parameters=[ON], responses=ProvinceSerializer)
    def retrieve(self, request: Request, code: str) -> Response:
        day = _day(request)
        found = _labelled(selectors.provinces(day).filter(code=code), day)
        if not found:
            raise NotFound
        return Response(found[0])


class CommuneViewSet(GenericViewSet[AdminUnit]):
    """Communes of one province, today or on another day."""

    permission_classes = (AllowAny,)
    pagination_class = None
    serializer_class = CommuneSerializer
    queryset = AdminUnit.objects.none()

    @extend_schema(parameters=[PROVINCE, ON], responses=CommuneSerializer(many=True))
    def list(self, request: Request) -> Response:
        day = _day(request)
        code = request.query_params.get("province", "")
        province = selectors.unit_at(code[:5], level=AdminLevel.PROVINCE, day=day)
        if province is None:
            raise ValidationError({"province": ["Give the code of a province of that day."]})
        communes = _labelled(selectors.communes_of(province.pk, on=day), day)
        return Response([{**row, "province_code": province.code} for row in communes])


def _day(request: Request) -> dt.date:
    typed = request.query_params.get("on")
    try:
        return dt.date.fromisoformat(typed) if typed else clock.today()
    except ValueError as error:
        raise ValidationError({"on": ["Write the day as YYYY-MM-DD."]}) from error


def _labelled(units: QuerySet[AdminUnit], day: dt.date) -> list[dict[str, object]]:
    """Return plain rows with the name and type of the day."""
    labels = selectors.labels_on(day, among=units)
    rows = units.values("id", "code", "name", "kind", "region_code", "lat", "lon")
    return [{**row, **labels.get(row["id"], {})} for row in rows]


def register(router: SimpleRouter) -> None:
    """Add this app's routes."""
    router.register("addresses", AddressViewSet, basename="address")
    router.register("provinces", ProvinceViewSet, basename="province")
    router.register("communes", CommuneViewSet, basename="commune")
