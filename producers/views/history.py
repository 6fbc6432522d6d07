"""What happened to an offer, as words, from its stored states."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from django.utils.translation import gettext as _

from producers import selectors
from producers.enums import OfferStatus
from producers.models import SupplyOffer

_SHOWN: Final = 30
_COMPARED: Final = (
    "product_id",
    "quantity",
    "unit_id",
    "pack_size",
    "weekly_capacity",
    "minimum_lot",
    "price_vnd",
    "available_from",
    "available_to",
    "storage",
    "origin_province_id",
    "origin_commune_id",
    "note",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the timeline."""

    at: dt.datetime
    text: str
    note: str
    status: str


def history_of(offer: SupplyOffer) -> list[Entry]:
    """Return what happened to an offer, newest first."""
    states = list(selectors.offer_revisions(offer.pk)[: _SHOWN + 1])
    entries = [_between(before, after) for after, before in pairwise(states)]
    if states and len(states) <= _SHOWN:
        first = states[-1]
        entries.append(Entry(first.pgh_created_at, _("Draft written"), "", "draft"))
    return [entry for entry in entries[:_SHOWN] if entry.text]


def _between(before: Any, after: Any) -> Entry:  # noqa: ANN401 -- pghistory's models have no types
    at = after.pgh_created_at
    if before.status != after.status:
        label = OfferStatus(after.status).label
        return Entry(at, str(label), "", after.status)
    changed = [name for name in _COMPARED if getattr(before, name) != getattr(after, name)]
    fields = SupplyOffer._meta.concrete_fields  # Django's public model API
    names = [str(field.verbose_name) for field in fields if field.attname in changed]
    if not names:
        return Entry(at, _("Refreshed after a change of the product or the producer"), "", "done")
    return Entry(at, _("Changed"), ", ".join(names), "done")
