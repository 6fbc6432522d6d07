"""Officers see roads, gates and pacts; those of a province change its own."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from core.kernel import clock
from core.outbox.models import OutboxMessage
from core.places.enums import LinkStatus
from core.places.models import GateSchedule, ProvincePact
from tests.factories import accounts
from tests.integration.freight.conftest import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(road):
    return client_of(accounts.OfficerFactory(of=road.start.province, full_name="Cán Bộ Sở"))


@pytest.fixture
def elsewhere(road):
    return client_of(accounts.OfficerFactory(of=accounts.province("27", name="Bắc Ninh")))


def text(response, status=200):
    assert response.status_code == status
    return response.content.decode()


def close(client, road, **values):
    told = {"status": "closed", "opens_on": "", "reason": "sạt lở", "save": "1", **values}
    return client.post(f"/freight/links/{road.pk}/", told)


@pytest.mark.parametrize(("query", "shown"), [
    ("", True), ("?q=ha+noi", True), ("?q=CT04", True), ("?q=Hu%E1%BA%BF", False),
    ("?status=open", True), ("?status=closed", False), ("?province=01", True),
    ("?province=%00", False), ("?status=%F0%9F%98%80&page=x", True),
])  # fmt: skip
def test_links_are_found_by_place_road_status_and_province(officer, road, query, shown):
    response = officer.get(f"/freight/{query}")
    if response.status_code != 400:
        assert (f"/freight/links/{road.pk}/" in text(response)) is shown


def test_preview_tells_the_ways_and_changes_nothing(officer, road):
    told = {"status": "closed", "opens_on": "", "reason": "sạt lở", "preview": "1"}
    page = text(officer.post(f"/freight/links/{road.pk}/", told))
    road.refresh_from_db()
    assert road.status == LinkStatus.OPEN
    assert 'id="preview"' in page
    assert "sạt lở" in page
    assert not OutboxMessage.objects.exists()


def test_closing_is_stored_with_reason_person_and_event(officer, road):
    assert close(officer, road).status_code == 302
    road.refresh_from_db()
    assert (road.status, road.reason) == (LinkStatus.CLOSED, "sạt lở")
    assert OutboxMessage.objects.get().type == "places.link.status_changed.v1"
    page = text(officer.get(f"/freight/links/{road.pk}/"))
    assert "Cán Bộ Sở" in page
    assert "?status=open#change" in page


def test_former_state_can_be_taken_up_again(officer, road):
    close(officer, road)
    page = text(officer.get(f"/freight/links/{road.pk}/?status=open"))
    assert '<option value="open" selected>' in page
    close(officer, road, status="open", reason="đã thông xe")
    road.refresh_from_db()
    assert (road.status, road.version) == (LinkStatus.OPEN, 3)


def test_reason_is_asked_for_and_what_was_typed_is_kept(officer, road):
    page = text(close(officer, road, reason="", opens_on="2027-05-01"), status=400)
    assert "2027-05-01" in page
    road.refresh_from_db()
    assert road.status == LinkStatus.OPEN


def test_officers_of_neither_end_may_look_and_not_change(elsewhere, road, gate):
    assert '<button class="btn' not in text(elsewhere.get(f"/freight/links/{road.pk}/")).split(
        'id="change"'
    )[1].split("</section>")[0]  # fmt: skip
    assert close(elsewhere, road).status_code == 403
    assert elsewhere.post(f"/freight/gates/{gate.pk}/", {}).status_code == 403


@pytest.mark.parametrize(
    "query", ["status=open&opens_on=2026-13-45", "status=%3Cb%3E", "opens_on=x"]
)
def test_address_to_go_back_to_nonsense_shows_the_link_as_it_is(officer, road, query):
    assert 'id="change"' in text(officer.get(f"/freight/links/{road.pk}/?{query}"))


HOURS = {
    "status": "open", "opens_at": "07:00", "closes_at": "14:00", "valid_to": "",
    "reason": "tắc biên", "source": "thông báo số 12",
}  # fmt: skip


def test_gate_closes_at_14_from_a_day_on(officer, gate):
    day = clock.today() + dt.timedelta(days=1)
    told = {**HOURS, "valid_from": day.isoformat(), "weekdays": ["1", "5"]}
    assert officer.post(f"/freight/gates/{gate.pk}/", told).status_code == 302
    rows = GateSchedule.objects.filter(node=gate).order_by("valid_from")
    assert [(row.closes_at, row.valid_to) for row in rows] == [
        (dt.time(19), day - dt.timedelta(days=1)), (dt.time(14), None),
    ]  # fmt: skip
    page = text(officer.get(f"/freight/gates/{gate.pk}/"))
    assert "07:00–14:00" in page
    assert "tắc biên" in page
    assert "07:00–19:00" in text(officer.get("/freight/gates/"))


@pytest.mark.parametrize("wrong", [
    {"closes_at": "06:00"}, {"closes_at": ""}, {"closes_at": "25:99"}, {"valid_to": "2020-01-01"},
    {"weekdays": ["8"]}, {"reason": "x" * 400}, {"status": "ajar"},
])  # fmt: skip
def test_gate_hours_that_cannot_be_are_refused_and_kept(officer, gate, wrong):
    told = {**HOURS, "valid_from": clock.today().isoformat(), **wrong}
    page = text(officer.post(f"/freight/gates/{gate.pk}/", told), status=400)
    assert "data-error-summary" in page
    assert "thông báo số 12" in page
    assert GateSchedule.objects.filter(node=gate).count() == 1


def test_former_hours_and_terms_can_be_taken_up_again(officer, gate, road):
    told = {**HOURS, "valid_from": clock.today().isoformat()}
    officer.post(f"/freight/gates/{gate.pk}/", told)
    officer.post("/freight/pacts/new/", pact_of(road))
    pact = ProvincePact.objects.get()
    officer.post(f"/freight/pacts/{pact.pk}/", pact_of(road, name="Tên khác"))
    for path, former in ((f"/freight/gates/{gate.pk}/", "19:00"),
                         (f"/freight/pacts/{pact.pk}/", "Biên bản ghi nhớ")):  # fmt: skip
        page = text(officer.get(path))
        state = re.search(r"\?state=(\d+)#change", page)[1]
        form = text(officer.get(f"{path}?state={state}")).split('id="change"')[1]
        assert f'value="{former}"' in form
    assert text(officer.get(f"/freight/gates/{gate.pk}/?state=\u0662x"))


def pact_of(road, **changes):
    here, there = road.start.province_id, road.end.province_id
    return {
        "a": here, "b": there, "name": "Biên bản ghi nhớ", "scope": "nông sản", "signed_on": "",
        "valid_to": "", "source": "sở", "reason": "mới ký", **changes,
    }  # fmt: skip


def test_pact_is_entered_and_ended(officer, road):
    assert officer.post("/freight/pacts/new/", pact_of(road)).status_code == 302
    pact = ProvincePact.objects.get()
    assert (pact.a.code, pact.b.code, pact.by_hand) == ("01", "22", True)
    ended = pact_of(road, valid_to=clock.today().isoformat(), reason="hết hạn")
    assert officer.post(f"/freight/pacts/{pact.pk}/", ended).status_code == 302
    pact.refresh_from_db()
    assert pact.valid_to == clock.today()
    assert "hết hạn" in text(officer.get(f"/freight/pacts/{pact.pk}/"))
    assert "Biên bản ghi nhớ" in text(officer.get("/freight/pacts/?province=01"))


def test_pact_of_other_provinces_or_with_itself_is_refused(elsewhere, officer, road):
    text(elsewhere.post("/freight/pacts/new/", pact_of(road)), status=400)
    same = pact_of(road, b=road.start.province_id)
    text(officer.post("/freight/pacts/new/", same), status=400)
    assert not ProvincePact.objects.exists()
