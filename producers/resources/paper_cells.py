"""A paper as cells of a list, and what an import keeps of it: key, mark and former values."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from core.imports.registry import mark_of
from core.kernel.text import fold
from core.sheets.cells import Cell
from producers.enums import Market, PaperKind, Platform, StorefrontStage
from producers.models import Paper
from producers.resources.columns import PAPERS
from producers.services import PaperInput

PACKING: Final = PaperKind.PACKING_FACILITY_CODE
Key = tuple[int, str, str, int | None, dt.date, int | None]
_DAYS: Final = ("valid_from", "valid_to", "test_report_on")
_AMOUNTS: Final = ("area_ha", "score", "daily_capacity_kg")
_SCAN: Final = frozenset({"evidence", "document_id"})
_LABELS: Final = {
    "kind": PaperKind,
    "market": Market,
    "platform": Platform,
    "stage": StorefrontStage,
}


def input_of(paper: Paper) -> PaperInput:
    """Return a stored paper as it would be typed; its scan stays where it is."""
    names = [f.name for f in dataclasses.fields(PaperInput) if f.name not in _SCAN]
    values = {name: getattr(paper, name) for name in names}
    return PaperInput(**values)


def shown(paper: Paper) -> dict[str, Cell]:
    """Return a stored paper in the template's columns."""
    return in_columns(
        input_of(paper),
        product=paper.product.name if paper.product else "",
        crop=paper.crop.name if paper.crop else "",
        commune=str(paper.commune) if paper.commune else "",
    )


def in_columns(values: PaperInput, *, product: str, crop: str, commune: str) -> dict[str, Cell]:
    """Return a paper's values in the template's columns; names stand for what ids mean."""
    cells: dict[str, Cell] = {}
    for name, value in dataclasses.asdict(values).items():
        if name in _LABELS:
            cells[name] = str(_LABELS[name](value).label) if value else ""
        elif isinstance(value, Decimal):
            cells[name] = value.normalize()
        elif isinstance(value, int):
            cells[name] = str(value)
        else:
            cells[name] = "" if value is None else value
    cells |= {"product": product, "crop": crop, "commune": commune}
    return {column.key: cells[column.key] for column in PAPERS}


def key_of(holder: int, values: PaperInput) -> Key:
    """Return what a paper is recognised by; of a packing code each crop is a paper."""
    crop_id = values.crop_id if values.kind == PACKING else None
    return holder, values.kind, fold(values.number), values.product_id, values.valid_from, crop_id


def written_key(key: Key) -> str:
    """Return a key as rows keep it."""
    return " ".join(str(part) for part in key)


def mark_of_paper(paper: Paper) -> str:
    """Return what tells whether a stored paper has moved since."""
    said = {
        name: f"{value.normalize():f}" if isinstance(value, Decimal) else value
        for name, value in dataclasses.asdict(input_of(paper)).items()
    }
    return mark_of(said | {"status": paper.status})


def to_plain(values: PaperInput) -> dict[str, Any]:
    """Return values as JSON keeps them."""
    return {
        name: str(value) if isinstance(value, Decimal | dt.date) else value
        for name, value in dataclasses.asdict(values).items()
    }


def from_plain(plain: Mapping[str, Any]) -> PaperInput:
    """Read what `to_plain` wrote."""
    values = dict(plain)
    for name in _DAYS:
        values[name] = dt.date.fromisoformat(values[name]) if values[name] else None
    for name in _AMOUNTS:
        values[name] = Decimal(values[name]) if values[name] is not None else None
    return PaperInput(**values)
