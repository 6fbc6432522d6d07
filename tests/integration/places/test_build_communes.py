"""Rebuilding the communes from a package's data files."""

from __future__ import annotations

import json
import sqlite3

import pytest
from django.core.management import CommandError, call_command

NEW = (
    "CREATE TABLE admin_units (provinceKey, wardKey, wardCode, wardShort, wardType,"
    " provinceCode, wardLat, wardLon, wardAreaKm2)"
)
OLD = (
    "CREATE TABLE admin_units_legacy (provinceKey, districtKey, wardKey, wardLat, wardLon,"
    " districtLat, districtLon)"
)


@pytest.fixture
def source(tmp_path):
    """A right point, one of a namesake far away, and one whose old point is the wrong one."""
    with sqlite3.connect(tmp_path / "dataset.db") as database:
        database.execute(NEW)
        database.execute(OLD)
        database.executemany("INSERT INTO admin_units VALUES (?,?,?,?,?,?,?,?,?)", [
            ("p", "right", "00001", "Đúng", "Xã", "01", 21.0, 105.0, 30.0),
            ("p", "namesake", "00002", "Trùng", "Phường", "01", 10.0, 106.0, 30.0),
            ("p", "island", "00003", "Đảo", "Đặc khu", "01", 20.5, 107.5, 30.0),
        ])  # fmt: skip
        database.executemany("INSERT INTO admin_units_legacy VALUES (?,?,?,?,?,?,?)", [
            ("o", "d", "a", 21.01, 105.01, 21.0, 105.0),
            ("o", "d", "b", 21.1, 105.1, 21.0, 105.0),
            ("o", "d", "c", 10.1, 106.1, 20.5, 107.4),
        ])  # fmt: skip
    converter = {
        "DICT_PROVINCE_WARD_NO_DIVIDED": {"p": {"right": ["o_d_a"], "island": ["o_d_c"]}},
        "DICT_PROVINCE_WARD_DIVIDED": {"p": {"o_d_b": [{"newWardKey": "namesake"}]}},
    }
    (tmp_path / "converter_2025.json").write_text(json.dumps(converter), encoding="utf-8")
    return tmp_path


def test_far_point_is_replaced_unless_it_fits_the_district_better(source):
    target = source / "communes.csv"
    call_command("build_communes", source=source, target=target)
    assert target.read_text(encoding="utf-8").splitlines()[1:] == [
        "00001,Đúng,xa,01,21.0000,105.0000,commune",
        "00002,Trùng,phuong,01,21.1000,105.1000,old_communes",
        "00003,Đảo,dac_khu,01,20.5000,107.5000,commune",
    ]


def test_folder_without_the_data_is_named(tmp_path):
    with pytest.raises(CommandError, match=r"There is no dataset\.db in"):
        call_command("build_communes", source=tmp_path)
