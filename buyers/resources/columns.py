"""The columns of demand requests, as the template shows them."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from core.imports.registry import Column

REQUESTS: Final = (
    Column(
        key="words",
        header=_("What do you need?"),
        aliases=("mat hang", "san pham", "ten hang", "can mua"),
        is_required=True,
        example="Cam Vân Đồn loại 1",
    ),
    Column(
        key="category",
        header=_("Kind of product"),
        aliases=("loai", "loai san pham", "nhom hang", "chung loai"),
        example="Cam",
        help=_("May stay empty where the name says it for certain."),
    ),
    Column(
        key="quantity",
        header=_("Quantity"),
        aliases=("so luong", "khoi luong"),
        is_required=True,
        example="2 tấn",
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
        key="period",
        header=_("How often"),
        aliases=("tan suat", "ky"),
        example="mỗi tuần",
        help=_("In total, each week or each month. Empty: in total."),
    ),
    Column(
        key="price_ceiling_vnd",
        header=_("Highest price for one unit, delivered"),
        aliases=("gia", "don gia", "gia tran", "gia cao nhat"),
        example="30.000",
    ),
    Column(
        key="needed_from",
        is_day=True,
        header=_("Needed from"),
        aliases=("tu ngay",),
        is_required=True,
        example="01/12/2026",
    ),
    Column(
        key="needed_to",
        is_day=True,
        header=_("Needed to"),
        aliases=("den ngay",),
        is_required=True,
        example="31/12/2026",
    ),
    Column(
        key="delivery_province",
        header=_("Delivered to the province"),
        aliases=("tinh", "noi giao", "giao tai"),
        example="Hà Nội",
        help=_("Empty: your own province."),
    ),
    Column(
        key="minimum_stars",
        header=_("OCOP stars"),
        aliases=("so sao", "sao ocop"),
        example="3",
        help=_("At least so many; 0 or empty: any."),
    ),
    Column(
        key="required_papers",
        header=_("Papers you require"),
        aliases=("giay to", "giay to bat buoc"),
        example="VietGAP; OCOP",
        help=_("Separated by semicolons."),
    ),
    Column(key="market", header=_("Sold in"), aliases=("thi truong",), example="Việt Nam"),
    Column(
        key="storage",
        header=_("Storage"),
        aliases=("bao quan",),
        example="Mát",
        help=_("Empty: as the product needs it."),
    ),
    Column(key="needs_invoice", header=_("We need an invoice"), aliases=("hoa don",), example="có"),
    Column(key="needs_barcode", header=_("It needs a barcode"), aliases=("ma vach",), example="có"),
    Column(key="note", header=_("Note to producers"), aliases=("ghi chu",), example=""),
    Column(
        key="publish",
        header=_("Publish now"),
        aliases=("dang", "cong khai"),
        example="có",
        help=_("Yes puts it on the market; no or empty leaves a draft. No never takes one off it."),
    ),
)
