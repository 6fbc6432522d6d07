"""What the services are given: plain, typed values, whatever door they came through."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from core.vault.content import CheckedFile


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileInput:
    """What a producer says of itself; None means "not said" for the three yes-or-no answers."""

    summary: str = ""
    story: str = ""
    website: str = ""
    can_issue_invoice: bool | None = None
    has_cold_storage: bool | None = None
    has_own_transport: bool | None = None
    households: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductInput:
    """One product as typed."""

    name: str
    category_id: int
    storage: str
    description: str = ""
    gtin: str = ""
    shelf_life_days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperInput:
    """One paper as typed: with one of the holder's documents, or a checked file that becomes one.

    Neither leaves what is there.
    """

    kind: str
    number: str
    issuer: str
    valid_from: dt.date
    valid_to: dt.date | None = None
    product_id: int | None = None
    stars: int | None = None
    market: str = ""
    area_ha: Decimal | None = None
    crop_id: int | None = None
    lot: str = ""
    score: Decimal | None = None
    test_report_on: dt.date | None = None
    test_lab: str = ""
    households: int | None = None
    commune_id: int | None = None
    daily_capacity_kg: Decimal | None = None
    platform: str = ""
    stage: str = ""
    evidence: CheckedFile | None = None
    document_id: int | None = None
    evidence_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferInput:
    """One supply offer as typed: quantities in `unit`, the price for one `unit`."""

    product_id: int
    quantity: Decimal
    unit_id: int
    available_from: dt.date
    available_to: dt.date
    pack_size: Decimal | None = None
    pack_unit_id: int | None = None
    weekly_capacity: Decimal | None = None
    minimum_lot: Decimal | None = None
    price_vnd: int | None = None
    storage: str = ""
    origin_province_id: int | None = None
    origin_commune_id: int | None = None
    note: str = ""
