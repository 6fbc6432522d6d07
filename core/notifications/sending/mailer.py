"""The loop that hands mails over: leases rows, asks nothing of Celery or the broker."""

from __future__ import annotations

import datetime as dt
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection

from core.kernel import context
from core.notifications.enums import MailState
from core.notifications.models import OutgoingEmail
from core.notifications.sending import ledger
from core.notifications.sending.lookup import Lookup, configured_lookup
from core.notifications.sending.rendering import Letter, NotToBeSentError, render
from core.notifications.sending.smtp import Outcome, Reply, SmtpAccount, SmtpEdge

log = structlog.get_logger(__name__)

_TRIES_TO_WRITE = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """How long things may take; the defaults are for production."""

    lease: dt.timedelta = ledger.LEASE
    handing_lease: dt.timedelta = ledger.HANDING_LEASE
    look_up_after: dt.timedelta = ledger.LOOK_UP_AFTER
    first_outage_s: float = 30.0
    longest_outage_s: float = 300.0


class Breaker:
    """Leaves a server alone after five outages in a row, longer each time."""

    def __init__(self, *, first_s: float, longest_s: float) -> None:
        self._first_s, self._longest_s = first_s, longest_s
        self._in_a_row = 0
        self._open_until = 0.0

    @property
    def is_open(self) -> bool:
        """Whether nothing should be tried now."""
        return time.monotonic() < self._open_until

    def note_outage(self) -> float:
        """Count one outage; return the seconds until the next try makes sense."""
        self._in_a_row += 1
        beyond = self._in_a_row - 5
        if beyond < 0:
            return min(1.0, self._first_s)
        wait_s = min(self._longest_s, self._first_s * 2.0 ** min(beyond, 10))
        self._open_until = time.monotonic() + wait_s
        return wait_s

    def note_answer(self) -> None:
        """The server works."""
        self._in_a_row, self._open_until = 0, 0.0


class LeaseKeeper:
    """Renews the lease of the one mail being handed over, in a thread, while the server thinks."""

    def __init__(self, mail_id: int, owner: uuid.UUID, *, lease: dt.timedelta) -> None:
        self._mail_id, self._owner, self._lease = mail_id, owner, lease
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        """Begin renewing."""
        self._thread.start()

    def stop(self) -> None:
        """Stop renewing; harmless when never started."""
        self._done.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        try:
            while not self._done.wait(self._lease.total_seconds() / 6):
                ledger.renew(self._mail_id, self._owner, lease=self._lease)
        except DatabaseError:
            log.warning("mail.lease_not_renewed", mail=self._mail_id)
        finally:
            connection.close()


class Mailer:
    """One sender with one SMTP connection; any number may run side by side."""

    def __init__(self, *, times: Times | None = None, lookup: Lookup | None = None) -> None:
        self._times = times or Times()
        self._lookup = lookup or configured_lookup()
        self._owner = uuid.uuid4()
        self._edge = SmtpEdge(_account())
        self._breaker = Breaker(
            first_s=self._times.first_outage_s, longest_s=self._times.longest_outage_s
        )

    def run(self, *, is_stopping: Callable[[], bool], poll_s: float = 0.5) -> None:
        """Send until told to stop; the mail at hand is finished, the others are given back."""
        while not is_stopping():
            try:
                close_old_connections()
                busy = self.step(is_stopping=is_stopping)
            except DatabaseError as error:
                log.warning("mail.database_away", error=type(error).__name__)
                self._edge.close()
                connection.close()
                busy = False
            if not busy:
                time.sleep(poll_s)
        self._edge.quit()

    def step(self, *, is_stopping: Callable[[], bool] = lambda: False) -> bool:
        """Settle what others left behind, then send one batch; return whether there was any."""
        ledger.recover()
        ledger.expire_late()
        self._settle()
        if self._breaker.is_open:
            return False
        started = time.monotonic()
        mails = ledger.claim(self._owner, lease=self._times.lease)
        usable_s = self._times.lease.total_seconds() / 2
        for position, mail in enumerate(mails):
            runs_short = time.monotonic() - started > usable_s
            if is_stopping() or runs_short or not self._send(mail):
                ledger.give_back([left.pk for left in mails[position:]], self._owner)
                break
        return bool(mails)

    def _settle(self) -> None:
        for mail in ledger.to_settle(after=self._times.look_up_after):
            ledger.settle(mail, was_accepted=self._lookup.was_accepted(mail.message_id))

    def _send(self, mail: OutgoingEmail) -> bool:
        """Send one mail; return whether to go on with the next."""
        with context.scope(context.Context(correlation_id=mail.correlation_id)):
            letter = self._written(mail)
            if letter is None:
                return True
            reply = self._hand_over(mail, letter)
            self._record(mail, reply)
            log.info("mail.tried", mail=mail.pk, outcome=reply.outcome, code=reply.code)
        return reply.outcome not in {Outcome.OUTAGE, Outcome.UNCERTAIN}

    def _written(self, mail: OutgoingEmail) -> Letter | None:
        try:
            return render(mail)
        except NotToBeSentError as no:
            ledger.end_unsent(mail.pk, self._owner, state=no.state, reason=no.reason)
        except DatabaseError:
            raise
        except Exception as error:
            log.exception("mail.not_writable", mail=mail.pk)
            self._put_aside(mail, error)
        return None

    def _put_aside(self, mail: OutgoingEmail, error: Exception) -> None:
        """Bury a mail that cannot be written; a fault of this release gets a few more chances."""
        reason = f"cannot be written: {type(error).__name__}"
        if isinstance(error, ValueError) or mail.attempts + 1 >= _TRIES_TO_WRITE:
            ledger.end_unsent(mail.pk, self._owner, state=MailState.DEAD, reason=reason)
        else:
            ledger.refuse_for_now(
                mail.pk, self._owner, Reply(outcome=Outcome.TEMPORARY, phase="render", text=reason)
            )

    def _hand_over(self, mail: OutgoingEmail, letter: Letter) -> Reply:
        keeper = LeaseKeeper(mail.pk, self._owner, lease=self._times.handing_lease)

        def fence() -> bool:
            allowed = ledger.fence(
                mail.pk, self._owner, body_sha256=letter.sha256, lease=self._times.handing_lease
            )
            if allowed:
                keeper.start()
            return allowed

        try:
            return self._edge.deliver(
                sender=letter.sender,
                recipient=letter.recipient,
                payload=letter.payload,
                fence=fence,
            )
        finally:
            keeper.stop()

    def _record(self, mail: OutgoingEmail, reply: Reply) -> None:
        """Write down the outcome first, the evidence after it."""
        if reply.outcome == Outcome.OUTAGE:
            wait_s = self._breaker.note_outage()
            ledger.defer_for_outage([mail.pk], self._owner, wait_s=wait_s)
        elif reply.outcome == Outcome.UNCERTAIN:
            self._breaker.note_outage()
            ledger.mark_uncertain(mail.pk, self._owner)
        else:
            self._breaker.note_answer()
            self._record_answer(mail, reply)
        ledger.record_attempt(mail.pk, reply)

    def _record_answer(self, mail: OutgoingEmail, reply: Reply) -> None:
        if reply.outcome == Outcome.ACCEPTED:
            ledger.mark_sent(mail.pk, self._owner, reply)
        elif reply.outcome == Outcome.TEMPORARY:
            ledger.refuse_for_now(mail.pk, self._owner, reply)
        elif reply.outcome == Outcome.PERMANENT:
            ledger.refuse_for_good(mail.pk, self._owner, reply)


def _account() -> SmtpAccount:
    return SmtpAccount(
        host=settings.EMAIL_HOST,
        port=int(settings.EMAIL_PORT or 25),
        user=settings.EMAIL_HOST_USER or "",
        password=settings.EMAIL_HOST_PASSWORD or "",
        use_starttls=settings.EMAIL_USE_TLS,
        use_ssl=settings.EMAIL_USE_SSL,
        reply_timeout_s=float(settings.EMAIL_TIMEOUT or 600),
    )
