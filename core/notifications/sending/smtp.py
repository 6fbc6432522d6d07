"""The SMTP edge: one connection, and a fence directly before the final dot."""

from __future__ import annotations

import contextlib
import re
import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

_LEADING_DOT = re.compile(rb"(?m)^\.")
_SERVICE_CLOSING = 421
_CONNECT_TIMEOUT_S = 20.0


class Outcome(StrEnum):
    """What one try to hand a mail over came to."""

    ACCEPTED = "accepted"
    TEMPORARY = "temporary"  # this mail, later
    PERMANENT = "permanent"  # this mail, never
    OUTAGE = "outage"  # no mail now
    UNCERTAIN = "uncertain"  # the dot went out, no answer came
    FENCED = "fenced"  # somebody else has the mail now


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """Outcome of a try, how far it came, and the server's words."""

    outcome: Outcome
    phase: str
    code: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpAccount:
    """Where mail is handed over."""

    host: str
    port: int
    user: str = ""
    password: str = ""
    use_starttls: bool = False
    use_ssl: bool = False
    reply_timeout_s: float = 600.0


class SmtpEdge:
    """Hands over one mail after the other through a connection it opens when needed."""

    def __init__(self, account: SmtpAccount) -> None:
        self._account = account
        self._server: smtplib.SMTP | None = None

    def deliver(
        self, *, sender: str, recipient: str, payload: bytes, fence: Callable[[], bool]
    ) -> Reply:
        """Hand one mail over.

        Args:
            sender: Envelope sender, the bare address.
            recipient: Envelope recipient, the bare address.
            payload: The whole message with CRLF line ends.
            fence: Asked after the body and directly before the final dot; False means the
                connection is dropped, and the server throws the unfinished message away.
        """
        phase = "connect"
        try:
            sender, recipient = _checked(sender), _checked(recipient)
            server = self._ready_server()
            phase = "mail"
            refused = self._refused(phase, server.mail(sender))
            if refused is None:
                phase = "rcpt"
                refused = self._refused(phase, server.rcpt(recipient))
            if refused is None:
                phase = "data"
                refused = self._refused(phase, server.docmd("DATA"), expected=354)
            if refused is not None:
                return refused
            server.send(_stuffed(payload))
            if not fence():
                self.close()
                return Reply(outcome=Outcome.FENCED, phase="fence")
            return self._finish(server)
        except (ValueError, UnicodeError) as error:
            self.close()
            return Reply(outcome=Outcome.PERMANENT, phase=phase, text=type(error).__name__)
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            code = getattr(error, "smtp_code", None)
            return Reply(outcome=Outcome.OUTAGE, phase=phase, code=code, text=_words(error))

    def close(self) -> None:
        """Drop the connection without ceremony; an unfinished message is thrown away."""
        server, self._server = self._server, None
        if server is not None:
            with contextlib.suppress(OSError):
                server.close()

    def quit(self) -> None:
        """Say goodbye if connected."""
        if self._server is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                self._server.quit()
        self.close()

    def _finish(self, server: smtplib.SMTP) -> Reply:
        """Send the final dot; whatever goes wrong from here on leaves the mail uncertain."""
        try:
            server.send(b".\r\n")
            code, text = server.getreply()
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            return Reply(outcome=Outcome.UNCERTAIN, phase="dot", text=_words(error))
        refused = self._refused("dot", (code, text), expected=250)
        return refused or Reply(
            outcome=Outcome.ACCEPTED, phase="dot", code=code, text=_decoded(text)
        )

    def _refused(
        self, phase: str, answer: tuple[int, bytes], *, expected: int = 250
    ) -> Reply | None:
        code, text = answer
        if code == expected or (phase == "rcpt" and code == 251):  # noqa: PLR2004 -- "will forward"
            return None
        if code == _SERVICE_CLOSING:
            outcome = Outcome.OUTAGE
        elif 500 <= code < 600:  # noqa: PLR2004 -- SMTP's class of permanent refusals
            outcome = Outcome.PERMANENT
        else:
            outcome = Outcome.TEMPORARY
        self._leave_transaction(broken=outcome == Outcome.OUTAGE)
        return Reply(outcome=outcome, phase=phase, code=code, text=_decoded(text))

    def _leave_transaction(self, *, broken: bool) -> None:
        if broken or self._server is None:
            self.close()
            return
        try:
            self._server.rset()
        except (OSError, smtplib.SMTPException):
            self.close()

    def _ready_server(self) -> smtplib.SMTP:
        """Return a connection that answers; an idle one may have been closed over there."""
        if self._server is not None:
            try:
                if self._server.noop()[0] == 250:  # noqa: PLR2004 -- SMTP's "okay"
                    return self._server
            except (OSError, smtplib.SMTPException):
                pass
            self.close()
        self._server = self._connect()
        return self._server

    def _connect(self) -> smtplib.SMTP:
        account = self._account
        timeout_s = min(_CONNECT_TIMEOUT_S, account.reply_timeout_s)
        kind = smtplib.SMTP_SSL if account.use_ssl else smtplib.SMTP
        server = kind(account.host, account.port, timeout=timeout_s)
        try:
            if account.use_starttls:
                server.starttls()
            if account.user:
                server.login(account.user, account.password)
            server.ehlo_or_helo_if_needed()
            if server.sock is not None:
                server.sock.settimeout(account.reply_timeout_s)
        except (OSError, smtplib.SMTPException):
            server.close()
            raise
        return server


def _checked(address: str) -> str:
    """Return the address unless it could say more to the server than an address."""
    if not address.isascii() or any(c in " <>\t" or not c.isprintable() for c in address):
        raise ValueError("not an address")
    return address


def _stuffed(payload: bytes) -> bytes:
    body = payload if payload.endswith(b"\r\n") else payload + b"\r\n"
    return _LEADING_DOT.sub(b"..", body)


def _decoded(text: bytes) -> str:
    return text.decode("utf-8", "replace")


def _words(error: Exception) -> str:
    said = getattr(error, "smtp_error", None)
    return _decoded(said) if isinstance(said, bytes) else f"{type(error).__name__}: {error}"
