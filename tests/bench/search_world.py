"""Product names as catalogues really have them, drawn from the portal's own reference data."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_MODIFIERS = (
    "khô", "sấy dẻo", "sấy lạnh", "tươi", "loại 1", "đặc biệt", "hữu cơ", "truyền thống",
    "nguyên chất", "đóng gói hút chân không", "hộp quà", "túi 500 g", "túi 1 kg", "chai 500 ml",
    "vị gừng", "vị mật ong", "giã tay", "một nắng", "ướp lạnh", "xuất khẩu", "OCOP 4 sao",
    "OCOP 3 sao", "thượng hạng", "gia truyền", "cao cấp", "VietGAP",
)  # fmt: skip
_MAKERS = ("HTX", "Hợp tác xã", "Cơ sở", "Bà", "Ông", "Nông trại", "Công ty", "Hộ kinh doanh")
_GIVEN = (
    "Thuỷ", "Minh Anh", "Hoà Bình", "Lan", "Hùng Cường", "Ngọc Ánh", "Phúc Lộc", "Thành Công",
    "An Phát", "Hương Quê", "Sông Hồng", "Ba Chẽ", "Đại Lộc", "Tâm An", "Khánh Linh", "Trường Sơn",
    "Bảo Ngọc", "Việt Xanh", "Quang Huy", "Tuấn Tú", "Mai Hoa", "Thảo Nguyên", "Đức Thịnh",
    "Kim Chi",
)  # fmt: skip


def names(count: int, *, seed: int = 20261121) -> Iterator[str]:
    """Yield `count` product names: goods by a Zipf-like weight, modifier, place, maker."""
    draw = random.Random(seed)
    goods = _goods()
    draw.shuffle(goods)
    weights = [1 / (rank + 3) for rank in range(len(goods))]
    places = _places()
    for good in draw.choices(goods, weights, k=count):
        parts = [good]
        if draw.random() < 0.6:
            parts.append(draw.choice(_MODIFIERS))
        if draw.random() < 0.5:
            parts.append(draw.choice(places))
        if draw.random() < 0.5:
            parts.append(f"{draw.choice(_MAKERS)} {draw.choice(_GIVEN)}")
        yield " ".join(parts)[:200]


def _goods() -> list[str]:
    found: dict[str, None] = {}
    for row in _rows("core/catalogue/data/categories.csv"):
        if row["level"] in {"nganh", "nhom"}:
            continue
        for name in (row["name_vi"], *row["synonyms"].split(";")):
            if name.strip():
                found[name.strip()] = None
    return list(found)


def _places() -> list[str]:
    communes = [row["name"] for row in _rows("core/places/data/communes.csv")]
    provinces = [row["name"] for row in _rows("core/places/data/provinces.csv")]
    return [*communes, *provinces]


def _rows(path: str) -> list[dict[str, str]]:
    with (ROOT / path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
