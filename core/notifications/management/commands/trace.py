"""The whole life of one cause: events, duties, notifications and mails."""

from __future__ import annotations

import uuid
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.notifications import selectors
from core.outbox.selectors import events_of


class Command(BaseCommand):
    help = "Print what followed from one request, by its correlation id."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("correlation_id", type=uuid.UUID)

    def handle(self, *args: Any, **options: Any) -> None:
        correlation_id: uuid.UUID = options["correlation_id"]
        lines = [*self._events(correlation_id), *self._messages(correlation_id)]
        if not lines:
            raise CommandError("Nothing is known of this correlation id.")
        self.stdout.write("\n".join(lines))

    def _events(self, correlation_id: uuid.UUID) -> list[str]:
        lines = []
        for event in events_of(correlation_id):
            lines.append(f"{event.occurred_at:%H:%M:%S.%f} event {event.type} {event.payload}")
            for duty in event.duties.all():
                ended = f"{duty.finished_at:%H:%M:%S.%f}" if duty.finished_at else "open"
                state = f"{duty.status} {duty.dead_reason} {duty.last_error}".strip()
                lines.append(f"  duty {duty.pk} {duty.consumer}: {state} ({ended})")
        return lines

    def _messages(self, correlation_id: uuid.UUID) -> list[str]:
        lines = [
            f"{note.created_at:%H:%M:%S.%f} notification {note.kind} to user {note.user_id}"
            for note in selectors.notifications_caused_by(correlation_id)
        ]
        for mail in selectors.mails_of(correlation_id):
            lines.append(f"{mail.created_at:%H:%M:%S.%f} mail {mail.kind} {mail.message_id}")
            lines.append(f"  {mail.state} {mail.reason}".rstrip())
            lines.extend(
                f"  try {tried.ended_at:%H:%M:%S.%f} {tried.phase}: {tried.code} {tried.outcome}"
                for tried in mail.delivery_attempts.all()
            )
        return lines
