"""Forms in which a quantity, its unit, its packs and its price are typed as people write them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django import forms

from core.catalogue.models import Unit
from core.catalogue.typed import writing
from core.catalogue.typed.outcomes import Money, Quantity
from core.web.typed_fields import TypedField, language
from core.web.typed_settling import Settler


class TypedAmountsForm(forms.Form):
    """Settles `quantity`, `unit`, `pack_size` and `pack_unit`, further quantities and a price.

    Afterwards `cleaned_data` holds numbers, rows of units, and whole đồng for one unit.
    """

    lot_fields: ClassVar[tuple[str, ...]] = ()
    price_field: ClassVar[str] = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "unit" in self.fields:
            self.fields["unit"].required = False

    def clean(self) -> dict[str, Any]:
        """Settle the amounts in one unit."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        Settler(
            lots=self.lot_fields,
            price=self.price_field,
            row=self._row,
            refuse=self.add_error,
            is_refused=lambda name: name in self.errors,
        ).settle(data)
        return data

    def understood(self) -> list[str]:
        """Say what was understood of each field that was typed in words or with a unit."""
        found = []
        for name, field in self.fields.items():
            typed, value = self[name].value(), self.cleaned_data.get(name)
            if isinstance(field, TypedField) and isinstance(typed, str) and value is not None:
                shown = self._shown(name, value)
                plain = {shown, str(value), str(field.prepare_value(value))}
                if typed.strip() not in plain:
                    found.append(f"{field.label}: “{typed.strip()}” = {shown}")
        return found

    def _shown(self, name: str, value: object) -> str:
        unit = self.cleaned_data.get("pack_unit" if name == "pack_size" else "unit")
        code = unit.code if unit else None
        if isinstance(value, Decimal):
            return writing.write_quantity(Quantity(amount=value, unit=code), language=language())
        if isinstance(value, int):
            return writing.write_money(Money(vnd=value, per=code), language=language())
        return str(self.fields[name].prepare_value(value))

    def _row(self, name: str, code: str) -> Unit | None:
        field: Any = self.fields[name]
        found: Unit | None = field.queryset.filter(code=code).first()
        return found
