"""Reading the pipeline's state: for health checks, people and the trace of one cause."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Now

from core.outbox.models import DutyStatus, InboxMessage, OutboxMessage


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineHealth:
    """How far the pipeline is behind; ages are 0 where nothing waits."""

    relay_lag_seconds: float
    open_duties: int
    dead_duties: int
    oldest_due_seconds: float


def pipeline_health() -> PipelineHealth:
    """Measure the pipeline by the database's clock."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT
              (SELECT coalesce(extract(epoch FROM statement_timestamp() - min(occurred_at)), 0)
                 FROM outbox_outboxmessage WHERE relayed_at IS NULL),
              (SELECT count(*) FROM outbox_inboxmessage WHERE status = 'pending'),
              (SELECT count(*) FROM outbox_inboxmessage WHERE status = 'dead'),
              (SELECT coalesce(extract(epoch FROM statement_timestamp() - min(next_attempt_at)), 0)
                 FROM outbox_inboxmessage WHERE status = 'pending')
            """
        )
        lag, open_duties, dead_duties, oldest = cursor.fetchone()
    return PipelineHealth(
        relay_lag_seconds=max(0.0, float(lag)),
        open_duties=open_duties,
        dead_duties=dead_duties,
        oldest_due_seconds=max(0.0, float(oldest)),
    )


def duties_per_consumer() -> list[dict[str, Any]]:
    """Return open, overdue and dead counts of each consumer that has any, by name."""
    is_open = Q(status=DutyStatus.PENDING)
    rows = (
        InboxMessage.objects.exclude(status__in=[DutyStatus.DONE, DutyStatus.SKIPPED])
        .values("consumer")
        .annotate(
            open=Count("pk", filter=is_open),
            due=Count("pk", filter=is_open & Q(next_attempt_at__lte=Now())),
            dead=Count("pk", filter=Q(status=DutyStatus.DEAD)),
        )
        .order_by("consumer")
    )
    return [dict(row) for row in rows]


def dead_duties(*, consumer: str | None = None) -> QuerySet[InboxMessage]:
    """Return the duties given up, the latest first."""
    dead = InboxMessage.objects.filter(status=DutyStatus.DEAD).select_related("message")
    return (dead.filter(consumer=consumer) if consumer else dead).order_by("-finished_at", "-pk")


def duty(inbox_id: int) -> InboxMessage | None:
    """Return one duty with its event."""
    return InboxMessage.objects.select_related("message").filter(pk=inbox_id).first()


def events_of(correlation_id: uuid.UUID) -> QuerySet[OutboxMessage]:
    """Return all events of one chain of causes with their duties, in the order written."""
    return (
        OutboxMessage.objects.filter(correlation_id=correlation_id)
        .prefetch_related("duties")
        .order_by("occurred_at", "pk")
    )


def is_due(consumer: str) -> bool:
    """Tell whether a duty of a consumer waits for somebody to start it."""
    return InboxMessage.objects.filter(
        Q(lease_until=None) | Q(lease_until__lte=Now()),
        consumer=consumer,
        status=DutyStatus.PENDING,
        next_attempt_at__lte=Now(),
    ).exists()
