"""The engine's codes and numbers as sentences, in the language of the reader."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.catalogue.enums import Market, PaperKind, StorageClass
from core.web.templatetags.nhipcau import day, number, percent, quantity, vnd
from matchmaking.engine.explain import Change, Explanation, Facts, Part, RefusalReason
from matchmaking.engine.records import STORAGE_CLASSES, slot_names

LABELS: Final = {
    "product": gettext_lazy("Product"),
    "quantity": gettext_lazy("Quantity"),
    "price": gettext_lazy("Price at the door"),
    "window": gettext_lazy("Delivery days"),
    "freight": gettext_lazy("Way and freshness"),
    "papers": gettext_lazy("Papers and stars"),
    "pact": gettext_lazy("Provinces"),
}
ICONS: Final = {
    "product": "package",
    "quantity": "scale",
    "price": "coin",
    "window": "calendar-event",
    "freight": "truck-delivery",
    "papers": "shield-check",
    "pact": "map-pin",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PartLine:
    """One criterion as a page shows it; `score` is the fit in [0, 1], None where unknown."""

    code: str
    label: str
    icon: str
    score: float | None
    points: int
    weight: int
    detail: str
    how_to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalLine:
    """One reason against a pair, and the nearest change that would lift it (empty: none)."""

    code: str
    text: str
    change: str


def part_lines(explanation: Explanation, *, dimension: str) -> list[PartLine]:
    """Return each criterion with its number and unit.

    Args:
        explanation: What the engine found.
        dimension: Dimension both sides count in, for the unit behind quantities and prices.
    """
    unit = base_unit(dimension)
    return [
        PartLine(
            code=part.code,
            label=str(LABELS[part.code]),
            icon=ICONS[part.code],
            score=part.fit,
            points=part.points,
            weight=part.weight,
            detail=_DETAILS[part.code](part, unit),
            how_to="" if part.known else _what_is_missing(part),
        )
        for part in explanation.parts
    ]


def refusal_lines(explanation: Explanation, *, dimension: str) -> list[RefusalLine]:
    """Return each reason against the pair as a sentence, with the nearest change."""
    unit = base_unit(dimension)
    return [
        RefusalLine(
            code=reason.code,
            text=_REFUSALS[reason.code](reason.facts, unit),
            change=_change(reason, unit),
        )
        for reason in explanation.refusals
    ]


def short_refusals(codes: Iterable[str]) -> list[str]:
    """Return the gates a stored match fails, a few words each."""
    return [str(_SHORT[code]) for code in codes if code in _SHORT]


def base_unit(dimension: str) -> str:
    """Return the word for one base unit of a dimension."""
    names = {"mass": "kg", "volume": _("litre"), "count": _("piece")}
    return names.get(dimension, "")


def paper_names(mask: int) -> str:
    """Return the papers of a mask by name, with the market where one is meant."""
    return ", ".join(_paper_name(slot) for slot in slot_names(mask))


def _paper_name(slot: str) -> str:
    kind, _colon, market = slot.partition(":")
    name = str(PaperKind(kind).label) if kind in PaperKind.values else kind
    if not market:
        return name
    place = str(Market(market).label) if market in Market.values else market
    return _("%(paper)s for %(market)s") % {"paper": name, "market": place}


def _day(facts: Facts, name: str) -> str:
    value = facts.get(name)
    return day(dt.date.fromordinal(int(value))) if value is not None else day(None)


def _days(facts: Facts, first: str, last: str) -> str:
    return f"{_day(facts, first)} – {_day(facts, last)}"


def _hours(value: float) -> str:
    return _("%(hours)s hours") % {"hours": number(round(value, 1))}


def _per(value: float, unit: str) -> str:
    return f"{vnd(value)}/{unit}"


# --- Why ---------------------------------------------------------------------------------------


def _product(part: Part, _unit: str) -> str:
    similarity = part.facts.get("similarity")
    same = part.facts.get("closeness", 0) >= 1
    kind = _("the very kind asked for") if same else _("within the wider group asked for")
    if similarity is None:
        return kind
    return _("%(kind)s, names %(share)s alike") % {"kind": kind, "share": percent(similarity)}


def _quantity(part: Part, unit: str) -> str:
    values = {
        "available": quantity(part.facts.get("available_base")),
        "asked": quantity(part.facts.get("asked_base"), unit),
    }
    return _("%(available)s of %(asked)s on those days") % values


def _price(part: Part, unit: str) -> str:
    facts = part.facts
    landed, ceiling = facts.get("landed_vnd_per_base"), facts.get("ceiling_vnd_per_base")
    if landed is None:
        return ""
    text = _("%(landed)s delivered, of it %(freight)s freight") % {
        "landed": _per(landed, unit),
        "freight": _per(facts.get("freight_vnd_per_base", 0), unit),
    }
    if ceiling is None:
        return text
    return _("%(text)s; the buyer pays up to %(ceiling)s") % {
        "text": text,
        "ceiling": _per(ceiling, unit),
    }


def _window(part: Part, _unit: str) -> str:
    shared, asked = int(part.facts.get("delivery_days", 0)), int(part.facts.get("asked_days", 0))
    text = ngettext("%(shared)d of %(asked)d day", "%(shared)d of %(asked)d days", asked) % {
        "shared": shared,
        "asked": asked,
    }
    if shared == 0:
        return text
    return f"{text} ({_days(part.facts, 'delivery_first_day', 'delivery_last_day')})"


def _freight(part: Part, _unit: str) -> str:
    facts = part.facts
    if "hours" not in facts:
        return ""
    way = _("%(km)s km, %(hours)s door to door") % {
        "km": number(round(facts.get("km", 0))),
        "hours": _hours(facts["hours"]),
    }
    if "limit_hours" not in facts:
        return way
    return _("%(way)s; it keeps for %(limit)s on the road") % {
        "way": way,
        "limit": _hours(facts["limit_hours"]),
    }


def _papers(part: Part, _unit: str) -> str:
    facts = part.facts
    stars, minimum = int(facts.get("stars", 0)), int(facts.get("minimum_stars", 0))
    if minimum:
        words = _("%(stars)d★, %(minimum)d★ asked") % {"stars": stars, "minimum": minimum}
    else:
        words = _("%(stars)d★") % {"stars": stars} if stars else _("no OCOP stars")
    above = int(facts.get("papers_above", 0))
    more = ngettext(
        "%(count)d paper more than required", "%(count)d papers more than required", above
    ) % {"count": above}
    return f"{words}; {more}" if above else words


def _pact(part: Part, _unit: str) -> str:
    if part.facts.get("pact"):
        return _("same province, or provinces with a cooperation pact")
    return _("no cooperation pact between the two provinces yet")


def _what_is_missing(part: Part) -> str:
    hints = {
        "price": _("State a price and a ceiling, and this can be compared."),
        "freight": _("State places and shelf life, and this can be compared."),
        "product": _("Describe the product in a few words, and this can be compared."),
    }
    return hints.get(part.code, "")


_DETAILS: Final[dict[str, Callable[[Part, str], str]]] = {
    "product": _product,
    "quantity": _quantity,
    "price": _price,
    "window": _window,
    "freight": _freight,
    "papers": _papers,
    "pact": _pact,
}


# --- Why not -----------------------------------------------------------------------------------


def _gap(facts: Facts, _unit: str) -> str:
    return _("The offer runs %(offer)s, the request %(request)s: no day in common.") % {
        "offer": _days(facts, "supply_first_day", "supply_last_day"),
        "request": _days(facts, "demand_first_day", "demand_last_day"),
    }


def _small(facts: Facts, unit: str) -> str:
    return _("The smallest lot is %(lot)s, but only %(trade)s would change hands.") % {
        "lot": quantity(facts.get("minimum_lot_base"), unit),
        "trade": quantity(facts.get("tradeable_base"), unit),
    }


def _missing(facts: Facts, _unit: str) -> str:
    return _("Required, but not there or not verified: %(papers)s.") % {
        "papers": paper_names(int(facts["papers"]))
    }


def _lapsed(facts: Facts, _unit: str) -> str:
    return _("Not valid on the delivery days (%(days)s): %(papers)s.") % {
        "days": _days(facts, "first_day", "last_day"),
        "papers": paper_names(int(facts["papers"])),
    }


def _few_stars(facts: Facts, _unit: str) -> str:
    return _("The product has %(stars)d OCOP stars; %(minimum)d are asked for.") % {
        "stars": facts.get("stars", 0),
        "minimum": facts.get("minimum_stars", 0),
    }


def _old_stars(facts: Facts, _unit: str) -> str:
    return _("The OCOP award is valid %(award)s, which misses the delivery days.") % {
        "award": _days(facts, "valid_from_day", "valid_to_day")
    }


def _wrong_storage(facts: Facts, _unit: str) -> str:
    return _("The goods come %(offer)s; the buyer takes them %(request)s.") % {
        "offer": _storage_name(facts.get("storage")),
        "request": _storage_name(facts.get("storage_required")),
    }


def _storage_name(position: float | None) -> str:
    if position is None:
        return "–"
    return str(StorageClass(STORAGE_CLASSES[int(position)]).label).lower()


def _spoils(facts: Facts, _unit: str) -> str:
    return _("The way takes %(hours)s; goods that keep %(days)s days may travel %(limit)s.") % {
        "hours": _hours(facts.get("hours", 0)),
        "days": number(facts.get("shelf_life_days")),
        "limit": _hours(facts.get("limit_hours", 0)),
    }


def _late(facts: Facts, _unit: str) -> str:
    return _("The way takes %(hours)s; the buyer allows %(limit)s.") % {
        "hours": _hours(facts.get("hours", 0)),
        "limit": _hours(facts.get("limit_hours", 0)),
    }


def _dear(facts: Facts, unit: str) -> str:
    landed = facts.get("landed_vnd_per_base", facts.get("price_vnd_per_base", 0))
    return _("%(landed)s delivered is too far above the ceiling of %(ceiling)s.") % {
        "landed": _per(landed, unit),
        "ceiling": _per(facts.get("ceiling_vnd_per_base", 0), unit),
    }


_REFUSALS: Final[dict[str, Callable[[Facts, str], str]]] = {
    "same_organisation": lambda _f, _u: _("Offer and request belong to the same organisation."),
    "category": lambda _f, _u: _("The product is not of the kind asked for."),
    "dimension": lambda _f, _u: _(
        "One side counts by weight or volume, the other by the piece: they do not compare."
    ),
    "window": _gap,
    "no_quantity": lambda _f, _u: _("The offer holds no quantity for those days."),
    "below_minimum_lot": _small,
    "papers_missing": _missing,
    "papers_not_valid": _lapsed,
    "stars_too_few": _few_stars,
    "stars_not_valid": _old_stars,
    "storage": _wrong_storage,
    "invoice": lambda _f, _u: _("The buyer needs an invoice; the producer does not issue one."),
    "barcode": lambda _f, _u: _("The buyer needs a barcode; the product has none."),
    "shelf_life": _spoils,
    "lead_time": _late,
    "price": _dear,
    "unreachable": lambda _f, _u: _("No open road joins the two places today."),
}

_SHORT: Final = {
    "same_organisation": gettext_lazy("same organisation"),
    "category": gettext_lazy("another kind of product"),
    "dimension": gettext_lazy("units do not compare"),
    "window": gettext_lazy("no day in common"),
    "no_quantity": gettext_lazy("no quantity"),
    "below_minimum_lot": gettext_lazy("lot too small"),
    "papers_missing": gettext_lazy("a required paper is missing or no longer valid"),
    "papers_not_valid": gettext_lazy("a paper is not valid on the delivery days"),
    "stars_too_few": gettext_lazy("too few OCOP stars"),
    "stars_not_valid": gettext_lazy("the OCOP award is not valid on the delivery days"),
    "storage": gettext_lazy("stored another way"),
    "invoice": gettext_lazy("no invoice"),
    "barcode": gettext_lazy("no barcode"),
    "shelf_life": gettext_lazy("too far for its shelf life"),
    "lead_time": gettext_lazy("the way takes too long"),
    "price": gettext_lazy("price above the ceiling"),
    "unreachable": gettext_lazy("no open road"),
    "below_minimum": gettext_lazy("fits too little"),
    "offer_left": gettext_lazy("the offer is no longer open"),
    "request_left": gettext_lazy("the request is no longer open"),
}


# --- What would make it fit --------------------------------------------------------------------


def _change(reason: RefusalReason, unit: str) -> str:
    change = reason.nearest_change
    return _CHANGES[change.code](change, unit) if change else ""


_CHANGES: Final[dict[str, Callable[[Change, str], str]]] = {
    "widen_category": lambda _c, _u: _("A request for the wider group would include it."),
    "state_net_content": lambda _c, _u: _("State what one pack weighs or holds."),
    "start_offer_by": lambda c, _u: (
        _("An offer that starts by %(day)s would fit.") % {"day": _day(c.facts, "day")}
    ),
    "extend_offer_to": lambda c, _u: (
        _("An offer that runs until %(day)s would fit.") % {"day": _day(c.facts, "day")}
    ),
    "state_quantity": lambda _c, _u: _("State a quantity for those days."),
    "lower_minimum_lot": lambda c, u: (
        _("A smallest lot of %(lot)s would fit.")
        % {"lot": quantity(c.facts.get("minimum_lot_base"), u)}
    ),
    "obtain_papers": lambda c, _u: (
        _("Obtain, or have verified: %(papers)s.") % {"papers": paper_names(int(c.facts["papers"]))}
    ),
    "renew_papers": lambda c, _u: (
        _("Renew for %(days)s: %(papers)s.")
        % {
            "days": _days(c.facts, "first_day", "last_day"),
            "papers": paper_names(int(c.facts["papers"])),
        }
    ),
    "reach_stars": lambda c, _u: (
        _("An OCOP award of %(stars)d stars would fit.") % {"stars": c.facts.get("stars", 0)}
    ),
    "renew_stars": lambda c, _u: (
        _("Renew the OCOP award for %(days)s.") % {"days": _days(c.facts, "first_day", "last_day")}
    ),
    "change_storage": lambda c, _u: (
        _("Deliver the goods %(storage)s.") % {"storage": _storage_name(c.facts.get("storage"))}
    ),
    "issue_invoice": lambda _c, _u: _("Say in the profile that invoices can be issued."),
    "register_barcode": lambda _c, _u: _("Register a barcode and add it to the product."),
    "extend_shelf_life": lambda c, _u: (
        _("A shelf life of %(days)s days would fit.")
        % {"days": number(c.facts.get("shelf_life_days"))}
    ),
    "allow_hours": lambda c, _u: (
        _("Allowing %(hours)s on the way would fit.") % {"hours": _hours(c.facts.get("hours", 0))}
    ),
    "lower_price": lambda c, u: (
        _("A price of %(price)s or less would fit.")
        % {"price": _per(c.facts.get("price_vnd_per_base", 0), u)}
    ),
    "raise_ceiling": lambda c, u: (
        _("A ceiling of %(ceiling)s or more would fit.")
        % {"ceiling": _per(c.facts.get("ceiling_vnd_per_base", 0), u)}
    ),
}
