"""Invented content for the style guide: every component in every state."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.kernel import clock
from core.web.tones import STATUS_LOOKS


class SampleForm(forms.Form):
    """One field of each kind, bound with mistakes to show the errors."""

    product = forms.CharField(label=_("Product"), help_text=_("As your customers call it."))
    quantity = forms.DecimalField(label=_("Quantity"), min_value=1)
    unit = forms.ChoiceField(label=_("Unit"), choices=[("kg", "kg"), ("ta", "tạ"), ("tan", "tấn")])
    from_day = forms.DateField(label=_("From"))
    note = forms.CharField(
        label=_("Note"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    invoice = forms.BooleanField(label=_("We can issue an invoice"), required=False)


def _parts() -> list[dict[str, object]]:
    return [
        {
            "label": _("Quantity"),
            "score": 0.92,
            "detail": "12 tấn / 13 tấn",
            "icon": "weight",
        },
        {
            "label": _("Price to the door"),
            "score": 0.41,
            "detail": "95.000 ₫/kg · 88.000 ₫/kg",
            "icon": "coin",
        },
        {
            "label": _("Freight time"),
            "score": 0.78,
            "detail": "3,5 / 16 giờ",
            "icon": "truck",
        },
        {
            "label": _("Papers"),
            "score": None,
            "detail": _("The shelf life of the product is not given."),
            "how_to": _("Add the shelf life to the product."),
            "icon": "file-certificate",
        },
    ]


def _entries() -> list[dict[str, object]]:
    now = clock.now()
    return [
        {"at": now, "text": _("Both sides have accepted"), "status": "accepted"},
        {"at": now - timedelta(hours=2), "text": _("The mail was sent"), "status": "sent"},
        {
            "at": now - timedelta(days=1),
            "text": _("Suspended"),
            "note": _("The growing-area code was revoked."),
            "status": "suspended",
        },
    ]


def context() -> dict[str, Any]:
    """Return what the style guide shows."""
    names = ["Cam Vạn Yên", "Ba kích Ba Chẽ", "Chả mực Hạ Long"]
    rows = [{"cells": [name, "12 tấn", "95.000 ₫/kg"], "url": "#"} for name in names]
    return {
        "statuses": list(STATUS_LOOKS),
        "tones": ["ok", "wait", "info", "stop", "still"],
        "parts": _parts(),
        "entries": _entries(),
        "columns": [_("Product"), _("Quantity"), _("Price")],
        "rows": rows,
        "steps": [_("You"), _("Business"), _("Place"), _("Check")],
        "form": SampleForm(),
        "wrong_form": SampleForm({"quantity": "-3", "unit": "kg", "from_day": "hôm qua"}),
        "amount": Decimal("1234567.89"),
        "today": clock.today(),
        "now": clock.now(),
    }
