"""Words that reasons for and against a pair share."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from core.catalogue.enums import Market, PaperKind, StorageClass
from core.web.templatetags.nhipcau import day, number, vnd
from matchmaking.engine.explain import Facts
from matchmaking.engine.records import STORAGE_CLASSES, slot_names


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


def on_day(facts: Facts, name: str) -> str:
    """Return one of the days a part or reason speaks of."""
    value = facts.get(name)
    return day(dt.date.fromordinal(int(value))) if value is not None else day(None)


def from_to(facts: Facts, first: str, last: str) -> str:
    """Return two of those days as a span."""
    return f"{on_day(facts, first)} – {on_day(facts, last)}"


def hours(value: float) -> str:
    """Return hours as they are said."""
    return _("%(hours)s hours") % {"hours": number(round(value, 1))}


def price_per(value: float, unit: str) -> str:
    """Return đồng for one unit."""
    return f"{vnd(value)}/{unit}"


def storage_name(position: float | None) -> str:
    """Return the storage class at a position of the engine's list."""
    if position is None:
        return "–"
    return str(StorageClass(STORAGE_CLASSES[int(position)]).label).lower()
