"""Places over HTTP."""

from __future__ import annotations

import datetime as dt

import pytest

from core.places import selectors
from core.places.enums import AdminLevel

pytestmark = pytest.mark.usefixtures("places")


def quang_ninh():
    return selectors.unit_at("22", level=AdminLevel.PROVINCE, day=dt.date(2026, 11, 21))


def test_options_list_the_communes_of_a_province(client):
    body = client.get("/places/communes/", {"province": quang_ninh().pk}).content.decode()
    assert body.count("<option") == 55
    assert "Đặc khu Cô Tô" in body


def test_options_keep_what_was_chosen(client):
    commune = selectors.communes_of(quang_ninh().pk).last()
    query = {"province": quang_ninh().pk, "commune": commune.pk}
    assert (
        f'value="{commune.pk}" selected' in client.get("/places/communes/", query).content.decode()
    )


@pytest.mark.parametrize("province", ["", "0", "x", "22; DROP", "9" * 40, "²", "-1"])
def test_nonsense_gives_an_empty_list_not_an_error(client, province):
    response = client.get("/places/communes/", {"province": province})
    assert response.status_code == 200
    assert response.content.decode().count("<option") == 1


def test_posting_is_refused(client):
    assert client.post("/places/communes/").status_code in {403, 405}


def test_api_lists_34_provinces_of_today_and_63_of_2024(client):
    assert len(client.get("/api/v1/provinces").json()) == 34
    old = client.get("/api/v1/provinces", {"on": "2024-12-31"}).json()
    assert len(old) == 63
    assert {"code": "24", "name": "Bắc Giang"}.items() <= next(
        row for row in old if row["code"] == "24"
    ).items()


def test_api_names_a_province_as_on_the_day_asked_for(client):
    kinds = [
        client.get("/api/v1/provinces/22", {"on": day}).json()["kind"]
        for day in ("2026-08-31", "2026-09-01")
    ]
    assert kinds == ["tinh", "thanh_pho"]


def test_api_answers_404_for_a_code_without_province(client):
    assert client.get("/api/v1/provinces/27").status_code == 404


def test_api_lists_communes_of_a_province(client, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        rows = client.get("/api/v1/communes", {"province": "22"}).json()
    assert len(rows) == 54
    assert {row["province_code"] for row in rows} == {"22"}


@pytest.mark.parametrize("query", [{}, {"province": "99"}, {"province": "22", "on": "soon"}])
def test_api_says_what_is_missing(client, query):
    assert client.get("/api/v1/communes", query).status_code == 400
