"""The form of a supply offer."""

from __future__ import annotations

from typing import Any, Final

from crispy_forms.layout import Column, Fieldset, Row
from django import forms
from django.db.models import QuerySet
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from core.accounts.models import Organisation
from core.catalogue.enums import StorageClass
from core.kernel import clock
from core.places import selectors as places
from core.web.fields import CleanTextField
from core.web.typed_fields import TypedDateField, TypedMoneyField, TypedQuantityField
from core.web.typed_forms import TypedAmountsForm
from producers import selectors
from producers.forms.base import helper_with, set_choices, set_rows
from producers.models import Product, SupplyOffer
from producers.services import OfferInput

COPIED: Final = (
    "quantity",
    "pack_size",
    "weekly_capacity",
    "minimum_lot",
    "price_vnd",
    "available_from",
    "available_to",
    "storage",
    "note",
)
COPIED_IDS: Final = ("product", "unit", "pack_unit", "origin_province", "origin_commune")
_LONGEST_ID = 9


class OfferForm(TypedAmountsForm):
    """One supply offer, draft or published."""

    product: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label=_("Product"), queryset=None, empty_label=_("Choose…")
    )
    quantity = TypedQuantityField(
        label=_("Quantity"),
        help_text=_(
            "All you can deliver in the window below. For example 1,500, 3 tạ rưỡi or "
            "200 cartons x 10 kg."
        ),
    )
    unit: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label=_("Unit"), queryset=None, empty_label=_("Choose…")
    )
    pack_size = TypedQuantityField(
        label=_("Content of one pack"),
        required=False,
        help_text=_("Only for boxes, bottles, bags and other packs."),
    )
    pack_unit: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label=_("Unit of the content"), queryset=None, required=False, empty_label="–"
    )
    weekly_capacity = TypedQuantityField(
        label=_("Most you can deliver in a week"),
        required=False,
        help_text=_("In the unit above."),
    )
    minimum_lot = TypedQuantityField(
        label=_("Smallest lot you deliver"), required=False, help_text=_("In the unit above.")
    )
    price_vnd = TypedMoneyField(
        label=_("Lowest price for one unit, in đồng"),
        required=False,
        help_text=_(
            "Shown to the buyers it is matched with, never in public. For example 95,000 or 95k/kg."
        ),
    )
    available_from = TypedDateField(label=_("Available from"), end="first")
    available_to = TypedDateField(
        label=_("Available to"),
        end="last",
        help_text=_("For example 31/12/2026, cuối tháng 12 or 23 tháng Chạp."),
    )
    storage = forms.ChoiceField(label=_("Storage"), required=False)
    origin_province: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label=_("Province of origin"), queryset=None, empty_label=None
    )
    origin_commune: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label=_("Commune of origin"),
        queryset=None,
        required=False,
        empty_label=_("Not said"),
        error_messages={"invalid_choice": _("This commune is not in that province. Choose again.")},
    )
    note = CleanTextField(
        label=_("Note to buyers"),
        max_length=1000,
        required=False,
        rows=3,
        help_text=_("Sizes, varieties, packing. Leave out phone and e-mail."),
    )

    lot_fields = ("weekly_capacity", "minimum_lot")
    price_field = "price_vnd"

    def __init__(
        self,
        *args: Any,
        organisation: Organisation,
        offer: SupplyOffer | None = None,
        product: Product | None = None,
        **kwargs: Any,
    ) -> None:
        kwargs["initial"] = _initial_of(offer) if offer else _initial_new(organisation, product)
        super().__init__(*args, **kwargs)
        self._fill_lists(organisation)
        self.helper = _layout()

    def _fill_lists(self, organisation: Organisation) -> None:
        province_id = self._province_id() or organisation.province_id
        lists: dict[str, QuerySet[Any]] = {
            "product": selectors.products_of(organisation.pk),
            "unit": selectors.offer_units(),
            "pack_unit": selectors.content_units(),
            "origin_province": places.provinces(),
            "origin_commune": places.communes_of(province_id),
        }
        for name, queryset in lists.items():
            set_rows(self, name, rows=queryset)
        storage = [("", _("As the product")), *StorageClass.choices]
        set_choices(self, "storage", choices=storage)
        self.fields["origin_commune"].widget.attrs["id"] = "id_origin_commune"
        self.fields["origin_province"].widget.attrs.update(
            {
                "hx-get": reverse_lazy("producers:commune_options"),
                "hx-trigger": "change",
                "hx-target": "#id_origin_commune",
            }
        )

    def _province_id(self) -> int | None:
        typed = str(self.data.get("origin_province") or self.initial.get("origin_province") or "")
        is_id = typed.isascii() and typed.isdigit() and len(typed) <= _LONGEST_ID
        return int(typed) if is_id else None

    def values(self) -> OfferInput:
        """Return the offer for the service."""
        typed = self.cleaned_data
        plain: dict[str, Any] = {name: typed[name] for name in COPIED}
        ids: dict[str, Any] = {
            f"{name}_id": typed[name].pk if typed[name] else None for name in COPIED_IDS
        }
        return OfferInput(**plain, **ids)


def _layout() -> Any:
    two = "row-cols-1 row-cols-md-2"
    pair = "row-cols-2"
    return helper_with(
        Fieldset(
            _("What and how much"),
            "product",
            Row(Column("quantity"), Column("unit"), css_class=two),
            Row(Column("pack_size"), Column("pack_unit"), css_class=pair),
            Row(Column("weekly_capacity"), Column("minimum_lot"), css_class=two),
            "price_vnd",
        ),
        Fieldset(
            _("When"),
            Row(Column("available_from"), Column("available_to"), css_class=two),
        ),
        Fieldset(
            _("Where and how"),
            Row(Column("origin_province"), Column("origin_commune"), css_class=two),
            "storage",
            "note",
        ),
    )


def _initial_of(offer: SupplyOffer) -> dict[str, object]:
    plain = {name: getattr(offer, name) for name in COPIED}
    return plain | {name: getattr(offer, f"{name}_id") for name in COPIED_IDS}


def _initial_new(organisation: Organisation, product: Product | None) -> dict[str, object]:
    initial: dict[str, object] = {
        "available_from": clock.today(),
        "origin_province": organisation.province_id,
        "origin_commune": organisation.commune_id,
    }
    if product is not None:
        initial |= {"product": product.pk, "unit": product.category.default_unit_id}
    return initial
