"""Reading the category tree."""

from __future__ import annotations

from django.db.models import Count, Max, QuerySet

from core.catalogue.enums import CategoryLevel
from core.catalogue.models import FormerSet, ProductCategory

# What keeps this long is sold in every month; its season only says when it is harvested.
KEEPS_ALL_YEAR_DAYS = 120


def categories() -> QuerySet[ProductCategory]:
    """Return the categories in use, in the order of the tree."""
    return ProductCategory.objects.filter(is_active=True)


def tree_version() -> tuple[object, ...]:
    """Name the tree as it stands; another name whenever a category in use changed."""
    state = categories().aggregate(n=Count("pk"), changed=Max("updated_at"))
    return tuple(state.values())


def leaves() -> QuerySet[ProductCategory]:
    """Return the kinds of products in use, in the order of the tree."""
    return categories().filter(level=CategoryLevel.LEAF)


def group_starts() -> list[int]:
    """Return where each OCOP group begins in the order of the tree."""
    groups = categories().filter(level=CategoryLevel.GROUP)
    return list(groups.order_by("order_lo").values_list("order_lo", flat=True))


def category_by_code(code: str) -> ProductCategory | None:
    """Return the category in use with a code."""
    return categories().filter(code=code).first()


def subtree(category: ProductCategory) -> QuerySet[ProductCategory]:
    """Return a category and everything below it, in the order of the tree."""
    return categories().filter(order_lo__range=(category.order_lo, category.order_hi))


def path_of(category: ProductCategory) -> list[ProductCategory]:
    """Return a category's ancestors from the root down, and itself."""
    return list(
        categories().filter(order_lo__lte=category.order_lo, order_hi__gte=category.order_hi)
    )


def is_in_season(category: ProductCategory, *, month: int) -> bool | None:
    """Tell whether goods of a kind are on sale fresh in a month; None where nothing is known.

    Args:
        category: A leaf; seasons may wrap the year.
        month: 1 to 12.
    """
    if (category.shelf_life_days or 0) >= KEEPS_ALL_YEAR_DAYS:
        return True
    if not category.season_months:
        return None
    return month in category.season_months


def former_sets(criteria_version: str = "") -> QuerySet[FormerSet]:
    """Return the product sets of earlier OCOP lists, or of one of them, in its order."""
    found = FormerSet.objects.all()
    return found.filter(criteria_version=criteria_version) if criteria_version else found


def sets_today(criteria_version: str, *, number: int) -> list[ProductCategory]:
    """Return the sets of today that took over a set of an earlier list, the main one first.

    Args:
        criteria_version: The list an old certificate was given under: "2019".
        number: The set's number in it. None of today's may match: then the list is empty.
    """
    former = former_sets(criteria_version).filter(number=number).first()
    codes = former.sets_today if former else []
    found = {row.code: row for row in categories().filter(code__in=codes)}
    return [found[code] for code in codes if code in found]
