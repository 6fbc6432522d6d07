"""Opening and closing road links and ferries."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from core.outbox import outbox
from core.places.enums import LinkStatus
from core.places.events import LinkStatusChanged
from core.places.models import RoadLink


@transaction.atomic
def change_link_status(
    *, link_id: int, status: LinkStatus, opens_on: dt.date | None = None, reason: str = ""
) -> RoadLink:
    """Set whether lorries may use a link; saying the same again does nothing.

    Args:
        link_id: The link.
        status: The new status. A planned link never counts, whatever its date says.
        opens_on: First day an open link counts; from now on when None.
        reason: Why, for whoever reads the history.

    Raises:
        RoadLink.DoesNotExist: No such link.

    Emits:
        LinkStatusChanged, in the same transaction.
    """
    link = RoadLink.objects.select_for_update(no_key=True).get(pk=link_id)
    previous = link.status
    if (previous, link.opens_on) == (status, opens_on):
        return link
    link.status, link.opens_on, link.reason = status, opens_on, reason
    link.status_by_hand, link.version = True, link.version + 1
    link.save(
        update_fields=["status", "opens_on", "reason", "status_by_hand", "version", "updated_at"]
    )
    outbox.append(
        LinkStatusChanged(
            link_id=link.pk,
            version=link.version,
            previous=previous,
            status=LinkStatus(status).value,
        )
    )
    return link
