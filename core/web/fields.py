"""Form fields for what people here type: clean words, quantities, đồng, days."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Any, ClassVar, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils import formats
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.kernel import text
from core.kernel.money import MAX_PRICE_VND
from core.kernel.quantity import MAX_QUANTITY_BASE

# Cleaning megabytes letter by letter only to say "too long" would cost seconds.
_CLEANED_AT_MOST: Final = 20
_MOST_DIGITS: Final = 30
_SPACES: Final = re.compile("[\u0020\u00a0\u2009\u202f]+")
_PLAIN: Final = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)*")
_GROUPED: Final = re.compile(r"[0-9]{1,3}(?:[.,][0-9]{3})+")
_MONEY: Final = re.compile(
    r"(?P<number>[^a-zđ₫]*)(?P<scale>k|nghin|nghìn|ngàn|ngan|tr|triệu|trieu|tỷ|ty|tỉ|ti)?"
    r"(?:₫|đ|đồng|dong|vnđ|vnd)?"
)
_SCALES: Final = {"k": 3, "n": 3, "t": 6}
_BILLIONS: Final = {"tỷ", "ty", "tỉ", "ti"}


class AmbiguousNumberError(ValueError):
    """The text can be read as thousands and as decimals; the person has to say which."""


def parse_number(typed: str, *, language: str) -> Decimal:
    """Return the number a person typed in the manner of `language` ("vi" or "en").

    Vietnamese writes 1.500,5 where English writes 1,500.5. A text of the other manner is
    accepted where it can be read in one way only: 1,500.5 in Vietnamese.

    Raises:
        AmbiguousNumberError: 1,500 in Vietnamese or 1.500 in English: thousands, or decimals?
        ValueError: Not a number written with the digits 0 to 9.
    """
    plain = _SPACES.sub("", typed.strip())
    if not _PLAIN.fullmatch(plain) or len(plain) > _MOST_DIGITS:
        raise ValueError(typed)
    sign = "-" if plain.startswith("-") else ""
    body = plain.lstrip("+-")
    separators = [c for c in body if c in ".,"]
    if len(set(separators)) == 2:  # noqa: PLR2004 -- both the point and the comma
        return Decimal(sign + _two_kinds(body, last=separators[-1]))
    if not separators:
        return Decimal(sign + body)
    return Decimal(sign + _one_kind(body, language=language, count=len(separators)))


def _two_kinds(body: str, *, last: str) -> str:
    whole, _sep, decimals = body.rpartition(last)
    if last in whole or not _GROUPED.fullmatch(whole):
        raise ValueError(body)
    return f"{_digits(whole)}.{decimals}"


def _one_kind(body: str, *, language: str, count: int) -> str:
    separator = "." if "." in body else ","
    thousands = "," if language == "en" else "."
    looks_grouped = bool(_GROUPED.fullmatch(body)) and not body.startswith("0")
    if looks_grouped and (count > 1 or separator == thousands):
        return _digits(body)
    if count > 1:
        raise ValueError(body)
    if looks_grouped and body.endswith("0"):
        raise AmbiguousNumberError(body)
    return body.replace(",", ".")


def _digits(grouped: str) -> str:
    return grouped.replace(".", "").replace(",", "")


def parse_vnd(typed: str, *, language: str) -> Decimal:
    """Return an amount of đồng: 95.000, 95,000, 95k, 1,5 triệu, 2 tỷ, with or without ₫.

    Đồng have no decimals, so a group of three digits always means thousands.

    Raises:
        ValueError: Not an amount.
    """
    bare = _SPACES.sub("", text.clean(typed)).lower()
    found = _MONEY.fullmatch(bare)
    if found is None:
        raise ValueError(typed)
    number, scale = found["number"], found["scale"]
    if not scale:
        grouped = _GROUPED.fullmatch(number) and not number.startswith("0")
        return Decimal(_digits(number)) if grouped else parse_number(number, language=language)
    exponent = 9 if scale in _BILLIONS else _SCALES[scale[0]]
    return parse_number(number, language=language).scaleb(exponent)


class CleanCharField(forms.CharField):
    """One line of text, stored in NFC without invisible characters."""

    def to_python(self, value: object) -> str | None:
        """Return the cleaned text; nothing but invisible characters counts as empty."""
        typed = super().to_python(value)
        if not typed or self._is_hopeless(typed):
            return typed
        return self.cleaned(typed) or self.empty_value

    def cleaned(self, typed: str) -> str:
        """Return `typed` as it will be stored."""
        return text.clean(typed)

    def _is_hopeless(self, typed: str) -> bool:
        return self.max_length is not None and len(typed) > self.max_length * _CLEANED_AT_MOST


class CleanTextField(CleanCharField):
    """Several lines of text; the line breaks stay."""

    widget = forms.Textarea

    def __init__(self, *, rows: int = 4, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(**kwargs)

    def cleaned(self, typed: str) -> str:
        """Return `typed` as it will be stored."""
        return text.clean_lines(typed)


class _NumberField(forms.Field):
    """A number typed as text, so that 1.500 and 1,5 mean what they mean to the reader."""

    input_mode: ClassVar[str] = "decimal"
    default_error_messages = {
        "invalid": _("Write a number with the digits 0 to 9, for example %(example)s."),
        "ambiguous": _("Do you mean %(thousands)s or %(decimals)s? Write it that way."),
        "not_positive": _("Write a number above zero."),
        "too_large": _("This is more than %(most)s. Check the number and its unit."),
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput())
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("inputmode", self.input_mode)
        self.widget.attrs.setdefault("autocomplete", "off")

    def to_python(self, value: object) -> object:
        """Return the number; None for nothing typed."""
        if isinstance(value, int | Decimal):
            return self.whole(Decimal(value))
        typed = str(value).strip() if value is not None else ""
        if not typed:
            return None
        language = (get_language() or "vi")[:2]
        try:
            number = self.parse(typed, language=language)
        except AmbiguousNumberError as error:
            raise ValidationError(
                self.error_messages["ambiguous"], code="ambiguous", params=_readings(typed)
            ) from error
        except (ValueError, ArithmeticError) as error:
            params = {"example": formats.localize(Decimal("1500.5"), use_l10n=True)}
            raise ValidationError(
                self.error_messages["invalid"], code="invalid", params=params
            ) from error
        return self.whole(number)

    def parse(self, typed: str, *, language: str) -> Decimal:
        """Read the typed text."""
        return parse_number(typed, language=language)

    def whole(self, number: Decimal) -> Decimal | int:
        """Check the decimals and return the value as it will be stored."""
        return number

    def check_bounds(self, number: Decimal | int, *, most: Decimal | int) -> None:
        """Refuse what is not above zero or beyond `most`."""
        if number <= 0:
            raise ValidationError(self.error_messages["not_positive"], code="not_positive")
        if number > most:
            shown = formats.localize(most, use_l10n=True)
            raise ValidationError(
                self.error_messages["too_large"], code="too_large", params={"most": shown}
            )

    def prepare_value(self, value: object) -> object:
        """Show a stored number without needless zeros; show what was typed unchanged."""
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            plain = Decimal(value).normalize()
            digits = plain.quantize(Decimal(1)) if plain == plain.to_integral_value() else plain
            return formats.localize(digits, use_l10n=True)
        return value


class QuantityField(_NumberField):
    """A quantity above zero with at most three decimals."""

    default_error_messages = {"decimals": _("At most three decimals, please.")}

    def whole(self, number: Decimal) -> Decimal:
        """Refuse a fourth decimal rather than round what somebody meant."""
        if number != round(number, 3):
            raise ValidationError(self.error_messages["decimals"], code="decimals")
        return number

    def validate(self, value: object) -> None:
        """Check that the quantity can be meant."""
        super().validate(value)
        if isinstance(value, int | Decimal):
            self.check_bounds(value, most=MAX_QUANTITY_BASE)


class MoneyField(_NumberField):
    """Whole đồng above zero; 95.000, 95k and 1,5 triệu are understood."""

    default_error_messages = {
        "decimals": _("Đồng have no decimals. Write whole đồng, for example %(example)s."),
        "too_large": _("This is more than %(most)s ₫. Check the price and its unit."),
    }

    def parse(self, typed: str, *, language: str) -> Decimal:
        """Read the typed amount."""
        return parse_vnd(typed, language=language)

    def whole(self, number: Decimal) -> int:
        """Refuse parts of a đồng."""
        if number != number.to_integral_value():
            params = {"example": formats.localize(95000, use_l10n=True)}
            raise ValidationError(self.error_messages["decimals"], code="decimals", params=params)
        return int(number)

    def validate(self, value: object) -> None:
        """Check that the price can be meant."""
        super().validate(value)
        if isinstance(value, int | Decimal):
            self.check_bounds(value, most=MAX_PRICE_VND)


class DayField(forms.DateField):
    """A calendar day; shown with the device's own picker, typed as d/m/Y or Y-m-d."""

    first: ClassVar[dt.date] = dt.date(1990, 1, 1)
    last: ClassVar[dt.date] = dt.date(2100, 12, 31)
    default_error_messages = {
        "invalid": _("Write the day as day/month/year, for example 21/11/2026."),
        "out_of_range": _("Write a day between 1990 and 2100."),
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
        kwargs.setdefault("input_formats", ["%d/%m/%Y", "%d-%m-%Y", "%Y-%m-%d"])
        super().__init__(**kwargs)

    def validate(self, value: object) -> None:
        """Refuse years nobody means."""
        super().validate(value)
        if isinstance(value, dt.date) and not self.first <= value <= self.last:
            raise ValidationError(self.error_messages["out_of_range"], code="out_of_range")


def _readings(typed: str) -> dict[str, str]:
    """Return both ways to read an ambiguous number, as the reader would write them."""
    bare = _SPACES.sub("", typed.strip()).lstrip("+-")
    decimal = Decimal(bare.replace(",", ".")).normalize()
    return {
        "thousands": str(formats.localize(Decimal(_digits(bare)), use_l10n=True)),
        "decimals": str(formats.localize(decimal, use_l10n=True)),
    }
