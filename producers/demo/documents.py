"""Scans behind the demo's papers: tiny, drawn here, each saying that it is a sample."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from collections.abc import Iterable, Sequence
from typing import Final

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw

from core.accounts import demo as people
from core.accounts.demo import MARK
from core.kernel.text import fold
from core.vault.content import FileType
from core.vault.enums import ContentKind, PacketCode
from core.vault.models import Document, PacketShare
from producers.enums import PaperKind
from producers.models import Paper

_MOST_FOR_ONE: Final = 3
_EVERY_PICTURE: Final = 3
_PAGE: Final = (300, 420)
_LINE: Final = 24


def keep_scans(papers: Iterable[Paper], *, holders: frozenset[int]) -> int:
    """Put a document behind the first papers of each holder, unsaved papers too; say how many."""
    of_holder: dict[int, list[Paper]] = {}
    for paper in papers:
        own = of_holder.setdefault(paper.producer_id, [])
        if paper.producer_id in holders and len(own) < _MOST_FOR_ONE:
            own.append(paper)
    chosen = [paper for own in of_holder.values() for paper in own]
    documents = [_document(paper, at) for at, paper in enumerate(chosen)]
    Document.objects.bulk_create(documents)
    for paper, document in zip(chosen, documents, strict=True):
        paper.document = document
    return len(documents)


def share_all(
    *, holder_id: int, receiver_id: int, match_id: int, title: str, until: dt.date
) -> None:
    """Share the documents of a holder with a chain, for one match."""
    share = PacketShare.objects.create(
        organisation_id=holder_id, receiver_id=receiver_id, packet=PacketCode.CHAIN,
        subject_id=match_id, title=title, until=until,
    )  # fmt: skip
    share.documents.set(Document.objects.filter(organisation=holder_id))


def remove() -> None:
    """Remove the demo's documents with their files, and what was shared of them."""
    ids = people.demo_organisation_ids()
    PacketShare.objects.filter(organisation__in=ids).delete()
    documents = Document.objects.filter(organisation__in=ids)
    files = [document.file for document in documents]
    documents.delete()
    for file in files:
        file.storage.delete(str(file.name))


def _document(paper: Paper, at: int) -> Document:
    lines = ("BAN MAU - KHONG CO GIA TRI", fold(paper.number).upper(), f"SO {at}")
    is_picture = at % _EVERY_PICTURE == 0
    content = _picture(lines) if is_picture else _pdf(lines)
    title = f"{PaperKind(paper.kind).label} {MARK}"[:160]
    document = Document(
        organisation_id=paper.producer_id,
        title=title,
        title_folded=fold(title),
        kind=ContentKind.PAPER,
        type=(FileType.JPEG if is_picture else FileType.PDF).value,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        uploaded_at=paper.submitted_at,
    )
    document.file.save("x", ContentFile(content), save=False)
    return document


def _picture(lines: Sequence[str]) -> bytes:
    page = Image.new("L", _PAGE, 245)
    draw = ImageDraw.Draw(page)
    for at, line in enumerate(lines, start=2):
        draw.text((_LINE, at * _LINE), line, fill=30)
    out = io.BytesIO()
    page.save(out, "JPEG", quality=40)
    return out.getvalue()


def _pdf(lines: Sequence[str]) -> bytes:
    """Return one page of Helvetica, ASCII only."""
    words = " ".join(f"({line}) Tj 0 -{_LINE} Td" for line in lines)
    drawn = f"BT /F1 12 Tf 40 360 Td {words} ET"
    font = "/Resources << /Font << /F1 5 0 R >> >>"
    width, height = _PAGE
    bodies = (
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] /Contents 4 0 R {font} >>",
        f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    text, offsets = "%PDF-1.4\n", []
    for number, body in enumerate(bodies, start=1):
        offsets.append(len(text))
        text += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    end = f"trailer\n<< /Size {len(bodies) + 1} /Root 1 0 R >>\nstartxref\n{len(text)}\n%%EOF\n"
    text += f"xref\n0 {len(bodies) + 1}\n0000000000 65535 f \n{table}{end}"
    return text.encode("ascii", "replace")
