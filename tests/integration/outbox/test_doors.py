"""The administrator's page, the commands and the health figures."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from core.outbox import claims, selectors
from core.outbox.models import DeadReason, DutyStatus, InboxMessage
from tests.factories.accounts import UserFactory, turn_on_totp
from tests.factories.outbox import announce, duties_for

pytestmark = pytest.mark.django_db

LIST = "admin:outbox_inboxmessage_changelist"


@pytest.fixture
def dead(heard) -> InboxMessage:
    (duty,) = duties_for(1)
    claims.bury([duty.pk], reason=DeadReason.FAILED)
    return duty


def administrator(*permissions: str) -> Client:
    user = UserFactory(is_staff=True)
    turn_on_totp(user)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    browser = Client()
    browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return browser


def act(browser: Client, duty: InboxMessage, action: str, **more: str):
    chosen = {"action": action, "_selected_action": [duty.pk], **more}
    return browser.post(reverse(LIST), chosen, follow=True)


def test_health_counts_what_waits_and_what_died(dead):
    announce(2)
    health = selectors.pipeline_health()
    assert (health.open_duties, health.dead_duties) == (0, 1)
    assert 0 <= health.relay_lag_seconds < 30
    assert health.oldest_due_seconds == 0


def test_health_of_an_empty_pipeline_is_all_zero():
    health = selectors.pipeline_health()
    assert (health.relay_lag_seconds, health.open_duties, health.dead_duties) == (0, 0, 0)


class TestAdminPage:
    def test_retry_starts_afresh_and_is_logged(self, dead):
        act(administrator("view_inboxmessage", "decide_duty"), dead, "retry_duties")
        dead.refresh_from_db()
        assert dead.status == DutyStatus.PENDING
        assert LogEntry.objects.get().change_message == "Retried."

    def test_skip_needs_a_reason(self, dead):
        browser = administrator("view_inboxmessage", "decide_duty")
        act(browser, dead, "skip_duties")
        dead.refresh_from_db()
        assert dead.status == DutyStatus.DEAD
        act(browser, dead, "skip_duties", reason="The thing is gone.")
        dead.refresh_from_db()
        assert (dead.status, dead.decision_reason) == ("skipped", "The thing is gone.")

    def test_without_the_permission_one_may_look_only(self, dead):
        browser = administrator("view_inboxmessage")
        assert browser.get(reverse(LIST), {"standing": "dead"}).status_code == 200
        act(browser, dead, "retry_duties")
        dead.refresh_from_db()
        assert dead.status == DutyStatus.DEAD

    def test_people_without_a_post_see_nothing(self, dead, client_for):
        assert client_for(UserFactory()).get(reverse(LIST)).status_code in {302, 403, 404}


class TestCommand:
    def test_status_and_list_name_the_dead(self, dead, capsys):
        call_command("outbox", "status")
        call_command("outbox", "list", "--dead")
        printed = capsys.readouterr().out
        assert "tests.hear: open 0, due 0, dead 1" in printed
        assert f"{dead.pk} · tests.hear · tests.thing.happened.v1 · dead failed" in printed

    def test_show_prints_the_event(self, dead, capsys):
        call_command("outbox", "show", str(dead.pk))
        assert '"thing_id": 1' in capsys.readouterr().out
        with pytest.raises(CommandError):
            call_command("outbox", "show", "0")

    def test_retry_and_skip(self, dead):
        call_command("outbox", "retry", "--all-dead")
        dead.refresh_from_db()
        assert dead.status == DutyStatus.PENDING
        call_command("outbox", "skip", str(dead.pk), "--reason", "gone")
        dead.refresh_from_db()
        assert dead.status == DutyStatus.SKIPPED

    def test_retry_of_nothing_is_refused(self):
        with pytest.raises(CommandError, match="Name the duties"):
            call_command("outbox", "retry")

    def test_purge_reports_what_it_deleted(self, capsys):
        call_command("outbox", "purge")
        assert capsys.readouterr().out == "0 messages are deleted.\n"
