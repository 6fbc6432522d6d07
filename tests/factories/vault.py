"""Documents for tests, stored as given."""

from __future__ import annotations

import hashlib

from django.core.files.base import ContentFile

from core.vault.models import Document


def document_with(content: bytes, *, organisation, **values) -> Document:
    """Keep bytes as a document without looking into them."""
    document = Document(
        organisation=organisation,
        title_folded="x",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        **({"title": "Tài liệu", "type": "pdf"} | values),
    )
    document.file.save("x", ContentFile(content))
    return document
