"""Messages for tests."""

from __future__ import annotations

import uuid
from typing import Any

from core.notifications import services
from core.notifications.models import Notification, OutgoingEmail

KIND = "tests_note"


def told(user, *, key: str = "k1", organisation=None, **ref: Any) -> Notification:
    """Tell the person something of the test kind and return what was stored."""
    services.notify(
        kind=KIND,
        user_id=user.pk,
        dedupe_key=key,
        ref=ref,
        organisation_id=organisation.pk if organisation else None,
    )
    return Notification.objects.get(dedupe_key=key)


def mail_to(user, *, key: str = "k1", **values: Any) -> OutgoingEmail:
    """Queue a mail of the test kind with the given column values."""
    mail = told(user, key=key).email
    OutgoingEmail.objects.filter(pk=mail.pk).update(**values)
    mail.refresh_from_db()
    return mail


OWNER = uuid.UUID(int=1)
OTHER = uuid.UUID(int=2)
