"""allauth's mails go through the ledger like every other mail."""

from __future__ import annotations

import datetime as dt
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.utils import translation

from core.accounts.models import User
from core.notifications import services

_CODE_USEFUL_FOR = dt.timedelta(minutes=15)
_LINK_USEFUL_FOR = dt.timedelta(days=3)


class AccountAdapter(DefaultAccountAdapter):
    """Writes a ledger row where allauth would talk to the mail server inside the request."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue one of allauth's mails; what may be secret in it is wiped once it is sent."""
        values = {key: kept for key, value in context.items() if (kept := _kept(value)) is not None}
        user = context.get("user")
        services.mail_address(
            services.AccountMail(
                kind=template_prefix,
                address=email,
                values=values,
                user_id=user.pk if isinstance(user, User) else None,
                language=translation.get_language() or "",
                useful_for=_CODE_USEFUL_FOR if "code" in values else _LINK_USEFUL_FOR,
            )
        )


def _kept(value: object) -> str | int | None:
    """Return what can be stored as JSON; objects such as the request are left out."""
    if isinstance(value, dt.datetime):
        return value.isoformat(timespec="minutes")
    return value if isinstance(value, str | int) else None
