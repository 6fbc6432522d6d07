"""Reading a row of a register: cells as they came → values that can be compared."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from core.accounts import taxcode
from core.kernel.text import clean, fold
from core.places import selectors as places
from core.places.resolver import Resolution
from producers.enums import RegistrySubject, StorefrontStage
from producers.models import RegistryEntry
from producers.reconciling import entry_key
from producers.services.products import checked_gtin

FIELDS: Final = (
    "code",
    "name",
    "holder",
    "tax_code",
    "gtin",
    "decision_number",
    "decided_on",
    "issuer",
    "stars",
    "stage",
    "trace_code",
    "url",
    "address",
    "commune",
    "district",
    "province",
)
"""What a register may say of a row; every other column is kept as it came."""
KEY_FIELDS: Final = (
    "name_folded",
    "holder_folded",
    "tax_code",
    "gtin",
    "decision_number",
    "stars",
)
"""A change of one of these asks a person again; a new address or stage does not."""
MOST_CELLS: Final = 60
_LONGEST_CELL: Final = 300
_MOST_STARS: Final = 5
_DIGIT: Final = re.compile(r"(?<!\d)([1-5])(?!\d)")
_DAYS: Final = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d", "%d/%m/%y")
_PLACE: Final = ("commune", "district", "province")
_EARLIEST: Final = dt.date(2008, 1, 1)
_STAGES: Final = (
    (StorefrontStage.ACCOUNT, "chua kich hoat|chua hoat dong|not activated"),
    (StorefrontStage.ACTIVATED, "ngung|dung|tam khoa|khong hoat dong|suspended"),
    (StorefrontStage.OPERATING, "dang hoat dong|hoat dong|dang ban|operating|active|online"),
    (StorefrontStage.ACTIVATED, "kich hoat|activated|da duyet"),
    (StorefrontStage.ACCOUNT, "tai khoan|dang ky|moi tao|account|cho duyet"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RowCells:
    """One row of a file: known columns by field name, and every cell under its own header."""

    number: int
    cells: Mapping[str, str]
    raw: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class EntryValues:
    """What a row says, as an entry stores it."""

    row_number: int
    raw: dict[str, str]
    code: str
    name: str
    holder: str
    tax_code: str
    gtin: str
    decision_number: str
    decided_on: dt.date | None
    issuer: str
    stars: int | None
    stage: str
    trace_code: str
    url: str
    address: str
    commune_id: int | None
    flaws: list[str]

    @property
    def name_folded(self) -> str:
        """The name as it is compared."""
        return (fold(self.name) or self.name)[:200]

    @property
    def holder_folded(self) -> str:
        """The holder's name as it is compared."""
        return fold(self.holder)[:200]

    @property
    def key(self) -> str:
        """What the row is known by in every list of its register."""
        return entry_key(
            code=self.code, name=self.name_folded, holder=self.holder_folded, gtin=self.gtin
        )


def read_rows(
    rows: Sequence[RowCells], *, subject: str, province_id: int, as_of: dt.date
) -> list[EntryValues | None]:
    """Return what rows say, in their order; None for a row that names nothing.

    Args:
        rows: The rows of a file.
        subject: What a row stands for; a shop without a name is called after its holder.
        province_id: Where an address lies that names no province.
        as_of: The day of the list; addresses are read on today's map all the same.
    """
    home = places.provinces().filter(pk=province_id).values_list("name", flat=True).first() or ""
    found = [_read(row, subject=subject, as_of=as_of) for row in rows]
    _resolve(found, rows, home=home, province_id=province_id)
    return found


def stored_values(values: EntryValues) -> dict[str, object]:
    """Return the columns an entry is stored with."""
    plain = {name: getattr(values, name) for name in EntryValues.__slots__}
    return plain | {
        "name_folded": values.name_folded,
        "holder_folded": values.holder_folded,
        "key": values.key,
    }


def changed_key_fields(entry: RegistryEntry, other: RegistryEntry | EntryValues) -> list[str]:
    """Return the fields whose change asks a person again."""
    return [name for name in KEY_FIELDS if getattr(entry, name) != getattr(other, name)]


def _read(row: RowCells, *, subject: str, as_of: dt.date) -> EntryValues | None:
    flaws: list[str] = []
    said = {name: clean(str(row.cells.get(name, "")))[:_LONGEST_CELL] for name in FIELDS}
    holder = said["holder"][:200]
    name = said["name"][:200] or (holder if subject == RegistrySubject.SHOPS else "")
    if not fold(name):
        return None
    return EntryValues(
        row_number=row.number,
        raw=_raw(row),
        code=said["code"][:80],
        name=name,
        holder=holder or (name if subject == RegistrySubject.SHOPS else ""),
        tax_code=_tax_code(said["tax_code"], flaws),
        gtin=_gtin(said["gtin"], flaws),
        decision_number=said["decision_number"][:80],
        decided_on=_day(said["decided_on"], flaws, latest=as_of),
        issuer=said["issuer"][:160],
        stars=_stars(said["stars"], flaws),
        stage=_stage(said["stage"], flaws),
        trace_code=said["trace_code"][:80],
        url=said["url"] if said["url"].startswith(("http://", "https://")) else "",
        address=said["address"],
        commune_id=None,
        flaws=flaws,
    )


def _raw(row: RowCells) -> dict[str, str]:
    cells = list((row.raw or row.cells).items())[:MOST_CELLS]
    return {clean(str(k))[:80]: clean(str(v))[:_LONGEST_CELL] for k, v in cells if str(v).strip()}


def _tax_code(typed: str, flaws: list[str]) -> str:
    if not typed:
        return ""
    try:
        return taxcode.parse(typed).value
    except taxcode.TaxCodeError:
        flaws.append("tax_code")
        return ""


def _gtin(typed: str, flaws: list[str]) -> str:
    if not typed:
        return ""
    found = checked_gtin(typed)
    if not found:
        flaws.append("gtin")
    return found or ""


def _stars(typed: str, flaws: list[str]) -> int | None:
    if not typed:
        return None
    drawn = typed.count("★") or typed.count("⭐")
    found = _DIGIT.search(typed)
    stars = int(found[1]) if found else drawn
    if 1 <= stars <= _MOST_STARS:
        return stars
    flaws.append("stars")
    return None


def _stage(typed: str, flaws: list[str]) -> str:
    folded = fold(typed)
    if not folded:
        return ""
    for stage, words in _STAGES:
        if re.search(rf"\b(?:{words})\b", folded):
            return stage.value
    flaws.append("stage")
    return ""


def _day(typed: str, flaws: list[str], *, latest: dt.date) -> dt.date | None:
    if not typed:
        return None
    for form in _DAYS:
        try:
            found = dt.datetime.strptime(typed[:10], form).replace(tzinfo=dt.UTC).date()
        except ValueError:
            continue
        if _EARLIEST <= found <= latest:
            return found
    flaws.append("decided_on")
    return None


def _resolve(
    found: Sequence[EntryValues | None], rows: Sequence[RowCells], *, home: str, province_id: int
) -> None:
    """Put the communes on the values; a place that is not certain stays open."""
    placed = [
        (values, _resolution(values, row, home=home))
        for values, row in zip(found, rows, strict=True)
        if values is not None and _has_place(row)
    ]
    addresses = places.addresses_of([resolution for _values, resolution in placed])
    for (values, _), address in zip(placed, addresses, strict=True):
        if address.province and address.province.unit_id != province_id:
            values.flaws.append("elsewhere")
        elif address.commune is not None:
            values.commune_id = address.commune.unit_id
        else:
            values.flaws.append("address")


def _has_place(row: RowCells) -> bool:
    return any(str(row.cells.get(name, "")).strip() for name in ("address", "commune", "district"))


def _resolution(values: EntryValues, row: RowCells, *, home: str) -> Resolution:
    """Read a place: from its own columns where there is a commune, else from all of it as text."""
    parts = {name: clean(str(row.cells.get(name, "")))[:_LONGEST_CELL] for name in _PLACE}
    province = parts["province"] or ("" if fold(home) in fold(values.address) else home)
    if parts["commune"]:
        return places.resolve_address(
            ward=parts["commune"], district=parts["district"], province=province or home
        )
    written = [part for part in (values.address, parts["district"], province) if part]
    return places.resolve_address(", ".join(written))
