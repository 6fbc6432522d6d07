"""The officer's home says which businesses wait, and only those of the own province."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.factories import accounts

pytestmark = pytest.mark.django_db


def test_officer_sees_waiting_businesses_of_the_own_province_only(client_for):
    mine = accounts.OrganisationFactory(submitted=True)
    elsewhere = accounts.OrganisationFactory(
        submitted=True, province=accounts.province("01", name="Hà Nội"), commune=None
    )

    home = client_for(accounts.OfficerFactory()).get(reverse("web:dashboard")).content.decode()

    assert (mine.name in home, elsewhere.name in home) == (True, False)


def test_officer_without_second_factor_sees_none(client_for):
    waiting = accounts.OrganisationFactory(submitted=True)
    officer = accounts.OfficerFactory(second_factor=False)

    home = client_for(officer).get(reverse("web:dashboard")).content.decode()

    assert waiting.name not in home
