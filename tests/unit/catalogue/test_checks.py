"""The system check on the reference files finds what it is for."""

from __future__ import annotations

import shutil

import pytest

from core.catalogue.checks import reference_files_agree
from core.catalogue.services import DATA


@pytest.fixture
def folder(tmp_path):
    for path in DATA.glob("*.csv"):
        shutil.copy(path, tmp_path)
    return tmp_path


def replace(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_files_agree():
    assert reference_files_agree() == []


@pytest.mark.parametrize(("name", "old", "new", "number"), [
    ("categories.csv", "\nB01-cam,B01,", "\nB01-cam,B99,", "E001"),
    ("categories.csv", "10;11;12;1;2;3,kg,ambient,20", "13,kg,ambient,20", "E002"),
    ("categories.csv", "10;11;12;1;2;3,kg,ambient,20", "1,box,ambient,20", "E002"),
    ("categories.csv", "10;11;12;1;2;3,kg,ambient,20", "1,kg,warm,20", "E002"),
    ("categories.csv", "Orange,cam Vân Đồn", "Orange,bưởi Diễn", "E003"),
    ("categories.csv", "0805,sure", "080,sure", "E004"),
    ("ocop_sets_2019.csv", ",B01,,", ",B99,,", "E005"),
    ("ocop_sets_2019.csv", "No set of today takes these products.", "", "E005"),
    ("name_forms.csv", "B07-mut-o-mai", "B07-mut", "E006"),
])  # fmt: skip
def test_a_fault_is_named_with_its_file(folder, name, old, new, number):
    replace(folder / name, old, new)
    found = reference_files_agree(folder=folder)
    assert {message.id for message in found} == {f"catalogue.{number}"}
    assert name in found[0].hint
