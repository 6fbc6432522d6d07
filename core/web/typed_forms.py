"""Forms in which a quantity, its unit, its packs and its price are typed as people write them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _

from core.catalogue.models import Unit
from core.catalogue.typed import writing
from core.catalogue.typed.outcomes import Content, Money, Quantity
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

    def understood(self) -> str:
        """Say what was understood of the fields typed in words or with a unit; "" for none."""
        found = []
        for name, field in self.fields.items():
            typed, value = self[name].value(), self.cleaned_data.get(name)
            if isinstance(field, TypedField) and isinstance(typed, str) and value is not None:
                shown = self._shown(name, value)
                plain = {shown, str(value), str(field.prepare_value(value))}
                if typed.strip() and typed.strip() not in plain:
                    found.append(f"“{typed.strip()}” = {shown}")
        return _("Understood: %(figures)s.") % {"figures": "; ".join(found)} if found else ""

    def _shown(self, name: str, value: object) -> str:
        unit = self.cleaned_data.get("pack_unit" if name == "pack_size" else "unit")
        code = unit.code if unit else None
        if isinstance(value, Decimal):
            return self._with_base(Quantity(amount=value, unit=code, content=self._content(name)))
        if isinstance(value, int):
            return writing.write_money(Money(vnd=value, per=code), language=language())
        return str(self.fields[name].prepare_value(value))

    def _content(self, name: str) -> Content | None:
        size, row = self.cleaned_data.get("pack_size"), self.cleaned_data.get("pack_unit")
        unit = self.cleaned_data.get("unit")
        is_packed = name == "quantity" and unit is not None and unit.to_base is None
        return Content(amount=size, unit=row.code) if is_packed and size and row else None

    def _with_base(self, value: Quantity) -> str:
        written = writing.write_quantity(value, language=language())
        base = writing.write_base(value, language=language())
        return f"{written} ({base})" if base else written

    def _row(self, name: str, code: str) -> Unit | None:
        field: Any = self.fields[name]
        found: Unit | None = field.queryset.filter(code=code).first()
        return found
