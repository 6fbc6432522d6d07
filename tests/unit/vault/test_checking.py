"""Types by bytes: endings lie, polyglots, bombs, active and locked PDFs."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from core.vault.content import MAX_FILE_BYTES, FileType, checked_file, new_jpeg
from tests.unit.vault.pictures import photo

HEAD, TAIL = b"%PDF-1.7\n1 0 obj << /Type /Catalog ", b" >> endobj\ntrailer <<>>\n%%EOF"


def pdf(inside: bytes = b"", before_end: bytes = b"") -> bytes:
    return HEAD + inside + b" >> endobj\n" + before_end + b"\ntrailer << /Root 1 0 R >>\n%%EOF\n"


def upload(content: bytes, name: str = "x.pdf"):
    return SimpleUploadedFile(name, content, "text/html")


def object_stream(inside: bytes) -> bytes:
    packed = zlib.compress(inside)
    head = b"4 0 obj << /Type /ObjStm /Filter /FlateDecode /Length %d >>" % len(packed)
    return head + b"\nstream\n" + packed + b"\nendstream endobj"


def bomb_png() -> bytes:
    """30,000 × 30,000 points in a hundred bytes."""

    def chunk(name, body):
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n"
        + head
        + chunk(b"IDAT", zlib.compress(b"\0" * 999))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("content", "name", "expected"),
    [
        (pdf(), "x.png", FileType.PDF),
        (photo("JPEG"), "x.exe", FileType.JPEG),
        (photo("PNG"), "../../etc/passwd", FileType.PNG),
        (photo("WEBP"), "x.jpg", FileType.WEBP),
    ],
)
def test_the_type_is_in_the_bytes(content, name, expected):
    found = checked_file(upload(content, name))
    assert found.type is expected
    assert len(found.sha256) == 64


REFUSED = {
    "empty": b"",
    "html": b"<html><script>alert(1)</script>",
    "svg": b"<svg onload=alert(1)>",
    "xml before svg": b"<?xml version='1.0'?><svg/>",
    "gif that is a script": b"GIF89a/*" + b"x" * 99,
    "zip": b"PK\x03\x04" + b"x" * 99,
    "spaces before the pdf": b"   " + pdf(),
    "html before the pdf": b"<script>alert(1)</script>" + pdf(),
    "png of nothing": b"\x89PNG\r\n\x1a\n" + b"x" * 99,
    "jpeg of nothing": b"\xff\xd8\xff" + b"x" * 99,
    "webp of nothing": b"RIFF\x04\0\0\0WEBP",
    "webp that lies about its length": b"RIFF\xff\xff\xff\x7fWEBP" + b"x" * 99,
    "png of 900 million points": bomb_png(),
    "one byte too many": b"%PDF-1.7" + b"0" * (MAX_FILE_BYTES - 7),
    "pdf without its end": HEAD,
    "pdf with a lock": pdf(before_end=b"trailer << /Encrypt 9 0 R >>"),
    "pdf with a script": pdf(b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"),
    "pdf with a script, coded name": pdf(b"/OpenAction << /S /J#61vaScript >>"),
    "pdf that starts a program": pdf(b"/OpenAction << /S /Launch /F (cmd.exe) >>"),
    "pdf with files inside": pdf(b"/Names << /EmbeddedFiles 5 0 R >>"),
    "pdf with a script in packed objects": pdf(before_end=object_stream(b"<< /JS (x) >>")),
    "heic": b"\0\0\0\x18ftypheic" + b"\0" * 99,
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_everything_else_is_refused(what):
    with pytest.raises(ValidationError) as caught:
        checked_file(upload(REFUSED[what], "x.pdf"))
    assert all(len(message) > 15 for message in caught.value.messages)


def test_exactly_ten_megabytes_are_taken():
    filling = b"0" * (MAX_FILE_BYTES - len(pdf()))
    assert len(checked_file(upload(pdf(before_end=filling))).content) == MAX_FILE_BYTES


@pytest.mark.parametrize(
    "inside",
    [
        b"/OpenAction [3 0 R /Fit]",
        b"/Title (JavaScript, or /JSON in words)",
        b"/Metadata 5 0 R",
    ],
)
def test_a_quiet_pdf_is_taken_as_it_came(inside):
    assert checked_file(upload(pdf(inside))).content == pdf(inside)


def test_names_in_a_picture_inside_a_pdf_are_chance():
    stream = b"5 0 obj << /Subtype /Image /Length 9 >>\nstream\n..../JS .\nendstream endobj"
    assert checked_file(upload(pdf(before_end=stream)))


def test_packed_objects_cannot_fill_the_memory():
    packed = object_stream(b"0" * 60_000_000 + b"/JS (x)")
    assert len(packed) < 100_000
    assert checked_file(upload(pdf(before_end=packed)))


def test_a_picture_made_anew_has_no_place():
    with Image.open(io.BytesIO(new_jpeg(photo("JPEG", orientation=6)))) as anew:
        assert (anew.size, dict(anew.getexif())) == ((24, 40), {})
