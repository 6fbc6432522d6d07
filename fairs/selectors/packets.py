"""The papers of an application: what this kind of fair asks for, and what the applicant has."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Final

from django.urls import reverse

from core.accounts.actors import Actor
from core.kernel import clock
from core.kernel.reference import split_list
from core.vault.enums import PacketCode
from core.vault.packing import Packet, asked_by_file, lines_of
from core.vault.registry import Place
from core.vault.selectors import documents_of
from fairs.enums import STILL_CONCERNED
from fairs.models import Participation
from fairs.selectors.participations import own_participations
from producers import selectors as producers

_FILE: Final = Path(__file__).resolve().parents[1] / "data" / "application_packet.csv"
_DAYS_AFTER: Final = 30
_MOST_PLACES: Final = 20


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


def application_places(actor: Actor) -> list[Place]:
    """Return the applications under way whose papers can be put together."""
    own = own_participations(actor).filter(status__in=STILL_CONCERNED)
    return [
        Place(
            title=one.fair.name,
            url=reverse("fairs:application_documents", args=[one.pk]),
            note=one.fair.organiser.name,
        )
        for one in own[:_MOST_PLACES]
    ]
