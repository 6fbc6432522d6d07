"""Dossiers for chains: of a match, shared with its buyer, or of a product for its producer."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.kernel.errors import NotAllowedError
from core.vault.doors import hand_over, zip_of
from core.vault.enums import PacketCode
from core.vault.models import PacketShare
from core.vault.packing import Packet
from core.vault.views.packets import Frame, packet_page, received
from core.web.actor import acting, buyer_required, member_required, producer_required
from matchmaking import selectors
from matchmaking.enums import Side
from matchmaking.forms import ChainForm
from matchmaking.models import Match


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def dossier(request: HttpRequest, match_id: int) -> HttpResponse:
    """Show what the buyer asks for, and let the producer choose what it may fetch."""
    match = _of_side(request, match_id, Side.PRODUCER)
    frame = Frame(
        back_url=reverse("matchmaking:match_detail", args=[match.pk]),
        back_label=_("The match"),
        zip_url=reverse("matchmaking:dossier_zip", args=[match.pk]),
        hand_in_url=reverse("producers:paper_create"),
        lead=_("What this buyer asks of the product, from its requirements and this request."),
        share_text=_("This buyer can fetch what you choose as soon as both of you have accepted."),
        until=selectors.shared_until(match),
    )
    return packet_page(request, packet=selectors.match_packet(match), frame=frame)


@require_GET
@member_required
def dossier_zip(request: HttpRequest, match_id: int) -> StreamingHttpResponse:
    """Hand the dossier of a match to its producer as one file."""
    return zip_of(selectors.match_packet(_of_side(request, match_id, Side.PRODUCER)))


@require_POST
@buyer_required
def dossier_fetch(request: HttpRequest, match_id: int) -> StreamingHttpResponse:
    """Give the buyer what the producer shared, once both sides have accepted.

    Raises:
        NotAllowedError: They have not, or nothing is shared.
    """
    match = _of_side(request, match_id, Side.BUYER)
    if match.agreed_at is None:
        raise NotAllowedError(_("The papers open as soon as both sides have accepted."))
    return hand_over(request, packet=selectors.match_packet(match), share=shared_with_buyer(match))


def shared_with_buyer(match: Match) -> PacketShare | None:
    """Return what the producer shares with the buyer today; None until both have accepted."""
    if match.agreed_at is None:
        return None
    return received(PacketCode.CHAIN, subject_id=match.pk, receiver_id=match.group_id)


@require_GET
@producer_required
def chain_dossier(request: HttpRequest, product_id: int) -> HttpResponse:
    """Show a producer what one chain asks of its product, with or without a match."""
    packet, query = _for_chain(request, product_id)
    frame = Frame(
        back_url=reverse("matchmaking:readiness_product", args=[product_id]),
        back_label=_("Ready for the chains"),
        zip_url=f"{reverse('matchmaking:chain_dossier_zip', args=[product_id])}?{query}",
        hand_in_url=reverse("producers:paper_create"),
        lead=_("For yourself: no buyer sees this until you share it in a match."),
    )
    return packet_page(request, packet=packet, frame=frame)


@require_GET
@producer_required
def chain_dossier_zip(request: HttpRequest, product_id: int) -> StreamingHttpResponse:
    """Hand the dossier for one chain to the producer as one file."""
    return zip_of(_for_chain(request, product_id)[0])


def _for_chain(request: HttpRequest, product_id: int) -> tuple[Packet, str]:
    form, holder = ChainForm(request.GET), acting(request).organisation
    if not form.is_valid() or holder is None:
        raise Http404
    named = form.cleaned_data
    profile = selectors.profile_named(
        profile_id=named["profile"], code=named["chain"], category_id=named["category"] or 0
    )
    if profile is None:
        raise Http404
    packet = selectors.chain_packet(holder, product_id=product_id, profile=profile)
    if packet is None:
        raise Http404
    return packet, urlencode({name: value for name, value in named.items() if value})


def _of_side(request: HttpRequest, match_id: int, side: Side) -> Match:
    actor = acting(request)
    visible = selectors.visible_to(actor)
    match = get_object_or_404(
        selectors.with_parties().filter(pk__in=visible.values("pk")), pk=match_id
    )
    if selectors.side_of(match, actor.organisation_id) != side:
        raise Http404
    return match
