"""The doors of the reading of names: command line, API, and the piece of a form."""

from __future__ import annotations

import csv
import io

import pytest
from django.core.management import CommandError, call_command

from core.catalogue import services
from tests.integration.catalogue.test_synonyms import NAME, choose

pytestmark = pytest.mark.usefixtures("catalogue")
HEAD = ["category_code", "confidence", "alternatives", "basis"]


@pytest.fixture
def run(tmp_path):
    """Run the command on some bytes; the rows it wrote and what it said."""

    def run(content: bytes, *, delimiter=","):
        source, target = tmp_path / "in.csv", tmp_path / "out.csv"
        source.write_bytes(content)
        said = io.StringIO()
        call_command("classify_products", str(source), str(target), stdout=said, stderr=said)
        with target.open(encoding="utf-8", newline="") as file:
            return list(csv.reader(file, delimiter=delimiter)), said.getvalue()

    return run


def test_rows_keep_their_columns_and_order_and_gain_four(run):
    rows, said = run("id,name,note\n2,Chả mực Hạ Long,a\n1,bo,\n".encode())
    assert rows[0] == ["id", "name", "note", *HEAD]
    assert rows[1][:4] == ["2", "Chả mực Hạ Long", "a", "B08-cha-muc"]
    assert rows[2][3] == ""
    assert set(rows[2][5].split("|")) == {"B01-bo", "B02-trau-bo"}
    assert "2 rows, 1 with a kind, 1 left to a person" in said


@pytest.mark.parametrize(("content", "delimiter"), [
    ("\ufeffName ;x\nRuốc hàu;1\n".encode(), ";"),
    ("name\tx\nRuốc hàu\t1\n".encode("utf-16"), "\t"),
    ('name,x\n"Ruốc hàu",1\n'.encode(), ","),
])  # fmt: skip
def test_files_are_read_as_people_save_them(run, content, delimiter):
    rows, _said = run(content, delimiter=delimiter)
    assert rows[1][2] == "B08-ruoc"


def test_no_row_is_dropped_and_each_bad_one_is_named(run):
    rows, said = run(b"name,x\n,1\nCam\nCam,1,2,3\n=1+1,2\n")
    assert [len(row) for row in rows] == [6] * 5
    assert rows[3][:2] == ["Cam", "1,2,3"]
    assert all(f"line {line}" in said for line in (2, 3, 4))


def test_columns_of_another_list_stay_beside_ours(run):
    rows, _said = run(b"name,confidence,basis\nCam,0.9,x\n")
    assert rows[0][3:] == [
        "category_code", "category_confidence", "alternatives", "category_basis",
    ]  # fmt: skip


@pytest.mark.parametrize("content", [
    b"", b"ten\nCam\n", b"name,category_code\nCam,x\n", b"name\nCh\xe3\n",
])  # fmt: skip
def test_a_file_that_cannot_be_read_says_what_to_do(run, content):
    with pytest.raises(CommandError):
        run(content)


def test_the_command_knows_approved_synonyms(run):
    proposal = choose()
    content = f"name\n{NAME}\n".encode()
    assert run(content)[0][1][1] == ""
    services.approve_synonym(proposal_id=proposal.pk, term=proposal.term, officer_id=1)
    assert run(content)[0][1][1] == "B06-banh-truyen-thong"


def post(client, body):
    return client.post("/api/v1/categories/classify", body, content_type="application/json")


def test_api_reads_one_name_or_many_in_order(client):
    answer = post(client, {"name": "Chả mực Hạ Long"}).json()
    assert answer["results"][0]["category_code"] == "B08-cha-muc"
    rows = post(client, {"names": ["bo", "Bình Minh", "Mứt dừa"]}).json()["results"]
    assert [row["category_code"] for row in rows] == [None, None, "B07-mut-o-mai"]
    assert [one["code"] for one in rows[0]["candidates"]] == ["B01-bo", "B02-trau-bo"]
    assert rows[0]["candidates"][0]["confidence"] < answer["bar"]


@pytest.mark.parametrize("body", [
    {}, {"name": "a", "names": ["b"]}, {"names": []}, {"names": ["a"] * 1_001}, {"name": 1e400},
    {"name": "x" * 501}, {"names": [{}]}, [],
])  # fmt: skip
def test_api_refuses_what_is_no_name(client, body):
    assert post(client, body).status_code == 400


def test_api_gives_the_sets_of_2019_with_those_of_today(client):
    rows = client.get("/api/v1/ocop-former-sets", {"criteria_version": "2019"}).json()
    assert len(rows) == 26
    assert rows[8]["sets_today"] == ["B08"]
    assert client.get("/api/v1/ocop-former-sets?criteria_version=1066").json() == []


def test_a_form_is_offered_kinds_with_reasons_and_the_sure_one_marked(client):
    sure = client.get("/catalogue/suggest/", {"name": "Chả mực Hạ Long"}).content.decode()
    assert sure.count("data-pick-first") == 1
    assert "Chả mực" in sure
    unsure = client.get("/catalogue/suggest/", {"name": "bo"}).content.decode()
    assert "data-pick-first" not in unsure
    assert unsure.count("data-pick=") >= 2


@pytest.mark.parametrize("name", ["", " ", "\x00", "🙂", "x" * 10_000, "<script>"])
def test_the_offer_survives_nonsense(client, name):
    page = client.get("/catalogue/suggest/", {"name": name})
    assert page.status_code in {200, 400}
    assert "<script>" not in page.content.decode()
