"""What tests of fairs share: an organiser, a producer with products, terms of a plain fair."""

from __future__ import annotations

import datetime as dt

import pytest

from core.kernel import clock


@pytest.fixture
def terms():
    """Return a maker of valid terms: a week in 100 days, applications from today."""
    from fairs.services import FairTerms
    from tests.factories.accounts import province

    def make(**changed) -> FairTerms:
        today = clock.today()
        values = {
            "kind": "ocop_fair",
            "name": "Hội chợ OCOP Quảng Ninh 2027",
            "province_id": province().pk,
            "opens_on": today + dt.timedelta(days=100),
            "closes_on": today + dt.timedelta(days=106),
            "venue_name": "Cung Quy hoạch",
            "applications_from": today,
            "applications_to": today + dt.timedelta(days=30),
            "booth_quota": 10,
        }
        return FairTerms(**values | changed)

    return make


@pytest.fixture
def host():
    """Return the owner of an approved organiser of Quảng Ninh."""
    from tests.factories.accounts import MembershipFactory, OrganisationFactory

    return MembershipFactory(
        organisation=OrganisationFactory(organiser=True, name="Trung tâm XTTM")
    )


@pytest.fixture
def applicant():
    """Return the owner of an approved producer with two products."""
    from tests.factories.accounts import MembershipFactory
    from tests.factories.producers import ProducerFactory, ProductFactory

    producer = ProducerFactory(organisation__name="HTX Cam Vạn Yên")
    ProductFactory.create_batch(2, producer=producer)
    return MembershipFactory(organisation=producer.organisation)


@pytest.fixture
def product_ids(applicant) -> tuple[int, ...]:
    """Return the applicant's products."""
    products = applicant.organisation.producer.products.order_by("pk")
    return tuple(products.values_list("pk", flat=True))


@pytest.fixture
def events():
    """Return a reader of the events stored so far, oldest first."""
    from core.outbox.models import OutboxMessage

    def read() -> list[tuple[str, dict]]:
        return list(OutboxMessage.objects.order_by("pk").values_list("type", "payload"))

    return read


@pytest.fixture
def typed():
    """Return a maker of what a browser posts for a plain fair."""
    from tests.factories.accounts import province
    from tests.factories.fairs import days_from_now as day

    def make(**changed) -> dict:
        return {
            "kind": "ocop_fair",
            "name": "Hội chợ mới 2027",
            "province": str(province().pk),
            "opens_on": day(100).strftime("%d/%m/%Y"),
            "closes_on": day(106).isoformat(),
            "venue_name": "Quảng trường 30/10",
            "applications_from": day(0).isoformat(),
            "applications_to": day(30).isoformat(),
            "booth_quota": "1.000",
            "about": "Dành cho HTX",
        } | changed

    return make
