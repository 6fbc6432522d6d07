"""Loads the demo world; doing it again changes nothing."""

from __future__ import annotations

import json
import os
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

import producers.demo
from core.kernel import clock
from matchmaking import demo


class Command(BaseCommand):
    help = "Load the demo world: fictional businesses, marked as such, in real places."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--scale", type=int, default=1, help="how many times as many rows")
        parser.add_argument("--seed", type=int, default=1, help="another number, another world")
        parser.add_argument("--reset", action="store_true", help="remove the demo's rows first")
        parser.add_argument("--quiet", action="store_true", help="say nothing on the way")
        parser.add_argument("--json", action="store_true", help="end with one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["scale"] < 1:
            raise CommandError("--scale begins at 1.")
        self.is_quiet, self.began = options["quiet"], time.monotonic()
        order = demo.Order(seed=options["seed"], scale=options["scale"], day=clock.today())
        if options["reset"]:
            demo.remove()
            self._say("The demo's rows are removed")
        self._load(order)
        self._tell_tools()
        if options["json"]:
            self.stdout.write(json.dumps({**demo.counts(), "logins": demo.logins()}))

    def _load(self, order: demo.Order) -> None:
        there = demo.loaded_world()
        if there is None:
            demo.load(order, report=self._say)
        elif (there.seed, there.scale) != (order.seed, order.scale):
            raise CommandError(
                f"Another demo world is loaded (seed {there.seed}, scale {there.scale}): "
                "add --reset to replace it."
            )
        else:
            self._say(f"Demo world unchanged (drawn around {there.day}; --reset draws it anew)")

    def _tell_tools(self) -> None:
        """Write who lives in the demo where ./dev reads it."""
        if path := os.environ.get("DEMO_LOGINS_FILE"):
            logins = [{**one, "totp_secret": one["totp_secret"] or ""} for one in demo.logins()]
            said = {"logins": logins, "goods": producers.demo.main_job_goods()}
            Path(path).write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")

    def _say(self, line: str) -> None:
        if not self.is_quiet:
            self.stdout.write(f"{time.monotonic() - self.began:6.1f} s  {line}")
