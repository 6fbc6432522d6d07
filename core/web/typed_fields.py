"""Form fields that read what people type, and ask back where it has several meanings."""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from decimal import Decimal
from typing import Any, ClassVar, Final

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.urls import reverse_lazy
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.catalogue.typed import settling, writing
from core.catalogue.typed.dates import read_days
from core.catalogue.typed.money import read_money
from core.catalogue.typed.outcomes import (
    Days,
    Money,
    No,
    Outcome,
    Quantity,
    Question,
    Refusal,
    Understood,
)
from core.catalogue.typed.quantities import read_quantity
from core.kernel import clock
from core.kernel.money import MAX_PRICE_VND
from core.kernel.quantity import MAX_QUANTITY_BASE
from core.web import typed_words
from core.web.typed_input import Option, Shown, TypedInput

_DECIMALS: Final = 3


class AmbiguousError(ValidationError):
    """A text has several readings; the person has to say which."""

    def __init__(self, message: str, *, question: Question[Any]) -> None:
        super().__init__(message, code="ambiguous")
        self.question = question


class TypedField(forms.Field, ABC):
    """Reads text into one exact value; more than one reading is asked back."""

    kind: ClassVar[str] = "quantity"
    widget = TypedInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("autocomplete", "off")
        self.understand_as(self.kind)

    def understand_as(self, kind: str) -> None:
        """Let the page say what is understood while it is typed."""
        address = format_lazy("{}?as={}", reverse_lazy("web:understood"), kind)
        self.widget.attrs |= {
            "hx-get": address,
            "hx-trigger": "input changed delay:400ms",
            "hx-target": "next .nc-typed",
            "hx-include": "this",
        }

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> BoundField:
        """Let the widget show what this field understands."""
        widget: Any = self.widget
        widget.show = self.shown
        return super().get_bound_field(form, field_name)

    @abstractmethod
    def read(self, typed: str) -> Outcome[Any]:
        """Read a text into one exact value or a question."""

    @abstractmethod
    def write(self, value: Any) -> str:
        """Write a value so that it is read back as itself."""

    def means(self, value: Any) -> str:
        """Say what a value comes to, where that says more than the value."""
        return ""

    def plain(self, value: Any) -> Any:
        """Return what the form hands on."""
        return value

    def check(self, value: Any) -> None:
        """Refuse what cannot be meant."""

    def to_python(self, value: object) -> Any:
        """Return the value; None for nothing typed."""
        if value is None or not str(value).strip():
            return None
        outcome = self._chosen(value) if isinstance(value, str) else self.from_plain(value)
        if isinstance(outcome, Refusal):
            sentence = typed_words.refused(outcome, kind=self.kind)
            raise ValidationError(sentence, code=str(outcome.why))
        if isinstance(outcome, Question):
            raise AmbiguousError(self.ask(outcome), question=outcome)
        self.check(outcome.value)
        return self.plain(outcome.value)

    def ask(self, question: Question[Any]) -> str:
        """Ask which reading is meant."""
        texts = [self.write(reading.value) for reading in question.readings]
        return typed_words.asked(question, texts=texts)

    def from_plain(self, value: object) -> Outcome[Any]:
        """Return a value that is no text as understood."""
        raise ValidationError(typed_words.refused(_NOTHING, kind=self.kind), code="invalid")

    def _chosen(self, value: str) -> Outcome[Any]:
        """Return the reading a person chose, if it is one of those the text has."""
        outcome = self.read(value)
        if isinstance(outcome, Question):
            wanted = getattr(value, "reading", "")
            options = {self.write(one.value): one for one in outcome.readings}
            return options.get(wanted, outcome)
        return outcome

    def shown(self, value: object) -> Shown:
        """Return what stands below the text on a page."""
        if not isinstance(value, str) or not value.strip():
            return Shown()
        outcome = self.read(value)
        if isinstance(outcome, Refusal):
            return Shown()
        if isinstance(outcome, Question):
            readings = [reading.value for reading in outcome.readings]
            return Shown(options=tuple(Option(self.write(v), self.means(v)) for v in readings))
        return Shown(understood=self.understood(value, outcome.value))

    def understood(self, typed: str, value: Any) -> str:
        """Say what was understood where it is not what stands there already."""
        if means := self.means(value):
            return means
        written = self.write(value)
        return "" if written == typed.strip() else written


_NOTHING: Final = Refusal(why=No.NO_NUMBER)


def language() -> str:
    """Return in which manner numbers are read: "vi" or "en"."""
    return "en" if (get_language() or "").startswith("en") else "vi"


class TypedQuantityField(TypedField):
    """A quantity above zero with at most three decimals: 1,5 tấn, 3 tạ rưỡi, 200 thùng x 10 kg.

    With `unit` it hands on a Decimal in that unit and refuses others; without, a Quantity, which
    the form settles with its unit.
    """

    default_error_messages = {
        "not_positive": _("Write a number above zero."),
        "too_large": _("This is more than %(most)s. Check the number and its unit."),
        "decimals": _("At most three decimals, please."),
        "other_unit": _("Write this in %(unit)s."),
    }

    def __init__(self, *, unit: str | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.unit = unit
        self.understand_as(f"{self.kind}-{unit}" if unit else self.kind)

    def read(self, typed: str) -> Outcome[Quantity]:
        """Read a quantity."""
        return settling.exactly(read_quantity(typed, language=language()))

    def write(self, value: Quantity) -> str:
        """Write a quantity."""
        return writing.write_quantity(value, language=language())

    def means(self, value: Quantity) -> str:
        """Say what a quantity is in the unit of the field, or in base units."""
        if self.unit is None:
            return writing.write_base(value, language=language())
        if value.unit in (None, self.unit):
            return ""
        amount = settling.in_unit(value, unit=self.unit)
        return "" if amount is None else self.write(Quantity(amount=amount, unit=self.unit))

    def from_plain(self, value: object) -> Outcome[Quantity]:
        """Return a number as a quantity without unit."""
        if isinstance(value, int | Decimal):
            return Understood(value=Quantity(amount=Decimal(value)))
        return super().from_plain(value)

    def check(self, value: Quantity) -> None:
        """Refuse zero, a fourth decimal and the impossibly many."""
        amounts = (value.amount, value.content.amount if value.content else value.amount)
        if min(amounts) <= 0:
            raise ValidationError(self.error_messages["not_positive"], code="not_positive")
        base = writing.base_of(value)
        if max(*amounts, base[0] if base else Decimal(0)) > MAX_QUANTITY_BASE:
            most = writing.write_number(MAX_QUANTITY_BASE, language=language())
            raise ValidationError(
                self.error_messages["too_large"], code="too_large", params={"most": most}
            )
        if any(amount != round(amount, _DECIMALS) for amount in amounts):
            raise ValidationError(self.error_messages["decimals"], code="decimals")

    def plain(self, value: Quantity) -> Quantity | Decimal:
        """Return the quantity, or the number of the field's own unit."""
        if self.unit is None:
            return value
        amount = settling.in_unit(value, unit=self.unit)
        if amount is None:
            raise ValidationError(
                self.error_messages["other_unit"], code="unit", params={"unit": self.unit}
            )
        return amount

    def prepare_value(self, value: object) -> object:
        """Show a stored number in the reader's manner; what was typed stays as typed."""
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            return writing.write_number(Decimal(value), language=language())
        return value


class TypedMoneyField(TypedField):
    """Whole đồng above zero, perhaps for a unit: 95.000, 95k/kg, 1tr2. Hands on Money."""

    kind = "money"
    default_error_messages = {
        "not_positive": _("Write a number above zero."),
        "too_large": _("This is more than %(most)s ₫. Check the price and its unit."),
    }

    def read(self, typed: str) -> Outcome[Money]:
        """Read an amount."""
        return settling.exactly(read_money(typed, language=language()))

    def write(self, value: Money) -> str:
        """Write an amount."""
        return writing.write_money(value, language=language())

    def from_plain(self, value: object) -> Outcome[Money]:
        """Return a whole number as đồng."""
        if isinstance(value, int):
            return Understood(value=Money(vnd=value))
        return super().from_plain(value)

    def check(self, value: Money) -> None:
        """Refuse zero and what nothing costs."""
        if value.vnd <= 0:
            raise ValidationError(self.error_messages["not_positive"], code="not_positive")
        if value.vnd > MAX_PRICE_VND:
            most = writing.write_number(Decimal(MAX_PRICE_VND), language=language())
            raise ValidationError(
                self.error_messages["too_large"], code="too_large", params={"most": most}
            )

    def understood(self, typed: str, value: Money) -> str:
        """Say what was understood, unless the figure stands there already."""
        written = self.write(value)
        bare = written.removesuffix(" ₫")
        return "" if typed.strip() in {bare, written, str(value.vnd)} else written

    def prepare_value(self, value: object) -> object:
        """Show a stored amount in the reader's manner; what was typed stays as typed."""
        if isinstance(value, int) and not isinstance(value, bool):
            return writing.write_number(Decimal(value), language=language())
        return value


class TypedDateField(TypedField):
    """A day, solar or lunar: 21/11/2026, cuối tháng 11, 23 tháng Chạp, 2 tuần trước Tết.

    Args:
        end: Which day of a span is meant: "first" where something begins, "last" where it ends;
            without it a span is asked back.
    """

    kind = "day"

    def __init__(self, *, end: settling.End | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.end = end
        self.widget.attrs.setdefault("data-day", _("Choose in the calendar"))
        self.understand_as(f"{self.kind}-{end}" if end else self.kind)

    def read(self, typed: str) -> Outcome[Days]:
        """Read one day."""
        return settling.one_day(read_days(typed, today=clock.today()), end=self.end)

    def write(self, value: Days) -> str:
        """Write a day."""
        return writing.write_days(value)

    def from_plain(self, value: object) -> Outcome[Days]:
        """Return a date as a day."""
        if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
            return Understood(value=Days(first=value, last=value))
        return super().from_plain(value)

    def plain(self, value: Days) -> dt.date:
        """Return the day."""
        return value.first

    def prepare_value(self, value: object) -> object:
        """Show a stored day as day/month/year; what was typed stays as typed."""
        if isinstance(value, dt.date):
            return f"{value:%d/%m/%Y}"
        return value
