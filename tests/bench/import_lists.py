"""Lists of every kind in any length, as people keep them: the same for all engines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

from core.kernel import clock
from core.sheets.writing import Sheet, write_xlsx

GOODS = {
    "Chả mực Hạ Long": "Chả mực",
    "Cam Vạn Yên": "Cam",
    "Gà Tiên Yên": "Gà",
    "Miến dong Bình Liêu": "Miến dong",
    "Trà hoa vàng Ba Chẽ": "Trà hoa vàng",
    "Mật ong rừng Hoành Bồ": "Mật ong",
    "Nước mắm Cái Rồng": "Nước mắm",
    "Sá sùng khô Vân Đồn": "Sá sùng khô",
    "Gạo nếp cái hoa vàng": "Gạo nếp",
    "Na dai Đông Triều": "Na",
}
"""What is on the lists, and the kind each is."""
OFFERED = 200
"""How many products the world has beforehand: offers and papers speak of them."""
_DAYS_AHEAD = 20
Rows = Iterable[tuple[Any, ...]]


def name_of(number: int) -> str:
    """Return the name of a product on a list."""
    names = list(GOODS)
    return f"{names[number % len(names)]} lô {number}"


def kind_of(name: str) -> str:
    """Return the kind of product such a name means."""
    return GOODS[name.rpartition(" lô ")[0]]


def write_list(path: Path, *, kind: str, rows: int, changed: bool = False) -> None:
    """Write a list of so many rows; `changed` ones say something else of the same things."""
    with path.open("wb") as target:
        write_xlsx(target, sheets=[Sheet(name="Danh sách", rows=_ROWS[kind](rows, changed))])


def _products(rows: int, changed: bool) -> Rows:
    yield "Tên sản phẩm", "Loại", "Bảo quản", "Hạn sử dụng", "Mã vạch", "Mô tả", "Giá", "Ngày"
    day = dt.date(2026, 1, 1)
    for n in range(OFFERED, OFFERED + rows):
        name = name_of(n)
        kind = kind_of(name) if n % 4 else ""  # the name says it as well
        about = f"Chín cây, vỏ mỏng, lô {n % 97}{', mới' if changed else ''}"
        price = Decimal(20_000 + n % 500)
        yield name, kind, "", Decimal(20 + n % 9), "", about, price, day


def _offers(rows: int, changed: bool) -> Rows:
    yield "Tên hàng", "Số lượng", "ĐVT", "Đơn giá", "Từ ngày", "Đến ngày", "Ghi chú", "Đăng"
    for n in range(rows):
        first = clock.today() + dt.timedelta(days=_DAYS_AHEAD + n // OFFERED)
        last = first + dt.timedelta(days=30)
        price = 20_000 + n % 500 + (1_000 if changed else 0)
        many = "3 tạ rưỡi" if n % 3 else Decimal(120 + n % 50)
        shown = "có" if n % 2 else ""
        yield name_of(n % OFFERED), many, "kg", Decimal(price), first, last, "Loại 1", shown


def _papers(rows: int, changed: bool) -> Rows:
    yield "Loại giấy tờ", "Số", "Cơ quan cấp", "Sản phẩm", "Ngày cấp", "Ngày hết hạn", "Diện tích"
    for n in range(rows):
        area = Decimal(5 + n % 40 + (1 if changed else 0))
        day = dt.date(2026, 3, 1)
        yield "VietGAP", f"{n}/2026", "Sở NN&MT", name_of(n % OFFERED), day, "01/03/2029", area


def _requests(rows: int, changed: bool) -> Rows:
    yield (
        "Mặt hàng", "Loại", "Số lượng", "ĐVT", "Tần suất", "Giá cao nhất",
        "Từ ngày", "Đến ngày", "Giấy tờ", "Đăng",
    )  # fmt: skip
    first = clock.today() + dt.timedelta(days=_DAYS_AHEAD)
    last = first + dt.timedelta(days=60)
    for n in range(rows):
        name = name_of(n)
        kind = kind_of(name) if n % 4 else ""
        price = Decimal(30_000 + n % 500 + (1_000 if changed else 0))
        shown = "có" if n % 2 else ""
        papers = "VietGAP; HACCP" if n % 5 == 0 else ""
        yield name, kind, Decimal(2000), "kg", "mỗi tuần", price, first, last, papers, shown


def _register(rows: int, changed: bool) -> Rows:
    yield "Mã số", "Tên sản phẩm", "Chủ thể", "Mã số thuế", "Sao", "Số quyết định", "Địa chỉ"
    for n in range(rows):
        stars = f"{3 + (n + changed) % 3} sao"
        place = "Khu 5, phường Hà Tu, TP Hạ Long, Quảng Ninh" if n % 2 else "xã Vạn Yên, Vân Đồn"
        yield f"SP-{n:05}", name_of(n), f"HTX số {n % 90}", "", stars, f"{n % 30}/QĐ-UBND", place


_ROWS: dict[str, Callable[[int, bool], Rows]] = {
    "products": _products,
    "offers": _offers,
    "papers": _papers,
    "requests": _requests,
    "register-ocop": _register,
}
KINDS = tuple(_ROWS)
