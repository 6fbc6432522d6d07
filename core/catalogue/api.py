"""The API of the catalogue app: categories, units, old product sets, the reading of names."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.viewsets import GenericViewSet

from core.catalogue import selectors
from core.catalogue.classifier import BAR, Verdict, classify
from core.catalogue.models import FormerSet, ProductCategory, Unit

_LONGEST_QUERY = 200
CATEGORY_FIELDS = (
    "id", "code", "parent__code", "level", "name_vi", "name_en", "synonyms", "season_months",
    "default_unit__code", "storage", "shelf_life_days", "hs_heading",
)  # fmt: skip
_MOST_NAMES = 1_000
_LONGEST_NAME = 500
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
    hs_heading = serializers.CharField(
        allow_blank=True, help_text="Heading of the Harmonised System, for orientation only."
    )


class UnitSerializer(serializers.Serializer[Unit]):
    """A unit of measure; `to_base` is empty for packs, whose content must be named."""

    code = serializers.CharField()
    name_vi = serializers.CharField()
    name_en = serializers.CharField()
    dimension = serializers.CharField()
    to_base = serializers.DecimalField(max_digits=12, decimal_places=6, allow_null=True)
    synonyms = serializers.ListField(child=serializers.CharField())


class NamesSerializer(serializers.Serializer[object]):
    """One `name`, or a list of `names`."""

    name = serializers.CharField(required=False, max_length=_LONGEST_NAME)
    names = serializers.ListField(
        required=False,
        allow_empty=False,
        max_length=_MOST_NAMES,
        child=serializers.CharField(allow_blank=True, max_length=_LONGEST_NAME),
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Take exactly one of the two."""
        if len(attrs) != 1:
            raise serializers.ValidationError("Give either name or names.")
        return attrs


class CandidateSerializer(serializers.Serializer[object]):
    """One kind a name may mean."""

    code = serializers.CharField(help_text="A leaf; a set where no leaf could be named.")
    confidence = serializers.FloatField()
    basis = serializers.CharField(help_text="What was read, and what makes it less sure.")


class VerdictSerializer(serializers.Serializer[object]):
    """What a name means, so far as it says."""

    name = serializers.CharField()
    category_code = serializers.CharField(
        allow_null=True, help_text="Only where confidence reaches `bar`; else a person chooses."
    )
    set_code = serializers.CharField(allow_null=True, help_text="Only where the set is clear.")
    confidence = serializers.FloatField()
    candidates = CandidateSerializer(many=True)


class VerdictsSerializer(serializers.Serializer[object]):
    """The readings in the order of the names."""

    bar = serializers.FloatField()
    results = VerdictSerializer(many=True)


class FormerSetSerializer(serializers.Serializer[FormerSet]):
    """A product set of an earlier OCOP list."""

    criteria_version = serializers.CharField()
    number = serializers.IntegerField()
    sector_vi = serializers.CharField()
    group_vi = serializers.CharField()
    name_vi = serializers.CharField()
    name_en = serializers.CharField()
    sets_today = serializers.ListField(child=serializers.CharField())
    note = serializers.CharField(allow_blank=True)


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

    @extend_schema(request=NamesSerializer, responses=VerdictsSerializer)
    @action(detail=False, methods=["post"])
    def classify(self, request: Request) -> Response:
        """Read product names: the kind each of them means, with confidence and basis."""
        form = NamesSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        names = form.validated_data.get("names") or [form.validated_data["name"]]
        vocabulary = selectors.known_vocabulary()
        results = [_as_row(name, classify(name, vocabulary=vocabulary)) for name in names]
        return Response({"bar": BAR, "results": results})


class FormerSetViewSet(GenericViewSet[FormerSet]):
    """Product sets of earlier OCOP lists and the sets of today that took them over."""

    permission_classes = (AllowAny,)
    pagination_class = None
    serializer_class = FormerSetSerializer
    queryset = FormerSet.objects.none()

    @extend_schema(
        parameters=[
            OpenApiParameter("criteria_version", str, description="Only this list: 2019."),
        ],
        responses=FormerSetSerializer(many=True),
    )
    def list(self, request: Request) -> Response:
        version = request.query_params.get("criteria_version", "")[:10]
        fields = tuple(FormerSetSerializer().fields)
        return Response(list(selectors.former_sets(version).values(*fields)))


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


def _as_row(name: str, verdict: Verdict) -> dict[str, object]:
    return {
        "name": name,
        "category_code": verdict.code,
        "set_code": verdict.set_code,
        "confidence": verdict.confidence,
        "candidates": [
            {"code": one.code, "confidence": one.confidence, "basis": one.why}
            for one in verdict.candidates
        ],
    }


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
    router.register("ocop-former-sets", FormerSetViewSet, basename="former_set")
