"""What a producer fills in to take part, and what the organiser fills in to answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.web.fields import CleanTextField, CountField
from fairs import services
from fairs.enums import WITHOUT_PRODUCTS
from fairs.forms.base import RefusableForm
from fairs.models import Fair, Participation
from producers import selectors as producers


class ApplicationForm(RefusableForm):
    """Which of one's own products, how many booths, and a word to the organiser."""

    products: forms.ModelMultipleChoiceField[Any] = forms.ModelMultipleChoiceField(
        label=_("What will you show?"),
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choose at least one product you will show."),
            "invalid_choice": _("Choose products from the list."),
            "invalid_pk_value": _("Choose products from the list."),
        },
    )
    booths = CountField(
        label=_("Booths you ask for"),
        most=services.MAX_BOOTHS_EACH,
        initial=1,
        help_text=_("Most producers take one."),
    )
    note = CleanTextField(
        label=_("Note to the organiser"),
        required=False,
        max_length=services.MAX_NOTE,
        rows=3,
        help_text=_("For example a cold cabinet, power, or whom you would like to meet."),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        fair: Fair,
        organisation_id: int,
        stored: Participation | None = None,
    ) -> None:
        super().__init__(data, initial=_initial(stored) if stored else None)
        field: Any = self.fields["products"]
        field.queryset = producers.products_of(organisation_id)
        field.required = fair.kind not in WITHOUT_PRODUCTS

    def application(self) -> services.Application:
        """Return what the valid form says."""
        data = self.cleaned_data
        return services.Application(
            booths=data["booths"],
            product_ids=tuple(product.pk for product in data["products"]),
            note=data["note"],
        )


class VersionForm(RefusableForm):
    """A decision on what the person had before them."""

    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any] | None = None, *, place: Participation) -> None:
        super().__init__(data, initial={"version": place.version, "booths": place.booths_wanted})


class ApproveForm(VersionForm):
    """How many booths an applicant gets."""

    booths = CountField(label=_("Booths given"), most=services.MAX_BOOTHS)


class ReasonForm(VersionForm):
    """Why an application is returned or declined; the applicant reads it."""

    reason = CleanTextField(
        label=_("Reason"),
        max_length=services.MAX_REASON,
        rows=3,
        help_text=_("The applicant reads this. Say what to change, or why not."),
    )


def _initial(stored: Participation) -> dict[str, Any]:
    return {
        "products": list(stored.products.values_list("pk", flat=True)),
        "booths": stored.booths_wanted,
        "note": stored.note,
    }
