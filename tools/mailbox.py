"""Reading the mail sink's Maildir, as the people would read their mail."""

from __future__ import annotations

import email
import email.policy
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from tools.failure import Failure

_LINK = re.compile(r"https?://[^\s<>\"')]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One received message."""

    to: str
    subject: str
    text: str
    headers: dict[str, str]

    @property
    def links(self) -> list[str]:
        """Addresses in the text part, in order."""
        return _LINK.findall(self.text)

    def link_with(self, fragment: str) -> str:
        """The first link containing ``fragment``.

        Raises:
            Failure: There is none.
        """
        for link in self.links:
            if fragment in link:
                return link
        raise Failure(f"The mail “{self.subject}” to {self.to} has no link with {fragment}.")


class Mailbox:
    """Everything that arrived since this object was made."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._before = {path.name for path in self._files()}
        self._read: dict[str, Mail] = {}

    def mails(self) -> list[Mail]:
        """New mails in order of arrival."""
        for path in self._files():
            if path.name not in self._before and path.name not in self._read:
                self._read[path.name] = _parse(path.read_bytes())
        return list(self._read.values())

    def wait_for(
        self, *, to: str, like: Callable[[Mail], bool], seconds: float, after: int = 0
    ) -> Mail:
        """Wait for a mail to ``to`` that is ``like`` the expected one.

        Args:
            to: Address of the recipient.
            like: Tells the mail from others to the same person.
            seconds: How long to wait.
            after: How many of the new mails came too early to count.

        Raises:
            Failure: It did not arrive in time.
        """
        end = time.monotonic() + seconds
        while True:
            for mail in self.mails()[after:]:
                if to.lower() in mail.to.lower() and like(mail):
                    return mail
            if time.monotonic() >= end:
                raise Failure(
                    f"The expected mail to {to} did not come within {seconds:.0f} s: "
                    "look into var/log/mailer.log and var/log/relay.log."
                )
            time.sleep(0.05)

    def _files(self) -> list[Path]:
        found = [path for path in (self.folder / "new").glob("*") if path.is_file()]
        return sorted(found, key=lambda path: (path.stat().st_mtime_ns, path.name))


def _parse(raw: bytes) -> Mail:
    message = email.message_from_bytes(raw, _class=EmailMessage, policy=email.policy.default)
    body = message.get_body(("plain", "html"))
    return Mail(
        to=str(message.get("To", "")) + " " + str(message.get("X-RcptTo", "")),
        subject=str(message.get("Subject", "")),
        text=str(body.get_content()) if body is not None else "",
        headers={name.lower(): str(value) for name, value in message.items()},
    )
