"""What the API takes and gives: typed, with codes instead of ids where a code exists."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.catalogue import selectors as catalogue
from core.catalogue.enums import StorageClass
from core.kernel import clock
from core.places import selectors as places
from core.places.enums import AdminLevel
from core.places.models import AdminUnit
from core.web.typed_api import TypedAmountsSerializer, TypedDay, TypedQuantity, TypedVnd
from producers import selectors
from producers.enums import OfferStatus

MAX_ID: Final = 2**63 - 1
_LONGEST_CODE: Final = 40


class ExactSerializer(serializers.Serializer[Any]):
    """Refuses keys it does not know: a typo must not be dropped silently."""

    def to_internal_value(self, data: Any) -> Any:
        """Return the clean values.

        Raises:
            ValidationError: With the fields at fault.
        """
        if isinstance(data, dict) and (unknown := set(data) - set(self.fields)):
            message = _("There is no such field.")
            raise serializers.ValidationError({name: [message] for name in sorted(unknown)})
        return super().to_internal_value(data)


@extend_schema_field(OpenApiTypes.STR)
class CodeField(serializers.Field[Any, Any, Any, Any]):
    """A code that `find` turns into an id."""

    def __init__(self, *, find: Callable[[str], int | None], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._find = find

    def to_internal_value(self, data: Any) -> Any:
        """Return the id behind the code.

        Raises:
            ValidationError: There is no such code.
        """
        found = self._find(data) if isinstance(data, str) and len(data) <= _LONGEST_CODE else None
        if found is None:
            raise serializers.ValidationError(_("There is nothing of this code."))
        return found

    def to_representation(self, value: Any) -> Any:
        """Return the value as it is; rows carry codes already."""
        return value


def _unit(code: str) -> int | None:
    return selectors.offer_units().filter(code=code).values_list("pk", flat=True).first()


def category_id(code: str) -> int | None:
    """Return the id of a category by its code."""
    category = catalogue.category_by_code(code)
    return category.pk if category else None


def _place(level: AdminLevel) -> Callable[[str], int | None]:
    def find(code: str) -> int | None:
        unit: AdminUnit | None = places.unit_at(code, level=level, day=clock.today())
        return unit.pk if unit else None

    return find


commune_id: Final = _place(AdminLevel.COMMUNE)


class OfferIn(TypedAmountsSerializer, ExactSerializer):
    """A supply offer to store; quantities in `unit`, the price for one `unit`.

    Figures and days may be sent as people type them. A figure with its own unit is converted into
    `unit`; without `unit`, the one typed with the quantity holds.
    """

    lot_names = ("weekly_capacity", "minimum_lot")
    price_name = "price_vnd"

    product = serializers.IntegerField(min_value=1, max_value=MAX_ID, source="product_id")
    quantity = TypedQuantity()
    unit = CodeField(
        find=_unit, source="unit_id", required=False, help_text="Code: kg, tan, thung …"
    )
    pack_size = TypedQuantity(required=False, allow_null=True)
    pack_unit = CodeField(find=_unit, source="pack_unit_id", required=False, allow_null=True)
    weekly_capacity = TypedQuantity(required=False, allow_null=True)
    minimum_lot = TypedQuantity(required=False, allow_null=True)
    price_vnd = TypedVnd(required=False, allow_null=True)
    available_from = TypedDay(end="first")
    available_to = TypedDay(end="last")
    storage = serializers.ChoiceField(choices=StorageClass.choices, required=False)
    origin_province = CodeField(
        find=_place(AdminLevel.PROVINCE),
        source="origin_province_id",
        required=False,
        help_text="Code of today: 22. Left out: where the organisation sits.",
    )
    origin_commune = CodeField(
        find=commune_id,
        source="origin_commune_id",
        required=False,
        allow_null=True,
    )
    note = serializers.CharField(max_length=1000, required=False, allow_blank=True)


class OfferOut(serializers.Serializer[Any]):
    """A supply offer as shown."""

    id = serializers.IntegerField()
    status = serializers.ChoiceField(choices=OfferStatus.choices)
    version = serializers.IntegerField()
    organisation_id = serializers.IntegerField()
    organisation_name = serializers.CharField()
    product_id = serializers.IntegerField()
    product_name = serializers.CharField()
    category = serializers.CharField(help_text="Code of the category.")
    quantity = serializers.DecimalField(max_digits=14, decimal_places=3)
    unit_code = serializers.CharField()
    pack_size = serializers.DecimalField(max_digits=10, decimal_places=3, allow_null=True)
    pack_unit_code = serializers.CharField(allow_null=True)
    dimension = serializers.CharField()
    quantity_base = serializers.DecimalField(
        max_digits=16, decimal_places=3, help_text="In kg, litre or pieces."
    )
    weekly_capacity = serializers.DecimalField(max_digits=14, decimal_places=3, allow_null=True)
    minimum_lot = serializers.DecimalField(max_digits=14, decimal_places=3, allow_null=True)
    lowest_price_vnd = serializers.IntegerField(
        allow_null=True, help_text="For one unit; null in other organisations' offers."
    )
    available_from = serializers.DateField()
    available_to = serializers.DateField()
    storage = serializers.ChoiceField(choices=StorageClass.choices)
    origin_province_code = serializers.CharField()
    origin_commune_code = serializers.CharField(allow_null=True)
    note = serializers.CharField()
    published_at = serializers.DateTimeField(allow_null=True)


class ProductIn(ExactSerializer):
    """A product to store."""

    name = serializers.CharField(max_length=200)
    category = CodeField(find=category_id, source="category_id", help_text="Code of the category.")
    storage = serializers.ChoiceField(choices=StorageClass.choices)
    description = serializers.CharField(max_length=4000, required=False, allow_blank=True)
    gtin = serializers.CharField(max_length=40, required=False, allow_blank=True)
    shelf_life_days = serializers.IntegerField(
        min_value=1, max_value=3650, required=False, allow_null=True
    )


class ProductOut(serializers.Serializer[Any]):
    """A product as shown."""

    id = serializers.IntegerField()
    version = serializers.IntegerField()
    organisation_id = serializers.IntegerField()
    organisation_name = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField()
    category_code = serializers.CharField()
    gtin = serializers.CharField()
    storage = serializers.ChoiceField(choices=StorageClass.choices)
    shelf_life_days = serializers.IntegerField(allow_null=True)
    is_archived = serializers.BooleanField()
