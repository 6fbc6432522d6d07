"""What people say when they answer a match."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from core.web.fields import CleanCharField
from matchmaking.enums import DeclineReason
from matchmaking.models import MAX_ID

Groups = list[tuple[str, list[tuple[str, str]]]]


class ChooseSeveral(forms.CheckboxSelectMultiple):
    """Several choices; links from the list of errors lead to the whole group."""

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        """Return the id of the group that crispy draws around the choices."""
        return super().id_for_label(id_, index) or f"div_{id_}"


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


class BuyerDeclineForm(DeclineForm):
    """Why a buyer declines; where papers are missing, it may name them."""

    missing = forms.MultipleChoiceField(
        label=_("Which papers do you miss?"),
        required=False,
        widget=ChooseSeveral,
        help_text=_("The producer reads this, and we propose the match again once they are there."),
    )
    field_order = ("reason", "missing", "comment")

    def __init__(self, data: Mapping[str, Any] | None = None, *, papers: Groups) -> None:
        super().__init__(data)
        cast("forms.MultipleChoiceField", self.fields["missing"]).choices = papers

    def clean(self) -> dict[str, Any]:
        """Refuse papers where another reason is chosen: one of the two is a slip."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("missing") and cleaned.get("reason") not in {None, DeclineReason.PAPERS}:
            words = _(
                "You named papers: choose “Papers are missing” as the reason, or untick them."
            )
            self.add_error("missing", words)
        return cleaned


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
