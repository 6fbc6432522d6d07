"""The edge against a scripted server on a real socket."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from core.notifications.sending.smtp import Outcome, Reply, SmtpAccount, SmtpEdge
from tests.factories.smtp import running

PAYLOAD = b"Subject: x\r\n\r\n.dot at the start\r\nlast line\r\n"


@contextmanager
def edge_to(port: int) -> Iterator[SmtpEdge]:
    edge = SmtpEdge(SmtpAccount(host="127.0.0.1", port=port, reply_timeout_s=2))
    try:
        yield edge
    finally:
        edge.quit()


def deliver(edge: SmtpEdge, *, recipient: str = "b@vidu.example", allowed: bool = True) -> Reply:
    return edge.deliver(
        sender="a@vidu.example", recipient=recipient, payload=PAYLOAD, fence=lambda: allowed
    )


def test_two_mails_share_a_connection_and_arrive_as_written():
    with running() as server, edge_to(server.port) as edge:
        outcomes = [deliver(edge).outcome, deliver(edge).outcome]
    assert outcomes == [Outcome.ACCEPTED, Outcome.ACCEPTED]
    assert (server.accepted, server.connections) == ([PAYLOAD, PAYLOAD], 1)


def test_a_fence_that_says_no_leaves_nothing_at_the_server():
    with running() as server, edge_to(server.port) as edge:
        reply = deliver(edge, allowed=False)
    assert (reply.outcome, server.accepted) == (Outcome.FENCED, [])


@pytest.mark.parametrize(
    ("step", "answer", "outcome"),
    [
        ("greet", b"421 later\r\n", Outcome.OUTAGE),
        ("greet", b"554 no\r\n", Outcome.OUTAGE),
        ("MAIL", b"451 later\r\n", Outcome.TEMPORARY),
        ("MAIL", b"421 closing\r\n", Outcome.OUTAGE),
        ("RCPT", b"450 greylisted\r\n", Outcome.TEMPORARY),
        ("RCPT", b"452 full\r\n", Outcome.TEMPORARY),
        ("RCPT", b"550 unknown\r\n", Outcome.PERMANENT),
        ("DATA", b"451 later\r\n", Outcome.TEMPORARY),
        ("DATA", b"554 no\r\n", Outcome.PERMANENT),
        ("dot", b"451 later\r\n", Outcome.TEMPORARY),
        ("dot", b"421 closing\r\n", Outcome.OUTAGE),
        ("dot", b"552 too big\r\n", Outcome.PERMANENT),
        ("MAIL", b"", Outcome.OUTAGE),
        ("RCPT", b"", Outcome.OUTAGE),
        ("dot", b"", Outcome.UNCERTAIN),
    ],
)
def test_what_the_server_says_decides(step, answer, outcome):
    with running(**{step: answer}) as server, edge_to(server.port) as edge:
        reply = deliver(edge)
    assert (reply.outcome, server.accepted) == (outcome, [])


def test_no_server_is_an_outage():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with edge_to(port) as edge:
        assert deliver(edge).outcome == Outcome.OUTAGE


def test_a_line_break_in_an_address_is_refused_here():
    with running() as server, edge_to(server.port) as edge:
        reply = deliver(edge, recipient="b@vidu.example>\r\nDATA")
    assert (reply.outcome, server.accepted) == (Outcome.PERMANENT, [])


def test_a_connection_closed_while_idle_is_opened_again():
    with running(NOOP=b"") as server, edge_to(server.port) as edge:
        outcomes = [deliver(edge).outcome, deliver(edge).outcome]
    assert outcomes == [Outcome.ACCEPTED, Outcome.ACCEPTED]
    assert server.connections == 2
