"""Consent to hand a packet over: given for chosen files until a day, taken back at any time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from core.accounts.models import Organisation
from core.kernel import clock
from core.kernel.errors import IllegalTransitionError, InvalidInputError
from core.outbox import outbox
from core.vault.enums import PacketCode
from core.vault.events import PacketFetched, PacketShared, PacketShareEnded, PacketWithdrawn
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
def share_packet(*, consent: Consent, user_id: int | None = None, tell: bool = True) -> PacketShare:
    """Let a receiver fetch chosen files until a day; said again, the new choice holds.

    Args:
        consent: What, to whom and until when.
        user_id: Who consents; None for an API key.
        tell: False for a first load, where nobody is told of the past.

    Raises:
        InvalidInputError: No file is chosen, one is not the holder's, or the day cannot be.

    Emits:
        PacketShared, unless it is shared in just this way already.
    """
    # The first consent has no row to lock yet; two at once wait for each other here.
    Organisation.objects.select_for_update(no_key=True).get(pk=consent.holder_id)
    documents = _checked(consent)
    share = _standing(consent)
    shared_before = set(share.documents.values_list("pk", flat=True)) if share.pk else set()
    if share.is_open and share.until == consent.until and shared_before == set(documents):
        return share
    share.version += 1 if share.pk else 0
    share.title, share.until = consent.title[:300], consent.until
    share.given_at, share.given_by_id, share.ended_at = clock.now(), user_id, None
    share.save()
    share.documents.set(documents)
    if tell:
        is_new = not shared_before.issuperset(documents)
        outbox.append(PacketShared(**_ids(share), until=share.until, has_new_files=is_new))
    return share


def _standing(consent: Consent) -> PacketShare:
    """Return the consent that was not taken back, locked, or a new one that is not stored yet."""
    found = (
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
    return found or PacketShare(
        packet=consent.packet,
        subject_id=consent.subject_id,
        receiver_id=consent.receiver_id,
        organisation_id=consent.holder_id,
        until=consent.until,
    )


@transaction.atomic
def withdraw_share(*, share_id: int) -> PacketShare:
    """Take consent back; what was fetched before stays with who fetched it.

    Raises:
        PacketShare.DoesNotExist: No such consent.

    Emits:
        PacketWithdrawn, the first time.
    """
    share = PacketShare.objects.select_for_update(no_key=True).get(pk=share_id)
    if share.withdrawn_at is None:
        share.withdrawn_at = clock.now()
        share.version += 1
        share.save(update_fields=["withdrawn_at", "version"])
        outbox.append(PacketWithdrawn(**_ids(share)))
    return share


@transaction.atomic
def end_shares(*, day: dt.date) -> int:
    """Write down which consents ran out before a day; return how many.

    Nobody could fetch them since: `is_open` asks the calendar, not this.

    Emits:
        PacketShareEnded, for each.
    """
    running = PacketShare.objects.filter(
        withdrawn_at__isnull=True, ended_at__isnull=True, until__lt=day
    )
    ended = list(running.select_for_update(no_key=True).order_by("pk"))
    for share in ended:
        share.ended_at = clock.now()
        share.version += 1
        share.save(update_fields=["ended_at", "version"])
        outbox.append(PacketShareEnded(**_ids(share)))
    return len(ended)


@transaction.atomic
def record_handover(
    *, share_id: int, document_ids: Sequence[int], size_bytes: int, user_id: int | None
) -> Handover:
    """Write down who fetched what; in the same moment consent must still stand.

    Raises:
        IllegalTransitionError: It was taken back, or its last day has passed.

    Emits:
        PacketFetched.
    """
    share = PacketShare.objects.select_for_update(no_key=True).get(pk=share_id)
    if not share.is_open:
        raise IllegalTransitionError(_("These documents are no longer shared with you."))
    is_first = not share.handovers.exists()
    handover = Handover.objects.create(
        share=share, document_ids=list(document_ids), size=size_bytes, fetched_by_id=user_id
    )
    outbox.append(PacketFetched(**_ids(share), handover_id=handover.pk, is_first=is_first))
    return handover


def _ids(share: PacketShare) -> dict[str, Any]:
    """Return what every fact about a share names."""
    return {
        "share_id": share.pk,
        "version": share.version,
        "organisation_id": share.organisation_id,
        "receiver_id": share.receiver_id,
        "packet": share.packet,
    }


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
