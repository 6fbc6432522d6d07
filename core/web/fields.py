"""Form fields for what people here type: clean words, numbers, days."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Any, ClassVar, Final, Literal

from django import forms
from django.core.exceptions import ValidationError
from django.utils import formats
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.catalogue.typed import settling, writing
from core.catalogue.typed.outcomes import Quantity, Question, Understood
from core.catalogue.typed.quantities import read_quantity
from core.kernel import text
from core.kernel.quantity import MAX_QUANTITY_BASE
from core.web import typed_words

# Cleaning megabytes letter by letter only to say "too long" would cost seconds.
_CLEANED_AT_MOST: Final = 20
_EXAMPLE: Final = Decimal("1500.5")
_GROUPED: Final = re.compile(r"[1-9][0-9]{0,2}(?:[.,][0-9]{3})+")


class CleanCharField(forms.CharField):
    """One line of text, stored in NFC without invisible characters."""

    default_error_messages = {
        "max_length": _("At most %(limit_value)d characters; this has %(show_value)d. Shorten it."),
    }

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


class QuantityField(forms.Field):
    """A bare number above zero with at most three decimals, typed as its reader writes it."""

    input_mode: ClassVar[str] = "decimal"
    default_error_messages = {
        "invalid": _("Write a number with the digits 0 to 9, for example %(example)s."),
        "decimals": _("At most three decimals, please."),
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
        return self.whole(self.parse(typed, language=(get_language() or "vi")[:2]))

    def parse(self, typed: str, *, language: str) -> Decimal:
        """Read the typed number; what has two readings is asked back."""
        found = settling.exactly(read_quantity(typed, language=language))
        if isinstance(found, Question) and all(one.value.unit is None for one in found.readings):
            texts = [writing.write_quantity(o.value, language=language) for o in found.readings]
            raise ValidationError(typed_words.asked(found, texts=texts), code="ambiguous")
        is_bare = isinstance(found, Understood) and found.value == Quantity(
            amount=found.value.amount
        )
        if not isinstance(found, Understood) or not is_bare:
            params = {"example": writing.write_number(_EXAMPLE, language=language)}
            raise ValidationError(self.error_messages["invalid"], code="invalid", params=params)
        return found.value.amount

    def whole(self, number: Decimal) -> Decimal | int:
        """Refuse a fourth decimal rather than round what somebody meant."""
        if number != round(number, 3):
            raise ValidationError(self.error_messages["decimals"], code="decimals")
        return number

    def validate(self, value: object) -> None:
        """Check that the number can be meant."""
        super().validate(value)
        if isinstance(value, int | Decimal):
            self.check_bounds(value, most=MAX_QUANTITY_BASE)

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
            return writing.write_number(Decimal(value), language=(get_language() or "vi")[:2])
        return value


class CountField(QuantityField):
    """A whole number from `least`, 0 or 1, to `most`, typed with the digits 0 to 9."""

    input_mode: ClassVar[str] = "numeric"
    default_error_messages = {
        "decimals": _("Write a whole number."),
        "too_large": _("At most %(most)s."),
    }

    def __init__(self, *, most: int, least: Literal[0, 1] = 1, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.most, self.least = most, least

    def parse(self, typed: str, *, language: str) -> Decimal:
        """Read the typed number; as it has no decimals, groups of three are thousands."""
        if _GROUPED.fullmatch(typed):
            return Decimal(re.sub(r"[.,]", "", typed))
        return super().parse(typed, language=language)

    def whole(self, number: Decimal) -> Any:
        """Refuse parts of one."""
        if number != number.to_integral_value():
            raise ValidationError(self.error_messages["decimals"], code="decimals")
        return int(number)

    def validate(self, value: Any) -> None:
        """Check that the number can be meant."""
        forms.Field.validate(self, value)
        if value is not None and not value == self.least == 0:
            self.check_bounds(value, most=self.most)


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
