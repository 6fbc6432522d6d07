"""The page on which a buyer writes down what it asks of suppliers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from buyers import selectors, services
from buyers.enums import Confidence, SalesChannel
from buyers.forms.chain import RefusingForm
from buyers.forms.requests import ChooseSeveral
from buyers.models import STAR_MINIMA, Banner
from core.accounts.models import Organisation
from core.catalogue import selectors as catalogue
from core.catalogue.enums import Market, PaperKind
from core.catalogue.models import ProductCategory
from core.web.fields import CleanCharField, CleanTextField, CountField

_UNKNOWN: Final = [("", _("Not said")), ("yes", _("Yes")), ("no", _("No"))]


class ProfileForm(RefusingForm):
    """Requirements of one banner, category and channel."""

    banner = forms.ModelChoiceField(
        label=_("Banner"),
        queryset=Banner.objects.none(),
        required=False,
        empty_label=_("Every banner"),
    )
    category = forms.ModelChoiceField(
        label=_("Kind of product"),
        queryset=ProductCategory.objects.none(),
        required=False,
        empty_label=_("Every kind"),
        widget=forms.Select(attrs={"data-picker": ""}),
        help_text=_("Any level: food, fresh food, or oranges only. The narrower profile wins."),
    )
    channel = forms.ChoiceField(
        label=_("Channel"),
        choices=[("", _("Every channel")), *SalesChannel.choices],
        required=False,
    )
    market = forms.ChoiceField(
        label=_("Sold in"), choices=Market.choices, initial=Market.DOMESTIC.value
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
    needs_invoice = forms.BooleanField(label=_("We need an invoice"), required=False)
    needs_barcode = forms.BooleanField(label=_("It needs a barcode"), required=False)
    test_report_months = CountField(
        label=_("Test report not older than, in months"),
        required=False,
        most=services.MAX_TEST_REPORT_MONTHS,
    )
    weekly_capacity_kg = CountField(
        label=_("Least quantity each week, in kg"),
        required=False,
        most=services.MAX_WEEKLY_CAPACITY_KG,
    )
    shelf_life_left_percent = CountField(
        label=_("Shelf life left on arrival, in percent"),
        required=False,
        most=100,
    )
    payment_days = CountField(
        label=_("Days until you pay"),
        required=False,
        least=0,
        most=services.MAX_PAYMENT_DAYS,
    )
    discount_percent = CountField(
        label=_("Usual discount, in percent"), required=False, least=0, most=100
    )
    is_consignment = forms.TypedChoiceField(
        label=_("On consignment"),
        choices=_UNKNOWN,
        required=False,
        coerce=lambda typed: typed == "yes",
        empty_value=None,
    )
    opening_cost_vnd = CountField(
        label=_("Cost of opening a supplier code, in đồng"),
        required=False,
        least=0,
        most=services.MAX_OPENING_COST_VND,
    )
    source = CleanCharField(
        label=_("Where this comes from"),
        required=False,
        max_length=services.MAX_PROFILE_SOURCE,
        help_text=_("For example the number of your supplier handbook."),
    )
    note = CleanTextField(label=_("Note to producers"), required=False, max_length=1000, rows=3)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        organisation: Organisation,
        stored: services.ProfileTerms | None = None,
    ) -> None:
        super().__init__(data, initial=initial_of(stored) if stored else {})
        self.default_code = stored.default_code if stored else ""
        fields: Mapping[str, Any] = self.fields
        fields["banner"].queryset = selectors.banners_of(organisation.pk)
        fields["category"].queryset = catalogue.categories()

    def terms(self) -> services.ProfileTerms:
        """Return what the valid form says; the buyer stands behind it from now on."""
        data = dict(self.cleaned_data)
        banner, category = data.pop("banner"), data.pop("category")
        for name in ("required_papers", "preferred_papers"):
            data[name] = tuple(data[name])
        return services.ProfileTerms(
            **data,
            banner_id=banner.pk if banner else None,
            category_id=category.pk if category else None,
            confidence=Confidence.CONFIRMED,
            default_code=self.default_code,
        )


def initial_of(terms: services.ProfileTerms) -> dict[str, Any]:
    """Return terms as the form shows them."""
    names = [name for name in ProfileForm.base_fields if name not in {"banner", "category"}]
    initial = {name: getattr(terms, name) for name in names}
    yes_or_no = {True: "yes", False: "no", None: ""}[terms.is_consignment]
    return initial | {
        "banner": terms.banner_id,
        "category": terms.category_id,
        "is_consignment": yes_or_no,
        "required_papers": list(terms.required_papers),
        "preferred_papers": list(terms.preferred_papers),
    }


def terms_of_default(facts: selectors.ProfileFacts) -> services.ProfileTerms:
    """Return an unverified default as terms a buyer may start from."""
    return services.ProfileTerms(
        category_id=facts.category_id,
        channel=facts.channel,
        market=facts.market,
        minimum_stars=facts.minimum_stars,
        required_papers=facts.required_papers,
        preferred_papers=facts.preferred_papers,
        needs_invoice=facts.needs_invoice,
        needs_barcode=facts.needs_barcode,
        test_report_months=facts.test_report_months,
        weekly_capacity_kg=facts.weekly_capacity_kg,
        shelf_life_left_percent=facts.shelf_life_left_percent,
        payment_days=facts.payment_days,
        discount_percent=facts.discount_percent,
        is_consignment=facts.is_consignment,
        opening_cost_vnd=facts.opening_cost_vnd,
        confidence=facts.confidence,
        source=facts.source[: services.MAX_PROFILE_SOURCE],
        default_code=facts.default_code,
    )
