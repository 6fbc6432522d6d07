"""What buyers type, read into values for the services."""

from __future__ import annotations

from buyers.forms.chain import BannerForm, GroupForm, OutletForm, OutletLinesForm, PastedRow
from buyers.forms.profiles import ProfileForm, terms_of_default
from buyers.forms.requests import AmountsForm, RepeatForm, RequestForm

__all__ = [
    "AmountsForm",
    "BannerForm",
    "GroupForm",
    "OutletForm",
    "OutletLinesForm",
    "PastedRow",
    "ProfileForm",
    "RepeatForm",
    "RequestForm",
    "terms_of_default",
]
