"""A holder with an owner's browser, and files to keep."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.vault.content import checked_file
from core.vault.services import Description, add_document
from tests.factories.accounts import MembershipFactory
from tests.factories.producers import ProducerFactory
from tests.unit.vault.pictures import photo


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def owner(db):
    membership = MembershipFactory()
    ProducerFactory(organisation=membership.organisation)
    return membership


@pytest.fixture
def client(owner, client_for):
    return client_for(owner.user, language="en")


def pdf(inside: str = "x") -> bytes:
    return f"%PDF-1.7\n1 0 obj << /Title ({inside}) >> endobj\n%%EOF".encode()


def upload(content: bytes, name: str = "Giấy phép.pdf"):
    return SimpleUploadedFile(name, content, "application/pdf")


def keep(owner, content: bytes | None = None, *, title: str = "Giấy phép", kind: str = "other"):
    file = checked_file(upload(content if content is not None else pdf(title)))
    organisation_id = owner.organisation.pk
    said = Description(title=title, kind=kind)
    return add_document(organisation_id=organisation_id, file=file, said=said).document


__all__ = ["keep", "pdf", "photo", "upload"]
