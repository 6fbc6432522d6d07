"""Files that want to hurt us are refused before they are opened, and say why."""

from __future__ import annotations

import io
import zipfile

import pytest

from core.sheets.limits import LIMITS, MB, Limits, SheetRefusedError, Why
from core.sheets.reading import open_sheet
from tests.unit.sheets.files import MAIN, RELATIONS, TYPES, book, sheet, text

DOCTYPE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
LINKED = RELATIONS.replace(
    "</Relationships>",
    '<Relationship Id="x" Type="http://x/externalLink" Target="http://evil.example/a.xlsx" '
    'TargetMode="External"/></Relationships>',
)
MACRO_TYPE = TYPES.replace(
    "/>", '><Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>'
)


def refusal(path, *, limits=LIMITS, name=""):
    with (
        pytest.raises(SheetRefusedError) as caught,
        open_sheet(path, sheet=name, limits=limits) as s,
    ):
        list(s.rows)
    return caught.value.why


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        ({"xl/vbaProject.bin": b"macro"}, Why.MACROS),
        ({"[Content_Types].xml": MACRO_TYPE}, Why.MACROS),
        ({"xl/externalLinks/externalLink1.xml": "<x/>"}, Why.EXTERNAL_LINKS),
        ({"xl/embeddings/oleObject1.bin": b"x"}, Why.EXTERNAL_LINKS),
        ({"xl/_rels/workbook.xml.rels": LINKED}, Why.EXTERNAL_LINKS),
        ({"xl/worksheets/sheet1.xml": f"{DOCTYPE}<worksheet {MAIN}>&a;</worksheet>"}, Why.DOCTYPE),
        ({"xl/sharedStrings.xml": f"{LAUGHS}<sst {MAIN}><si><t>&b;</t></si></sst>"}, Why.DOCTYPE),
        ({"xl/workbook.xml": f"{DOCTYPE}<workbook/>"}, Why.DOCTYPE),
        ({"xl/worksheets/sheet1.xml": "<worksheet><row>"}, Why.BROKEN),
        ({"xl/worksheets/sheet1.xml": sheet('<c t="s"><v>7</v></c>')}, Why.BROKEN),
        ({"xl/worksheets/sheet1.xml": sheet(text("x", "XFD1"))}, Why.TOO_MANY_COLUMNS),
        ({"xl/worksheets/sheet1.xml": b"\0" * (8 * MB)}, Why.BOMB),
        ({f"xl/media/{n}.xml": "x" for n in range(201)}, Why.BOMB),
        ({"xl/worksheets/sheet1.xml": sheet(text("x" * 40_000))}, Why.LONG_CELL),
    ],
    ids=[
        "vba", "vba type", "links", "embedded", "link relation", "xxe", "laughs", "workbook",
        "cut off", "no such text", "last column", "bomb", "many entries", "long cell",
    ],
)  # fmt: skip
def test_a_hostile_workbook_is_refused(tmp_path, parts, why):
    assert refusal(book(tmp_path / "a", parts=parts)) == why


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, Why.OLD_XLS),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            Why.ENCRYPTED,
        ),
        (b"PK\x03\x04" + b"x" * 60, Why.BROKEN),
        (b"a;b\n1;\x00", Why.NUL),
        (b"a;b\n1;\x8d\n", Why.ENCODING),
        (b"\xff\xfea", Why.ENCODING),
        (b'a;b\n"1;' + b"x" * 40_000, Why.LONG_CELL),
        (b'a;b\n"1;2\n3;4\n', Why.BROKEN),
        (b";".join([b"x"] * 300), Why.TOO_MANY_COLUMNS),
    ],
    ids=[
        "xls", "encrypted", "cut zip", "nul", "letters", "half utf-16", "open quote",
        "open quote that swallows rows", "wide",
    ],
)  # fmt: skip
def test_other_files_are_refused_with_their_reason(tmp_path, content, why):
    path = tmp_path / "a"
    path.write_bytes(content)
    assert refusal(path) == why


def test_a_zip_that_is_no_workbook_is_refused(tmp_path):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("a.txt", "x")
    path = tmp_path / "a"
    path.write_bytes(target.getvalue())
    assert refusal(path) == Why.PACKED


def test_limits_of_size_rows_and_time_hold(tmp_path):
    rows = book(tmp_path / "a", parts={"xl/worksheets/sheet1.xml": sheet(*[text("x")] * 40)})
    assert refusal(rows, limits=Limits(file_bytes=10)) == Why.TOO_LARGE
    assert refusal(rows, limits=Limits(rows=20)) == Why.TOO_MANY_ROWS
    assert refusal(rows, limits=Limits(unpacked_bytes=100)) == Why.BOMB
    assert refusal(rows, limits=Limits(wall_seconds=0)) == Why.TOO_SLOW
    assert refusal(rows, name="Không có") == Why.NO_SUCH_SHEET


def test_a_file_that_needs_more_memory_than_the_child_has_is_refused(tmp_path):
    texts = "".join(f"<si><t>{'x' * 900}{n}</t></si>" for n in range(40_000))
    path = book(
        tmp_path / "a", parts={"xl/sharedStrings.xml": f"<sst {MAIN}>{texts}</sst>"}, level=1
    )
    limits = Limits(memory_bytes=48 * MB, ratio=10_000)
    assert refusal(path, limits=limits) in {Why.BOMB, Why.BROKEN}


def test_a_claimed_size_costs_nothing(tmp_path):
    claimed = f'<worksheet {MAIN}><dimension ref="A1:XFD1048576"/><sheetData><row r="1048576">'
    claimed += f"{text('Cam', 'B1048576')}</row></sheetData></worksheet>"
    with open_sheet(book(tmp_path / "a", parts={"xl/worksheets/sheet1.xml": claimed})) as found:
        rows = list(found.rows)
    assert [(row.number, row.cells) for row in rows] == [(1048576, ("", "Cam"))]


def test_leaving_in_the_middle_leaves_no_child(tmp_path):
    rows = book(tmp_path / "a", parts={"xl/worksheets/sheet1.xml": sheet(*[text("x")] * 9000)})
    with open_sheet(rows) as found:
        assert next(found.rows).number == 1
