"""A mail server whose every step the test decides; what it accepts is filed in a Maildir."""

from __future__ import annotations

import re
import socket
import threading
import uuid
from collections import Counter
from collections.abc import Callable
from pathlib import Path

MESSAGE_ID = re.compile(rb"(?mi)^message-id:\s*(<[^>]+>)")
ANSWERS = {
    "greet": b"220 sink\r\n",
    "EHLO": b"250 sink\r\n",
    "MAIL": b"250 ok\r\n",
    "RCPT": b"250 ok\r\n",
    "DATA": b"354 go\r\n",
    "dot": b"250 kept\r\n",
    "RSET": b"250 ok\r\n",
    "NOOP": b"250 ok\r\n",
    "QUIT": b"221 bye\r\n",
}

HANG = b"hang"  # say nothing until released
LOST = b"lost"  # hang up without a word


class Sink:
    """Listens on one port for its whole life; `decide` may replace any answer by another."""

    def __init__(self, folder: Path) -> None:
        self.new = folder / "new"
        self.new.mkdir(parents=True)
        self.decide: Callable[[str], bytes | None] = lambda _step: None
        self.hanging = threading.Event()
        self.released = threading.Event()
        self.accepted: Counter[str] = Counter()
        self._listening: socket.socket | None = None
        self.port = 0
        self.open()

    def open(self) -> None:
        """Listen, always on the same port."""
        self._listening = socket.create_server(("127.0.0.1", self.port))
        self.port = self._listening.getsockname()[1]
        threading.Thread(target=self._accept, args=(self._listening,), daemon=True).start()

    def close(self) -> None:
        """Refuse connections."""
        if self._listening is not None:
            self._listening.shutdown(socket.SHUT_RDWR)
            self._listening.close()
            self._listening = None

    def reset(self) -> None:
        """Behave again, and forget."""
        self.decide = lambda _step: None
        self.released.set()
        self.hanging.clear()
        self.released = threading.Event()
        self.accepted.clear()

    def _accept(self, listening: socket.socket) -> None:
        while True:
            try:
                peer, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(peer,), daemon=True).start()

    def _serve(self, peer: socket.socket) -> None:
        try:
            with peer, peer.makefile("rb") as lines:
                self._talk(peer, lines)
        except OSError:
            pass

    def _talk(self, peer, lines) -> None:
        if not self._say(peer, "greet"):
            return
        for line in lines:
            verb = line.split()[0].decode().upper()
            if not self._say(peer, verb):
                return
            if verb == "DATA" and not self._take(peer, lines):
                return

    def _take(self, peer, lines) -> bool:
        body = b""
        for line in lines:
            if line == b".\r\n":
                break
            body += line
        else:
            return False
        planned = self.decide("dot")
        if planned in {None, HANG, LOST}:
            self._file(body)
        return self._answer(peer, planned or ANSWERS["dot"])

    def _file(self, body: bytes) -> None:
        (self.new / uuid.uuid4().hex).write_bytes(body)
        found = MESSAGE_ID.search(body)
        self.accepted[found[1].decode() if found else "?"] += 1

    def _say(self, peer, step: str) -> bool:
        return self._answer(peer, self.decide(step) or ANSWERS[step])

    def _answer(self, peer, answer: bytes) -> bool:
        if answer == HANG:
            released = self.released
            self.hanging.set()
            released.wait(60)
            return False
        if answer == LOST:
            return False
        peer.sendall(answer)
        return not answer.startswith((b"421", b"221"))
