"""Which offers and requests a changed way or pact lies between."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.places import selectors as places
from core.places.selectors import Access
from matchmaking.columns.ground import Ground, Touched
from matchmaking.engine.records import UNKNOWN_PLACE
from matchmaking.engine.values import Bools, Ints

Ways = Mapping[int, Access]


@dataclass(frozen=True, slots=True)
class Side:
    """One offer or request by where it is: (province, commune or None) ids, the first one leads."""

    id: int
    places: tuple[tuple[int, int | None], ...]


@dataclass(frozen=True, slots=True)
class Meetings:
    """Offers and requests all of whose pairs are touched, as ids in ascending order."""

    offer_ids: tuple[int, ...]
    request_ids: tuple[int, ...]

    @property
    def pairs(self) -> int:
        """How many pairs these are."""
        return len(self.offer_ids) * len(self.request_ids)


def meetings(
    offers: Iterable[Side], requests: Sequence[Side], *, ground: Ground, touched: Touched
) -> list[Meetings]:
    """Return exactly the pairs between which a way or pact differs, each once.

    Offers that start at one node in one province share their fate, so a handful of blocks holds
    any number of pairs.
    """
    ways = places.access_table()
    starts: dict[tuple[int, int], list[int]] = defaultdict(list)
    for offer in offers:
        rows, province = _standing(offer, ground, ways)
        starts[rows[0], province].append(offer.id)
    reached, provinces = _ends(requests, ground, ways)
    ids = np.array([one.id for one in requests], dtype=np.int64)
    blocks: dict[bytes, list[int]] = defaultdict(list)
    for (row, province), offer_ids in starts.items():
        met = (reached & touched.ways[row]).any(axis=1)
        if province >= 0:
            met |= (provinces >= 0) & touched.pacts[province, provinces]
        if met.any():
            blocks[met.tobytes()] += offer_ids
    return [
        Meetings(tuple(sorted(found)), tuple(sorted(ids[np.frombuffer(met, np.bool_)].tolist())))
        for met, found in blocks.items()
    ]


def _ends(requests: Sequence[Side], ground: Ground, ways: Ways) -> tuple[Bools, Ints]:
    reached = np.zeros((len(requests), len(ground.row_of_node) + 1), dtype=np.bool_)
    provinces = np.full(len(requests), UNKNOWN_PLACE, dtype=np.int64)
    for at, request in enumerate(requests):
        rows, provinces[at] = _standing(request, ground, ways)
        reached[at, rows] = True
    return reached, provinces


def _standing(side: Side, ground: Ground, ways: Ways) -> tuple[list[int], int]:
    found = (ways.get(commune or province) for province, commune in side.places)
    rows = [ground.row_of_node[way.node_id] for way in found if way]
    province = ground.code_of_province.get(side.places[0][0], -1) if side.places else -1
    return rows or [UNKNOWN_PLACE], province
