"""Offers, papers and requests as lists: read as on pages, written by services, taken back."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from buyers.models import DemandRequest
from core.imports import registry
from core.imports.registry import Context
from core.kernel import clock
from core.outbox.models import OutboxMessage
from producers.models import Paper, SupplyOffer
from tests.factories.accounts import MembershipFactory, OrganisationFactory, commune, province
from tests.factories.buyers import BuyerGroupFactory
from tests.factories.producers import PaperFactory, ProductFactory, crop, unit
from tests.integration.imports.conftest import (
    applied,
    checked,
    counts,
    csv,
    reasons,
    undone,
    xlsx,
)

pytestmark = pytest.mark.django_db
FROM = clock.today() + dt.timedelta(days=10)
TO = FROM + dt.timedelta(days=30)


@pytest.fixture
def mine(seller):
    for code in ("kg", "tan", "ta", "thung"):
        unit(code)
    user, organisation = seller
    ProductFactory(producer_id=organisation.pk, name="Cam Vạn Yên", name_folded="cam van yen")
    return {"organisation": organisation, "user": user}


OFFER = ("Tên hàng", "Số lượng", "ĐVT", "Đơn giá", "Từ ngày", "Đến ngày", "Đăng")


def days():
    return f"{FROM:%d/%m/%Y}", f"{TO:%d/%m/%Y}"


def export_rows(kind, **whose):
    exported = registry.kind_named(kind)
    rows = exported.export(context=Context(as_of=clock.today(), **whose))
    head = [str(column.header) for column in exported.columns]
    return [head, *([cells[c.key] for c in exported.columns] for cells in rows)]


def test_offers_are_read_as_on_pages_published_and_withdrawn_again(mine):
    rows = [
        ("Cam Vạn Yên", "3 tạ rưỡi", "kg", "25k/kg", *days(), "có"),
        ("Cam Vạn Yên", "1.500", "kg", "", f"{TO:%d/%m/%Y}", f"{TO:%d/%m/%Y}", ""),
        ("Không có", "1", "kg", "", *days(), ""),
        ("Cam Vạn Yên", "1", "ta", "", *days(), ""),
    ]
    found = applied(csv(OFFER, *rows), kind="offers", **mine)
    assert counts(found) == (2, 0, 0, 2)
    assert sorted(reasons(found)) == [4, 5]
    first, second = SupplyOffer.objects.order_by("pk")
    assert (first.status, first.quantity, first.price_vnd) == ("published", Decimal(350), 25_000)
    assert (second.status, second.quantity) == ("draft", Decimal(1500))
    again = checked(csv(OFFER, *rows), kind="offers", **mine)
    assert counts(again) == (0, 0, 2, 2)
    undone(found)
    assert SupplyOffer.objects.get().status == "withdrawn"
    types = OutboxMessage.objects.values_list("type", flat=True)
    assert "producers.supply_offer.withdrawn.v1" in types


def test_a_number_cell_is_a_number_and_exported_offers_come_back_unchanged(mine):
    row = ("Cam Vạn Yên", Decimal("1.125"), "kg", Decimal(25_000), FROM, TO, "có")
    found = applied(xlsx(OFFER, row), kind="offers", **mine)
    assert counts(found) == (1, 0, 0, 0)
    assert SupplyOffer.objects.get().quantity == Decimal("1.125")
    rows = export_rows("offers", organisation_id=mine["organisation"].pk)
    assert counts(checked(xlsx(*rows), kind="offers", **mine)) == (0, 0, 1, 0)
    changed = (*row[:1], Decimal(2), *row[2:])
    second = applied(xlsx(OFFER, changed), kind="offers", **mine)
    assert counts(second) == (0, 1, 0, 0)
    undone(second)
    assert SupplyOffer.objects.get().quantity == Decimal("1.125")
    assert SupplyOffer.objects.get().status == "published"


PAPER = ("Loại giấy tờ", "Số", "Cơ quan cấp", "Sản phẩm", "Ngày cấp", "Ngày hết hạn", "Diện tích")


def test_papers_come_in_as_claims_and_verified_ones_stay(mine):
    producer_id = mine["organisation"].pk
    kept = PaperFactory(producer_id=producer_id, kind="haccp", number="9", status="verified")
    rows = [
        ("VietGAP", "12/2026", "Sở", "", "01/03/2026", "01/03/2029", "12,5"),
        ("vietgap", "13/2026", "Sở", "Cam Vạn Yên", "01/03/2026", "", ""),
        ("Bằng khen", "14", "Sở", "", "01/03/2026", "", ""),
        ("HACCP", "9", "Nơi khác", "", f"{kept.valid_from:%d/%m/%Y}", "", ""),
    ]
    found = applied(csv(PAPER, *rows), kind="papers", **mine)
    assert counts(found) == (2, 0, 0, 2)
    paper = Paper.objects.get(number="12/2026")
    assert (paper.status, paper.grade, paper.area_ha) == ("submitted", "D", Decimal("12.50"))
    kept.refresh_from_db()
    assert kept.status == "verified"
    again = export_rows("papers", organisation_id=producer_id)
    assert counts(checked(xlsx(*again), kind="papers", **mine))[2] == 3
    undone(found)
    assert list(Paper.objects.values_list("pk", flat=True)) == [kept.pk]


def test_an_officer_hands_in_codes_for_producers_of_the_province_only(mine):
    holder = mine["organisation"]
    elsewhere = OrganisationFactory(province=province("01", name="Hà Nội"), is_producer=True)
    head = ("Mã số thuế", *PAPER, "Thị trường")
    rows = [
        (
            Decimal(holder.tax_code),
            "Mã số vùng trồng",
            "VN-QN-1",
            "Cục",
            "",
            FROM,
            "",
            "",
            "Trung Quốc",
        ),
        (elsewhere.tax_code, "Mã số vùng trồng", "VN-HN-1", "Cục", "", FROM, "", "", "Trung Quốc"),
        ("123", "Mã số vùng trồng", "VN-QN-2", "Cục", "", FROM, "", "", "Trung Quốc"),
    ]
    whose = {"kind": "papers_of_province", "province": province(), "user": mine["user"]}
    found = applied(xlsx(head, *rows), **whose)
    assert counts(found) == (1, 0, 0, 2)
    paper = Paper.objects.get()
    assert (paper.producer_id, paper.status, paper.market) == (holder.pk, "submitted", "CN")
    assert found.rows.get(number=2).ref == paper.pk
    labels = list(found.rows.order_by("number").values_list("label", flat=True))
    assert labels[0].startswith(f"{holder.name} · {holder.tax_code} · ")
    assert labels[1].startswith(f"{elsewhere.tax_code} · ")
    assert elsewhere.name not in labels[1]
    undone(found)
    assert not Paper.objects.exists()


def test_requests_come_in_are_published_and_closed_again(mine):
    organisation = OrganisationFactory(province=province(), is_buyer=True, is_producer=False)
    BuyerGroupFactory(organisation=organisation)
    user = MembershipFactory(organisation=organisation).user
    head = (
        "Mặt hàng",
        "Loại",
        "Số lượng",
        "ĐVT",
        "Tần suất",
        "Từ ngày",
        "Đến ngày",
        "Giấy tờ",
        "Đăng",
    )
    rows = [
        ("Cam Vân Đồn", "Cam", "2 tấn", "", "mỗi tuần", *days(), "Chứng nhận VietGAP; HACCP", "có"),
        ("Cam sành", "Cam", "không rõ", "kg", "", *days(), "", ""),
        ("Cam canh", "Cam", "5", "kg", "", *days(), "Giấy lạ", ""),
    ]
    whose = {"kind": "requests", "organisation": organisation, "user": user}
    found = applied(csv(head, *rows), **whose)
    assert counts(found) == (1, 0, 0, 2)
    request = DemandRequest.objects.get()
    assert (request.status, request.quantity, request.unit.code) == ("published", 2, "tan")
    assert (request.period, request.required_papers) == ("week", ["haccp", "vietgap"])
    exported = export_rows("requests", organisation_id=organisation.pk)
    assert counts(checked(xlsx(*exported), **whose)) == (0, 0, 1, 0)
    undone(found)
    request.refresh_from_db()
    assert request.status == "closed"


def test_codes_come_in_once_for_each_crop_and_lists_of_households_with_their_commune(mine):
    organisation = mine["organisation"]
    organisation.commune = commune()
    organisation.save()
    crop(), crop("buoi", name="Bưởi", order=2)
    head = (*PAPER[:5], "Thị trường", "Công suất ngày", "Cây trồng", "Số hộ", "Xã")
    code = ("Mã số cơ sở đóng gói", "VN-QNPH-001", "Cục", "", FROM, "Trung Quốc", "2,5 tấn")
    lists = ("Cam kết sản xuất an toàn", "DS", "UBND", "", FROM, "", "", "", "35")
    rows = [
        (*code, "Cam", "", ""), (*code, "Bưởi", "", ""), (*code, "Rau, củ, quả", "", ""),
        (*lists, "Phường Hà Tu"), (*lists[:1], "DS-2", *lists[2:], ""),
        (*lists[:1], "DS-3", *lists[2:], "Xã Không Có"),
    ]  # fmt: skip
    found = applied(csv(head, *rows), kind="papers", **mine)
    assert counts(found) == (5, 0, 0, 1)
    codes = Paper.objects.filter(number="VN-QNPH-001").values_list(
        "crop__code", "daily_capacity_kg"
    )
    assert dict(codes) == dict.fromkeys(("cam", "buoi", "B01"), Decimal(2500))
    assert set(Paper.objects.filter(households=35).values_list("commune", flat=True)) == {
        organisation.commune_id
    }
    assert counts(checked(csv(head, *rows), kind="papers", **mine)) == (0, 0, 5, 1)
    again = export_rows("papers", organisation_id=organisation.pk)
    assert counts(checked(xlsx(*again), kind="papers", **mine)) == (0, 0, 5, 0)
    undone(found)
    assert not Paper.objects.exists()
