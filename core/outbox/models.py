"""What happened (outbox) and who must still react to it (inbox)."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Func, Q
from django.db.models.functions import Cast, Now


class OutboxMessage(models.Model):
    """One fact, written in the transaction of the change it tells of; never changed afterwards.

    Ids do not commit in order, so nobody may page by "id greater than the last one seen".
    """

    event_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    type = models.CharField(max_length=120)
    aggregate_id = models.BigIntegerField(null=True)
    aggregate_version = models.IntegerField(null=True)
    owner_id = models.BigIntegerField(null=True)
    payload = models.JSONField()
    headers = models.JSONField(default=dict)
    correlation_id = models.UUIDField(db_index=True)
    dedupe_key = models.CharField(  # noqa: DJ001 -- unique where present, and most have none
        max_length=200, null=True
    )
    xid = models.BigIntegerField(
        db_default=Cast(
            Cast(Func(function="pg_current_xact_id"), models.TextField()), models.BigIntegerField()
        ),
        help_text="The transaction that wrote it; 0 where that was before this was kept.",
    )
    occurred_at = models.DateTimeField(db_default=Now())
    relayed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "event"
        verbose_name_plural = "events"
        constraints = [
            models.UniqueConstraint(
                fields=["dedupe_key"],
                name="outbox_one_per_key",
                condition=Q(dedupe_key__isnull=False),
                opclasses=["varchar_pattern_ops"],  # serves "begins with" as well as equality
            ),
        ]
        indexes = [
            models.Index(fields=["id"], name="outbox_not_relayed", condition=Q(relayed_at=None)),
            models.Index(fields=["xid"], name="outbox_xid", condition=Q(xid__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.event_id}"


class DutyStatus(models.TextChoices):
    """Where a duty stands; everything but pending is final until a person decides otherwise."""

    PENDING = "pending"
    DONE = "done"
    DEAD = "dead"
    SKIPPED = "skipped"


class DeadReason(models.TextChoices):
    """Why a duty was given up."""

    FAILED = "failed"  # five recorded failures
    PERMANENT = "permanent"  # trying again cannot help
    KILLED_WORKER = "killed_worker"  # five starts that never ended


class InboxMessage(models.Model):
    """One consumer's duty to react to one fact; its id is the integer a Celery message carries."""

    message = models.ForeignKey(
        OutboxMessage,
        models.CASCADE,
        related_name="duties",
        db_index=False,  # inbox_one_duty_per_consumer begins with it
    )
    consumer = models.CharField(max_length=120)
    status = models.CharField(
        max_length=10, choices=DutyStatus, default=DutyStatus.PENDING, db_default="pending"
    )
    dead_reason = models.CharField(max_length=20, choices=DeadReason, blank=True, db_default="")
    start_count = models.SmallIntegerField(default=0)
    fail_count = models.SmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(db_default=Now())
    lease_until = models.DateTimeField(null=True)
    ring_count = models.SmallIntegerField(default=0)
    next_ring_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=500, blank=True, db_default="")
    decision_reason = models.CharField(max_length=200, blank=True, db_default="")
    decided_by_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = "duty"
        verbose_name_plural = "duties"
        permissions = [("decide_duty", "May retry and skip duties")]
        constraints = [
            models.UniqueConstraint(
                fields=["message", "consumer"], name="inbox_one_duty_per_consumer"
            ),
            models.CheckConstraint(
                name="inbox_status_known", condition=Q(status__in=DutyStatus.values)
            ),
            models.CheckConstraint(
                name="inbox_pending_or_finished",
                condition=Q(status=DutyStatus.PENDING, finished_at=None)
                | (~Q(status=DutyStatus.PENDING) & Q(finished_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="inbox_dead_has_reason",
                condition=Q(status=DutyStatus.DEAD, dead_reason__in=DeadReason.values)
                | (~Q(status=DutyStatus.DEAD) & Q(dead_reason="")),
            ),
            models.CheckConstraint(
                name="inbox_skipped_has_reason",
                condition=~Q(status=DutyStatus.SKIPPED) | ~Q(decision_reason=""),
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_ring_at"],
                name="inbox_to_ring",
                condition=Q(status=DutyStatus.PENDING),
            ),
            # Says "pending" in other words than `inbox_to_ring`: a query for a consumer's oldest
            # duties that uses these words can only walk this index, whatever the statistics say.
            models.Index(
                fields=["consumer", "id"],
                name="inbox_batch_of_consumer",
                condition=Q(finished_at=None),
            ),
            models.Index(
                fields=["finished_at"],
                name="inbox_dead",
                condition=Q(status=DutyStatus.DEAD),
            ),
        ]

    def __str__(self) -> str:
        return f"duty {self.pk} of {self.consumer}"


class Heartbeat(models.Model):
    """When a piece of daily work was last done to its end."""

    name = models.CharField(max_length=60, primary_key=True)
    beat_at = models.DateTimeField()

    class Meta:
        verbose_name = "heartbeat"
        verbose_name_plural = "heartbeats"

    def __str__(self) -> str:
        return f"{self.name} {self.beat_at:%Y-%m-%d %H:%M}"
