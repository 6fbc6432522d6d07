"""The form of a producer's profile."""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import Column, Row
from django import forms
from django.utils.translation import gettext_lazy as _

from core.web.fields import CleanCharField, CleanTextField, CountField
from producers.forms.base import helper_with, photo_field
from producers.models import Producer
from producers.services import ProfileInput

_ANSWERS = (
    "summary",
    "story",
    "website",
    "can_issue_invoice",
    "has_cold_storage",
    "has_own_transport",
    "households",
)


class ProfileForm(forms.Form):
    """What a producer says of itself."""

    summary = CleanCharField(
        label=_("In one sentence"),
        max_length=200,
        required=False,
        help_text=_("What you make and what is special about it. Buyers see this first."),
    )
    story = CleanTextField(
        label=_("Your story"),
        max_length=4000,
        required=False,
        rows=6,
        help_text=_("Place, people, how it is made. Leave out phone and e-mail."),
    )
    website = CleanCharField(
        label=_("Website"),
        max_length=200,
        required=False,
        help_text=_("Shown on your public page, for example https://example.vn."),
    )
    logo = photo_field(label=_("Logo"))
    remove_logo = forms.BooleanField(label=_("Remove the logo"), required=False)
    can_issue_invoice = forms.NullBooleanField(
        label=_("Can you issue invoices?"),
        required=False,
        help_text=_("Most chains only buy against an invoice."),
    )
    has_cold_storage = forms.NullBooleanField(label=_("Do you have cold storage?"), required=False)
    has_own_transport = forms.NullBooleanField(
        label=_("Do you have your own transport?"), required=False
    )
    households = CountField(
        label=_("Households that take part"),
        required=False,
        least=0,
        most=100_000,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )

    def __init__(self, *args: Any, producer: Producer, **kwargs: Any) -> None:
        kwargs["initial"] = {name: getattr(producer, name) for name in _ANSWERS}
        super().__init__(*args, **kwargs)
        if not producer.logo:
            del self.fields["remove_logo"]
        logo = ["logo", "remove_logo"] if producer.logo else ["logo"]
        self.helper = helper_with(
            "summary",
            "story",
            "website",
            *logo,
            Row(
                Column("can_issue_invoice"),
                Column("households"),
                css_class="row-cols-1 row-cols-md-2",
            ),
            Row(
                Column("has_cold_storage"),
                Column("has_own_transport"),
                css_class="row-cols-1 row-cols-md-2",
            ),
        )

    def values(self) -> ProfileInput:
        """Return the answers for the service."""
        return ProfileInput(**{name: self.cleaned_data[name] for name in _ANSWERS})
