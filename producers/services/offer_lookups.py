"""What the checks of offers ask the database, read once for many offers."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from core.accounts.models import Organisation
from core.catalogue.models import Unit
from core.places import selectors as places
from producers import selectors
from producers.models import Product


class OfferLookups:
    """Products, units and places that offers name; each is asked for once."""

    def __init__(self, *, products: Iterable[Product] = ()) -> None:
        """Start with products that are known to be on their producer's list."""
        self._products: dict[tuple[int, int], Product | None] = {
            (product.producer_id, product.pk): product for product in products
        }
        self._organisations: dict[int, Organisation] = {}
        self._communes: dict[tuple[int, int], bool] = {}

    @cached_property
    def units(self) -> dict[int, Unit]:
        """The units goods are offered in, by id."""
        return {unit.pk: unit for unit in selectors.offer_units()}

    @cached_property
    def contents(self) -> dict[int, Unit]:
        """The units a pack's content is counted in, by id."""
        return {unit.pk: unit for unit in selectors.content_units()}

    @cached_property
    def province_ids(self) -> frozenset[int]:
        """The provinces of today."""
        return frozenset(places.provinces().values_list("pk", flat=True))

    def product(self, *, producer_id: int, product_id: int) -> Product | None:
        """Return a product that is on the producer's list; None for any other."""
        asked = (producer_id, product_id)
        if asked not in self._products:
            own = Product.objects.filter(producer_id=producer_id, is_archived=False)
            self._products[asked] = own.filter(pk=product_id).first()
        return self._products[asked]

    def organisation(self, producer_id: int) -> Organisation:
        """Return who offers."""
        if producer_id not in self._organisations:
            self._organisations[producer_id] = Organisation.objects.get(pk=producer_id)
        return self._organisations[producer_id]

    def has_commune(self, *, province_id: int, commune_id: int) -> bool:
        """Tell whether a commune is in a province today."""
        asked = (province_id, commune_id)
        if asked not in self._communes:
            found = places.communes_of(province_id).filter(pk=commune_id)
            self._communes[asked] = found.exists()
        return self._communes[asked]
