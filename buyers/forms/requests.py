"""The one page on which a request is posted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from buyers import selectors, services
from buyers.enums import QuantityPeriod, RepeatAfter
from buyers.models import STAR_MINIMA, Banner, DemandRequest, Outlet
from core.accounts.models import Organisation
from core.catalogue import selectors as catalogue
from core.catalogue.enums import Market, PaperKind, StorageClass
from core.catalogue.models import ProductCategory, Unit
from core.kernel import clock, text
from core.kernel.errors import InvalidInputError
from core.kernel.quantity import Dimension
from core.places import selectors as places
from core.places.models import AdminUnit
from core.web.fields import CleanCharField, CleanTextField
from core.web.typed_fields import TypedDateField, TypedMoneyField, TypedQuantityField
from core.web.typed_forms import TypedAmountsForm

SUGGESTED: Final = 6
# Vietnamese words do not end in s, so nothing is lost by trying without.
_PLURAL_S: Final = re.compile(r"(?<=\w\w)s\b", re.IGNORECASE)
_PLURAL_ES: Final = re.compile(r"(?<=\w\w)es\b", re.IGNORECASE)
_MEASURED: Final = (Dimension.MASS, Dimension.VOLUME, Dimension.COUNT)
_PACKED: Final = (Dimension.PACK, Dimension.LOAD)
_CONDITIONS: Final = (
    "minimum_stars",
    "required_papers",
    "preferred_papers",
    "market",
    "storage",
    "needs_invoice",
    "needs_barcode",
    "note",
)


def suggestions(words: str) -> list[ProductCategory]:
    """Return the categories that words may mean, best first; English plurals count as well."""
    typed = words[: services.MAX_WORDS]
    tries = (typed, _PLURAL_S.sub("", typed), _PLURAL_ES.sub("", typed))
    found = (catalogue.search_categories(one, limit=SUGGESTED) for one in dict.fromkeys(tries))
    return next((categories for categories in found if categories), [])


class ChooseOne(forms.RadioSelect):
    """Choices side by side; links from the list of errors lead to the whole group."""

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        """Return the id of the group that crispy draws around the choices."""
        return super().id_for_label(id_, index) or f"div_{id_}"


class ChooseSeveral(forms.CheckboxSelectMultiple):
    """The same for several choices."""

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        """Return the id of the group that crispy draws around the choices."""
        return super().id_for_label(id_, index) or f"div_{id_}"


class AmountsForm(TypedAmountsForm):
    """How much, in which days, at most at which price."""

    quantity = TypedQuantityField(
        label=_("Quantity"), help_text=_("For example 1,500, 3 tạ rưỡi or 200 cartons x 10 kg.")
    )
    unit = forms.ModelChoiceField(label=_("Unit"), queryset=Unit.objects.none(), empty_label=None)
    period = forms.ChoiceField(
        label=_("How often"), choices=QuantityPeriod.choices, initial=QuantityPeriod.TOTAL
    )
    pack_size = TypedQuantityField(label=_("Content of one pack"), required=False)
    pack_unit = forms.ModelChoiceField(
        label=_("Unit of the content"),
        queryset=Unit.objects.none(),
        required=False,
        empty_label=_("No choice"),
    )
    needed_from = TypedDateField(label=_("Needed from"), end="first")
    needed_to = TypedDateField(
        label=_("Needed to"),
        end="last",
        help_text=_("For example 31/12/2026, cuối tháng 12 or 23 tháng Chạp."),
    )
    price_ceiling_vnd = TypedMoneyField(
        label=_("Highest price for one unit, delivered"),
        required=False,
        help_text=_("In đồng, for example 25,000 or 25k/kg. Leave it empty to see every price."),
    )

    price_field = "price_ceiling_vnd"

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, initial: dict[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial=initial)
        units = Unit.objects.filter(dimension__in=[*_MEASURED, *_PACKED])
        fields: Mapping[str, Any] = self.fields
        fields["unit"].queryset = units
        fields["pack_unit"].queryset = units.filter(dimension__in=_MEASURED)

    def amounts(self) -> dict[str, Any]:
        """Return the cleaned amounts by the names services use."""
        data = self.cleaned_data
        pack_unit = data.get("pack_unit")
        return {
            "quantity": data["quantity"],
            "unit_id": data["unit"].pk,
            "pack_size": data.get("pack_size"),
            "pack_unit_id": pack_unit.pk if pack_unit else None,
            "period": data["period"],
            "needed_from": data["needed_from"],
            "needed_to": data["needed_to"],
            "price_ceiling_vnd": data.get("price_ceiling_vnd"),
        }

    def reckoning(self) -> services.Reckoning | None:
        """Return the amounts over the whole window; None while they cannot be worked out."""
        if not self.is_valid():
            return None
        try:
            return services.reckon(services.Amounts(**self.amounts()))
        except InvalidInputError:
            return None

    def refuse(self, error: InvalidInputError) -> None:
        """Show what a service refused beside the fields it names."""
        for name, sentences in error.field_errors.items():
            for sentence in sentences:
                self.add_error(name if name in self.fields else None, sentence)


class RequestForm(AmountsForm):
    """Everything a request says; the category is chosen by the buyer, never guessed."""

    words = CleanCharField(
        label=_("What do you need?"),
        max_length=services.MAX_WORDS,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
        help_text=_("In your own words, for example “Vân Đồn oranges, grade 1”."),
    )
    category = forms.ModelChoiceField(
        label=_("Which of these is it?"),
        queryset=ProductCategory.objects.none(),
        required=False,
        empty_label=None,
        widget=ChooseOne,
    )
    category_listed = forms.ModelChoiceField(
        label=_("Choose from the whole list"),
        queryset=ProductCategory.objects.none(),
        required=False,
        empty_label=_("No choice"),
        widget=forms.Select(attrs={"data-picker": ""}),
    )
    delivery_province = forms.ModelChoiceField(
        label=_("Delivered to the province"), queryset=AdminUnit.objects.none(), empty_label=None
    )
    banner = forms.ModelChoiceField(
        label=_("For the banner"),
        queryset=Banner.objects.none(),
        required=False,
        empty_label=_("Any banner"),
    )
    outlets = forms.ModelMultipleChoiceField(
        label=_("Delivered to these outlets"),
        queryset=Outlet.objects.none(),
        required=False,
        widget=forms.SelectMultiple(attrs={"data-picker": "", "size": 6}),
        help_text=_("Leave it empty to have it delivered anywhere in the province."),
    )
    minimum_stars = forms.TypedChoiceField(
        label=_("OCOP stars"), choices=STAR_MINIMA, coerce=int, initial=0
    )
    required_papers = forms.MultipleChoiceField(
        label=_("Papers you require"),
        choices=PaperKind.choices,
        required=False,
        widget=ChooseSeveral,
    )
    preferred_papers = forms.MultipleChoiceField(
        label=_("Papers you would like"),
        choices=PaperKind.choices,
        required=False,
        widget=ChooseSeveral,
    )
    market = forms.ChoiceField(
        label=_("Sold in"), choices=Market.choices, initial=Market.DOMESTIC.value
    )
    storage = forms.ChoiceField(
        label=_("Storage"),
        required=False,
        choices=[
            ("", _("As the product needs it")),
            *[c for c in StorageClass.choices if c[0] != StorageClass.SERVICE],
        ],
    )
    needs_invoice = forms.BooleanField(label=_("We need an invoice"), required=False)
    needs_barcode = forms.BooleanField(label=_("It needs a barcode"), required=False)
    note = CleanTextField(label=_("Note to producers"), required=False, max_length=1000, rows=3)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        organisation: Organisation,
        stored: DemandRequest | None = None,
        usual: selectors.ProfileFacts | None = None,
    ) -> None:
        starts = initial_of(stored) if stored else defaults_for(organisation, usual)
        super().__init__(data, initial=starts)
        self.stored = stored
        if data is not None:  # the list of errors takes the focus then
            self.fields["words"].widget.attrs.pop("autofocus", None)
        self.is_filed_by_name = False
        fields: Mapping[str, Any] = self.fields
        fields["category"].queryset = catalogue.categories()
        fields["category_listed"].queryset = catalogue.categories()
        fields["delivery_province"].queryset = places.provinces()
        fields["banner"].queryset = selectors.banners_of(organisation.pk)
        fields["outlets"].queryset = selectors.outlets_of(organisation.pk)
        fields["outlets"].label_from_instance = lambda o: f"{o.banner} · {o.name} · {o.province}"
        self.suggest(suggestions(self.typed_words()))

    def typed_words(self) -> str:
        """Return the words as they stand in the form now."""
        return str(self["words"].value() or "")

    def suggest(self, found: list[ProductCategory]) -> None:
        """Offer categories to choose from; one already chosen stays among them."""
        chosen = str(self["category"].value() or "")
        if chosen.isascii() and chosen.isdigit() and chosen not in {str(c.pk) for c in found}:
            found = [*catalogue.categories().filter(pk=chosen[:18]), *found]
        choices: Any = [(c.pk, described(c)) for c in found]
        fields: Mapping[str, Any] = self.fields
        fields["category"].widget.choices = choices
        self.suggested = found

    @property
    def has_conditions(self) -> bool:
        """Whether the folded part says anything, or something is wrong there."""
        unfilled = {"", "0", Market.DOMESTIC.value, "False", "[]", "None"}
        return any(
            self[name].errors or str(self[name].value()) not in unfilled for name in _CONDITIONS
        )

    @property
    def has_pack(self) -> bool:
        """Whether the content of a pack is given, asked for or wrong."""
        names = ("pack_size", "pack_unit")
        return any(self[name].errors or self[name].value() for name in names)

    def clean(self) -> dict[str, Any]:
        """Settle the category and look at the days as of today."""
        data = super().clean() or self.cleaned_data
        data["category"] = self._chosen_category(data)
        if data["category"] is None and "words" in data and "category" not in self.errors:
            self.add_error("category", self._ask_for_category())
        if "needed_from" in data and "needed_to" in data:
            self._check_days(data)
        return data

    def _chosen_category(self, data: Mapping[str, Any]) -> ProductCategory | None:
        chosen: ProductCategory | None = data.get("category_listed") or data.get("category")
        if chosen or "category" in self.errors or "words" not in data:
            return chosen
        named = [c for c in self.suggested if is_called(c, data["words"])]
        if len(named) != 1:
            return None
        self.is_filed_by_name = True
        return named[0]

    def _ask_for_category(self) -> str:
        if self.suggested:
            return gettext("Choose the one that fits best, or open the whole list below.")
        return gettext(
            "We do not know this product by these words. Try a shorter, more common name, or "
            "choose from the whole list below."
        )

    def _check_days(self, data: Mapping[str, Any]) -> None:
        errors = services.check_days(
            data["needed_from"],
            last=data["needed_to"],
            today=clock.today(),
            known_first=self.stored.needed_from if self.stored else None,
        )
        for name, sentences in errors.items():
            self.add_error(name, sentences[0])

    def terms(self) -> services.RequestTerms:
        """Return what the valid form says."""
        data = self.cleaned_data
        banner = data.get("banner")
        return services.RequestTerms(
            **self.amounts(),
            words=data["words"],
            category_id=data["category"].pk,
            delivery_province_id=data["delivery_province"].pk,
            banner_id=banner.pk if banner else None,
            outlet_ids=tuple(outlet.pk for outlet in data["outlets"]),
            minimum_stars=data["minimum_stars"],
            required_papers=tuple(data["required_papers"]),
            preferred_papers=tuple(data["preferred_papers"]),
            market=data["market"],
            storage=data["storage"],
            needs_invoice=data["needs_invoice"],
            needs_barcode=data["needs_barcode"],
            note=data["note"],
        )


class RepeatForm(forms.Form):
    """When the same is needed again."""

    after = forms.TypedChoiceField(
        label=_("When do you need it again?"),
        choices=RepeatAfter.choices,
        coerce=RepeatAfter,
        initial=RepeatAfter.OWN_LENGTH,
        widget=forms.RadioSelect,
    )


def described(category: ProductCategory) -> str:
    """Return a category with the group it stands in."""
    return f"{category.name} – {category.parent.name}" if category.parent else category.name


def is_called(category: ProductCategory, words: str) -> bool:
    """Tell whether words are exactly one of a category's names, accents aside."""
    typed = text.fold(words)
    names = (category.name_vi, category.name_en, *category.synonyms)
    return any(text.fold(name) == typed for name in names)


def defaults_for(
    organisation: Organisation, usual: selectors.ProfileFacts | None
) -> dict[str, Any]:
    """Return what a new request starts with, so that most fields can stay as they are.

    Args:
        organisation: Who asks.
        usual: Its published requirements, which the request may still change for itself.
    """
    days = services.default_window(clock.today())
    return (usual.conditions() if usual else {}) | {
        "needed_from": days.first,
        "needed_to": days.last,
        "delivery_province": organisation.province_id,
        "unit": Unit.objects.filter(code="kg").values_list("pk", flat=True).first(),
    }


def initial_of(stored: DemandRequest) -> dict[str, Any]:
    """Return a stored request as the form shows it."""
    terms = services.terms_of(stored)
    return {
        "words": terms.words,
        "category": terms.category_id,
        "quantity": terms.quantity,
        "unit": terms.unit_id,
        "period": terms.period,
        "pack_size": terms.pack_size,
        "pack_unit": terms.pack_unit_id,
        "needed_from": terms.needed_from,
        "needed_to": terms.needed_to,
        "price_ceiling_vnd": terms.price_ceiling_vnd,
        "delivery_province": terms.delivery_province_id,
        "banner": terms.banner_id,
        "outlets": list(terms.outlet_ids),
        "minimum_stars": terms.minimum_stars,
        "required_papers": list(terms.required_papers),
        "preferred_papers": list(terms.preferred_papers),
        "market": terms.market,
        "storage": terms.storage,
        "needs_invoice": terms.needs_invoice,
        "needs_barcode": terms.needs_barcode,
        "note": terms.note,
    }
