"""The daily summary: at seven in the morning, one mail for everything that waits."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from core.kernel.clock import VIETNAM
from core.notifications import selectors, services
from core.notifications.events import DigestDue
from core.outbox import outbox

DIGEST_HOUR = 7
_PEOPLE_AT_ONCE = 100


@transaction.atomic
def announce_digests(*, hour: str) -> int:
    """Announce the digests due in an hour, a hundred people an event; return for how many people.

    Args:
        hour: Beginning of the hour as ISO text; other hours than seven in Vietnam do nothing.

    Emits:
        DigestDue, at most once per day and group of people.
    """
    local = dt.datetime.fromisoformat(hour).astimezone(VIETNAM)
    if local.hour != DIGEST_HOUR:
        return 0
    people = list(selectors.users_waiting_for_digest())
    for first in range(0, len(people), _PEOPLE_AT_ONCE):
        group = tuple(people[first : first + _PEOPLE_AT_ONCE])
        outbox.append_once(
            DigestDue(day=local.date(), user_ids=group),
            key=f"{DigestDue.type}:{local.date().isoformat()}:{group[0]}",
        )
    return len(people)


def build_digests(*, day: dt.date, user_ids: tuple[int, ...]) -> int:
    """Queue the digest of each person who has something waiting; return how many were queued."""
    return sum(services.queue_digest(user_id=user_id, day=day) > 0 for user_id in user_ids)
