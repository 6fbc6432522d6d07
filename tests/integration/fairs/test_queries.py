"""Lists ask the database the same number of questions whatever they hold."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.factories.accounts import OfficerFactory
from tests.factories.fairs import DeadlineMarkFactory, FairFactory, ParticipationFactory
from tests.factories.producers import ProducerFactory, ProductFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def fill(host, applicant):
    """Return a maker of one more fair of the host, with an approved and a waiting applicant."""
    own = applicant.organisation
    first = FairFactory(organiser=host.organisation, calling=True)

    def more() -> None:
        fair = FairFactory(organiser=host.organisation, calling=True)
        DeadlineMarkFactory(fair=fair)
        ParticipationFactory(fair=fair, organisation=own)
        for is_approved in (True, False):
            shown = ProductFactory.create_batch(2, producer=ProducerFactory())
            ParticipationFactory(
                fair=first,
                organisation=shown[0].producer.organisation,
                approved=is_approved,
                showing=shown,
            )

    more()
    more.fair = first
    return more


PAGES = {
    "fair_list": (None, 3),
    "fair_detail": (None, 7),
    "own_fairs": ("host", 7),
    "application_list": ("host", 10),
    "my_applications": ("applicant", 7),
    "province_fairs": ("officer", 9),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_list_of_three_costs_what_a_list_of_one_costs(
    client_for, host, applicant, fill, name, django_assert_num_queries
):
    who, queries = PAGES[name]
    users = {"host": host.user, "applicant": applicant.user, "officer": OfficerFactory()}
    client = client_for(users[who] if who else None)
    args = [fill.fair.pk] if name in {"fair_detail", "application_list"} else []
    address = reverse(f"fairs:{name}", args=args)
    client.get(address)
    with django_assert_num_queries(queries):
        client.get(address)
    fill()
    fill()
    with django_assert_num_queries(queries):
        client.get(address)
