"""The sign-up form with its trap for robots; apart, since allauth loads `sign_up` first."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import SignupForm
from django import forms
from django.conf import settings


class SignUpForm(SignupForm):
    """allauth's form; the honeypot is hidden by a class, for our pages allow no inline style."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        trap = self.fields[settings.ACCOUNT_SIGNUP_FORM_HONEYPOT_FIELD]
        trap.label = ""
        trap.widget = forms.TextInput(
            attrs={
                "class": "visually-hidden",
                "tabindex": "-1",
                "autocomplete": "off",
                "aria-hidden": "true",
            }
        )
