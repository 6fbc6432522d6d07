"""Shared dossiers by JSON, for both sides: what one gave and what one was given."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import QuerySet
from django.http import Http404, StreamingHttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from core.accounts.actors import Actor
from core.kernel.errors import NotAllowedError
from core.vault import doors, registry, rules, selectors, services
from core.vault.api.serializers import FILE_RENDERERS, ShareOut
from core.vault.filters import ShareFilter
from core.vault.models import PacketShare
from core.web.actor import acting

_ZIP: Final = {(200, "application/zip"): OpenApiTypes.BINARY}


class ShareViewSet(GenericViewSet[Any]):
    """What one's organisation shares, in every state, and what it may fetch today."""

    serializer_class = ShareOut
    filterset_class = ShareFilter
    queryset = PacketShare.objects.none()
    lookup_value_converter = "int"

    def get_queryset(self) -> QuerySet[PacketShare]:
        """Return the shares of either side."""
        return selectors.shares_known_to(self._actor()).prefetch_related("documents")

    @extend_schema(responses=ShareOut(many=True))
    def list(self, _request: Request) -> Response:
        """Answer one page of shares, newest first; `side` is `given` or `received`."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(ShareOut(page, many=True).data)

    @extend_schema(responses=ShareOut)
    def retrieve(self, _request: Request, pk: int) -> Response:
        """Answer one share."""
        return Response(ShareOut(self._found(pk)).data)

    @extend_schema(request=None, responses=ShareOut)
    @action(detail=True, methods=["post"])
    def withdraw(self, _request: Request, pk: int) -> Response:
        """Take consent back; asking twice changes nothing."""
        share = self._found(pk)
        if not rules.can_withdraw(self._actor(), share):
            raise NotAllowedError(_("Only the holder takes consent back."))
        return Response(ShareOut(services.withdraw_share(share_id=pk)).data)

    @extend_schema(request=None, responses=_ZIP)
    @action(detail=True, methods=["post"], renderer_classes=FILE_RENDERERS)
    def fetch(self, request: Request, pk: int) -> StreamingHttpResponse:
        """Hand the shared files to the receiver; the holder sees who fetched them, and when."""
        share = self._found(pk)
        if not rules.can_fetch(self._actor(), share):
            raise NotAllowedError(_("These documents are no longer shared with you."))
        handing = registry.handing_of(share)
        if handing is None:
            raise NotAllowedError(_("These documents are no longer shared with you."))
        if not handing.is_open:
            raise NotAllowedError(_("The papers open as soon as both sides have accepted."))
        return doors.hand_over(request._request, packet=handing.packet(), share=share)

    def _actor(self) -> Actor:
        return acting(self.request._request)

    def _found(self, pk: int) -> PacketShare:
        found = self.get_queryset().filter(pk=pk).first()
        if found is None:
            raise Http404
        return found
