"""What stands in a cell comes as it was typed: numbers, days, codes, formulas, letters."""

from __future__ import annotations

import datetime as dt
import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.sheets.cells import (
    as_typed,
    code_of,
    counted_day,
    from_wire,
    harmless,
    is_cut_short,
    number_from,
    text_of,
    to_wire,
)
from core.sheets.reading import open_sheet
from core.sheets.writing import Sheet, write_csv, write_xlsx
from core.sheets.xlsx import NO_VALUE
from tests.unit.sheets.files import WORKBOOK, book, sheet

CELLS = [
    ('<c r="A1"><v>101234567</v></c>', Decimal(101234567)),
    ('<c r="A1" s="1"><v>101234567</v></c>', "0101234567"),
    ('<c r="A1" s="2"><v>46387</v></c>', dt.date(2026, 12, 31)),
    ('<c r="A1" s="3"><v>60.75</v></c>', dt.date(1900, 2, 28)),
    ('<c r="A1" t="d"><v>2026-12-31T00:00:00</v></c>', dt.date(2026, 12, 31)),
    ('<c r="A1"><v>1.5E+10</v></c>', Decimal(15_000_000_000)),
    ('<c r="A1"><v>0.30000000000000004</v></c>', Decimal("0.3")),
    ('<c r="A1"><v>1.125</v></c>', Decimal("1.125")),
    ('<c r="A1"><f>1+1</f><v>2</v></c>', Decimal(2)),
    ('<c r="A1"><f>1+1</f></c>', NO_VALUE),
    ('<c r="A1" t="e"><v>#REF!</v></c>', "#REF!"),
    ('<c r="A1" t="b"><v>1</v></c>', True),
    ('<c r="A1" t="str"><f>A2</f><v>Cam</v></c>', "Cam"),
    ('<c r="A1" t="inlineStr"><is><r><t>Cam </t></r><r><t>sành</t></r></is></c>', "Cam sành"),
    ('<c r="A1" t="inlineStr"><is><t>\'=1+1</t></is></c>', "=1+1"),
    ('<c t="inlineStr"><is><t>a_x000D_b</t></is></c>', "a\rb"),
    ('<c t="inlineStr"><is><t>_xD83C__xDF4A_ _xD800_</t></is></c>', "🍊 \ufffd"),
]


def test_a_workbooks_cells_come_as_they_were_typed(tmp_path):
    rows = [cell.replace('r="A1"', f'r="A{at}"') for at, (cell, _) in enumerate(CELLS, start=1)]
    path = book(tmp_path / "a", parts={"xl/worksheets/sheet1.xml": sheet(*rows)})
    with open_sheet(path) as found:
        assert (found.names, found.name) == (("Ẩn", "Một"), "Một")
        assert [row.cells for row in found.rows] == [(cell,) for _, cell in CELLS]


@pytest.mark.parametrize(
    ("encoding", "separator"),
    [("utf-8", ","), ("utf-8-sig", ";"), ("utf-16", "\t"), ("utf-16-le", ";"), ("cp1258", ";")],
)
def test_csv_is_read_in_the_letters_and_separators_people_have(tmp_path, encoding, separator):
    rows = [["Tên", "Số lượng"], ["Cam Vân Đồn, loại 1", "1,5"], ["Chả mực", "0101234567"]]
    lines = [separator.join(f'"{cell}"' for cell in row) for row in rows]
    written = "\r\n".join(lines) + "\r\n\r\n"
    if encoding == "cp1258":
        marks = "\u0300\u0301\u0303\u0309\u0323"
        written = "".join(
            "".join(
                unicodedata.normalize(
                    "NFC", unicodedata.normalize("NFD", c).translate({ord(m): None for m in marks})
                )
                + "".join(m for m in unicodedata.normalize("NFD", c) if m in marks)
            )
            for c in written
        )
    path = tmp_path / "a"
    path.write_bytes(written.encode(encoding))
    with open_sheet(path) as found:
        assert [list(row.cells) for row in found.rows] == rows


def test_sep_lines_and_empty_records_keep_the_numbers_of_the_spreadsheet(tmp_path):
    path = tmp_path / "a"
    path.write_text("sep=;\nTên;Giá\n\nCam;1\n", encoding="utf-8")
    with open_sheet(path) as found:
        assert [row.number for row in found.rows] == [1, 3]


@pytest.mark.parametrize(
    "text",
    [
        "=1",
        "+1",
        "-1",
        "@a",
        "\t=1",
        "\r=1",
        "\n=1",
        "＝1",
        "＋1",
        "－1",
        "＠a",
        " =1",
        "'=1",
        "''-1",
    ],
)
def test_what_a_spreadsheet_would_run_is_marked(text):
    assert harmless(text) == f"'{text}"
    assert as_typed(harmless(text)) == text


def test_codes_keep_their_zeros_and_lost_ends_are_noticed():
    assert code_of(Decimal(101234567), digits=10) == "0101234567"
    assert code_of("0101234567", digits=10) == "0101234567"
    assert code_of(Decimal(8936012345674)) == "8936012345674"
    assert is_cut_short("8,93601E+12")
    assert not is_cut_short(Decimal("1E+12"))
    assert text_of(Decimal("1.500")) == "1,5"
    assert number_from("1e999") is None
    assert number_from("NaN") is None


LETTERS = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=30)


@given(LETTERS)
def test_any_text_is_harmless_on_the_way_out_and_itself_on_the_way_in(text):
    assert as_typed(harmless(text)) == text
    assert (
        harmless(text).lstrip(" '\t\r\n")[:1] not in set("=+-@＝＋－＠") or harmless(text)[0] == "'"
    )


CELL = st.one_of(
    LETTERS.filter(lambda s: s == s.strip() and "\r" not in s and "\0" not in s),
    st.decimals(min_value=-(10**12), max_value=10**12, places=3).map(lambda d: number_from(str(d))),
    st.dates(min_value=dt.date(1900, 3, 1)),
    st.booleans(),
)


@given(CELL)
def test_a_cell_survives_the_pipe(cell):
    assert from_wire(to_wire(cell)) == cell


@settings(max_examples=6, deadline=None)
@given(rows=st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=25))
def test_what_is_written_is_read_back_unchanged(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("round") / "a"
    head = ["Một", "Hai", "Ba"]
    with path.open("wb") as target:
        write_xlsx(target, sheets=[Sheet(name="Danh sách", rows=[head, *rows])])
    with open_sheet(path) as found:
        back = {row.number: row.cells for row in found.rows}
    for number, row in enumerate(rows, start=2):
        assert list(back.get(number, ()))[: len(row)] == _trimmed(row)
    with path.open("wb") as target:
        write_csv(target, rows=[head, *rows])
    with open_sheet(path) as found:
        texts = {row.number: row.cells for row in found.rows}
    for number, row in enumerate(rows, start=2):
        wanted = [
            unicodedata.normalize("NFC", c) if isinstance(c, str) else text_of(c) for c in row
        ]
        assert [*texts.get(number, ("", "", ""))] == wanted


def _trimmed(row):
    cells = list(row)
    while cells and cells[-1] == "" and isinstance(cells[-1], str):
        cells.pop()
    return cells


@pytest.mark.parametrize(
    ("number", "day", "day_1904"),
    [
        ("1", dt.date(1900, 1, 1), dt.date(1904, 1, 2)),
        ("59", dt.date(1900, 2, 28), dt.date(1904, 2, 29)),
        ("60", dt.date(1900, 2, 28), dt.date(1904, 3, 1)),
        ("61", dt.date(1900, 3, 1), dt.date(1904, 3, 2)),
        ("46023.75", dt.date(2026, 1, 1), dt.date(2030, 1, 2)),
        ("2958465", dt.date(9999, 12, 31), None),
        ("2958466", None, None),
        ("0.5", None, None),
        ("-1", None, None),
    ],
)
def test_a_number_counts_days_as_spreadsheets_do(number, day, day_1904):
    assert counted_day(Decimal(number)) == day
    assert counted_day(Decimal(number), from_1904=True) == day_1904
    assert counted_day(number) is None


def test_a_workbook_says_from_when_it_counts_days_and_rows_never_share_a_number(tmp_path):
    macintosh = WORKBOOK.replace("<sheets>", '<workbookPr date1904="1"/><sheets>')
    rows = '<row r="7"><c><v>1</v></c></row><row r="7"><c s="3"><v>44561</v></c></row>'
    one = sheet().replace("<sheetData>", f"<sheetData>{rows}")
    parts = {"xl/workbook.xml": macintosh, "xl/worksheets/sheet1.xml": one}
    with open_sheet(book(tmp_path / "a", parts=parts)) as found:
        assert found.from_1904
        assert [(row.number, row.cells) for row in found.rows] == [
            (7, (Decimal(1),)),
            (8, (dt.date(2026, 1, 1),)),
        ]
