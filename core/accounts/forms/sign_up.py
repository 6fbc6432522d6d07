"""What sign-up asks beyond e-mail and password."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.accounts import services
from core.accounts.forms.fields import NameField
from core.accounts.models import User


class SignUpExtras(forms.Form):
    """The person's name; allauth puts its own fields after it."""

    full_name = NameField(
        label=_("Full name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def signup(self, request: HttpRequest, user: User) -> None:
        """Keep the name and the language of the page; allauth calls this in its transaction."""
        language = "en" if (get_language() or "").startswith("en") else "vi"
        services.change_profile(
            user_id=user.pk, full_name=self.cleaned_data["full_name"], language=language
        )
        user.refresh_from_db()
