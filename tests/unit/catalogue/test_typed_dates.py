"""Days as people type them, solar and lunar."""

from __future__ import annotations

import datetime as dt
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.catalogue.services import DATA
from core.catalogue.typed import lunar
from core.catalogue.typed.dates import read_days
from core.catalogue.typed.lunar import LunarDay
from core.catalogue.typed.outcomes import Days, No, Question, Understood, Why
from core.catalogue.typed.writing import write_days
from core.kernel.reference import read_rows

TODAY = dt.date(2026, 11, 22)
# Year, Tết, leap month, and for each month 1 where it has 30 days. Reckoned from the new moons and
# solar terms of PyEphem 4.2.1 (libastro), an ephemeris that shares nothing with ours.
OTHER_EPHEMERIS = Path(__file__).with_name("lunar_months.txt").read_text(encoding="utf-8")


def days(first, last=None):
    return Days(first=dt.date.fromisoformat(first), last=dt.date.fromisoformat(last or first))


JUNE, DECEMBER = days("2027-06-01", "2027-06-30"), days("2026-12-01", "2026-12-31")
LIKE_A_DAY = r"(ngày |mùng |tuần )?[0-9]{1,3}[/. ]?(tháng |Tết |/)?[0-9]{0,5}"
FEASTS = {
    "Tết Nguyên đán (mùng 1)": "1/1",
    "Rằm tháng Giêng": "15/1",
    "Rằm tháng Bảy (Vu Lan)": "15/7",
}


def asked(typed):
    found = read_days(typed, today=TODAY)
    assert isinstance(found, Question), found
    return found.why, [reading.value for reading in found.readings]


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("21/11/2026", "2026-11-21", None),
        ("11/12/2026", "2026-12-11", None),
        ("21-11-26", "2026-11-21", None),
        ("21.11.2026", "2026-11-21", None),
        ("2026-11-21", "2026-11-21", None),
        ("25.11", "2026-11-25", None),
        ("ngày 21 tháng 11 năm 2026", "2026-11-21", None),
        ("21 tháng mười một năm 2026", "2026-11-21", None),
        ("21 November 2026", "2026-11-21", None),
        ("November 21, 2026", "2026-11-21", None),
        ("hôm nay", "2026-11-22", None),
        ("ngày mai", "2026-11-23", None),
        ("2 tuần nữa", "2026-12-06", None),
        ("tháng 11/2026", "2026-11-01", "2026-11-30"),
        ("11/2026", "2026-11-01", "2026-11-30"),
        ("tháng mười năm 2026", "2026-10-01", "2026-10-31"),
        ("tháng năm 2027", "2027-05-01", "2027-05-31"),
        ("tháng 11", "2026-11-01", "2026-11-30"),
        ("tháng sau", "2026-12-01", "2026-12-31"),
        ("tháng sáu", "2027-06-01", "2027-06-30"),
        ("tuần 48", "2026-11-23", "2026-11-29"),
        ("tuần 53/2026", "2026-12-28", "2027-01-03"),
        ("tuần sau", "2026-11-23", "2026-11-29"),
        ("cuối tháng 11", "2026-11-21", "2026-11-30"),
        ("đầu tháng 12", "2026-12-01", "2026-12-10"),
        ("giữa tháng 2/2027", "2027-02-11", "2027-02-20"),
        ("cuối tháng này", "2026-11-21", "2026-11-30"),
        ("đầu tháng tới", "2026-12-01", "2026-12-10"),
        ("cuoi thang 2/2027", "2027-02-21", "2027-02-28"),
        ("quý IV năm 2026", "2026-10-01", "2026-12-31"),
        ("21-25/11/2026", "2026-11-21", "2026-11-25"),
        ("từ 21/11 đến 30/11/2026", "2026-11-21", "2026-11-30"),
        ("mùng 1 Tết", "2027-02-06", None),
        ("mồng một Tết 2030", "2030-02-02", None),
        ("Tết Đinh Mùi", "2027-02-06", "2027-02-08"),
        ("mùng 1 Tết Bính Ngọ", "2026-02-17", None),
        ("23 tháng Chạp", "2027-01-30", None),
        ("ông Công ông Táo", "2027-01-30", None),
        ("rằm tháng Giêng 2027", "2027-02-20", None),
        ("20/12 âm lịch", "2027-01-27", None),
        ("20/12/2026 âm lịch", "2027-01-27", None),
        ("mùng 5/5", "2027-06-09", None),
        ("15/6 nhuận 2025 âm lịch", "2025-08-08", None),
        ("Trung thu 2027", "2027-09-15", None),
        ("tháng Chạp", "2027-01-08", "2027-02-05"),
        ("29 Tết", "2027-02-05", None),
        ("30 Tết 2033", "2033-01-30", None),
        ("giao thừa 2027", "2027-02-05", None),
        ("trước Tết 2 tuần", "2027-01-23", None),
        ("hai tuần trước Tết", "2027-01-23", None),
        ("3 ngày sau Tết 2027", "2027-02-09", None),
    ],
)
def test_a_day_is_read_as_written(typed, first, last):
    assert read_days(typed, today=TODAY) == Understood(value=days(first, last))
    assert read_days(unicodedata.normalize("NFD", typed), today=TODAY).value == days(first, last)


@pytest.mark.parametrize(
    ("typed", "why", "meant"),
    [
        ("21.11", Why.YEAR, [days("2027-11-21"), days("2026-11-21")]),
        ("23 tháng Chạp 2026", Why.YEAR, [days("2027-01-30"), days("2026-02-10")]),
        ("15/6 âm lịch 2025", Why.MONTH, [days("2025-07-09"), days("2025-08-08")]),
        ("30 Tết", Why.MONTH, [days("2027-02-05")]),
        ("trước Tết", Why.RANGE, [days("2027-02-05")]),
        ("thang sau", Why.MONTH, [JUNE, DECEMBER]),
    ],
)
def test_what_may_mean_several_days_is_asked_back(typed, why, meant):
    assert asked(typed) == (why, meant)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", No.EMPTY),
        ("\u200b", No.EMPTY),
        ("12/13/2026", No.NO_SUCH_DAY),
        ("31/02/2027", No.NO_SUCH_DAY),
        ("30 tháng Chạp 2026", No.NO_SUCH_DAY),
        ("15/6 nhuận 2026 âm lịch", No.NO_SUCH_DAY),
        ("mùng 1 Tết 2090", No.NO_SUCH_DAY),
        ("cuối tháng", No.WHICH_MONTH),
        ("đầu tháng", No.WHICH_MONTH),
        ("tháng", No.WHICH_MONTH),
        ("end of the month", No.WHICH_MONTH),
        ("ngày 15", No.WHICH_MONTH),
        ("mùng 5", No.WHICH_MONTH),
        ("1/1/1980", No.OUT_OF_RANGE),
        ("31/12/9999", No.OUT_OF_RANGE),
        ("cuối năm", No.NOT_UNDERSTOOD),
        ("sớm nhất có thể", No.NOT_UNDERSTOOD),
        ("2" * 1_000_000, No.TOO_LONG),
    ],
)
def test_what_is_no_day_is_refused_with_its_reason(typed, why):
    assert read_days(typed, today=TODAY).why == why


@given(st.dates(dt.date(1990, 1, 1), dt.date(2100, 12, 31)), st.integers(0, 400))
@settings(max_examples=100)
def test_what_is_written_is_read_back(first, length):
    last = min(first + dt.timedelta(days=length), dt.date(2100, 12, 31))
    value = Days(first=first, last=last)
    assert read_days(write_days(value), today=TODAY) == Understood(value=value)


@given(
    st.text(max_size=60)
    | st.text(alphabet="0123456789/-. thángtếmùcạpằuầ", max_size=30)
    | st.from_regex(LIKE_A_DAY, fullmatch=True)
)
@settings(max_examples=150)
def test_no_text_raises(typed):
    found = read_days(typed, today=TODAY)
    if isinstance(found, Understood):
        assert found.value.first <= found.value.last


def test_feasts_of_the_reference_file_agree():
    rows = read_rows(DATA / "lunar_peaks.csv")
    for row in rows:
        day, month = FEASTS.get(row["feast"], row["feast"].split()[-1]).split("/")
        wanted = LunarDay(int(row["lunar_year"]), int(month), int(day))
        assert lunar.solar_day(wanted) == dt.date.fromisoformat(row["solar_date"])
    assert len(rows) == 49


@pytest.mark.parametrize("line", OTHER_EPHEMERIS.splitlines())
def test_months_agree_with_another_ephemeris(line):
    year, new_year, leap, lengths = line.split()
    months = lunar.months_of(int(year))
    assert lunar.tet(int(year)).isoformat() == new_year
    assert "".join(str(month.days - 29) for month in months) == lengths
    assert [str(m.month) for m in months if m.is_leap] == [leap] * (leap != "-")


def test_tet_2030_is_a_day_before_china():
    assert lunar.tet(2030) == dt.date(2030, 2, 2)


@given(st.dates(dt.date(1990, 2, 1), dt.date(2070, 12, 31)))
@settings(max_examples=100)
def test_lunar_and_solar_days_are_each_others_inverse(day):
    assert lunar.solar_day(lunar.lunar_day(day)) == day


def test_years_outside_the_reckoned_ones_are_refused():
    assert lunar.solar_day(LunarDay(2071, 1, 1)) is None
    with pytest.raises(ValueError, match="1990 to 2070"):
        lunar.months_of(1989)
