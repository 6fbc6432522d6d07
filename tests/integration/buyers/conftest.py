"""What tests of buyers share: two chains and the terms of a plain request."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import transaction

from core.kernel import clock


@pytest.fixture
def terms():
    """Return a maker of valid terms: 12 tấn of oranges in four weeks from tomorrow."""
    from buyers.services import RequestTerms
    from tests.factories.accounts import province
    from tests.factories.buyers import category, unit

    def make(**changed) -> RequestTerms:
        first = clock.today() + dt.timedelta(days=1)
        values = {
            "words": "cam Vân Đồn",
            "category_id": category().pk,
            "quantity": Decimal(12),
            "unit_id": unit("tan").pk,
            "needed_from": first,
            "needed_to": first + dt.timedelta(days=27),
            "delivery_province_id": province().pk,
        }
        return RequestTerms(**values | changed)

    return make


@pytest.fixture
def typed():
    """Return a maker of what a browser posts for a plain request."""
    from tests.factories.accounts import province
    from tests.factories.buyers import category, unit

    def make(**changed) -> dict:
        first = clock.today() + dt.timedelta(days=1)
        values = {
            "words": "cam Vân Đồn loại 1",
            "category": category().pk,
            "quantity": "1.500,5",
            "unit": unit("kg").pk,
            "period": "week",
            "needed_from": first.isoformat(),
            "needed_to": (first + dt.timedelta(days=27)).isoformat(),
            "price_ceiling_vnd": "25k",
            "delivery_province": province().pk,
            "minimum_stars": "3",
            "required_papers": ["vietgap"],
            "market": "VN",
            "note": "Giao buổi sáng.",
            "publish": "1",
        }
        return {k: v for k, v in (values | changed).items() if v is not None}

    return make


@pytest.fixture
def owner():
    """Return the owner of an approved chain."""
    from tests.factories.accounts import MembershipFactory
    from tests.factories.buyers import BuyerGroupFactory

    return MembershipFactory(organisation=BuyerGroupFactory().organisation)


@pytest.fixture
def events():
    """Return a reader of the events stored so far, oldest first."""
    from core.outbox.models import OutboxMessage

    def read() -> list[tuple[str, dict]]:
        assert transaction.get_connection().in_atomic_block
        return list(OutboxMessage.objects.order_by("pk").values_list("type", "payload"))

    return read
