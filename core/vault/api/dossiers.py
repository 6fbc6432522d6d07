"""One's own dossiers by JSON: what is asked for, what answers it, the ZIP, and sharing it."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import QuerySet
from django.http import Http404, StreamingHttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from core.accounts.actors import Actor
from core.kernel.errors import IllegalTransitionError, InvalidInputError, NotAllowedError
from core.vault import doors, registry, rules, selectors, services
from core.vault.api.serializers import (
    FILE_RENDERERS,
    IDEMPOTENCY,
    DossierDetailOut,
    DossierOut,
    ShareIn,
    ShareOut,
)
from core.vault.enums import PacketCode
from core.vault.models import PacketShare
from core.vault.packing import Packet
from core.vault.registry import PacketKind
from core.vault.services import Consent
from core.web.actor import acting
from core.web.idempotency import idempotent

_KEY: Final = OpenApiParameter(
    "id", str, OpenApiParameter.PATH, description="`ocop-12`, `fair-3` or `chain-7`."
)
_KIND: Final = OpenApiParameter("kind", str, enum=PacketCode.values, required=True)
_ZIP: Final = {(200, "application/zip"): OpenApiTypes.BINARY}
_LONGEST_ID: Final = 18


class DossierViewSet(GenericViewSet[Any]):
    """Dossiers one's own organisation can make; none is stored, each is put together when read."""

    serializer_class = DossierOut
    queryset = PacketShare.objects.none()
    lookup_value_converter = "slug"

    @extend_schema(parameters=[_KIND], responses=DossierOut(many=True), filters=False)
    def list(self, request: Request) -> Response:
        """Answer one page of the dossiers of one kind, newest first."""
        kind = registry.kind_of(request.query_params.get("kind", ""))
        if kind is None:
            message = _("Choose one from the list.") + f" ({', '.join(PacketCode.values)})"
            raise serializers.ValidationError({"kind": [message]})
        page = self.paginate_queryset(kind.subjects(self._actor()))
        return self.get_paginated_response([_short(kind, row) for row in page or ()])

    @extend_schema(parameters=[_KEY], responses=DossierDetailOut)
    def retrieve(self, _request: Request, pk: str) -> Response:
        """Answer a dossier line by line, with what answers each and whether it is shared."""
        kind, row = self._found(pk)
        return Response(self._whole(kind, row))

    @extend_schema(parameters=[_KEY], responses=_ZIP)
    @action(detail=True, methods=["get"], renderer_classes=FILE_RENDERERS)
    def zip(self, _request: Request, pk: str) -> StreamingHttpResponse:
        """Hand over all files that count today, with an index; nothing is stored."""
        kind, row = self._found(pk)
        return doors.zip_of(kind.packet(row))

    @extend_schema(parameters=[_KEY, IDEMPOTENCY], request=ShareIn, responses={201: ShareOut})
    @action(detail=True, methods=["post"])
    @idempotent
    def share(self, request: Request, pk: str) -> Response:
        """Let the receiver fetch chosen files until a day; said again, the new choice holds."""
        kind, row = self._to_share(pk)
        sent = ShareIn(data=request.data)
        sent.is_valid(raise_exception=True)
        consent = _consent(kind, row, sent.validated_data)
        share = services.share_packet(consent=consent, user_id=self._actor().user_id)
        return Response(ShareOut(share).data, status=status.HTTP_201_CREATED)

    @extend_schema(parameters=[_KEY], request=None, responses=ShareOut)
    @action(detail=True, methods=["post"])
    def revoke(self, _request: Request, pk: str) -> Response:
        """Take consent back; what was fetched before stays with who fetched it."""
        kind, row = self._to_share(pk)
        share = _share_of(kind.packet(row))
        if share is None:
            raise IllegalTransitionError(_("This dossier is not shared."))
        return Response(ShareOut(services.withdraw_share(share_id=share.pk)).data)

    def _actor(self) -> Actor:
        return acting(self.request._request)

    def _found(self, pk: str) -> tuple[PacketKind, Any]:
        code, _dash, number = pk.rpartition("-")
        kind = registry.kind_of(code)
        is_number = number.isascii() and number.isdecimal() and len(number) <= _LONGEST_ID
        if kind is None or not is_number:
            raise Http404
        rows: QuerySet[Any] = kind.subjects(self._actor())
        row = rows.filter(pk=int(number)).first()
        if row is None:
            raise Http404
        return kind, row

    def _to_share(self, pk: str) -> tuple[PacketKind, Any]:
        kind, row = self._found(pk)
        if not rules.can_keep(self._actor()):
            raise NotAllowedError(_("You may look, but not change. Ask an owner or an editor."))
        if kind.until is None:
            raise NotAllowedError(_("This dossier is for its holder alone; download it."))
        return kind, row

    def _whole(self, kind: PacketKind, row: Any) -> dict[str, Any]:
        packet = kind.packet(row)
        share = _share_of(packet) if packet.receiver_id is not None else None
        return dict(
            DossierDetailOut(
                _short(kind, row)
                | {
                    "as_of": packet.as_of,
                    "receiver_id": packet.receiver_id,
                    "receiver_name": packet.receiver_name,
                    "missing_count": len(packet.missing),
                    "lines": packet.lines,
                    "offered_until": kind.until(row) if kind.until is not None else None,
                    "share": share,
                }
            ).data
        )


def _short(kind: PacketKind, row: Any) -> dict[str, Any]:
    place = kind.place(row)
    return {
        "id": f"{kind.code.value}-{place.subject_id}",
        "kind": kind.code.value,
        "title": place.title,
        "note": place.note,
    }


def _share_of(packet: Packet) -> PacketShare | None:
    code = PacketCode(packet.code)
    return selectors.open_share(code, subject_id=packet.subject_id, receiver_id=packet.receiver_id)


def _consent(kind: PacketKind, row: Any, typed: dict[str, Any]) -> Consent:
    packet, chosen = kind.packet(row), typed["documents"]
    if not {one.pk for one in packet.documents}.issuperset(chosen):
        message = _("Choose documents from the list.")
        raise InvalidInputError(message, {"documents": [message]})
    return Consent(
        packet=kind.code,
        subject_id=packet.subject_id,
        title=packet.title,
        holder_id=packet.holder_id,
        receiver_id=packet.receiver_id or 0,
        document_ids=chosen,
        until=typed["until"],
    )
