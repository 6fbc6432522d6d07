"""PostgreSQL, Valkey and mail sink of this checkout, and the environment variables naming them."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.checkout import Checkout
from tools.console import Console
from tools.failure import Failure
from tools.locks import LockedError, exclusive
from tools.mailsink import MailSink
from tools.postgres import LocalPostgres
from tools.processes import is_alive, wait_until
from tools.valkey import LocalValkey

_DETACHED_SINK = "mailsink.json"
_MEASURED = {"shared_buffers": "1GB", "max_wal_size": "4GB", "track_commit_timestamp": "on"}
"""For a cluster of a state folder of its own: all of it in memory, and when what was committed."""


class Services:
    """The embedded servers; a variable set from outside replaces the part it names."""

    def __init__(
        self, checkout: Checkout, *, detached: bool = False, state: Path | None = None
    ) -> None:
        self.checkout, self.detached = checkout, detached
        self.state = state or checkout.var
        packages = checkout.site_packages
        self.postgres = (
            None
            if os.environ.get("DATABASE_URL")
            else LocalPostgres(
                packages,
                self.state / "postgres",
                durable=True,
                detached=detached,
                settings=_MEASURED if state else None,
            )
        )
        self.valkey = (
            None
            if os.environ.get("REDIS_URL")
            else LocalValkey(packages, self.state / "valkey", detached=detached)
        )
        self.sink = (
            None
            if os.environ.get("EMAIL_URL")
            else MailSink(
                checkout.python,
                checkout.mail,
                log=checkout.logs / "mailsink.log",
                detached=detached,
            )
        )
        self._adopted: set[str] = set()

    def start(self, console: Console) -> dict[str, str]:
        """Start what is not running yet and return the variables that name everything."""
        self.checkout.make_folders()
        variables: dict[str, str] = {}
        if self.postgres is not None:
            self._note_adopted("postgres", running=self.postgres.is_running())
            with console.step("Starting PostgreSQL 18"):
                variables["DATABASE_URL"] = self.postgres.start()
        if self.valkey is not None:
            self._note_adopted("valkey", running=self.valkey.is_running())
            with console.step("Starting Valkey"):
                variables["REDIS_URL"] = self.valkey.start()
        if self.sink is not None:
            variables |= self._start_sink(console)
        return variables

    def stop(self) -> None:
        """Stop what this object started; detached servers found running stay."""
        if self.sink is not None and "sink" not in self._adopted:
            self.sink.stop()
        if self.valkey is not None and "valkey" not in self._adopted:
            self.valkey.stop()
        if self.postgres is not None and "postgres" not in self._adopted:
            self.postgres.stop()

    def revive(self) -> list[str]:
        """Start again what died although it should run; return the names."""
        revived = []
        servers = {"PostgreSQL": self.postgres, "Valkey": self.valkey, "the mail sink": self.sink}
        for name, server in servers.items():
            if server is not None and server.has_died():
                server.start()
                revived.append(name)
        return revived

    def _note_adopted(self, name: str, *, running: bool) -> None:
        home = self.state / name
        if running and (home / "detached").exists() and not self.detached:
            self._adopted.add(name)

    def _start_sink(self, console: Console) -> dict[str, str]:
        assert self.sink is not None  # noqa: S101 -- the caller looked
        known = detached_sink(self.checkout)
        if known:
            self._adopted.add("sink")
            url = str(known["url"])
        else:
            with console.step("Starting the mail sink"):
                url = self.sink.start()
            if self.detached:
                note = {"pid": self.sink.pid, "url": url}
                (self.checkout.var / _DETACHED_SINK).write_text(json.dumps(note), encoding="utf-8")
        return {"EMAIL_URL": url, "MAILBOX_DIR": str(self.checkout.mail)}


def detached_sink(checkout: Checkout) -> dict[str, object]:
    """What ``services start`` noted about its mail sink, if that still runs."""
    try:
        note = json.loads((checkout.var / _DETACHED_SINK).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return note if is_alive(int(note["pid"])) else {}


def stop_detached(checkout: Checkout) -> list[str]:
    """Stop whatever runs for this checkout without a parent; return the names."""
    services, stopped = Services(checkout), []
    note = detached_sink(checkout)
    if note:
        pid = int(str(note["pid"]))
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
        wait_until(lambda: not is_alive(pid), seconds=5)
        stopped.append("mail sink")
    (checkout.var / _DETACHED_SINK).unlink(missing_ok=True)
    if services.valkey is not None and services.valkey.is_running():
        services.valkey.stop()
        stopped.append("Valkey")
    if services.postgres is not None and services.postgres.is_running():
        services.postgres.stop()
        stopped.append("PostgreSQL")
    return stopped


def status_rows(checkout: Checkout) -> list[tuple[str, str, str]]:
    """Return (name, state, address) of each server."""
    services = Services(checkout)
    rows = []
    for name, variable, server in (
        ("PostgreSQL", "DATABASE_URL", services.postgres),
        ("Valkey", "REDIS_URL", services.valkey),
    ):
        if server is None:
            rows.append((name, "external", f"named by {variable}"))
        elif server.is_running():
            rows.append((name, "running", server.start()))
        else:
            rows.append((name, "stopped", ""))
    note = detached_sink(checkout)
    if services.sink is None:
        rows.append(("mail sink", "external", "named by EMAIL_URL"))
    else:
        rows.append(("mail sink", "running" if note else "stopped", str(note.get("url", ""))))
    return rows


@contextmanager
def ownership(checkout: Checkout, console: Console) -> Iterator[None]:
    """Be the one command of this checkout that starts and stops its servers.

    Raises:
        Failure: Another command keeps them for longer than a minute.
    """
    try:
        with exclusive(
            checkout.var / "services.lock",
            wait_seconds=60,
            when_waiting=lambda: console.say(
                "• Another ./dev command uses this checkout's servers; waiting for its end"
            ),
        ):
            yield
    except LockedError:
        raise Failure(
            "Another ./dev command has used this checkout's servers for over a minute: "
            "end it and run this again."
        ) from None


def application_environment(checkout: Checkout, *, port: int) -> dict[str, str]:
    """Variables of every Django process; what the caller has set already wins."""
    site_url = f"http://127.0.0.1:{port}"
    defaults = {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SECRET_KEY": secret_key(checkout),
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "SITE_URL": site_url,
        "DEBUG": "false",
        "LOG_JSON": "false",
        "STATIC_COMPRESS": "false",  # brotli of everything takes half a minute
        "MEDIA_ROOT": str(checkout.var / "media"),
        "STATIC_ROOT": str(checkout.var / "static"),
        "NUMBA_CACHE_DIR": str(checkout.var / "numba"),
    }
    always = {
        "DEMO_LOGINS_FILE": str(checkout.demo_logins),
        "TMPDIR": str(checkout.scratch),
        "PYTHONUNBUFFERED": "1",
        "PYTHONPATH": str(checkout.root),
    }
    if os.environ.get("PYTHONDONTWRITEBYTECODE"):  # then in var/: nine programs load Django
        defaults["PYTHONPYCACHEPREFIX"] = str(checkout.var / "bytecode")
        always["PYTHONDONTWRITEBYTECODE"] = ""
    return {**defaults, **os.environ, **always}


def secret_key(checkout: Checkout) -> str:
    """The key of this checkout, made once and readable by its owner only."""
    path = checkout.var / "secret_key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(secrets.token_urlsafe(50))
    return path.read_text(encoding="utf-8").strip()
