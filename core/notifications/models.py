"""What people should know, and the ledger of every mail on its way to them."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.accounts.models import Organisation, User
from core.kernel import clock
from core.notifications.enums import (
    OPEN_STATES,
    Choice,
    MailState,
    SuppressionReason,
    Topic,
    Via,
)

_LEASED = Q(state__in=[MailState.CLAIMED, MailState.HANDING])


class OutgoingEmail(models.Model):
    """One mail on its way. Its body is not stored: it is rendered when it is sent.

    `address` and `context` are set only for account mails, which may go to somebody who has no
    account yet; both are wiped with the mail's end, because they may hold a secret.
    """

    message_id = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=80)
    topic = models.CharField(max_length=10, choices=Topic)
    user = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    address = models.EmailField(blank=True, db_default="")
    language = models.CharField(max_length=7, blank=True, db_default="")
    context = models.JSONField(null=True)
    dedupe_key = models.CharField(  # noqa: DJ001 -- unique where present, and most have none
        max_length=200, null=True, unique=True
    )
    correlation_id = models.UUIDField(db_index=True)
    state = models.CharField(max_length=10, choices=MailState, default=MailState.QUEUED)
    not_before = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField(null=True)
    attempts = models.SmallIntegerField(default=0)
    outage_deferrals = models.IntegerField(default=0)
    lease_owner = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    handed_at = models.DateTimeField(null=True)
    uncertain_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    resend_of_uncertain = models.BooleanField(default=False)
    smtp_code = models.SmallIntegerField(null=True)
    smtp_reply = models.CharField(max_length=300, blank=True, db_default="")
    body_sha256 = models.CharField(max_length=64, blank=True, db_default="")
    reason = models.CharField(max_length=200, blank=True, db_default="")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("outgoing e-mail")
        verbose_name_plural = _("outgoing e-mails")
        constraints = [
            models.CheckConstraint(
                name="outgoing_email_state_known", condition=Q(state__in=MailState.values)
            ),
            models.CheckConstraint(
                name="outgoing_email_leased_while_worked_on",
                condition=(_LEASED & Q(lease_owner__isnull=False, lease_until__isnull=False))
                | (~_LEASED & Q(lease_owner=None, lease_until=None)),
            ),
            models.CheckConstraint(
                name="outgoing_email_open_or_finished",
                condition=Q(state__in=OPEN_STATES, finished_at=None)
                | (~Q(state__in=OPEN_STATES) & Q(finished_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="outgoing_email_secret_wiped",
                condition=Q(state__in=OPEN_STATES) | Q(context=None, address=""),
            ),
            models.CheckConstraint(
                name="outgoing_email_uncertain_since",
                condition=~Q(state=MailState.UNCERTAIN) | Q(uncertain_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["not_before"],
                name="outgoing_email_to_send",
                condition=Q(state=MailState.QUEUED),
            ),
            models.Index(
                fields=["lease_until"], name="outgoing_email_lease_ends", condition=_LEASED
            ),
            models.Index(
                fields=["uncertain_at"],
                name="outgoing_email_to_settle",
                condition=Q(state=MailState.UNCERTAIN),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.message_id}"


class DeliveryAttempt(models.Model):
    """One try to hand a mail over: how far it came and what the server said; kept 90 days."""

    email = models.ForeignKey(OutgoingEmail, models.CASCADE, related_name="delivery_attempts")
    phase = models.CharField(max_length=10)
    outcome = models.CharField(max_length=10)
    code = models.SmallIntegerField(null=True)
    reply = models.CharField(max_length=300, blank=True)
    ended_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["ended_at"], name="delivery_attempt_age")]

    def __str__(self) -> str:
        return f"{self.phase}: {self.code or self.outcome}"


class Notification(models.Model):
    """One thing one person should know; always in the portal, by mail as they prefer."""

    dedupe_key = models.CharField(max_length=200, unique=True)
    user = models.ForeignKey(User, models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=80)
    topic = models.CharField(max_length=10, choices=Topic)
    ref = models.JSONField(default=dict)
    organisation = models.ForeignKey(Organisation, models.CASCADE, null=True, related_name="+")
    correlation_id = models.UUIDField(db_index=True)
    delivery = models.CharField(max_length=5, choices=Choice)
    email = models.ForeignKey(
        OutgoingEmail, models.SET_NULL, null=True, related_name="notifications"
    )
    seen_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        constraints = [
            models.CheckConstraint(
                name="notification_security_at_once",
                condition=~Q(topic=Topic.SECURITY) | Q(delivery=Choice.NOW),
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-id"], name="notification_centre"),
            models.Index(fields=["user"], name="notification_unseen", condition=Q(seen_at=None)),
            models.Index(
                fields=["user"],
                name="notification_for_digest",
                condition=Q(delivery=Choice.DAILY, email=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.dedupe_key}"


@pghistory.track(model_name="PreferenceRevision")
class Preference(models.Model):
    """How one person wants to hear of one topic; no row means at once."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    topic = models.CharField(max_length=10, choices=Topic)
    choice = models.CharField(max_length=5, choices=Choice)
    via = models.CharField(max_length=10, choices=Via)
    changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "topic"], name="preference_once"),
            models.CheckConstraint(
                name="preference_security_at_once",
                condition=~Q(topic=Topic.SECURITY) | Q(choice=Choice.NOW),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic}: {self.choice}"


class Suppression(models.Model):
    """An address that gets no mail; only its hash is kept."""

    address_sha256 = models.CharField(max_length=64, unique=True)
    reason = models.CharField(max_length=10, choices=SuppressionReason)
    created_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.reason} {self.address_sha256[:8]}"


class MailPause(models.Model):
    """While a row exists no mailer sends; a restored backup starts with one."""

    reason = models.CharField(max_length=200)
    created_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.reason
