"""The pages of lists: from the template to undo, for the one and not for the other."""

from __future__ import annotations

import io

import pytest
from django.urls import reverse

from core.accounts.models import OfficerPost
from core.imports import registry
from core.imports.models import Import
from core.sheets.limits import Limits
from core.sheets.reading import open_sheet
from producers.models import Product
from tests.factories.accounts import (
    MembershipFactory,
    OfficerFactory,
    OrganisationFactory,
    province,
)
from tests.factories.producers import PaperFactory, ProducerFactory, ProductFactory
from tests.integration.imports.conftest import hand_in, work_off, xlsx

pytestmark = pytest.mark.django_db
HEAD = ("Tên sản phẩm", "Loại")


@pytest.fixture
def browser(seller, client_for):
    return client_for(seller[0])


def sheet_of(answer, tmp_path, *, sheet=""):
    path = tmp_path / "answer"
    path.write_bytes(answer.content)
    with open_sheet(path, sheet=sheet) as found:
        return [row.cells for row in found.rows]


def post_list(browser, content, *, code="products", name="sản phẩm.xlsx"):
    upload = io.BytesIO(content)
    upload.name = name
    return browser.post(reverse("imports:import_create", args=[code]), {"file": upload})


def test_a_list_goes_from_upload_to_undo_on_pages(browser):
    answer = post_list(browser, xlsx(HEAD, ("Cam Vạn Yên", "Cam"), ("=cmd|x", "không có")))
    found = Import.objects.get()
    page = reverse("imports:import_detail", args=[found.pk])
    assert answer.url == page
    waiting = browser.get(page)
    assert "Xem đã làm đến đâu" in waiting.content.decode()
    assert b"hx-get" in browser.get(page, headers={"HX-Request": "true"}).content
    work_off(found)
    shown = browser.get(page).content.decode()
    assert "Cam Vạn Yên" in shown
    assert "=cmd|x" in shown
    browser.post(reverse("imports:import_apply", args=[found.pk]))
    work_off(found)
    assert Product.objects.get().name == "Cam Vạn Yên"
    undo = reverse("imports:import_undo", args=[found.pk])
    assert browser.get(undo).status_code == 200
    browser.post(undo)
    work_off(found)
    assert Product.objects.get().is_archived


def test_refused_rows_come_back_as_typed_with_their_reasons(browser, tmp_path):
    post_list(browser, xlsx(HEAD, ("=cmd|x", "không có")))
    found = work_off(Import.objects.get())
    rows = sheet_of(browser.get(reverse("imports:refused_rows", args=[found.pk])), tmp_path)
    assert rows[1][:2] == ("=cmd|x", "không có")
    assert "không có" in rows[1][6]


def test_an_export_read_in_again_changes_nothing(browser, seller, tmp_path):
    ProductFactory(producer_id=seller[1].pk, name="-Cam @1", name_folded="cam 1", gtin="")
    for query in ("", "?as=csv"):
        answer = browser.get(reverse("imports:export", args=["products"]) + query)
        content = answer.content
        found = work_off(hand_in(content, kind="products", organisation=seller[1]))
        assert (found.unchanged_count, found.row_count) == (1, 1)


def test_a_template_has_its_headings_and_a_guide(browser, tmp_path):
    answer = browser.get(reverse("imports:template", args=["offers"]))
    (tmp_path / "template").write_bytes(answer.content)
    with open_sheet(tmp_path / "template") as found:
        names = found.names
        assert len(list(found.rows)) == 1
    assert len(names) == 2


def test_an_empty_form_and_an_oversized_file_are_refused_with_words(browser, monkeypatch):
    answer = browser.post(reverse("imports:import_create", args=["products"]), {})
    assert answer.status_code == 400
    monkeypatch.setattr("core.imports.services.uploading.LIMITS", Limits(file_bytes=10))
    answer = post_list(browser, xlsx(HEAD))
    assert answer.status_code == 400
    assert "20 MB" in answer.content.decode()
    assert not Import.objects.exists()


def test_lists_of_others_do_not_exist_for_me(browser, client_for):
    other = MembershipFactory(organisation=OrganisationFactory(is_producer=True))
    ProducerFactory(organisation=other.organisation)
    found = hand_in(xlsx(HEAD), kind="products", organisation=other.organisation)
    for name in ("import_detail", "refused_rows", "import_undo"):
        assert browser.get(reverse(f"imports:{name}", args=[found.pk])).status_code == 404
    for name in ("import_apply", "import_stop", "import_undo"):
        assert browser.post(reverse(f"imports:{name}", args=[found.pk])).status_code == 404
    assert browser.get(reverse("imports:import_create", args=["requests"])).status_code == 404


def test_the_api_does_the_same(seller, client_for):
    browser = client_for(seller[0])
    upload = io.BytesIO(xlsx(HEAD, ("Cam Vạn Yên", "Cam")))
    upload.name = "a.xlsx"
    answer = browser.post("/api/v1/imports", {"file": upload, "kind": "products"})
    assert answer.status_code == 201
    found = work_off(Import.objects.get())
    rows = browser.get(f"/api/v1/imports/{found.pk}/rows?outcome=new").json()["results"]
    assert rows[0]["changes"][0] == ["name", "", "Cam Vạn Yên"]
    assert browser.post(f"/api/v1/imports/{found.pk}/apply").json()["state"] == "applying"
    work_off(found)
    assert browser.post(f"/api/v1/imports/{found.pk}/undo").json()["state"] == "undoing"
    assert browser.get("/api/v1/imports").json()["results"][0]["applied_count"] == 1
    bad = io.BytesIO(b"x")
    bad.name = "b.csv"
    assert browser.post("/api/v1/imports", {"file": bad, "kind": "requests"}).status_code == 403


def test_an_upload_repeated_with_its_key_is_the_same_import(seller, client_for):
    browser = client_for(seller[0])

    def send(content, *, key="k1", **more):
        upload = io.BytesIO(content)
        upload.name = "a.xlsx"
        data = {"file": upload, "kind": "products"} | more
        return browser.post("/api/v1/imports", data, headers={"Idempotency-Key": key})

    content = xlsx(HEAD, ("Cam Vạn Yên", "Cam"))
    first, again = send(content), send(content)
    assert (first.status_code, again.status_code) == (201, 201)
    assert (again["Idempotent-Replayed"], again.json()["id"]) == ("true", first.json()["id"])
    assert Import.objects.count() == 1
    assert send(content + b" ").status_code == 422
    assert send(content, as_of="2026-01-02").status_code == 422
    assert send(content, key="k2").json()["id"] != first.json()["id"]
    assert Import.objects.count() == 2


def test_an_officer_of_several_provinces_chooses_which_to_export(client_for):
    officer = OfficerFactory()
    elsewhere = province("01", name="Hà Nội")
    OfficerPost.objects.create(user=officer, province=elsewhere, sector="trade")
    paper = PaperFactory(producer__organisation__province=elsewhere, number="VN-HN-1")
    browser = client_for(officer)
    export = reverse("imports:export", args=["papers_of_province"]) + "?as=csv"
    page = browser.get(reverse("imports:import_list")).content.decode()
    assert f'<option value="{elsewhere.pk}">' in page
    answer = browser.get(f"{export}&province={elsewhere.pk}")
    assert paper.number in answer.content.decode("utf-8-sig")
    assert "ha-noi" in answer["Content-Disposition"]
    assert paper.number not in browser.get(f"{export}&province={province().pk}").content.decode()
    other = province("31", name="Hải Phòng")
    for asked in (other.pk, "x", "9" * 30):
        assert browser.get(f"{export}&province={asked}").status_code == 404


def test_every_kind_leads_to_a_page_that_shows_what_is_stored():
    homes = {kind.code: reverse(kind.home) for kind in registry._kinds.values()}
    assert homes["products"] == "/producer/products/"
    assert len(homes) > 9
