"""How files leave the house: always behind a check of the caller, never to be run or kept."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final
from urllib.parse import quote

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext as _

from core.kernel.errors import InvalidInputError, NotAllowedError
from core.kernel.text import fold
from core.vault import rules, selectors, services
from core.vault.content import BROKEN, new_jpeg
from core.vault.models import Document, PacketShare
from core.vault.packing import Packet, is_whole, plan_of, streamed
from core.vault.packing.names import safe_name
from core.vault.packing.plan import Plan
from core.web.actor import acting

HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "private, no-store",
}


def download(document: Document) -> HttpResponse:
    """Return a document as a download under its title, never to be shown in the browser.

    Raises:
        Http404: The stored file is gone.
    """
    name = f"{safe_name(document.title)}.{document.type}"
    headers = HEADERS | {"Content-Disposition": disposition(name)}
    return HttpResponse(
        content_of(document), content_type=document.file_type.media_type, headers=headers
    )


def preview(document: Document) -> HttpResponse:
    """Return a picture made anew, so that nothing but pixels is left of it.

    Raises:
        Http404: It is no picture, or cannot be read.
    """
    if not document.is_picture:
        raise Http404
    try:
        picture = new_jpeg(content_of(document))
    except (*BROKEN, ValidationError) as error:
        raise Http404 from error
    headers = HEADERS | {"Content-Disposition": "inline"}
    return HttpResponse(picture, content_type="image/jpeg", headers=headers)


def zip_of(packet: Packet, *, chosen: Collection[int] | None = None) -> StreamingHttpResponse:
    """Return a packet as a ZIP, written while it is sent."""
    return zip_answer(checked_plan(packet, chosen=chosen))


def checked_plan(packet: Packet, *, chosen: Collection[int] | None = None) -> Plan:
    """Return what a ZIP will hold, once every file of it is known to be there.

    Raises:
        NotAllowedError: There is no file, they are too large, or one cannot be read.
    """
    try:
        plan = plan_of(packet, chosen=chosen)
    except InvalidInputError as error:
        raise NotAllowedError(str(error)) from error
    if not plan.entries:
        raise NotAllowedError(_("There is no file to put into this dossier yet."))
    for entry in plan.entries:
        if not is_whole(entry):
            message = _("The stored file of “%(title)s” cannot be read. Replace it by a new one.")
            raise NotAllowedError(message % {"title": entry.document.title})
    return plan


def zip_answer(plan: Plan) -> StreamingHttpResponse:
    """Return a checked plan as a ZIP."""
    answer = StreamingHttpResponse(
        streamed(plan), content_type="application/zip", headers=dict(HEADERS)
    )
    answer["Content-Disposition"] = disposition(f"{safe_name(plan.packet.title)}.zip")
    return answer


def hand_over(
    request: HttpRequest, *, packet: Packet, share: PacketShare | None
) -> StreamingHttpResponse:
    """Give a receiver the chosen files of a dossier, and write down that it has them.

    Raises:
        NotAllowedError: Nothing is shared with it, or no longer.
    """
    actor = acting(request)
    if share is None or not rules.can_fetch(actor, share):
        raise NotAllowedError(_("These documents are no longer shared with you."))
    plan = checked_plan(packet, chosen=selectors.shared_document_ids(share))
    services.record_handover(
        share_id=share.pk,
        document_ids=[entry.document.pk for entry in plan.entries],
        size_bytes=plan.size,
        user_id=actor.user_id,
    )
    return zip_answer(plan)


def disposition(file_name: str) -> str:
    """Return the header that makes a browser save a file under a Vietnamese name."""
    stem, _dot, ending = file_name.rpartition(".")
    plain = fold(stem).replace(" ", "-") or "tep"
    return f"attachment; filename=\"{plain}.{ending}\"; filename*=UTF-8''{quote(file_name)}"


def content_of(document: Document) -> bytes:
    """Return a whole file; none is larger than what may come in.

    Raises:
        Http404: The stored file is gone.
    """
    stored = document.file
    if not stored or not stored.storage.exists(str(stored.name)):
        raise Http404
    with stored.storage.open(str(stored.name), "rb") as file:
        content: bytes = file.read()
    return content
