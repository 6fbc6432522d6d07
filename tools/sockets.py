"""Folders short enough for a unix socket, and the note that lets a later start clear them."""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
from pathlib import Path

LONGEST_SOCKET_FOLDER = 85  # bytes; the kernel allows 107 for the whole path of the socket
_PREFIX = "nc-"
_NOTE = "borrowed-folder"


def fits_socket(folder: Path) -> bool:
    """Tell whether a socket inside ``folder`` stays under the kernel's path limit."""
    return len(os.fsencode(folder)) <= LONGEST_SOCKET_FOLDER


def borrow_folder(home: Path) -> Path:
    """Make a short temporary folder, noted in ``home`` so that a later start can clear it."""
    clear_borrowed(home)
    short = "/tmp"  # noqa: S108 -- TMPDIR itself may be too long for a socket
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=short if Path(short).is_dir() else None))
    (home / _NOTE).write_text(str(folder), encoding="utf-8")
    return folder


def clear_borrowed(home: Path) -> None:
    """Remove the folder a former start borrowed for ``home``, if any."""
    note = home / _NOTE
    if not note.is_file():
        return
    folder = Path(note.read_text(encoding="utf-8"))
    if folder.name.startswith(_PREFIX) and folder.is_absolute() and not folder.is_symlink():
        shutil.rmtree(folder, ignore_errors=True)
    note.unlink(missing_ok=True)


def free_loopback_port(preferred: int = 0) -> int:
    """Return ``preferred`` when nobody listens there on 127.0.0.1, else a port the system picks."""
    for port in (preferred, 0):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    message = "No free port on 127.0.0.1: close some programs and try again."
    raise OSError(message)
