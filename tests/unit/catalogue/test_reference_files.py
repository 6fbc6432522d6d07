"""The catalogue's files are consistent."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections import Counter
from decimal import Decimal

import pytest

from core.catalogue import enums
from core.catalogue.services import DATA, number_tree
from core.kernel import quantity
from core.kernel.reference import read_rows, split_list

CATEGORIES = read_rows(DATA / "categories.csv")
UNITS = read_rows(DATA / "units.csv")
LEAVES = [row for row in CATEGORIES if row["level"] == "leaf"]


def test_upper_levels_are_the_official_ones():
    counts = Counter(row["level"] for row in CATEGORIES)
    assert (counts["nganh"], counts["nhom"], counts["bo_san_pham"]) == (6, 17, 26)
    assert counts["leaf"] >= 200


def test_codes_are_unique_and_parents_one_level_up():
    level = {row["code"]: row["level"] for row in CATEGORIES}
    assert len(level) == len(CATEGORIES)
    above = {"nganh": None, "nhom": "nganh", "bo_san_pham": "nhom", "leaf": "bo_san_pham"}
    assert all(level.get(row["parent"]) == above[row["level"]] for row in CATEGORIES)


def test_leaves_name_a_known_unit_storage_and_season():
    units = {row["code"] for row in UNITS}
    for row in LEAVES:
        assert row["unit"] in units, row["code"]
        assert row["storage"] in enums.StorageClass.values, row["code"]
        assert {int(month) for month in split_list(row["season_months"])} <= set(range(1, 13))


def test_goods_can_be_offered_in_the_unit_they_are_usually_counted_in():
    taken = {
        row["code"] for row in UNITS if row["dimension"] in {"mass", "volume", "count", "pack"}
    }
    # Silk by the metre waits for an offer that knows lengths.
    assert {row["code"] for row in LEAVES if row["unit"] not in taken} == {"B22-lua-to-tam"}


def test_no_two_leaves_share_a_name_or_synonym():
    owners: dict[str, str] = {}
    for row in LEAVES:
        for term in {*split_list(row["synonyms"]), row["name_vi"]}:
            assert owners.setdefault(term.casefold(), row["code"]) == row["code"], term


def test_units_convert_as_the_market_does():
    base = {row["code"]: Decimal(row["to_base"]) for row in UNITS if row["to_base"]}
    assert (base["tan"], base["ta"], base["yen"], base["lang"]) == (1000, 100, 10, Decimal("0.1"))
    assert (base["chuc"], base["ta_dozen"]) == (10, 12)


def test_packs_have_no_weight_of_their_own():
    assert all(not row["to_base"] for row in UNITS if row["dimension"] in {"pack", "load"})
    assert all(row["to_base"] for row in UNITS if row["dimension"] not in {"pack", "load"})


def test_dimensions_are_those_of_the_kernel():
    assert set(enums.Dimension.values) == {d.value for d in quantity.Dimension}
    assert {row["dimension"] for row in UNITS} <= set(enums.Dimension.values)


def test_colliding_words_name_known_codes():
    codes = {row["code"] for row in CATEGORIES} | {f"unit:{row['code']}" for row in UNITS}
    rows = read_rows(DATA / "unaccented_collisions.csv")
    assert {code for row in rows for code in split_list(row["codes"])} <= codes


@pytest.mark.parametrize("path", sorted(DATA.glob("*.csv")), ids=lambda path: path.stem)
def test_files_are_nfc(path):
    text = path.read_text(encoding="utf-8")
    assert unicodedata.normalize("NFC", text) == text


def test_lunar_days_are_dates_of_every_year():
    rows = read_rows(DATA / "lunar_peaks.csv")
    assert len(rows) == 49
    assert all(dt.date.fromisoformat(row["solar_date"]) for row in rows)


def test_tree_numbers_span_what_is_below():
    numbers = number_tree([("a", ""), ("b", "a"), ("c", "b"), ("d", "a"), ("e", "")])
    assert numbers == {"a": (1, 4), "b": (2, 3), "c": (3, 3), "d": (4, 4), "e": (5, 5)}


def test_tree_with_a_missing_parent_is_refused():
    with pytest.raises(ValueError, match=r"hang on no root: \['b'\]"):
        number_tree([("a", ""), ("b", "x")])
