"""Lists of registers as large as the articles': 432 listed, 432 starred, 332 shops."""

from __future__ import annotations

import datetime as dt
from itertools import product

from core.kernel.text import fold
from producers.enums import RegistrySource, RegistrySubject
from producers.services import ListInput, RowCells
from tests.factories.accounts import province, tax_code

AS_OF = dt.date(2025, 6, 30)
FIRMS, LISTED, ACCOUNTS, ACTIVATED, OPERATING = 235, 432, 332, 169, 129
STARS = {5: 5, 4: 107, 3: 320}
SHARED = 400
"""So many of the listed products are starred too; the articles do not say, their readers guess."""
_GOODS = (
    "Chả mực", "Cam sành", "Rượu ba kích", "Trà hoa vàng", "Miến dong", "Sữa chua", "Nem chua",
    "Nước mắm", "Bánh gật gù", "Mật ong rừng", "Sá sùng khô", "Gà đồi", "Tôm chua", "Củ cải muối",
)  # fmt: skip
_PLACES = (
    "Vạn Yên", "Hạ Long", "Tiên Yên", "Bình Liêu", "Ba Chẽ", "Đông Triều", "Cô Tô", "Quan Lạn",
    "Hải Hà", "Đầm Hà", "Yên Tử", "Cái Rồng", "Hoành Bồ", "Móng Cái", "Uông Bí", "Cẩm Phả",
    "Quảng Yên", "Minh Châu", "Hoàng Tân", "Bằng Cả", "Tràng An", "Bản Sen", "Thắng Lợi",
    "Vĩnh Thực",
)  # fmt: skip
_DECISION = {"decision_number": "4321/QĐ-UBND", "decided_on": "20/12/2024"}
_NAMES = [f"{what} {where}" for where, what in product(_PLACES, _GOODS)]


def firm(number: int) -> dict[str, str]:
    """Return holder and tax code of one firm."""
    where = _PLACES[number % len(_PLACES)]
    return {
        "holder": f"Hợp tác xã {where} {number + 1}",
        "tax_code": tax_code(50_000 + number),  # far from those other factories count up to
        "address": "Phường Hà Tu",
    }


def goods(number: int) -> dict[str, str]:
    """Return one product with its firm; each firm has one or two."""
    return {"name": f"{_NAMES[number % len(_NAMES)]} {number + 1}", **firm(number % FIRMS)}


def listed() -> list[RowCells]:
    """Return the products on the platform."""
    return _rows([goods(number) for number in range(LISTED)])


def starred() -> list[RowCells]:
    """Return the products with stars; some stand on no platform, and that is the puzzle."""
    stars = [star for star, number in STARS.items() for _ in range(number)]
    first = LISTED - SHARED
    return _rows(
        [
            goods(first + at)
            | {
                "stars": f"{star} sao",
                "decision_number": "4321/QĐ-UBND",
                "decided_on": "20/12/2024",
            }
            for at, star in enumerate(stars)
        ]
    )


def shops() -> list[RowCells]:
    """Return the accounts on the platform, each with how far it came."""
    stages = ["Đang hoạt động"] * OPERATING + ["Đã kích hoạt"] * (ACTIVATED - OPERATING)
    stages += ["Chưa kích hoạt"] * (ACCOUNTS - ACTIVATED)
    return _rows(
        [firm(at) | {"name": f"Gian hàng {at}", "stage": s} for at, s in enumerate(stages)]
    )


def of(source: str, subject: str = RegistrySubject.PRODUCTS, *, day: dt.date = AS_OF, **more):
    """Return which list it is."""
    values = {"province_id": province().pk, "source": source, "subject": subject, "as_of": day}
    return ListInput(**(values | more))


POSTMART, OCOP = RegistrySource.POSTMART, RegistrySource.OCOP_REGISTER


def row(number: int = 2, **cells: str) -> RowCells:
    """Return one row of a file."""
    return RowCells(number=number, cells=cells)


def _rows(cells: list[dict[str, str]]) -> list[RowCells]:
    return [RowCells(number=at + 2, cells=one) for at, one in enumerate(cells)]


def folded(number: int) -> str:
    """Return the folded name of one product."""
    return fold(goods(number)["name"])
