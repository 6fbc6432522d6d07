"""What the pages of all dossiers share: the checklist and consent."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from core.kernel.errors import InvalidInputError, NotAllowedError
from core.vault import rules, selectors, services
from core.vault.enums import PacketCode
from core.vault.forms import ShareForm, show_refusal
from core.vault.models import PacketShare
from core.vault.packing import Packet
from core.web.actor import acting


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Where a dossier's page stands: the way back, the ZIP, and what sharing means here.

    `hand_in_url` leads to where a missing paper is handed in. `title` stands for the packet's
    own, which also names its holder. `share_text` is empty where nobody but the holder fetches
    the dossier; `until` is the last day first offered.
    """

    back_url: str
    back_label: str
    zip_url: str
    hand_in_url: str
    lead: str = ""
    share_text: str = ""
    title: str = ""
    until: dt.date | None = None


def packet_page(request: HttpRequest, *, packet: Packet, frame: Frame) -> HttpResponse:
    """Show a dossier to its holder, and take consent where it can be shared."""
    actor = acting(request)
    form: ShareForm | None = None
    share = _share_of(packet)
    if frame.share_text and frame.until and packet.documents:
        data = request.POST if request.method == "POST" else None
        form = ShareForm(data, packet=packet, share=share, until=frame.until)
    if request.method == "POST":
        if form is None or not rules.can_keep(actor):
            raise NotAllowedError(_("You may look, but not change. Ask an owner or an editor."))
        if form.is_valid() and _shared(request, form):
            return redirect(request.get_full_path())
    context = {
        "packet": packet,
        "frame": frame,
        "form": form,
        "share": share,
        "handovers": share.handovers.select_related("fetched_by")[:10] if share else [],
        "can_keep": rules.can_keep(actor),
        "has_files": any(line.is_answered for line in packet.lines),
    }
    return render(request, "vault/packet.html", context)


def _shared(request: HttpRequest, form: ShareForm) -> bool:
    try:
        services.share_packet(consent=form.consent(), user_id=acting(request).user_id)
    except InvalidInputError as error:
        show_refusal(form, error)
        return False
    words = _("Shared with %(receiver)s. You can take it back at any time.")
    messages.success(request, words % {"receiver": form.packet.receiver_name})
    return True


def received(packet_code: PacketCode, *, subject_id: int, receiver_id: int) -> PacketShare | None:
    """Return what is shared with a receiver today; None where nothing is."""
    share = selectors.open_share(packet_code, subject_id=subject_id, receiver_id=receiver_id)
    return share if share is not None and share.is_open else None


def _share_of(packet: Packet) -> PacketShare | None:
    if packet.receiver_id is None:
        return None
    code = PacketCode(packet.code)
    return selectors.open_share(code, subject_id=packet.subject_id, receiver_id=packet.receiver_id)
