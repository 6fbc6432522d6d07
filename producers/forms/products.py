"""The form of a product."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from crispy_forms.layout import Column, Row
from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from core.catalogue.enums import StorageClass
from core.catalogue.models import ProductCategory
from core.catalogue.selectors import search_categories
from core.web.fields import CleanCharField, CleanTextField
from producers import selectors
from producers.forms.base import helper_with, photo_field, set_choices
from producers.models import Product
from producers.services import ProductInput

_SUGGESTED = 5
_CHOOSE = _("Choose…")
Options = list[tuple[object, object]]


class ProductForm(forms.Form):
    """One product; its category may be found by the words of its name."""

    name = CleanCharField(
        label=_("Name"),
        max_length=200,
        help_text=_("As it stands on the label, for example Cam Vạn Yên."),
    )
    category = forms.TypedChoiceField(
        label=_("Category"),
        coerce=int,
        help_text=_("Matching starts here. Type a few letters to find it."),
        error_messages={"required": _("Choose a category from the list.")},
    )
    storage = forms.ChoiceField(label=_("Storage"), choices=[])
    shelf_life_days = forms.IntegerField(
        label=_("Shelf life in days"),
        required=False,
        min_value=1,
        max_value=3650,
        help_text=_("Empty: the usual one of the category counts."),
    )
    gtin = CleanCharField(
        label=_("Barcode (GTIN)"),
        max_length=40,
        required=False,
        help_text=_("8, 12, 13 or 14 digits, if you have one. Many chains ask for it."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    description = CleanTextField(label=_("Description"), max_length=4000, required=False)
    photo = photo_field(label=_("Photo"))
    remove_photo = forms.BooleanField(label=_("Remove the photo"), required=False)

    def __init__(self, *args: Any, product: Product | None = None, **kwargs: Any) -> None:
        kwargs["initial"] = _initial(product)
        super().__init__(*args, **kwargs)
        set_choices(self, "storage", choices=[("", _CHOOSE), *StorageClass.choices])
        picker = {"data-picker": "", "data-placeholder": _("Type a few letters")}
        self.fields["category"].widget.attrs.update(picker)
        categories = [("", _CHOOSE), *_suggested(self), *_grouped()]
        set_choices(self, "category", choices=categories)
        has_photo = product is not None and bool(product.photo)
        if not has_photo:
            del self.fields["remove_photo"]
        self.helper = helper_with(
            "name",
            "category",
            Row(Column("storage"), Column("shelf_life_days"), css_class="row-cols-1 row-cols-md-2"),
            "gtin",
            "description",
            "photo",
            *(["remove_photo"] if has_photo else []),
        )

    def clean(self) -> dict[str, object]:
        """Say which categories the name suggests when none was chosen."""
        if "category" in self.errors and (found := _found_by_name(self)):
            words = _now("Your product's name suggests: %(names)s. They stand first in the list.")
            names = ", ".join(one.name for one in found)
            self.add_error("category", words % {"names": names})
        return self.cleaned_data

    def values(self) -> ProductInput:
        """Return the product for the service."""
        typed = self.cleaned_data
        return ProductInput(
            name=typed["name"],
            category_id=typed["category"],
            storage=typed["storage"],
            description=typed["description"],
            gtin=typed["gtin"],
            shelf_life_days=typed["shelf_life_days"],
        )


def _initial(product: Product | None) -> dict[str, object]:
    if product is None:
        return {}
    names = ("name", "storage", "shelf_life_days", "gtin", "description")
    return {name: getattr(product, name) for name in names} | {"category": product.category_id}


def _found_by_name(form: ProductForm) -> list[ProductCategory]:
    name = str(form.data.get("name", ""))[:200] if form.is_bound else ""
    return list(search_categories(name, limit=_SUGGESTED, leaves_only=True)) if name else []


def _suggested(form: ProductForm) -> Options:
    if not form.is_bound or form.data.get("category"):
        return []
    found = _found_by_name(form)
    return [(_("Suggested for the name"), _options(found))] if found else []


def _grouped() -> Options:
    groups: dict[str, list[ProductCategory]] = {}
    for category in selectors.product_categories():
        group = category.parent.name if category.parent else category.name
        groups.setdefault(group, []).append(category)
    return [(group, _options(members)) for group, members in groups.items()]


def _options(categories: Iterable[ProductCategory]) -> Options:
    return [(category.pk, category.name) for category in categories]
