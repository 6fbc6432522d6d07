"""Lists by JSON: hand one in, read what it would do, take it over, undo it."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.viewsets import GenericViewSet

from core.accounts.actors import Actor
from core.imports import registry, selectors, services
from core.imports.enums import RowOutcome
from core.imports.models import Import, ImportRow
from core.imports.registry import Context, Kind
from core.imports.wording import problem_of
from core.kernel import clock
from core.kernel.errors import NotAllowedError
from core.web.actor import acting
from core.web.idempotency import idempotent

_IDEMPOTENCY: Final = OpenApiParameter(
    "Idempotency-Key", str, OpenApiParameter.HEADER, description="Repeat safely with the same key."
)
_ID: Final = OpenApiParameter("id", int, OpenApiParameter.PATH)


class ImportSerializer(serializers.ModelSerializer[Import]):
    """An import and its counts."""

    problem = serializers.SerializerMethodField(help_text="Why the file is refused, in words.")
    percent = serializers.IntegerField(help_text="How far the present step is.")

    class Meta:
        model = Import
        fields = [
            "id", "kind", "state", "problem", "percent", "file_name", "sheet", "as_of",
            "created_at", "finished_at", "organisation_id", "province_id", "row_count",
            "done_count", "new_count", "changed_count", "unchanged_count", "refused_count",
            "applied_count", "undone_count", "kept_count", "ignored_headers", "version",
        ]  # fmt: skip
        read_only_fields = fields

    def get_problem(self, found: Import) -> str:
        """Return the sentence of the problem."""
        return problem_of(found)


class ImportIn(serializers.Serializer[Any]):
    """A file to check."""

    file = serializers.FileField(help_text="XLSX or CSV, up to 50,000 rows and 20 MB.")
    kind = serializers.CharField(max_length=40, help_text="products, offers, papers, requests …")
    as_of = serializers.DateField(required=False, help_text="The day the list is of; today's else.")
    sheet = serializers.CharField(max_length=60, required=False, allow_blank=True, default="")
    province = serializers.IntegerField(
        required=False, min_value=1, max_value=2**31 - 1, help_text="Officers only: for which one."
    )

    def validate_as_of(self, day: dt.date) -> dt.date:
        """Refuse days no list is of before zone arithmetic meets them."""
        if not clock.today() - services.OLDEST <= day <= clock.today():
            raise serializers.ValidationError(
                _("Choose the day the list is of: today or a day of the last ten years.")
            )
        return day


class ImportRowSerializer(serializers.ModelSerializer[ImportRow]):
    """A row: what it comes to and why."""

    class Meta:
        model = ImportRow
        fields = ["number", "state", "outcome", "label", "reasons", "changes", "ref"]
        read_only_fields = fields


@extend_schema_view(
    retrieve=extend_schema(parameters=[_ID]),
)
class ImportViewSet(GenericViewSet[Any]):
    """Lists that were handed in."""

    serializer_class = ImportSerializer
    parser_classes = (MultiPartParser,)
    queryset = Import.objects.none()
    lookup_value_converter = "int"

    def get_queryset(self) -> QuerySet[Import]:
        """Return what the actor may see."""
        return selectors.imports_visible_to(self._actor())

    def list(self, _request: Request) -> Response:
        """Answer one page of imports, newest first."""
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(ImportSerializer(page, many=True).data)

    def retrieve(self, _request: Request, pk: int) -> Response:
        """Answer one import."""
        return Response(ImportSerializer(self._found(pk)).data)

    @extend_schema(
        request={"multipart/form-data": ImportIn},
        responses={201: ImportSerializer},
        parameters=[_IDEMPOTENCY],
    )
    @idempotent
    def create(self, request: Request) -> Response:
        """Hand a list in; it is read and checked in the background, nothing else is changed."""
        if not registry.kinds_for(self._actor()):
            raise NotAllowedError(_("You may not hand in this kind of list."))
        asked = ImportIn(data=request.data)
        asked.is_valid(raise_exception=True)
        data = asked.validated_data
        kind = self._kind(data["kind"])
        services.checked_upload(data["file"])
        found = services.upload_list(
            kind=kind,
            upload=data["file"],
            context=self._context(kind, data),
            sheet=data["sheet"],
        )
        return Response(ImportSerializer(found).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        parameters=[_ID, OpenApiParameter("outcome", str, enum=RowOutcome.values)],
        responses=ImportRowSerializer(many=True),
    )
    @action(detail=True, methods=["get"])
    def rows(self, request: Request, pk: int) -> Response:
        """Answer one page of an import's rows; `changes` holds [column, old, new]."""
        outcome = request.query_params.get("outcome", "")
        page = self.paginate_queryset(selectors.rows_of(self._found(pk).pk, outcome=outcome))
        return self.get_paginated_response(ImportRowSerializer(page, many=True).data)

    @extend_schema(parameters=[_ID], request=None, responses=ImportSerializer)
    @action(detail=True, methods=["post"])
    def apply(self, _request: Request, pk: int) -> Response:
        """Have the checked rows taken over; asking twice changes nothing."""
        return self._changed(pk, services.confirm_import)

    @extend_schema(parameters=[_ID], request=None, responses=ImportSerializer)
    @action(detail=True, methods=["post"])
    def stop(self, _request: Request, pk: int) -> Response:
        """Stop between two parts; what was taken over stays."""
        return self._changed(pk, services.stop_import)

    @extend_schema(parameters=[_ID], request=None, responses=ImportSerializer)
    @action(detail=True, methods=["post"])
    def undo(self, _request: Request, pk: int) -> Response:
        """Undo what the import did; what moved since stays and is listed."""
        return self._changed(pk, services.recall_import)

    def _changed(self, pk: int, step: Any) -> Response:
        self._kind(self._found(pk).kind)
        step(import_id=pk)
        return Response(ImportSerializer(self._found(pk)).data)

    def _actor(self) -> Actor:
        return acting(self.request._request)

    def _found(self, pk: int) -> Import:
        found = self.get_queryset().filter(pk=pk).first()
        if found is None:
            raise Http404
        return found

    def _kind(self, code: str) -> Kind:
        kind = registry.kind_named(code)
        if kind is None or not kind.may_use(self._actor()):
            raise NotAllowedError(_("You may not hand in this kind of list."))
        return kind

    def _context(self, kind: Kind, data: dict[str, Any]) -> Context:
        actor = self._actor()
        as_of: dt.date = data.get("as_of") or clock.today()
        if not kind.is_for_officers:
            organisation_id = actor.organisation_id
            return Context(organisation_id=organisation_id, user_id=actor.user_id, as_of=as_of)
        province_id = data.get("province") or min(actor.province_ids, default=0)
        if province_id not in actor.province_ids:
            raise NotAllowedError(_("You are not an officer of this province."))
        return Context(province_id=province_id, user_id=actor.user_id, as_of=as_of)


def register(router: SimpleRouter) -> None:
    """Add this app's routes."""
    router.register("imports", ImportViewSet, basename="import")
