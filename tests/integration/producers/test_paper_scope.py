"""What codes and commitments say of themselves: capacity, crops, communes; by form, API and row."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from core.kernel import clock
from core.kernel.errors import InvalidInputError
from producers import selectors, services
from producers.models import Paper
from producers.services import PaperInput
from tests.factories.accounts import OfficerFactory, commune, province
from tests.factories.producers import PaperFactory, ProductFactory, category, crop

pytestmark = pytest.mark.django_db
NEW = "/producer/papers/new/"
CODE = {
    "number": "VN-QNPH-001", "issuer": "Chi cục", "valid_from": "01/02/2026",
    "valid_to": "2029-01-31", "market": "CN", "daily_capacity_kg": "2,5 tấn",
}  # fmt: skip


def code_of(owner, **changes) -> Paper:
    values = {
        "kind": "packing_facility_code", "number": "VN-QNPH-001", "issuer": "Chi cục",
        "valid_from": clock.today(), "valid_to": clock.today() + dt.timedelta(days=99),
        "market": "CN", "daily_capacity_kg": Decimal(2500),
    }  # fmt: skip
    return services.submit_paper(
        producer_id=owner.organisation.pk, values=PaperInput(**(values | changes))
    )


def test_a_packing_code_is_handed_in_with_crop_and_capacity_and_shown(client, client_for, owner):
    oranges = crop()
    crop_id, kind = oranges.parent_id, "packing_facility_code"
    assert client.post(f"{NEW}?kind={kind}", CODE | {"crop": crop_id}).status_code == 302
    paper = Paper.objects.get()
    assert (paper.daily_capacity_kg, paper.crop) == (Decimal(2500), oranges.parent)
    record = client.get(f"/producer/papers/{paper.pk}/record/").text
    desk = client_for(OfficerFactory()).get(f"/officer/papers/{paper.pk}/").text
    for page in (record, desk):
        assert "2.500\N{NO-BREAK SPACE}kg" in page
        assert "Rau, củ, quả" in page


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"daily_capacity_kg": Decimal(0)}, "daily_capacity_kg"),
        ({"daily_capacity_kg": Decimal("0.001")}, "daily_capacity_kg"),
        ({"daily_capacity_kg": Decimal(10_000_001)}, "daily_capacity_kg"),
        ({"kind": "vietgap", "market": ""}, "daily_capacity_kg"),
        ({"commune_id": 1}, "commune"),
    ],
)
def test_a_capacity_that_cannot_be_meant_is_refused_at_its_field(owner, changes, field):
    with pytest.raises(InvalidInputError) as caught:
        code_of(owner, **changes)
    assert list(caught.value.field_errors) == [field]


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "vietgap", "daily_capacity_kg": 5},
        {"kind": "packing_facility_code", "market": "CN", "daily_capacity_kg": 0},
        {"kind": "vietgap", "commune": commune},
    ],
)
def test_the_database_keeps_capacity_and_commune_where_they_belong(owner, wrong):
    values = {name: value() if callable(value) else value for name, value in wrong.items()}
    with pytest.raises(IntegrityError), transaction.atomic():
        PaperFactory(producer=owner.organisation.producer, **values)


def test_a_facility_hands_its_code_in_once_for_each_crop(owner):
    oranges, pomelos = crop(), crop("buoi", name="Bưởi", order=2)
    for one in (oranges, pomelos):
        code_of(owner, crop_id=one.pk)
    code_of(owner)
    for again in (oranges.pk, None):
        with pytest.raises(InvalidInputError) as caught:
            code_of(owner, crop_id=again)
        assert list(caught.value.field_errors) == ["number"]
    assert Paper.objects.count() == 3


def test_capacity_counts_each_facility_once_and_only_for_its_crop(owner):
    oranges, pomelos = crop(), crop("buoi", name="Bưởi", order=2)
    producer = owner.organisation.producer
    product = ProductFactory(producer=producer, category=oranges)
    facts = {"producer": producer, "verified": True, "kind": "packing_facility_code"}
    for number, market, kg, of in (
        ("PH-1", "CN", 3000, oranges), ("PH-1", "JP", 3000, None), ("PH-2", "CN", 500, None),
        ("PH-3", "CN", 9000, pomelos),
    ):  # fmt: skip
        PaperFactory(**facts, number=number, market=market, daily_capacity_kg=kg, crop=of)
    PaperFactory(**facts | {"verified": False}, number="PH-4", market="CN", daily_capacity_kg=1)
    assert selectors.packing_kg_a_day(product) == Decimal(3500)


def test_a_list_of_households_says_its_commune_or_takes_the_holders_own(client, owner):
    near, far = commune(), commune("00001", name="Xa", within=province("01", name="Hà Nội"))
    owner.organisation.commune = near
    owner.organisation.save()
    form = client.get(f"{NEW}?kind=safe_commitment").context["form"]
    assert (form["commune"].value(), far in form.fields["commune"].queryset) == (near.pk, False)
    values = {
        "kind": "safe_commitment", "number": "DS-1", "issuer": "UBND", "households": 35,
        "valid_from": clock.today(),
    }  # fmt: skip
    made = services.submit_paper(producer_id=owner.organisation.pk, values=PaperInput(**values))
    assert made.commune == near
    with pytest.raises(InvalidInputError) as caught:
        services.check_paper(
            producer_id=owner.organisation.pk, values=PaperInput(**values, commune_id=far.pk)
        )
    assert list(caught.value.field_errors) == ["commune"]
    assert str(near) in client.get(f"/producer/papers/{made.pk}/record/").text


def test_crops_stand_in_groups_and_a_homestay_is_none(client, owner):
    oranges, homestay = crop(), category("homestay", name="Homestay", order=9)
    form = client.get(f"{NEW}?kind=growing_area_code").context["form"]
    _none, (name, options) = form.fields["crop"].choices
    assert (name, [pk for pk, _label in options]) == (
        "Rau, củ, quả", [oranges.parent_id, oranges.pk]
    )  # fmt: skip
    values = {"kind": "growing_area_code", "daily_capacity_kg": None}
    code_of(owner, **values, crop_id=oranges.pk)
    with pytest.raises(InvalidInputError) as caught:
        code_of(owner, **values, crop_id=homestay.pk, number="VN-QNOR-0002")
    assert list(caught.value.field_errors) == ["crop"]


def test_a_link_from_a_gap_chooses_kind_product_and_market_and_leads_back(client, product):
    other = ProductFactory()
    back = f"/readiness/{product.pk}/"
    query = f"{NEW}?kind=packing_facility_code&product={product.pk}&market=CN&next={back}"
    page = client.get(query)
    form = page.context["form"]
    assert (form["product"].value(), form["market"].value()) == (product.pk, "CN")
    assert f'href="{back}"' in page.text
    assert client.post(query, CODE | {"product": product.pk}).url == back
    for product_id in (other.pk, "x", "9" * 40):
        found = client.get(f"{NEW}?kind=vietgap&product={product_id}")
        assert found.context["form"]["product"].value() is None


@pytest.mark.parametrize("away", ["https://x.vn/", "//x.vn", "/\\x.vn", "x", "/" + "a" * 400])
def test_a_form_never_leads_to_another_portal(client, away):
    typed = CODE | {"daily_capacity_kg": ""}
    answer = client.post(f"{NEW}?kind=packing_facility_code&next={away}", typed)
    assert answer.url == f"/producer/papers/{Paper.objects.get().pk}/record/"
