"""The papers of an application: what this kind of fair asks for, and what the applicant has."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Final

from django.db.models import QuerySet
from django.urls import reverse

from core.accounts.actors import Actor
from core.kernel import clock
from core.kernel.reference import split_list
from core.vault.enums import PacketCode
from core.vault.models import PacketShare
from core.vault.packing import Packet, asked_by_file, lines_of
from core.vault.registry import Handing, Place
from core.vault.selectors import documents_of
from fairs.enums import STILL_CONCERNED
from fairs.models import Participation
from fairs.selectors.participations import own_participations
from producers import selectors as producers

_FILE: Final = Path(__file__).resolve().parents[1] / "data" / "application_packet.csv"
_DAYS_AFTER: Final = 30


def application_packet(place: Participation) -> Packet:
    """Return the dossier of an application, for the products it names.

    Source:
        fairs/data/application_packet.csv; the rules of each fair have the last word.
    """
    products = list(place.products.select_related("category"))
    rows = asked_by_file(_FILE)
    asked = [line for row, line in rows if place.fair.kind in split_list(row["kinds"])]
    return Packet(
        code=PacketCode.FAIR,
        subject_id=place.pk,
        title=f"{place.fair.name} – {place.organisation.name}",
        holder_id=place.organisation_id,
        holder_name=place.organisation.name,
        as_of=clock.today(),
        receiver_id=place.fair.organiser_id,
        receiver_name=place.fair.organiser.name,
        lines=lines_of(
            asked,
            proofs=producers.proofs_of(place.organisation_id, products=products),
            documents=documents_of(place.organisation_id),
        ),
    )


def shared_until(place: Participation) -> dt.date:
    """Return the last day first offered: a month after the fair, for its report."""
    return max(place.fair.closes_on, clock.today()) + dt.timedelta(days=_DAYS_AFTER)


def application_subjects(actor: Actor) -> QuerySet[Participation]:
    """Return the applications under way whose papers can be put together."""
    own = own_participations(actor).filter(status__in=STILL_CONCERNED)
    return own.select_related("organisation", "fair__organiser", "fair__province")


def application_place(place: Participation) -> Place:
    """Return where the dossier of an application is."""
    return Place(
        subject_id=place.pk,
        title=place.fair.name,
        url=reverse("fairs:application_documents", args=[place.pk]),
        note=place.fair.organiser.name,
    )


def application_handing(share: PacketShare) -> Handing | None:
    """Return where the organiser fetches the papers of an application under way."""
    under_way = Participation.objects.filter(
        pk=share.subject_id, fair__organiser=share.receiver_id, status__in=STILL_CONCERNED
    )
    place = under_way.select_related("organisation", "fair__organiser", "fair__province").first()
    if place is None:
        return None
    return Handing(
        url=reverse("fairs:application", args=[place.fair_id, place.pk]),
        is_open=True,
        packet=lambda: application_packet(place),
    )
