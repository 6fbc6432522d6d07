"""Which matching worker holds which offers: a category group in a region is never divided."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass

from buyers.selectors import RequestFacts
from core.catalogue import selectors as catalogue
from core.kernel import clock
from core.places import selectors as places
from producers.selectors import OfferFacts


@dataclass(frozen=True, slots=True)
class Part:
    """One of so many parts of all offers.

    A request is held by every part with offers it may ask for; its list is the best of their
    lists together. An offer is held by one part with every request that may ask for it.
    """

    number: int = 0
    parts: int = 1
    group_starts: tuple[int, ...] = ()
    """First place in the category tree of each group, ascending."""
    region_of_province: Mapping[int, int] | None = None
    """By id of a province."""

    def holds_offer(self, offer: OfferFacts) -> bool:
        """Whether this part ranks an offer."""
        if self.parts == 1:
            return True
        regions = self.region_of_province or {}
        return self._holds(
            bisect_right(self.group_starts, offer.category_order),
            regions.get(offer.origin_province_id, 0),
        )

    def holds_request(self, request: RequestFacts) -> bool:
        """Whether this part has offers a request may ask for."""
        if self.parts == 1:
            return True
        first = bisect_right(self.group_starts, request.category_lo)
        last = bisect_right(self.group_starts, request.category_hi - 1)
        regions = {0, *(self.region_of_province or {}).values()}
        return any(
            self._holds(group, region) for group in range(first, last + 1) for region in regions
        )

    def _holds(self, group: int, region: int) -> bool:
        regions = len({0, *(self.region_of_province or {}).values()})
        return (group * regions + region) % self.parts == self.number


def part_of(number: int, *, parts: int) -> Part:
    """Return a part by the category tree and the provinces of today."""
    if parts == 1:
        return Part()
    codes = {one.pk: one.region_code for one in places.provinces(on=clock.today())}
    numbers = {code: at for at, code in enumerate(sorted(set(codes.values())))}
    return Part(
        number=number,
        parts=parts,
        group_starts=tuple(catalogue.group_starts()),
        region_of_province={pk: numbers[code] for pk, code in codes.items()},
    )
