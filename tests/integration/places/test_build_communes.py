"""Rebuilding the files of both maps from the packages' data files."""

from __future__ import annotations

import csv
import json
import sqlite3

import pytest
from django.core.management import CommandError, call_command

NEW = (
    "CREATE TABLE admin_units (provinceKey, wardKey, wardCode, wardShort, wardType,"
    " provinceCode, wardLat, wardLon, wardAreaKm2)"
)
OLD = (
    "CREATE TABLE admin_units_legacy (provinceKey, districtKey, districtCode, districtShort,"
    " districtType, districtLat, districtLon, districtAlias, provinceCode, wardKey, wardCode,"
    " wardShort, wardType, wardLat, wardLon, wardAlias)"
)
DISTRICT = ("o", "d", "001", "Cũ (Huyện)", "Huyện", 21.0, 105.0, None, "02")
ISLAND = ("o", "i", "002", "Đảo", "Huyện", 20.5, 107.4, None, "02")
AMENDMENTS = "old_code,new_code,relation,weight,basis,note\n"
KINDS = "code,name,kind,basis,note\n"
FORMER = "level,code,name,successors,basis,note\n"


@pytest.fixture
def packages(tmp_path):
    """A right point, one of a namesake far away, and one whose old point is the wrong one."""
    with sqlite3.connect(tmp_path / "dataset.db") as database:
        database.execute(NEW)
        database.execute(OLD)
        database.executemany("INSERT INTO admin_units VALUES (?,?,?,?,?,?,?,?,?)", [
            ("p", "right", "00001", "Đúng", "Xã", "01", 21.0, 105.0, 30.0),
            ("p", "namesake", "00002", "Trùng", "Phường", "01", 10.0, 106.0, 30.0),
            ("p", "island", "00003", "Đảo", "Đặc khu", "01", 20.5, 107.5, 30.0),
        ])  # fmt: skip
        database.executemany(f"INSERT INTO admin_units_legacy VALUES ({','.join('?' * 16)})", [
            (*DISTRICT, "a", "00001", "Hoà áng", "Xã", 21.01, 105.01, '["xabac"]'),
            (*DISTRICT, "b", "00002", "Phường 04", "Xã", 21.1, 105.1, None),
            (*ISLAND, None, None, None, None, 10.1, 106.1, None),
        ])  # fmt: skip
    converter = {
        "DICT_PROVINCE_WARD_NO_DIVIDED": {"p": {"right": ["o_d_a"], "island": ["o_i_"]}},
        "DICT_PROVINCE_WARD_DIVIDED": {
            "p": {"o_d_b": [{"newWardKey": "namesake"}, {"newWardKey": "right"}]}
        },
    }
    write(tmp_path / "converter_2025.json", converter)
    of_2019 = [("00001", "Xã Bắc", "001"), ("00009", "Xã Xa", "009"), ("00002", "Xã Tư", "001")]
    write(tmp_path / "wards.json", [
        {"code": code, "name": name, "district_code": district, "province_code": "02"}
        for code, name, district in of_2019
    ])  # fmt: skip
    write(tmp_path / "districts.json", [
        {"code": "001", "name": "Thị xã Cũ", "province_code": "02"},
        {"code": "009", "name": "Huyện Xa", "province_code": "02"},
    ])  # fmt: skip
    write(tmp_path / "quan_huyen.json", {
        "001": {"code": "001", "name_with_type": "Huyện Cũ", "parent_code": "02"}
    })  # fmt: skip
    write(tmp_path / "xa_phuong.json", {
        "00001": {"code": "00001", "name_with_type": "Xã Hoà Áng", "parent_code": "001"}
    })  # fmt: skip
    (tmp_path / "commune_amendments.csv").write_text(AMENDMENTS, encoding="utf-8")
    (tmp_path / "former_name_amendments.csv").write_text(FORMER, encoding="utf-8")
    (tmp_path / "kind_amendments.csv").write_text(KINDS, encoding="utf-8")
    return tmp_path


def write(path, content):
    path.write_text(json.dumps(content), encoding="utf-8")


@pytest.fixture
def build(packages, monkeypatch):
    monkeypatch.setattr("core.places.management.maps.RESOLUTIONS", {"01": 1, "02": 2})

    def built(name):
        call_command(
            "build_communes",
            source=packages, list_2019=packages, list_2023=packages, target=packages,
        )  # fmt: skip
        with (packages / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return [",".join(row) for row in csv.reader(file)][1:]

    return built


def test_far_point_is_replaced_unless_it_fits_the_district_better(build):
    assert build("communes") == [
        "00001,Đúng,xa,01,21.0000,105.0000,commune",
        "00002,Trùng,phuong,01,21.1000,105.1000,old_communes",
        "00003,Đảo,dac_khu,01,20.5000,107.5000,commune",
    ]


def test_type_amended_by_a_person_counts(build, packages):
    amended = KINDS + "00001,Đúng,phuong,NQ 9,seen\n"
    (packages / "kind_amendments.csv").write_text(amended, encoding="utf-8")
    assert build("communes")[0].startswith("00001,Đúng,phuong,")


def test_old_names_are_written_as_the_project_writes_them(build):
    assert [row.split(",")[:5] for row in build("communes_closed")] == [
        ["00001", "Hòa Áng", "xa", "001", "02"],
        ["00002", "4", "phuong", "001", "02"],
    ]


def test_districts_lie_among_their_communes_or_where_their_island_lies(build):
    assert build("districts_closed") == [
        "001,Cũ,huyen,02,21.0550,105.0550,2008-08-01,2025-06-30",
        "002,Đảo,huyen,02,20.5000,107.5000,2023-04-11,2025-06-30",
    ]


def test_changes_say_whole_or_part(build):
    assert build("commune_changes") == [
        "commune,00001,00001,whole,1,NQ 1/NQ-UBTVQH15",
        "commune,00002,00001,part,,NQ 1/NQ-UBTVQH15",
        "commune,00002,00002,part,,NQ 1/NQ-UBTVQH15",
        "district,002,00003,whole,1,NQ 1/NQ-UBTVQH15",
    ]


def test_amendment_replaces_all_rows_of_its_commune(build, packages):
    amendment = AMENDMENTS + "00002,00002,whole,1,NQ 9,a namesake\n"
    (packages / "commune_amendments.csv").write_text(amendment, encoding="utf-8")
    assert "commune,00002,00002,whole,1,NQ 9" in build("commune_changes")
    assert not [row for row in build("commune_changes") if row.startswith("commune,00002,00001")]


def test_former_names_tell_what_they_became_and_what_told_it(build):
    names = [row.split(",") for row in build("former_names")]
    assert [(row[0], row[1], row[3], row[6], row[7]) for row in names] == [
        ("commune", "Bắc", "00001", "00001", "same_code;alias"),
        ("commune", "Tư", "00002", "00002", "same_code"),
        ("commune", "Xa", "00009", "", "unknown"),
        ("district", "Cũ", "001", "001", "communes"),
        ("district", "Xa", "009", "", "communes"),
    ]


def test_former_name_amended_by_a_person(build, packages):
    amendment = FORMER + "commune,00009,Xa,00001;00002,two_sources,seen\n"
    (packages / "former_name_amendments.csv").write_text(amendment, encoding="utf-8")
    assert [row.split(",")[6] for row in build("former_names") if ",Xa,xa," in row] == [
        "00001;00002"
    ]


@pytest.mark.parametrize("missing", ["dataset.db", "wards.json", "xa_phuong.json"])
def test_folder_without_the_data_is_named(packages, missing):
    (packages / missing).unlink()
    with pytest.raises(CommandError, match=f"There is no {missing} in"):
        call_command(
            "build_communes",
            source=packages, list_2019=packages, list_2023=packages, target=packages,
        )  # fmt: skip
