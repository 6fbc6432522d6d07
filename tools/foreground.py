"""Running one program in the foreground, with this checkout's servers when it needs them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tools.checkout import Checkout
from tools.console import Console
from tools.locks import is_held
from tools.processes import Command, end_with_parent, stop_process
from tools.services import Services, application_environment, ownership


def run(command: Command, *, folder: Path, environment: Mapping[str, str]) -> int:
    """Run ``command`` on this terminal; Ctrl-C is its own business, other signals end it."""
    before = signal.signal(signal.SIGINT, lambda _number, _frame: None)
    process = subprocess.Popen(
        list(command),
        cwd=folder,
        env=dict(environment),
        preexec_fn=end_with_parent(signal.SIGTERM),  # main thread only
    )
    try:
        status = process.wait()
    finally:
        stop_process(process, first=signal.SIGTERM, patience_seconds=20)
        signal.signal(signal.SIGINT, before)
    return status if status >= 0 else 128 - status


def with_services(
    checkout: Checkout,
    console: Console,
    command: Command,
    *,
    state: Path | None = None,
) -> int:
    """Run ``command`` with database, broker and mail: those of ``./dev run`` if it is up."""
    base = application_environment(checkout, port=8000)
    running = None if state else _variables_of_running(checkout)
    if running is not None:
        return run(command, folder=checkout.root, environment=base | running)
    with ownership(checkout, console):
        services = Services(checkout, state=state)
        try:
            variables = services.start(_Quiet())
            return run(command, folder=checkout.root, environment=base | variables)
        finally:
            services.stop()


def note_running(checkout: Checkout, environment: Mapping[str, str]) -> Path:
    """Write down what other commands need to join a running portal."""
    note = checkout.var / "run.json"
    names = ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "MAILBOX_DIR", "SITE_URL")
    shared = {name: environment[name] for name in names if name in environment}
    descriptor = os.open(note, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)  # URLs hold passwords
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(shared, file)
    return note


def _variables_of_running(checkout: Checkout) -> dict[str, str] | None:
    if not is_held(checkout.var / "run.lock"):
        return None
    try:
        variables: dict[str, str] = json.loads((checkout.var / "run.json").read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return variables


class _Quiet(Console):
    """Servers that start in half a second need no lines."""

    def say(self, text: str = "") -> None:
        del text
