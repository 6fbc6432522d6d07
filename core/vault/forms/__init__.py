"""Forms of the vault."""

from __future__ import annotations

from core.vault.forms.documents import (
    DescribeForm,
    ReplaceForm,
    UploadForm,
    show_refusal,
)
from core.vault.forms.fields import (
    CheckedFileField,
    DocumentChoiceField,
    FilesField,
    document_field,
    told_apart,
)
from core.vault.forms.sharing import ShareForm

__all__ = [
    "CheckedFileField",
    "DescribeForm",
    "DocumentChoiceField",
    "FilesField",
    "ReplaceForm",
    "ShareForm",
    "UploadForm",
    "document_field",
    "show_refusal",
    "told_apart",
]
