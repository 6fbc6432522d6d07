"""A long list is worked off in pieces, so that others come in between, and nothing is lost."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pydoc import locate

import pytest
from django.template.loader import render_to_string

from core.accounts.models import OfficerPost
from core.imports import handlers, notices, services
from core.imports.enums import ImportState
from core.imports.models import Import, ImportPiece, ImportRow
from core.kernel import context
from core.notifications.models import Notification
from core.notifications.sending.rendering import line_of
from core.outbox import inbox
from core.outbox.models import DutyStatus, InboxMessage
from core.outbox.relay import relay_batch
from tests.factories.accounts import MembershipFactory, OfficerFactory, province
from tests.factories.outbox import ROOM
from tests.integration.imports.conftest import (
    applied,
    checked,
    counts,
    csv,
    hand_in,
    undone,
    work_off,
    xlsx,
)

pytestmark = pytest.mark.django_db
HEAD = ("Tên sản phẩm", "Loại")
PIECES = "core.imports.services.staging.ROWS_OF_A_PIECE"


@pytest.fixture
def mine(seller):
    user, organisation = seller
    return {"kind": "products", "organisation": organisation, "user": user}


def rows(count: int) -> list[tuple[str, str]]:
    return [HEAD, *((f"Cam {n}", "Cam") for n in range(count))]


def drain() -> int:
    """Carry out what waits, the oldest first, as one worker would; return how many parts."""
    relay_batch(room=ROOM)
    due = InboxMessage.objects.filter(status=DutyStatus.PENDING, consumer="imports.advance")
    return sum(inbox.consume(pk) for pk in list(due.order_by("pk").values_list("pk", flat=True)))


@pytest.mark.django_db(transaction=True)
def test_a_short_list_waits_for_one_part_of_a_long_one_at_a_time(mine, monkeypatch):
    monkeypatch.setattr(PIECES, 2)
    long = hand_in(xlsx(*rows(20)), **mine)
    parts = drain() + drain()
    assert parts == 2
    short = hand_in(csv(*rows(2)), **mine)
    rounds = 0
    while short.state != ImportState.CHECKED:
        rounds += 1
        assert drain() <= 2
        short.refresh_from_db()
    long.refresh_from_db()
    assert rounds == 2
    assert (long.state, long.done_count) == (ImportState.CHECKING, 6)
    while drain():
        pass
    long.refresh_from_db()
    assert counts(long) == (20, 0, 0, 0)


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_while_reading_or_checking_loses_and_doubles_nothing(mine, monkeypatch):
    monkeypatch.setattr(PIECES, 2)
    found = hand_in(xlsx(*rows(5)), **mine)
    for name in ("staging.go_on", "chunks.create_rows", "chunks.go_on"):
        die_once(monkeypatch, f"core.imports.services.{name}")
        with pytest.raises(KeyboardInterrupt):
            drain()
        InboxMessage.objects.filter(status=DutyStatus.PENDING).update(lease_until=None)
        drain()
    while drain():
        pass
    found.refresh_from_db()
    assert (found.state, counts(found)) == (ImportState.CHECKED, (5, 0, 0, 0))
    assert [row.number for row in found.rows.order_by("number")] == [2, 3, 4, 5, 6]
    assert not ImportPiece.objects.exists()


def die_once(monkeypatch, name: str) -> None:
    real, deaths = locate(name), []

    def dying(*args, **named):
        done = real(*args, **named)
        if not deaths:
            deaths.append(name)
            raise KeyboardInterrupt  # as a kill: nothing of the part is committed
        return done

    monkeypatch.setattr(name, dying)


def test_a_stopped_check_leaves_no_waiting_rows(mine, monkeypatch):
    monkeypatch.setattr(PIECES, 2)
    found = work_off(hand_in(xlsx(*rows(5)), **mine), most=2)
    assert ImportPiece.objects.count() == 2
    services.stop_import(import_id=found.pk)
    assert not ImportPiece.objects.exists()
    assert ImportRow.objects.count() == 2


# --- What a page says of it -------------------------------------------------------------------


def test_after_stop_and_undo_the_figures_add_up(mine, monkeypatch, client_for):
    monkeypatch.setattr("core.imports.services.chunks.WRITTEN_AT_ONCE", 2)
    monkeypatch.setattr("core.imports.services.chunks.SECONDS", -1)
    found = checked(xlsx(*rows(5)), **mine)
    services.confirm_import(import_id=found.pk)
    work_off(found, most=1)
    services.stop_import(import_id=found.pk)
    browser = client_for(mine["user"])
    address = f"/lists/{found.pk}/"
    assert figures(browser.get(address)) == {"applied": 2, "planned": 3}
    undone(found)
    answer = browser.get(address)
    assert figures(answer) == {"undone": 2, "planned": 3}
    assert [shown.status for shown in answer.context["rows"]] == ["undone"] * 2 + [
        "not_reached"
    ] * 3
    left = browser.get(f"{address}?state=planned").context["rows"]
    assert [shown.row.number for shown in left] == [4, 5, 6]


def figures(answer) -> dict[str, int]:
    return {figure.state.value: figure.count for figure in answer.context["figures"]}


# --- Who is told ------------------------------------------------------------------------------


def finished(found: Import, *, took_s: float, asked_by=None) -> list[Notification]:
    """Say that the last step took so long, and hand on its event twice."""
    found.asked_at = found.finished_at - dt.timedelta(seconds=took_s)
    found.save(update_fields=["asked_at"])
    event = handlers.ImportFinished(
        import_id=found.pk, version=found.version, kind=found.kind, state=found.state
    )
    cause = context.Context(actor_id=asked_by.pk if asked_by else None)
    with context.scope(cause):
        handlers.tell(event)
        handlers.tell(event)
    return list(Notification.objects.order_by("pk"))


@pytest.mark.parametrize(("took_s", "told", "mailed"), [(3, 0, 0), (20, 1, 0), (61, 1, 1)])
def test_who_waited_long_is_told_and_mailed_when_it_is_done(mine, took_s, told, mailed):
    found = checked(xlsx(*rows(2)), **mine)
    notes = finished(found, took_s=took_s, asked_by=mine["user"])
    assert len(notes) == told
    assert sum(note.email_id is not None for note in notes) == mailed
    for note in notes:
        assert (note.user, notices.finished_context(note)["to_do_count"]) == (mine["user"], 2)


@pytest.mark.parametrize(
    ("make", "state"),
    [
        (lambda mine: checked(xlsx(*rows(1)), **mine), "checked"),
        (lambda mine: applied(xlsx(*rows(1)), **mine), "applied"),
        (lambda mine: undone(applied(xlsx(*rows(1)), **mine)), "undone"),
        (lambda mine: checked(b"%PDF-1.7", **mine), "refused"),
    ],
    ids=["checked", "applied", "undone", "refused"],
)
def test_each_end_has_words_of_its_own_in_portal_and_mail(mine, make, state):
    found = make(mine)
    [note] = finished(found, took_s=99, asked_by=mine["user"])
    values = notices.finished_context(note)
    assert (found.state, values["url"]) == (state, f"/lists/{found.pk}/")
    line, address = line_of(note)
    assert address == values["url"]
    assert found.file_name in line
    for part in ("body.txt", "body.html"):
        body = render_to_string(f"emails/import_finished/{part}", values)
        assert found.file_name in body
        assert (values["problem"] or "PDF") in (body if state == "refused" else "PDF")


def test_a_message_that_is_overtaken_or_not_ones_own_any_more_is_not_shown(mine, db):
    found = checked(xlsx(*rows(1)), **mine)
    [note] = finished(found, took_s=20, asked_by=mine["user"])
    services.confirm_import(import_id=found.pk)
    note.refresh_from_db()
    assert notices.finished_context(note) is None
    assert note.seen_at is not None
    officer = OfficerFactory()
    theirs = checked(b"x", kind="papers_of_province", province=province(), user=officer)
    note = finished(theirs, took_s=20, asked_by=officer)[-1]
    assert notices.finished_context(note)["problem"]
    OfficerPost.objects.update(is_active=False)
    assert notices.finished_context(note) is None


def test_a_stop_is_told_to_who_handed_in_unless_they_stopped_it(mine):
    colleague = MembershipFactory(organisation=mine["organisation"]).user
    for stopped_by, told in ((mine["user"], 0), (colleague, 1)):
        found = checked(xlsx(*rows(1)), **mine)
        found = services.stop_import(import_id=found.pk)
        assert len(finished(found, took_s=1, asked_by=stopped_by)) == told
    assert Notification.objects.get().user == mine["user"]


def test_what_an_api_key_asked_for_is_told_to_nobody(mine):
    found = checked(xlsx(*rows(1)), **mine | {"user": None})
    assert finished(found, took_s=99) == []


# --- Days that are bare numbers ---------------------------------------------------------------


def test_a_bare_number_of_a_workbook_is_read_as_its_day_and_said_so(mine):
    head = ("Loại giấy tờ", "Số", "Cơ quan cấp", "Ngày cấp", "Ngày hết hạn")
    paper = ("VietGAP", "1/2026", "Sở")
    whose = mine | {"kind": "papers"}
    found = checked(xlsx(head, (*paper, Decimal(46023), Decimal(46900))), **whose)
    row = found.rows.get()
    assert row.outcome == "new", row.reasons
    assert ["valid_from", "", "01/01/2026"] in row.changes
    assert len(row.reasons) == 2
    assert "46023" in row.reasons[0]
    assert "01/01/2026" in row.reasons[0]
    work_off(services.confirm_import(import_id=found.pk))
    assert found.rows.get().state == "applied"
    again = xlsx(head, (*paper, Decimal(46023), Decimal(2026)))
    assert checked(again, **whose).refused_count == 1


def test_the_same_number_as_text_is_refused_with_what_to_do(mine):
    head = ("Loại giấy tờ", "Số", "Cơ quan cấp", "Ngày cấp")
    found = checked(csv(head, ("VietGAP", "1", "Sở", "46023")), **mine | {"kind": "papers"})
    row = found.rows.get()
    assert row.outcome == "refused"
    assert "01/01/2026" in row.reasons[0]
