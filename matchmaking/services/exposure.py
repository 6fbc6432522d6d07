"""Noting what people were shown, and counting from it who was shown little."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Final

import structlog
from django.db import DatabaseError, transaction

from core.kernel import clock
from matchmaking.enums import ShownBy
from matchmaking.models import Impression, Match, Shortfall
from matchmaking.selectors import count_shortfalls, side_of

log = structlog.get_logger(__name__)

KEPT_DAYS: Final = 400
"""A season and the one after it; answers older than that are weighed without."""
_LAST_PLACE: Final = 32_000


def note_shown(
    matches: Iterable[Match], *, organisation_id: int | None, channel: ShownBy, first_place: int = 1
) -> None:
    """Note what an organisation was shown, once a day for each match, side and channel.

    A list is shown whether or not this can be written: a failure is logged and no more.

    Args:
        matches: Its own, in the order shown.
        organisation_id: Who was shown them.
        channel: What showed them.
        first_place: Of the first one in the whole list, on a later page above 1.
    """
    today = clock.today()
    rows = [
        Impression(
            match=match,
            side=side,
            channel=channel,
            place=min(place, _LAST_PLACE),
            shown_on=today,
        )
        for place, match in enumerate(matches, start=first_place)
        if (side := side_of(match, organisation_id))
    ]
    if not rows:
        return
    try:
        with transaction.atomic():
            Impression.objects.bulk_create(rows, ignore_conflicts=True)
    except DatabaseError:
        log.warning("matchmaking.impressions_lost", count=len(rows), exc_info=True)


@transaction.atomic
def count_exposure() -> None:
    """Count anew who was shown little, and drop impressions that nothing reads any more."""
    today = clock.today()
    Impression.objects.filter(shown_on__lt=today - dt.timedelta(days=KEPT_DAYS)).delete()
    counted = count_shortfalls(today)
    Shortfall.objects.all().delete()
    Shortfall.objects.bulk_create(
        (
            Shortfall(producer_id=pk, share=share, counted_on=today)
            for pk, share in counted.of_organisation.items()
        ),
        batch_size=1_000,
    )
