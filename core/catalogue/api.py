"""The API of the catalogue app: categories and units of measure, read-only."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.viewsets import GenericViewSet

from core.catalogue import selectors
from core.catalogue.models import ProductCategory, Unit

_LONGEST_QUERY = 200
CATEGORY_FIELDS = (
    "id", "code", "parent__code", "level", "name_vi", "name_en", "synonyms", "season_months",
    "default_unit__code", "storage", "shelf_life_days",
)  # fmt: skip
Q = OpenApiParameter("q", str, description="Words to find; best first. Without it: the tree.")
LEVEL = OpenApiParameter("level", str, description="nganh, nhom, bo_san_pham or leaf.")


class CategorySerializer(serializers.Serializer[ProductCategory]):
    """A node of the product tree."""

    id = serializers.IntegerField()
    code = serializers.CharField()
    parent_code = serializers.CharField(allow_null=True, help_text="Code of the node above.")
    level = serializers.CharField()
    name_vi = serializers.CharField()
    name_en = serializers.CharField()
    synonyms = serializers.ListField(child=serializers.CharField())
    season_months = serializers.ListField(child=serializers.IntegerField())
    unit_code = serializers.CharField(allow_null=True, help_text="Code of the usual unit.")
    storage = serializers.CharField(allow_blank=True)
    shelf_life_days = serializers.IntegerField(allow_null=True, help_text="An estimate.")


class UnitSerializer(serializers.Serializer[Unit]):
    """A unit of measure; `to_base` is empty for packs, whose content must be named."""

    code = serializers.CharField()
    name_vi = serializers.CharField()
    name_en = serializers.CharField()
    dimension = serializers.CharField()
    to_base = serializers.DecimalField(max_digits=12, decimal_places=6, allow_null=True)
    synonyms = serializers.ListField(child=serializers.CharField())


class CategoryViewSet(GenericViewSet[ProductCategory]):
    """The product tree, or what words mean in it."""

    permission_classes = (AllowAny,)
    pagination_class = None
    serializer_class = CategorySerializer
    queryset = ProductCategory.objects.none()
    lookup_field = "code"
    lookup_value_converter = "str"

    @extend_schema(parameters=[Q, LEVEL], responses=CategorySerializer(many=True))
    def list(self, request: Request) -> Response:
        query = request.query_params.get("q", "")[:_LONGEST_QUERY]
        rows = {row["code"]: row for row in _rows(request.query_params.get("level", ""))}
        if not query:
            return Response(list(rows.values()))
        hits = selectors.search_categories(query, limit=50)
        return Response([rows[hit.code] for hit in hits if hit.code in rows])

    @extend_schema(responses=CategorySerializer)
    def retrieve(self, _request: Request, code: str) -> Response:
        found = [row for row in _rows("") if row["code"] == code]
        if not found:
            raise NotFound
        return Response(found[0])


class UnitViewSet(GenericViewSet[Unit]):
    """Units of measure people write."""

    permission_classes = (AllowAny,)
    pagination_class = None
    serializer_class = UnitSerializer
    queryset = Unit.objects.none()

    @extend_schema(responses=UnitSerializer(many=True))
    def list(self, _request: Request) -> Response:
        fields = ("code", "name_vi", "name_en", "dimension", "to_base", "synonyms")
        return Response(list(selectors.units().values(*fields)))


def _rows(level: str) -> list[dict[str, object]]:
    found = selectors.categories()
    if level:
        found = found.filter(level=level[:20])
    return [_renamed(row) for row in found.values(*CATEGORY_FIELDS)]


def _renamed(row: dict[str, object]) -> dict[str, object]:
    row["parent_code"], row["unit_code"] = row.pop("parent__code"), row.pop("default_unit__code")
    return row


def register(router: SimpleRouter) -> None:
    """Add this app's routes."""
    router.register("categories", CategoryViewSet, basename="category")
    router.register("units", UnitViewSet, basename="unit")
