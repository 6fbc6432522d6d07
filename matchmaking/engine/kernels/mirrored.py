"""The compiled walk of an offer over the requests that ask for its category."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from matchmaking.engine.kernels.heap import Best, Lists, floor_of, keep, write
from matchmaking.engine.kernels.jit import compiled, entry
from matchmaking.engine.kernels.layout import Int32s, World
from matchmaking.engine.kernels.pairs import (
    alike,
    is_gainful,
    most_product,
    product_points,
    rest,
    way,
)
from matchmaking.engine.values import Floats, Ints


class Listing(NamedTuple):
    """Requests by category of the offers: each again for every category it asks for."""

    whole: Int32s
    """(5, n): row, mask, first and last day, door."""
    bounds: Ints
    """(2, offers): the first entry and the end."""
    origin: Int32s
    doors: Ints
    """A request behind each door: way and pact are those of all behind it."""


class Trial(NamedTuple):
    """Working memory of one thread that judges pair by pair."""

    ways: Floats
    seen: Int32s
    best: Best


@compiled
def _list_requests(world: World, listing: Listing, lists: Lists, row: int, trial: Trial) -> None:
    """Judge the requests that ask for an offer's category; names, the dearest part, come last."""
    offer, rules, size, best = world.offers[row], world.rules[0], 0, trial.best
    origin, parts, mask = world.origins[listing.origin[row]], best.parts[-1], np.int32(offer.mask)
    room, whole = lists.starts[row + 1] - lists.starts[row], listing.whole
    for at in range(listing.bounds[0, row], listing.bounds[1, row]):
        holds, meets = mask & whole[1, at] == whole[1, at], whole[2, at] <= offer.last_day
        if not (holds and meets and whole[3, at] >= offer.first_day):
            continue
        request, words = world.requests[whole[0, at]], world.words[whole[0, at]]
        ways, door = trial.ways[whole[4, at]], whole[4, at]
        if trial.seen[door] != row:
            trial.seen[door] = row
            way(world, origin, listing.doors[door], ways)
        if ways[0] > request.lead_hours or not request.quantity > 0:
            continue
        score = rest(world, row, request, ways, parts)
        floor = floor_of(best, size, room, rules.minimum)
        if score < 0 or score + most_product(request, rules) < floor:
            continue
        likeness = np.nan
        if request.has_words:
            likeness = alike(world.product[row], world.leaf[row], words)
        parts[0] = product_points(request, rules, likeness)
        if score + parts[0] >= floor and is_gainful(rules, parts):
            size = keep(best, size, room, score + parts[0], lists.ties[whole[0, at]])
    write(best, size, lists, row)


@entry
def walk_offers(world: World, listing: Listing, lists: Lists, rows: Ints, trial: Trial) -> None:
    """List the best requests of the given offers."""
    for row in rows:
        _list_requests(world, listing, lists, row, trial)
