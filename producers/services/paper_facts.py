"""What the checks of papers ask the database, read once for many papers."""

from __future__ import annotations

from collections.abc import Iterable

from core.catalogue.models import ProductCategory
from producers.models import Product


class PaperFacts:
    """Whose products and which crops there are; whatever was not read before is asked for once."""

    def __init__(self, *, products: Iterable[tuple[int, int]] = ()) -> None:
        """Start with known pairs of a producer's id and its product's."""
        self._products = dict.fromkeys(products, True)
        self._crops: dict[int, bool] = {}

    def has_product(self, *, producer_id: int, product_id: int) -> bool:
        """Tell whether a product is the producer's own, archived or not."""
        asked = (producer_id, product_id)
        if asked not in self._products:
            own = Product.objects.filter(pk=product_id, producer_id=producer_id)
            self._products[asked] = own.exists()
        return self._products[asked]

    def is_crop(self, category_id: int) -> bool:
        """Tell whether a crop or kind of product is in use."""
        if category_id not in self._crops:
            active = ProductCategory.objects.filter(pk=category_id, is_active=True)
            self._crops[category_id] = active.exists()
        return self._crops[category_id]
