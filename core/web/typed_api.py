"""Serializer fields that take what people type beside plain numbers and ISO days."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar, Final

from django.core.exceptions import ValidationError
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.catalogue.models import Unit
from core.catalogue.typed.outcomes import Days, Money, Quantity, Question, Understood, Why
from core.web.renderers import plain_decimal
from core.web.typed_fields import (
    AmbiguousError,
    TypedDateField,
    TypedField,
    TypedMoneyField,
    TypedQuantityField,
)
from core.web.typed_settling import Settler

AMBIGUOUS: Final = "ambiguous"
# Plain decimals as programs write them; 1.500 is left out, which people write for 1500.
_PLAIN: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_LIKE_THOUSANDS: Final = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}")
_MOST_CHARACTERS: Final = 40
_FIGURE: Final = (
    "A number, a plain decimal as text, or what a person typed: `1,5 tấn`, `3 tạ rưỡi`, "
    "`200 thùng x 10 kg`. Text with several readings is answered with 400 and `readings`; send "
    "the `value` of one back. `1.500` as text has two readings; 1.5 and 1500 as numbers have one."
)
_AMOUNT: Final = (
    "Whole đồng for one unit as a number, or what a person typed: `95k/kg`, `1tr2`, `95.000đ`."
)
_DAY: Final = (
    "An ISO day, or what a person typed: `31/12/2026`, `cuối tháng 12`, `23 tháng Chạp`. Never "
    "month first."
)


class _TypedField(serializers.Field[Any, Any, Any, Any], ABC):
    """Reads through a form field, so that pages and API understand the same."""

    reader: TypedField

    def to_internal_value(self, data: Any) -> Any:
        """Return what the form field makes of a plain value or a text.

        Raises:
            ValidationError: Refused, or asked back with the readings.
        """
        try:
            plain = self.plain(data)
            return self.reader.clean(data if plain is None else plain)
        except ValidationError as error:
            raise serializers.ValidationError(_problem(error, self.reader)) from error

    def to_representation(self, value: Any) -> Any:
        """Return the value as it is."""
        return value

    @abstractmethod
    def plain(self, data: Any) -> object | None:
        """Return a plain value; None for text to be read.

        Raises:
            ValidationError: Neither a plain value nor text.
        """

    def refuse_others(self, data: Any) -> None:
        """Let only text pass that says something."""
        if not isinstance(data, str) or not data.strip():
            self.reader.from_plain(object())


@extend_schema_field({"oneOf": [{"type": "number"}, {"type": "string"}], "description": _FIGURE})
class TypedQuantity(_TypedField):
    """A quantity; hands on what `settled` brings into one unit."""

    reader = TypedQuantityField(required=True)

    def plain(self, data: Any) -> object | None:
        """Return a number, or a decimal written as programs do."""
        if isinstance(data, int | float) and not isinstance(data, bool):
            return Decimal(str(data))
        self.refuse_others(data)
        is_plain = len(data) <= _MOST_CHARACTERS and _PLAIN.fullmatch(data)
        return Decimal(data) if is_plain and not _LIKE_THOUSANDS.fullmatch(data) else None

    def to_internal_value(self, data: Any) -> Any:
        """Ask about 1.500, which programs and people read differently."""
        if isinstance(data, str) and _LIKE_THOUSANDS.fullmatch(data):
            amounts = (Decimal(data), Decimal(data.replace(".", "")))
            readings = tuple(Understood(value=Quantity(amount=one)) for one in amounts)
            asked = Question(why=Why.NUMBER, readings=readings)
            raise serializers.ValidationError(_asked(asked, self.reader))
        return super().to_internal_value(data)


@extend_schema_field({"oneOf": [{"type": "integer"}, {"type": "string"}], "description": _AMOUNT})
class TypedVnd(_TypedField):
    """A price; hands on what `settled` brings to one unit."""

    reader = TypedMoneyField(required=True)

    def plain(self, data: Any) -> object | None:
        """Return whole đồng; digits alone are đồng and never thousands."""
        if isinstance(data, float) and data.is_integer():
            return int(data)
        if isinstance(data, int) and not isinstance(data, bool):
            return data
        self.refuse_others(data)
        is_plain = data.isascii() and data.isdigit() and len(data) <= _MOST_CHARACTERS
        return int(data) if is_plain else None


@extend_schema_field({"type": "string", "description": _DAY})
class TypedDay(_TypedField):
    """A day, or the end of a span that is wanted."""

    def __init__(self, *, end: Any = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.reader = TypedDateField(required=True, end=end)

    def plain(self, data: Any) -> object | None:
        """Return None: ISO days are text as well."""
        self.refuse_others(data)
        return None


class TypedAmountsSerializer(serializers.Serializer[Any]):
    """Settles typed quantities and prices in the unit sent, stored, or typed with the quantity.

    `context["stored"]` is the row a partial change starts from.
    """

    lot_names: ClassVar[tuple[str, ...]] = ()
    price_name: ClassVar[str] = ""
    # Under which names the ids of units are handed on.
    unit_key: ClassVar[str] = "unit_id"
    pack_unit_key: ClassVar[str] = "pack_unit_id"

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Bring the amounts into one unit.

        Raises:
            ValidationError: With the fields at fault.
        """
        data, errors = self._amounts(attrs), dict[str, list[str]]()
        Settler(
            lots=self.lot_names,
            price=self.price_name,
            row=lambda _name, code: Unit.objects.filter(code=code).first(),
            refuse=lambda name, sentence: errors.setdefault(name, []).append(sentence),
            is_refused=errors.__contains__,
        ).settle(data)
        if errors:
            raise serializers.ValidationError(errors)
        return self._settled(attrs, data)

    def _amounts(self, attrs: Mapping[str, Any]) -> dict[str, Any]:
        stored = self.context.get("stored")
        units = Unit.objects.in_bulk(
            [pk for key in (self.unit_key, self.pack_unit_key) if (pk := attrs.get(key))]
        )
        data = {name: attrs[name] for name in self._names() if name in attrs}
        for name, key in (("unit", self.unit_key), ("pack_unit", self.pack_unit_key)):
            sent = units.get(attrs[key]) if attrs.get(key) else None
            data[name] = sent if key in attrs or stored is None else getattr(stored, name)
        if stored is not None and "pack_size" not in attrs and not _brings_content(attrs):
            data["pack_size"] = stored.pack_size
        return data

    def _names(self) -> tuple[str, ...]:
        return ("quantity", "pack_size", *self.lot_names, self.price_name)

    def _settled(self, attrs: dict[str, Any], data: Mapping[str, Any]) -> dict[str, Any]:
        settled = attrs | {name: data[name] for name in self._names() if name in attrs}
        if _brings_content(attrs) or "pack_size" in attrs:
            settled["pack_size"] = data.get("pack_size")
            settled[self.pack_unit_key] = data["pack_unit"].pk if data["pack_unit"] else None
        if data["unit"] is not None:
            settled[self.unit_key] = data["unit"].pk
        return settled


def _brings_content(attrs: Mapping[str, Any]) -> bool:
    typed = attrs.get("quantity")
    return isinstance(typed, Quantity) and typed.content is not None


def _problem(error: ValidationError, reader: TypedField) -> Any:
    if isinstance(error, AmbiguousError):
        return _asked(error.question, reader)
    return error.messages


def _asked(question: Question[Any], reader: TypedField) -> dict[str, Any]:
    readings = [reading.value for reading in question.readings]
    return {
        "code": AMBIGUOUS,
        "message": reader.ask(question),
        "readings": [_reading(value, reader) for value in readings],
    }


def _reading(value: Quantity | Money | Days, reader: TypedField) -> dict[str, str]:
    """Return a reading as text and as the plain values to send back."""
    shown = {"text": reader.write(value), "means": reader.means(value)}
    if isinstance(value, Days):
        return shown | {"value": value.first.isoformat()}
    plain, unit = (
        (value.amount, value.unit) if isinstance(value, Quantity) else (value.vnd, value.per)
    )
    return shown | {"value": plain_decimal(Decimal(plain))} | ({"unit": unit} if unit else {})
