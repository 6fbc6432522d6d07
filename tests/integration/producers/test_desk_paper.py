"""One paper at the desk: the file beside the claim, what is odd, and what the holder changed."""

from __future__ import annotations

import re

import pytest

from producers import services
from producers.enums import PaperKind, PaperStatus
from tests.factories.accounts import (
    MembershipFactory,
    OfficerFactory,
    OrganisationFactory,
    province,
)
from tests.factories.producers import PaperFactory, ProducerFactory
from tests.factories.vault import document_with

pytestmark = pytest.mark.django_db
LINK = {"evidence_url": "https://so.vidu.example/1"}


def with_file(content, kind):
    paper = PaperFactory()
    holder = paper.producer.organisation
    paper.document = document_with(content, organisation=holder, type=kind)
    paper.save()
    return paper


def test_a_pdf_is_shown_in_the_page_and_only_to_officers_of_the_province(desk_client, client_for):
    paper = with_file(b"%PDF-1.7 x", "pdf")
    address = f"/officer/papers/{paper.pk}/file/"
    answer = desk_client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'self'" in policy
    assert answer["Cache-Control"] == "private, no-store"
    page = desk_client.get(f"/officer/papers/{paper.pk}/").content.decode()
    assert re.search(rf'<iframe[^>]+src="{address}', page)
    holder = MembershipFactory(organisation=paper.producer.organisation).user
    elsewhere = OfficerFactory(of=province("31", name="Hải Phòng"))
    for user in (holder, elsewhere):
        assert client_for(user).get(address).status_code == 404


def test_a_file_that_is_neither_picture_nor_pdf_is_never_shown(desk_client):
    paper = with_file(b"<script>alert(1)</script>", "png")
    assert desk_client.get(f"/officer/papers/{paper.pk}/file/").status_code == 404


def test_a_number_handed_in_elsewhere_is_told_without_names_of_other_provinces(desk_client):
    paper = PaperFactory(number="VN-QNOR-0001")
    here = PaperFactory(number="vn-qnor-0001")
    away = OrganisationFactory(
        name="Bí mật", province=province("31", name="Hải Phòng"), commune=None
    )
    PaperFactory(number="VN-QNOR-0001", producer=ProducerFactory(organisation=away))
    PaperFactory(number="VN-QNOR-0001", kind=PaperKind.HACCP)
    page = desk_client.get(f"/officer/papers/{paper.pk}/")
    same = page.context["same_number"]
    assert [one.pk for one in same.here] == [here.pk]
    assert list(same.elsewhere.values()) == [1]
    shown = page.content.decode()
    assert "Hải Phòng" in shown
    assert "Bí mật" not in shown
    rows = desk_client.get("/officer/papers/").context["rows"]
    assert {one.paper.pk: one.is_elsewhere for one in rows}[paper.pk] is True


def test_one_decision_for_many_products_is_not_odd(desk_client):
    paper = PaperFactory(award=True, number="12/QĐ-UBND")
    PaperFactory(award=True, number="12/QĐ-UBND")
    assert not desk_client.get(f"/officer/papers/{paper.pk}/").context["same_number"].is_any


def test_what_the_holder_changed_since_the_return_is_shown(desk_client):
    paper = PaperFactory(number="VG-1", issuer="Cũ", area_ha=None)
    services.return_paper(paper_id=paper.pk, reason="x")
    paper.refresh_from_db()
    assert desk_client.get(f"/officer/papers/{paper.pk}/").context["changes"] == []
    paper.number, paper.area_ha, paper.status = "VG-2", 3, PaperStatus.SUBMITTED
    paper.version += 1
    paper.save()
    changes = desk_client.get(f"/officer/papers/{paper.pk}/").context["changes"]
    assert [(one.before, one.after) for one in changes] == [("VG-1", "VG-2"), ("–", "3,00")]
