"""The columns of registers, under the names that such lists really have."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from core.imports.registry import Column

CODES: Final = frozenset({"tax_code", "gtin", "code", "trace_code"})
_CODE: Final = Column(
    key="code",
    header=_("Number in the register"),
    aliases=("ma so", "id", "ma san pham", "ma sp", "ma gian hang", "ma dinh danh", "sku"),
    is_code=True,
    example="SP-00123",
    help=_("The register's own number, where it has one: rows are known again by it."),
)
_TAX_CODE: Final = Column(
    key="tax_code",
    header=_("Tax code"),
    aliases=("mst", "ma so thue", "ma so doanh nghiep", "msdn", "ma so thue doanh nghiep"),
    is_code=True,
    example="5700000001",
)
_URL: Final = Column(
    key="url",
    header=_("Link"),
    aliases=("duong dan", "url", "lien ket", "dia chi web", "link san pham", "link gian hang"),
    example="https://postmart.vn/…",
)
_PLACE: Final = (
    Column(
        key="address",
        header=_("Address"),
        aliases=("dia chi", "dia chi san xuat", "dia chi chu the", "noi san xuat", "dia ban"),
        example="Khu 5, phường Hà Tu",
        help=_("Old names are read too; a commune is taken only when it is certain."),
    ),
    Column(
        key="commune",
        header=_("Commune"),
        aliases=("xa", "phuong", "xa phuong", "xa/phuong", "phuong xa", "xa phuong thi tran"),
    ),
    Column(
        key="district",
        header=_("District (until 2025)"),
        aliases=("huyen", "quan huyen", "huyen thi xa", "huyen thi xa thanh pho", "thi xa"),
    ),
    Column(
        key="province",
        header=_("Province"),
        aliases=("tinh", "tinh thanh", "tinh thanh pho"),
    ),
)
PRODUCTS: Final = (
    _CODE,
    Column(
        key="name",
        header=_("Product name"),
        aliases=("ten", "ten san pham", "san pham", "ten hang hoa", "san pham ocop", "ten sp"),
        is_required=True,
        example="Cam Vạn Yên",
    ),
    Column(
        key="holder",
        header=_("Holder"),
        aliases=(
            "chu the", "ten chu the", "chu the san xuat", "don vi", "don vi san xuat",
            "co so san xuat", "ten don vi", "nha san xuat", "doanh nghiep", "ten doanh nghiep",
            "nha cung cap",
        ),
        example="HTX nông nghiệp Vạn Yên",
    ),
    _TAX_CODE,
    Column(
        key="gtin",
        header=_("Barcode (GTIN)"),
        aliases=("gtin", "ma vach", "barcode", "ean", "ma gtin", "ma so ma vach"),
        is_code=True,
        example="8936012345674",
    ),
    Column(
        key="stars",
        header=_("Stars"),
        aliases=("sao", "so sao", "xep hang", "hang sao", "hang", "phan hang", "dat sao"),
        example="4 sao",
    ),
    Column(
        key="decision_number",
        header=_("Decision number"),
        aliases=(
            "so quyet dinh", "quyet dinh", "so qd", "qd", "quyet dinh so", "qd cong nhan",
            "quyet dinh cong nhan", "so quyet dinh cong nhan",
        ),
        is_code=True,
        example="1234/QĐ-UBND",
    ),
    Column(
        key="decided_on",
        is_day=True,
        header=_("Day of the decision"),
        aliases=("ngay quyet dinh", "ngay qd", "ngay cong nhan", "ngay cap", "ngay ban hanh"),
        example="20/12/2024",
    ),
    Column(
        key="issuer",
        header=_("Issued by"),
        aliases=("co quan cap", "co quan cong nhan", "noi cap", "co quan ban hanh"),
    ),
    Column(
        key="trace_code",
        header=_("Trace code"),
        aliases=("ma truy xuat", "ma truy xuat nguon goc", "ma tem", "ma qr", "qr"),
        is_code=True,
    ),
    _URL,
    *_PLACE,
)  # fmt: skip
SHOPS: Final = (
    _CODE,
    Column(
        key="name",
        header=_("Shop"),
        aliases=("gian hang", "ten gian hang", "ten shop", "tai khoan", "cua hang", "shop"),
        example="Gian hàng Cam Vạn Yên",
        help=_("Empty: called after its holder."),
    ),
    Column(
        key="holder",
        header=_("Holder"),
        aliases=(
            "chu the", "ten chu the", "don vi", "ten don vi", "doanh nghiep", "ten doanh nghiep",
            "nha cung cap", "chu gian hang", "nguoi ban",
        ),
        is_required=True,
        example="HTX nông nghiệp Vạn Yên",
    ),
    _TAX_CODE,
    Column(
        key="stage",
        header=_("How far it has come"),
        aliases=("trang thai", "tinh trang", "trang thai gian hang", "tinh trang hoat dong"),
        example="Đang hoạt động",
        help=_("Account opened, activated, or operating."),
    ),
    _URL,
    *_PLACE,
)  # fmt: skip
