"""A producer with an owner, and what tests of its pages post."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from core.kernel import clock
from tests.factories.accounts import MembershipFactory, OfficerFactory
from tests.factories.producers import ProducerFactory, ProductFactory, unit


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def owner(db):
    """An owner of an approved producer, with its seller side."""
    membership = MembershipFactory()
    ProducerFactory(organisation=membership.organisation)
    return membership


@pytest.fixture
def client(owner, client_for):
    """The owner's browser, in Vietnamese."""
    return client_for(owner.user)


@pytest.fixture
def officer(db):
    """An officer of the province."""
    return OfficerFactory()


@pytest.fixture
def desk_client(officer, client_for):
    """The officer's browser."""
    return client_for(officer)


@pytest.fixture
def product(owner):
    return ProductFactory(producer_id=owner.organisation.pk, producer=None)


@pytest.fixture
def typed(product):
    """What the owner types for an offer."""
    organisation = product.producer.organisation
    return {
        "product": product.pk,
        "quantity": "1.500,5",
        "unit": unit("kg").pk,
        "price_vnd": "95.000",
        "available_from": clock.today().isoformat(),
        "available_to": (clock.today() + dt.timedelta(days=20)).strftime("%d/%m/%Y"),
        "origin_province": organisation.province_id,
        "note": "Loại 1 🍊",
    }


def picture(kind: str = "PNG", size=(8, 8), **options) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "orange").save(out, kind, **options)
    return out.getvalue()


def upload(content: bytes, name: str = "x.png", content_type: str = "image/png"):
    return SimpleUploadedFile(name, content, content_type)
