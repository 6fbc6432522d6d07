"""``./dev run``: servers, preparation, the portal's processes, the main job, and a clean end."""

from __future__ import annotations

import json
import os
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tools.checkout import Checkout
from tools.console import Console
from tools.environment import ensure
from tools.failure import Failure
from tools.foreground import note_running
from tools.locks import LockedError, exclusive
from tools.mainjob import run_main_job, show_welcome
from tools.parts import parts
from tools.people import read_world
from tools.prepare import prepare
from tools.services import Services, application_environment, ownership
from tools.signals import StopRequestedError
from tools.sockets import free_loopback_port
from tools.steps import Summary
from tools.supervisor import Supervisor, end_survivors

_READY_SECONDS = 90.0
_LOOK_SECONDS = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """What was asked for on the command line."""

    once: bool
    as_json: bool
    port: int


def run(checkout: Checkout, options: RunOptions) -> int:
    """Carry out the verb and return the exit status.

    Raises:
        Failure: Something a person has to put right.
    """
    console = Console(sys.stderr if options.as_json else sys.stdout)
    try:
        with exclusive(checkout.var / "run.lock"):
            summary = _run_locked(checkout, options, console)
    except LockedError:
        raise Failure(
            f"Nhịp Cầu already runs from this checkout{_where(checkout.var / 'run.json')}: "
            "use that one, or end it with Ctrl-C in its terminal first."
        ) from None
    if summary is None:
        return 0
    if options.as_json:
        print(json.dumps(summary.as_json(), ensure_ascii=False), flush=True)
    return 0 if summary.ok else 1


def _run_locked(checkout: Checkout, options: RunOptions, console: Console) -> Summary | None:
    ensure(checkout, kind=_needed_packages(), console=console)
    ended = end_survivors(checkout.var / "parts.json")
    if ended:
        console.say(f"• Ended {ended} process(es) an earlier, killed run had left")
    with ownership(checkout, console):
        services = Services(checkout)
        try:
            variables = services.start(console)
            port = _choose_port(options.port, console)
            environment = application_environment(checkout, port=port) | variables
            prepare(
                checkout,
                environment=environment,
                console=console,
                embedded=services.postgres is not None,
            )
            note_running(checkout, environment)
            return _serve(checkout, options, console, services, environment, port)
        finally:
            with console.step("Stopping"):
                services.stop()
            (checkout.var / "run.json").unlink(missing_ok=True)


def _serve(
    checkout: Checkout,
    options: RunOptions,
    console: Console,
    services: Services,
    environment: Mapping[str, str],
    port: int,
) -> Summary | None:
    supervisor = Supervisor(
        folder=checkout.root,
        environment=environment,
        logs=checkout.logs,
        notes=checkout.var / "parts.json",
        console=console,
    )
    try:
        with console.step("Starting web, relay, mailer, matching worker, worker and beat"):
            for part in parts(checkout, port):
                supervisor.start(part)
            _wait_until_ready(supervisor, port)
        base_url = f"http://127.0.0.1:{port}"
        mail = checkout.mail if services.sink is not None else None
        world = read_world(checkout.demo_logins)
        summary = run_main_job(
            base_url=base_url,
            mail_folder=mail,
            world=world,
            memory=checkout.var / "mainjob.json",
            console=console,
        )
        if options.once:
            return summary
        show_welcome(base_url=base_url, mail_folder=mail, world=world, console=console)
        _look_after(supervisor, services, console)
    finally:
        supervisor.stop()
    return None


def _look_after(supervisor: Supervisor, services: Services, console: Console) -> None:
    """Serve until somebody wants an end, which is the normal one."""
    try:
        while True:
            supervisor.look_after()
            for name in services.revive():
                console.say(f"! {name} had died and runs again")
            time.sleep(_LOOK_SECONDS)
    except StopRequestedError as request:
        console.say(f"\n• {request}: ending")


def _wait_until_ready(supervisor: Supervisor, port: int) -> None:
    end, answer = time.monotonic() + _READY_SECONDS, "no answer"
    while time.monotonic() < end:
        supervisor.look_after()
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
                return
        except urllib.error.HTTPError as error:
            answer = error.read(500).decode("utf-8", "replace")
        except OSError as error:
            answer = str(error)
        time.sleep(_LOOK_SECONDS)
    raise Failure(
        f"The portal was not ready within {_READY_SECONDS:.0f} s ({answer}): "
        f"look into {supervisor.log_of('web')}."
    )


def _choose_port(wanted: int, console: Console) -> int:
    for candidate in range(wanted, wanted + 10):
        if free_loopback_port(candidate) == candidate:
            if candidate != wanted:
                console.say(f"• Port {wanted} is taken; using {candidate}")
            return candidate
    port = free_loopback_port()
    console.say(f"• Port {wanted} is taken; using {port}")
    return port


def _needed_packages() -> str:
    external = all(os.environ.get(name) for name in ("DATABASE_URL", "REDIS_URL", "EMAIL_URL"))
    return "production" if external else "run"


def _where(note: Path) -> str:
    try:
        return f" at {json.loads(note.read_text(encoding='utf-8'))['SITE_URL']}"
    except (OSError, ValueError, KeyError):
        return ""
