"""What people type about their products, papers and offers."""

from __future__ import annotations

from producers.forms.base import add_domain_errors
from producers.forms.desk import GradeForm, StepForm, VersionForm, WhyForm, step_form
from producers.forms.offers import OfferForm
from producers.forms.papers import PaperForm, ReasonForm
from producers.forms.products import ProductForm
from producers.forms.profiles import ProfileForm
from producers.forms.registry import VerdictForm

__all__ = [
    "GradeForm",
    "OfferForm",
    "PaperForm",
    "ProductForm",
    "ProfileForm",
    "ReasonForm",
    "StepForm",
    "VerdictForm",
    "VersionForm",
    "WhyForm",
    "add_domain_errors",
    "step_form",
]
