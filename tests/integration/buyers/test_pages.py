"""Pages of buyers: what is foreign is absent, a chain is built, queries do not multiply."""

from __future__ import annotations

import datetime as dt

import pytest
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
)

pytestmark = pytest.mark.django_db


def url(name: str, *args: int) -> str:
    return reverse(f"buyers:{name}", args=args)


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


def test_a_group_without_buyer_is_never_public(client_for):
    group = BuyerGroupFactory()
    group.organisation.is_buyer, group.organisation.is_producer = False, True
    group.organisation.save()
    assert client_for().get(url("buyer_detail", group.pk)).status_code == 404
