"""A producer's people are told what an officer decided, once, with the reason."""

from __future__ import annotations

import pytest
from django.template.loader import render_to_string

from core.accounts.enums import Role
from core.notifications.models import Notification
from producers import handlers, notices, services
from producers.events import PaperReturned
from tests.factories.accounts import MembershipFactory
from tests.factories.producers import PaperFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def returned(owner):
    """A returned paper and the event of it, told twice."""
    MembershipFactory(organisation=owner.organisation, role=Role.VIEWER)
    paper = PaperFactory(producer=owner.organisation.producer)
    services.return_paper(paper_id=paper.pk, reason="Mờ <b>quá</b>")
    event = PaperReturned(
        paper_id=paper.pk, version=2, organisation_id=owner.organisation.pk, kind=paper.kind
    )
    handlers.tell_paper_decided(event)
    handlers.tell_paper_decided(event)
    return paper


def test_owners_and_editors_are_told_once(owner, returned):
    assert [n.user for n in Notification.objects.all()] == [owner.user]


def test_the_message_says_the_reason_and_leads_to_the_form(returned):
    context = notices.paper_context(Notification.objects.get())
    assert (context["reason"], context["url"]) == (
        "Mờ <b>quá</b>",
        f"/producer/papers/{returned.pk}/",
    )
    html = render_to_string("emails/paper_decided/body.html", context)
    assert "Mờ &lt;b&gt;quá&lt;/b&gt;" in html


@pytest.mark.parametrize("status", ["verified", "returned", "suspended", "revoked"])
@pytest.mark.parametrize("part", ["subject.txt", "body.txt", "body.html"])
def test_every_decision_has_words(returned, status, part):
    context = notices.paper_context(Notification.objects.get()) | {"status": status}
    assert returned.number in render_to_string(f"emails/paper_decided/{part}", context)


def test_a_message_overtaken_by_a_newer_step_is_not_sent(returned):
    services.remove_paper(paper_id=returned.pk)
    assert notices.paper_context(Notification.objects.get()) is None
