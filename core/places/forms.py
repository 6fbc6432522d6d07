"""What people type or upload to have addresses read."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from core.places.resolver import Table, TableError, open_table

LONGEST_ADDRESS: Final = 1_000
LARGEST_LIST_BYTES: Final = 2_000_000


class AddressForm(forms.Form):
    """One address, however it is written."""

    address = forms.CharField(
        label=_("Address"),
        max_length=LONGEST_ADDRESS,
        help_text=_(
            "With old or new names, with or without accents, for example: "
            "X. Sơn Dương, H. Hoành Bồ, Quảng Ninh"
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Type an address first.")},
    )


class AddressListForm(forms.Form):
    """A list of addresses as a CSV file."""

    file = forms.FileField(
        label=_("CSV file"),
        allow_empty_file=True,
        help_text=_(
            "With a column called address, or columns called ward, district and province. "
            "At most 2 MB; for longer lists there is a command, ask your administrator."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,text/csv"}),
        error_messages={"required": _("Choose a file first.")},
    )
    table: Table

    def clean_file(self) -> UploadedFile[Any]:
        """Refuse what is too large or holds no addresses, and say what to do."""
        upload: UploadedFile[Any] = self.cleaned_data["file"]
        if (upload.size or 0) > LARGEST_LIST_BYTES:
            raise ValidationError(_("The file is larger than 2 MB. Split it into smaller ones."))
        stream: Any = upload.file
        try:
            self.table = open_table(stream)
        except TableError as error:
            raise ValidationError(
                _("This is no list of addresses we can read. %(why)s"), params={"why": str(error)}
            ) from error
        return upload
