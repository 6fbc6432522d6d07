"""One's own papers by JSON: hand in, change, take back, and read what happened to them."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any, Final

from django.db.models import BooleanField, Case, ExpressionWrapper, F, Q, QuerySet, Value, When
from django.http import Http404
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.web.idempotency import idempotent
from core.web.typed_api import TypedDay
from producers import selectors, services
from producers.api.serializers import (
    MAX_ID,
    CodeField,
    ExactSerializer,
    category_id,
    commune_id,
)
from producers.api.viewsets import IDEMPOTENCY, SellersViewSet
from producers.enums import (
    EvidenceGrade,
    Market,
    PaperKind,
    PaperStatus,
    Platform,
    Purpose,
    StorefrontStage,
)
from producers.filters import ApiPaperFilter
from producers.models import Paper
from producers.services import PaperInput

_PURPOSE: Final = Case(
    When(market="", then=Value(None)),
    When(market=Market.DOMESTIC, then=Value(Purpose.DOMESTIC.value)),
    default=Value(Purpose.EXPORT.value),
)
_COLUMNS: Final[dict[str, Any]] = {
    "product_name": F("product__name"),
    "crop_code": F("crop__code"),
    "commune_code": F("commune__code"),
    "purpose": _PURPOSE,
    "has_evidence": ExpressionWrapper(Q(document__isnull=False), output_field=BooleanField()),
}
_FIELDS: Final = (
    "id", "version", "kind", "number", "issuer", "product_id", "lot", "market", "area_ha",
    "daily_capacity_kg", "stars", "score", "test_report_on", "test_lab", "households", "platform",
    "stage",
    "valid_from", "valid_to", "evidence_url", "status", "status_reason", "grade", "submitted_at",
    "decided_at",
)  # fmt: skip
_HISTORY: Final = ("version", "status", "status_reason", "grade")


class PaperIn(ExactSerializer):
    """A paper to hand in; which fields belong to which kind, a refusal names at its field."""

    kind = serializers.ChoiceField(choices=PaperKind.choices)
    number = serializers.CharField(max_length=80)
    issuer = serializers.CharField(max_length=160)
    product = serializers.IntegerField(
        min_value=1, max_value=MAX_ID, source="product_id", required=False, allow_null=True,
        help_text="Null: everything the organisation makes.",
    )  # fmt: skip
    crop = CodeField(
        find=category_id, source="crop_id", required=False, allow_null=True,
        help_text="Code of the category the paper is for alone.",
    )  # fmt: skip
    lot = serializers.CharField(max_length=60, required=False, allow_blank=True)
    market = serializers.ChoiceField(
        choices=Market.choices, required=False, allow_blank=True,
        help_text="Of a growing-area or packing-facility code; VN is the domestic one.",
    )  # fmt: skip
    area_ha = serializers.DecimalField(
        max_digits=10, decimal_places=2, required=False, allow_null=True
    )
    daily_capacity_kg = serializers.DecimalField(
        max_digits=12, decimal_places=2, required=False, allow_null=True,
        help_text="Of a packing-facility code: kg packed on one day.",
    )  # fmt: skip
    stars = serializers.IntegerField(min_value=1, max_value=5, required=False, allow_null=True)
    score = serializers.DecimalField(
        max_digits=5, decimal_places=2, required=False, allow_null=True
    )
    test_report_on = TypedDay(end="first", required=False, allow_null=True)
    test_lab = serializers.CharField(max_length=160, required=False, allow_blank=True)
    households = serializers.IntegerField(
        min_value=1, max_value=MAX_ID, required=False, allow_null=True
    )
    commune = CodeField(
        find=commune_id, source="commune_id", required=False, allow_null=True,
        help_text="Of the households of a commitment, today's code. Left out: the holder's own.",
    )  # fmt: skip
    platform = serializers.ChoiceField(choices=Platform.choices, required=False, allow_blank=True)
    stage = serializers.ChoiceField(
        choices=StorefrontStage.choices, required=False, allow_blank=True
    )
    valid_from = TypedDay(end="first")
    valid_to = TypedDay(
        end="last", required=False, allow_null=True,
        help_text="The last day on which it counts. Null: no end; an award lasts 36 months.",
    )  # fmt: skip
    evidence_url = serializers.CharField(max_length=300, required=False, allow_blank=True)


class PaperOut(serializers.Serializer[Any]):
    """A paper as shown to its holder."""

    id = serializers.IntegerField()
    version = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=PaperKind.choices)
    number = serializers.CharField()
    issuer = serializers.CharField()
    product_id = serializers.IntegerField(allow_null=True)
    product_name = serializers.CharField(allow_null=True)
    crop_code = serializers.CharField(allow_null=True)
    lot = serializers.CharField()
    market = serializers.CharField()
    purpose = serializers.ChoiceField(choices=Purpose.choices, allow_null=True)
    area_ha = serializers.DecimalField(max_digits=10, decimal_places=2, allow_null=True)
    daily_capacity_kg = serializers.DecimalField(max_digits=12, decimal_places=2, allow_null=True)
    stars = serializers.IntegerField(allow_null=True)
    score = serializers.DecimalField(max_digits=5, decimal_places=2, allow_null=True)
    test_report_on = serializers.DateField(allow_null=True)
    test_lab = serializers.CharField()
    households = serializers.IntegerField(allow_null=True)
    commune_code = serializers.CharField(allow_null=True)
    platform = serializers.CharField()
    stage = serializers.CharField()
    valid_from = serializers.DateField()
    valid_to = serializers.DateField(allow_null=True, help_text="It counts through this day.")
    has_evidence = serializers.BooleanField(help_text="Whether a scan was handed in by a page.")
    evidence_url = serializers.CharField()
    status = serializers.ChoiceField(choices=PaperStatus.choices)
    status_reason = serializers.CharField()
    grade = serializers.ChoiceField(
        choices=EvidenceGrade.choices,
        help_text="A document checked, B register, C both parties, D claim.",
    )
    submitted_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)


class PaperStateOut(serializers.Serializer[Any]):
    """One stored state of a paper."""

    at = serializers.DateTimeField()
    version = serializers.IntegerField()
    status = serializers.ChoiceField(choices=PaperStatus.choices)
    status_reason = serializers.CharField()
    grade = serializers.ChoiceField(choices=EvidenceGrade.choices)


@extend_schema_view(
    list=extend_schema(
        description="The organisation's own papers, newest first.", responses=PaperOut(many=True)
    ),
    retrieve=extend_schema(responses=PaperOut),
)
class PaperViewSet(SellersViewSet):
    """One's own papers. Officers verify, suspend and revoke on their pages, not here.

    Each of those steps is an event, an entry of the paper's history, and a change of the matches
    that rest on the paper. A scan is handed in on the pages.
    """

    filterset_class = ApiPaperFilter
    queryset = Paper.objects.none()

    def get_queryset(self) -> QuerySet[Any]:
        """Return the organisation's papers as rows."""
        own = selectors.papers_of(self.reader().organisation_id or 0)
        rows: QuerySet[Any] = own.values(*_FIELDS, **_COLUMNS)
        return rows

    @extend_schema(request=PaperIn, responses={201: PaperOut}, parameters=[IDEMPOTENCY])
    @idempotent
    def create(self, request: Request) -> Response:
        """Hand in a paper for verification."""
        actor = self.seller(request)
        data = PaperIn(data=request.data)
        data.is_valid(raise_exception=True)
        paper = services.submit_paper(
            producer_id=actor.organisation_id or 0, values=PaperInput(**data.validated_data)
        )
        return Response(self.row(paper.pk), status=status.HTTP_201_CREATED)

    @extend_schema(request=PaperIn, responses=PaperOut)
    def partial_update(self, request: Request, pk: int) -> Response:
        """Change a paper that waits, was returned or ran out; it is handed in again."""
        paper = self._own(request, pk)
        data = PaperIn(data=request.data, partial=True)
        data.is_valid(raise_exception=True)
        values = replace(_input_of(paper), **data.validated_data)
        services.resubmit_paper(paper_id=pk, values=values)
        return Response(self.row(pk))

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, pk: int) -> Response:
        """Take back a paper that nobody has verified."""
        self._own(request, pk)
        services.remove_paper(paper_id=pk)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(responses=PaperStateOut(many=True), filters=False)
    @action(detail=True, methods=["get"], pagination_class=None)
    def history(self, _request: Request, pk: int) -> Response:
        """List the paper's states, newest first."""
        self.row(pk)
        states = selectors.paper_revisions(pk).values(*_HISTORY, at=F("pgh_created_at"))
        return Response(list(states))

    def _own(self, request: Request, pk: int) -> Paper:
        own = selectors.papers_of(self.seller(request).organisation_id or 0)
        paper = own.filter(pk=pk).first()
        if paper is None:
            raise Http404
        return paper


def _input_of(paper: Paper) -> PaperInput:
    kept = {one.name: getattr(paper, one.name) for one in fields(PaperInput)}
    return PaperInput(**(kept | {"evidence": None}))
