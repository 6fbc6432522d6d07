"""Telling people, and respecting how they want to be told."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from email.utils import parseaddr
from typing import Any

import structlog
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from core.accounts.models import User
from core.kernel import clock, context
from core.kernel.errors import InvalidInputError, PermanentError
from core.notifications import registry, selectors
from core.notifications.enums import Choice, MailState, SuppressionReason, Topic, Via
from core.notifications.events import EmailBounced
from core.notifications.models import (
    DeliveryAttempt,
    MailPause,
    Notification,
    OutgoingEmail,
    Preference,
    Suppression,
)
from core.outbox import outbox

log = structlog.get_logger(__name__)


@transaction.atomic
def notify(
    *,
    kind: str,
    user_id: int,
    dedupe_key: str,
    ref: Mapping[str, int | str | None],
    organisation_id: int | None = None,
    by_mail: bool = True,
) -> bool:
    """Tell a person something once, in the portal and by mail as they prefer.

    Args:
        kind: Name of a registered kind.
        user_id: Who is told.
        dedupe_key: Unique for ever; the second call with it does nothing.
        ref: Ids and short codes only; the kind's `context` finds the words when they are needed.
        organisation_id: The organisation the person is told for; given, the person must still
            be its member when the message is shown or sent. None for officers.
        by_mail: False shows it in the portal only, for instance without a consent to such mail.

    Returns:
        Whether this call told them; False when the key was used before.

    Raises:
        PermanentError: This release does not know the kind.
    """
    known = registry.kind_named(kind)
    if known is None:
        raise PermanentError(f"There is no kind of notification called {kind}.")
    wish = selectors.choice_of(user_id=user_id, topic=known.topic)
    note = Notification(
        dedupe_key=dedupe_key,
        user_id=user_id,
        kind=kind,
        topic=known.topic,
        ref=dict(ref),
        organisation_id=organisation_id,
        correlation_id=context.current().correlation_id,
        delivery=wish if by_mail else Choice.OFF,
    )
    return _tell(note)


def _tell(note: Notification) -> bool:
    """Store a notification and queue its mail if it wants one now; False if its key is taken."""
    try:
        with transaction.atomic():
            note.save(force_insert=True)
    except IntegrityError:
        return False
    if note.delivery == Choice.NOW:
        with context.scope(replace(context.current(), correlation_id=note.correlation_id)):
            note.email = _queue(kind=note.kind, topic=note.topic, user_id=note.user_id)
        note.save(update_fields=["email"])
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountMail:
    """A mail to an address, whoever may stand behind it.

    Args:
        kind: Name of a registered `AddressKind`, or allauth's template prefix.
        address: Where to; wiped when the mail has ended.
        values: What the words need, secrets included; wiped when the mail has ended.
        topic: Security mails go first and never wait for a digest.
        user_id: The person, if known; their language is used.
        language: For somebody unknown.
        useful_for: How long it makes sense to deliver it; None for as long as it takes.
        dedupe_key: Unique for ever; None sends every time.
    """

    kind: str
    address: str
    values: Mapping[str, Any]
    topic: Topic = Topic.SECURITY
    user_id: int | None = None
    language: str = ""
    useful_for: dt.timedelta | None = None
    dedupe_key: str | None = None


@transaction.atomic
def mail_address(mail: AccountMail) -> None:
    """Queue an account mail; the same dedupe key again does nothing."""
    OutgoingEmail.objects.bulk_create(
        [
            OutgoingEmail(
                message_id=_message_id(),
                kind=mail.kind,
                topic=mail.topic,
                user_id=mail.user_id,
                address=mail.address,
                language=mail.language,
                context=dict(mail.values),
                dedupe_key=mail.dedupe_key,
                correlation_id=context.current().correlation_id,
                expires_at=Now() + mail.useful_for if mail.useful_for else None,
            )
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def choose(*, user_id: int, topic: Topic, choice: Choice, via: Via) -> None:
    """Set how a person hears of a topic; every change is kept as a PreferenceRevision.

    What already waits for a digest is sent with it, unless the topic is switched off.

    Raises:
        InvalidInputError: Security mails cannot be chosen away.
    """
    if topic == Topic.SECURITY:
        raise InvalidInputError("Security mails are always sent.", {"topic": ["Not a choice."]})
    Preference.objects.update_or_create(
        user_id=user_id,
        topic=topic,
        defaults={"choice": choice, "via": via, "changed_at": clock.now()},
    )
    if choice == Choice.OFF:
        selectors.waiting_for_digest(user_id).filter(topic=topic).update(delivery=Choice.OFF)
    log.info("notifications.preference", user=user_id, topic=topic, choice=choice, via=via)


@transaction.atomic
def stop_digests(*, user_id: int, via: Via) -> None:
    """Switch off every topic the person gets once a day."""
    daily = Preference.objects.filter(user_id=user_id, choice=Choice.DAILY)
    for topic in list(daily.values_list("topic", flat=True)):
        choose(user_id=user_id, topic=Topic(topic), choice=Choice.OFF, via=via)


def mark_seen(*, user: User, notification_id: int) -> None:
    """Note that the person saw one notification; somebody else's is left alone."""
    unseen = selectors.notifications_of(user).filter(pk=notification_id, seen_at=None)
    unseen.update(seen_at=Now())


def mark_overtaken(*, key_prefix: str) -> int:
    """Note that nobody need see what was told under keys that begin so; return how many."""
    unseen = Notification.objects.filter(dedupe_key__startswith=key_prefix, seen_at=None)
    return unseen.update(seen_at=Now())


def mark_all_seen(*, user: User) -> int:
    """Note that the person saw everything; return how many were new."""
    return selectors.notifications_of(user).filter(seen_at=None).update(seen_at=Now())


@transaction.atomic
def record_bounce(*, email_id: int, address: str) -> None:
    """Stop mail to an address from which a mail came back.

    Emits:
        EmailBounced, in the same transaction.
    """
    suppress(address=address, reason=SuppressionReason.BOUNCE)
    outbox.append(EmailBounced(email_id=email_id))


def suppress(*, address: str, reason: SuppressionReason) -> None:
    """Send nothing more to an address; only its hash is kept."""
    Suppression.objects.get_or_create(
        address_sha256=selectors.address_hash(address), defaults={"reason": reason}
    )


def drop_delivery_attempts(*, older_than: dt.timedelta) -> int:
    """Delete old evidence of deliveries; return how many rows."""
    deleted, _ = DeliveryAttempt.objects.filter(ended_at__lt=Now() - older_than).delete()
    return deleted


def pause_mail(*, reason: str) -> None:
    """Stop all mailers before their next batch."""
    MailPause.objects.create(reason=reason[:200])
    log.warning("mail.paused", reason=reason)


def resume_mail() -> int:
    """Let the mailers go on; return whether there was a pause (0 or more)."""
    ended, _ = MailPause.objects.all().delete()
    log.warning("mail.resumed", pauses=ended)
    return ended


@transaction.atomic
def release_held(*, email_id: int, was_accepted: bool) -> bool:
    """Settle a held mail by a person's knowledge; return whether it was held.

    held → sent | queued
    """
    held = OutgoingEmail.objects.filter(pk=email_id, state=MailState.HELD)
    if was_accepted:
        ended = {"finished_at": Now(), "context": None, "address": ""}
        return held.update(state=MailState.SENT, reason="a person says so", **ended) == 1
    return held.update(state=MailState.QUEUED, not_before=Now(), resend_of_uncertain=True) == 1


@transaction.atomic
def resend(*, email_id: int) -> bool:
    """Queue an ended notification mail once more under a new Message-ID; return whether it could.

    Account mails cannot be sent again: their secrets are wiped.
    """
    old = OutgoingEmail.objects.filter(pk=email_id, finished_at__isnull=False).first()
    if old is None or not old.notifications.exists():
        return False
    fresh = _queue(kind=old.kind, topic=old.topic, user_id=old.user_id)
    old.notifications.update(email=fresh)
    log.warning("mail.resent", old=email_id, new=fresh.pk)
    return True


def queue_digest(*, user_id: int, day: dt.date) -> int:
    """Bundle what waits for a person into one mail for the day; return how many it holds."""
    with transaction.atomic():
        key = f"digest:{user_id}:{day.isoformat()}"
        waiting = list(
            selectors.waiting_for_digest(user_id).select_for_update(no_key=True).values_list("pk")
        )
        if not waiting or OutgoingEmail.objects.filter(dedupe_key=key).exists():
            return 0
        mail = _queue(kind=registry.DIGEST, topic=Topic.MATCH, user_id=user_id, dedupe_key=key)
        ids = [pk for (pk,) in waiting]
        return Notification.objects.filter(pk__in=ids).update(email=mail)


def _queue(
    *, kind: str, topic: str, user_id: int | None, dedupe_key: str | None = None
) -> OutgoingEmail:
    return OutgoingEmail.objects.create(
        message_id=_message_id(),
        kind=kind,
        topic=topic,
        user_id=user_id,
        dedupe_key=dedupe_key,
        correlation_id=context.current().correlation_id,
    )


def _message_id() -> str:
    """Return an id that stays with the mail over all its attempts."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    return f"<{uuid.uuid4()}@{domain}>"
