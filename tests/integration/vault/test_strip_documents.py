"""Scans stored before stripping existed lose their place; nothing is lost if it is cut short."""

from __future__ import annotations

import io

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from PIL import Image

from core.kernel import clock
from core.kernel.calendar import DayBegan
from core.vault import handlers, services
from core.vault.content import checked_file
from core.vault.models import DiscardedFile, Document
from core.vault.services import Outcome
from tests.factories.producers import PaperFactory
from tests.factories.vault import document_with
from tests.integration.vault.conftest import keep, pdf, photo, upload
from tests.unit.vault.pictures import GPS_IFD, ORIENTATION, PLACE, pixels

pytestmark = pytest.mark.django_db


def stored(document) -> bytes:
    document.refresh_from_db()
    with document.file.open("rb") as file:
        return file.read()


def run(*options) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("strip_documents", *options, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def old(owner, content, **values):
    """A document as it was stored before stripping: with whatever came in."""
    return document_with(content, organisation=owner.organisation, **values)


def test_a_photo_with_its_place_is_stripped_once_under_a_new_name(
    owner, django_capture_on_commit_callbacks
):
    raw = photo("JPEG", orientation=6)
    with Image.open(io.BytesIO(raw)) as picture:
        assert picture.getexif().get_ifd(GPS_IFD)
    scan = old(owner, raw, type="jpg")
    paper = PaperFactory(producer=owner.organisation.producer, document=scan)
    before = scan.file.name

    said, _ = run("--dry-run")
    assert "JPEG        1  would be stripped" in said
    assert "Nothing was changed" in said
    assert stored(scan) == raw

    with django_capture_on_commit_callbacks(execute=True):
        said, _ = run("--batch", "1")
        assert default_storage.exists(before)  # until the commit
    assert "JPEG        1  stripped" in said
    content = stored(scan)
    assert PLACE.encode() not in content
    with Image.open(io.BytesIO(content)) as picture:
        assert not picture.getexif().get_ifd(GPS_IFD)
        assert picture.getexif()[ORIENTATION] == 6
    assert pixels(content) == pixels(raw)
    assert (scan.size, scan.sha256) == (len(content), checked_file(upload(raw)).sha256)
    assert scan.file.name != before
    assert len(scan.file.name.rpartition("/")[2]) == 36
    assert not default_storage.exists(before)
    assert not DiscardedFile.objects.exists()
    paper.refresh_from_db()
    assert paper.document == scan
    assert run()[0].startswith("0 looked at")


def test_each_kind_is_counted_and_what_cannot_be_read_stays_as_it_is(owner):
    old(owner, photo("PNG"), type="png")
    old(owner, photo("WEBP"), type="webp")
    old(owner, pdf("x"), type="pdf")
    broken = old(owner, photo("JPEG")[:200], type="jpg")
    gone = old(owner, photo("JPEG", orientation=3), type="jpg")
    changed = old(owner, photo("JPEG", orientation=8), type="jpg")
    Document.objects.filter(pk=changed.pk).update(sha256="0" * 64)
    default_storage.delete(gone.file.name)
    keep(owner, photo("JPEG"))  # came in stripped: nobody looks at it again
    said, complaints = run()
    for line in ("PNG        1  stripped", "WEBP        1  stripped", "PDF        1  PDF, left"):
        assert line in said
    assert "6 looked at, 3 could not be read" in said
    for document, why in (
        (broken, Outcome.UNREADABLE),
        (gone, Outcome.GONE),
        (changed, Outcome.CHANGED),
    ):
        assert f"document {document.pk}: {why}" in complaints
    assert set(Document.objects.filter(stripped_at=None)) == {broken, gone, changed}


def test_a_crash_after_the_commit_leaves_no_file_behind(owner, django_capture_on_commit_callbacks):
    scan = old(owner, photo("JPEG"), type="jpg")
    before = scan.file.name
    services.strip_document(document_id=scan.pk)  # commits never, so nothing is removed
    assert default_storage.exists(before)
    with django_capture_on_commit_callbacks(execute=True):
        handlers.remove_discarded(DayBegan(day=clock.today()))
        assert default_storage.exists(before)  # the duty itself touches no file
    assert not default_storage.exists(before)
    assert default_storage.exists(Document.objects.get().file.name)


def test_a_file_some_document_holds_is_never_removed(owner):
    document = keep(owner)
    DiscardedFile.objects.create(name=document.file.name)
    assert services.remove_discarded() == 0
    assert default_storage.exists(document.file.name)
    assert not DiscardedFile.objects.exists()


def test_a_crash_before_the_commit_leaves_the_old_file_in_use(owner, monkeypatch):
    scan = old(owner, photo("JPEG"), type="jpg")
    raw, before = stored(scan), scan.file.name

    def die(*_args, **_kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(Document, "save", die)
    with pytest.raises(KeyboardInterrupt):
        run()
    assert (stored(scan), scan.file.name, scan.stripped_at) == (raw, before, None)
    assert not DiscardedFile.objects.exists()


def test_a_scan_that_was_sent_anew_becomes_its_earlier_version(owner):
    raw = photo("JPEG")
    scan = old(owner, raw, type="jpg")
    new = keep(owner, raw)
    services.archive_document(document_id=new.pk)
    assert services.strip_document(document_id=scan.pk) is Outcome.STRIPPED
    new.refresh_from_db()
    scan.refresh_from_db()
    assert (scan.replaced_by, scan.sha256, new.archived_at) == (new, new.sha256, None)
