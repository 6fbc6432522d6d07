"""What each kind of paper says, what it covers, and what is doubted rather than refused."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from core.kernel import clock
from core.kernel.errors import InvalidInputError
from producers import selectors, services
from producers.enums import EvidenceGrade, PaperKind, PaperStatus, Purpose
from producers.models import Paper
from producers.services import PaperInput
from producers.services.paper_doubts import doubts_of
from tests.factories.accounts import OfficerFactory
from tests.factories.producers import PaperFactory, ProductFactory, SupplyOfferFactory, category

pytestmark = pytest.mark.django_db


def claim(**changes) -> PaperInput:
    values = {
        "kind": "vietgap",
        "number": "VG-1",
        "issuer": "UBND huyện Vân Đồn",
        "valid_from": dt.date(2026, 1, 1),
        "valid_to": dt.date(2028, 12, 31),
    }
    return PaperInput(**(values | changes))


def award(product, **changes) -> PaperInput:
    values = {"kind": "ocop_award", "product_id": product.pk, "stars": 3, "valid_to": None}
    return claim(**(values | changes))


def submit(owner, values: PaperInput) -> Paper:
    return services.submit_paper(producer_id=owner.organisation.pk, values=values)


@pytest.mark.parametrize(
    ("decided", "last"),
    [
        (dt.date(2024, 2, 29), dt.date(2027, 2, 28)),
        (dt.date(2025, 2, 28), dt.date(2028, 2, 28)),
        (dt.date(2024, 5, 31), dt.date(2027, 5, 31)),
    ],
)
def test_an_award_lasts_36_months_also_from_29_february(owner, product, decided, last):
    assert submit(owner, award(product, valid_from=decided)).valid_to == last
    too_long = award(product, valid_from=decided, valid_to=last + dt.timedelta(days=1), number="2")
    with pytest.raises(InvalidInputError) as caught:
        submit(owner, too_long)
    assert list(caught.value.field_errors) == ["valid_to"]


@pytest.mark.parametrize(
    ("points", "stars"),
    [("29.99", 1), ("30", 2), ("49.99", 2), ("50", 3), ("69.5", 3), ("70", 4), ("90", 5)],
)
def test_points_mean_stars_by_half_open_steps(owner, product, points, stars):
    values = award(product, score=Decimal(points), stars=stars)
    assert submit(owner, values).score == Decimal(points)
    with pytest.raises(InvalidInputError) as caught:
        submit(owner, award(product, score=Decimal(points), stars=stars % 5 + 1, number="2"))
    assert list(caught.value.field_errors) == ["stars"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"score": Decimal(80)}, "score"),
        ({"test_lab": "Quatest 1"}, "test_lab"),
        ({"households": 3}, "households"),
        ({"platform": "shopee"}, "platform"),
        ({"kind": "storefront", "platform": "shopee"}, "stage"),
        ({"kind": "storefront", "stage": "account", "platform": "x"}, "platform"),
        ({"kind": "safe_commitment"}, "households"),
        ({"kind": "safe_commitment", "households": 0}, "households"),
        ({"kind": "self_declaration", "test_report_on": dt.date(2999, 1, 1)}, "test_report_on"),
        ({"kind": "self_declaration", "test_lab": "Quatest 1"}, "test_report_on"),
        ({"kind": "haccp", "crop_id": 1}, "crop"),
        ({"crop_id": 0}, "crop"),
        ({"lot": "L1"}, "lot"),
    ],
)
def test_what_a_kind_cannot_say_is_refused_at_its_field(owner, changes, field):
    with pytest.raises(InvalidInputError) as caught:
        submit(owner, claim(**changes))
    assert field in caught.value.field_errors


@pytest.mark.parametrize(
    ("market", "purpose"), [("VN", Purpose.DOMESTIC), ("CN", Purpose.EXPORT), ("", None)]
)
def test_the_market_of_a_code_says_its_purpose(market, purpose):
    assert Paper(market=market).purpose == purpose


def test_an_award_signed_by_a_district_that_is_gone_still_counts(owner, product):
    offer = SupplyOfferFactory(producer=product.producer, product=product, published=True)
    PaperFactory(
        award=True, verified=True, producer=product.producer, product=product, stars=3,
        issuer="UBND huyện Vân Đồn",
    )  # fmt: skip
    paper = Paper.objects.get()
    assert (paper.issuer, len(selectors.offer_facts([offer.pk])[0].papers)) == (
        "UBND huyện Vân Đồn", 1
    )  # fmt: skip


def test_a_commitment_is_never_more_than_a_claim(owner):
    paper = submit(owner, claim(kind="safe_commitment", households=70_121, valid_to=None))
    services.verify_paper(paper_id=paper.pk, grade=EvidenceGrade.DOCUMENT)
    paper.refresh_from_db()
    assert (paper.status, paper.grade) == ("verified", EvidenceGrade.CLAIM)


def test_a_paper_for_one_crop_covers_that_crop_alone():
    oranges, hens = category(), category("ga", name="Gà", order=2)
    offer = SupplyOfferFactory(published=True, product__category=oranges)
    producer = offer.producer
    other = SupplyOfferFactory(
        producer=producer, published=True, product=ProductFactory(producer=producer, category=hens)
    )
    paper = PaperFactory(producer=producer, verified=True, crop=oranges)
    facts = selectors.offer_facts([offer.pk, other.pk])
    assert [len(one.papers) for one in facts] == [1, 0]
    assert selectors.offers_resting_on_paper(paper.pk) == [offer.pk]


def test_a_paper_for_one_lot_carries_no_offer():
    offer = SupplyOfferFactory(published=True)
    paper = PaperFactory(producer=offer.producer, verified=True, lot="L-2026-01")
    assert selectors.offer_facts([offer.pk])[0].papers == ()
    assert selectors.offers_resting_on_paper(paper.pk) == []


@pytest.mark.parametrize(
    ("changes", "doubted"),
    [
        ({"kind": PaperKind.GROWING_AREA_CODE, "market": "CN", "number": "VN-QNOR-0001"}, 0),
        ({"kind": PaperKind.GROWING_AREA_CODE, "market": "CN", "number": "QN 1"}, 1),
        ({"kind": PaperKind.PACKING_FACILITY_CODE, "market": "CN", "number": "vn-qnph-001"}, 0),
        ({"kind": PaperKind.FOOD_SAFETY, "number": "12/2026/GCNATTP-QN"}, 0),
        ({"kind": PaperKind.VIETGAP, "valid_to": dt.date(2099, 1, 1)}, 1),
        ({"kind": PaperKind.SELF_DECLARATION, "test_report_on": dt.date(2020, 2, 29)}, 1),
        ({"kind": PaperKind.TRACE_LINK}, 0),
    ],
)
def test_odd_looks_are_doubted_not_refused(changes, doubted):
    assert len(doubts_of(PaperFactory(**changes))) == doubted


def test_the_holder_and_the_officer_read_the_doubt(client, client_for, owner):
    typed = {"number": "GGN?", "issuer": "X", "valid_from": "01/02/2026", "valid_to": "2026-12-31"}
    page = client.post("/producer/papers/new/?kind=globalgap", typed, follow=True)
    assert "4049928000011" in page.content.decode()
    paper = Paper.objects.get()
    page = client_for(OfficerFactory()).get(f"/officer/papers/{paper.pk}/")
    assert len(page.context["doubts"]) == 1


@pytest.mark.parametrize("kind", list(PaperKind))
def test_every_kind_has_a_page_to_hand_it_in(client, product, kind):
    assert client.get(f"/producer/papers/new/?kind={kind}").status_code == 200


def test_a_shop_moves_on_and_the_desk_counts_the_funnel(client, client_for, owner):
    typed = {
        "number": "cam-van-don", "issuer": "Postmart", "valid_from": "01/02/2026",
        "platform": "postmart", "stage": "account",
    }  # fmt: skip
    client.post("/producer/papers/new/?kind=storefront", typed)
    paper = Paper.objects.get()
    services.verify_paper(paper_id=paper.pk, grade=EvidenceGrade.REGISTER)
    client.post(f"/producer/papers/{paper.pk}/", typed | {"stage": "activated"})
    paper.refresh_from_db()
    assert (paper.stage, paper.status) == ("activated", PaperStatus.SUBMITTED)
    desk = client_for(OfficerFactory()).get("/officer/papers/")
    assert desk.context["funnel"] == {"account": 1, "activated": 1, "operating": 0}


def test_a_declaration_keeps_its_test_report(client, owner):
    typed = {
        "number": "01/TCB", "issuer": "HTX", "valid_from": "01/02/2026", "lot": "L1",
        "test_report_on": "15/01/2026", "test_lab": "Quatest 1",
    }  # fmt: skip
    client.post("/producer/papers/new/?kind=self_declaration", typed)
    paper = Paper.objects.get()
    assert (paper.test_report_on, paper.test_lab, paper.lot) == (
        dt.date(2026, 1, 15), "Quatest 1", "L1"
    )  # fmt: skip
    form = client.get(f"/producer/papers/{paper.pk}/").context["form"]
    assert form["test_lab"].value() == "Quatest 1"
    assert clock.today() > paper.test_report_on
