import pytest
from django.urls import reverse

from core.accounts.enums import Role
from tests.factories.accounts import MembershipFactory, OrganisationFactory
from tests.factories.buyers import (
    BannerFactory,
    BuyerGroupFactory,
    DemandRequestFactory,
    OutletFactory,
    category,
    unit,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    group = BuyerGroupFactory()
    return MembershipFactory(organisation=group.organisation, role=Role.OWNER)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_page_opens(client_for, owner, language):
    group = owner.organisation.buyer_group
    outlet = OutletFactory(banner=BannerFactory(group=group))
    demand = DemandRequestFactory(group=group, published=True, outlets=[outlet])
    client = client_for(owner.user, language=language)
    for name, args in [
        ("request_list", []),
        ("request_create", []),
        ("request_detail", [demand.pk]),
        ("request_edit", [demand.pk]),
        ("request_close", [demand.pk]),
        ("request_repeat", [demand.pk]),
        ("chain", []),
        ("group_edit", []),
        ("banner_create", []),
        ("banner_edit", [outlet.banner_id]),
        ("banner_archive", [outlet.banner_id]),
        ("outlet_create", [outlet.banner_id]),
        ("outlet_paste", [outlet.banner_id]),
        ("outlet_edit", [outlet.pk]),
        ("outlet_archive", [outlet.pk]),
        ("buyer_detail", [group.pk]),
        ("category_choices", []),
        ("request_total", []),
    ]:
        response = client.get(reverse(f"buyers:{name}", args=args))
        assert response.status_code == 200, name
    producer = MembershipFactory()
    client = client_for(producer.user, language=language)
    for name, args in [
        ("request_browse", []),
        ("request_read", [demand.pk]),
        ("buyer_detail", [group.pk]),
    ]:
        response = client.get(reverse(f"buyers:{name}", args=args))
        assert response.status_code == 200, name
