"""One's own documents by JSON: keep, describe, replace, archive, fetch."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from core.accounts.actors import Actor
from core.kernel.errors import NotAllowedError
from core.vault import doors, registry, rules, selectors, services
from core.vault.api.serializers import (
    FILE_RENDERERS,
    IDEMPOTENCY,
    DescriptionIn,
    DocumentIn,
    DocumentOut,
    DocumentWithUsesOut,
    FileIn,
)
from core.vault.filters import ApiDocumentFilter
from core.vault.models import Document
from core.web.actor import acting
from core.web.idempotency import idempotent
from core.web.parsers import GuardedJsonParser

_BINARY: Final = {(200, "application/octet-stream"): OpenApiTypes.BINARY}


class DocumentViewSet(GenericViewSet[Any]):
    """The documents of one's own organisation, and nobody else's."""

    serializer_class = DocumentOut
    filterset_class = ApiDocumentFilter
    parser_classes = (GuardedJsonParser, MultiPartParser)
    queryset = Document.objects.none()
    lookup_value_converter = "int"

    def get_queryset(self) -> QuerySet[Document]:
        """Return the organisation's documents, in every state."""
        return selectors.visible_to(self._actor())

    @extend_schema(responses=DocumentOut(many=True))
    def list(self, _request: Request) -> Response:
        """Answer one page of documents, newest first; `state` says which ones."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(DocumentOut(page, many=True).data)

    @extend_schema(responses=DocumentWithUsesOut)
    def retrieve(self, _request: Request, pk: int) -> Response:
        """Answer one document with what rests on it."""
        document = self._found(pk)
        uses = registry.uses_of([pk]).get(pk, [])
        said = DocumentOut(document).data | {"used_by": [use.label for use in uses]}
        return Response(said)

    @extend_schema(
        request={"multipart/form-data": DocumentIn},
        responses={201: DocumentOut, 200: DocumentOut},
        parameters=[IDEMPOTENCY],
    )
    @idempotent
    def create(self, request: Request) -> Response:
        """Keep a file. The same content again is the same document, answered with 200."""
        actor = self._actor()
        if not rules.can_keep(actor):
            raise NotAllowedError(_("You may look, but not change. Ask an owner or an editor."))
        sent = DocumentIn(data=request.data)
        sent.is_valid(raise_exception=True)
        kept = services.add_document(
            organisation_id=actor.organisation_id or 0,
            file=sent.validated_data["file"],
            said=sent.said(),
            user_id=actor.user_id,
        )
        code = status.HTTP_201_CREATED if kept.is_new else status.HTTP_200_OK
        return Response(DocumentOut(kept.document).data, status=code)

    @extend_schema(request=DescriptionIn, responses=DocumentOut)
    def partial_update(self, request: Request, pk: int) -> Response:
        """Say anew what a document is called, what it is, and until when it holds."""
        document = self._to_change(pk)
        sent = DescriptionIn(data=request.data)
        sent.is_valid(raise_exception=True)
        changed = services.describe_document(document_id=pk, said=sent.said(document))
        return Response(DocumentOut(changed).data)

    @extend_schema(responses={204: None})
    def destroy(self, _request: Request, pk: int) -> Response:
        """Delete an archived document that nothing rests on, for good."""
        self._to_change(pk)
        services.delete_document(document_id=pk)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(
        request={"multipart/form-data": FileIn},
        responses={201: DocumentOut},
        parameters=[IDEMPOTENCY],
    )
    @action(detail=True, methods=["post"])
    @idempotent
    def versions(self, request: Request, pk: int) -> Response:
        """Keep a newer version; what rests on the old one goes on resting on it."""
        self._to_change(pk)
        sent = FileIn(data=request.data)
        sent.is_valid(raise_exception=True)
        new = services.replace_document(
            document_id=pk, file=sent.validated_data["file"], user_id=self._actor().user_id
        )
        return Response(DocumentOut(new).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=DocumentOut)
    @action(detail=True, methods=["post"])
    def archive(self, _request: Request, pk: int) -> Response:
        """Put a document into the archive: no dossier counts it; asking twice changes nothing."""
        self._to_change(pk)
        return Response(DocumentOut(services.archive_document(document_id=pk)).data)

    @extend_schema(request=None, responses=DocumentOut)
    @action(detail=True, methods=["post"])
    def restore(self, _request: Request, pk: int) -> Response:
        """Take a document out of the archive; asking twice changes nothing."""
        self._to_change(pk)
        return Response(DocumentOut(services.restore_document(document_id=pk)).data)

    @extend_schema(responses=_BINARY)
    @action(detail=True, methods=["get"], renderer_classes=FILE_RENDERERS)
    def file(self, _request: Request, pk: int) -> HttpResponse:
        """Hand the file over."""
        return doors.download(self._found(pk))

    def _actor(self) -> Actor:
        return acting(self.request._request)

    def _found(self, pk: int) -> Document:
        found = self.get_queryset().filter(pk=pk).first()
        if found is None:
            raise Http404
        return found

    def _to_change(self, pk: int) -> Document:
        document = self._found(pk)
        if not rules.can_change(self._actor(), document):
            raise NotAllowedError(_("You may look, but not change. Ask an owner or an editor."))
        return document
