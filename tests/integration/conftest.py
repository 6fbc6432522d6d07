"""What integration tests share: a browser that is signed in as somebody."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.core.cache import cache
from django.test import Client

if TYPE_CHECKING:  # a test named on the command line loads this before Django is set up
    from core.accounts.models import Organisation, User


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """Rate limits of one test do not count in the next."""
    cache.clear()


@pytest.fixture
def client_for(settings) -> Callable[..., Client]:
    """Return a maker of signed-in clients.

    `client_for(user)` acts for the person's oldest membership; `acting_for=` chooses another,
    `language="en"` sets the language cookie. For officers use `OfficerFactory`, which has TOTP.
    """

    def make(
        user: User | None = None,
        *,
        acting_for: Organisation | None = None,
        language: str = "vi",
    ) -> Client:
        client = Client()
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        if user is not None:
            client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        if acting_for is not None:
            session = client.session
            session["acting_for"] = acting_for.pk
            session.save()
        return client

    return make
