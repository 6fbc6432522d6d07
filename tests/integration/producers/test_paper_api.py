"""Papers by JSON: the holder's own alone, every kind's fields, errors by field, history."""

from __future__ import annotations

import datetime as dt

import orjson
import pytest

from core.accounts.enums import Role
from core.kernel import clock
from producers import services
from producers.enums import EvidenceGrade
from producers.models import Paper
from tests.factories.accounts import MembershipFactory
from tests.factories.producers import PaperFactory, crop
from tests.factories.vault import document_with

pytestmark = pytest.mark.django_db
PAPERS = "/api/v1/papers"


@pytest.fixture
def send(client):
    def send(path, body=None, method="post"):
        if method == "get":
            return client.get(path)
        sent = b"" if body is None else orjson.dumps(body)
        return getattr(client, method)(path, data=sent, content_type="application/json")

    return send


CODE = {
    "kind": "growing_area_code", "number": "VN-QNOR-0001", "issuer": "Sở NN&MT", "market": "CN",
    "crop": "cam", "area_ha": "1049.32", "valid_from": "2026-01-01", "valid_to": "31/12/2027",
}  # fmt: skip


def test_a_code_is_handed_in_changed_verified_and_its_history_read(send, client):
    crop()
    row = send(PAPERS, CODE).json()
    assert (row["status"], row["purpose"], row["crop_code"]) == ("submitted", "export", "cam")
    assert (row["area_ha"], row["valid_to"], row["grade"]) == ("1049.32", "2027-12-31", "D")
    one = f"{PAPERS}/{row['id']}"
    changed = send(one, {"market": "VN"}, "patch").json()
    assert (changed["purpose"], changed["number"], changed["version"]) == (
        "domestic", CODE["number"], 2
    )  # fmt: skip
    services.verify_paper(paper_id=row["id"], grade=EvidenceGrade.REGISTER)
    assert send(one, {"market": "CN"}, "patch").status_code == 409
    assert send(one, method="delete").status_code == 409
    states = client.get(f"{one}/history").json()
    assert [(one["status"], one["grade"], one["version"]) for one in states] == [
        ("verified", "B", 3), ("submitted", "D", 2), ("submitted", "D", 1)
    ]  # fmt: skip
    found = client.get(f"{PAPERS}?status=verified&kind=growing_area_code").json()["results"]
    assert [one["id"] for one in found] == [row["id"]]
    assert client.get(f"{PAPERS}?status=revoked").json()["results"] == []


@pytest.mark.parametrize(
    ("body", "read"),
    [
        ({"kind": "ocop_award", "stars": 4, "score": "75.5"}, {"stars": 4, "score": "75.5"}),
        (
            {"kind": "self_declaration", "test_report_on": "2026-03-01", "test_lab": "Quatest 1"},
            {"test_report_on": "2026-03-01", "test_lab": "Quatest 1", "valid_to": None},
        ),
        ({"kind": "safe_commitment", "households": 70121}, {"households": 70121}),
        (
            {"kind": "storefront", "platform": "postmart", "stage": "activated"},
            {"platform": "postmart", "stage": "activated"},
        ),
    ],
)
def test_each_kind_says_what_it_says(send, product, body, read):
    if body["kind"] == "ocop_award":
        body = body | {"product": product.pk}
    row = send(PAPERS, {"number": "1", "issuer": "X", "valid_from": "2026-04-01"} | body).json()
    assert {name: row[name] for name in read} == read


def test_an_award_without_a_last_day_ends_after_36_months(send, product):
    award = {"kind": "ocop_award", "product": product.pk, "stars": 3, "issuer": "UBND huyện"}
    row = send(PAPERS, award | {"number": "1", "valid_from": "2024-02-29"}).json()
    assert row["valid_to"] == "2027-02-28"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "diploma"}, "kind"),
        ({"kind": None}, "kind"),
        ({"number": "x" * 81}, "number"),
        ({"market": "XX"}, "market"),
        ({"market": ""}, "market"),
        ({"crop": "kim-cuong"}, "crop"),
        ({"area_ha": "0"}, "area_ha"),
        ({"area_ha": "1.234"}, "area_ha"),
        ({"stars": 3}, "stars"),
        ({"households": 3}, "households"),
        ({"product": 2**63}, "product"),
        ({"product": 0}, "product"),
        ({"valid_from": None}, "valid_from"),
        ({"valid_to": "2020-01-01"}, "valid_to"),
        ({"evidence_url": "javascript:alert(1)"}, "evidence_url"),
        ({"status": "verified"}, "status"),
        ({"grade": "A"}, "grade"),
        ({"producer_id": 1}, "producer_id"),
    ],
)
def test_a_wrong_value_is_named_at_its_field_and_nothing_is_stored(send, change, field):
    crop()
    answer = send(PAPERS, CODE | change)
    assert (answer.status_code, field in answer.json()["errors"]) == (400, True)
    assert not Paper.objects.exists()


def test_a_scan_stays_when_other_values_change(send, owner):
    scan = document_with(b"%PDF-1.7", organisation=owner.organisation)
    paper = PaperFactory(producer=owner.organisation.producer, document=scan)
    row = send(f"{PAPERS}/{paper.pk}", {"number": "VG-2"}, "patch").json()
    assert (row["number"], row["has_evidence"]) == ("VG-2", True)


def test_what_waits_is_taken_back(send, owner):
    paper = PaperFactory(producer=owner.organisation.producer)
    assert send(f"{PAPERS}/{paper.pk}", method="delete").status_code == 204
    assert not Paper.objects.exists()


def test_other_producers_papers_do_not_exist_and_viewers_write_nothing(send, client_for, owner):
    theirs = PaperFactory(verified=True, valid_to=clock.today() + dt.timedelta(days=9))
    for path, method in (("", "get"), ("", "patch"), ("", "delete"), ("/history", "get")):
        body = {} if method == "patch" else None
        assert send(f"{PAPERS}/{theirs.pk}{path}", body, method).status_code == 404
    own = PaperFactory(producer=owner.organisation.producer)
    viewer = client_for(MembershipFactory(organisation=owner.organisation, role=Role.VIEWER).user)
    assert viewer.get(f"{PAPERS}/{own.pk}").status_code == 200
    assert viewer.delete(f"{PAPERS}/{own.pk}").status_code == 403
    assert [one["id"] for one in viewer.get(PAPERS).json()["results"]] == [own.pk]
