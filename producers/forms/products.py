"""The form of a product."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from crispy_forms.layout import HTML, Column, Row
from django import forms
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.catalogue.enums import StorageClass
from core.catalogue.models import ProductCategory
from core.catalogue.selectors import SuggestedKind, suggested_kinds
from core.web.fields import CleanCharField, CleanTextField, CountField
from producers import selectors
from producers.forms.base import Options, by_set, helper_with, photo_field, set_choices
from producers.models import Product
from producers.services import ProductInput

_LONGEST_NAME = 200
_KINDS = (
    '<div id="id_kinds" class="mb-3" aria-live="polite">'
    '{% include "catalogue/_kinds.html" with suggestions=form.shown_kinds %}</div>'
)
_CHOOSE = _("Choose…")


class ProductForm(forms.Form):
    """One product; its category may be found by the words of its name."""

    name = CleanCharField(
        label=_("Name"),
        max_length=_LONGEST_NAME,
        help_text=_("As it stands on the label, for example Cam Vạn Yên."),
    )
    category = forms.TypedChoiceField(
        label=_("Category"),
        coerce=int,
        help_text=_("Matching starts here. Type a few letters to find it."),
        error_messages={"required": _("Choose a category from the list.")},
    )
    storage = forms.ChoiceField(label=_("Storage"), choices=[])
    shelf_life_days = CountField(
        label=_("Shelf life in days"),
        required=False,
        most=3650,
        help_text=_("Leave it empty to use the usual one of the category."),
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
        self.fields["name"].widget.attrs.update(_asking_for_kinds())
        picker = {"data-picker": "", "data-placeholder": _("Type a few letters")}
        self.fields["category"].widget.attrs.update(picker)
        categories = [("", _CHOOSE), *_suggested(self), *by_set(selectors.product_categories())]
        set_choices(self, "category", choices=categories)
        has_photo = product is not None and bool(product.photo)
        if not has_photo:
            del self.fields["remove_photo"]
        self.helper = helper_with(
            "name",
            HTML(_KINDS),
            "category",
            Row(Column("storage"), Column("shelf_life_days"), css_class="row-cols-1 row-cols-md-2"),
            "gtin",
            "description",
            "photo",
            *(["remove_photo"] if has_photo else []),
        )

    @cached_property
    def kinds(self) -> list[SuggestedKind]:
        """Kinds the typed name may be, the likeliest first."""
        name = str(self.data.get("name", ""))[:_LONGEST_NAME] if self.is_bound else ""
        return suggested_kinds(name)

    @property
    def shown_kinds(self) -> list[SuggestedKind]:
        """Kinds to show under the name: those of a name whose category is still open."""
        return self.kinds if "category" in self.errors else []

    def clean(self) -> dict[str, object]:
        """Say which categories the name suggests when none was chosen; preselect a sure one.

        A sure one is shown again before it is stored: the person decides.
        """
        if "category" not in self.errors or not self.kinds:
            return self.cleaned_data
        first = self.kinds[0]
        if first.is_sure and not self.data.get("category"):
            self.data = {name: self.data[name] for name in self.data}
            self.data["category"] = str(first.category.pk)
            words = gettext("The name says %(kind)s. We chose it for you: look again, then save.")
            self.add_error("category", words % {"kind": first.category.name})
            return self.cleaned_data
        words = gettext("Your product's name suggests: %(names)s. They stand first in the list.")
        names = ", ".join(one.category.name for one in self.kinds)
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


def _asking_for_kinds() -> dict[str, str]:
    """Return what makes the line of the name ask for kinds while it is typed."""
    return {
        "hx-get": reverse("catalogue:suggest"),
        "hx-trigger": "change, keyup changed delay:500ms",
        "hx-target": "#id_kinds",
        "hx-sync": "this:replace",
    }


def _suggested(form: ProductForm) -> Options:
    if not form.is_bound or form.data.get("category") or not form.kinds:
        return []
    return [(_("Suggested for the name"), _options(one.category for one in form.kinds))]


def _options(categories: Iterable[ProductCategory]) -> Options:
    return [(category.pk, category.name) for category in categories]
