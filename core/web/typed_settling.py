"""A quantity, its unit, its packs and its price, as typed, settled in one unit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from core.catalogue.models import Unit
from core.catalogue.typed import settling, writing
from core.catalogue.typed.outcomes import Content, Money, Quantity
from core.web.typed_fields import language


@dataclass(frozen=True, slots=True, kw_only=True)
class Settler:
    """Turns typed values into numbers, rows of units and whole đồng for one unit.

    What is typed with its own unit is converted into the unit chosen beside it, so that the price
    beside it keeps its meaning; where none is chosen, the unit typed with the quantity holds for
    all. What does not convert is refused at its field.

    Args:
        lots: Names of further quantities in the same unit.
        price: Name of the price, "" where there is none.
        row: Finds the unit of a code among those a field takes.
        refuse: Notes a sentence at a field.
        is_refused: Tells whether a field is refused already.
    """

    lots: Sequence[str]
    price: str
    row: Callable[[str, str], Unit | None]
    refuse: Callable[[str, str], None]
    is_refused: Callable[[str], bool]

    def settle(self, data: dict[str, Any]) -> None:
        """Settle `quantity`, `unit`, `pack_size`, `pack_unit`, the lots and the price in place."""
        is_chosen = data.get("unit") is not None
        unit = self._unit(data)
        content = self._content(data, unit)
        code = unit.code if unit else None
        for name in ("quantity", *self.lots):
            if isinstance(typed := data.get(name), Quantity):
                data[name] = self._amount(name, typed, code, content)
        if isinstance(typed := data.get(self.price), Money):
            if code and not is_chosen and typed.per is None:
                self._ask_for_unit_of(typed, code, content)
            data[self.price] = self._price(typed, code, content)

    def _unit(self, data: dict[str, Any]) -> Unit | None:
        """Return the unit chosen, else the one typed with the quantity."""
        chosen: Unit | None = data.get("unit")
        typed = data.get("quantity")
        if chosen is not None or self.is_refused("unit") or not isinstance(typed, Quantity):
            return chosen
        if typed.unit is None:
            self.refuse("unit", _("Choose the unit, or write it behind the number."))
            return None
        data["unit"] = row = self.row("unit", typed.unit)
        if row is None:
            self._refuse_unit("quantity", typed.unit)
        return row

    def _content(self, data: dict[str, Any], unit: Unit | None) -> Content | None:
        """Return what one pack holds, from its own fields or from the quantity."""
        self._settle_pack(data)
        if unit is None or unit.to_base is not None:
            return None
        size, row, typed = data.get("pack_size"), data.get("pack_unit"), data.get("quantity")
        own = Content(amount=size, unit=row.code) if size is not None and row else None
        said = typed.content if isinstance(typed, Quantity) else None
        if said is None or own == said or typed is None or typed.unit not in {None, unit.code}:
            return own
        if size is not None or self.is_refused("pack_size"):
            self.refuse("pack_size", _("Beside the quantity you wrote another content."))
            return None
        data["pack_size"], data["pack_unit"] = said.amount, self.row("pack_unit", said.unit)
        return said

    def _settle_pack(self, data: dict[str, Any]) -> None:
        typed, row = data.get("pack_size"), data.get("pack_unit")
        if not isinstance(typed, Quantity):
            return
        data["pack_size"] = typed.amount
        if typed.content is not None:
            self.refuse("pack_size", _("Write only what one pack holds, for example 10 kg."))
        elif typed.unit is not None:
            row = row or self.row("pack_unit", typed.unit)
            amount = settling.in_unit(typed, unit=row.code) if row else None
            if amount is None:
                self._refuse_unit("pack_size", typed.unit)
            else:
                data["pack_size"], data["pack_unit"] = amount, row

    def _amount(
        self, name: str, typed: Quantity, unit: str | None, content: Content | None
    ) -> Decimal | None:
        if unit is None:
            return typed.amount
        if typed.content is None and typed.unit == unit:
            typed = replace(typed, content=content)
        amount = settling.in_unit(typed, unit=unit, content=content)
        if amount is None:
            sentence = _("“%(typed)s” cannot be counted in %(unit)s. Choose another unit.")
            self._refuse(name, sentence, writing.write_quantity(typed, language=language()), unit)
        return amount

    def _price(self, typed: Money, unit: str | None, content: Content | None) -> int | None:
        if unit is None:
            return typed.vnd
        price = settling.price_in_unit(typed, unit=unit, content=content)
        if price is None:
            sentence = _(
                "“%(typed)s” does not give whole đồng for one %(unit)s. Write the price of "
                "one %(unit)s."
            )
            written = writing.write_money(typed, language=language())
            self._refuse(self.price, sentence, written, unit)
        return price

    def _ask_for_unit_of(self, typed: Money, unit: str, content: Content | None) -> None:
        """Ask for which unit a bare price is, where nobody chose one: 95k with 3 tạ rưỡi."""
        one = Quantity(amount=Decimal(1), unit=unit, content=content)
        base = writing.base_of(one)
        if base is None or base[0] == 1:
            return
        units = [unit, *([base[1]] if base[1] else [])]
        prices = [writing.write_money(replace(typed, per=u), language=language()) for u in units]
        sentence = _("The price of one what? Write it with its unit: %(prices)s.")
        self.refuse(self.price, sentence % {"prices": _(" or ").join(prices)})

    def _refuse(self, name: str, sentence: str, typed: str, unit: str) -> None:
        shown = {"typed": typed, "unit": writing.label(unit, language=language())}
        self.refuse(name, sentence % shown)

    def _refuse_unit(self, name: str, code: str) -> None:
        shown = {"unit": writing.label(code, language=language())}
        self.refuse(name, _("“%(unit)s” is not used here. Choose a unit from the list.") % shown)
