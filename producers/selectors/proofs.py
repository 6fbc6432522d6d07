"""What a producer can show for itself and its products: papers, as answers of a dossier."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Final

from django.db.models import Q, QuerySet
from django.urls import reverse

from core.kernel import clock
from core.vault.enums import PacketCode
from core.vault.packing import Answer, Packet, asked_by_file, lines_of
from core.vault.registry import Place, Use
from core.vault.selectors import archived_ids, documents_of
from producers.enums import PaperKind, PaperStatus
from producers.models import Paper, Product
from producers.selectors.papers import papers_of

_OCOP_FILE: Final = Path(__file__).resolve().parents[1] / "data" / "ocop_dossier.csv"
_COUNTS: Final = (PaperStatus.VERIFIED, PaperStatus.SUBMITTED)


def proofs_of(
    producer_id: int, *, products: Collection[Product] = ()
) -> dict[str, Sequence[Answer]]:
    """Return what answers a dossier's lines, by kind, by `kind:market`, and by `stars_3` to 5.

    Papers of one lot are left out. A paper counts while it is valid and verified, or waits for an
    officer; every other one is there with its state, so that nobody wonders where it is.

    Args:
        producer_id: Whose papers.
        products: Of these products and of the whole producer; empty for the producer's alone.
    """
    wanted = Q(product__isnull=True) | Q(product__in=[one.pk for one in products])
    papers = list(papers_of(producer_id).filter(wanted, lot=""))
    archived = archived_ids([one.document_id for one in papers if one.document_id is not None])
    found: dict[str, list[Answer]] = defaultdict(list)
    for paper in papers:
        if not _covers_any(paper, products):
            continue
        answer = _answer(paper, is_archived=paper.document_id in archived)
        for key in _keys(paper):
            found[key].append(answer)
    return dict(found)


def ocop_packet(product: Product) -> Packet:
    """Return the OCOP dossier of one product.

    Source:
        producers/data/ocop_dossier.csv, each line with its own source and confidence.
    """
    holder = product.producer.organisation
    asked = [line for _row, line in asked_by_file(_OCOP_FILE)]
    return Packet(
        code=PacketCode.OCOP,
        subject_id=product.pk,
        title=f"{PacketCode.OCOP.label} – {product.name}",
        holder_id=holder.pk,
        holder_name=holder.name,
        as_of=clock.today(),
        lines=lines_of(
            asked,
            proofs=proofs_of(holder.pk, products=[product]),
            documents=documents_of(holder.pk),
        ),
    )


def ocop_subjects(organisation_id: int | None) -> QuerySet[Product]:
    """Return what a producer can make an OCOP dossier of: its products."""
    products = Product.objects.filter(producer=organisation_id or 0, is_archived=False)
    found = products.select_related("producer__organisation", "category")
    return found.order_by("name_folded", "pk")


def ocop_place(product: Product) -> Place:
    """Return where the OCOP dossier of a product is."""
    url = reverse("producers:product_dossier", args=[product.pk])
    return Place(subject_id=product.pk, title=product.name, url=url)


def papers_resting_on(document_ids: Collection[int]) -> list[Use]:
    """Return the papers that rest on documents."""
    papers = Paper.objects.filter(document__in=document_ids).select_related("product")
    return [
        Use(document_id=paper.document_id, label=_label(paper))
        for paper in papers.order_by("pk")
        if paper.document_id is not None
    ]


def _keys(paper: Paper) -> list[str]:
    keys = [paper.kind]
    if paper.market:
        keys.append(f"{paper.kind}:{paper.market}")
    if paper.stars:
        keys += [f"stars_{n}" for n in (3, 4, 5) if n <= paper.stars]
    return keys


def _covers_any(paper: Paper, products: Collection[Product]) -> bool:
    if paper.crop is None or not products:
        return True
    span = range(paper.crop.order_lo, paper.crop.order_hi + 1)
    return any(one.category.order_lo in span for one in products)


def _answer(paper: Paper, *, is_archived: bool) -> Answer:
    today = clock.today()
    is_valid = paper.valid_from <= today and (paper.valid_to is None or today <= paper.valid_to)
    return Answer(
        title=_label(paper),
        document=paper.document,
        is_good=is_valid and paper.status in _COUNTS,
        number=paper.number,
        valid_from=paper.valid_from,
        valid_to=paper.valid_to,
        state=str(PaperStatus(paper.status).label),
        url=reverse("producers:paper_edit", args=[paper.pk]),
        is_archived=is_archived,
    )


def _label(paper: Paper) -> str:
    words = [str(PaperKind(paper.kind).label), paper.number]
    words += [f"{paper.stars}★"] if paper.stars else []
    words += [paper.product.name] if paper.product else []
    return " · ".join(words)
