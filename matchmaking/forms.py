"""What people say when they answer a match."""

from __future__ import annotations

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
