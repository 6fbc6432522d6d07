"""The relay as a process."""

from __future__ import annotations

import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.outbox.relay import BrokerWedgedError, Relay


class Command(BaseCommand):
    help = "Turn events into duties and ring the workers; stops after its batch on SIGTERM."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--poll", type=float, default=0.2, help="seconds between two rounds")

    def handle(self, *args: Any, **options: Any) -> None:
        stopping = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopping.set())
        try:
            Relay().run(is_stopping=stopping.is_set, poll_s=options["poll"])
        except BrokerWedgedError as error:
            raise CommandError(str(error), returncode=3) from error
