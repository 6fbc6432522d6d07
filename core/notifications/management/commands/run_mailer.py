"""The mailer as a process."""

from __future__ import annotations

import datetime as dt
import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from core.notifications.sending.mailer import Mailer, Times


class Command(BaseCommand):
    help = "Hand queued mails to the mail server; needs PostgreSQL and nothing else of ours."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--poll", type=float, default=0.5, help="seconds between two rounds")
        parser.add_argument("--lease", type=float, default=120, help="seconds a batch is taken")
        parser.add_argument(
            "--handing-lease",
            type=float,
            default=60,
            help="seconds; renewed while the server thinks",
        )
        parser.add_argument(
            "--look-up-after", type=float, default=60, help="seconds of grace before settling"
        )
        parser.add_argument(
            "--first-outage", type=float, default=30, help="seconds after the fifth outage in a row"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        stopping = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopping.set())
        times = Times(
            lease=dt.timedelta(seconds=options["lease"]),
            handing_lease=dt.timedelta(seconds=options["handing_lease"]),
            look_up_after=dt.timedelta(seconds=options["look_up_after"]),
            first_outage_s=options["first_outage"],
        )
        Mailer(times=times).run(is_stopping=stopping.is_set, poll_s=options["poll"])
