"""Changing what a producer makes."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterator, Mapping, Sequence
from contextlib import contextmanager

from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _
from stdnum import ean
from stdnum.exceptions import ValidationError as NotAGtin

from core.catalogue.enums import StorageClass
from core.catalogue.models import ProductCategory
from core.catalogue.services import record_choices
from core.kernel.errors import IllegalTransitionError, InvalidInputError
from core.kernel.text import fold
from producers.enums import OfferStatus
from producers.models import Product, SupplyOffer
from producers.services.announcing import announce_changed_offers
from producers.services.checking import FieldErrors
from producers.services.files import delete_after_commit
from producers.services.inputs import ProductInput
from producers.services.profiles import register_producer
from producers.services.rewriting import update_locked

GTIN_LENGTHS = (8, 12, 13, 14)
MAX_SHELF_LIFE_DAYS = 3650
_NAME_LENGTH = 200
_SEEN_BY_MATCHING = ("name", "category_id", "gtin", "shelf_life_days")


@transaction.atomic
def add_product(
    *, producer_id: int, values: ProductInput, photo: File[bytes] | None = None
) -> Product:
    """Add a product to a producer's list.

    Raises:
        InvalidInputError: With the fields at fault; also when the name is on the list already.

    Emits:
        SynonymProposed when the chosen kind was not what the name is known to mean.
    """
    register_producer(organisation_id=producer_id)
    product = Product(producer_id=producer_id)
    _set(product, values)
    product.photo = photo or ""
    with _name_once():
        product.save()
    _remember_choices([product])
    return product


@transaction.atomic
def add_products(*, producer_id: int, values: Sequence[ProductInput]) -> list[Product]:
    """Add many products, all or none, in a few statements.

    Raises:
        InvalidInputError: As `add_product` for the first that is at fault.

    Emits:
        As `add_product` for each.
    """
    register_producer(organisation_id=producer_id)
    known = active_categories({one.category_id for one in values})
    products = [Product(producer_id=producer_id) for _one in values]
    for product, one in zip(products, values, strict=True):
        _set(product, one, categories=known)
    with _name_once():
        Product.objects.bulk_create(products)
    _remember_choices(products)
    return products


@transaction.atomic
def revise_product(
    *,
    product_id: int,
    values: ProductInput,
    photo: File[bytes] | None = None,
    remove_photo: bool = False,
) -> Product:
    """Change a product.

    Raises:
        Product.DoesNotExist: No such product.
        IllegalTransitionError: It is archived.
        InvalidInputError: With the fields at fault.

    Emits:
        SupplyOfferChanged for each of its published offers when matching sees the change.
        SynonymProposed when the chosen kind was not what the name is known to mean.
    """
    product = Product.objects.select_for_update(no_key=True).get(pk=product_id)
    if product.is_archived:
        raise IllegalTransitionError(_("Take the product out of the archive first."))
    before = _seen_by_matching(product)
    _set(product, values)
    if photo is not None or remove_photo:
        delete_after_commit(product.photo)
        product.photo = photo or ""
    product.version += 1
    with _name_once():
        product.save()
    seen = _seen_by_matching(product)
    if seen[:2] != before[:2]:
        _remember_choices([product])
    if seen != before:
        announce_changed_offers(Q(product_id=product_id))
    return product


@transaction.atomic
def revise_products(*, changes: Mapping[int, ProductInput]) -> list[Product]:
    """Change many products of one producer, all or none; values come by the product's id.

    Raises:
        DomainError: As `revise_product` for the first that is at fault.

    Emits:
        As `revise_product` for each.
    """
    products = _locked(changes)
    if any(product.is_archived for product in products):
        raise IllegalTransitionError(_("Take the product out of the archive first."))
    known = active_categories({one.category_id for one in changes.values()})
    renamed: list[Product] = []
    seen_otherwise: list[Product] = []
    for product in products:
        before = _seen_by_matching(product)
        _set(product, changes[product.pk], categories=known)
        product.version += 1
        seen = _seen_by_matching(product)
        if seen != before:
            seen_otherwise.append(product)
        if seen[:2] != before[:2]:
            renamed.append(product)
    with _name_once():
        update_locked(products)
    _remember_choices(renamed)
    if seen_otherwise:
        announce_changed_offers(Q(product__in=seen_otherwise))
    return products


@transaction.atomic
def archive_product(*, product_id: int) -> Product:
    """Take a product off the list; its papers and past offers stay.

    Raises:
        IllegalTransitionError: It has published offers.
    """
    return archive_products(product_ids=[product_id])[0]


@transaction.atomic
def archive_products(*, product_ids: Collection[int]) -> list[Product]:
    """Take many products off the list, all or none, in a few statements.

    Raises:
        Product.DoesNotExist: One is missing.
        IllegalTransitionError: One has published offers.
    """
    products = _locked(product_ids)
    if SupplyOffer.objects.filter(product__in=products, status=OfferStatus.PUBLISHED).exists():
        raise IllegalTransitionError(_("Withdraw its published offers first."))
    for product in products:
        product.is_archived = True
        product.version += 1
    Product.objects.filter(pk__in=product_ids).update(is_archived=True, version=F("version") + 1)
    return products


@transaction.atomic
def restore_product(*, product_id: int) -> Product:
    """Put an archived product back on the list.

    Raises:
        InvalidInputError: Another product has taken its name meanwhile.
    """
    product = Product.objects.select_for_update(no_key=True).get(pk=product_id)
    product.is_archived = False
    product.version += 1
    with _name_once():
        product.save()
    return product


def check_product(*, values: ProductInput, categories: Container[int] | None = None) -> None:
    """Look at a product's values without storing them.

    Args:
        values: As typed.
        categories: Ids of the kinds in use, where the caller has read them for many products.

    Raises:
        InvalidInputError: With the fields `add_product` and `revise_product` would refuse.
    """
    _set(Product(), values, categories=categories)


def active_categories(ids: Collection[int]) -> set[int]:
    """Return which of the kinds are in use."""
    active = ProductCategory.objects.filter(pk__in=ids, is_active=True)
    return set(active.values_list("pk", flat=True))


def checked_gtin(typed: str) -> str | None:
    """Return the barcode's digits, or None where length or check digit are wrong."""
    digits = typed.replace(" ", "").replace("-", "")
    if not digits.isascii() or not digits.isdigit() or len(digits) not in GTIN_LENGTHS:
        return None
    try:
        return str(ean.validate(digits))
    except NotAGtin:
        return None


def _locked(product_ids: Collection[int]) -> list[Product]:
    held = Product.objects.select_for_update(no_key=True).filter(pk__in=product_ids)
    products = list(held.order_by("pk"))
    if len(products) != len(product_ids):
        raise Product.DoesNotExist
    return products


def _remember_choices(products: Sequence[Product]) -> None:
    """Tell the catalogue which kinds were chosen for one producer's products."""
    for producer in {product.producer_id: product.producer for product in products[:1]}.values():
        record_choices(
            choices=[(product.name, product.category_id) for product in products],
            organisation_id=producer.pk,
            province_id=producer.organisation.province_id,
        )


def _seen_by_matching(product: Product) -> tuple[object, ...]:
    return tuple(getattr(product, name) for name in _SEEN_BY_MATCHING)


def _set(
    product: Product, values: ProductInput, *, categories: Container[int] | None = None
) -> None:
    if categories is None:
        categories = active_categories({values.category_id})
    errors = FieldErrors()
    product.name = errors.line("name", typed=values.name, most=_NAME_LENGTH, required=True)
    product.description = errors.lines("description", typed=values.description, most=4000)
    errors.choice("storage", value=values.storage, known=StorageClass.values)
    _check_gtin(errors, product, values.gtin)
    if values.category_id not in categories:
        errors.add("category", _("Choose a category from the list."))
    shelf_life = values.shelf_life_days
    if shelf_life is not None and not 1 <= shelf_life <= MAX_SHELF_LIFE_DAYS:
        errors.add("shelf_life_days", _("Write a number of days between 1 and 3,650."))
    errors.raise_any()
    # Folding may lengthen a letter (ß), and leaves nothing of a name of emoji.
    product.name_folded = (fold(product.name) or product.name)[:_NAME_LENGTH]
    product.category_id = values.category_id
    product.storage = values.storage
    product.shelf_life_days = shelf_life


def _check_gtin(errors: FieldErrors, product: Product, typed: str) -> None:
    bare = errors.line("gtin", typed=typed, most=40)
    gtin = checked_gtin(bare) if bare else ""
    if gtin is None:
        words = _("A barcode has 8, 12, 13 or 14 digits and ends in a check digit. Look again.")
        errors.add("gtin", words)
    product.gtin = gtin or ""


@contextmanager
def _name_once() -> Iterator[None]:
    """Say in words that a product of this name is on the list already."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if "product_name_once" not in str(error):
            raise
        message = _("You have a product of this name already. Change that one, or add a word.")
        raise InvalidInputError(message, {"name": [message]}) from error
