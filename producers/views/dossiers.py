"""The OCOP dossier of a product: what it asks for, what is there, and all of it as one ZIP."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.vault.doors import zip_of
from core.vault.packing import Packet
from core.vault.views.packets import Frame, packet_page
from core.web.actor import producer_required
from producers import selectors
from producers.views.asking import seller


@producer_required
@require_safe
def product_dossier(request: HttpRequest, pk: int) -> HttpResponse:
    """Show which papers and documents answer each line, and what is missing."""
    frame = Frame(
        back_url=reverse("producers:product_list"),
        back_label=_("My products"),
        zip_url=reverse("producers:product_dossier_zip", args=[pk]),
        hand_in_url=reverse("producers:paper_create"),
        lead=_("What the commune and the province ask for when a product is judged."),
    )
    return packet_page(request, packet=_packet(request, pk), frame=frame)


@producer_required
@require_safe
def product_dossier_zip(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """Hand the dossier to its holder as one file."""
    return zip_of(_packet(request, pk))


def _packet(request: HttpRequest, pk: int) -> Packet:
    own = selectors.products_of(seller(request).pk).select_related("producer__organisation")
    return selectors.ocop_packet(get_object_or_404(own.select_related("category"), pk=pk))
