"""What people say when they answer a match."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.web.fields import CleanCharField
from matchmaking.enums import DeclineReason
from matchmaking.models import MAX_ID


class DeclineForm(forms.Form):
    """Why a side declines: a reason from the list, and words of its own if it likes."""

    reason = forms.ChoiceField(
        label=_("Why does it not fit?"),
        choices=DeclineReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the reason that fits best.")},
    )
    comment = CleanCharField(
        label=_("Anything the other side should know"), max_length=500, required=False
    )


class PairForm(forms.Form):
    """Which offer and which request to explain."""

    offer = forms.IntegerField(min_value=1, max_value=MAX_ID)
    request = forms.IntegerField(min_value=1, max_value=MAX_ID)


class ChainForm(forms.Form):
    """Which chain's requirements: a published profile, or an unverified default and its kind."""

    profile = forms.IntegerField(min_value=1, max_value=MAX_ID, required=False)
    chain = CleanCharField(max_length=20, required=False)
    category = forms.IntegerField(min_value=1, max_value=MAX_ID, required=False)


class OneSideForm(forms.Form):
    """Which offer, or which request, to hold against the other side of the market."""

    offer = forms.IntegerField(min_value=1, max_value=MAX_ID, required=False)
    request = forms.IntegerField(min_value=1, max_value=MAX_ID, required=False)

    def clean(self) -> dict[str, Any]:
        """Ask for exactly one of the two."""
        cleaned: dict[str, Any] = super().clean() or {}
        if bool(cleaned.get("offer")) == bool(cleaned.get("request")):
            raise forms.ValidationError(_("Name an offer or a request."))
        return cleaned
