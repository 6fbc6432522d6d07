"""The pages of one's own offers: typing, errors that keep what was typed, permissions, queries."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from core.accounts.enums import OrganisationStatus, Role
from core.kernel import clock
from core.outbox.models import OutboxMessage
from producers.enums import OfferStatus
from producers.models import SupplyOffer
from tests.factories.accounts import MembershipFactory, OfficerFactory, commune, province
from tests.factories.producers import SupplyOfferFactory, unit

pytestmark = pytest.mark.django_db
NEW = "/producer/offers/new/"


def test_publishing_from_the_form_announces_and_shows_the_offer(client, typed):
    response = client.post(NEW, typed | {"publish": "1"}, follow=True)
    offer = SupplyOffer.objects.get()
    assert response.redirect_chain == [(reverse("producers:offer_detail", args=[offer.pk]), 302)]
    assert (offer.status, offer.quantity_base) == (OfferStatus.PUBLISHED, Decimal("1500.5"))
    assert (offer.price_vnd, offer.note) == (95_000, "Loại 1 🍊")
    assert OutboxMessage.objects.count() == 1


def test_saving_a_draft_publishes_nothing(client, typed):
    client.post(NEW, typed | {"draft": "1"})
    assert SupplyOffer.objects.get().status == OfferStatus.DRAFT
    assert OutboxMessage.objects.count() == 0


def test_before_approval_the_draft_is_kept_and_the_page_says_why(client, owner, typed):
    owner.organisation.status = OrganisationStatus.SUBMITTED
    owner.organisation.submitted_at = clock.now()
    owner.organisation.save()
    response = client.post(NEW, typed | {"publish": "1"}, follow=True)
    assert SupplyOffer.objects.get().status == OfferStatus.DRAFT
    assert [m.level_tag for m in response.context["messages"]] == ["warning"]


@pytest.mark.parametrize(
    ("language", "typed_quantity", "stored"),
    [("vi", "1.500", "1500"), ("vi", "1,5", "1.5"), ("en", "1,500.5", "1500.5")],
)
def test_numbers_mean_what_the_reader_of_the_language_means(
    client_for, owner, typed, language, typed_quantity, stored
):
    client_for(owner.user, language=language).post(NEW, typed | {"quantity": typed_quantity})
    assert SupplyOffer.objects.get().quantity == Decimal(stored)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("quantity", ""),
        ("quantity", "-3"),
        ("quantity", "nhiều"),
        ("quantity", "１２"),
        ("quantity", "99999999999999999999"),
        ("price_vnd", "0"),
        ("price_vnd", "1000000000000"),
        ("available_to", "2020-01-01"),
        ("available_to", "31/02/2027"),
        ("available_to", "9999-12-31"),
        ("unit", "²"),
        ("product", "9" * 400),
        ("origin_province", "9" * 400),
        ("origin_province", "1"),
        ("storage", "hot"),
        ("note", "x" * 1001),
    ],
)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_an_error_stands_at_its_field_and_everything_typed_is_kept(
    client_for, owner, typed, field, value, language
):
    sent = typed | {"quantity": "7", field: value}
    response = client_for(owner.user, language=language).post(NEW, sent)
    assert response.status_code == 200
    form = response.context["form"]
    assert field in form.errors
    assert {name: form[name].value() for name in sent} == {k: str(v) for k, v in sent.items()}
    assert SupplyOffer.objects.count() == 0


def test_a_number_with_two_readings_is_asked_back(client, typed):
    form = client.post(NEW, typed | {"quantity": "1,500"}).context["form"]
    assert list(form.errors) == ["quantity"]
    assert "1.500" in form.errors["quantity"][0]
    assert "1,5 " in form.errors["quantity"][0]


def test_a_window_backwards_is_said_at_its_last_day(client, typed):
    sent = typed | {"available_to": (clock.today() - dt.timedelta(days=1)).isoformat()}
    response = client.post(NEW, sent)
    assert list(response.context["form"].errors) == ["available_to"]


def test_a_pack_without_content_says_what_to_type(client, typed):
    response = client.post(NEW, typed | {"unit": unit("thung").pk})
    assert sorted(response.context["form"].errors) == ["pack_size", "pack_unit"]


def test_a_commune_of_another_province_is_refused_and_the_list_follows_the_province(client, typed):
    other = province("31", name="Hải Phòng")
    there = commune("11413", name="Hồng Bàng", within=other)
    response = client.post(
        NEW, typed | {"origin_province": other.pk, "origin_commune": commune().pk}
    )
    form = response.context["form"]
    assert list(form.errors) == ["origin_commune"]
    assert list(form.fields["origin_commune"].queryset) == [there]


def test_revising_withdrawing_restoring_and_copying_through_the_pages(client, typed):
    client.post(NEW, typed | {"publish": "1"})
    offer = SupplyOffer.objects.get()
    client.post(f"/producer/offers/{offer.pk}/edit/", typed | {"quantity": "900"})
    assert client.get(f"/producer/offers/{offer.pk}/withdraw/").status_code == 200
    client.post(f"/producer/offers/{offer.pk}/withdraw/")
    client.post(f"/producer/offers/{offer.pk}/restore/")
    offer.refresh_from_db()
    assert (offer.status, offer.quantity, offer.version) == (OfferStatus.PUBLISHED, 900, 5)
    copy = client.get(f"{NEW}?copy={offer.pk}").context["form"]
    assert copy["quantity"].value() == "900"
    page = client.get(f"/producer/offers/{offer.pk}/")
    assert f'href="/producer/offers/{offer.pk}/edit/"' in page.content.decode()
    assert [e.status for e in page.context["history"]] == [
        "published",
        "withdrawn",
        "done",
        "published",
        "draft",
    ]


def test_a_draft_is_deleted_only_after_asking(client, owner):
    offer = SupplyOfferFactory(producer=owner.organisation.producer)
    client.get(f"/producer/offers/{offer.pk}/delete/")
    assert SupplyOffer.objects.exists()
    client.post(f"/producer/offers/{offer.pk}/delete/")
    assert not SupplyOffer.objects.exists()


PAGES = ("", "edit/", "withdraw/", "delete/")


@pytest.mark.parametrize("page", PAGES)
def test_another_producers_offer_does_not_exist(client, page):
    theirs = SupplyOfferFactory(published=True)
    assert client.get(f"/producer/offers/{theirs.pk}/{page}").status_code == 404
    assert client.get(f"/producer/offers/999999/{page}").status_code == 404


@pytest.mark.parametrize("step", ["publish", "withdraw", "restore", "delete"])
def test_another_producers_offer_cannot_be_changed(client, step):
    theirs = SupplyOfferFactory(published=True)
    assert client.post(f"/producer/offers/{theirs.pk}/{step}/").status_code == 404
    theirs.refresh_from_db()
    assert (theirs.status, theirs.version) == (OfferStatus.PUBLISHED, 1)


def test_a_viewer_looks_but_does_not_change(client_for, owner, typed):
    viewer = MembershipFactory(organisation=owner.organisation, role=Role.VIEWER)
    offer = SupplyOfferFactory(producer=owner.organisation.producer, published=True)
    client = client_for(viewer.user)
    assert client.get("/producer/offers/").status_code == 200
    assert client.get(f"/producer/offers/{offer.pk}/").status_code == 200
    assert client.post(NEW, typed).status_code == 403
    assert client.post(f"/producer/offers/{offer.pk}/withdraw/").status_code == 403
    assert SupplyOffer.objects.count() == 1


def test_a_buyer_an_officer_and_a_stranger_do_not_reach_the_pages(client_for):
    buyer = MembershipFactory(organisation__buyer=True)
    for client in (client_for(buyer.user), client_for(OfficerFactory())):
        assert client.get("/producer/offers/").status_code == 302
    assert client_for().get("/producer/offers/").url.startswith("/accounts/login/")


def test_a_get_never_withdraws(client, owner):
    offer = SupplyOfferFactory(producer=owner.organisation.producer, published=True)
    client.get(f"/producer/offers/{offer.pk}/withdraw/")
    assert client.get(f"/producer/offers/{offer.pk}/publish/").status_code == 405
    offer.refresh_from_db()
    assert offer.status == OfferStatus.PUBLISHED


def test_the_list_narrows_by_status_and_words_without_accents(client, owner):
    producer = owner.organisation.producer
    SupplyOfferFactory(producer=producer, published=True, product__name="Chả mực Hạ Long")
    SupplyOfferFactory(producer=producer, product__name="Cam Vạn Yên")

    def names(query):
        page = client.get(f"/producer/offers/?{query}").context["page_obj"]
        return [offer.product.name for offer in page]

    assert names("status=published") == ["Chả mực Hạ Long"]
    assert names("q=cha+muc") == ["Chả mực Hạ Long"]
    assert len(names("status=nonsense&page=zzz&q=")) == 2


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_queries_whatever_its_length(
    client, owner, count, django_assert_num_queries
):
    SupplyOfferFactory.create_batch(count, producer=owner.organisation.producer)
    client.get("/producer/offers/")
    with django_assert_num_queries(QUERIES_OF_LIST):
        client.get("/producer/offers/")


QUERIES_OF_LIST = 8
