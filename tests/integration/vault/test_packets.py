"""Dossiers: what is in them, who may fetch them, until when, and what is written down."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import re
import zipfile

import pytest

from core.kernel import clock
from core.kernel.errors import IllegalTransitionError, InvalidInputError
from core.vault import services
from core.vault.content import checked_file
from core.vault.enums import PacketCode
from core.vault.models import Document, Handover, PacketShare
from core.vault.services import Consent
from tests.factories.accounts import MembershipFactory
from tests.factories.fairs import FairFactory, ParticipationFactory
from tests.factories.producers import PaperFactory, ProductFactory
from tests.integration.vault.conftest import keep, pdf, upload

pytestmark = pytest.mark.django_db


def opened(answer) -> zipfile.ZipFile:
    assert answer.status_code == 200, answer
    return zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))


@pytest.fixture
def product(owner):
    return ProductFactory(producer=owner.organisation.producer)


@pytest.fixture
def host(db):
    return MembershipFactory(organisation__is_organiser=True, organisation__is_producer=False)


@pytest.fixture
def place(owner, host, product):
    fair = FairFactory(organiser=host.organisation, calling=True)
    return ParticipationFactory(fair=fair, organisation=owner.organisation, showing=[product])


def consent(place, documents, **more) -> Consent:
    values = {
        "packet": PacketCode.FAIR,
        "subject_id": place.pk,
        "title": "Hồ sơ",
        "holder_id": place.organisation_id,
        "receiver_id": place.fair.organiser_id,
        "document_ids": [one.pk for one in documents],
        "until": clock.today(),
    }
    return Consent(**(values | more))


def test_the_ocop_dossier_answers_from_papers_and_documents(client, owner, product):
    business = keep(owner, title="Đăng ký kinh doanh", kind="business")
    safety = keep(owner, title="ATTP", kind="paper")
    seller, today = owner.organisation.producer, clock.today()
    PaperFactory(producer=seller, kind="food_safety", document=safety, verified=True)
    ended = {"valid_to": today - dt.timedelta(days=1), "verified": True}
    expired = keep(owner, title="hết hạn")
    PaperFactory(producer=seller, kind="self_declaration", document=expired, **ended)
    keep(MembershipFactory(), title="của người khác", kind="plan")
    page = client.get(f"/producer/products/{product.pk}/dossier/")
    packet = page.context["packet"]
    answered = [line.asked.code for line in packet.lines if line.is_answered]
    assert answered == ["business", "production"]
    assert {line.asked.code for line in packet.missing} >= {"form", "plan", "declaration"}
    names = opened(client.get(f"/producer/products/{product.pk}/dossier/zip/")).namelist()
    assert len(names) == 4
    assert f"01 {business.title}.pdf" in names
    assert not any("khác" in name or "hết hạn" in name for name in names)


def compared(client, page: str) -> set[int]:
    """Compare each line of the page with the rows of the ZIP; return the documents in both."""
    shown = client.get(page)
    archive = opened(client.get(f"{page}zip/"))
    table = archive.read("00 MỤC LỤC.csv").decode("utf-8-sig")
    listed: dict[int, set[str]] = {}
    for row in list(csv.reader(io.StringIO(table)))[1:]:
        listed.setdefault(int(row[0]), set()).update({row[9]} - {""})
    said = {
        number: {answer.document.sha256 for answer in line.answers if answer.counts}
        for number, line in enumerate(shown.context["packet"].lines, start=1)
    }
    assert listed == said
    heads = re.findall(r'nc-dossier-head">.*?</div>', shown.text, re.DOTALL)
    assert ["nc-tone-ok" in head for head in heads] == [bool(one) for one in said.values()]
    held = {hashlib.sha256(archive.read(name)).hexdigest() for name in archive.namelist()[2:]}
    assert held == set().union(*said.values())
    return set(Document.objects.filter(sha256__in=held).values_list("pk", flat=True))


def test_the_index_agrees_with_the_page_line_by_line_also_about_the_archive(client, owner, product):
    kept = keep(owner, title="Đăng ký kinh doanh", kind="business")
    certificate = keep(owner, title="VietGAP")
    replaced = keep(owner, title="ATTP")
    for document, kind in ((certificate, "food_safety"), (replaced, "self_declaration")):
        PaperFactory(
            producer=owner.organisation.producer, kind=kind, document=document, verified=True
        )
    new = services.replace_document(document_id=replaced.pk, file=checked_file(upload(pdf("mới"))))
    page = f"/producer/products/{product.pk}/dossier/"

    assert compared(client, page) == {kept.pk, certificate.pk, replaced.pk}
    services.archive_document(document_id=certificate.pk)
    services.archive_document(document_id=new.pk)  # and with it the version the paper rests on
    assert compared(client, page) == {kept.pk}
    shown = client.get(page).text
    assert shown.count("take it out of the archive or choose another") >= 2
    mend = f"/documents/{replaced.pk}/restore/"
    assert mend in shown
    assert client.post(mend, {"back": page})["Location"] == page
    assert client.post(mend, {"back": "//evil.example/"})["Location"] == "/documents/"
    assert compared(client, page) == {kept.pk, replaced.pk}


def test_a_dossier_without_a_file_says_so_instead_of_an_empty_zip(client, product):
    answer = client.get(f"/producer/products/{product.pk}/dossier/zip/")
    assert answer.status_code == 403
    assert "There is no file" in answer.content.decode()


def test_the_organiser_fetches_what_was_chosen_and_it_is_written_down(
    client, client_for, owner, host, place
):
    chosen = keep(owner, title="Đăng ký kinh doanh", kind="business")
    keep(owner, pdf("private"), title="Nhãn", kind="label")
    desk = client_for(host.user)
    fetch = f"/fairs/mine/{place.fair_id}/applications/{place.pk}/documents/"
    assert desk.post(fetch).status_code == 403
    until = clock.today() + dt.timedelta(days=3)
    typed = {"documents": [chosen.pk], "until": until.isoformat()}
    assert client.post(f"/fairs/applications/{place.pk}/documents/", typed).status_code == 302
    application = desk.get(f"/fairs/mine/{place.fair_id}/applications/{place.pk}/")
    assert fetch in application.content.decode()
    names = opened(desk.post(fetch)).namelist()
    assert names[2:] == [f"01 {chosen.title}.pdf"]
    handed = Handover.objects.get()
    assert (handed.fetched_by, handed.document_ids, handed.size) == (
        host.user,
        [chosen.pk],
        chosen.size,
    )
    shown = client.get(f"/fairs/applications/{place.pk}/documents/").content.decode()
    assert str(host.user) in shown
    client.post(f"/documents/shares/{PacketShare.objects.get().pk}/withdraw/")
    assert desk.post(fetch).status_code == 403
    assert Handover.objects.count() == 1


def test_nobody_else_fetches_and_not_after_the_last_day(client_for, owner, host, place):
    document = keep(owner, kind="business")
    share = services.share_packet(consent=consent(place, [document]))
    fetch = f"/fairs/mine/{place.fair_id}/applications/{place.pk}/documents/"
    stranger = MembershipFactory(organisation__is_organiser=True)
    assert client_for(stranger.user).post(fetch).status_code == 404
    assert client_for(host.user).get(fetch).status_code == 405
    PacketShare.objects.update(until=clock.today() - dt.timedelta(days=1))
    assert client_for(host.user).post(fetch).status_code == 403
    with pytest.raises(IllegalTransitionError):
        services.record_handover(share_id=share.pk, document_ids=[], size_bytes=0, user_id=None)


def test_what_goes_into_the_archive_leaves_what_is_shared(client_for, owner, host, place):
    first, second = keep(owner, kind="business"), keep(owner, title="Nhãn", kind="label")
    services.share_packet(consent=consent(place, [first, second]))
    services.archive_document(document_id=second.pk)
    fetch = f"/fairs/mine/{place.fair_id}/applications/{place.pk}/documents/"
    assert len(opened(client_for(host.user).post(fetch)).namelist()) == 3


def test_consent_is_for_ones_own_files_and_for_a_year_at_most(owner, place):
    own, foreign = keep(owner), keep(MembershipFactory())
    today = clock.today()
    for wrong, field in (
        (consent(place, [own, foreign]), "documents"),
        (consent(place, []), "documents"),
        (consent(place, [own], until=today - dt.timedelta(days=1)), "until"),
        (consent(place, [own], until=today + dt.timedelta(days=367)), "until"),
    ):
        with pytest.raises(InvalidInputError) as caught:
            services.share_packet(consent=wrong)
        assert list(caught.value.field_errors) == [field]
    services.share_packet(consent=consent(place, [own]))
    again = services.share_packet(consent=consent(place, [own], until=today + dt.timedelta(days=9)))
    assert (again.version, PacketShare.objects.count()) == (2, 1)


def test_a_stored_file_that_is_gone_stops_the_zip_before_it_begins(client, owner, product):
    document = keep(owner, kind="business")
    document.file.storage.delete(document.file.name)
    answer = client.get(f"/producer/products/{product.pk}/dossier/zip/")
    assert answer.status_code == 403
    assert document.title in answer.content.decode()
