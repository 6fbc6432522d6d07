"""Why a pair does not fit: each gate it fails, in its own words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.web.templatetags.nhipcau import number, quantity_about
from matchmaking.engine.explain import Explanation, Facts
from matchmaking.wording.changes import nearest_change
from matchmaking.wording.words import (
    base_unit,
    from_to,
    hours,
    paper_names,
    price_per,
    storage_name,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalLine:
    """One reason against a pair, and the nearest change that would lift it (empty: none)."""

    code: str
    text: str
    change: str


def refusal_lines(explanation: Explanation, *, dimension: str) -> list[RefusalLine]:
    """Return each reason against the pair as a sentence, with the nearest change."""
    unit = base_unit(dimension)
    return [
        RefusalLine(
            code=reason.code,
            text=_REFUSALS[reason.code](reason.facts, unit),
            change=nearest_change(reason, unit),
        )
        for reason in explanation.refusals
    ]


def short_refusals(codes: Iterable[str]) -> list[str]:
    """Return the gates a stored match fails, a few words each."""
    return [str(_SHORT[code]) for code in codes if code in _SHORT]


def _gap(facts: Facts, _unit: str) -> str:
    return _("The offer runs %(offer)s, the request %(request)s: no day in common.") % {
        "offer": from_to(facts, "supply_first_day", "supply_last_day"),
        "request": from_to(facts, "demand_first_day", "demand_last_day"),
    }


def _small(facts: Facts, unit: str) -> str:
    return _("The smallest lot is %(lot)s, but only %(trade)s would change hands.") % {
        "lot": quantity_about(facts.get("minimum_lot_base"), unit),
        "trade": quantity_about(facts.get("tradeable_base"), unit),
    }


def _missing(facts: Facts, _unit: str) -> str:
    return _("Required, but not there or not verified: %(papers)s.") % {
        "papers": paper_names(int(facts["papers"]))
    }


def _lapsed(facts: Facts, _unit: str) -> str:
    return _("Not valid on the delivery days (%(days)s): %(papers)s.") % {
        "days": from_to(facts, "first_day", "last_day"),
        "papers": paper_names(int(facts["papers"])),
    }


def _few_stars(facts: Facts, _unit: str) -> str:
    return _("The product has %(stars)d OCOP stars; %(minimum)d are asked for.") % {
        "stars": facts.get("stars", 0),
        "minimum": facts.get("minimum_stars", 0),
    }


def _old_stars(facts: Facts, _unit: str) -> str:
    return _("The OCOP award is valid %(award)s, which misses the delivery days.") % {
        "award": from_to(facts, "valid_from_day", "valid_to_day")
    }


def _wrong_storage(facts: Facts, _unit: str) -> str:
    return _("The goods come %(offer)s; the buyer takes them %(request)s.") % {
        "offer": storage_name(facts.get("storage")),
        "request": storage_name(facts.get("storage_required")),
    }


def _spoils(facts: Facts, _unit: str) -> str:
    return _("The way takes %(hours)s; goods that keep %(days)s days may travel %(limit)s.") % {
        "hours": hours(facts.get("hours", 0)),
        "days": number(facts.get("shelf_life_days")),
        "limit": hours(facts.get("limit_hours", 0)),
    }


def _late(facts: Facts, _unit: str) -> str:
    return _("The way takes %(hours)s; the buyer allows %(limit)s.") % {
        "hours": hours(facts.get("hours", 0)),
        "limit": hours(facts.get("limit_hours", 0)),
    }


def _dear(facts: Facts, unit: str) -> str:
    landed = facts.get("landed_vnd_per_base", facts.get("price_vnd_per_base", 0))
    return _("%(landed)s delivered is too far above the ceiling of %(ceiling)s.") % {
        "landed": price_per(landed, unit),
        "ceiling": price_per(facts.get("ceiling_vnd_per_base", 0), unit),
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
