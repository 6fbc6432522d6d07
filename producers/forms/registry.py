"""What an officer says of an entry of a register."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from producers.enums import RegistryVerdict
from producers.services import Verdict


class VerdictForm(forms.Form):
    """The same as one of ours, none of them, or a contradiction to clear up."""

    verdict = forms.ChoiceField(choices=RegistryVerdict.choices, widget=forms.HiddenInput)
    organisation = forms.IntegerField(
        required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput
    )
    product = forms.IntegerField(
        required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput
    )
    reason = forms.CharField(
        label=_("What contradicts what, and who can clear it up"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def said(self) -> Verdict:
        """Return the typed verdict."""
        data = self.cleaned_data
        return Verdict(
            verdict=data["verdict"],
            organisation_id=data["organisation"],
            product_id=data["product"],
            reason=data["reason"],
        )
