"""The demo world, loaded once for each module that reads it."""

from __future__ import annotations

import pytest

SEED = 7


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """The world of scale 1 around today, and what loading it left in the outbox and the mail."""
    from django.db import transaction

    from core.catalogue.services import load_catalogue
    from core.kernel import clock
    from core.places.services import load_places
    from matchmaking import demo

    with django_db_blocker.unblock(), transaction.atomic():
        load_places()
        load_catalogue()
        order = demo.Order(seed=SEED, scale=1, day=clock.today())
        demo.load(order, report=lambda _: None)
        yield order
        transaction.set_rollback(True)


@pytest.fixture
def loaded(world, db):
    """The loaded world; what a test changes is rolled back."""
    return world


@pytest.fixture
def time_machine_at():
    """Return a way to travel to noon of a day in Việt Nam, and back when the test ends."""
    import datetime as dt

    import time_machine

    from core.kernel import clock

    travels = []

    def travel(day: dt.date) -> None:
        noon = dt.datetime.combine(day, dt.time(12), tzinfo=clock.VIETNAM)
        traveller = time_machine.travel(noon, tick=True)
        traveller.start()
        travels.append(traveller)

    yield travel
    for traveller in travels:
        traveller.stop()
