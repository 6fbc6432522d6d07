"""Asking a third place whether a mail was accepted."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from django.conf import settings

_HEADER_BYTES = 16_384


class Lookup(Protocol):
    """A place that knows which Message-IDs were accepted."""

    def was_accepted(self, message_id: str) -> bool | None:
        """Return True or False if the place can tell, None if it cannot."""


class NoLookup:
    """Production without a searchable log of the mail server."""

    def was_accepted(self, message_id: str) -> bool | None:  # noqa: ARG002 -- the interface
        """Return None: nobody can tell."""
        return None


class MaildirLookup:
    """The Maildir of the development sink, which files each message before it says 250."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def was_accepted(self, message_id: str) -> bool | None:
        """Search the headers of every message; None when there is no such folder."""
        if not self._folder.is_dir():
            return None
        wanted = message_id.encode()
        files = [*self._folder.glob("new/*"), *self._folder.glob("cur/*")]
        return any(wanted in self._header_of(file) for file in files)

    @staticmethod
    def _header_of(file: Path) -> bytes:
        try:
            with file.open("rb") as message:
                start = message.read(_HEADER_BYTES)
        except FileNotFoundError:
            return b""
        return start.replace(b"\r\n", b"\n").partition(b"\n\n")[0]


def configured_lookup() -> Lookup:
    """Return the look-up this installation has."""
    folder = settings.MAILBOX_DIR
    return MaildirLookup(Path(folder)) if folder else NoLookup()
