"""Addresses over HTTP, on the command line and on the portal."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from core.accounts.models import User
from core.places import selectors

PAGE = "/places/addresses/"
API = "/api/v1/addresses/resolve"


@pytest.fixture
def signed_in(client, places):
    client.force_login(User.objects.create_user("an@example.org", full_name="An"))
    return client


def rows_of(text: str, delimiter: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), delimiter=delimiter))


def resolved(tmp_path: Path, content: bytes, delimiter: str = ",") -> list[dict[str, str]]:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_bytes(content)
    call_command("resolve_addresses", source, target)
    return rows_of(target.read_text("utf-8", errors="surrogateescape"), delimiter)


@pytest.mark.usefixtures("places")
def test_units_of_the_day_come_with_an_answer():
    one, several = selectors.addresses_of(
        [
            selectors.resolve_address("Phường Bãi Cháy, Quảng Ninh"),
            selectors.resolve_address("Phường Hà Khẩu, TP Hạ Long, Quảng Ninh"),
        ]
    )
    assert (one.commune.code, one.commune.label) == ("06673", "Phường Bãi Cháy")
    assert one.province.label == "Thành phố Quảng Ninh"
    assert one.commune.unit_id
    assert [place.label for place in several.candidates] == ["Phường Việt Hưng", "Phường Tuần Châu"]
    assert several.words


def test_the_api_reads_one_address_or_a_list(client, places):
    typed = {"address": "X. Sơn Dương, H. Hoành Bồ, Quảng Ninh"}
    one = client.post(API, typed, content_type="application/json").json()
    assert one["results"][0]["commune"]["code"] == "07030"
    body = {
        "addresses": [
            {"ward": "Bãi Cháy", "district": "Hạ Long", "province": "Quảng Ninh"},
            {"address": ""},
        ],
        "on": "2025-06-30",
    }
    first, second = client.post(API, body, content_type="application/json").json()["results"]
    assert first["commune"] == {"code": "06673", "name": "Phường Bãi Cháy"}
    assert first["province"]["name"] == "Tỉnh Quảng Ninh"
    assert (second["province"], second["basis"]) == (None, ["empty"])


@pytest.mark.parametrize(
    "body",
    [{}, {"addresses": []}, {"addresses": ["x"] * 3}, {"address": "x" * 2000}, {"on": "1.7."}],
)
def test_the_api_says_what_it_takes(client, places, body):
    assert client.post(API, body, content_type="application/json").status_code == 400


def test_a_list_of_a_thousand_is_the_most(client, places):
    many = {"addresses": [{"address": "Bãi Cháy"}] * 1001}
    assert client.post(API, many, content_type="application/json").status_code == 400


def test_the_page_shows_what_was_understood_and_lets_one_choose(signed_in):
    assert signed_in.get(PAGE).status_code == 200
    typed = {"address": "Phường Hà Khẩu, TP Hạ Long, Quảng Ninh"}
    body = signed_in.post(PAGE, typed).content.decode()
    assert "Phường Việt Hưng" in body
    assert 'value="06661"' in body
    chosen = signed_in.post(PAGE, typed | {"choose": "06661"}).content.decode()
    assert 'name="choose"' not in chosen
    assert signed_in.post(PAGE, {"address": ""}).status_code == 400


def test_visitors_are_asked_to_sign_in(client):
    assert client.get(PAGE).status_code == 302
    assert client.post(f"{PAGE}list/").status_code == 302


def test_an_uploaded_list_comes_back_with_five_columns(signed_in):
    content = "stt;Xã;Huyện;Tỉnh\n1;Bãi Cháy;Hạ Long;Quảng Ninh\n2;=1+1;;\n".encode()
    upload = SimpleUploadedFile("danh sách.csv", content)
    answer = signed_in.post(f"{PAGE}list/", {"list-file": upload})
    assert answer["Content-Disposition"] == 'attachment; filename="danh-sach-resolved.csv"'
    rows = rows_of(b"".join(answer.streaming_content).decode(), ";")
    assert [row["commune_code"] for row in rows] == ["06673", ""]
    assert rows[1]["Xã"] == "=1+1"


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"\x00\x01\x02" * 50])
def test_a_file_without_addresses_is_explained(signed_in, content):
    answer = signed_in.post(f"{PAGE}list/", {"list-file": SimpleUploadedFile("x.csv", content)})
    assert answer.status_code == 400


def test_the_command_keeps_columns_rows_and_order(tmp_path):
    rows = resolved(
        tmp_path,
        '\ufeffid,PROVINCE,Ward,note,district\n7,Quảng Ninh,Bãi Cháy,"a, b",Hạ Long\n'
        "3,Quảng Ninh,P. Hà Khẩu,,Hạ Long\n\n9,,,,\n".encode(),
    )  # fmt: skip
    assert [row["id"] for row in rows] == ["7", "3", "", "9"]
    assert rows.pop(2)["basis"] == "bad_row: a blank line"
    assert list(rows[0])[:5] == ["id", "PROVINCE", "Ward", "note", "district"]
    assert (rows[0]["note"], rows[0]["commune_code"], rows[0]["candidates"]) == (
        "a, b",
        "06673",
        "",
    )
    assert (rows[1]["commune_code"], rows[1]["candidates"]) == ("", "06661|06706")
    assert (rows[2]["province_code"], rows[2]["basis"]) == ("", "empty")


def test_bad_rows_are_kept_and_reported(tmp_path, capsys):
    content = (
        b"ward,district,province\na,b\nx,y,z,w\nP\xff\xfe,Hanoi,\n" + b"Ba Dinh,,Ha Noi\n" * 99
    )
    content = content.replace(b"Ba Dinh", "Ba Đình".encode())
    rows = resolved(tmp_path, content)
    assert len(rows) == 102
    assert all(row["basis"].startswith("bad_row") for row in rows[:3])
    assert rows[1]["province"] == "z,w"
    assert all(f"Line {number}" in capsys.readouterr().err for number in (2,))
    assert rows[3]["province_code"] == "01"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1258"])
def test_other_encodings_are_read(tmp_path, encoding):
    text = "address\nĐưc Thọ, Ha Tĩnh\nBãi Cháy, Hạ Long, Quảng Ninh\n"
    if encoding == "cp1258":
        text = text.replace("ạ", "a\u0323").replace("ả", "a\u0309").replace("ĩ", "i\u0303")
        text = text.replace("ọ", "o\u0323").replace("ã", "a\u0303")
    rows = resolved(tmp_path, text.encode(encoding))
    assert rows[1]["commune_code"] == "06673"


def test_a_plain_list_of_addresses_needs_no_quotes(tmp_path):
    rows = resolved(tmp_path, "address\nBãi Cháy, Hạ Long, Quảng Ninh\n".encode())
    assert (rows[0]["address"], rows[0]["commune_code"]) == (
        "Bãi Cháy, Hạ Long, Quảng Ninh",
        "06673",
    )


def test_the_heading_of_the_manual_beats_another(tmp_path, capsys):
    rows = resolved(tmp_path, "Địa chỉ,address\nx,\"Bãi Cháy, Hạ Long, Quảng Ninh\"\n".encode())
    assert rows[0]["commune_code"] == "06673"
    resolved(tmp_path, "ten,tinh\nx,Quảng Ninh\n".encode())
    assert "Only tinh can be read" in capsys.readouterr().err


def test_the_input_is_never_overwritten_and_failure_leaves_nothing(tmp_path):
    source = tmp_path / "in.csv"
    source.write_text("a,b\n1,2\n")
    with pytest.raises(CommandError):
        call_command("resolve_addresses", source, source)
    with pytest.raises(CommandError, match="ward"):
        call_command("resolve_addresses", source, tmp_path / "out.csv")
    with pytest.raises(CommandError):
        call_command("resolve_addresses", tmp_path / "none.csv", tmp_path / "out.csv")
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]
