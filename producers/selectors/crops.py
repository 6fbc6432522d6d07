"""Which kinds of products a paper may be for alone: what is grown or raised, by product set."""

from __future__ import annotations

from typing import Final

from django.db.models import QuerySet

from core.catalogue import selectors as catalogue
from core.catalogue.models import ProductCategory
from producers.enums import PaperKind

_PLANTS: Final = ("B01", "B03", "B10", "B11", "B12", "B13", "B20", "B23", "B24")
_ANIMALS: Final = ("B02", "B04")
_OF_PLANTS: Final = frozenset({PaperKind.GROWING_AREA_CODE, PaperKind.PACKING_FACILITY_CODE})


def crops_for(kind: str) -> QuerySet[ProductCategory]:
    """Return the kinds a paper of this kind may name, in the order of the tree, with their sets."""
    codes = _PLANTS if kind in _OF_PLANTS else _PLANTS + _ANIMALS
    found = catalogue.leaves().filter(parent__code__in=codes)
    return found.select_related("parent").order_by("order_lo")


def is_crop(category_id: int, *, kind: str) -> bool:
    """Tell whether a paper may be for a kind of product, or for a branch that holds such kinds."""
    named = catalogue.categories().filter(pk=category_id).first()
    if named is None:
        return False
    span = (named.order_lo, named.order_hi)
    return crops_for(kind).filter(order_lo__range=span).exists()
