"""One world for each module: built once, undone at its end; each question undoes its own traces."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:  # a test named on the command line loads this before Django is set up
    from tests.integration.security.actors import World


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[World]:
    """Owners, officers and keys, and one object of each kind for each owner."""
    from django.db import transaction
    from django.test import override_settings

    from tests.integration.security.world import build

    media = tmp_path_factory.mktemp("media")
    # Thousands of refusals are what is asked for here; their warnings would drown a failure.
    logging.getLogger("django.request").setLevel(logging.ERROR)
    with override_settings(MEDIA_ROOT=media), django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)
    logging.getLogger("django.request").setLevel(logging.NOTSET)
