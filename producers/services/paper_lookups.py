"""What the checks of papers ask the database, read once for many papers."""

from __future__ import annotations

from collections.abc import Iterable

from core.accounts.models import Organisation
from core.places import selectors as places
from producers.models import Product
from producers.selectors import crops

_Home = tuple[int | None, int | None]


class PaperLookups:
    """Whose products, crops and communes there are; what was not read before is asked for once."""

    def __init__(self, *, products: Iterable[tuple[int, int]] = ()) -> None:
        """Start with known pairs of a producer's id and its product's."""
        self._products = dict.fromkeys(products, True)
        self._crops: dict[tuple[int, str], bool] = {}
        self._homes: dict[int, _Home] = {}
        self._communes: dict[int, frozenset[int]] = {}

    def has_product(self, *, producer_id: int, product_id: int) -> bool:
        """Tell whether a product is the producer's own, archived or not."""
        asked = (producer_id, product_id)
        if asked not in self._products:
            own = Product.objects.filter(pk=product_id, producer_id=producer_id)
            self._products[asked] = own.exists()
        return self._products[asked]

    def is_crop(self, category_id: int, *, kind: str) -> bool:
        """Tell whether a paper of this kind may be for a kind of product alone."""
        asked = (category_id, kind)
        if asked not in self._crops:
            self._crops[asked] = crops.is_crop(category_id, kind=kind)
        return self._crops[asked]

    def province_of(self, producer_id: int) -> int | None:
        """Return the province of a producer; None where it is not known."""
        return self._home_of(producer_id)[0]

    def commune_of(self, producer_id: int) -> int | None:
        """Return the commune of a producer; None where it is not known."""
        return self._home_of(producer_id)[1]

    def is_commune_near(self, commune_id: int, *, producer_id: int) -> bool:
        """Tell whether a commune of today lies in the producer's province."""
        province_id = self.province_of(producer_id) or 0
        if province_id not in self._communes:
            found = places.communes_of(province_id).values_list("pk", flat=True)
            self._communes[province_id] = frozenset(found)
        return commune_id in self._communes[province_id]

    def _home_of(self, producer_id: int) -> _Home:
        if producer_id not in self._homes:
            home = Organisation.objects.filter(pk=producer_id)
            found = home.values_list("province_id", "commune_id").first()
            self._homes[producer_id] = found or (None, None)
        return self._homes[producer_id]
