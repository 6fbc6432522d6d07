"""Reads the Maildir of the development mail sink, so that a newcomer sees every mail sent."""

from __future__ import annotations

import email.policy
import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_binary_file
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import BinaryIO

_KEY = re.compile(r"[A-Za-z0-9._:,=+-]{1,200}")
_FOLDERS = ("new", "cur")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One mail as the mailbox page shows it; a part it does not have is None."""

    key: str
    subject: str
    recipient: str
    sender: str
    sent_at: datetime | None
    headers: tuple[tuple[str, str], ...] = ()
    text: str | None = None
    html: str | None = None


def newest_keys(folder: Path) -> list[str]:
    """Return the keys of all mails, newest first; an empty list before the first mail."""
    files = [file for name in _FOLDERS for file in (folder / name).glob("*")]
    stamped = [(file.stat().st_mtime_ns, file.name) for file in files if file.is_file()]
    return [name for _stamp, name in sorted(stamped, reverse=True)]


def read_summary(folder: Path, key: str) -> Mail | None:
    """Return subject, recipient and day of one mail, None where there is no such mail."""
    return _read(folder, key, whole=False)


def read_mail(folder: Path, key: str) -> Mail | None:
    """Return one mail with its parts, None where there is no such mail."""
    return _read(folder, key, whole=True)


def _read(folder: Path, key: str, *, whole: bool) -> Mail | None:
    path = _path_of(folder, key)
    if path is None:
        return None
    with path.open("rb") as stream:
        return _mail(key, _parse(stream), whole=whole)


def _path_of(folder: Path, key: str) -> Path | None:
    if not _KEY.fullmatch(key) or key.startswith("."):
        return None
    paths = (folder / name / key for name in _FOLDERS)
    return next((path for path in paths if path.is_file()), None)


def _parse(stream: BinaryIO) -> EmailMessage:
    return message_from_binary_file(stream, policy=email.policy.default)


def _mail(key: str, message: EmailMessage, *, whole: bool) -> Mail:
    return Mail(
        key=key,
        subject=str(message["Subject"] or ""),
        recipient=str(message["To"] or message["X-RcptTo"] or ""),
        sender=str(message["From"] or ""),
        sent_at=_sent_at(message),
        headers=tuple((name, str(value)) for name, value in message.items()) if whole else (),
        text=_part(message, "plain") if whole else None,
        html=_part(message, "html") if whole else None,
    )


def _sent_at(message: EmailMessage) -> datetime | None:
    try:
        return parsedate_to_datetime(str(message["Date"]))
    except ValueError:
        return None


def _part(message: EmailMessage, kind: str) -> str | None:
    part = message.get_body(preferencelist=(kind,))
    if part is None:
        return None
    return str(part.get_content())
