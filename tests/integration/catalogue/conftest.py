"""The catalogue, loaded once per module."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="module")
def _loaded(django_db_setup, django_db_blocker):
    from django.db import transaction

    from core.catalogue.services import load_catalogue

    with django_db_blocker.unblock(), transaction.atomic():
        load_catalogue()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def catalogue(_loaded, db):
    """Catalogue loaded; what a test changes is rolled back."""
