"""Values written so that a person and the readers of this package understand the same."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from core.catalogue.typed.numbers import tidy
from core.catalogue.typed.outcomes import Days, Money, Quantity
from core.catalogue.typed.units import PERCENT, TypedUnit, vocabulary
from core.kernel.quantity import Dimension

_BASE_UNITS: Final = {
    Dimension.MASS: "kg",
    Dimension.VOLUME: "lit",
    Dimension.AREA: "m2",
    Dimension.LENGTH: "m",
}
_LIKE_A_GROUP: Final = 3


def write_number(value: Decimal, *, language: str) -> str:
    """Return a number in the manner of a language: 1.049,32 or 1,049.32."""
    english = f"{tidy(value):,f}"
    return english if language == "en" else english.translate(str.maketrans(",.", ".,"))


def write_quantity(value: Quantity, *, language: str) -> str:
    """Return a quantity that is read back as itself: 200 thùng x 10 kg."""
    written = _measured(value.amount, value.unit, language)
    if value.content is None:
        return written
    return f"{written} x {_measured(value.content.amount, value.content.unit, language)}"


def write_money(value: Money, *, language: str) -> str:
    """Return an amount or a price that is read back as itself: 95.000 ₫/kg."""
    amount = f"{write_number(Decimal(value.vnd), language=language)} ₫"
    if value.per is None:
        return amount
    if value.per_amount == 1:
        return f"{amount}/{_unit(value.per).label(language)}"
    return f"{amount}/{_measured(value.per_amount, value.per, language)}"


def write_days(value: Days) -> str:
    """Return one day or both ends of a span: 21/11/2026 – 30/11/2026."""
    if value.is_one_day:
        return f"{value.first:%d/%m/%Y}"
    return f"{value.first:%d/%m/%Y} – {value.last:%d/%m/%Y}"


def label(code: str, *, language: str) -> str:
    """Return the name of a unit as texts of a language write it."""
    return code if code == PERCENT else _unit(code).label(language)


def base_of(value: Quantity) -> tuple[Decimal, str | None] | None:
    """Return a quantity in base units and the code of that unit, None for pieces.

    The whole is None where a pack's content is not known.
    """
    amount, code = value.amount, value.unit
    if value.content is not None:
        amount, code = amount * value.content.amount, value.content.unit
    if code is None or code == PERCENT:
        return None
    unit = _unit(code)
    if unit.to_base is None:
        return None
    return tidy(amount * unit.to_base), _BASE_UNITS.get(unit.dimension)


def write_base(value: Quantity, *, language: str) -> str:
    """Return what a quantity comes to where that says more than the quantity: 1.500 kg."""
    base = base_of(value)
    if base is None or (value.unit == base[1] and value.content is None):
        return ""
    amount, code = base
    if code is None and value.content is None and amount == value.amount:
        return ""
    return _measured(amount, code, language)


def _measured(amount: Decimal, code: str | None, language: str) -> str:
    number = write_number(amount, language=language)
    if code is None:
        return number
    if code == PERCENT:
        return f"{number}%"
    label = _unit(code).label(language)
    if language == "en" and not label.isascii() and _may_be_group(number):
        number += "0"  # 1.125 tạ may be 1125 to a Vietnamese reader
    return f"{number} {label}"


def _may_be_group(number: str) -> bool:
    return "," not in number and len(number.partition(".")[2]) == _LIKE_A_GROUP


def _unit(code: str) -> TypedUnit:
    return vocabulary().by_code[code]
