"""Changing what a producer makes."""

from __future__ import annotations

from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from stdnum import ean
from stdnum.exceptions import ValidationError as NotAGtin

from core.catalogue.enums import StorageClass
from core.catalogue.models import ProductCategory
from core.catalogue.services import record_choice
from core.kernel.errors import IllegalTransitionError, InvalidInputError
from core.kernel.text import fold
from producers.enums import OfferStatus
from producers.models import Product, SupplyOffer
from producers.services.announcing import announce_changed_offers
from producers.services.checking import FieldErrors
from producers.services.files import delete_after_commit
from producers.services.inputs import ProductInput
from producers.services.profiles import register_producer

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
    _save_once(product)
    _remember_choice(product)
    return product


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
    _save_once(product)
    seen = _seen_by_matching(product)
    if seen[:2] != before[:2]:
        _remember_choice(product)
    if seen != before:
        announce_changed_offers(Q(product_id=product_id))
    return product


@transaction.atomic
def archive_product(*, product_id: int) -> Product:
    """Take a product off the list; its papers and past offers stay.

    Raises:
        IllegalTransitionError: It has published offers.
    """
    product = Product.objects.select_for_update(no_key=True).get(pk=product_id)
    if SupplyOffer.objects.filter(product=product, status=OfferStatus.PUBLISHED).exists():
        raise IllegalTransitionError(_("Withdraw its published offers first."))
    product.is_archived = True
    product.version += 1
    product.save(update_fields=["is_archived", "version"])
    return product


@transaction.atomic
def restore_product(*, product_id: int) -> Product:
    """Put an archived product back on the list.

    Raises:
        InvalidInputError: Another product has taken its name meanwhile.
    """
    product = Product.objects.select_for_update(no_key=True).get(pk=product_id)
    product.is_archived = False
    product.version += 1
    _save_once(product)
    return product


def check_product(*, values: ProductInput) -> None:
    """Look at a product's values without storing them.

    Raises:
        InvalidInputError: With the fields `add_product` and `revise_product` would refuse.
    """
    _set(Product(), values)


def checked_gtin(typed: str) -> str | None:
    """Return the barcode's digits, or None where length or check digit are wrong."""
    digits = typed.replace(" ", "").replace("-", "")
    if not digits.isascii() or not digits.isdigit() or len(digits) not in GTIN_LENGTHS:
        return None
    try:
        return str(ean.validate(digits))
    except NotAGtin:
        return None


def _remember_choice(product: Product) -> None:
    record_choice(
        name=product.name,
        category_id=product.category_id,
        organisation_id=product.producer_id,
        province_id=product.producer.organisation.province_id,
    )


def _seen_by_matching(product: Product) -> tuple[object, ...]:
    return tuple(getattr(product, name) for name in _SEEN_BY_MATCHING)


def _set(product: Product, values: ProductInput) -> None:
    errors = FieldErrors()
    product.name = errors.line("name", typed=values.name, most=_NAME_LENGTH, required=True)
    product.description = errors.lines("description", typed=values.description, most=4000)
    errors.choice("storage", value=values.storage, known=StorageClass.values)
    _check_gtin(errors, product, values.gtin)
    if not ProductCategory.objects.filter(pk=values.category_id, is_active=True).exists():
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


def _save_once(product: Product) -> None:
    try:
        with transaction.atomic():
            product.save()
    except IntegrityError as error:
        if "product_name_once" not in str(error):
            raise
        message = _("You have a product of this name already. Change that one, or add a word.")
        raise InvalidInputError(message, {"name": [message]}) from error
