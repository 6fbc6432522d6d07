"""A list the demo's cooperative handed in, and one of a register that its officer works on."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from django.apps import apps
from django.core.files.base import ContentFile

from core.accounts import demo as people
from core.accounts.demo import MARK, at_hour
from core.imports.enums import ImportState, RowOutcome, RowState
from core.imports.models import Import, ImportRow
from core.kernel.text import fold
from producers.enums import (
    EvidenceGrade,
    PaperKind,
    PaperStatus,
    RegistryOutlook,
    RegistrySource,
    RegistrySubject,
)
from producers.models import Paper, Product, Registry, RegistryEntry, RegistryList
from producers.services import confirm_certain
from producers.services.registry_carrying import carry_decisions
from producers.services.registry_comparing import compare_entries, index_of
from producers.services.registry_rows import RowCells, read_rows, stored_values

_LISTED: Final = 60
_EVERY_OTHER_NAME: Final = 5
_EVERY_WITHOUT_CODE: Final = 4
_DAYS_AGO: Final = 20
_LATER_DAYS_AGO: Final = 4
_GAINED: Final = 3
"""So many of the first rows stand in the later list alone."""
_LOST: Final = frozenset({11, 17, 23, 31})
_PROMOTED: Final = 38
_MOST_STARS: Final = 5
_UNKNOWN: Final = (
    ("Bánh chưng Bờ Đậu", "Tổ hợp tác Bờ Đậu"),
    ("Trà ô long Cầu Đất", "Nông hội Xuân Trường"),
    ("Kẹo dừa Bến Tre", "Cơ sở Thanh Bình"),
    ("Hạt điều rang Bù Đăng", "Tổ hợp tác Bom Bo"),
)
"""Goods and holders that nobody in the demo comes near: they are not on the portal."""


def create(*, email: str, province_id: int, officer_id: int | None, today: dt.date) -> None:
    """Create the list of the cooperative with this address, and the register of a province."""
    _import_of(people.organisation_id_of(email), today=today)
    _register(province_id, officer_id=officer_id, today=today)


def remove() -> None:
    """Remove the registers of the demo with their lists, and the files of its imports."""
    lists = RegistryList.objects.filter(registry__name__endswith=MARK)
    for name in ("RegistryDecisionRevision", "RegistryListRevision"):
        revisions: Any = apps.get_model("producers", name).objects
        key = "entry__list__in" if name.startswith("RegistryDecision") else "pgh_obj__in"
        revisions.filter(**{key: lists}).delete()
    lists.delete()
    Registry.objects.filter(name__endswith=MARK).delete()
    for found in Import.objects.filter(organisation__in=people.demo_organisation_ids()):
        found.file.storage.delete(str(found.file.name))
        found.delete()


def _import_of(organisation_id: int, *, today: dt.date) -> None:
    products = list(Product.objects.filter(producer=organisation_id).order_by("pk"))
    content = "\n".join(["Tên sản phẩm", *(one.name for one in products)]).encode("utf-8-sig")
    owner_id = people.owners_of([organisation_id]).get(organisation_id)
    found = Import.objects.create(
        kind="products",
        organisation_id=organisation_id,
        created_by_id=owner_id,
        created_at=at_hour(today - dt.timedelta(days=_DAYS_AGO), 9),
        finished_at=at_hour(today - dt.timedelta(days=_DAYS_AGO), 9),
        file=ContentFile(content, name="demo.bin"),
        file_name=f"san-pham {MARK}.csv",
        file_sha256=hashlib.sha256(content).hexdigest(),
        as_of=today - dt.timedelta(days=_DAYS_AGO),
        state=ImportState.APPLIED,
        row_count=len(products) + 1,
        done_count=len(products) + 1,
        unchanged_count=len(products),
        refused_count=1,
    )
    rows = [
        ImportRow(
            of=found, number=at, cells={"name": one.name}, label=one.name, ref=one.pk,
            state=RowState.PLANNED, outcome=RowOutcome.UNCHANGED,
        )
        for at, one in enumerate(products, start=2)
    ]  # fmt: skip
    refused = ImportRow(
        of=found, number=len(products) + 2, cells={"name": ""}, state=RowState.PLANNED,
        outcome=RowOutcome.REFUSED, reasons=["Dòng này chưa có tên sản phẩm."],
    )  # fmt: skip
    ImportRow.objects.bulk_create([*rows, refused])


def _register(province_id: int, *, officer_id: int | None, today: dt.date) -> None:
    """List what has stars, partly in other words; the officer linked half, then a later list came.

    Of the first list the later one has lost some rows, says more stars of one, and gained some.
    """
    registry = Registry.objects.create(
        province_id=province_id, source=RegistrySource.POSTMART, subject=RegistrySubject.PRODUCTS,
        name=f"Postmart {MARK}",
    )  # fmt: skip
    rows = _rows(province_id)
    first = _list(registry, rows[_GAINED:], day=today - dt.timedelta(days=_DAYS_AGO), by=officer_id)
    compare_entries(list(first.entries.all()), found=first, index=index_of(province_id))
    certain = first.entries.filter(outlook=RegistryOutlook.CERTAIN).order_by("pk")
    ids = list(certain.values_list("pk", flat=True))
    if officer_id is not None:
        confirm_certain(entry_ids=ids[: len(ids) // 2], officer_id=officer_id)
    said = [_with_more_stars(row) if at == _PROMOTED else row for at, row in enumerate(rows)]
    later = _list(
        registry, [row for at, row in enumerate(said) if at not in _LOST],
        day=today - dt.timedelta(days=_LATER_DAYS_AGO), by=officer_id,
    )  # fmt: skip
    carry_decisions(later)
    undecided = list(later.entries.filter(decisions=None))
    compare_entries(undecided, found=later, index=index_of(province_id))


def _list(
    registry: Registry, rows: Sequence[RowCells], *, day: dt.date, by: int | None
) -> RegistryList:
    found = RegistryList.objects.create(
        registry=registry, as_of=day, file_name=f"postmart-{day:%Y-%m-%d}.xlsx", imported_by_id=by,
        imported_at=at_hour(day, 15),
    )  # fmt: skip
    province_id = registry.province_id
    read = read_rows(rows, subject=registry.subject, province_id=province_id, as_of=day)
    RegistryEntry.objects.bulk_create(
        RegistryEntry(list=found, **stored_values(one))
        for one in {one.key: one for one in read if one is not None}.values()
    )
    return found


def _with_more_stars(row: RowCells) -> RowCells:
    cells = {**row.cells, "stars": str(min(_MOST_STARS, int(row.cells["stars"]) + 1))}
    return replace(row, cells=cells, raw=cells)


def _rows(province_id: int) -> list[RowCells]:
    awards = Paper.objects.filter(
        producer__organisation__is_demo=True, producer__organisation__province=province_id,
        kind=PaperKind.OCOP_AWARD, status=PaperStatus.VERIFIED, grade=EvidenceGrade.DOCUMENT,
    ).select_related("product", "producer__organisation")  # fmt: skip
    cells = [_cells(paper, at) for at, paper in enumerate(awards.order_by("pk")[:_LISTED])]
    cells += [{"name": name, "holder": f"{holder} {MARK}"} for name, holder in _UNKNOWN]
    return [RowCells(number=at, cells=one, raw=one) for at, one in enumerate(cells, start=2)]


def _cells(paper: Paper, at: int) -> dict[str, str]:
    organisation, name = paper.producer.organisation, paper.product.name if paper.product else ""
    if at % _EVERY_OTHER_NAME == 0:
        name = f"{fold(name)} loại 1"
    return {
        "name": name,
        "holder": organisation.name,
        "tax_code": "" if at % _EVERY_WITHOUT_CODE == 0 else organisation.tax_code,
        "decision_number": paper.number,
        "decided_on": f"{paper.valid_from:%d/%m/%Y}",
        "stars": str(paper.stars or ""),
    }
