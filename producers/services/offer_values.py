"""From a typed offer to its figures in base units and đồng."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from django.utils.translation import gettext as _

from core.catalogue.enums import StorageClass
from core.catalogue.models import Unit
from core.catalogue.selectors import measure_for
from core.kernel import clock
from core.kernel.money import MAX_PRICE_VND
from core.kernel.quantity import MAX_QUANTITY_BASE, Dimension, Measure
from producers.models import SupplyOffer
from producers.services.checking import FieldErrors
from producers.services.inputs import OfferInput
from producers.services.offer_lookups import OfferLookups

LONGEST_WINDOW: Final = dt.timedelta(days=3 * 366)
MAX_PACK_SIZE: Final = Decimal(1_000_000)
_THOUSANDTH: Final = Decimal("0.001")
_TYPED_LIMIT: Final = Decimal(10) ** 11


@dataclass(frozen=True, slots=True)
class _Units:
    """The units an offer is counted in; `measure` None where they do not lead to a base unit."""

    unit: Unit | None
    pack_unit: Unit | None
    measure: Measure | None


def set_values(
    offer: SupplyOffer, values: OfferInput, *, lookups: OfferLookups | None = None
) -> None:
    """Put checked and computed values on an offer; `lookups` serve many offers of one transaction.

    Raises:
        InvalidInputError: With the fields at fault.
    """
    errors, lookups = FieldErrors(), lookups or OfferLookups()
    product = lookups.product(producer_id=offer.producer_id, product_id=values.product_id)
    if product is None:
        errors.add("product", _("Choose one of your products."))
    units = _checked_units(errors, values, lookups)
    _set_quantities(errors, offer, values, measure=units.measure)
    _set_price(errors, offer, values, measure=units.measure)
    check_window(errors, first=values.available_from, last=values.available_to)
    _set_origin(errors, offer, values, lookups)
    storage = values.storage or (product.storage if product else "")
    if values.storage or product:
        errors.choice("storage", value=storage, known=StorageClass.values)
    offer.note = errors.lines("note", typed=values.note, most=1000)
    errors.raise_any()
    offer.product_id, offer.storage = values.product_id, storage
    offer.pack_size = values.pack_size if units.pack_unit else None
    offer.unit_id, offer.pack_unit = values.unit_id, units.pack_unit
    offer.available_from, offer.available_to = values.available_from, values.available_to


def check_window(errors: FieldErrors, *, first: dt.date, last: dt.date) -> None:
    """Note a window that is backwards, over, or longer than anybody plans."""
    if last < first:
        errors.add("available_to", _("The last day is before the first one."))
    elif last < clock.today():
        errors.add("available_to", _("This day is past. Say until when the goods are available."))
    elif last - first > LONGEST_WINDOW:
        errors.add("available_to", _("The window is longer than three years. Check the year."))


def _checked_units(errors: FieldErrors, values: OfferInput, lookups: OfferLookups) -> _Units:
    unit = lookups.units.get(values.unit_id)
    if unit is None:
        errors.add("unit", _("Choose a unit from the list."))
        return _Units(None, None, None)
    if unit.to_base is not None:  # a pack's content typed for kg says nothing
        return _Units(unit, None, measure_for(unit))
    return _packed(errors, unit, values, content=lookups.contents.get(values.pack_unit_id or 0))


def _packed(errors: FieldErrors, unit: Unit, values: OfferInput, *, content: Unit | None) -> _Units:
    name = unit.name
    if values.pack_size is None:
        words = _("How much is in one %(unit)s? For example 10, and kilogram as its unit.")
        errors.add("pack_size", words % {"unit": name})
    elif not _THOUSANDTH <= values.pack_size <= MAX_PACK_SIZE:
        errors.add("pack_size", _("Write a content above zero, at most 1,000,000."))
    elif values.pack_size != round(values.pack_size, 3):
        errors.add("pack_size", _("At most three decimals, please."))
    if content is None:
        words = _("In which unit is the content of one %(unit)s counted? For example kilogram.")
        errors.add("pack_unit", words % {"unit": name})
    if errors.has("pack_size") or errors.has("pack_unit"):
        return _Units(unit, content, None)
    return _Units(unit, content, measure_for(unit, pack_size=values.pack_size, pack_unit=content))


def _set_quantities(
    errors: FieldErrors, offer: SupplyOffer, values: OfferInput, *, measure: Measure | None
) -> None:
    lot, capacity = values.minimum_lot, values.weekly_capacity
    if lot is not None and lot > values.quantity:
        errors.add("minimum_lot", _("The smallest lot is larger than the whole quantity."))
    base = _base(errors, "quantity", values.quantity, measure)
    offer.weekly_capacity_base = _base(errors, "weekly_capacity", capacity, measure)
    offer.minimum_lot_base = _base(errors, "minimum_lot", lot, measure)
    offer.quantity, offer.weekly_capacity, offer.minimum_lot = values.quantity, capacity, lot
    if measure is not None and base is not None:
        offer.quantity_base, offer.dimension = base, measure.dimension.value
        if measure.dimension not in (Dimension.MASS, Dimension.VOLUME, Dimension.COUNT):
            errors.add("unit", _("Choose a unit from the list."))


def _base(
    errors: FieldErrors, field: str, typed: Decimal | None, measure: Measure | None
) -> Decimal | None:
    if typed is None:
        return None
    if not 0 < typed < _TYPED_LIMIT:
        errors.add(field, _("Write a number above zero that you can deliver."))
        return None
    if typed != round(typed, 3):
        errors.add(field, _("At most three decimals, please."))
        return None
    if measure is None:
        return None
    base = measure.base_of(typed).quantize(_THOUSANDTH, ROUND_HALF_UP)
    if base > MAX_QUANTITY_BASE:
        errors.add(field, _("This is more than the whole country makes. Check number and unit."))
    elif base <= 0:
        errors.add(field, _("This is less than one gram. Check number and unit."))
    return base


def _set_price(
    errors: FieldErrors, offer: SupplyOffer, values: OfferInput, *, measure: Measure | None
) -> None:
    price = values.price_vnd
    offer.price_vnd, offer.price_vnd_per_base = price, None
    if price is None:
        return
    if not 0 < price <= MAX_PRICE_VND:
        errors.add("price_vnd", _("Write a price above zero, at most 10 billion đồng."))
    elif measure is not None:
        offer.price_vnd_per_base = measure.price_per_base(price)
        if not 0 < offer.price_vnd_per_base <= MAX_PRICE_VND:
            errors.add("price_vnd", _("This price does not fit the unit. Check both."))


def _set_origin(
    errors: FieldErrors, offer: SupplyOffer, values: OfferInput, lookups: OfferLookups
) -> None:
    province_id, commune_id = values.origin_province_id, values.origin_commune_id
    if province_id is None:
        home = lookups.organisation(offer.producer_id)
        province_id, commune_id = home.province_id, commune_id or home.commune_id
    elif province_id not in lookups.province_ids:
        errors.add("origin_province", _("Choose a province from the list."))
    if commune_id is not None and not lookups.has_commune(
        province_id=province_id, commune_id=commune_id
    ):
        errors.add("origin_commune", _("This commune is not in that province. Choose again."))
    offer.origin_province_id, offer.origin_commune_id = province_id, commune_id
