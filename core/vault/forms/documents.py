"""The forms of a document: uploading, describing, replacing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel.errors import InvalidInputError
from core.vault.content import CheckedFile
from core.vault.enums import ContentKind
from core.vault.forms.fields import FilesField, document_field
from core.vault.services import Description
from core.web.fields import CleanCharField


class UploadForm(forms.Form):
    """Files from the device, or taken with the camera now; what they are may be said at once."""

    uploads = FilesField(
        label=gettext_lazy("Files"),
        help_text=gettext_lazy("PDF, JPEG, PNG or WebP, at most 10 MB each, 20 at once."),
    )
    photo = FilesField(
        camera=True,
        label=gettext_lazy("Or photograph a paper now"),
        help_text=gettext_lazy("On a phone this opens the camera."),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("What they are"),
        choices=ContentKind.choices,
        initial=ContentKind.OTHER,
        help_text=gettext_lazy("Dossiers find them by this. You can change it for each later."),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for at least one file."""
        typed = super().clean() or {}
        if not self.errors and not self.sent():
            self.add_error("uploads", _("Choose at least one file."))
        return typed

    def sent(self) -> list[tuple[str, CheckedFile | ValidationError]]:
        """Return all that was sent, by whichever door."""
        typed = self.cleaned_data
        return [*(typed.get("uploads") or []), *(typed.get("photo") or [])]


class DescribeForm(forms.Form):
    """What a document is called, what it is, and until when it holds."""

    title = CleanCharField(label=gettext_lazy("Name"), max_length=160)
    kind = forms.ChoiceField(label=gettext_lazy("What it is"), choices=ContentKind.choices)
    valid_until = CleanCharField(
        label=gettext_lazy("Valid until"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("As the paper says, for example 31/12/2027. Dossiers repeat it."),
    )

    def said(self) -> Description:
        """Return the description for the service."""
        return Description(**self.cleaned_data)


class ReplaceForm(forms.Form):
    """A newer version of one document."""

    file = document_field(
        label=gettext_lazy("Newer version"),
        help_text=gettext_lazy("PDF, JPEG, PNG or WebP, at most 10 MB."),
    )

    def clean_file(self) -> CheckedFile:
        """Return the file.

        Raises:
            ValidationError: There is none.
        """
        file: CheckedFile | None = self.cleaned_data.get("file")
        if file is None:
            raise ValidationError(_("Choose a file."))
        return file


def show_refusal(form: forms.Form, error: InvalidInputError) -> None:
    """Show what a service found wrong at the fields it names."""
    for name, messages in error.field_errors.items():
        for message in messages:
            form.add_error(name if name in form.fields else None, message)
