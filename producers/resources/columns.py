"""The columns of offers and papers, as the templates show them."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from core.imports.registry import Column

MOVED: Final = _("It was changed after the import, so it stays as it is now.")
OFFERS_NAME: Final = _("My offers")
OFFERS_HELP: Final = _(
    "One row is one offer. It is recognised by its product and its first day; offers that are "
    "withdrawn or past are left alone."
)
OFFERS: Final = (
    Column(
        key="product",
        header=_("Product name"),
        aliases=("ten", "san pham", "ten san pham", "ten hang"),
        is_required=True,
        example="Cam Vạn Yên",
        help=_("One of your products."),
    ),
    Column(
        key="quantity",
        header=_("Quantity"),
        aliases=("so luong", "san luong", "khoi luong"),
        is_required=True,
        example="1,5 tấn",
        help=_("A number, or a number with its unit: 3 tạ rưỡi, 200 thùng x 10 kg."),
    ),
    Column(
        key="unit",
        header=_("Unit"),
        aliases=("dvt", "don vi", "don vi tinh"),
        example="kg",
        help=_("May stay empty where the quantity names it. Then the price names its own."),
    ),
    Column(key="pack_size", header=_("Content of one pack"), aliases=("quy cach",), example="10"),
    Column(key="pack_unit", header=_("Unit of the content"), example="kg"),
    Column(
        key="price_vnd",
        header=_("Lowest price for one unit, in đồng"),
        aliases=("gia", "don gia", "gia ban", "gia thap nhat"),
        example="25.000",
    ),
    Column(
        key="available_from",
        is_day=True,
        header=_("Available from"),
        aliases=("tu ngay", "ngay bat dau"),
        is_required=True,
        example="01/12/2026",
    ),
    Column(
        key="available_to",
        is_day=True,
        header=_("Available to"),
        aliases=("den ngay", "ngay ket thuc"),
        is_required=True,
        example="31/12/2026",
    ),
    Column(key="weekly_capacity", header=_("Most you can deliver in a week"), example="300"),
    Column(key="minimum_lot", header=_("Smallest lot you deliver"), example="50"),
    Column(
        key="storage",
        header=_("Storage"),
        aliases=("bao quan",),
        example="Mát",
        help=_("Empty: as the product."),
    ),
    Column(
        key="origin_province",
        header=_("Province of origin"),
        aliases=("tinh", "noi san xuat"),
        example="Quảng Ninh",
        help=_("Empty: your own province."),
    ),
    Column(
        key="note", header=_("Note to buyers"), aliases=("ghi chu",), example="Loại 1, 6–7 quả/kg"
    ),
    Column(
        key="publish",
        header=_("Publish now"),
        aliases=("dang", "dang ban", "cong khai"),
        example="có",
        help=_("Yes puts it on the market; no or empty leaves a draft. No never takes one off it."),
    ),
)
PAPERS_NAME: Final = _("My papers")
PAPERS_HELP: Final = _(
    "One row is one paper. It is recognised by kind, number, product and first day. A paper comes "
    "in as handed in: an officer still has to verify it."
)
PROVINCE_NAME: Final = _("Papers of producers of the province")
PROVINCE_HELP: Final = _(
    "For officers: lists of codes and certificates of other offices. Each row comes in as a claim "
    "of its producer, found by tax code, and still has to be verified."
)
HOLDER: Final = Column(
    key="tax_code",
    header=_("Tax code of the holder"),
    aliases=("mst", "ma so thue", "ma so doanh nghiep"),
    is_required=True,
    is_code=True,
    example="5700100256",
    help=_("10 digits, 13 for a branch, 12 for a household. Keep the column formatted as text."),
)
PAPERS: Final = (
    Column(
        key="kind",
        header=_("Kind of paper"),
        aliases=("loai", "loai giay to", "ten giay to"),
        is_required=True,
        example="VietGAP",
    ),
    Column(
        key="number",
        header=_("Number"),
        aliases=("so", "so hieu", "ma so", "so giay"),
        is_required=True,
        is_code=True,
        example="12/2026/GCN-QN",
    ),
    Column(
        key="issuer",
        header=_("Issued by"),
        aliases=("noi cap", "co quan cap", "to chuc chung nhan"),
        is_required=True,
        example="Sở Nông nghiệp và Môi trường Quảng Ninh",
    ),
    Column(
        key="product",
        header=_("Product name"),
        aliases=("san pham", "ten san pham"),
        example="Cam Vạn Yên",
        help=_("Empty: the paper covers everything the producer makes."),
    ),
    Column(
        key="valid_from",
        is_day=True,
        header=_("Valid from"),
        aliases=("ngay cap", "hieu luc tu", "tu ngay"),
        is_required=True,
        example="01/03/2026",
    ),
    Column(
        key="valid_to",
        is_day=True,
        header=_("Valid to"),
        aliases=("ngay het han", "hieu luc den", "den ngay"),
        example="28/02/2029",
        help=_("Empty: no end; an OCOP award lasts 36 months."),
    ),
    Column(key="stars", header=_("Stars"), aliases=("so sao", "hang sao"), example="4"),
    Column(
        key="score",
        header=_("Points of the decision"),
        aliases=("so diem", "diem"),
        example="78,5",
    ),
    Column(
        key="market",
        header=_("Market"),
        aliases=("thi truong",),
        example="Trung Quốc",
        help=_("For growing-area and packing codes."),
    ),
    Column(
        key="area_ha",
        header=_("Area in hectares"),
        aliases=("dien tich", "dien tich ha"),
        example="12,5",
    ),
    Column(
        key="daily_capacity_kg",
        header=_("Capacity of one day, in kg"),
        aliases=("cong suat", "cong suat ngay", "cong suat kg ngay"),
        example="5 tấn",
        help=_("Of a packing-facility code: what the facility packs on one day."),
    ),
    Column(
        key="crop",
        header=_("Crop or kind of product"),
        aliases=("cay trong", "loai cay"),
        example="Cam",
        help=_("A facility that packs several crops has one row for each."),
    ),
    Column(key="lot", header=_("Lot"), aliases=("lo", "lo hang"), is_code=True, example="L2026-03"),
    Column(key="households", header=_("Households"), aliases=("so ho",), example="35"),
    Column(
        key="commune",
        header=_("Commune of the households"),
        aliases=("xa", "xa phuong", "xa phuong dac khu"),
        example="Hạ Long",
        help=_("Of a commitment, by today's name. Empty: the producer's own commune."),
    ),
    Column(key="platform", header=_("Platform"), aliases=("san", "san tmdt"), example="Postmart"),
    Column(key="stage", header=_("How far it has come"), aliases=("giai doan",), example=""),
    Column(
        key="test_report_on",
        is_day=True,
        header=_("Day of the test report"),
        example="10/02/2026",
    ),
    Column(key="test_lab", header=_("Laboratory"), example="Quatest 1"),
    Column(key="evidence_url", header=_("Link to the register"), aliases=("lien ket",), example=""),
)
