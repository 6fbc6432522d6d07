"""The list of a producer's products."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext_lazy

from core.accounts.actors import Actor
from core.catalogue.enums import StorageClass
from core.imports.enums import RowOutcome
from core.imports.lookups import Categories
from core.imports.reading import RowReader, changes_between
from core.imports.registry import Applied, Column, Context, Planned, Row, Text, mark_of
from core.kernel.errors import IllegalTransitionError, InvalidInputError
from core.kernel.text import clean_lines, fold
from core.sheets.cells import Cell
from producers import rules, selectors, services
from producers.models import Product
from producers.resources.columns import MOVED
from producers.services import ProductInput

COLUMNS: Final = (
    Column(
        key="name",
        header=gettext_lazy("Product name"),
        aliases=("ten", "ten san pham", "san pham", "ten hang", "product"),
        is_required=True,
        example="Cam Vạn Yên",
        help=gettext_lazy("As on the label. A row is recognised by it."),
    ),
    Column(
        key="category",
        header=gettext_lazy("Kind of product"),
        aliases=("loai", "loai san pham", "nhom hang", "chung loai", "category"),
        example="Cam",
        help=gettext_lazy("May stay empty where the name says it for certain."),
    ),
    Column(
        key="storage",
        header=gettext_lazy("Storage"),
        aliases=("bao quan", "cach bao quan"),
        example="Mát",
        help=gettext_lazy("Empty: as usual for the kind of product."),
    ),
    Column(
        key="shelf_life_days",
        header=gettext_lazy("Shelf life in days"),
        aliases=("han su dung", "hsd", "so ngay bao quan"),
        example="30",
    ),
    Column(
        key="gtin",
        header=gettext_lazy("Barcode (GTIN)"),
        aliases=("ma vach", "gtin", "barcode", "ean"),
        is_code=True,
        example="8936012345674",
        help=gettext_lazy("8, 12, 13 or 14 digits. Keep the column formatted as text."),
    ),
    Column(
        key="description",
        header=gettext_lazy("Description"),
        aliases=("mo ta", "ghi chu"),
        example="Cam chín cây, vỏ mỏng",
    ),
)


class ProductList:
    """Products by name: one row is one product on a shelf."""

    code = "products"
    name: Text = gettext_lazy("My products")
    help: Text = gettext_lazy("One row is one product. It is recognised by its name.")
    columns = COLUMNS
    is_for_officers = False
    home = "producers:product_list"

    def may_use(self, actor: Actor) -> bool:
        """Owners and editors of a producer."""
        return rules.can_sell(actor)

    def plan(self, rows: Sequence[Row], *, context: Context) -> list[Planned]:
        """Compare rows with the products of the same names."""
        readers = [RowReader(row, columns=COLUMNS) for row in rows]
        names = {folded_name(reader.text("name")) for reader in readers}
        producer_id = context.organisation_id or 0
        found = selectors.products_of(producer_id).filter(name_folded__in=names)
        stored = {product.name_folded: product for product in found}
        categories = Categories()
        return [
            _planned(reader, stored.get(folded_name(reader.text("name"))), categories)
            for reader in readers
        ]

    def apply_all(self, planned: Sequence[Planned], *, context: Context) -> list[Applied]:
        """Add what is new, and revise what changed."""
        changes = {plan.ref: plan.values for plan in planned if plan.ref is not None}
        stored = Product.objects.in_bulk(changes)
        before = {ref: dataclasses.asdict(input_of(one)) for ref, one in stored.items()}
        values = [plan.values for plan in planned if plan.ref is None]
        producer_id = context.organisation_id or 0
        new = iter(services.add_products(producer_id=producer_id, values=values))
        revised = {one.pk: one for one in services.revise_products(changes=changes)}
        products = [next(new) if plan.ref is None else revised[plan.ref] for plan in planned]
        return [
            Applied(ref=product.pk, mark=_mark(product), before=before.get(product.pk, {}))
            for product in products
        ]

    def undo_all(self, applied: Sequence[Applied], *, context: Context) -> None:
        """Archive what was added, revise what was changed back."""
        mine = selectors.products_of(context.organisation_id or 0)
        stored = mine.in_bulk([one.ref for one in applied])
        if any(one.ref not in stored or _mark(stored[one.ref]) != one.mark for one in applied):
            raise IllegalTransitionError(str(MOVED))
        services.archive_products(product_ids={one.ref for one in applied if not one.before})
        services.revise_products(
            changes={one.ref: ProductInput(**one.before) for one in applied if one.before}
        )

    def export(self, *, context: Context) -> Iterator[Mapping[str, Cell]]:
        """Yield the producer's products by name."""
        for product in selectors.products_of(context.organisation_id or 0).iterator(2000):
            yield shown(input_of(product), category=product.category.name)


def folded_name(name: str) -> str:
    """Return the form in which a product's name is unique among its producer's."""
    return (fold(name) or name)[:200]


def input_of(product: Product) -> ProductInput:
    """Return a stored product as it would be typed."""
    return ProductInput(
        name=product.name,
        category_id=product.category_id,
        storage=product.storage,
        description=product.description,
        gtin=product.gtin,
        shelf_life_days=product.shelf_life_days,
    )


def shown(values: ProductInput, *, category: str) -> dict[str, Cell]:
    """Return a product in the template's columns."""
    days = values.shelf_life_days
    return {
        "name": values.name,
        "category": category,
        "storage": str(StorageClass(values.storage).label),
        "shelf_life_days": "" if days is None else str(days),
        "gtin": values.gtin,
        "description": values.description,
    }


def _planned(reader: RowReader, stored: Product | None, categories: Categories) -> Planned:
    name = reader.text("name")
    values = _values(reader, stored, categories)
    if values is not None and (stored is None or values != input_of(stored)):
        try:
            services.check_product(values=values, categories=categories.by_id)
        except InvalidInputError as error:
            reader.refuse_all(error)
    if values is None or reader.is_refused:
        return reader.planned_refusal(key=folded_name(name), label=name)
    new = shown(values, category=categories.by_id[values.category_id].name)
    old = shown(input_of(stored), category=stored.category.name) if stored else {}
    changes = changes_between(old, new)
    same = RowOutcome.CHANGED if changes else RowOutcome.UNCHANGED
    return Planned(
        number=reader.row.number,
        outcome=same if stored else RowOutcome.NEW,
        key=folded_name(name),
        label=name,
        changes=changes,
        ref=stored.pk if stored else None,
        mark=_mark(stored) if stored else "",
        values=values,
    )


def _values(
    reader: RowReader, stored: Product | None, categories: Categories
) -> ProductInput | None:
    kept = input_of(stored) if stored else None
    category_id = kept.category_id if kept and not reader.text("category") else None
    if category_id is None:
        category = categories.read(reader, key="category", name=reader.text("name"))
        category_id = category.pk if category else None
    storage = reader.choice("storage", StorageClass)
    if category_id is None or not reader.text("name"):
        return None
    usual = kept.storage if kept else categories.by_id[category_id].storage
    typed = reader.code("gtin", otherwise=kept.gtin if kept else "")
    return ProductInput(
        name=reader.text("name"),
        category_id=category_id,
        storage=storage or usual,
        description=clean_lines(
            reader.lines("description", otherwise=kept.description if kept else "")
        ),
        gtin=services.checked_gtin(typed) or typed,
        shelf_life_days=reader.whole(
            "shelf_life_days", otherwise=kept.shelf_life_days if kept else None
        ),
    )


def _mark(product: Product) -> str:
    said: dict[str, Any] = dataclasses.asdict(input_of(product))
    return mark_of(said | {"is_archived": product.is_archived})
