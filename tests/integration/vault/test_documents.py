"""Keeping documents: sameness, versions, room, the archive, and what rests on them."""

from __future__ import annotations

import pytest
from django.db.models import RestrictedError
from django.template.defaultfilters import filesizeformat
from django.utils import translation

from core.kernel.clock import VIETNAM
from core.kernel.errors import IllegalTransitionError, InvalidInputError
from core.vault import registry, selectors, services
from core.vault.content import checked_file
from core.vault.models import Document
from core.vault.services import Description
from tests.factories.accounts import MembershipFactory
from tests.factories.producers import PaperFactory
from tests.integration.vault.conftest import keep, pdf, photo, upload

pytestmark = pytest.mark.django_db


def stored(document) -> bytes:
    with document.file.open("rb") as file:
        return file.read()


def test_the_same_content_is_the_same_document_for_one_holder_only(owner):
    first, other = keep(owner), MembershipFactory()
    services.archive_document(document_id=first.pk)
    again = keep(owner, title="Giấy phép")
    assert (again.pk, again.archived_at) == (first.pk, None)
    assert keep(other).pk != first.pk
    assert Document.objects.count() == 2


def test_what_is_stored_has_a_name_of_its_own_and_no_place(owner):
    file = checked_file(upload(photo("JPEG"), "../../nhà tôi.jpg"))
    document = services.add_document(organisation_id=owner.organisation.pk, file=file).document
    assert document.title == "nhà tôi"
    assert document.file.name.startswith("vault/")
    assert "nhà" not in document.file.name
    assert len(document.file.name.rpartition("/")[2]) == 36
    assert stored(document) == file.content
    assert b"Nokia" not in stored(document)


def test_a_newer_version_leaves_the_old_one_to_what_rests_on_it(owner):
    old = keep(owner)
    paper = PaperFactory(producer=owner.organisation.producer, document=old)
    new = services.replace_document(document_id=old.pk, file=checked_file(upload(pdf("mới"))))
    paper.refresh_from_db()
    assert paper.document == old
    assert stored(old) == pdf("Giấy phép")
    assert (new.version, new.title, new.kind) == (2, old.title, old.kind)
    assert list(selectors.documents_of(owner.organisation.pk)) == [new]
    assert selectors.versions_of(new) == [old]
    with pytest.raises(IllegalTransitionError):
        services.replace_document(document_id=old.pk, file=checked_file(upload(pdf("nữa"))))


def test_a_newer_version_that_is_nothing_new(owner):
    first, second = keep(owner), keep(owner, title="Khác")
    same = services.replace_document(document_id=first.pk, file=checked_file(upload(stored(first))))
    assert same == first
    with pytest.raises(InvalidInputError):
        services.replace_document(document_id=first.pk, file=checked_file(upload(stored(second))))


def test_the_room_is_counted_with_versions_and_archive(owner, monkeypatch):
    document = keep(owner)
    services.archive_document(document_id=document.pk)
    most = document.size + len(pdf("mười")) - 1
    monkeypatch.setattr("core.vault.services.documents.QUOTA_BYTES", most)
    with pytest.raises(InvalidInputError) as caught:
        keep(owner, pdf("mười"))
    assert list(caught.value.field_errors) == ["file"]
    assert services.room_of(owner.organisation.pk).share < 1


def test_only_an_archived_document_that_nothing_rests_on_is_deleted(
    owner, django_capture_on_commit_callbacks
):
    document = keep(owner)
    paper = PaperFactory(producer=owner.organisation.producer, document=document)
    with pytest.raises(IllegalTransitionError):
        services.delete_document(document_id=document.pk)
    services.archive_document(document_id=document.pk)
    assert [use.label for use in registry.uses_of([document.pk])[document.pk]]
    with pytest.raises(IllegalTransitionError):
        services.delete_document(document_id=document.pk)
    with pytest.raises(RestrictedError):
        document.delete()
    paper.delete()
    storage, name = document.file.storage, document.file.name
    with django_capture_on_commit_callbacks(execute=True):
        services.delete_document(document_id=document.pk)
    assert not storage.exists(name)
    assert not Document.objects.exists()


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (Description(title="\u200b"), "title"),
        (Description(title="x" * 161), "title"),
        (Description(title="x", kind="diploma"), "kind"),
        (Description(title="x", valid_until="9" * 61), "valid_until"),
    ],
)
def test_what_a_document_cannot_be_called_is_refused_at_its_field(owner, said, field):
    with pytest.raises(InvalidInputError) as caught:
        services.describe_document(document_id=keep(owner).pk, said=said)
    assert list(caught.value.field_errors) == [field]


# --- Pages ------------------------------------------------------------------------------------


def test_good_files_are_kept_and_bad_ones_named(client, owner):
    sent = [upload(pdf("a"), "a.pdf"), upload(b"<svg/>", "b.svg"), upload(photo("PNG"), "c.png")]
    answer = client.post("/documents/new/", {"uploads": sent, "kind": "photo"})
    assert answer.status_code == 200
    assert [one[:5] for one in answer.context["form"].errors["uploads"]] == ["b.svg"]
    titles = set(Document.objects.values_list("title", "kind"))
    assert titles == {("a", "photo"), ("c", "photo")}
    assert owner.organisation.documents.get(title="a").uploaded_by == owner.user


def test_every_refused_file_is_named_in_the_summary_and_the_kept_ones_beside_it(client):
    sent = [
        upload(b"<svg/>", "ảnh\u202e.svg"), upload(pdf("a"), "a.pdf"), upload(b"", "rỗng.pdf"),
        upload(photo("JPEG")[:300], "đứt.jpg"), upload(pdf("b"), "b.pdf"),
    ]  # fmt: skip
    page = client.post("/documents/new/", {"uploads": sent, "kind": "other"})
    summary = page.text[page.text.index("data-error-summary") :]
    summary = summary[: summary.index("</ul>")]
    assert summary.count("<li>") == 3
    for name, reason in (
        ("ảnh.svg", "Send a PDF"),
        ("rỗng.pdf", "The file is empty"),
        ("đứt.jpg", "broken or cut off"),
    ):
        assert f"{name}: {reason}" in summary or f"{name}: This picture is {reason}" in summary
    kept = Document.objects.order_by("pk")
    assert [one.title for one in kept] == ["a", "b"]
    assert "2 files are kept" in page.text
    assert all(f"/documents/{one.pk}/" in page.text for one in kept)


def test_documents_of_one_name_are_told_apart_where_one_is_chosen(client, owner):
    first, second = keep(owner, pdf("a")), keep(owner, photo("PNG"))
    page = client.get("/producer/papers/new/?kind=vietgap").text
    for document, kind in ((first, "PDF"), (second, "PNG")):
        with translation.override("en"):
            label = f"Giấy phép · {kind} {filesizeformat(document.size)} · "
        assert label in page.replace("&nbsp;", "\xa0")
        assert f"{document.uploaded_at.astimezone(VIETNAM):%d/%m/%Y} · #{document.pk}" in page


def test_the_camera_and_the_device_send_by_one_form(client):
    answer = client.post(
        "/documents/new/", {"photo": [upload(photo("JPEG"), "image.jpg")], "kind": "other"}
    )
    assert answer.status_code == 302
    assert Document.objects.get().type == "jpg"
    page = client.get("/documents/new/").content.decode()
    assert 'capture="environment"' in page
    assert client.post("/documents/new/", {"kind": "other"}).context["form"].errors["uploads"]
    many = [upload(pdf(str(n)), "x.pdf") for n in range(21)]
    assert client.post("/documents/new/", {"uploads": many, "kind": "other"}).context["form"].errors


def test_archiving_offers_to_take_it_back(client, owner):
    document = keep(owner)
    page = client.post(f"/documents/{document.pk}/archive/", follow=True)
    assert f"/documents/{document.pk}/restore/" in page.content.decode()
    client.post(f"/documents/{document.pk}/restore/")
    document.refresh_from_db()
    assert document.archived_at is None


def test_files_leave_as_downloads_and_pictures_made_anew(client, owner):
    document, picture = keep(owner), keep(owner, photo("PNG", orientation=6), title="Ảnh")
    answer = client.get(f"/documents/{document.pk}/file/")
    assert (answer.content, answer["Content-Type"]) == (pdf("Giấy phép"), "application/pdf")
    assert answer["Content-Disposition"].startswith('attachment; filename="giay-phep.pdf"')
    assert "sandbox" in answer["Content-Security-Policy"]
    assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == (
        "nosniff",
        "private, no-store",
    )
    assert client.get(f"/documents/{document.pk}/preview/").status_code == 404
    assert client.get(f"/documents/{picture.pk}/preview/").content.startswith(b"\xff\xd8\xff")
    for path in (f"/media/{document.file.name}", f"/{document.file.name}"):
        assert client.get(path).status_code == 404
    stored_file, missing = document.file, f"/documents/{document.pk}/file/"
    stored_file.storage.delete(stored_file.name)
    assert client.get(missing).status_code == 404


def test_a_paper_takes_a_document_that_is_there_but_nobody_elses(client, owner):
    document, foreign = keep(owner), keep(MembershipFactory())
    typed = {"number": "VG-7", "issuer": "Vinacert", "valid_from": "2026-01-31"}
    page = client.get("/producer/papers/new/?kind=vietgap").content.decode()
    assert f'value="{document.pk}"' in page
    url = "/producer/papers/new/?kind=vietgap"
    assert client.post(url, typed | {"document": foreign.pk}).context["form"].errors["document"]
    assert client.post(url, typed | {"document": document.pk}).status_code == 302
    assert document.papers.get().evidence == document.file
