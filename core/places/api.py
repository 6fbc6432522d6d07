"""The API of the places app: provinces and communes, read-only."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
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

ON = OpenApiParameter("on", dt.date, description="The map of this day; today's by default.")
PROVINCE = OpenApiParameter("province", str, required=True, description="Code of the province.")


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
    router.register("provinces", ProvinceViewSet, basename="province")
    router.register("communes", CommuneViewSet, basename="commune")
