"""Addresses as lists have them, with the answer known: made from the reference files."""

from __future__ import annotations

import csv
import random
import unicodedata
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

DATA = Path(__file__).resolve().parents[2] / "core/places/data"
KINDS = {
    "phuong": ("Phường", "P."), "xa": ("Xã", "X."), "thi_tran": ("Thị trấn", "TT."),
    "dac_khu": ("Đặc khu", "ĐK "), "quan": ("Quận", "Q."), "huyen": ("Huyện", "H."),
    "thi_xa": ("Thị xã", "TX."), "thanh_pho": ("Thành phố", "TP."), "tinh": ("Tỉnh", "T."),
}  # fmt: skip
STREETS = ("Số 12 Trần Hưng Đạo", "Tổ 4 khu 2", "Thôn Đông", "Xóm 3", "123/4 đường Nguyễn Trãi",
           "Ấp Bình Hòa", "KP 5", "Khu phố 1", "TDP số 7", "Bản Nà Làng", "QL1A")  # fmt: skip


class Unit(NamedTuple):
    """A name and its type."""

    name: str
    kind: str

    @property
    def label(self) -> str:
        """Type and name in full."""
        return f"{KINDS[self.kind][0]} {self.name}"

    @property
    def glued(self) -> str:
        """The type shortened and run together with the name."""
        return f"{KINDS[self.kind][1]}{self.name}"


class Truth(NamedTuple):
    """An address in units of its time, and where it lies today; a split one has several codes."""

    ward: Unit
    district: Unit | None
    province: Unit
    province_code: str
    codes: frozenset[str]


class Case(NamedTuple):
    """One row of a list and what it stands for."""

    columns: tuple[str, str, str]
    text: str
    truth: Truth


def old_triples() -> list[Truth]:
    """Return every commune of 2025-06-30 with district and province."""
    provinces = {r["code"]: (Unit(r["name"], r["kind"]), r["code"]) for r in rows_of("provinces")
                 if r["valid_from"] < "2025-07-01"}  # fmt: skip
    provinces |= {r["code"]: (Unit(r["name"], r["kind"]), r["new_code"])
                  for r in rows_of("provinces_closed")}  # fmt: skip
    districts = {r["code"]: Unit(r["name"], r["kind"]) for r in rows_of("districts_closed")}
    went: dict[str, set[str]] = defaultdict(set)
    for row in rows_of("commune_changes"):
        went[row["old_code"]].add(row["new_code"])
    return [
        Truth(
            Unit(row["name"], row["kind"]),
            districts[row["district_code"]],
            *provinces[row["province_code"]],
            frozenset(went[row["code"]]),
        )
        for row in rows_of("communes_closed")
    ]


def new_pairs() -> list[Truth]:
    """Return every commune of the map of 2025-07-01 with its province."""
    provinces = {row["code"]: Unit(row["name"], row["kind"]) for row in rows_of("provinces")}
    return [
        Truth(Unit(row["name"], row["kind"]), None, provinces[row["province_code"]],
              row["province_code"], frozenset({row["code"]}))
        for row in rows_of("communes")
    ]  # fmt: skip


def clean(truth: Truth, rng: random.Random) -> Case:
    """Write the address in full."""
    return _case(truth, [_label(u) for u in _units(truth)])


def unaccented(truth: Truth, rng: random.Random) -> Case:
    """Write it without accents."""
    return _case(truth, [bare(_label(u)) for u in _units(truth)])


def decomposed(truth: Truth, rng: random.Random) -> Case:
    """Write it in NFD, in capitals."""
    return _case(truth, [unicodedata.normalize("NFD", _label(u).upper()) for u in _units(truth)])


def glued(truth: Truth, rng: random.Random) -> Case:
    """Shorten the types and run them together with the names."""
    return _case(truth, [u.glued if u else "" for u in _units(truth)])


def street(truth: Truth, rng: random.Random) -> Case:
    """Put a street or hamlet in front."""
    case = clean(truth, rng)
    front = rng.choice(STREETS)
    return case._replace(
        columns=(f"{front}, {case.columns[0]}", *case.columns[1:]), text=f"{front}, {case.text}"
    )


def marked_old(truth: Truth, rng: random.Random) -> Case:
    """Write "(cũ)" behind the ward or the district."""
    labels = [_label(u) for u in _units(truth)]
    labels[rng.choice((0, 1)) if labels[1] else 0] += " (cũ)"
    return _case(truth, labels)


def province_first(truth: Truth, rng: random.Random) -> Case:
    """Write the province first and the ward last."""
    case = clean(truth, rng)
    return case._replace(text=", ".join(part for part in reversed(case.columns) if part))


def without_kinds(truth: Truth, rng: random.Random) -> Case:
    """Write the names alone; a number keeps its type."""
    return _case(truth, [_name(u) for u in _units(truth)])


def no_commas(truth: Truth, rng: random.Random) -> Case:
    """Write all in one run."""
    case = clean(truth, rng)
    return case._replace(text=" ".join(part for part in case.columns if part))


def no_district(truth: Truth, rng: random.Random) -> Case:
    """Leave the district out."""
    return _case(truth, [_label(truth.ward), "", _label(truth.province)])


def one_slip(truth: Truth, rng: random.Random) -> Case:
    """Drop, double, swap or change one letter of one of the names."""
    units = list(_units(truth))
    place = rng.choice([i for i, unit in enumerate(units) if unit and len(unit.name) > 3])
    labels = [_label(u) for u in units]
    unit = units[place]
    assert unit is not None
    labels[place] = f"{KINDS[unit.kind][0]} {_slipped(unit.name, rng)}"
    return _case(truth, labels)


NOISES: dict[str, Callable[[Truth, random.Random], Case]] = {
    "no accents": unaccented,
    "NFD capitals": decomposed,
    "glued types": glued,
    "street in front": street,
    "(cũ)": marked_old,
    "province first": province_first,
    "names alone": without_kinds,
    "no commas": no_commas,
    "no district": no_district,
    "one slip": one_slip,
}


def rows_of(name: str) -> list[dict[str, str]]:
    """Return the rows of one of the reference files."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _units(truth: Truth) -> tuple[Unit, Unit | None, Unit]:
    return truth.ward, truth.district, truth.province


def _label(unit: Unit | None) -> str:
    return unit.label if unit else ""


def _name(unit: Unit | None) -> str:
    if unit is None:
        return ""
    return unit.label if unit.name.isdecimal() else unit.name


def bare(text: str) -> str:
    """Return the text without accents."""
    decomposed = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def _case(truth: Truth, labels: list[str]) -> Case:
    ward, district, province = labels
    return Case((ward, district, province), ", ".join(label for label in labels if label), truth)


def _slipped(name: str, rng: random.Random) -> str:
    places = [i for i, c in enumerate(name) if c.isalpha()]
    i = rng.choice(places)
    letter = rng.choice("abcdeghiklmnopqrstuvxy")
    kind = rng.randrange(4)
    if kind == 0:
        return name[:i] + name[i + 1 :]
    if kind == 1:
        return name[:i] + letter + name[i:]
    if kind == 2 and i + 1 < len(name):
        return name[:i] + name[i + 1] + name[i] + name[i + 2 :]
    return name[:i] + letter + name[i + 1 :]
