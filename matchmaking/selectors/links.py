"""Links in mails that let one person answer one match without signing in."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.core import signing

from core.accounts import selectors as accounts
from matchmaking.enums import MatchStatus, Side, Verdict
from matchmaking.models import Match
from matchmaking.selectors.matches import with_parties

LINK_LIFETIME = dt.timedelta(days=14)
_SALT = "matchmaking.mail_link"


def mail_link_token(*, match_id: int, user_id: int) -> str:
    """Return the secret part of a link that lets one person answer one match without signing in."""
    return signing.dumps([match_id, user_id], salt=_SALT, compress=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailLink:
    """What a link in a mail stands for, once its signature, age and membership were checked."""

    match: Match
    side: Side
    user_id: int

    @property
    def is_open(self) -> bool:
        """Whether the side still has to answer."""
        verdict = self.match.verdict_of(self.side)
        return self.match.status == MatchStatus.PROPOSED and verdict == Verdict.PENDING


def mail_link(token: str) -> MailLink | None:
    """Return what a link stands for.

    Returns:
        None where the link is forged or older than `LINK_LIFETIME`, or where the person no
        longer acts for a side of the match.
    """
    try:
        match_id, user_id = signing.loads(token, salt=_SALT, max_age=LINK_LIFETIME)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    match = with_parties().filter(pk=match_id).first()
    if match is None:
        return None
    for side in Side:
        organisation_id = match.organisation_id_of(side)
        if accounts.decides_for(user_id=user_id, organisation_id=organisation_id):
            return MailLink(match=match, side=side, user_id=user_id)
    return None
