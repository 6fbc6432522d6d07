"""The processes of the portal: the same as in docker-compose.yml, on one machine."""

from __future__ import annotations

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
        Part(
            name="worker-matching",
            command=[*worker, "-P", "solo", "-Q", "matching", "-n", "matching@%h"],
        ),
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
