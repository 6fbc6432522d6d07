"""What a buyer asks for: checked field by field and reckoned in base units."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Final

from django.utils.translation import gettext as _

from buyers.enums import QuantityPeriod
from buyers.models import STAR_MINIMA, Outlet
from buyers.services.request_lookups import RequestLookups
from core.catalogue.enums import Market, PaperKind, StorageClass
from core.catalogue.models import Unit
from core.catalogue.selectors import measure_for
from core.kernel import text
from core.kernel.errors import InvalidInputError
from core.kernel.money import MAX_PRICE_VND
from core.kernel.periods import DayRange
from core.kernel.quantity import MAX_QUANTITY_BASE, Dimension, Measure

COMPARED: Final = frozenset({Dimension.MASS, Dimension.VOLUME, Dimension.COUNT})
MAX_WINDOW_DAYS: Final = 366
MAX_DAYS_AHEAD: Final = 731
MAX_WORDS: Final = 200
MAX_NOTE: Final = 1000
_THOUSANDTH: Final = Decimal("0.001")
Errors = dict[str, list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """How much is wanted in which days, and at most at which price, as typed."""

    quantity: Decimal
    unit_id: int
    needed_from: dt.date
    needed_to: dt.date
    pack_size: Decimal | None = None
    pack_unit_id: int | None = None
    period: str = QuantityPeriod.TOTAL
    price_ceiling_vnd: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestTerms(Amounts):
    """Everything a demand request says; ids as chosen by the buyer, not yet trusted."""

    words: str
    category_id: int
    delivery_province_id: int
    banner_id: int | None = None
    outlet_ids: tuple[int, ...] = ()
    minimum_stars: int = 0
    required_papers: tuple[str, ...] = ()
    preferred_papers: tuple[str, ...] = ()
    market: str = Market.DOMESTIC
    storage: str = ""
    needs_invoice: bool = False
    needs_barcode: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reckoning:
    """The typed amounts over the whole window.

    `in_all` counts in the unit as typed, `quantity_base` in the base unit of `dimension`.
    """

    unit: Unit
    dimension: Dimension
    in_all: Decimal
    quantity_base: Decimal
    price_ceiling_vnd_per_base: int | None

    @property
    def base_unit(self) -> str:
        """Name of the base unit in the reader's language."""
        names = {Dimension.MASS: _("kg"), Dimension.VOLUME: _("litres")}
        return names.get(self.dimension, _("pieces"))

    @property
    def is_in_base(self) -> bool:
        """Whether the unit as typed already is the base unit."""
        return self.unit.to_base == 1


def reckon(amounts: Amounts, *, lookups: RequestLookups | None = None) -> Reckoning:
    """Work out the quantity of the whole window and the ceiling of one base unit.

    `lookups` serve many requests of one transaction.

    Raises:
        InvalidInputError: A figure, a unit or a day cannot be meant; says which.

    Source:
        A week is seven days; a day is its share of its own calendar month.
    """
    errors = check_window(amounts)
    units = lookups.units if lookups else _units_of(amounts)
    measure, unit_errors = _measure(amounts, units)
    errors |= unit_errors
    errors |= _check_figures(amounts)
    if errors or measure is None:
        raise _invalid(errors)
    periods = _periods_in(DayRange(amounts.needed_from, amounts.needed_to), amounts.period)
    in_all = Fraction(amounts.quantity) * periods
    reckoning = Reckoning(
        unit=units[amounts.unit_id],
        dimension=measure.dimension,
        in_all=_rounded(in_all),
        quantity_base=_rounded(in_all * Fraction(measure.to_base)),
        price_ceiling_vnd_per_base=_price_per_base(amounts.price_ceiling_vnd, measure),
    )
    _check_reckoned(reckoning)
    return reckoning


def check_window(amounts: Amounts) -> Errors:
    """Say what is wrong with the days themselves, whatever today is."""
    if amounts.needed_to < amounts.needed_from:
        return {"needed_to": [_("The last day is before the first. Swap the two days.")]}
    if (amounts.needed_to - amounts.needed_from).days >= MAX_WINDOW_DAYS:
        sentence = _("A request covers at most one year. Post one now and repeat it later.")
        return {"needed_to": [sentence]}
    return {}


def check_days(
    first: dt.date, *, last: dt.date, today: dt.date, known_first: dt.date | None = None
) -> Errors:
    """Say what is wrong with the days as seen from today.

    Args:
        first: First day wanted.
        last: Last day wanted.
        today: Day in Việt Nam.
        known_first: First day of the request as stored; a window under way may keep it.
    """
    errors: Errors = {}
    if first < today and first != known_first:
        errors["needed_from"] = [_("This day is past. Choose today or a later day.")]
    if last < today:
        errors["needed_to"] = [_("This day is past. Choose today or a later day.")]
    elif (last - today).days > MAX_DAYS_AHEAD:
        errors["needed_to"] = [_("Choose a day within the next two years.")]
    return errors


def check_choices(terms: RequestTerms, *, group_id: int, lookups: RequestLookups) -> Errors:
    """Say what is wrong with words, category, places and conditions."""
    return (
        _check_words(terms)
        | _check_category(terms, lookups)
        | _check_places(terms, lookups, group_id=group_id)
        | _check_conditions(terms)
    )


def raise_if_any(errors: Errors) -> None:
    """Refuse input with errors.

    Raises:
        InvalidInputError: There are any.
    """
    if errors:
        raise _invalid(errors)


def _invalid(errors: Errors) -> InvalidInputError:
    return InvalidInputError(_("Some fields need another look."), errors)


def _units_of(amounts: Amounts) -> dict[int, Unit]:
    named = (amounts.unit_id, amounts.pack_unit_id)
    return Unit.objects.in_bulk([pk for pk in named if pk is not None])


def _measure(amounts: Amounts, units: dict[int, Unit]) -> tuple[Measure | None, Errors]:
    unit = units.get(amounts.unit_id)
    if unit is None:
        return None, {"unit": [_("Choose a unit from the list.")]}
    inside = units.get(amounts.pack_unit_id) if amounts.pack_unit_id else None
    if unit.to_base is not None:
        return _plain_measure(unit, amounts)
    return _pack_measure(unit, inside, amounts.pack_size)


def _plain_measure(unit: Unit, amounts: Amounts) -> tuple[Measure | None, Errors]:
    measure = measure_for(unit)
    if measure is None or measure.dimension not in COMPARED:
        return None, {"unit": [_("Goods are asked for by weight, volume or number.")]}
    if amounts.pack_size is not None:
        sentence = _("Only packs have a content. Leave this empty, or choose a pack as the unit.")
        return None, {"pack_size": [sentence]}
    return measure, {}


def _pack_measure(
    unit: Unit, inside: Unit | None, pack_size: Decimal | None
) -> tuple[Measure | None, Errors]:
    if pack_size is None:
        return None, {"pack_size": [_("Say how much one pack holds, for example 10 kg.")]}
    if not pack_size.is_finite() or pack_size <= 0:
        return None, {"pack_size": [_("Write a number above zero.")]}
    measure = measure_for(unit, pack_size=pack_size, pack_unit=inside)
    if measure is None or measure.dimension not in COMPARED:
        return None, {"pack_unit": [_("Say what the content is counted in: kg, litres, pieces.")]}
    return measure, {}


def _check_figures(amounts: Amounts) -> Errors:
    errors: Errors = {}
    if not amounts.quantity.is_finite() or amounts.quantity <= 0:
        errors["quantity"] = [_("Write a number above zero.")]
    elif amounts.quantity > MAX_QUANTITY_BASE:
        errors["quantity"] = [_("This is more than anybody can deliver. Check number and unit.")]
    if amounts.period not in QuantityPeriod.values:
        errors["period"] = [_("Choose one from the list.")]
    price = amounts.price_ceiling_vnd
    if price is not None and not 0 < price <= MAX_PRICE_VND:
        errors["price_ceiling_vnd"] = [_("Check the price: whole đồng for one unit, above zero.")]
    return errors


def _periods_in(days: DayRange, period: str) -> Fraction:
    if period == QuantityPeriod.WEEK:
        return days.weeks
    return days.months if period == QuantityPeriod.MONTH else Fraction(1)


def _rounded(amount: Fraction) -> Decimal:
    exact = Decimal(amount.numerator) / Decimal(amount.denominator)
    return exact.quantize(_THOUSANDTH, rounding=ROUND_HALF_UP)


def _price_per_base(price_vnd: int | None, measure: Measure) -> int | None:
    return None if price_vnd is None else measure.price_per_base(price_vnd)


def _check_reckoned(reckoning: Reckoning) -> None:
    if reckoning.quantity_base > MAX_QUANTITY_BASE:
        sentence = _("Over the whole window this is more than anybody can deliver.")
        raise _invalid({"quantity": [sentence]})
    if reckoning.quantity_base <= 0:
        raise _invalid({"quantity": [_("This is too little to deliver. Check number and unit.")]})
    if reckoning.price_ceiling_vnd_per_base == 0:
        sentence = _("This is less than 1 đồng for a kilogram, litre or piece. Check the unit.")
        raise _invalid({"price_ceiling_vnd": [sentence]})


def _check_words(terms: RequestTerms) -> Errors:
    errors: Errors = {}
    if not text.fold(terms.words):
        errors["words"] = [_("Write what you need in words, for example “oranges”.")]
    elif len(text.clean(terms.words)) > MAX_WORDS:
        errors["words"] = [_("At most 200 characters, please. The rest fits into the note.")]
    if len(text.clean_lines(terms.note)) > MAX_NOTE:
        errors["note"] = [_("At most 1000 characters, please.")]
    return errors


def _check_category(terms: RequestTerms, lookups: RequestLookups) -> Errors:
    if lookups.is_category(terms.category_id):
        return {}
    return {"category": [_("This category is not in the list. Choose the one that fits best.")]}


def _check_places(terms: RequestTerms, lookups: RequestLookups, *, group_id: int) -> Errors:
    errors: Errors = {}
    if terms.delivery_province_id not in lookups.province_ids:
        errors["delivery_province"] = [_("Choose a province from the list.")]
    banner_id = terms.banner_id
    if banner_id is not None and not lookups.has_banner(group_id=group_id, banner_id=banner_id):
        errors["banner"] = [_("Choose one of your own banners.")]
    if terms.outlet_ids and "banner" not in errors:
        errors |= _check_outlets(terms, group_id=group_id)
    return errors


def _check_outlets(terms: RequestTerms, *, group_id: int) -> Errors:
    wanted = set(terms.outlet_ids)
    found = dict(
        Outlet.objects.filter(
            pk__in=wanted, banner__group=group_id, is_archived=False, banner__is_archived=False
        ).values_list("pk", "banner_id")
    )
    if wanted - set(found):
        return {"outlets": [_("Choose from your own outlets.")]}
    if terms.banner_id is not None and set(found.values()) - {terms.banner_id}:
        return {"outlets": [_("One of these outlets belongs to another banner.")]}
    return {}


def _check_conditions(terms: RequestTerms) -> Errors:
    errors: Errors = {}
    if terms.minimum_stars not in dict(STAR_MINIMA):
        errors["minimum_stars"] = [_("Choose one from the list.")]
    if not _all_known(terms.required_papers, PaperKind.values):
        errors["required_papers"] = [_("Choose papers from the list.")]
    if not _all_known(terms.preferred_papers, PaperKind.values):
        errors["preferred_papers"] = [_("Choose papers from the list.")]
    if terms.market not in Market.values:
        errors["market"] = [_("Choose one from the list.")]
    if terms.storage and terms.storage not in StorageClass.values:
        errors["storage"] = [_("Choose one from the list.")]
    return errors


def _all_known(codes: Iterable[str], known: Iterable[str]) -> bool:
    return set(codes) <= set(known)
