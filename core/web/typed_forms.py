"""Forms in which a quantity, its unit, its packs and its price are typed as people write them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _

from core.catalogue.models import Unit
from core.catalogue.typed import settling, writing
from core.catalogue.typed.outcomes import Content, Money, Quantity
from core.web.typed_fields import TypedField, language


class TypedAmountsForm(forms.Form):
    """Settles `quantity`, `unit`, `pack_size` and `pack_unit`, further quantities and a price.

    What is typed with its own unit is converted into the unit chosen beside it; where none is
    chosen, the unit typed with the quantity holds for all. What does not convert is said at its
    field. Afterwards `cleaned_data` holds numbers, rows of units, and whole đồng for one unit.
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
        unit = self._settle_unit(data)
        content = self._settle_content(data, unit)
        code = unit.code if unit else None
        for name in ("quantity", *self.lot_fields):
            if isinstance(typed := data.get(name), Quantity):
                data[name] = self._amount(name, typed, code, content)
        if isinstance(price := data.get(self.price_field), Money):
            data[self.price_field] = self._price(price, code, content)
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
        field = self.fields[name]
        unit = self.cleaned_data.get("pack_unit" if name == "pack_size" else "unit")
        code = unit.code if unit else None
        if isinstance(value, Decimal):
            return writing.write_quantity(Quantity(amount=value, unit=code), language=language())
        if isinstance(value, int):
            return writing.write_money(Money(vnd=value, per=code), language=language())
        return str(field.prepare_value(value))

    def _settle_unit(self, data: dict[str, Any]) -> Unit | None:
        """Return the unit chosen, else the one typed with the quantity."""
        chosen: Unit | None = data.get("unit")
        if chosen is not None or "unit" in self.errors:
            return chosen
        typed = data.get("quantity")
        if not isinstance(typed, Quantity):
            return None
        if typed.unit is None:
            self.add_error("unit", _("Choose the unit, or write it behind the number."))
            return None
        data["unit"] = row = self._row("unit", typed.unit)
        if row is None:
            self._refuse_unit("quantity", typed.unit)
        return row

    def _settle_content(self, data: dict[str, Any], unit: Unit | None) -> Content | None:
        """Return what one pack holds, from its own fields or from the quantity."""
        self._settle_pack_fields(data)
        size, row, typed = data.get("pack_size"), data.get("pack_unit"), data.get("quantity")
        own = Content(amount=size, unit=row.code) if size is not None and row else None
        if unit is None or unit.to_base is not None or not isinstance(typed, Quantity):
            return own if unit is not None and unit.to_base is None else None
        if typed.content is None or typed.unit not in {None, unit.code} or own == typed.content:
            return own
        if size is not None or "pack_size" in self.errors:
            self.add_error("pack_size", _("Beside the quantity you wrote another content."))
            return None
        data["pack_size"] = typed.content.amount
        data["pack_unit"] = self._row("pack_unit", typed.content.unit)
        return typed.content

    def _settle_pack_fields(self, data: dict[str, Any]) -> None:
        typed, row = data.get("pack_size"), data.get("pack_unit")
        if not isinstance(typed, Quantity):
            return
        data["pack_size"] = typed.amount
        if typed.unit is None or typed.content is not None:
            if typed.content is not None:
                self.add_error("pack_size", _("Write only what one pack holds, for example 10 kg."))
            return
        row = row or self._row("pack_unit", typed.unit)
        amount = settling.in_unit(typed, unit=row.code) if row else None
        if row is None or amount is None:
            self._refuse_unit("pack_size", typed.unit)
            return
        data["pack_size"], data["pack_unit"] = amount, row

    def _amount(
        self, name: str, typed: Quantity, unit: str | None, content: Content | None
    ) -> Decimal | None:
        if unit is None:
            return typed.amount
        if typed.content is None and typed.unit == unit:
            typed = replace(typed, content=content)
        amount = settling.in_unit(typed, unit=unit, content=content)
        if amount is None and name not in self.errors:
            shown = {
                "typed": writing.write_quantity(typed, language=language()),
                "unit": writing.label(unit, language=language()),
            }
            sentence = _("“%(typed)s” cannot be counted in %(unit)s. Choose another unit.")
            self.add_error(name, sentence % shown)
        return amount

    def _price(self, typed: Money, unit: str | None, content: Content | None) -> int | None:
        if unit is None:
            return typed.vnd
        price = settling.price_in_unit(typed, unit=unit, content=content)
        if price is None:
            shown = {
                "typed": writing.write_money(typed, language=language()),
                "unit": writing.label(unit, language=language()),
            }
            sentence = _(
                "“%(typed)s” does not give whole đồng for one %(unit)s. Write the price of "
                "one %(unit)s."
            )
            self.add_error(self.price_field, sentence % shown)
        return price

    def _row(self, name: str, code: str) -> Unit | None:
        field: Any = self.fields[name]
        found: Unit | None = field.queryset.filter(code=code).first()
        return found

    def _refuse_unit(self, name: str, code: str) -> None:
        shown = {"unit": writing.label(code, language=language())}
        self.add_error(name, _("“%(unit)s” is not used here. Choose a unit from the list.") % shown)
