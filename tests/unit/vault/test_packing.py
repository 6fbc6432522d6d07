"""Packets: names every program takes, an index that is the content, bounded memory."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import tracemalloc
import unicodedata
import zipfile
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.kernel.errors import InvalidInputError
from core.vault.packing import Answer, Asked, BrokenPacketError, Packet, lines_of, plan_of, streamed
from core.vault.packing.archive import INDEX_PAGE, INDEX_TABLE, harmless
from core.vault.packing.names import numbered, safe_name


@dataclass
class Storage:
    """Files in memory; one of a size is made up while it is read."""

    contents: dict[str, bytes] = field(default_factory=dict)

    def open(self, name, _mode):
        return io.BytesIO(self.contents[name])

    def size(self, name):
        return len(self.contents[name])


@dataclass
class File:
    name: str
    storage: Storage


@dataclass
class Document:
    """What packing needs to know of a stored document."""

    pk: int
    title: str
    file: File
    size: int
    sha256: str
    type: str = "pdf"
    kind: str = "other"
    valid_until: str = ""


STORAGE = Storage()


def document(pk: int, content: bytes, *, title: str = "Giấy", **more) -> Document:
    STORAGE.contents[str(pk)] = content
    digest = hashlib.sha256(content).hexdigest()
    return Document(pk, title, File(str(pk), STORAGE), len(content), digest, **more)


def asked(code: str, *, required: bool = True, proofs=(), contents=()) -> Asked:
    return Asked(
        code=code, label=f"Dòng {code}", is_required=required, proofs=proofs, contents=contents
    )


def packet(*lines, code="ocop") -> Packet:
    return Packet(
        code=code, subject_id=1, title="Hồ sơ Chả mực", holder_id=1, holder_name="HTX Hạ Long",
        as_of=dt.date(2026, 11, 22), lines=tuple(lines),
    )  # fmt: skip


def written(plan) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(b"".join(streamed(plan))))


@pytest.fixture
def whole() -> Packet:
    licence = document(1, b"licence", title="Đăng ký kinh doanh", kind="business")
    both = document(2, b"both", title='Giấy "ATTP" <2026>: a/b')
    lines = lines_of(
        [
            asked("a", contents=("business",)),
            asked("b", proofs=("food_safety",)),
            asked("c", proofs=("food_safety",), required=False),
            asked("d", proofs=("ocop_award",)),
            asked("e", proofs=("halal",), required=False),
        ],
        proofs={
            "food_safety": [
                Answer(title="=HYPERLINK", document=None, is_good=False),
                Answer(
                    title=both.title, document=both, number="=1+1", valid_to=dt.date(2027, 1, 2)
                ),
            ],
            "halal": [Answer(title="hết hạn", document=document(3, b"x"), is_good=False)],
        },
        documents=[licence],
    )
    return packet(*lines)


def test_the_index_is_the_content(whole):
    archive = written(plan_of(whole))
    assert archive.testzip() is None
    names = archive.namelist()
    assert names == [
        INDEX_PAGE,
        INDEX_TABLE,
        "01 Đăng ký kinh doanh.pdf",
        "02 Giấy ATTP 2026 a b.pdf",
    ]
    rows = list(csv.reader(io.StringIO(archive.read(INDEX_TABLE).decode("utf-8-sig"))))[1:]
    listed = {(row[7], row[9]) for row in rows if row[7]}
    held = {(name, hashlib.sha256(archive.read(name)).hexdigest()) for name in names[2:]}
    assert listed == held
    assert [row[0] for row in rows] == ["1", "2", "3", "4", "5"]
    page = archive.read(INDEX_PAGE).decode()
    assert all(name in page for name in names[2:])
    assert page.count("Dòng d") == 2  # as a line, and among what is missing
    assert "Dòng e" in page


def test_the_same_packet_makes_the_same_bytes(whole):
    assert b"".join(streamed(plan_of(whole))) == b"".join(streamed(plan_of(whole)))


def test_only_chosen_files_are_in_it_also_one_that_no_longer_counts(whole):
    plan = plan_of(whole, chosen={3})
    assert [entry.document.pk for entry in plan.entries] == [3]
    assert [row.number for row in plan.missing] == [1, 2, 4]


def test_what_is_missing_is_counted_from_good_answers_with_files(whole):
    assert [line.asked.code for line in whole.missing] == ["d"]
    assert whole.answered_count == 3
    assert [one.pk for one in whole.documents] == [1, 2, 3]


def test_no_cell_of_the_index_is_a_formula(whole):
    table = written(plan_of(whole)).read(INDEX_TABLE).decode("utf-8-sig")
    assert "'=1+1" in table
    assert ",=" not in table
    for cell in ("=1", "+1", "-1", "@x", "\t=1", " =1", '"=1', "'=1", "＝1"):
        assert harmless(cell).startswith("'")
    assert harmless("Giấy 12/2026") == "Giấy 12/2026"


def test_every_vietnamese_name_carries_the_flag_of_utf_8(whole):
    flagged = [one for one in written(plan_of(whole)).infolist() if one.flag_bits & 0x800]
    assert len(flagged) == 4


@settings(max_examples=60)
@given(st.text(max_size=300))
def test_a_name_fits_every_program(title):
    name = numbered(7, title=title, ending="pdf")
    assert name == unicodedata.normalize("NFC", name)
    assert len(name.encode()) < 240
    assert not set(name) & set('<>:"/\\|?*')
    assert all(unicodedata.category(one) not in {"Cc", "Cf", "Cs"} for one in name)
    assert name.endswith(".pdf")
    assert not name.removesuffix(".pdf").endswith((" ", "."))


@pytest.mark.parametrize("title", ["CON", "nul.txt", "...", "\u200b", "", "\u202egpj.exe"])
def test_names_that_mean_something_to_a_system_do_not_survive(title):
    name = safe_name(title)
    assert name
    assert name.upper() not in {"CON", "NUL.TXT"}
    assert "\u202e" not in name


def test_what_is_in_memory_is_one_piece_whatever_the_size():
    @dataclass
    class Endless:
        left: int

        def read(self, most):
            size = min(most, self.left)
            self.left -= size
            return b"\0" * size

        def __enter__(self):
            return self

        def __exit__(self, *_):
            return None

    class Made(Storage):
        def open(self, _name, _mode):
            return Endless(size)

    size = 24 * 1024 * 1024
    digest = hashlib.sha256(b"\0" * size).hexdigest()
    big = [Document(pk, "t", File(str(pk), Made()), size, digest) for pk in range(3)]
    answers = [Answer(title="t", document=one) for one in big]
    plan = plan_of(
        packet(*lines_of([asked("a", proofs=("x",))], proofs={"x": answers}, documents=()))
    )
    tracemalloc.start()
    length = sum(map(len, streamed(plan)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert length > 3 * size
    assert peak < 3 * 1024 * 1024


def test_too_large_together_is_refused():
    huge = document(9, b"x")
    huge.size = 201 * 1024 * 1024
    answers = {"x": [Answer(title="t", document=huge)]}
    with pytest.raises(InvalidInputError):
        plan_of(packet(*lines_of([asked("a", proofs=("x",))], proofs=answers, documents=())))


def test_a_file_that_was_changed_behind_our_back_breaks_the_download():
    changed = document(10, b"as it came")
    STORAGE.contents["10"] = b"as it is!!"
    answers = {"x": [Answer(title="t", document=changed)]}
    plan = plan_of(packet(*lines_of([asked("a", proofs=("x",))], proofs=answers, documents=())))
    with pytest.raises(BrokenPacketError):
        b"".join(streamed(plan))
