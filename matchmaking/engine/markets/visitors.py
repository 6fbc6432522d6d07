"""Offers that do not stand in a market and ask who there would be best for them."""

from __future__ import annotations

import numpy as np

from matchmaking.engine.kernels import keeping, layout, noting, shelves
from matchmaking.engine.kernels.layout import Hot
from matchmaking.engine.kernels.shelves import Shelves
from matchmaking.engine.markets.keeping import StandingLists
from matchmaking.engine.markets.lists import Lists
from matchmaking.engine.values import Ints, SupplyColumns


def lists_of_visitors(
    supply: SupplyColumns,
    requests: keeping.Side,
    ground: keeping.Ground,
    *,
    ids: Ints,
    scratch: keeping.Scratch,
) -> Lists:
    """The best requests of each offer, which enters no list itself.

    Args:
        supply: The offers.
        requests: Those who stand.
        ground: What to judge by.
        ids: Ids of the requests by row.
        scratch: Working memory large enough for the requests.
    """
    rows, shown = np.arange(len(supply)), ground.shown
    records = np.empty(len(supply), dtype=ground.world.offers.dtype)
    noting.note_offers(noting.offers_of(supply), rows, records, rows)
    world = ground.world._replace(
        offers=records,
        papers_from=layout.laid(supply.papers_from, np.int32),
        papers_to=layout.laid(supply.papers_to, np.int32),
        leaf=layout.laid(supply.leaf_signature, np.uint64),
        product=layout.laid(supply.product_signature, np.uint64),
        origins=layout.origins_of(supply, rows=rows),
    )
    lists = StandingLists(len(rows), shown=shown, ids=ids)
    shelved = _each_alone(supply.category_order)
    shelves.shelve_offers(world, shelved, rows)
    doors = ground.doors._replace(origins=world.origins)
    mine, scratch.seen[:] = keeping.Side(shelved, lists.standing), -1
    walk = keeping.Walk(
        ground=keeping.Ground(world, doors, shown),
        mine=mine,
        theirs=requests,
        is_offering=True,
        enters=False,
        scratch=scratch,
    )
    keeping.walk_for(walk, rows)
    return lists.take(rows)


def _each_alone(category_order: Ints) -> Shelves:
    """A shelf for each offer."""
    count, (whole, real) = len(category_order), shelves.OFFER_PLACES
    places, every = np.arange(count), np.arange(count, dtype=np.int32)
    return Shelves(
        hot=Hot(np.zeros((whole, count), np.int32), np.zeros((real, count), np.float32)),
        rows=every,
        runs=np.stack([category_order, category_order + 1, places, np.ones_like(places)]),
        run=every,
        place=every,
        link=every,
    )
