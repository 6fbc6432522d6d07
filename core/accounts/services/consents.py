"""What people agreed to: in which words, since when, until when."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.accounts import selectors
from core.accounts.enums import ConsentPurpose
from core.accounts.events import ConsentWithdrawn
from core.accounts.models import Consent, Membership, User
from core.accounts.services import organisations
from core.kernel import clock
from core.outbox import outbox

CURRENT_VERSIONS: Final[dict[ConsentPurpose, str]] = {
    ConsentPurpose.TERMS: "2026-11",
    ConsentPurpose.PERSONAL_DATA: "2026-11",
    ConsentPurpose.CONTACT_SHARING: "2026-11",
    ConsentPurpose.MATCH_MAIL: "2026-11",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentText:
    """The words of one purpose in one version and language."""

    purpose: ConsentPurpose
    version: str
    language: str
    words: str

    @property
    def sha256(self) -> str:
        """Fingerprint of exactly these words, stored with each consent given to them."""
        return hashlib.sha256(self.words.encode()).hexdigest()


def consent_text(
    purpose: ConsentPurpose, *, language: str | None = None, version: str | None = None
) -> ConsentText:
    """Return the words of a purpose; the current version in the reader's language by default.

    Raises:
        FileNotFoundError: There is no such version.
    """
    chosen = language or get_language() or settings.LANGUAGE_CODE
    tongue = "en" if chosen.startswith("en") else "vi"
    number = version or CURRENT_VERSIONS[purpose]
    path = settings.BASE_DIR / "templates/accounts/consents" / f"{purpose}.{number}.{tongue}.txt"
    words = path.read_text(encoding="utf-8").strip()
    return ConsentText(purpose=purpose, version=number, language=tongue, words=words)


@transaction.atomic
def give_consents(*, user_id: int, purposes: Iterable[ConsentPurpose]) -> list[Consent]:
    """Record that a person agreed, each purpose apart, to the words shown in their language.

    A consent in force to the same words stays; one to older words is ended and given anew.
    """
    User.objects.select_for_update(no_key=True).get(pk=user_id)
    given = []
    for purpose in purposes:
        text = consent_text(purpose)
        in_force = Consent.objects.filter(user_id=user_id, purpose=purpose, withdrawn_at=None)
        if in_force.filter(text_version=text.version).exists():
            continue
        in_force.update(withdrawn_at=clock.now())
        consent = Consent.objects.create(
            user_id=user_id,
            purpose=purpose,
            text_version=text.version,
            text_sha256=text.sha256,
        )
        given.append(consent)
    return given


@transaction.atomic
def withdraw_consent(*, user_id: int, purpose: ConsentPurpose) -> None:
    """End a consent; withdrawing again changes nothing.

    Without the required ones no account can be kept: it is closed, and an organisation nobody
    else acts for is no longer public.

    Emits:
        ConsentWithdrawn, when there was one in force; OrganisationReturned for an organisation
        left without members.
    """
    User.objects.select_for_update(no_key=True).get(pk=user_id)
    in_force = Consent.objects.filter(user_id=user_id, purpose=purpose, withdrawn_at=None)
    if not in_force.update(withdrawn_at=clock.now()):
        return
    outbox.append(ConsentWithdrawn(user_id=user_id, purpose=purpose.value))
    if purpose in organisations.REQUIRED_CONSENTS:
        _close_account(user_id)


def _close_account(user_id: int) -> None:
    User.objects.filter(pk=user_id).update(is_active=False)
    for membership in Membership.objects.filter(user_id=user_id):
        if not selectors.members_to_tell(membership.organisation_id).exists():
            organisations.hide_organisation(
                organisation_id=membership.organisation_id,
                reason=_("Nobody acts for this organisation any more."),
            )
