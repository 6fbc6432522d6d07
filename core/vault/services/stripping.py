"""Takes place and camera data out of pictures that were stored before this was done on arrival."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction

from core.accounts.models import Organisation
from core.kernel import clock
from core.vault.content import stripped
from core.vault.models import Document
from core.vault.services.discarding import discard_files


class Outcome(StrEnum):
    """What a look at one stored file comes to; the values are what the command prints."""

    STRIPPED = "stripped"
    CLEAN = "clean already"
    PDF = "PDF, left as it came"
    GONE = "file is gone"
    CHANGED = "file differs from its fingerprint"
    UNREADABLE = "cannot be read as its type"


DONE: Final = frozenset({Outcome.STRIPPED, Outcome.CLEAN, Outcome.PDF})


@dataclass(frozen=True, slots=True)
class Look:
    """What is to be done with one document; `content` is there only where bytes go."""

    outcome: Outcome
    content: bytes = b""


def look_at(document: Document) -> Look:
    """Read a stored file and return what stripping it would do; changes nothing."""
    if not document.is_picture:
        return Look(Outcome.PDF)
    try:
        with document.file.storage.open(str(document.file.name), "rb") as stored:
            raw = stored.read()
    except OSError:
        return Look(Outcome.GONE)
    if hashlib.sha256(raw).hexdigest() != document.sha256:
        return Look(Outcome.CHANGED)
    try:
        content = stripped(raw, found=document.file_type)
    except ValidationError:
        return Look(Outcome.UNREADABLE)
    return Look(Outcome.CLEAN) if content == raw else Look(Outcome.STRIPPED, content)


@transaction.atomic
def strip_document(*, document_id: int) -> Outcome:
    """Strip one document's file; the row stays, its file gets a new name, the old one goes.

    The old file is removed after the commit; a crash before it leaves the old file in use, a
    crash after it leaves the old name among the discarded files. What cannot be read stays as it
    is and is looked at again the next time.

    Raises:
        Document.DoesNotExist: No such document.
    """
    organisation_id = Document.objects.values_list("organisation", flat=True).get(pk=document_id)
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation_id)
    document = Document.objects.select_for_update(no_key=True).get(pk=document_id)
    look = look_at(document)
    if look.outcome not in DONE:
        return look.outcome
    if look.outcome is Outcome.STRIPPED:
        discard_files([str(document.file.name)])
        _take(document, look.content)
    document.stripped_at = clock.now()
    document.save()
    return look.outcome


def _take(document: Document, content: bytes) -> None:
    document.size, document.sha256 = len(content), hashlib.sha256(content).hexdigest()
    document.file.save("x", ContentFile(content), save=False)
    if document.replaced_by_id is None:
        _join_twin(document)


def _join_twin(document: Document) -> None:
    """Become an earlier version of a document that has just this content, sent anew meanwhile.

    Of the two, one that is not archived keeps them out of the archive.
    """
    same = Document.objects.filter(
        organisation=document.organisation_id, sha256=document.sha256, replaced_by__isnull=True
    )
    twin = same.exclude(pk=document.pk).first()
    if twin is None:
        return
    if document.archived_at is None and twin.archived_at is not None:
        twin.archived_at = None
        twin.save(update_fields=["archived_at"])
    document.replaced_by, document.archived_at = twin, None
