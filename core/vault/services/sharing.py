"""Consent to hand a packet over: given for chosen files until a day, taken back at any time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from core.kernel import clock
from core.kernel.errors import IllegalTransitionError, InvalidInputError
from core.vault.enums import PacketCode
from core.vault.models import Handover, PacketShare
from core.vault.selectors import documents_by_id

LONGEST_SHARE_DAYS: Final = 366


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """What a holder lets one other organisation fetch."""

    packet: PacketCode
    subject_id: int
    title: str
    holder_id: int
    receiver_id: int
    document_ids: Sequence[int]
    until: dt.date


@transaction.atomic
def share_packet(*, consent: Consent, user_id: int | None = None) -> PacketShare:
    """Let a receiver fetch chosen files until a day; said again, the new choice holds.

    Raises:
        InvalidInputError: No file is chosen, one is not the holder's, or the day cannot be.
    """
    documents = _checked(consent)
    share = (
        PacketShare.objects.select_for_update(no_key=True)
        .filter(
            packet=consent.packet,
            subject_id=consent.subject_id,
            receiver=consent.receiver_id,
            organisation=consent.holder_id,
            withdrawn_at__isnull=True,
        )
        .first()
    )
    if share is None:
        share = PacketShare(
            packet=consent.packet,
            subject_id=consent.subject_id,
            receiver_id=consent.receiver_id,
            organisation_id=consent.holder_id,
        )
    else:
        share.version += 1
    share.title, share.until = consent.title[:300], consent.until
    share.given_at, share.given_by_id = clock.now(), user_id
    share.save()
    share.documents.set(documents)
    return share


@transaction.atomic
def withdraw_share(*, share_id: int) -> PacketShare:
    """Take consent back; what was fetched before stays with who fetched it.

    Raises:
        PacketShare.DoesNotExist: No such consent.
    """
    share = PacketShare.objects.select_for_update(no_key=True).get(pk=share_id)
    if share.withdrawn_at is None:
        share.withdrawn_at = clock.now()
        share.version += 1
        share.save(update_fields=["withdrawn_at", "version"])
    return share


@transaction.atomic
def record_handover(
    *, share_id: int, document_ids: Sequence[int], size_bytes: int, user_id: int | None
) -> Handover:
    """Write down who fetched what; in the same moment consent must still stand.

    Raises:
        IllegalTransitionError: It was taken back, or its last day has passed.
    """
    share = PacketShare.objects.select_for_update(no_key=True).get(pk=share_id)
    if not share.is_open:
        raise IllegalTransitionError(_("These documents are no longer shared with you."))
    return Handover.objects.create(
        share=share, document_ids=list(document_ids), size=size_bytes, fetched_by_id=user_id
    )


def _checked(consent: Consent) -> list[int]:
    errors: dict[str, list[str]] = {}
    wanted = set(consent.document_ids)
    own = documents_by_id(consent.holder_id, ids=wanted).order_by("pk")
    found = list(own.values_list("pk", flat=True))
    if not wanted:
        errors["documents"] = [_("Choose at least one document.")]
    elif len(found) != len(wanted):
        errors["documents"] = [_("Choose documents from the list.")]
    last = clock.today() + dt.timedelta(days=LONGEST_SHARE_DAYS)
    if not clock.today() <= consent.until <= last:
        errors["until"] = [_("Choose a day from today on, at most one year ahead.")]
    if errors:
        raise InvalidInputError(_("Some fields need another look."), errors)
    return found
