"""A real SMTP server for development: aiosmtpd on a free loopback port, into a Maildir."""

from __future__ import annotations

import signal
import socket
import subprocess
from pathlib import Path

from tools.failure import Failure
from tools.processes import end_with_parent, stop_process, wait_until
from tools.sockets import free_loopback_port


class MailSinkError(Failure):
    """The sink could not be started; the message says what to do."""


class MailSink:
    """Accepts every message and files it below ``mail_folder`` (a Maildir)."""

    def __init__(
        self, python: Path, mail_folder: Path, *, log: Path, detached: bool = False
    ) -> None:
        self.python, self.mail_folder = python, mail_folder
        self.log, self.detached = log, detached
        self.port, self.url = 0, ""
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> str:
        """Start listening and return the ``smtp://`` URL.

        Raises:
            MailSinkError: It did not answer within ten seconds, three times.
        """
        self.mail_folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        for _attempt in range(3):  # somebody may take the port between looking and binding
            self.port = free_loopback_port(self.port)
            with self.log.open("ab") as log:
                self._process = subprocess.Popen(
                    [
                        self.python,
                        "-m",
                        "aiosmtpd",
                        "-n",
                        "-u",
                        "-l",
                        f"127.0.0.1:{self.port}",
                        "-c",
                        "aiosmtpd.handlers.Mailbox",
                        self.mail_folder,
                    ],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                    preexec_fn=None if self.detached else end_with_parent(signal.SIGTERM),
                )
            started = self._process
            wait_until(lambda: self._answers() or started.poll() is not None, seconds=10)  # noqa: B023 -- used at once
            if started.poll() is None and self._answers():
                self.url = f"smtp://127.0.0.1:{self.port}"
                return self.url
            self.stop()
        raise MailSinkError(f"The mail sink did not start; the last lines of {self.log} say why.")

    @property
    def pid(self) -> int | None:
        """Process id while it runs."""
        return self._process.pid if self._process is not None else None

    def has_died(self) -> bool:
        """Tell whether the process this object started has ended by itself."""
        return self._process is not None and self._process.poll() is not None

    def stop(self) -> None:
        """Stop listening; the mails stay."""
        if self._process is not None:
            stop_process(self._process, first=signal.SIGTERM, patience_seconds=3)
            self._process = None

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2) as connection:
                return connection.recv(64).startswith(b"220")
        except OSError:
            return False
