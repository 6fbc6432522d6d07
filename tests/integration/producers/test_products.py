"""Products, profile, photos and the public pages."""

from __future__ import annotations

import html
import io

import pytest
from PIL import Image

from core.accounts.enums import Role
from core.kernel.errors import IllegalTransitionError
from core.outbox.models import OutboxMessage
from producers import services
from producers.forms.base import AGAIN
from producers.models import Producer, Product
from producers.services import ProductInput
from tests.factories.accounts import MembershipFactory, OrganisationFactory
from tests.factories.producers import (
    PaperFactory,
    ProducerFactory,
    ProductFactory,
    SupplyOfferFactory,
    category,
)
from tests.integration.producers.conftest import picture, upload

pytestmark = pytest.mark.django_db
NEW = "/producer/products/new/"


def typed(**changes):
    values = {"name": "Chả mực Hạ Long", "category": category().pk, "storage": "frozen"}
    return values | changes


def test_a_name_in_nfd_with_invisible_letters_is_the_name_in_nfc(client):
    import unicodedata

    nfd = unicodedata.normalize("NFD", "Chả mực\u200b  Hạ Long 🦑")
    client.post(NEW, typed(name=nfd))
    product = Product.objects.get()
    assert (product.name, product.name_folded) == ("Chả mực Hạ Long 🦑", "cha muc ha long")


def test_the_same_name_in_other_capitals_is_refused_and_kept(client):
    client.post(NEW, typed())
    form = client.post(NEW, typed(name="CHA MUC HA LONG")).context["form"]
    assert (list(form.errors), form["name"].value()) == (["name"], "CHA MUC HA LONG")


def test_names_of_emoji_alone_are_told_apart(client):
    client.post(NEW, typed(name="🍊"))
    client.post(NEW, typed(name="🦑"))
    assert Product.objects.count() == 2


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "\u200b\u200b"),
        ("name", "\u00a0"),
        ("name", "x" * 201),
        ("name", "x" * 1_500_000),
        ("category", ""),
        ("category", "0"),
        ("category", "²"),
        ("storage", ""),
        ("storage", "hot"),
        ("shelf_life_days", "0"),
        ("shelf_life_days", "3651"),
        ("shelf_life_days", "-1"),
        ("gtin", "8936000000012"),
        ("gtin", "123"),
        ("description", "x" * 4001),
    ],
)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_an_error_stands_at_its_field_and_everything_typed_is_kept(
    client_for, owner, field, value, language
):
    sent = typed(**{"name": "Nem chua", field: value})
    form = client_for(owner.user, language=language).post(NEW, sent).context["form"]
    assert list(form.errors) == [field]
    assert {name: form[name].value() for name in sent} == {k: str(v) for k, v in sent.items()}
    assert Product.objects.count() == 0


def test_a_name_of_200_letters_is_kept_whole_whatever_folding_makes_of_it(client):
    client.post(NEW, typed(name="ß" * 200))
    assert len(Product.objects.get().name) == 200


def test_without_a_category_the_name_suggests_some(client):
    category("cam", name="Cam")
    form = client.post(NEW, typed(name="Cam sành", category="")).context["form"]
    assert "Cam" in form.errors["category"][1]


def test_markup_in_a_name_is_shown_as_text(client):
    client.post(NEW, typed(name="<script>alert(1)</script>{{7*7}}"))
    page = client.get("/producer/products/").content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{7*7}}" in page


def test_a_product_that_matching_sees_anew_refreshes_its_published_offers():
    offer = SupplyOfferFactory(published=True)
    SupplyOfferFactory(producer=offer.producer, product=offer.product)
    now = {"name": offer.product.name, "category_id": category().pk, "storage": "chilled"}
    services.revise_product(
        product_id=offer.product_id, values=ProductInput(**now, description="Mới")
    )
    assert OutboxMessage.objects.count() == 0
    services.revise_product(
        product_id=offer.product_id, values=ProductInput(**now, shelf_life_days=5)
    )
    message = OutboxMessage.objects.get()
    assert (message.type, message.aggregate_id, message.aggregate_version) == (
        "producers.supply_offer.changed.v1",
        offer.pk,
        2,
    )


def test_a_product_on_the_market_is_not_archived(client, owner):
    offer = SupplyOfferFactory(producer=owner.organisation.producer, published=True)
    with pytest.raises(IllegalTransitionError):
        services.archive_product(product_id=offer.product_id)
    assert client.post(f"/producer/products/{offer.product_id}/archive/").status_code == 409


def test_archiving_asks_and_can_be_undone(client, product):
    client.get(f"/producer/products/{product.pk}/archive/")
    client.post(f"/producer/products/{product.pk}/archive/")
    assert list(client.get("/producer/products/").context["page_obj"]) == []
    assert list(client.get("/producer/products/?archived=1").context["page_obj"]) == [product]
    client.post(f"/producer/products/{product.pk}/restore/")
    product.refresh_from_db()
    assert not product.is_archived


def test_a_name_taken_meanwhile_keeps_the_product_in_the_archive(client, product):
    services.archive_product(product_id=product.pk)
    ProductFactory(producer=product.producer, name=product.name)
    client.post(f"/producer/products/{product.pk}/restore/")
    product.refresh_from_db()
    assert product.is_archived


@pytest.mark.parametrize("page", ["", "archive/", "restore/"])
def test_another_producers_product_does_not_exist(client, page):
    theirs = ProductFactory()
    assert client.post(f"/producer/products/{theirs.pk}/{page}", typed()).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_queries_whatever_its_length(
    client, owner, count, django_assert_num_queries
):
    ProductFactory.create_batch(count, producer=owner.organisation.producer)
    client.get("/producer/products/")
    with django_assert_num_queries(QUERIES_OF_LIST):
        client.get("/producer/products/")


QUERIES_OF_LIST = 7


# --- Photos -----------------------------------------------------------------------------------


def test_a_photo_is_made_anew_without_exif_and_at_most_1600_pixels(client):
    exif = Image.Exif()
    exif[0x0110] = "Phone of Hương"
    big = picture("JPEG", (3000, 1500), exif=exif)
    client.post(NEW, typed(photo=upload(big, "../../evil.html", "text/html")))
    product = Product.objects.get()
    assert product.photo.name.endswith(".jpg")
    answer = client.get(f"/products/{product.pk}/photo/")
    shown = Image.open(io.BytesIO(answer.content))
    assert (shown.format, shown.size, dict(shown.getexif())) == ("JPEG", (1600, 800), {})
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_the_three_kinds_of_pictures_are_taken(client, kind):
    client.post(NEW, typed(photo=upload(picture(kind))))
    assert Product.objects.get().photo


def huge_png() -> bytes:
    out = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"<html><script>alert(1)</script>",
        b"GIF89a/*" + b"x" * 99 + b"*/=alert(1)",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        picture()[:40],
        picture("GIF"),
        picture("TIFF"),
        b"x" * (5 * 1024 * 1024 + 1),
        huge_png(),
        b"",
    ],
    ids=["html", "gif-js", "svg", "cut-off", "gif", "tiff", "too-large", "bomb", "empty"],
)
def test_what_is_no_picture_is_refused_at_its_field_and_the_rest_is_kept(client, content):
    response = client.post(NEW, typed(photo=upload(content)))
    form = response.context["form"]
    assert (list(form.errors), form["name"].value()) == (["photo"], "Chả mực Hạ Long")
    assert Product.objects.count() == 0


def test_a_refused_form_asks_for_its_good_photo_again(client):
    page = client.post(NEW, typed(name="", photo=upload(picture()))).content.decode()
    assert str(AGAIN) in html.unescape(page)


def test_a_replaced_and_a_removed_photo_leave_the_disk(client, django_capture_on_commit_callbacks):
    client.post(NEW, typed(photo=upload(picture())))
    product = Product.objects.get()
    first = product.photo
    url = f"/producer/products/{product.pk}/"
    with django_capture_on_commit_callbacks(execute=True):
        client.post(url, typed(photo=upload(picture("JPEG"))))
    assert not first.storage.exists(first.name)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(url, typed(remove_photo="on"))
    product.refresh_from_db()
    assert not product.photo


# --- Public pages -----------------------------------------------------------------------------


def test_a_stranger_sees_an_approved_producer_without_contact_data_or_prices(client_for):
    offer = SupplyOfferFactory(published=True, producer__summary="Cam sạch")
    PaperFactory(producer=offer.producer, verified=True, number="VG-PUBLIC")
    organisation = offer.producer.organisation
    client = client_for()
    for url in (f"/producers/{organisation.pk}/", f"/products/{offer.product_id}/"):
        page = client.get(url).content.decode()
        assert offer.product.name in page
        for secret in (
            organisation.contact_name,
            organisation.contact_email,
            "912345678",
            organisation.tax_code,
            "30.000",
        ):
            assert secret not in page


def test_nothing_is_public_before_approval(client_for):
    product = ProductFactory(producer__organisation=OrganisationFactory(submitted=True))
    client = client_for()
    for url in (
        f"/producers/{product.producer_id}/",
        f"/producers/{product.producer_id}/logo/",
        f"/products/{product.pk}/",
        f"/products/{product.pk}/photo/",
        "/products/" + "9" * 5000 + "/",
    ):
        assert client.get(url).status_code == 404


def test_an_archived_product_is_not_public(client_for):
    product = ProductFactory(is_archived=True)
    assert client_for().get(f"/products/{product.pk}/").status_code == 404


# --- Profile ----------------------------------------------------------------------------------


def test_the_profile_says_what_is_missing_and_is_saved(client, owner):
    before = client.get("/producer/profile/").context
    assert (before["share"], len(before["missing"])) == (1 / 7, 6)  # invoices are answered
    sent = {
        "summary": "Cam sạch ven biển",
        "story": "Dòng một\r\nDòng hai",
        "website": "https://example.vn",
        "can_issue_invoice": "false",
        "households": "12",
        "logo": upload(picture()),
    }
    assert client.post("/producer/profile/", sent).status_code == 302
    producer = Producer.objects.get()
    assert (producer.story, producer.can_issue_invoice) == ("Dòng một\nDòng hai", False)
    assert client.get(f"/producers/{producer.pk}/logo/").status_code == 200
    assert len(client.get("/producer/profile/").context["missing"]) == 4


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("website", "javascript:alert(1)"),
        ("website", "không phải địa chỉ"),
        ("summary", "x" * 201),
        ("households", "-1"),
        ("households", "9" * 40),
    ],
)
def test_a_wrong_answer_is_kept_and_said_at_its_field(client, field, value):
    form = client.post("/producer/profile/", {field: value}).context["form"]
    assert (list(form.errors), form[field].value()) == ([field], value)


def test_a_viewer_sees_the_profile_but_does_not_change_it(client_for, owner):
    viewer = MembershipFactory(organisation=owner.organisation, role=Role.VIEWER)
    client = client_for(viewer.user)
    assert client.get("/producer/profile/").status_code == 200
    assert client.post("/producer/profile/", {"summary": "x"}).status_code == 403


def test_the_role_home_shows_drafts_and_papers(client, owner):
    producer = ProducerFactory._meta.model.objects.get(pk=owner.organisation.pk)
    draft = SupplyOfferFactory(producer=producer)
    page = client.get("/home/").content.decode()
    assert draft.product.name in page
