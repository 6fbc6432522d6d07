"""What stands in one cell: text, an exact number, a day or yes and no; as it was typed."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from decimal import Decimal, InvalidOperation
from typing import Final

Cell = str | Decimal | dt.date | bool
"""An empty cell is the empty text. A bool is never a number here; a day has no clock time."""
Wire = str | list[str]
"""A cell as JSON carries it; a day that was counted from a number keeps the number beside it."""

_DANGEROUS: Final = "=+\\-@＝＋－＠\t\r\n"
_WOULD_RUN: Final = re.compile(rf"['\s]*[{_DANGEROUS}]")
_EXCEL_DIGITS: Final = 15
_INTEGRAL_DIGITS: Final = 40
_E_NOTATION: Final = re.compile(r"\d([.,]\d+)?[eE]\+\d{1,3}")
_FIRST_DAY: Final = dt.date(1899, 12, 31)
_FIRST_DAY_1904: Final = dt.date(1904, 1, 1)
_NO_SUCH_DAY: Final = 60  # 29 February 1900, which spreadsheets count though it never was
_LAST_DAY: Final = 2_958_465  # 31 December 9999


def harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula; `as_typed` takes the mark off again.

    Spreadsheets run what begins with = + - @, some also after spaces, quotes, TAB or a line
    break, or in the full-width forms of these signs.
    """
    return f"'{text}" if _WOULD_RUN.match(text) else text


def as_typed(text: str) -> str:
    """Return what stood in a cell before `harmless` marked it; any other text as it is."""
    if text.startswith("'") and _WOULD_RUN.match(text[1:]):
        return text[1:]
    return text


def text_of(cell: Cell) -> str:
    """Return a cell as a person would type it: 1500, 0,5, 31/12/2026, in NFC.

    A number keeps every digit; yes and no come as "1" and "0".
    """
    if isinstance(cell, str):
        return unicodedata.normalize("NFC", cell).strip()
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, Decimal):
        return plain_number(cell).replace(".", ",")
    return f"{cell:%d/%m/%Y}"


def code_of(cell: Cell, *, digits: int = 0) -> str:
    """Return a code or number that is a name: a tax code, a GTIN, a phone number.

    Args:
        cell: A number cell loses no digit and gets no decimals.
        digits: A number cell with fewer digits has lost its leading zeros: they are put back.
    """
    if isinstance(cell, Decimal) and cell == cell.to_integral_value():
        return plain_number(cell).zfill(digits)
    return text_of(cell)


def is_cut_short(cell: Cell) -> bool:
    """Tell whether a spreadsheet has written a long number as 8.93E+12 and lost its end."""
    return isinstance(cell, str) and _E_NOTATION.fullmatch(cell.strip()) is not None


def number_from(raw: str) -> Decimal | None:
    """Return the number of a number cell, exact to the 15 digits a spreadsheet has.

    0.1 + 0.2 is stored as 0.30000000000000004 and shown as 0.3: it comes as 0.3.
    """
    if raw.isascii() and raw.isdigit() and len(raw) <= _EXCEL_DIGITS:
        return Decimal(raw)
    try:
        value = Decimal(raw)
    except InvalidOperation:
        return None
    if not value.is_finite() or abs(value.adjusted()) > _INTEGRAL_DIGITS:
        return None
    if len(value.as_tuple().digits) > _EXCEL_DIGITS:
        rounded = Decimal(f"{value:.{_EXCEL_DIGITS - 1}e}")
        value = rounded if value != value.to_integral_value() else value
    return Decimal(plain_number(value))


def plain_number(value: Decimal) -> str:
    """Return digits with a point, without exponent and idle zeros: 15000000000, 0.5."""
    written = f"{value:f}"
    return written.rstrip("0").rstrip(".") if "." in written else written


def counted_day(cell: Cell, *, from_1904: bool = False) -> dt.date | None:
    """Return the day a spreadsheet means by a number; None where it can mean none.

    Args:
        cell: Days since the first one; the clock time behind the point is left out.
        from_1904: Old Macintosh files count from 1 January 1904, all others from 1900.
    """
    if not isinstance(cell, Decimal) or not 1 <= cell < _LAST_DAY + 1:
        return None
    days = int(cell)
    first = _FIRST_DAY_1904 if from_1904 else _FIRST_DAY
    try:
        return first + dt.timedelta(days=days if from_1904 else days - (days >= _NO_SUCH_DAY))
    except OverflowError:
        return None


def day_to_wire(day: dt.date, counted: Cell) -> Wire:
    """Return a day as JSON can carry it, with the number it was counted from."""
    return ["d", day.isoformat(), text_of(counted)]


def counted_from(wire: Wire) -> str:
    """Return the number a day was counted from, "" for every other cell."""
    return wire[2] if isinstance(wire, list) and len(wire) > 2 else ""  # noqa: PLR2004 -- as `day_to_wire`


def to_wire(cell: Cell) -> Wire:
    """Return a cell as JSON can carry it."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return ["b", "1" if cell else "0"]
    if isinstance(cell, Decimal):
        return ["n", plain_number(cell)]
    return ["d", cell.isoformat()]


def from_wire(wire: Wire) -> Cell:
    """Return the cell that `to_wire` made this of."""
    if isinstance(wire, str):
        return wire
    kind, text, *_counted = wire
    if kind == "n":
        return Decimal(text)
    if kind == "d":
        return dt.date.fromisoformat(text)
    return bool(text == "1")
