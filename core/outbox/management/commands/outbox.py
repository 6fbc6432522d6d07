"""Looking at the pipeline and deciding about dead duties."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.outbox import inbox, outbox, selectors
from core.outbox.models import InboxMessage


class Command(BaseCommand):
    help = "status · list · show · retry · skip · purge"

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("status", help="how far the pipeline is behind")
        listing = actions.add_parser("list", help="dead duties, the latest first")
        listing.add_argument("--dead", action="store_true", help="the default, said aloud")
        listing.add_argument("--consumer")
        listing.add_argument("--limit", type=int, default=50)
        show = actions.add_parser("show", help="one duty with its event")
        show.add_argument("id", type=int)
        retry = actions.add_parser("retry", help="start duties afresh; keys keep this safe")
        retry.add_argument("ids", type=int, nargs="*")
        retry.add_argument("--all-dead", action="store_true")
        retry.add_argument("--consumer", help="with --all-dead: only this consumer's")
        skip = actions.add_parser("skip", help="discard duties")
        skip.add_argument("ids", type=int, nargs="+")
        skip.add_argument("--reason", required=True)
        purge = actions.add_parser("purge", help="delete old messages without open or dead duties")
        purge.add_argument("--older-than-days", type=int, default=90)

    def handle(self, *args: Any, **options: Any) -> None:
        getattr(self, f"_{options['action']}")(options)

    def _status(self, _options: dict[str, Any]) -> None:
        health = selectors.pipeline_health()
        self.stdout.write(
            f"relay lag {health.relay_lag_seconds:.1f} s · open {health.open_duties} · "
            f"dead {health.dead_duties} · oldest due {health.oldest_due_seconds:.1f} s"
        )
        for row in selectors.duties_per_consumer():
            self.stdout.write(
                f"  {row['consumer']}: open {row['open']}, due {row['due']}, dead {row['dead']}"
            )

    def _list(self, options: dict[str, Any]) -> None:
        for duty in selectors.dead_duties(consumer=options["consumer"])[: options["limit"]]:
            self.stdout.write(_line(duty))

    def _show(self, options: dict[str, Any]) -> None:
        duty = selectors.duty(options["id"])
        if duty is None:
            raise CommandError(f"There is no duty {options['id']}.")
        message = duty.message
        self.stdout.write(_line(duty))
        self.stdout.write(f"starts {duty.start_count}, failures {duty.fail_count}")
        self.stdout.write(f"event {message.event_id} of {message.occurred_at.isoformat()}")
        self.stdout.write(f"correlation {message.correlation_id}")
        self.stdout.write(json.dumps(message.payload, ensure_ascii=False, indent=2))

    def _retry(self, options: dict[str, Any]) -> None:
        ids = options["ids"]
        if options["all_dead"]:
            dead = selectors.dead_duties(consumer=options["consumer"])
            ids = list(dead.values_list("pk", flat=True))
        elif not ids:
            raise CommandError("Name the duties, or say --all-dead.")
        self.stdout.write(f"{inbox.retry(ids, by_user_id=None)} duties will start afresh.")

    def _skip(self, options: dict[str, Any]) -> None:
        try:
            count = inbox.skip(options["ids"], reason=options["reason"], by_user_id=None)
        except ValueError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{count} duties are discarded.")

    def _purge(self, options: dict[str, Any]) -> None:
        count = outbox.purge(older_than_days=options["older_than_days"])
        self.stdout.write(f"{count} messages are deleted.")


def _line(duty: InboxMessage) -> str:
    state = f"{duty.status} {duty.dead_reason}".strip()
    return f"{duty.pk} · {duty.consumer} · {duty.message.type} · {state} · {duty.last_error}"
