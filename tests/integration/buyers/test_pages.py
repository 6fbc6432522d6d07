"""Pages of buyers: what is typed stays, what is foreign is absent, queries do not multiply."""

from __future__ import annotations

import datetime as dt
import unicodedata

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from buyers.enums import RequestStatus
from buyers.models import Banner, DemandRequest, Outlet
from core.accounts.enums import OrganisationStatus, Role
from core.kernel import clock
from tests.factories.accounts import (
    MembershipFactory,
    OfficerFactory,
    OrganisationFactory,
    province,
)
from tests.factories.buyers import (
    BannerFactory,
    BuyerGroupFactory,
    DemandRequestFactory,
    OutletFactory,
    category,
    unit,
)

pytestmark = pytest.mark.django_db


def url(name: str, *args: int) -> str:
    return reverse(f"buyers:{name}", args=args)


@pytest.fixture
def typed():
    """Return a maker of what a browser posts for a plain request."""

    def make(**changed) -> dict:
        first = clock.today() + dt.timedelta(days=1)
        values = {
            "words": "cam Vân Đồn loại 1",
            "category": category().pk,
            "quantity": "1.500,5",
            "unit": unit("kg").pk,
            "period": "week",
            "needed_from": first.isoformat(),
            "needed_to": (first + dt.timedelta(days=27)).isoformat(),
            "price_ceiling_vnd": "25k",
            "delivery_province": province().pk,
            "minimum_stars": "3",
            "required_papers": ["vietgap"],
            "market": "VN",
            "note": "Giao buổi sáng.",
            "publish": "1",
        }
        return {k: v for k, v in (values | changed).items() if v is not None}

    return make


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


REQUEST_PAGES = [
    "request_detail",
    "request_edit",
    "request_close",
    "request_reopen",
    "request_discard",
    "request_repeat",
]


def test_foreign_requests_and_outlets_do_not_exist_for_another_buyer(client_for, owner, typed):
    foreign = DemandRequestFactory(published=True)
    outlet = OutletFactory()
    client = client_for(owner.user)
    for name in REQUEST_PAGES:
        assert client.get(url(name, foreign.pk)).status_code == 404
    for name in [*REQUEST_PAGES[1:], "request_publish", "request_copy"]:
        assert client.post(url(name, foreign.pk), typed()).status_code == 404
    for name, pk in [
        ("outlet_edit", outlet.pk),
        ("outlet_archive", outlet.pk),
        ("banner_edit", outlet.banner_id),
        ("banner_archive", outlet.banner_id),
        ("outlet_create", outlet.banner_id),
        ("outlet_paste", outlet.banner_id),
    ]:
        assert client.post(url(name, pk), {"name": "Của tôi"}).status_code == 404
    foreign.refresh_from_db()
    outlet.refresh_from_db()
    assert (foreign.status, outlet.is_archived) == (RequestStatus.PUBLISHED, False)
    refused = client.post(url("request_create"), typed(outlets=[outlet.pk]))
    assert "outlets" in refused.context["form"].errors


def test_a_viewer_looks_on_and_changes_nothing(client_for, owner, typed):
    viewer = MembershipFactory(organisation=owner.organisation, role=Role.VIEWER)
    stored = DemandRequestFactory(group=owner.organisation.buyer_group)
    client = client_for(viewer.user)
    assert client.get(url("request_list")).status_code == 200
    assert client.get(url("request_detail", stored.pk)).status_code == 200
    assert client.post(url("request_create"), typed()).status_code == 403
    assert client.post(url("request_publish", stored.pk)).status_code == 403
    assert client.post(url("banner_create"), {"name": "GO!"}).status_code == 403
    assert DemandRequest.objects.count() == 1
    assert not Banner.objects.exists()


def test_strangers_and_producers_do_not_open_the_buyers_pages(client_for):
    assert client_for().get(url("request_list")).status_code == 302
    producer = MembershipFactory()
    response = client_for(producer.user).get(url("request_list"))
    assert (response.status_code, response.url) == (302, reverse("web:dashboard"))


def test_approved_producers_browse_open_requests_without_contact_data(client_for):
    shown = DemandRequestFactory(published=True, words="cam Cao Phong")
    hidden = DemandRequestFactory(words="cam nháp")
    reader = client_for(MembershipFactory().user)
    page = reader.get(url("request_browse")).content.decode()
    assert shown.words in page
    assert hidden.words not in page
    assert reader.get(url("request_read", hidden.pk)).status_code == 404
    detail = reader.get(url("request_read", shown.pk)).content.decode()
    organisation = shown.group.organisation
    for secret in (organisation.contact_email, organisation.contact_name, "912345678"):
        assert secret not in page + detail


@pytest.mark.parametrize("status", [OrganisationStatus.SUBMITTED, OrganisationStatus.RETURNED])
def test_producers_that_are_not_approved_do_not_browse(client_for, status):
    stored = DemandRequestFactory(published=True)
    waiting = MembershipFactory(organisation=OrganisationFactory(status=status))
    for name, args in [("request_browse", ()), ("request_read", (stored.pk,))]:
        assert client_for(waiting.user).get(url(name, *args)).status_code == 302


def test_officers_browse_as_well(client_for):
    stored = DemandRequestFactory(published=True)
    assert client_for(OfficerFactory()).get(url("request_read", stored.pk)).status_code == 200


def test_filters_narrow_the_list_down(client_for):
    cam = DemandRequestFactory(published=True)
    tea = DemandRequestFactory(
        published=True,
        words="chè hoa vàng",
        category=category("B05-che", name="Chè", name_en="Tea", order=20),
        delivery_province=province("31", name="Hải Phòng"),
    )
    client = client_for(MembershipFactory().user)
    for query, expected in [
        ({"q": "CHE hoa"}, [tea]),
        ({"category": "B01-cam"}, [cam]),
        ({"province": "31"}, [tea]),
        ({"needed_on": (clock.today() + dt.timedelta(days=400)).isoformat()}, []),
        ({"q": "🍊"}, []),
    ]:
        page = client.get(url("request_browse"), query).context["page_obj"]
        assert list(page) == expected
    for query in [{"category": "nope"}, {"needed_on": "x"}, {"q": "x" * 500}, {"page": "²"}]:
        assert client.get(url("request_browse"), query).status_code == 200


def test_anybody_sees_an_approved_buyer_and_only_the_number_of_its_requests(client_for):
    outlet = OutletFactory()
    DemandRequestFactory(published=True, group=outlet.banner.group, words="cam bí mật")
    page = client_for().get(url("buyer_detail", outlet.banner.group_id)).content.decode()
    assert outlet.banner.name in page
    assert "cam bí mật" not in page
    assert "912345678" not in page


def _queries(client, address: str) -> int:
    """Return how many queries of the page read this app's tables; the frame has its own."""
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return sum('"buyers_' in query["sql"] for query in captured)


@pytest.mark.parametrize(
    ("name", "queries"), [("request_list", 3), ("request_browse", 2), ("chain", 4)]
)
def test_three_rows_take_as_many_queries_as_one(client_for, owner, name, queries):
    banner = BannerFactory(group=owner.organisation.buyer_group)
    DemandRequestFactory(
        group=banner.group, banner=banner, published=True, outlets=[OutletFactory(banner=banner)]
    )
    client = client_for(owner.user if name != "request_browse" else MembershipFactory().user)
    assert _queries(client, url(name)) == queries
    for _ in range(2):
        other = BannerFactory(group=banner.group)
        DemandRequestFactory(
            group=banner.group, banner=other, published=True, outlets=[OutletFactory(banner=other)]
        )
    assert _queries(client, url(name)) == queries


def test_outlets_are_pasted_checked_and_then_added(client_for, owner):
    banner = BannerFactory(group=owner.organisation.buyer_group)
    province("31", name="Hải Phòng")
    client = client_for(owner.user)
    good = "GO! Hạ Long; Quảng Ninh; Bãi Cháy\n\nGO! Hải Phòng\tTP. Hải Phòng"
    lines = f"{good}\nGO! Xa; Lạng Sơn\nGO! Hạ Long; quang ninh"
    checked = client.post(
        url("outlet_paste", banner.pk), {"kind": "store", "lines": lines, "add": "1"}
    )
    rows = checked.context["form"].rows
    assert [(row.number, bool(row.errors)) for row in rows] == [
        (1, False),
        (3, False),
        (4, True),
        (5, True),
    ]
    assert checked.context["form"]["lines"].value() == lines
    assert not Outlet.objects.exists()
    preview = client.post(
        url("outlet_paste", banner.pk), {"kind": "store", "lines": good, "check": "1"}
    )
    assert preview.context["is_readable"]
    assert not Outlet.objects.exists()
    client.post(url("outlet_paste", banner.pk), {"kind": "store", "lines": good, "add": "1"})
    assert list(Outlet.objects.order_by("pk").values_list("name", "province__code", "address")) == [
        ("GO! Hạ Long", "22", "Bãi Cháy"),
        ("GO! Hải Phòng", "31", ""),
    ]


def test_a_chain_is_built_on_its_pages(client_for, owner):
    client = client_for(owner.user)
    client.post(
        url("group_edit"), {"summary": "Siêu thị", "website": "go.example", "payment_days": "30"}
    )
    client.post(url("banner_create"), {"name": "GO!"})
    banner = Banner.objects.get()
    client.post(
        url("outlet_create", banner.pk),
        {"name": "GO! Hạ Long", "kind": "store", "province": province().pk},
    )
    page = client.get(url("chain")).content.decode()
    assert "GO! Hạ Long" in page
    assert "Siêu thị" in page
    outlet = Outlet.objects.get()
    client.post(url("outlet_archive", outlet.pk))
    assert "GO! Hạ Long" not in client.get(url("chain")).content.decode().replace(
        "“GO! Hạ Long”", ""
    )


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_page_opens_in_both_languages(client_for, owner, language):
    group = owner.organisation.buyer_group
    outlet = OutletFactory(banner=BannerFactory(group=group))
    demand = DemandRequestFactory(
        group=group, published=True, outlets=[outlet], required_papers=["vietgap"]
    )
    client = client_for(owner.user, language=language)
    for name, *args in [
        ("request_list",), ("request_create",), ("request_detail", demand.pk),
        ("request_edit", demand.pk), ("request_close", demand.pk), ("request_repeat", demand.pk),
        ("chain",), ("group_edit",), ("banner_create",), ("banner_edit", outlet.banner_id),
        ("banner_archive", outlet.banner_id), ("outlet_create", outlet.banner_id),
        ("outlet_paste", outlet.banner_id), ("outlet_edit", outlet.pk),
        ("outlet_archive", outlet.pk), ("buyer_detail", group.pk), ("category_choices",),
        ("request_total",),
    ]:  # fmt: skip
        response = client.get(url(name, *args))
        assert response.status_code == 200, name
        assert f'lang="{language}"' in response.content.decode() or name in {
            "category_choices",
            "request_total",
        }
    home = client.get(reverse("web:dashboard")).content.decode()
    assert url("request_create") in home


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


def test_a_group_without_buyer_is_never_public(client_for):
    group = BuyerGroupFactory()
    group.organisation.is_buyer, group.organisation.is_producer = False, True
    group.organisation.save()
    assert client_for().get(url("buyer_detail", group.pk)).status_code == 404
