"""Forms of the fairs app."""

from __future__ import annotations

from fairs.forms.applications import ApplicationForm, ApproveForm, ReasonForm
from fairs.forms.fairs import CancelForm, DeadlineForm, FairForm

__all__ = [
    "ApplicationForm",
    "ApproveForm",
    "CancelForm",
    "DeadlineForm",
    "FairForm",
    "ReasonForm",
]
