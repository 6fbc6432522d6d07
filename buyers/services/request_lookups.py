"""What the checks of requests ask the database, read once for many requests."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from buyers.models import Banner
from core.catalogue.models import ProductCategory, Unit
from core.places import selectors as places


class RequestLookups:
    """Kinds, units, places and banners that requests name; each is asked for once."""

    def __init__(self, *, category_ids: Iterable[int] = ()) -> None:
        """Start with kinds of products that are known to be in use."""
        self._categories = dict.fromkeys(category_ids, True)
        self._banners: dict[tuple[int, int], bool] = {}

    @cached_property
    def units(self) -> dict[int, Unit]:
        """All units, by id."""
        return Unit.objects.in_bulk()

    @cached_property
    def province_ids(self) -> frozenset[int]:
        """The provinces of today."""
        return frozenset(places.provinces().values_list("pk", flat=True))

    def is_category(self, category_id: int) -> bool:
        """Tell whether a kind of product is in use."""
        if category_id not in self._categories:
            active = ProductCategory.objects.filter(pk=category_id, is_active=True)
            self._categories[category_id] = active.exists()
        return self._categories[category_id]

    def has_banner(self, *, group_id: int, banner_id: int) -> bool:
        """Tell whether a banner is one of the group's and not archived."""
        asked = (group_id, banner_id)
        if asked not in self._banners:
            own = Banner.objects.filter(group=group_id, is_archived=False)
            self._banners[asked] = own.filter(pk=banner_id).exists()
        return self._banners[asked]
