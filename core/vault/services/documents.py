"""Keeping, replacing and putting away documents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from core.accounts.models import Organisation
from core.kernel import clock, text
from core.kernel.errors import IllegalTransitionError, InvalidInputError
from core.vault import registry
from core.vault.content import CheckedFile
from core.vault.enums import ContentKind
from core.vault.models import Document
from core.vault.selectors import Room, used_bytes, versions_of
from core.vault.services.discarding import discard_files

QUOTA_BYTES: Final = 500 * 1024 * 1024
_TITLE_LENGTH: Final = 160
_FOLDED_LENGTH: Final = 200
_VALIDITY_LENGTH: Final = 60
# Cleaning megabytes letter by letter only to say "too long" would cost seconds.
_CLEANED_AT_MOST: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What a holder says of a document."""

    title: str = ""
    kind: str = ContentKind.OTHER
    valid_until: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """A document, and whether it came in only now."""

    document: Document
    is_new: bool


@transaction.atomic
def add_document(
    *,
    organisation_id: int,
    file: CheckedFile,
    said: Description | None = None,
    user_id: int | None = None,
) -> Kept:
    """Keep a file; the same content again is the same document, taken out of the archive.

    Raises:
        InvalidInputError: What is said of it cannot be, or there is no room left.
    """
    _lock(organisation_id)
    said = said or Description()
    known = Document.objects.filter(
        organisation=organisation_id, sha256=file.sha256, replaced_by__isnull=True
    ).first()
    if known is not None:
        if known.archived_at is not None:
            known.archived_at = None
            known.save(update_fields=["archived_at"])
        return Kept(known, is_new=False)
    _check_room(organisation_id, file)
    document = _new(organisation_id, file, user_id)
    _describe(document, said, fallback=file.name)
    _store(document, file)
    return Kept(document, is_new=True)


@transaction.atomic
def replace_document(
    *, document_id: int, file: CheckedFile, user_id: int | None = None
) -> Document:
    """Keep a newer version; what rests on the old one goes on resting on it.

    Raises:
        Document.DoesNotExist: No such document.
        IllegalTransitionError: It is archived, or a newer version is there already.
        InvalidInputError: Another document has this content, or there is no room left.
    """
    old = _current(document_id)
    if old.archived_at is not None:
        raise IllegalTransitionError(_("Take the document out of the archive first."))
    if old.sha256 == file.sha256:
        return old
    twin = Document.objects.filter(
        organisation=old.organisation_id, sha256=file.sha256, replaced_by__isnull=True
    ).first()
    if twin is not None:
        message = _("You keep this file already, as “%(title)s”.") % {"title": twin.title}
        raise InvalidInputError(message, {"file": [message]})
    _check_room(old.organisation_id, file)
    new = _new(old.organisation_id, file, user_id)
    new.title, new.title_folded, new.kind = old.title, old.title_folded, old.kind
    new.version = old.version + 1
    _store(new, file)
    old.replaced_by = new
    old.save(update_fields=["replaced_by"])
    return new


@transaction.atomic
def describe_document(*, document_id: int, said: Description) -> Document:
    """Say anew what a document is called, what it is, and until when it holds.

    Raises:
        Document.DoesNotExist: No such document.
        InvalidInputError: With the fields at fault.
    """
    document = _current(document_id)
    _describe(document, said)
    document.save(update_fields=["title", "title_folded", "kind", "valid_until"])
    return document


@transaction.atomic
def archive_document(*, document_id: int) -> Document:
    """Put a document away: no list and no packet shows it; what rests on it keeps it."""
    document = _current(document_id)
    if document.archived_at is None:
        document.archived_at = clock.now()
        document.save(update_fields=["archived_at"])
    return document


@transaction.atomic
def restore_document(*, document_id: int) -> Document:
    """Take a document out of the archive."""
    document = _current(document_id)
    document.archived_at = None
    document.save(update_fields=["archived_at"])
    return document


@transaction.atomic
def delete_document(*, document_id: int) -> None:
    """Delete an archived document with all its versions, for good.

    Raises:
        IllegalTransitionError: It is not archived, or something rests on one of its versions.
    """
    document = _current(document_id)
    if document.archived_at is None:
        raise IllegalTransitionError(_("Put the document into the archive first."))
    rows = [document, *versions_of(document)]
    if registry.uses_of([row.pk for row in rows]):
        raise IllegalTransitionError(_("A paper rests on this document; it stays."))
    discard_files([str(row.file.name) for row in rows])
    Document.objects.filter(pk__in=[row.pk for row in rows]).delete()


def room_of(organisation_id: int) -> Room:
    """Return how much of its room an organisation uses."""
    return Room(used_bytes=used_bytes(organisation_id), most_bytes=QUOTA_BYTES)


def _lock(organisation_id: int) -> None:
    """Let uploads of one organisation wait for each other: room and sameness are counted."""
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation_id)


def _current(document_id: int) -> Document:
    organisation_id = Document.objects.values_list("organisation", flat=True).get(pk=document_id)
    _lock(organisation_id)
    document = Document.objects.select_for_update(no_key=True).get(pk=document_id)
    if document.replaced_by_id is not None:
        raise IllegalTransitionError(_("A newer version took its place. Look at that one."))
    return document


def _check_room(organisation_id: int, file: CheckedFile) -> None:
    if used_bytes(organisation_id) + len(file.content) > QUOTA_BYTES:
        message = _(
            "Your 500 MB are used up. Put documents you no longer need into the archive and delete"
            " them there."
        )
        raise InvalidInputError(message, {"file": [message]})


def _new(organisation_id: int, file: CheckedFile, user_id: int | None) -> Document:
    return Document(
        organisation_id=organisation_id,
        type=file.type.value,
        size=len(file.content),
        sha256=file.sha256,
        stripped_at=clock.now(),
        uploaded_by_id=user_id,
    )


def _store(document: Document, file: CheckedFile) -> None:
    document.file.save("x", ContentFile(file.content), save=False)
    document.save()


def _describe(document: Document, said: Description, *, fallback: str | None = None) -> None:
    errors: dict[str, list[str]] = {}
    title = _line(errors, "title", said.title, most=_TITLE_LENGTH)
    if not title and fallback is not None and not errors:
        title = _title_from(fallback)
    if not title and not errors:
        errors["title"] = [_("Please fill this in.")]
    validity = _line(errors, "valid_until", said.valid_until, most=_VALIDITY_LENGTH)
    if said.kind not in ContentKind.values:
        errors["kind"] = [_("Choose one from the list.")]
    if errors:
        raise InvalidInputError(_("Some fields need another look."), errors)
    document.title, document.valid_until, document.kind = title, validity, said.kind
    document.title_folded = (text.fold(title) or title)[:_FOLDED_LENGTH]


def _title_from(name: str) -> str:
    """Return a first title from the name a file came with; a phone's number says nothing."""
    stem = text.clean(name[:1000].rpartition("/")[2].rpartition("\\")[2])
    stem = stem.rpartition(".")[0] or stem
    return text.clean(stem.replace("_", " "))[:_TITLE_LENGTH] or str(_("Document"))


def _line(errors: dict[str, list[str]], field: str, typed: str, *, most: int) -> str:
    if len(typed) <= most * _CLEANED_AT_MOST:
        typed = text.clean(typed)
    if len(typed) > most:
        words = _("At most %(most)d characters; this has %(length)d.")
        errors[field] = [words % {"most": most, "length": len(typed)}]
    return typed
