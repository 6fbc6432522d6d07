"""The processes of the portal: the same as in docker-compose.yml, on one machine."""

from __future__ import annotations

import os

from tools.checkout import Checkout
from tools.processes import Command
from tools.supervisor import Part

_QUIET = ("--without-gossip", "--without-mingle", "--without-heartbeat")


def parts(checkout: Checkout, port: int) -> list[Part]:
    """The processes of the portal, as in production but on one machine."""
    python = checkout.python
    celery: Command = [python, "-m", "celery", "-A", "config.celery"]
    worker: Command = [*celery, "worker", *_QUIET]
    return [
        Part(
            name="web",
            command=[
                python,
                "-m",
                "gunicorn",
                "config.wsgi",
                "--bind",
                f"127.0.0.1:{port}",
                "--workers",
                "2",
                "--threads",
                "4",
                "--preload",
                "--worker-tmp-dir",
                checkout.scratch,
                "--graceful-timeout",
                "5",
                "--no-control-socket",
                "--access-logfile",
                "-",
            ],
        ),
        Part(name="relay", command=[python, "manage.py", "run_relay"]),
        Part(name="mailer", command=[python, "manage.py", "run_mailer"]),
        *(_matching_worker(worker, shard) for shard in range(_shards())),
        Part(
            name="worker",
            command=[*worker, "-c", "1", "-Q", "default", "-n", "default@%h"],
        ),
        Part(
            name="beat",
            command=[
                *celery,
                "beat",
                "-s",
                checkout.var / "beat-schedule",
                "--pidfile=",
            ],
        ),
    ]


def _matching_worker(worker: Command, shard: int) -> Part:
    """One of the matching workers, each with a queue of its own; the first is never numbered."""
    queue = f"matching.{shard}" if shard else "matching"
    name = f"worker-matching-{shard}" if shard else "worker-matching"
    return Part(name=name, command=[*worker, "-P", "solo", "-Q", queue, "-n", f"{queue}@%h"])


def _shards() -> int:
    """Return how many matching workers are wanted; what cannot be meant stops the web part."""
    wanted = os.environ.get("MATCHING_SHARDS", "1")
    return max(1, int(wanted)) if wanted.isdecimal() else 1
