"""The geography's files say what the law and the checks say."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path

import pytest

from core.places.distance import great_circle_km
from core.places.enums import RoadClass, VehicleKind
from core.places.services.reading import DATA, rows_of

SPEEDS_KM_PER_HOUR = {"exp": 62, "mix": 50, "nat": 40, "mtn": 30, "urb": 25}
NORTHERN = [
    "01", "04", "08", "11", "12", "14", "15", "19", "20",
    "22", "24", "25", "31", "33", "37", "38", "40", "42",
]  # fmt: skip


SHOWN = {
    "scope": ["pacts"],
    "note": ["ferry_communes"],
    "source": ["gates", "pacts", "road_links", "road_nodes", "unit_groups", "vehicles"],
}
ENGLISH = re.compile(
    r"\b(and|the|of|by|from|with|or|is|general|knowledge|trade|source|articles?|ferry|boat)\b",
    re.IGNORECASE,
)


def old_provinces():
    """The 63 of before July 2025: the closed ones and the eleven that stayed."""
    stayed = [r for r in rows_of("provinces") if r["valid_from"] < "2025-07-01"]
    return [*((r["code"], r["new_code"]) for r in rows_of("provinces_closed")),
            *((r["code"], r["code"]) for r in stayed)]  # fmt: skip


def test_63_provinces_became_34_and_none_is_an_orphan():
    new = {row["code"] for row in rows_of("provinces")}
    old = old_provinces()
    assert (len(old), len(new)) == (63, 34)
    assert {code for _, code in old} == new


def test_eleven_provinces_were_not_merged():
    stayed = [r["name"] for r in rows_of("provinces") if r["valid_from"] < "2025-07-01"]
    assert len(stayed) == 11
    assert "Quảng Ninh" in stayed


def test_18_northern_units_contain_28_old_ones():
    group = next(r for r in rows_of("unit_groups") if r["code"] == "CT_PHIA_BAC")
    members = group["members"].split(";")
    assert sorted(members) == NORTHERN
    assert sum(new in members for _, new in old_provinces()) == 28


def test_communes_of_2025_are_687_wards_2621_communes_13_zones():
    rows = rows_of("communes")
    assert len({row["code"] for row in rows}) == 3321
    assert Counter(row["kind"] for row in rows) == {"phuong": 687, "xa": 2621, "dac_khu": 13}


def test_no_two_communes_of_a_province_share_kind_and_name():
    names = Counter((r["province_code"], r["kind"], r["name"]) for r in rows_of("communes"))
    assert names.most_common(1)[0][1] == 1


def test_amendments_of_2026_turn_22_communes_into_wards():
    rows = [r for r in rows_of("labels") if r["level"] == "commune"]
    communes = {r["code"]: r for r in rows_of("communes")}
    assert Counter(communes[r["code"]]["province_code"] for r in rows) == {"24": 12, "75": 10}
    assert all(communes[r["code"]]["kind"] == "xa" and r["kind"] == "phuong" for r in rows)
    assert all(communes[r["code"]]["name"] == r["name"] for r in rows)


@cache
def changes():
    found = defaultdict(dict)
    for row in rows_of("commune_changes"):
        found[row["old_code"]][row["new_code"]] = row
    return found


def test_every_old_commune_became_something_and_every_new_one_was_something():
    closed = {row["code"] for row in rows_of("communes_closed")}
    districts = {row["code"] for row in rows_of("districts_closed")}
    became = changes()
    assert (len(closed), len(districts)) == (10_035, 696)
    assert closed <= set(became)
    assert set(became) - closed == {"318", "471", "498", "536", "755"}
    reached = {new for news in became.values() for new in news}
    assert reached == {row["code"] for row in rows_of("communes")}


def test_441_communes_the_law_split_and_one_the_package_doubts_are_split():
    split = {old: news for old, news in changes().items() if len(news) > 1}
    assert len(split) == 442
    assert not any(row["relation"] == "whole" for news in split.values() for row in news.values())
    taking_all = [old for old, news in split.items() if any(r["weight"] for r in news.values())]
    assert len(taking_all) == 58


@pytest.mark.parametrize(("old", "news"), [
    ("06655", {"06661", "06706"}),
    ("06886", {"06799", "06886", "06970"}),
    ("31246", {"31246"}),
    ("31714", {"31726"}),
    ("28270", {"28270"}),
    ("27691", {"27694"}),
])  # fmt: skip
def test_split_communes_are_split_and_namesakes_told_apart(old, news):
    assert set(changes()[old]) == news


def test_amendments_stand_as_written_and_name_their_resolution():
    became = changes()
    amendments = rows_of("commune_amendments")
    for row in amendments:
        stored = became[row["old_code"]][row["new_code"]]
        assert (stored["relation"], stored["weight"]) == (row["relation"], row["weight"])
        assert row["basis"].endswith("/NQ-UBTVQH15")
    for old in {row["old_code"] for row in amendments}:
        assert len(became[old]) == sum(row["old_code"] == old for row in amendments)


def test_amended_types_stand_as_written():
    stored = {row["code"]: (row["name"], row["kind"]) for row in rows_of("communes")}
    for row in rows_of("kind_amendments"):
        assert stored[row["code"]] == (row["name"], row["kind"])


def test_quang_ninhs_171_communes_became_54_and_12_were_split():
    quang_ninh = {r["code"] for r in rows_of("communes_closed") if r["province_code"] == "22"}
    became = {old: news for old, news in changes().items() if old in quang_ninh}
    relations = Counter(row["relation"] for news in became.values() for row in news.values())
    assert (len(became), len({new for news in became.values() for new in news})) == (171, 54)
    assert sum(len(news) > 1 for news in became.values()) == 12
    assert relations == {"whole": 159, "part": 23, "split_population": 2}


def test_dong_trieu_was_21_communes_that_are_five_wards():
    communes = {r["code"] for r in rows_of("communes_closed") if r["district_code"] == "205"}
    names = {row["code"]: row["name"] for row in rows_of("communes")}
    wards = {names[new] for old in communes for new in changes()[old]}
    assert wards == {"Đông Triều", "Mạo Khê", "Hoàng Quế", "An Sinh", "Bình Khê"}


@pytest.mark.parametrize(("level", "name", "successors"), [
    ("commune", "Nguyễn Trung Trực", "00004"),
    ("district", "Hoành Bồ", "193"),
    ("district", "Huế", "474;475"),
    ("commune", "Trung Tự", "00226;00229"),
])  # fmt: skip
def test_former_names_say_what_they_had_become(level, name, successors):
    rows = [r for r in rows_of("former_names") if (r["level"], r["name"]) == (level, name)]
    assert successors in {row["successors"] for row in rows}


def test_old_communes_lie_near_what_they_became():
    at = {r["code"]: (float(r["lat"]), float(r["lon"])) for r in rows_of("communes")}
    became = changes()
    far = [
        row["name"]
        for row in rows_of("communes_closed")
        if min(
            great_circle_km((float(row["lat"]), float(row["lon"])), at[new])
            for new in became[row["code"]]
        )
        > 40
    ]
    assert far == []


@pytest.mark.parametrize(("code", "name", "near"), [
    ("06757", "Vĩnh Thực", (21.35, 107.93)),
    ("06967", "Cái Chiên", (21.31, 107.74)),
    ("22736", "Trường Sa", (9.71, 114.45)),
])  # fmt: skip
def test_islands_lie_where_they_lie(code, name, near):
    row = next(r for r in rows_of("communes") if r["code"] == code)
    assert row["name"] == name
    assert great_circle_km((float(row["lat"]), float(row["lon"])), near) < 10


def test_communes_lie_near_their_province():
    """A point in another part of the country is a looked-up namesake."""
    centres = {r["code"]: (float(r["lat"]), float(r["lon"])) for r in rows_of("provinces")}
    far = [
        row["name"]
        for row in rows_of("communes")
        if great_circle_km((float(row["lat"]), float(row["lon"])), centres[row["province_code"]])
        > 200
    ]
    assert sorted(far) == ["Côn Đảo", "Hoàng Sa", "Thổ Châu", "Trường Sa"]


def test_ferry_communes_exist_by_code_and_name():
    communes = {row["code"]: row["name"] for row in rows_of("communes")}
    rows = rows_of("ferry_communes")
    assert [communes[row["code"]] for row in rows] == [row["name"] for row in rows]
    landed = {code for row in rows_of("road_nodes") for code in row["serves"].split(";") if code}
    assert {row["code"] for row in rows if float(row["extra_hours"]) == 0} == landed
    assert all(row["note"] for row in rows)
    assert {"Cô Tô", "Vĩnh Thực", "Cái Chiên"} <= {row["name"] for row in rows}


def test_borders_name_provinces_once_smaller_code_first():
    codes = {row["code"] for row in rows_of("provinces")}
    pairs = [(row["a"], row["b"]) for row in rows_of("borders")]
    assert len(set(pairs)) == len(pairs) == 58
    assert all(a < b and {a, b} <= codes for a, b in pairs)


def test_22_provinces_touch_another_country():
    assert sum(bool(row["border_countries"]) for row in rows_of("provinces")) == 22


def test_links_join_known_nodes_smaller_code_first():
    nodes = {row["code"] for row in rows_of("road_nodes")}
    links = [(row["start"], row["end"], row["road"]) for row in rows_of("road_links")]
    assert len(set(links)) == len(links)
    assert all(start < end and {start, end} <= nodes for start, end, _ in links)


def test_every_province_has_a_seat():
    provinces = {row["code"] for row in rows_of("provinces")}
    seats = [row["province_code"] for row in rows_of("road_nodes") if row["kind"] == "seat"]
    assert sorted(seats) == sorted(provinces)


def test_links_are_no_shorter_than_the_straight_line_and_not_absurdly_longer():
    at = {r["code"]: (float(r["lat"]), float(r["lon"])) for r in rows_of("road_nodes")}
    for row in rows_of("road_links"):
        ratio = float(row["km"]) / great_circle_km(at[row["start"]], at[row["end"]])
        assert 1.0 <= ratio <= 2.3, row


def test_hours_follow_from_length_and_road_class():
    for row in (row for row in rows_of("road_links") if row["road_class"] != "fer"):
        km = float(row["km"])
        hours = km / SPEEDS_KM_PER_HOUR[row["road_class"]] + (0.1 if km <= 20 else 0.2)
        assert float(row["truck_hours"]) == pytest.approx(hours, abs=0.006), row


def test_ferries_lead_to_landings_wait_and_are_as_fast_as_ships():
    landings = {r["code"] for r in rows_of("road_nodes") if r["kind"] == "landing"}
    ferries = [row for row in rows_of("road_links") if row["road_class"] == "fer"]
    assert landings <= {end for row in ferries for end in (row["start"], row["end"])}
    assert all(float(row["waiting_hours"]) > 0 for row in ferries)
    assert all(8 <= float(row["km"]) / float(row["truck_hours"]) <= 40 for row in ferries)


def test_every_gate_has_hours_and_only_gates_have():
    kinds = {"border_gate", "border_opening"}
    gates = {row["code"] for row in rows_of("road_nodes") if row["kind"] in kinds}
    assert {row["code"] for row in rows_of("gates")} == gates
    assert all(row["opens_at"] < row["closes_at"] for row in rows_of("gates"))


def test_every_vehicle_is_known_and_the_lorry_sets_the_measure():
    rows = {row["code"]: row for row in rows_of("vehicles")}
    speeds = {name for name in rows["truck_10t"] if name.startswith("speed_")}
    assert set(rows) == {kind.value for kind in VehicleKind}
    assert speeds == {f"speed_{one.value}" for one in RoadClass if one != RoadClass.FERRY}
    assert {rows["truck_10t"][name] for name in speeds} == {"1"}


def test_pacts_join_different_known_provinces():
    codes = {row["code"] for row in rows_of("provinces")}
    assert all(r["a"] < r["b"] and {r["a"], r["b"]} <= codes for r in rows_of("pacts"))


@pytest.mark.parametrize("path", sorted(DATA.glob("*.csv")), ids=lambda path: path.stem)
def test_files_are_nfc_with_unix_line_ends(path: Path):
    text = path.read_bytes().decode("utf-8")
    assert unicodedata.normalize("NFC", text) == text
    assert "\r" not in text
    assert "\u200b" not in text


@pytest.mark.parametrize(("column", "files"), SHOWN.items(), ids=SHOWN)
def test_what_pages_show_of_a_file_is_vietnamese(column, files):
    cells = {(name, row[column]) for name in files for row in rows_of(name)}
    assert not [cell for cell in cells if not cell[1] or ENGLISH.search(cell[1])]
