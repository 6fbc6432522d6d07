"""The system check finds what is wrong with the geography's files, and nothing else."""

from __future__ import annotations

import csv
import shutil
import time

import pytest

from core.places.checks import check_places, problems
from core.places.services.reading import DATA


@pytest.fixture(scope="module")
def sound():
    """What the check says of the files as they are."""
    began = time.process_time()
    found = problems()
    return found, time.process_time() - began


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(DATA, tmp_path, dirs_exist_ok=True)
    return tmp_path


def alter(folder, name, change):
    path = folder / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = change(list(csv.DictReader(file)))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def setting(named, /, **values):
    def change(rows):
        return [{**row, **values} if named in row.values() else row for row in rows]

    return change


def without(code):
    return lambda rows: [row for row in rows if code not in row.values()]


def test_files_are_consistent_and_the_check_is_cheap(sound):
    found, seconds = sound
    assert found == []
    assert seconds < 0.5


WRONG = {
    "provinces_closed": (setting("24", new_code="99"), "names the unknown new_code '99'"),
    "districts_closed": (without("205"), "07081 names the unknown district_code '205'"),
    "communes_closed": (setting("06652", district_code="001"), "in another province than its"),
    "communes": (without("06652"), "06652 leads nowhere"),
    "labels": (setting("07399", code="00000"), "no commune has the code 00000 on 2026-09-20"),
    "commune_changes": (without("06652"), "nothing says what became of 06652"),
    "former_names": (setting("Hoành Bồ", successors="999"), "Hoành Bồ became the unknown 999"),
    "unit_groups": (setting("DBSH", members="01;27"), "DBSH has the unknown member 27"),
    "pacts": (setting("04", b="27"), "names the unknown b '27'"),
    "ferry_communes": (setting("07192", code="00000"), "names the unknown code '00000'"),
    "road_nodes": (setting("P22", province_code="27"), "P22 names the unknown province_code"),
    "road_links": (setting("P22", end="P00"), "unknown end 'P00'"),
}


@pytest.mark.parametrize("name", list(WRONG))
def test_each_kind_of_inconsistency_is_named(folder, name):
    change, says = WRONG[name]
    alter(folder, name, change)
    assert any(says in problem for problem in problems(folder))


def test_unconnected_road_network_is_named(folder):
    alter(folder, "road_links", without("P22"))
    assert any("no open way leads from" in problem for problem in problems(folder))


@pytest.mark.parametrize(("rows", "says"), [
    ([("06655", "whole", "1")], "06655 went whole to one commune, and to others too"),
    ([("06655", "part", "0.6"), ("06655", "part", "0.6")], "the shares of 06655 sum up to more"),
])  # fmt: skip
def test_shares_that_contradict_each_other_are_named(folder, rows, says):
    def change(stored):
        split = [row for row in stored if row["old_code"] == "06655"]
        for row, (_, relation, weight) in zip(split, rows, strict=False):
            row["relation"], row["weight"] = relation, weight
        return stored

    alter(folder, "commune_changes", change)
    assert any(says in problem for problem in problems(folder))


def test_two_names_from_one_day_are_named(folder):
    alter(folder, "labels", lambda rows: [*rows, rows[0]])
    assert any("has 2 names from" in problem for problem in problems(folder))


def test_django_hears_of_the_first_ten_and_how_many_more(monkeypatch):
    monkeypatch.setattr("core.places.checks.problems", lambda: [f"wrong {n}" for n in range(12)])
    messages = check_places(None)
    assert [message.msg for message in messages][-2:] == ["wrong 9", "2 more problems of places."]
    assert all(message.is_serious() and "docs/data.md" in message.hint for message in messages)
