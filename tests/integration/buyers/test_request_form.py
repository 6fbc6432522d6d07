"""The form of a request: read as people write, asked back when unclear, never emptied."""

from __future__ import annotations

import datetime as dt
import unicodedata

import pytest
from django.core.cache import cache
from django.urls import reverse

from buyers.enums import RequestStatus
from buyers.models import DemandRequest
from core.accounts.enums import OrganisationStatus
from core.kernel import clock
from tests.factories.accounts import MembershipFactory, OrganisationFactory
from tests.factories.buyers import DemandRequestFactory, category, unit

pytestmark = pytest.mark.django_db


def url(name: str, *args: int) -> str:
    return reverse(f"buyers:{name}", args=args)


def test_a_request_is_posted_and_published_from_one_page(client_for, owner, typed):
    response = client_for(owner.user).post(url("request_create"), typed(), follow=True)
    stored = DemandRequest.objects.get()
    assert response.redirect_chain == [(url("request_detail", stored.pk), 302)]
    assert (stored.status, stored.group_id) == (RequestStatus.PUBLISHED, owner.organisation_id)
    assert (str(stored.quantity), str(stored.quantity_base)) == ("1500.500", "6002.000")
    assert stored.price_ceiling_vnd_per_base == 25_000
    assert "6.002" in response.content.decode()


def test_the_least_a_buyer_types_is_enough(client_for, owner):
    category()
    unit("kg")
    client = client_for(owner.user)
    page = client.get(url("request_create"))
    form = page.context["form"]
    least = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    least |= {"words": "cam", "quantity": "500", "publish": "1"}
    response = client.post(url("request_create"), least, follow=True)
    stored = DemandRequest.objects.get()
    assert (stored.status, stored.category.code) == (RequestStatus.PUBLISHED, "B01-cam")
    assert stored.delivery_province_id == owner.organisation.province_id
    assert "“Cam”" in response.content.decode()


def test_amounts_typed_as_people_write_are_settled_and_said_again(client_for, owner, typed):
    unit("thung")
    change = {"quantity": "200 thùng x 10kg", "unit": "", "price_ceiling_vnd": "25k/kg"}
    response = client_for(owner.user).post(url("request_create"), typed(**change), follow=True)
    stored = DemandRequest.objects.get()
    assert (stored.quantity, stored.unit.code, stored.pack_size) == (200, "thung", 10)
    assert (stored.price_ceiling_vnd, stored.price_ceiling_vnd_per_base) == (250_000, 25_000)
    assert any("200 thùng x 10kg" in str(m) for m in response.context["messages"])


def test_a_price_with_two_readings_is_asked_back_and_chosen(client_for, owner, typed):
    client = client_for(owner.user)
    form = client.post(url("request_create"), typed(price_ceiling_vnd="25")).context["form"]
    assert list(form.errors) == ["price_ceiling_vnd"]
    chosen = {"price_ceiling_vnd": "25", "price_ceiling_vnd__reading": "25.000 ₫"}
    client.post(url("request_create"), typed(**chosen))
    assert DemandRequest.objects.get().price_ceiling_vnd == 25_000


def test_words_that_mean_several_things_are_asked_about_not_guessed(client_for, owner, typed):
    category()
    category("B02-canh", name="Cam canh", name_en="Canh orange", order=11)
    fuzzy = client_for(owner.user).post(url("request_create"), typed(words="ca", category=None))
    assert list(fuzzy.context["form"].errors) == ["category"]
    assert [c.code for c in fuzzy.context["form"].suggested] == ["B01-cam", "B02-canh"]


def test_unknown_words_say_what_to_do(client_for, owner, typed):
    response = client_for(owner.user, language="en").post(
        url("request_create"), typed(words="flux capacitor", category=None)
    )
    assert "Try a shorter, more common name" in response.content.decode()
    assert not DemandRequest.objects.exists()


PAST = (clock.today() - dt.timedelta(days=2)).isoformat()
WRONG = [
    ("words", ""),
    ("words", "\u200b\u200b"),
    ("words", "🍊"),
    ("words", "x" * 201),
    ("words", "x" * 1_500_000),
    ("category", "999999999"),
    ("category", "²"),
    ("category", "9" * 500),
    ("quantity", ""),
    ("quantity", "-5"),
    ("quantity", "0"),
    ("quantity", "１２"),
    ("quantity", "1_000"),
    ("quantity", "NaN"),
    ("quantity", "1,500"),
    ("quantity", "999999999999"),
    ("unit", "999999999"),
    ("unit", "kg"),
    ("period", "year"),
    ("needed_from", PAST),
    ("needed_from", "2026-13-01"),
    ("needed_to", PAST),
    ("needed_to", "9999-12-31"),
    ("price_ceiling_vnd", "0"),
    ("price_ceiling_vnd", "-1"),
    ("price_ceiling_vnd", "1.000.000.000.000"),
    ("price_ceiling_vnd", "rẻ"),
    ("delivery_province", "999999999"),
    ("banner", "999999999"),
    ("outlets", ["999999999"]),
    ("minimum_stars", "2"),
    ("required_papers", ["passport"]),
    ("market", "XX"),
    ("storage", "service"),
    ("note", "x" * 1001),
]


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(("field", "value"), WRONG)
def test_bad_input_is_told_at_its_field_and_nothing_typed_is_lost(
    client_for, owner, typed, field, value, language
):
    posted = typed(quantity="1500", price_ceiling_vnd="25000") | {field: value}
    response = client_for(owner.user, language=language).post(url("request_create"), posted)
    if field == "quantity" and value == "1,500" and language == "en":
        assert response.status_code == 302
        return
    form = response.context["form"]
    assert response.status_code == 200
    assert field in form.errors
    assert not DemandRequest.objects.exists()
    for name in ("words", "quantity", "note", "needed_to", "price_ceiling_vnd"):
        assert form[name].value() == posted[name]
    if len(str(value)) < 300 and isinstance(value, str):
        assert form[field].value() == value


def test_markup_in_words_is_shown_as_text(client_for, owner, typed):
    client = client_for(owner.user)
    hostile = "<script>alert(1)</script> cam {{7*7}}"
    response = client.post(url("request_create"), typed(words=hostile), follow=True)
    page = response.content.decode()
    assert "<script>alert(1)" not in page
    assert "{{7*7}}" in page


def test_decomposed_letters_are_stored_composed(client_for, owner, typed):
    decomposed = unicodedata.normalize("NFD", "chả mực Hạ Long")
    client_for(owner.user).post(url("request_create"), typed(words=decomposed))
    assert DemandRequest.objects.get().words == "chả mực Hạ Long"


def test_a_buyer_that_waits_for_approval_keeps_a_draft(client_for, typed):
    waiting = MembershipFactory(
        organisation=OrganisationFactory(buyer=True, status=OrganisationStatus.SUBMITTED)
    )
    client = client_for(waiting.user)
    client.post(url("request_create"), typed())
    stored = DemandRequest.objects.get()
    assert stored.status == RequestStatus.DRAFT
    client.post(url("request_publish", stored.pk))
    stored.refresh_from_db()
    assert stored.status == RequestStatus.DRAFT
    assert client_for().get(url("buyer_detail", stored.group_id)).status_code == 404


def test_editing_shows_what_is_stored_and_saves_the_change(client_for, owner, typed):
    stored = DemandRequestFactory(group=owner.organisation.buyer_group, published=True)
    client = client_for(owner.user)
    form = client.get(url("request_edit", stored.pk)).context["form"]
    assert (form["words"].value(), form["category"].value()) == (stored.words, stored.category_id)
    client.post(url("request_edit", stored.pk), typed(words="cam sành"))
    stored.refresh_from_db()
    assert (stored.words, stored.version) == ("cam sành", 3)


def test_each_step_of_a_request_has_its_page(client_for, owner):
    stored = DemandRequestFactory(group=owner.organisation.buyer_group)
    client = client_for(owner.user)
    for name, status in [
        ("request_publish", "published"),
        ("request_close", "closed"),
        ("request_reopen", "published"),
    ]:
        client.post(url(name, stored.pk))
        stored.refresh_from_db()
        assert stored.status == status
    client.post(url("request_copy", stored.pk))
    client.post(url("request_repeat", stored.pk), {"after": "week"})
    drafts = DemandRequest.objects.filter(status=RequestStatus.DRAFT, copied_from=stored)
    assert drafts.count() == 2
    for draft in drafts:
        client.post(url("request_discard", draft.pk))
    assert not drafts.all().exists()


def test_suggestions_and_the_total_appear_while_typing(client_for, owner):
    cam, kg = category(), unit("kg")
    client = client_for(owner.user)
    found = client.get(url("category_choices"), {"words": "cam vân"}).content.decode()
    assert f'value="{cam.pk}"' in found
    asked = {
        "quantity": "3", "unit": unit("tan").pk, "period": "week",
        "needed_from": "2027-01-04", "needed_to": "2027-01-31",
    }  # fmt: skip
    total = client.get(url("request_total"), asked).content.decode()
    assert "12\u00a0t" in total
    assert "12.000\u00a0kg" in total
    for nonsense in ({}, asked | {"quantity": "x"}, asked | {"needed_to": "2020-01-01"}):
        assert client.get(url("request_total"), nonsense).content.decode().strip() == ""
    assert kg.code == "kg"
    cache.clear()
