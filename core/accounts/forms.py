"""What people type about themselves and their organisation."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.accounts.models import User


class SignUpExtras(forms.Form):
    """What sign-up asks beyond e-mail and password."""

    full_name = forms.CharField(label=_("Full name"), max_length=120)

    def signup(self, request: HttpRequest, user: User) -> None:  # noqa: ARG002 -- allauth's signature
        """Keep the name; allauth calls this within its own transaction."""
        user.full_name = self.cleaned_data["full_name"]
        user.save(update_fields=["full_name"])
