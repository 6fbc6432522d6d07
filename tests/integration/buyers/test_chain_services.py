"""Groups, banners and outlets: own names once, and open requests follow their changes."""

from __future__ import annotations

import pytest

from buyers import handlers, services
from buyers.enums import OutletKind
from buyers.models import Banner, BuyerGroup, Outlet
from core.accounts.events import OrganisationApproved, OrganisationReturned
from core.kernel import clock
from core.kernel.calendar import DayBegan
from core.kernel.errors import InvalidInputError, NotAllowedError
from tests.factories.accounts import OrganisationFactory, commune, province
from tests.factories.buyers import (
    BannerFactory,
    BuyerGroupFactory,
    DemandRequestFactory,
    OutletFactory,
)

pytestmark = pytest.mark.django_db
CHANGED = "buyers.demand_request.changed.v1"


def details(**changed) -> services.OutletDetails:
    values = {"name": "GO! Hạ Long", "kind": OutletKind.STORE, "province_id": province().pk}
    return services.OutletDetails(**values | changed)


def test_approval_makes_the_group_of_a_buyer_once():
    buyer, producer = OrganisationFactory(buyer=True), OrganisationFactory()
    for organisation in (buyer, buyer, producer):
        handlers.register_group(OrganisationApproved(organisation_id=organisation.pk, version=2))
    assert list(BuyerGroup.objects.values_list("pk", flat=True)) == [buyer.pk]


def test_an_organisation_that_does_not_buy_gets_no_group():
    with pytest.raises(NotAllowedError):
        services.register_buyer_group(organisation_id=OrganisationFactory().pk)


def test_requests_are_matched_anew_when_their_buyer_is_returned(events):
    stored = DemandRequestFactory(published=True)
    DemandRequestFactory(group=stored.group)
    handlers.reconsider_requests(OrganisationReturned(organisation_id=stored.group_id, version=3))
    payload = {"request_id": stored.pk, "version": 3, "organisation_id": stored.group_id}
    assert events() == [(CHANGED, payload)]


def test_the_day_that_began_expires_requests():
    today = clock.today()
    stored = DemandRequestFactory(published=True, needed_from=today, needed_to=today)
    handlers.expire_requests(DayBegan(day=today))
    stored.refresh_from_db()
    assert stored.status == "published"


def test_a_group_says_something_of_itself():
    group = BuyerGroupFactory()
    said = services.GroupDetails(
        summary=" Rau  sạch ", website="https://go.example", payment_days=30
    )
    services.revise_group(group_id=group.pk, details=said)
    group.refresh_from_db()
    assert (group.summary, group.payment_days, group.version) == ("Rau sạch", 30, 2)
    with pytest.raises(InvalidInputError) as refused:
        services.revise_group(
            group_id=group.pk, details=services.GroupDetails(website="javascript:alert(1)")
        )
    assert set(refused.value.field_errors) == {"website"}


@pytest.mark.parametrize("name", ["", "\u200b", "…", "x" * 121, "go!", "GO\u0021"])
def test_a_banner_without_a_good_and_new_name_is_refused(name):
    group = BannerFactory(name="GO!").group
    with pytest.raises(InvalidInputError) as refused:
        services.add_banner(group_id=group.pk, name=name)
    assert set(refused.value.field_errors) == {"name"}


def test_names_in_nfd_and_nfc_are_one_name():
    banner = BannerFactory()
    services.add_outlet(banner_id=banner.pk, details=details(name="Hạ Long"))
    with pytest.raises(InvalidInputError):
        services.add_outlet(banner_id=banner.pk, details=details(name="Ha\u0323 Long"))


def test_renaming_a_banner_announces_its_open_requests(events):
    banner = BannerFactory(name="Big C")
    stored = DemandRequestFactory(published=True, group=banner.group, banner=banner)
    DemandRequestFactory(group=banner.group, banner=banner)
    services.revise_banner(banner_id=banner.pk, name="GO!")
    services.revise_banner(banner_id=banner.pk, name="GO!")
    payload = {"request_id": stored.pk, "version": 3, "organisation_id": banner.group_id}
    assert events() == [(CHANGED, payload)]


def test_moving_an_outlet_announces_its_open_requests_and_renaming_it_does_not(events):
    outlet = OutletFactory()
    stored = DemandRequestFactory(published=True, group=outlet.banner.group, outlets=[outlet])
    services.revise_outlet(outlet_id=outlet.pk, details=details(name="Mới"))
    assert events() == []
    moved = details(name="Mới", province_id=province("31", name="Hải Phòng").pk)
    services.revise_outlet(outlet_id=outlet.pk, details=moved)
    stored.refresh_from_db()
    assert stored.version == 3
    assert [kind for kind, _ in events()] == [CHANGED]


def test_archiving_announces_each_open_request_once(events):
    banner = BannerFactory()
    outlets = [OutletFactory(banner=banner) for _ in range(2)]
    stored = DemandRequestFactory(
        published=True, group=banner.group, banner=banner, outlets=outlets
    )
    services.archive_banner(banner_id=banner.pk)
    assert not Outlet.objects.filter(is_archived=False).exists()
    stored.refresh_from_db()
    assert (stored.version, len(events())) == (3, 1)
    with pytest.raises(Banner.DoesNotExist):
        services.archive_banner(banner_id=banner.pk)


def test_an_archived_outlet_frees_its_name(events):
    outlet = OutletFactory(name="GO! Hạ Long")
    services.archive_outlet(outlet_id=outlet.pk)
    fresh = services.add_outlet(banner_id=outlet.banner_id, details=details())
    assert fresh.name == "GO! Hạ Long"


def test_a_commune_of_another_province_is_refused():
    banner, elsewhere = (
        BannerFactory(),
        commune("11111", name="Xa", within=province("31", name="Hải Phòng")),
    )
    with pytest.raises(InvalidInputError) as refused:
        services.add_outlet(banner_id=banner.pk, details=details(commune_id=elsewhere.pk))
    assert set(refused.value.field_errors) == {"commune"}


def test_many_outlets_are_added_all_or_none():
    banner = BannerFactory()
    good = [details(name=f"Cửa hàng {n}") for n in range(3)]
    services.add_outlets(banner_id=banner.pk, details=good)
    assert banner.outlets.count() == 3
    with pytest.raises(InvalidInputError) as refused:
        services.add_outlets(banner_id=banner.pk, details=[details(name="Mới"), good[0]])
    assert set(refused.value.field_errors) == {"row 2"}
    assert banner.outlets.count() == 3
