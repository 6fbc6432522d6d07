"""The holder's pages of papers: the record with its history, renewing, what an offer rests on."""

from __future__ import annotations

import datetime as dt

import pytest

from core.kernel import clock
from producers import services
from producers.enums import EvidenceGrade, PaperKind, PaperStatus
from producers.services import PaperInput
from tests.factories.producers import PaperFactory, SupplyOfferFactory

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def test_the_holder_reads_the_whole_history_with_reasons(client, owner):
    paper = PaperFactory(producer=owner.organisation.producer)
    services.return_paper(paper_id=paper.pk, reason="Bản chụp mờ")
    changed = PaperInput(
        kind=paper.kind, number="VG-moi", issuer=paper.issuer, valid_from=paper.valid_from,
        valid_to=paper.valid_to,
    )  # fmt: skip
    services.resubmit_paper(paper_id=paper.pk, values=changed)
    services.verify_paper(paper_id=paper.pk, grade=EvidenceGrade.REGISTER)
    services.suspend_paper(paper_id=paper.pk, reason="Kiểm tra lại")
    answer = client.get(f"/producer/papers/{paper.pk}/record/")
    history = answer.context["history"]
    assert [entry.status for entry in history] == [
        "suspended", "verified", "submitted", "returned", "submitted"
    ]  # fmt: skip
    assert [history[at].note for at in (0, 3)] == ["Kiểm tra lại", "Bản chụp mờ"]


def test_a_decided_paper_leads_from_the_form_to_its_record(client, owner):
    paper = PaperFactory(producer=owner.organisation.producer, verified=True)
    assert client.get(f"/producer/papers/{paper.pk}/").url == f"/producer/papers/{paper.pk}/record/"


@pytest.mark.parametrize("kind", [PaperKind.VIETGAP, PaperKind.GROWING_AREA_CODE])
def test_renewing_fills_in_what_stays_the_same(client, owner, kind):
    market = "CN" if kind == PaperKind.GROWING_AREA_CODE else ""
    paper = PaperFactory(
        producer=owner.organisation.producer, verified=True, kind=kind, market=market,
        valid_to=clock.today() + 5 * DAY,
    )  # fmt: skip
    link = f"/producer/papers/new/?kind={kind}&amp;renews={paper.pk}"
    for page in ("/producer/papers/", f"/producer/papers/{paper.pk}/record/"):
        assert link in client.get(page).content.decode()
    form = client.get(link.replace("&amp;", "&")).context["form"]
    assert form["issuer"].value() == paper.issuer
    assert form["number"].value() == (paper.number if market else None)
    assert form["valid_from"].value() == paper.valid_to + DAY
    assert form["valid_to"].value() is None
    PaperFactory(
        producer=paper.producer, kind=kind, market=market, number=paper.number,
        valid_from=paper.valid_to + DAY, valid_to=paper.valid_to + 99 * DAY,
    )  # fmt: skip
    for page in ("/producer/papers/", f"/producer/papers/{paper.pk}/record/"):
        assert link not in client.get(page).content.decode()


@pytest.mark.parametrize("renews", ["0", "x", "9" * 30, "-1", "²", ""])
def test_renewing_what_is_not_there_is_an_empty_form(client, renews):
    answer = client.get("/producer/papers/new/", {"kind": "vietgap", "renews": renews})
    assert (answer.status_code, answer.context["form"]["issuer"].value()) == (200, None)


def test_an_offer_says_which_paper_under_it_counts_no_longer(client, owner):
    producer = owner.organisation.producer
    offer = SupplyOfferFactory(producer=producer, published=True)
    paper = PaperFactory(producer=producer, verified=True)
    PaperFactory(producer=producer, kind=PaperKind.HALAL, status=PaperStatus.REVOKED, lot="L1")
    record = f"/producer/papers/{paper.pk}/record/"
    assert client.get(f"/producer/offers/{offer.pk}/").context["lost_papers"] == []
    services.suspend_paper(paper_id=paper.pk, reason="x")
    page = client.get(f"/producer/offers/{offer.pk}/")
    assert page.context["lost_papers"] == [paper]
    assert record in page.content.decode()
    PaperFactory(producer=producer, verified=True)
    assert client.get(f"/producer/offers/{offer.pk}/").context["lost_papers"] == []
