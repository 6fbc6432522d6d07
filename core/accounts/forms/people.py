"""Forms about people: profile, invitations, roles, API keys, the officer's decisions."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from core.accounts.enums import ApiScope, OrganisationStatus, Role
from core.accounts.forms.fields import CleanField, CleanLinesField, NameField
from core.accounts.models import User

_LONGEST_REASON: Final = 500
_SHOWN_STATUSES: Final = [
    (status.value, status.label) for status in OrganisationStatus if status != "draft"
]


class ProfileForm(forms.Form):
    """What a person wants to be called and read in."""

    full_name = NameField(
        label=_("Full name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    language = forms.ChoiceField(
        label=_("Language of pages and e-mails"),
        choices=[("vi", "Tiếng Việt"), ("en", "English")],
    )

    @staticmethod
    def initial_of(user: User) -> dict[str, Any]:
        """Return the form's values for a person."""
        return {"full_name": user.full_name, "language": user.language}


class InvitationForm(forms.Form):
    """Whom to invite, and as what."""

    email = forms.EmailField(
        label=_("E-mail of your colleague"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    role = forms.ChoiceField(
        label=_("Role"),
        choices=Role.choices,
        initial=Role.EDITOR,
        help_text=_(
            "Owners manage members and keys, editors publish and decide, viewers only read."
        ),
    )


class RoleForm(forms.Form):
    """Another role for a member."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)


class ApiKeyForm(forms.Form):
    """A new key: what it is for and what it may do."""

    name = CleanField(
        label=_("What is it for?"),
        max_length=80,
        help_text=_("For example: stock list of the warehouse."),
    )
    scopes = forms.MultipleChoiceField(
        label=_("What may it do?"),
        choices=ApiScope.choices,
        initial=[ApiScope.READ],
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        error_messages={"required": _("Choose what the key may do.")},
    )


class ReasonForm(forms.Form):
    """Why an officer returns an organisation, or settles a tax code as they do."""

    reason = CleanLinesField(
        label=_("What should be changed?"),
        max_length=_LONGEST_REASON,
        help_text=_("The business reads these words. Say what to correct and how."),
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Say what should be changed, so that they can act on it.")},
    )


class ClaimReasonForm(forms.Form):
    """Why a tax code goes to one claimant or stays with the other."""

    claim_reason = CleanLinesField(
        label=_("Why? What have you checked?"),
        max_length=_LONGEST_REASON,
        help_text=_("Kept for the record, not shown to the businesses."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say what you have checked; the record needs it.")},
    )


class DeskFilterForm(forms.Form):
    """What the officer wants to see; nonsense is ignored, not refused."""

    STATUSES: ClassVar = [("all", _("All")), *_SHOWN_STATUSES]

    q = CleanField(
        label=_("Name"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search"}),
    )

    def chosen_status(self) -> str:
        """Return the status to show: waiting ones unless another was asked for."""
        asked = self.data.get("status", "")
        if asked == "all":
            return ""
        known = {value for value, _label in _SHOWN_STATUSES}
        return asked if asked in known else OrganisationStatus.SUBMITTED.value

    def search(self) -> str:
        """Return the words searched for."""
        return str(self.cleaned_data.get("q", "")) if self.is_valid() else ""
