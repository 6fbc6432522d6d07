"""The ledger's transitions; each is one conditional UPDATE by the database's clock."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections.abc import Iterable

import structlog
from django.db import transaction
from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Now

from core.notifications.enums import MailState, Topic
from core.notifications.models import DeliveryAttempt, MailPause, OutgoingEmail
from core.notifications.sending.smtp import Reply

log = structlog.get_logger(__name__)

CLAIM_AT_ONCE = 20
LEASE = dt.timedelta(seconds=120)
HANDING_LEASE = dt.timedelta(seconds=60)
FENCE_MARGIN = dt.timedelta(seconds=30)
LOOK_UP_AFTER = dt.timedelta(seconds=60)
GIVE_UP_AFTER = dt.timedelta(hours=72)
_LONGEST_WAIT_MIN = 60
_FREE = {"lease_owner": None, "lease_until": None}
_WIPED = {"context": None, "address": ""}


def claim(owner: uuid.UUID, *, lease: dt.timedelta = LEASE) -> list[OutgoingEmail]:
    """Take up to twenty due mails, security first, then the newest; none while paused.

    queued → claimed
    """
    with transaction.atomic():
        if MailPause.objects.exists():
            return []
        urgency = Case(
            When(topic=Topic.SECURITY, then=Value(0)), default=Value(1), output_field=IntegerField()
        )
        due = (
            OutgoingEmail.objects.select_for_update(skip_locked=True, no_key=True)
            .filter(state=MailState.QUEUED, not_before__lte=Now())
            .order_by(urgency, "-id")
        )
        ids = [mail.pk for mail in due[:CLAIM_AT_ONCE]]
        OutgoingEmail.objects.filter(pk__in=ids).update(
            state=MailState.CLAIMED, lease_owner=owner, lease_until=Now() + lease
        )
    claimed = OutgoingEmail.objects.filter(pk__in=ids).select_related("user")
    return sorted(claimed, key=lambda mail: ids.index(mail.pk))


def fence(mail_id: int, owner: uuid.UUID, *, body_sha256: str, lease: dt.timedelta) -> bool:
    """Allow the final dot if the mail is still ours with time to spare; else it must not be sent.

    claimed → handing
    """
    still_ours = OutgoingEmail.objects.filter(
        pk=mail_id,
        state=MailState.CLAIMED,
        lease_owner=owner,
        lease_until__gt=Now() + min(FENCE_MARGIN, lease / 2),
    )
    return (
        still_ours.update(
            state=MailState.HANDING,
            lease_until=Now() + lease,
            handed_at=Now(),
            body_sha256=body_sha256,
        )
        == 1
    )


def renew(mail_id: int, owner: uuid.UUID, *, lease: dt.timedelta) -> bool:
    """Keep a mail that is being handed over: a slow server is not a dead sender."""
    ours = OutgoingEmail.objects.filter(pk=mail_id, lease_owner=owner, state=MailState.HANDING)
    return ours.update(lease_until=Now() + lease) == 1


def mark_sent(mail_id: int, owner: uuid.UUID, reply: Reply) -> bool:
    """Note the server's 250.

    handing → sent
    """
    sent = _ours(mail_id, owner).filter(state=MailState.HANDING)
    return sent.update(**_end(MailState.SENT), **_reply(reply)) == 1


def mark_uncertain(mail_id: int, owner: uuid.UUID) -> None:
    """Note that the dot went out and no answer came.

    handing → uncertain
    """
    _ours(mail_id, owner).filter(state=MailState.HANDING).update(
        state=MailState.UNCERTAIN, uncertain_at=Now(), **_FREE
    )


def refuse_for_now(mail_id: int, owner: uuid.UUID, reply: Reply) -> None:
    """Note a 4xx: again after 1, 2, 4 … 60 minutes ± 50 %, given up after 72 hours.

    claimed, handing → queued | dead
    """
    spread = random.uniform(0.5, 1.5)  # noqa: S311 -- spreads load only
    attempts = OutgoingEmail.objects.values_list("attempts", flat=True).get(pk=mail_id)
    wait = dt.timedelta(minutes=min(_LONGEST_WAIT_MIN, 2 ** min(attempts, 6)) * spread)
    with transaction.atomic():
        too_old = _ours(mail_id, owner).filter(created_at__lte=Now() - GIVE_UP_AFTER)
        if not too_old.update(**_end(MailState.DEAD, "refused for 72 hours"), **_reply(reply)):
            _ours(mail_id, owner).update(
                state=MailState.QUEUED,
                not_before=Now() + wait,
                attempts=F("attempts") + 1,
                **_FREE,
                **_reply(reply),
            )


def refuse_for_good(mail_id: int, owner: uuid.UUID, reply: Reply) -> None:
    """Note a 5xx or an address that cannot be.

    claimed, handing → dead
    """
    _ours(mail_id, owner).update(
        **_end(MailState.DEAD, f"refused in {reply.phase}"), **_reply(reply)
    )
    log.error("mail.dead", mail=mail_id, phase=reply.phase, code=reply.code)


def end_unsent(mail_id: int, owner: uuid.UUID, *, state: MailState, reason: str) -> None:
    """End a mail that must not go out.

    claimed → suppressed | expired | dead
    """
    _ours(mail_id, owner).filter(state=MailState.CLAIMED).update(**_end(state, reason))


def defer_for_outage(mail_ids: Iterable[int], owner: uuid.UUID, *, wait_s: float) -> None:
    """Put mails back because the server is away; this costs no attempt.

    claimed, handing → queued
    """
    OutgoingEmail.objects.filter(pk__in=list(mail_ids), lease_owner=owner).update(
        state=MailState.QUEUED,
        not_before=Now() + dt.timedelta(seconds=wait_s),
        outage_deferrals=F("outage_deferrals") + 1,
        **_FREE,
    )


def give_back(mail_ids: Iterable[int], owner: uuid.UUID) -> int:
    """Put mails back untouched, never one that is being handed over.

    claimed → queued
    """
    return OutgoingEmail.objects.filter(
        pk__in=list(mail_ids), lease_owner=owner, state=MailState.CLAIMED
    ).update(state=MailState.QUEUED, **_FREE)


def recover() -> int:
    """Take over from senders that died; return how many mails.

    claimed → queued (surely not sent) · handing → uncertain (perhaps sent)
    """
    over = OutgoingEmail.objects.filter(lease_until__lte=Now())
    requeued = over.filter(state=MailState.CLAIMED).update(state=MailState.QUEUED, **_FREE)
    unclear = over.filter(state=MailState.HANDING).update(
        state=MailState.UNCERTAIN, uncertain_at=Now(), **_FREE
    )
    return requeued + unclear


def expire_late() -> int:
    """End mails that waited longer than they are of use, such as a code; return how many.

    queued → expired
    """
    late = OutgoingEmail.objects.filter(state=MailState.QUEUED, expires_at__lte=Now())
    return late.update(**_end(MailState.EXPIRED, "too late to be of use"))


def to_settle(*, after: dt.timedelta = LOOK_UP_AFTER) -> QuerySet[OutgoingEmail]:
    """Return uncertain mails whose grace time for the other side's log is over."""
    return OutgoingEmail.objects.filter(
        state=MailState.UNCERTAIN, uncertain_at__lte=Now() - after
    ).order_by("uncertain_at")[:CLAIM_AT_ONCE]


def settle(mail: OutgoingEmail, *, was_accepted: bool | None) -> None:
    """Decide about an uncertain mail.

    uncertain → sent (found) · queued (surely not there; or security, once) · held · dead

    Args:
        mail: In state uncertain.
        was_accepted: What the look-up by Message-ID says; None where there is no look-up.
    """
    row = OutgoingEmail.objects.filter(pk=mail.pk, state=MailState.UNCERTAIN)
    if was_accepted:
        row.update(**_end(MailState.SENT, "found by Message-ID"))
    elif was_accepted is False:
        _send_again(row)
    elif mail.topic != Topic.SECURITY:
        row.update(state=MailState.HELD, reason="nobody knows whether it was accepted")
    elif mail.resend_of_uncertain:
        row.update(**_end(MailState.DEAD, "twice unclear whether it was accepted"))
    else:
        _send_again(row)
    log.warning("mail.settled", mail=mail.pk, was_accepted=was_accepted)


def record_attempt(mail_id: int, reply: Reply) -> None:
    """Keep what happened as evidence."""
    DeliveryAttempt.objects.create(
        email_id=mail_id,
        phase=reply.phase,
        outcome=reply.outcome,
        code=reply.code,
        reply=reply.text[:300],
    )


def _ours(mail_id: int, owner: uuid.UUID) -> QuerySet[OutgoingEmail]:
    return OutgoingEmail.objects.filter(
        Q(state=MailState.CLAIMED) | Q(state=MailState.HANDING), pk=mail_id, lease_owner=owner
    )


def _send_again(row: QuerySet[OutgoingEmail]) -> None:
    row.update(state=MailState.QUEUED, not_before=Now(), resend_of_uncertain=True)


def _end(state: MailState, reason: str = "") -> dict[str, object]:
    return {"state": state, "reason": reason[:200], "finished_at": Now(), **_FREE, **_WIPED}


def _reply(reply: Reply) -> dict[str, object]:
    return {"smtp_code": reply.code, "smtp_reply": reply.text[:300]}
