"""What people type about their products, papers and offers."""

from __future__ import annotations

from producers.forms.base import add_domain_errors
from producers.forms.offers import OfferForm
from producers.forms.papers import PaperForm, ReasonForm, VerifyForm
from producers.forms.products import ProductForm
from producers.forms.profiles import ProfileForm
from producers.forms.registry import VerdictForm

__all__ = [
    "OfferForm",
    "PaperForm",
    "ProductForm",
    "ProfileForm",
    "ReasonForm",
    "VerdictForm",
    "VerifyForm",
    "add_domain_errors",
]
