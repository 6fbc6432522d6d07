"""Which offers and requests a change of roads or pacts lies between."""

from __future__ import annotations

from buyers import selectors as buyers
from matchmaking import columns
from producers import selectors as producers


def meetings_on(ground: columns.Ground, *, touched: columns.Touched) -> list[columns.Meetings]:
    """Return the pairs of open offers and requests between which something differs."""
    offers = producers.open_offers().values_list("pk", "origin_province_id", "origin_commune_id")
    requests = [columns.Side(one.request_id, one.places) for one in buyers.request_facts(None)]
    sides = (columns.Side(pk, ((province, commune),)) for pk, province, commune in offers)
    return columns.meetings(sides, requests, ground=ground, touched=touched)
