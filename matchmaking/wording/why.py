"""Why a pair fits: each criterion with its number and unit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.web.templatetags.nhipcau import number, percent, quantity_about
from matchmaking.engine.explain import Explanation, Facts, Part
from matchmaking.wording.words import base_unit, from_to, hours, price_per

LABELS: Final = {
    "product": gettext_lazy("Product"),
    "quantity": gettext_lazy("Quantity"),
    "price": gettext_lazy("Price at the door"),
    "window": gettext_lazy("Delivery days"),
    "freight": gettext_lazy("Way and freshness"),
    "papers": gettext_lazy("Papers and stars"),
    "pact": gettext_lazy("Provinces"),
    "margin": gettext_lazy("Room for the producer"),
}


_SHORTEST_TOLD_HOURS: Final = 0.05

ICONS: Final = {
    "product": "package",
    "quantity": "scale",
    "price": "coin",
    "window": "calendar-event",
    "freight": "truck-delivery",
    "papers": "shield-check",
    "pact": "map-pin",
    "margin": "coin",
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


def _product(part: Part, _unit: str) -> str:
    similarity = part.facts.get("similarity")
    same = part.facts.get("closeness", 0) >= 1
    kind = _("the very kind asked for") if same else _("within the wider group asked for")
    if similarity is None:
        return kind
    return _("%(kind)s, names %(share)s alike") % {"kind": kind, "share": percent(similarity)}


def _quantity(part: Part, unit: str) -> str:
    values = {
        "available": quantity_about(part.facts.get("available_base")),
        "asked": quantity_about(part.facts.get("asked_base"), unit),
    }
    return _("%(available)s of %(asked)s on those days") % values


def _price(part: Part, unit: str) -> str:
    facts = part.facts
    landed, ceiling = facts.get("landed_vnd_per_base"), facts.get("ceiling_vnd_per_base")
    if landed is None:
        return ""
    text = _("%(landed)s delivered, of it %(freight)s freight") % {
        "landed": price_per(landed, unit),
        "freight": price_per(facts.get("freight_vnd_per_base", 0), unit),
    }
    if ceiling is None:
        return text
    return _("%(text)s; the buyer pays up to %(ceiling)s") % {
        "text": text,
        "ceiling": price_per(ceiling, unit),
    }


def _window(part: Part, _unit: str) -> str:
    shared, asked = int(part.facts.get("delivery_days", 0)), int(part.facts.get("asked_days", 0))
    text = ngettext("%(shared)d of %(asked)d day", "%(shared)d of %(asked)d days", asked) % {
        "shared": shared,
        "asked": asked,
    }
    if shared == 0:
        return text
    return f"{text} ({from_to(part.facts, 'delivery_first_day', 'delivery_last_day')})"


def _freight(part: Part, _unit: str) -> str:
    facts = part.facts
    if "hours" not in facts:
        return ""
    way = _("%(km)s km, %(hours)s door to door (%(parts)s)") % {
        "km": number(round(facts.get("km", 0))),
        "hours": hours(facts["hours"]),
        "parts": _hours_by_part(facts),
    }
    limit, usual = facts.get("limit_hours"), facts.get("usual_hours")
    if usual is not None and (limit is None or usual < limit):
        return _("%(way)s; up to %(usual)s are usual") % {"way": way, "usual": hours(usual)}
    if limit is None:
        return way
    return _("%(way)s; it keeps for %(limit)s on the road") % {"way": way, "limit": hours(limit)}


def _hours_by_part(facts: Facts) -> str:
    """Say what the hours are made of; what takes less than three minutes is left out."""
    words = {
        "driving_hours": _("%(hours)s of driving"),
        "ferry_hours": _("%(hours)s on and before the ferry"),
        "rest_hours": _("%(hours)s of breaks and nights"),
        "loading_hours": _("%(hours)s of loading"),
    }
    return ", ".join(
        text % {"hours": hours(facts[name])}
        for name, text in words.items()
        if facts.get(name, 0) > _SHORTEST_TOLD_HOURS
    )


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


def _margin(part: Part, unit: str) -> str:
    room = part.facts.get("room_vnd_per_base")
    if room is None:
        return ""
    if room < 0:
        text = _("what the buyer pays, less freight, is %(room)s below the asked price")
    else:
        text = _("what the buyer pays, less freight, is up to %(room)s above the asked price")
    return text % {"room": price_per(abs(room), unit)}


def _what_is_missing(part: Part) -> str:
    hints = {
        "price": _("State a price and a ceiling, and this can be compared."),
        "margin": _("State a price and a ceiling, and this can be compared."),
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
    "margin": _margin,
}
