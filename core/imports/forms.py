"""The form a list is handed in with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.core.files.base import File
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from core.accounts.actors import Actor
from core.imports.registry import Context, Kind
from core.imports.services import checked_upload
from core.kernel import clock
from core.places import selectors as places
from core.places.models import AdminUnit
from core.web.fields import CleanCharField, DayField

_ACCEPT: Final = ".xlsx,.csv,.txt,text/csv"


class UploadForm(forms.Form):
    """A file, the day it is of and, for officers, the province it is for."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("XLSX or CSV, up to 50,000 rows and 20 MB. Nothing is changed yet."),
        widget=forms.FileInput(attrs={"accept": _ACCEPT}),
        error_messages={"required": _("Choose the file to check.")},
    )
    province: forms.ModelChoiceField[AdminUnit] = forms.ModelChoiceField(
        label=_("For the province"), queryset=None, empty_label=None
    )
    as_of = DayField(
        label=_("The list is of"),
        required=False,
        help_text=_("The day on which it was true. Empty: today."),
    )
    sheet = CleanCharField(
        label=_("Sheet"),
        max_length=60,
        required=False,
        help_text=_("Only when the list is not on the first sheet."),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        files: MultiValueDict[str, Any] | None = None,
        *,
        actor: Actor,
        kind: Kind,
    ) -> None:
        super().__init__(data, files)
        self.actor = actor
        if kind.is_for_officers:
            field: Any = self.fields["province"]
            field.queryset = places.provinces().filter(pk__in=actor.province_ids)
        else:
            del self.fields["province"]

    def clean_file(self) -> File[bytes]:
        """Refuse an empty or oversized file."""
        return checked_upload(self.cleaned_data["file"])

    def context(self) -> Context:
        """Return for whom and as of when the list is handed in."""
        data = self.cleaned_data
        province = data.get("province")
        return Context(
            organisation_id=None if province else self.actor.organisation_id,
            province_id=province.pk if province else None,
            user_id=self.actor.user_id,
            as_of=data.get("as_of") or clock.today(),
        )
