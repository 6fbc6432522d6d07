"""Offers typed as people write: settled in one unit, asked back, said again after saving."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import orjson
import pytest

from core.kernel import clock
from core.places.enums import AdminLevel
from producers.models import SupplyOffer
from tests.factories.producers import SupplyOfferFactory, unit

pytestmark = pytest.mark.django_db
NEW = "/producer/offers/new/"
PACKED = {"quantity": "200 thùng x 10kg", "unit": "", "price_vnd": "95k/kg"}
OFFERS = "/api/v1/offers"


@pytest.fixture(autouse=True)
def _units():
    for code in ("kg", "ta", "ta_dozen", "tan", "thung", "qua"):
        unit(code)


def saved(client, typed, **change):
    response = client.post(NEW, typed | change | {"draft": "1"}, follow=True)
    offer = SupplyOffer.objects.select_related("unit", "pack_unit").get()
    return offer, [str(message) for message in response.context["messages"]]


@pytest.mark.parametrize(
    ("change", "quantity", "code", "price"),
    [
        ({"quantity": "1,5 tấn"}, "1500", "kg", 95_000),
        ({"quantity": "3 tạ rưỡi", "unit": "", "price_vnd": "95k/kg"}, "3.5", "ta", 9_500_000),
        ({"quantity": "2 tấn 3 tạ", "price_vnd": "9,5 triệu/tạ"}, "2300", "kg", 95_000),
        ({"quantity": "200 thùng x 10kg"}, "2000", "kg", 95_000),
        (PACKED, "200", "thung", 950_000),
    ],
)
def test_amounts_are_settled_in_the_unit_chosen(client, typed, change, quantity, code, price):
    offer, _messages = saved(client, typed, **change)
    assert (offer.quantity, offer.unit.code, offer.price_vnd) == (Decimal(quantity), code, price)


def test_packs_typed_with_their_content_fill_both_fields_and_all_lots_follow(client, typed):
    change = PACKED | {"minimum_lot": "1 tạ"}
    offer, messages = saved(client, typed, **change)
    assert (offer.pack_size, offer.pack_unit.code, offer.quantity_base) == (10, "kg", 2000)
    assert offer.minimum_lot == 10
    assert any("1 tạ" in sentence and "10 thùng" in sentence for sentence in messages)


def test_days_in_words_are_kept_as_days_and_said_again(client, typed):
    year = clock.today().year + 1
    offer, messages = saved(
        client, typed, available_from=f"đầu tháng 3/{year}", available_to=f"cuối tháng 3/{year}"
    )
    assert (offer.available_from, offer.available_to) == (dt.date(year, 3, 1), dt.date(year, 3, 31))
    assert any(f"31/03/{year}" in sentence for sentence in messages)


def test_plain_figures_are_not_said_again(client, typed):
    _offer, messages = saved(client, typed)
    assert len(messages) == 1


def test_what_has_two_readings_is_asked_back_with_everything_kept_and_one_is_chosen(client, typed):
    sent = typed | {"quantity": "5 ta", "price_vnd": "95", "draft": "1"}
    response = client.post(NEW, sent)
    assert sorted(response.context["form"].errors) == ["price_vnd", "quantity"]
    page = response.content.decode()
    assert 'name="quantity__reading" value="5 tạ"' in page
    assert 'name="price_vnd__reading" value="95.000 ₫"' in page
    assert "Loại 1 🍊" in page
    chosen = {"quantity__reading": "5 tạ", "price_vnd__reading": "95.000 ₫"}
    client.post(NEW, sent | chosen)
    offer = SupplyOffer.objects.get()
    assert (offer.quantity, offer.unit.code, offer.price_vnd) == (Decimal(500), "kg", 95_000)


def test_a_reading_of_another_text_does_not_count(client, typed):
    sent = typed | {"quantity": "5 ta", "quantity__reading": "9 tạ", "draft": "1"}
    assert list(client.post(NEW, sent).context["form"].errors) == ["quantity"]
    assert SupplyOffer.objects.count() == 0


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"quantity": "20 thùng"}, "quantity"),
        ({"quantity": "5 ha", "unit": ""}, "quantity"),
        ({"quantity": "gần 1.500"}, "quantity"),
        ({"quantity": "30-40 tấn"}, "quantity"),
        ({"quantity": "5", "unit": ""}, "unit"),
        ({"minimum_lot": "1 quả"}, "minimum_lot"),
        ({"price_vnd": "25-30k/kg"}, "price_vnd"),
        ({"quantity": "3 tạ rưỡi", "unit": ""}, "price_vnd"),  # 95.000 for one tạ or one kg?
        ({"price_vnd": "100k/tá"}, "price_vnd"),
        ({"price_vnd": "5 USD"}, "price_vnd"),
        ({"available_to": "12/13/2027"}, "available_to"),
        ({"available_to": "30%"}, "available_to"),
    ],
)
def test_what_cannot_be_settled_is_said_at_its_field(client, typed, change, field):
    response = client.post(NEW, typed | change | {"draft": "1"})
    assert list(response.context["form"].errors) == [field]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("as=quantity&quantity=1,5+tấn", "= 1.500 kg"),
        ("as=quantity&quantity=5+ta", 'name="quantity__reading" value="5 tá"'),
        ("as=quantity-ha&area_ha=5+sào+Bắc+Bộ", "= 0,18 ha"),
        ("as=money&price_vnd=95k/kg", "= 95.000 ₫/kg"),
        ("as=day-last&available_to=cuối+tháng+2/2027", "= 28/02/2027"),
        ("as=day-last&available_to=<script>", ""),
        ("as=zzz&x=5", ""),
        ("", ""),
    ],
)
def test_what_is_understood_is_said_while_typing(client, query, said):
    page = client.get(f"/understood/?{query}").content.decode()
    assert said in page if said else not page.strip()


@pytest.fixture
def post(client):
    def send(address, body, verb="post"):
        return getattr(client, verb)(address, orjson.dumps(body), content_type="application/json")

    return send


@pytest.fixture
def body(product, owner):
    assert owner.organisation.province.level == AdminLevel.PROVINCE
    return {
        "product": product.pk,
        "quantity": "3 tạ rưỡi",
        "price_vnd": "95k/kg",
        "available_from": clock.today().isoformat(),
        "available_to": f"cuối tháng 3/{clock.today().year + 1}",
    }


def test_the_api_reads_the_same_texts(post, body):
    row = post(OFFERS, body).json()
    assert (row["quantity"], row["unit_code"], row["quantity_base"]) == ("3.5", "ta", "350")
    assert (row["lowest_price_vnd"], row["available_to"][-5:]) == (9_500_000, "03-31")
    changed = post(f"{OFFERS}/{row['id']}", {"quantity": "1,5 tấn"}, "patch").json()
    assert (changed["quantity"], changed["unit_code"]) == ("15", "ta")


@pytest.mark.parametrize(
    ("change", "values"),
    [
        ({"quantity": "1.500", "unit": "kg"}, ["1.5", "1500"]),
        ({"quantity": "5 ta"}, ["5", "5"]),
        ({"price_vnd": "25-30k"}, ["25000", "30000"]),
        ({"available_to": "30 Tết 2027"}, ["2027-02-05"]),
    ],
)
def test_the_api_asks_back_with_readings_to_send(post, body, change, values):
    answer = post(OFFERS, body | change)
    (problem,) = answer.json()["errors"].values()
    assert (answer.status_code, problem["code"]) == (400, "ambiguous")
    assert [reading["value"] for reading in problem["readings"]] == values
    assert SupplyOffer.objects.count() == 0


@pytest.mark.parametrize("plain", [1500, 1500.0, "1500", "1500.000", "1.500,0 kg"])
def test_plain_numbers_go_on_meaning_what_they_mean(post, body, plain):
    row = post(OFFERS, body | {"quantity": plain, "unit": "kg", "price_vnd": 95_000}).json()
    assert (row["quantity"], row["lowest_price_vnd"]) == ("1500", 95_000)


def test_what_the_api_gives_can_be_sent_back(post, client, owner):
    offer = SupplyOfferFactory(producer=owner.organisation.producer, quantity=Decimal("1.125"))
    row = client.get(f"{OFFERS}/{offer.pk}").json()
    again = post(f"{OFFERS}/{offer.pk}", {"quantity": row["quantity"]}, "patch")
    assert (row["quantity"], again.json()["quantity"]) == ("1.1250", "1.1250")


@pytest.mark.parametrize("wrong", [True, [], {}, "", " ", 1e300, -1, 0, "NaN", "9" * 5000])
@pytest.mark.parametrize("field", ["quantity", "price_vnd", "available_to"])
def test_wrong_kinds_are_refused_at_their_field(post, body, field, wrong):
    answer = post(OFFERS, body | {field: wrong})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
