"""Which offers and requests a change of roads or pacts lies between."""

from __future__ import annotations

from buyers import selectors as buyers
from core.freight.registry import Change, Stakes
from core.kernel import clock
from core.places import selectors as places
from matchmaking import columns
from producers import selectors as producers


def meetings_on(ground: columns.Ground, *, touched: columns.Touched) -> list[columns.Meetings]:
    """Return the pairs of open offers and requests between which something differs."""
    offers = producers.open_offers().values_list("pk", "origin_province_id", "origin_commune_id")
    requests = [columns.Side(one.request_id, one.places) for one in buyers.request_facts(None)]
    sides = (columns.Side(pk, ((province, commune),)) for pk, province, commune in offers)
    return columns.meetings(sides, requests, ground=ground, touched=touched)


def stakes_of(change: Change) -> Stakes:
    """Return how many open offers and requests a change of roads or pacts lies between."""
    today = columns.ground_on(clock.today())
    nodes = list(today.row_of_node)
    before, after = (
        columns.ground_of(
            places.matrix_of(links or [], nodes=nodes),
            pacts=pacts,
            code_of_province=today.code_of_province,
        )
        for links, pacts in (
            (change.links_before, change.pacts_before),
            (change.links_after, change.pacts_after),
        )
    )
    found = meetings_on(after, touched=columns.touched(before, after=after))
    return Stakes(
        offers=sum(len(block.offer_ids) for block in found),
        requests=len({one for block in found for one in block.request_ids}),
        pairs=sum(block.pairs for block in found),
    )
