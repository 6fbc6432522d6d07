"""The demo fairs: there once, deterministic, within their own rules."""

from __future__ import annotations

from random import Random

import pytest

from core.kernel import clock
from fairs import demo, selectors
from fairs.models import Fair, Participation
from tests.factories.accounts import OrganisationFactory, province
from tests.factories.fairs import ParticipationFactory
from tests.factories.producers import ProducerFactory, ProductFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    for _ in range(50):
        producer = ProducerFactory(organisation__is_demo=True)
        ProductFactory(producer=producer)
    OrganisationFactory()
    return OrganisationFactory(organiser=True, is_demo=True)


def load(organiser, seed=7) -> int:
    return demo.load(
        organiser_id=organiser.pk,
        province_ids=[province().pk, province("31", name="Hải Phòng").pk],
        today=clock.today(),
        rng=Random(seed),
    )


def test_two_fairs_are_made_once(world):
    assert load(world) == 2
    assert load(world) == 0
    assert sorted(Fair.objects.values_list("phase", flat=True)) == ["calling", "planned"]
    assert Participation.objects.count() == 40
    call = Fair.objects.get(phase="calling")
    assert call.is_call_open_on(clock.today())
    counts = selectors.counts_by_status(call.pk)
    assert all(counts[name] for name in ("submitted", "approved", "returned", "declined"))
    assert selectors.places_of(call.pk, quota=call.booth_quota).left > 0
    assert not Participation.objects.filter(organisation__is_demo=False).exists()
    assert not Participation.objects.filter(products=None).exists()


def test_removing_takes_the_demo_and_nothing_else(world):
    kept = ParticipationFactory()
    load(world)
    assert demo.counts() == {"fairs": 2, "fair_applications": 40}
    demo.remove()
    assert demo.counts() == {"fairs": 0, "fair_applications": 0}
    assert list(Participation.objects.all()) == [kept]
    assert list(Fair.objects.all()) == [kept.fair]
    assert Participation.pgh_event_model.objects.count() == 1


def test_the_number_of_queries_does_not_grow_with_the_world(world, django_assert_max_num_queries):
    with django_assert_max_num_queries(60):
        load(world)
