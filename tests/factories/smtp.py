"""A scripted mail server on a real socket."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Server:
    """Answers each command as told; counts what it accepted."""

    def __init__(self, **answers: bytes) -> None:
        self.answers = {
            "greet": b"220 here\r\n",
            "EHLO": b"250 here\r\n",
            "MAIL": b"250 ok\r\n",
            "RCPT": b"250 ok\r\n",
            "DATA": b"354 go\r\n",
            "dot": b"250 kept\r\n",
            "RSET": b"250 ok\r\n",
            "NOOP": b"250 ok\r\n",
            "QUIT": b"221 bye\r\n",
            **answers,
        }
        self.accepted: list[bytes] = []
        self.connections = 0
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]

    def serve(self) -> None:
        while True:
            try:
                peer, _ = self._listening.accept()
            except OSError:
                return
            self.connections += 1
            with peer, peer.makefile("rb") as lines:
                self._talk(peer, lines)

    def _talk(self, peer, lines) -> None:
        peer.sendall(self.answers["greet"])
        for line in lines:
            verb = line.split()[0].decode().upper()
            answer = self.answers[verb]
            if not answer:
                return
            peer.sendall(answer)
            if verb == "DATA" and answer.startswith(b"354"):
                body = self._body(lines)
                if body is None or not self.answers["dot"]:
                    return
                if self.answers["dot"].startswith(b"250"):
                    self.accepted.append(body)
                peer.sendall(self.answers["dot"])

    @staticmethod
    def _body(lines) -> bytes | None:
        kept = b""
        for line in lines:
            if line == b".\r\n":
                return kept
            kept += line.removeprefix(b".") if line.startswith(b"..") else line
        return None

    def close(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()


@contextmanager
def running(**answers: bytes) -> Iterator[Server]:
    server = Server(**answers)
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.close()
        thread.join(5)
