"""The papers of an application: chosen by the applicant, fetched by the organiser."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.vault.doors import hand_over, zip_of
from core.vault.enums import PacketCode
from core.vault.models import PacketShare
from core.vault.views.packets import Frame, packet_page, received
from core.web.actor import acting, organiser_required, producer_required
from fairs import selectors
from fairs.enums import STILL_CONCERNED
from fairs.models import Participation
from fairs.views.organising import own_fair


@require_http_methods(["GET", "HEAD", "POST"])
@producer_required
def application_documents(request: HttpRequest, participation_id: int) -> HttpResponse:
    """Show what the fair asks for, and let the applicant choose what the organiser may fetch."""
    place = _own_place(request, participation_id)
    frame = Frame(
        back_url=reverse("fairs:my_applications"),
        back_label=_("My applications"),
        zip_url=reverse("fairs:application_documents_zip", args=[place.pk]),
        hand_in_url=reverse("producers:paper_create"),
        title=place.fair.name,
        lead=_("What organisers usually ask for; the rules of this fair have the last word."),
        share_text=_("The organiser of this fair, and nobody else, can fetch what you choose."),
        until=selectors.shared_until(place),
    )
    return packet_page(request, packet=selectors.application_packet(place), frame=frame)


@require_safe
@producer_required
def application_documents_zip(request: HttpRequest, participation_id: int) -> StreamingHttpResponse:
    """Hand the papers of an own application to the applicant as one file."""
    return zip_of(selectors.application_packet(_own_place(request, participation_id)))


@require_POST
@organiser_required
def application_fetch(
    request: HttpRequest, fair_id: int, participation_id: int
) -> StreamingHttpResponse:
    """Give the organiser what an applicant to its own fair shared."""
    fair = own_fair(request, fair_id)
    places = selectors.with_details(selectors.applications_to_fair(fair.pk))
    place = get_object_or_404(places.filter(status__in=STILL_CONCERNED), pk=participation_id)
    packet = selectors.application_packet(place)
    return hand_over(request, packet=packet, share=shared_by(place))


def shared_by(place: Participation) -> PacketShare | None:
    """Return what an applicant shares with the organiser today."""
    if place.status not in STILL_CONCERNED:
        return None
    organiser_id = place.fair.organiser_id
    return received(PacketCode.FAIR, subject_id=place.pk, receiver_id=organiser_id)


def _own_place(request: HttpRequest, participation_id: int) -> Participation:
    own = selectors.own_participations(acting(request)).select_related(
        "organisation", "fair__organiser", "fair__province"
    )
    return get_object_or_404(own, pk=participation_id)
