"""A catalogue that grows: the product's own tables, and the ways to look something up in them.

Imported once Django is set up for the scratch database.
"""

from __future__ import annotations

from itertools import islice
from typing import Any

from django.core.paginator import Paginator
from django.db import connection
from django.db.models import BooleanField, Func, QuerySet, Value
from search_world import names

from core.accounts.actors import ANONYMOUS
from core.kernel.text import fold
from core.search import FoldedWords, find
from producers.models import Product
from producers.selectors import products_visible_to

PAGE = 20
MOST_NAMES = 10_000_000
_ORGANISATION = (
    "INSERT INTO accounts_organisation (id, name, name_folded, kind, is_producer, is_buyer,"
    " is_organiser, tax_code, province_id, address, contact_name, contact_phone, contact_email,"
    " status, status_reason, version, is_demo, created_at)"
    " SELECT n, 'HTX ' || n, 'htx ' || n, 'cooperative', true, false, false, '', 1, '', '', '', '',"
    " CASE WHEN n %% 20 = 0 THEN 'draft' ELSE 'approved' END, '', 1, false, now()"
    " FROM generate_series(1, %s) n"
)
_PRODUCER = (
    "INSERT INTO producers_producer (organisation_id, summary, story, website, logo, version)"
    " SELECT n, '', '', '', '', 1 FROM generate_series(1, %s) n"
)
_COPY = (
    "COPY producers_product (producer_id, category_id, name, name_folded, description, gtin,"
    " storage, photo, is_archived, version, created_at) FROM STDIN"
)


class UnaccentedLike(Func):
    """`unaccent(name) ILIKE unaccent(pattern)`, the next thing people write."""

    template = "(unaccent(%(expressions)s))"
    arg_joiner = ") ILIKE unaccent("
    output_field = BooleanField()


class Shop:
    """Products of many sellers, visible as they would be to a visitor."""

    def __init__(self, *, sellers: int) -> None:
        """Open the doors: sellers stand there, the shelves are empty."""
        self.sellers, self.size = sellers, 0
        self.names = names(MOST_NAMES)
        self.taken: set[tuple[int, str]] = set()
        with connection.cursor() as cursor:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS unaccent")
            # Rows of the reference tables do not matter here; triggers and keys would ask for them.
            cursor.execute("SET session_replication_role = replica")
            cursor.execute(_ORGANISATION, [sellers])
            cursor.execute(_PRODUCER, [sellers])

    def grow(self, size: int) -> None:
        """Add products until there are `size`; the real indexes are built anew and analysed."""
        indexes = Product._meta.indexes
        with connection.schema_editor() as editor:
            for index in indexes:
                editor.remove_index(Product, index)
        with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
            for name in islice(self.names, size - self.size):
                copy.write_row(self._row(name))
        with connection.schema_editor() as editor:
            for index in indexes:
                editor.add_index(Product, index)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")

    def _row(self, name: str) -> tuple[Any, ...]:
        self.size += 1
        seller = self.size % self.sellers + 1
        if (seller, fold(name)) in self.taken:
            name = f"{name} {self.size}"
        folded = fold(name)
        self.taken.add((seller, folded))
        archived = self.size % 50 == 0
        return (seller, 1, name, folded, "", "", "ambient", "", archived, 1, "2026-01-01")

    def shown(self) -> QuerySet[Product]:
        """Return what a visitor may see, newest first."""
        return products_visible_to(ANONYMOUS).order_by("-pk")

    def search(self, typed: str) -> list[int]:
        """Return the first page by the portal's own search."""
        return _page(find(self.shown(), text=typed, folded="name_folded", exact="name"))

    def ilike(self, typed: str) -> list[int]:
        """Return the first page by ILIKE on the name."""
        return _page(
            self.shown().extra(where=["producers_product.name ILIKE %s"], params=[f"%{typed}%"])
        )

    def unaccented(self, typed: str) -> list[int]:
        """Return the first page by ILIKE on the name without accents."""
        return _page(self.shown().filter(UnaccentedLike("name", Value(f"%{typed}%"))))

    def wanted(self, meant: str, *, most: int) -> int:
        """Return how many visible products have all the words meant, at most `most`."""
        return len(self._having(meant).values_list("pk", flat=True)[:most])

    def count_wanted(self, keys: list[int], meant: str) -> int:
        """Return how many of these products have all the words meant."""
        return self._having(meant).filter(pk__in=keys).count()

    def _having(self, meant: str) -> QuerySet[Product]:
        words = self.shown().order_by().alias(words=FoldedWords("name_folded"))
        return words.filter(words__contains=fold(meant).split())


def _page(rows: Any) -> list[int]:
    """Return the keys of the first page, after counting, as a list on the portal does."""
    page = Paginator(rows, PAGE).get_page(1)
    return [product.pk for product in page.object_list]
