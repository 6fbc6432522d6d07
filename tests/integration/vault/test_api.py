"""The vault by JSON: one's own alone, the pages' rules, idempotent, files told by their bytes."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import orjson
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.accounts.enums import Role
from core.kernel import clock
from core.vault import services
from core.vault.models import Document, Handover, PacketShare
from tests.factories.accounts import MembershipFactory
from tests.factories.fairs import FairFactory, ParticipationFactory
from tests.factories.producers import PaperFactory, ProductFactory
from tests.integration.vault.conftest import keep, pdf, photo, upload

pytestmark = pytest.mark.django_db
DOCUMENTS, DOSSIERS, SHARES = "/api/v1/documents", "/api/v1/dossiers", "/api/v1/shares"


@pytest.fixture
def host(db):
    return MembershipFactory(organisation__is_organiser=True, organisation__is_producer=False)


@pytest.fixture
def place(owner, host):
    fair = FairFactory(organiser=host.organisation, calling=True)
    return ParticipationFactory(fair=fair, organisation=owner.organisation)


def send(client, path, body=None, method="post", **headers):
    sent = b"" if body is None else orjson.dumps(body)
    return getattr(client, method)(
        path, data=sent, content_type="application/json", headers=headers
    )


def ids(answer) -> list[int]:
    return [row["id"] for row in answer.json()["results"]]


def test_a_file_is_kept_described_replaced_archived_and_deleted(client, owner):
    answer = client.post(DOCUMENTS, {"file": upload(photo("JPEG"), "ẢNH.bin"), "kind": "photo"})
    row = answer.json()
    assert (answer.status_code, row["title"], row["type"], row["kind"]) == (
        201, "ẢNH", "jpg", "photo"
    )  # fmt: skip
    one = f"{DOCUMENTS}/{row['id']}"
    assert b"Nokia" not in client.get(f"{one}/file").content
    said = send(client, one, {"valid_until": "31/12/2027"}, "patch").json()
    assert (said["title"], said["valid_until"]) == ("ẢNH", "31/12/2027")
    new = client.post(f"{one}/versions", {"file": upload(pdf("mới"))}).json()
    assert (new["version"], client.get(one).json()["replaced_by_id"]) == (2, new["id"])
    assert send(client, f"{one}/archive").status_code == 409  # a newer version is there
    newest = f"{DOCUMENTS}/{new['id']}"
    assert send(client, newest, method="delete").status_code == 409  # not archived
    for _ in range(2):
        assert send(client, f"{newest}/archive").json()["archived_at"]
    assert ids(client.get(DOCUMENTS)) == []
    assert ids(client.get(f"{DOCUMENTS}?state=archived")) == [new["id"]]
    assert ids(client.get(f"{DOCUMENTS}?state=earlier")) == [row["id"]]
    assert send(client, f"{newest}/restore").json()["archived_at"] is None
    send(client, f"{newest}/archive")
    assert send(client, newest, method="delete").status_code == 204
    assert not Document.objects.exists()


def test_a_repeated_upload_answers_the_same_and_another_file_under_its_key_is_refused(client):
    def post(content, key):
        return client.post(DOCUMENTS, {"file": upload(content)}, headers={"Idempotency-Key": key})

    first, again = post(pdf("a"), "k"), post(pdf("a"), "k")
    assert (first.status_code, again.status_code, again.json()) == (201, 201, first.json())
    assert again["Idempotent-Replayed"] == "true"
    assert post(pdf("b"), "k").status_code == 422
    assert post(pdf("a"), "other").status_code == 200  # the same content is the same document
    assert Document.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"<svg/>", "x.pdf"), (b"%PDF-1.7 cut off", "x.pdf"), (b"x" * (10 * 2**20 + 1), "x.jpg")],
)
def test_what_is_no_document_is_refused_at_its_field(client, content, name):
    answer = client.post(DOCUMENTS, {"file": upload(content, name)})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["file"])
    assert client.post(DOCUMENTS, {"title": "x"}).json()["errors"].keys() == {"file"}
    assert not Document.objects.exists()


def test_nobody_sees_changes_or_fetches_what_is_anothers(client, owner, host, place):
    foreign = keep(MembershipFactory())
    one = f"{DOCUMENTS}/{foreign.pk}"
    asked = [client.get(one), client.get(f"{one}/file"), send(client, one, {}, "patch")]
    asked += [send(client, f"{one}/{step}") for step in ("archive", "restore", "versions")]
    asked += [send(client, one, method="delete")]
    asked += [client.get(f"{DOSSIERS}/{key}") for key in ("ocop-1", "fair-0", "x-1", "ocop-²")]
    assert {answer.status_code for answer in asked} == {404}
    assert ids(client.get(DOCUMENTS)) == []
    document = keep(owner, kind="plan")
    share = f"{DOSSIERS}/fair-{place.pk}/share"
    day = f"{clock.today()}"
    wrong = send(client, share, {"documents": [foreign.pk], "until": day})
    assert (wrong.status_code, list(wrong.json()["errors"])) == (400, ["documents"])
    # Its own, but nothing of this dossier answers a line with it.
    assert send(client, share, {"documents": [document.pk], "until": day}).status_code == 400
    assert not PacketShare.objects.exists()


def test_a_viewer_reads_and_fetches_but_changes_nothing(client_for, owner):
    document = keep(owner)
    viewer = MembershipFactory(organisation=owner.organisation, role=Role.VIEWER)
    eyes = client_for(viewer.user)
    one = f"{DOCUMENTS}/{document.pk}"
    assert ids(eyes.get(DOCUMENTS)) == [document.pk]
    assert eyes.get(f"{one}/file").status_code == 200
    answers = [
        eyes.post(DOCUMENTS, {"file": upload(pdf("b"))}),
        eyes.post(f"{one}/versions", {"file": upload(pdf("b"))}),
        *(send(eyes, f"{one}/{step}") for step in ("archive", "restore")),
        send(eyes, one, {"title": "x"}, "patch"),
        send(eyes, one, method="delete"),
    ]
    assert {answer.status_code for answer in answers} == {403}
    assert Document.objects.get().title == document.title


def test_a_dossier_is_listed_read_and_fetched(client, owner):
    assert list(client.get(DOSSIERS).json()["errors"]) == ["kind"]
    products = [ProductFactory(producer=owner.organisation.producer) for _ in range(3)]
    document = keep(owner, kind="business")
    PaperFactory(producer=owner.organisation.producer, document=keep(owner, pdf("b")))
    page = client.get(f"{DOSSIERS}?kind=ocop&page_size=2").json()
    keys = [row["id"] for row in page["results"]]
    keys += [row["id"] for row in client.get(page["next"]).json()["results"]]
    assert keys == [f"ocop-{one.pk}" for one in reversed(products)]
    whole = client.get(f"{DOSSIERS}/{keys[0]}").json()
    line = next(one for one in whole["lines"] if one["code"] == "business")
    assert (line["is_answered"], line["answers"][0]["document_id"]) == (True, document.pk)
    assert whole["missing_count"] > 0
    got = client.get(f"{DOSSIERS}/{keys[0]}/zip", headers={"Accept": "application/zip"})
    names = zipfile.ZipFile(io.BytesIO(got.getvalue())).namelist()
    assert f"01 {document.title}.pdf" in names
    services.archive_document(document_id=document.pk)
    line = next(
        one for one in client.get(f"{DOSSIERS}/{keys[0]}").json()["lines"]
        if one["code"] == "business"
    )  # fmt: skip
    assert line["is_answered"] is False
    assert send(client, f"{DOSSIERS}/{keys[0]}/share", {}).status_code == 403  # its holder's alone


def test_consent_names_files_and_day_and_nothing_is_shared_by_leaving_them_out(
    client, owner, place
):
    share = f"{DOSSIERS}/fair-{place.pk}/share"
    document, until = keep(owner, kind="business"), f"{clock.today()}"
    for said, missing in (
        ({"until": until, "document": [document.pk]}, "documents"),
        ({"until": until, "documents": []}, "documents"),
        ({"documents": [document.pk]}, "until"),
    ):
        answer = send(client, share, said)
        assert (answer.status_code, list(answer.json()["errors"])) == (400, [missing])
    assert not PacketShare.objects.exists()


def test_a_dossier_is_shared_fetched_by_its_receiver_alone_and_revoked(
    client, client_for, owner, host, place
):
    document = keep(owner, kind="business")
    dossier = f"{DOSSIERS}/fair-{place.pk}"
    assert send(client, f"{dossier}/revoke").status_code == 409
    until = (clock.today() + dt.timedelta(days=3)).isoformat()
    headers = {"Idempotency-Key": "once"}
    said = {"documents": [document.pk], "until": until}
    row = send(client, f"{dossier}/share", said, **headers).json()
    again = send(client, f"{dossier}/share", said, **headers)
    assert (again.json(), PacketShare.objects.get().version) == (row, 1)
    assert (row["file_count"], row["until"], row["is_open"]) == (1, until, True)
    assert send(client, f"{dossier}/share", said | {"until": "2020-01-01"}).status_code == 400
    whole = client.get(dossier).json()
    assert (whole["share"]["id"], whole["offered_until"] > until) == (row["id"], True)
    desk, stranger = client_for(host.user), client_for(MembershipFactory().user)
    share = f"{SHARES}/{row['id']}"
    assert ids(desk.get(f"{SHARES}?side=received")) == [row["id"]]
    assert ids(desk.get(f"{SHARES}?side=given")) == ids(stranger.get(SHARES)) == []
    assert stranger.get(share).status_code == 404
    assert send(stranger, f"{share}/fetch").status_code == 404
    assert send(client, f"{share}/fetch").status_code == 403  # the holder downloads its own
    assert send(desk, f"{share}/withdraw").status_code == 403
    got = send(desk, f"{share}/fetch")
    names = zipfile.ZipFile(io.BytesIO(got.getvalue())).namelist()
    assert names[2:] == [f"01 {document.title}.pdf"]
    assert Handover.objects.get().fetched_by == host.user
    assert send(client, f"{dossier}/revoke").json()["withdrawn_at"]
    assert desk.get(share).status_code == 404
    assert send(desk, f"{share}/fetch").status_code == 404
    assert client.get(share).json()["is_open"] is False


def test_lists_ask_no_more_for_three_rows_than_for_one(client, owner, host):
    def asked(path) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert len(client.get(path).json()["results"]) == PacketShare.objects.count()
        return len(seen)

    def another(number: int) -> None:
        share = PacketShare.objects.create(
            organisation=owner.organisation, receiver=host.organisation, packet="fair",
            subject_id=number, title="x", until=clock.today(),
        )  # fmt: skip
        share.documents.add(keep(owner, pdf(str(number))))
        ProductFactory(producer=owner.organisation.producer)

    lists = (DOCUMENTS, SHARES, f"{DOSSIERS}?kind=ocop")
    another(1)
    for path in lists:
        asked(path)  # whatever is asked once and kept
    few = [asked(path) for path in lists]
    another(2)
    another(3)
    assert [asked(path) for path in lists] == few
