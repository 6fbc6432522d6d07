"""The mailer and the mail server die; nobody is mailed twice and nobody is forgotten."""

from __future__ import annotations

import pytest

from core.notifications.models import OutgoingEmail
from tests.fault.conftest import SCALE, START_S, seconds_until, strike
from tests.fault.sink import HANG, LOST

AFTER_KILLED_MAILER_S = 30  # a new process, the lease of six or two seconds, one of grace

pytestmark = pytest.mark.slow


@pytest.fixture
def queue(new_things):
    """Return a function that queues mails as the pipeline does, without the pipeline."""
    from core.notifications import registry, services
    from tests.factories.accounts import UserFactory

    if registry.kind_named("fault_note") is None:
        kind = registry.NotificationKind(
            "fault_note", "match", "organisation_approved", lambda _: None
        )
        registry.register(kind)

    def put(count: int) -> None:
        for thing in new_things(count):
            services.notify(
                kind="fault_note",
                user_id=UserFactory(email=f"fault{thing}@vidu.example").pk,
                dedupe_key=f"fault:{thing}",
                ref={},
            )

    return put


def states() -> list[str]:
    return sorted(OutgoingEmail.objects.values_list("state", flat=True))


def all_sent(count: int):
    return lambda: states() == ["sent"] * count


def each_accepted_once(sink) -> bool:
    ids = OutgoingEmail.objects.values_list("message_id", flat=True)
    return dict(sink.accepted) == dict.fromkeys(ids, 1)


def test_mailer_killed_before_the_final_dot(start, sink, queue):
    queue(1)
    sink.decide = {"DATA": HANG}.get
    mailer = start("mailer")
    assert sink.hanging.wait(START_S)
    mailer.kill()
    sink.reset()
    start("mailer")
    seconds_until(all_sent(1), at_most=AFTER_KILLED_MAILER_S)
    assert each_accepted_once(sink)
    assert not OutgoingEmail.objects.get().resend_of_uncertain


def test_mailer_killed_after_the_final_dot_before_the_250(start, sink, queue):
    queue(1)
    sink.decide = {"dot": HANG}.get
    mailer = start("mailer")
    assert sink.hanging.wait(START_S)
    mailer.kill()
    assert states() == ["handing"]
    sink.decide = lambda _step: None
    start("mailer")
    seconds_until(all_sent(1), at_most=AFTER_KILLED_MAILER_S)
    assert each_accepted_once(sink)
    assert OutgoingEmail.objects.get().reason == "found by Message-ID"


def test_a_lost_250_is_not_a_second_mail(start, sink, queue):
    queue(3)
    lost = iter([LOST])
    sink.decide = lambda step: next(lost, None) if step == "dot" else None
    start("mailer")
    seconds_until(all_sent(3), at_most=START_S)
    assert each_accepted_once(sink)


def test_server_refusing_connections_costs_no_attempt(start, sink, queue):
    queue(5 * SCALE)
    sink.close()
    start("mailer")
    seconds_until(
        lambda: OutgoingEmail.objects.filter(outage_deferrals__gt=0).exists(), at_most=START_S
    )
    sink.open()
    seconds_until(all_sent(5 * SCALE), at_most=15 * SCALE)
    assert each_accepted_once(sink)
    assert set(OutgoingEmail.objects.values_list("attempts", flat=True)) == {0}


def test_server_saying_421_then_550_then_yes(start, sink, queue):
    queue(3)
    answers = iter([b"421 closing\r\n", b"250 ok\r\n", b"550 unknown\r\n"])
    sink.decide = lambda step: next(answers, None) if step == "RCPT" else None
    start("mailer")
    seconds_until(lambda: states() == ["dead", "sent", "sent"], at_most=START_S)
    assert sorted(sink.accepted.values()) == [1, 1]
    dead = OutgoingEmail.objects.get(state="dead")
    assert (dead.smtp_code, dead.reason) == (550, "refused in rcpt")


def test_mail_goes_out_while_valkey_is_stopped(crew, start, sink, valkey_server, new_things):
    from tests.factories.accounts import UserFactory

    user = UserFactory(email=f"bus{new_things(1)[0]}@vidu.example")
    valkey_server.stop(keep_address=True)
    start("mailer")
    strike(new_things(5), mode="mail", user_id=user.pk)
    seconds_until(all_sent(5), at_most=START_S + 12)
    valkey_server.start()
    assert each_accepted_once(sink)
