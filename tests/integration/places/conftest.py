"""The geography, loaded once per module."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="module")
def _loaded(django_db_setup, django_db_blocker):
    from django.db import transaction

    from core.places.services import load_places

    with django_db_blocker.unblock(), transaction.atomic():
        load_places()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def places(_loaded, db):
    """Places loaded; what a test changes is rolled back."""
