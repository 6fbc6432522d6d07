"""Form fields for files: told apart by their bytes before anything is stored."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from core.kernel import clock
from core.vault.content import ACCEPT, CheckedFile, checked_file
from core.vault.models import Document

MOST_FILES: Final = 20


class CheckedFileField(forms.FileField):
    """A file that `check` turns into what will be stored; None when nothing was sent."""

    def __init__(self, *, check: Callable[[Any], Any], accept: str, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        # Without `allow_empty_file` an empty file gets Django's own clear message.
        kwargs.setdefault("widget", forms.FileInput(attrs={"accept": accept}))
        super().__init__(**kwargs)
        self._check = check

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Return the checked content; what is stored already stays out of it."""
        upload = super().clean(data, None)
        return self._check(upload) if isinstance(upload, UploadedFile) else None


def document_field(**kwargs: Any) -> CheckedFileField:
    """Return a field for one document: PDF, JPEG, PNG or WebP up to 10 MB."""
    return CheckedFileField(check=checked_file, accept=ACCEPT, **kwargs)


class DocumentChoiceField(forms.ModelChoiceField[Document]):
    """One of the holder's documents, told apart from others of the same name."""

    def label_from_instance(self, obj: Document) -> str:
        """Return its name, type, size, day and number."""
        return told_apart(obj)


class DocumentsChoiceField(forms.ModelMultipleChoiceField[Document]):
    """Several of the holder's documents, told apart from others of the same name."""

    def label_from_instance(self, obj: Document) -> str:
        """Return its name, type, size, day and number."""
        return told_apart(obj)


def told_apart(document: Document) -> str:
    """Return a document in one line that no other document of the holder has."""
    day = localtime(document.uploaded_at, clock.VIETNAM)
    facts = f"{document.get_type_display()} {filesizeformat(document.size)}"
    return f"{document.title} · {facts} · {day:%d/%m/%Y} · #{document.pk}"


class _SeveralFiles(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.Field):
    """Several files at once; each is judged by itself, so that one bad file spoils no other."""

    widget = _SeveralFiles

    def __init__(self, *, camera: bool = False, **kwargs: Any) -> None:
        attrs = {"accept": "image/*", "capture": "environment"} if camera else {"accept": ACCEPT}
        super().__init__(required=False, widget=_SeveralFiles(attrs=attrs), **kwargs)

    def clean(self, value: Any) -> list[tuple[str, CheckedFile | ValidationError]]:
        """Return each file's bare name with what will be stored, or with why it is refused.

        Raises:
            ValidationError: There are too many at once.
        """
        uploads = [one for one in _listed(value) if isinstance(one, UploadedFile)]
        if len(uploads) > MOST_FILES:
            raise ValidationError(
                _("At most %(most)d files at once. Send the others afterwards.")
                % {"most": MOST_FILES}
            )
        return [(str(one.name or ""), _judged(one)) for one in uploads]


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _judged(upload: UploadedFile[Any]) -> CheckedFile | ValidationError:
    try:
        return checked_file(upload)
    except ValidationError as error:
        return error
