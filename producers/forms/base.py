"""What the forms of this app share: file fields, layout, errors that services find."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.catalogue.models import ProductCategory
from core.kernel.errors import InvalidInputError
from core.vault.forms import CheckedFileField
from producers.services import files

Options = list[tuple[object, object]]
Groups = list[tuple[str, Options]]
AGAIN = _("Choose the file again: a browser does not keep it when a page comes back.")


def photo_field(**kwargs: Any) -> CheckedFileField:
    """Return a field for a picture: JPEG, PNG or WebP up to 5 MB."""
    kwargs.setdefault("help_text", _("JPEG, PNG or WebP, at most 5 MB."))
    accept = "image/jpeg,image/png,image/webp"
    return CheckedFileField(check=files.checked_photo, accept=accept, **kwargs)


def helper_with(*rows: Any) -> FormHelper:
    """Return a crispy helper that lays the fields out; the template owns the form tag."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.layout = Layout(*rows)
    return helper


def set_choices(form: forms.Form, name: str, *, choices: Sequence[tuple[object, object]]) -> None:
    """Fill a choice field of one form."""
    cast("forms.ChoiceField", form.fields[name]).choices = list(choices)


def by_set(rows: Iterable[ProductCategory], *, whole: bool = False) -> Groups:
    """Return kinds of products as choices grouped by set.

    Args:
        rows: Kinds with their sets, in the order of the tree.
        whole: Put the whole set first in its group.
    """
    groups: dict[str, Options] = {}
    for row in rows:
        over = row.parent or row
        group = groups.setdefault(over.name, [])
        if whole and not group:
            group.append((over.pk, _("All: %(set)s") % {"set": over.name}))
        group.append((row.pk, row.name))
    return list(groups.items())


def set_rows(form: forms.Form, name: str, *, rows: QuerySet[Any]) -> None:
    """Fill a field that chooses among rows."""
    cast("forms.ModelChoiceField[Any]", form.fields[name]).queryset = rows


def add_domain_errors(form: forms.Form, error: InvalidInputError) -> None:
    """Show what a service found wrong at the fields it names."""
    for name, messages in error.field_errors.items():
        for message in messages:
            form.add_error(name if name in form.fields else None, message)


def remind_of_files(form: forms.Form) -> None:
    """Tell the person to choose files again when the page comes back for other reasons."""
    if not form.errors:
        return
    for name, field in form.fields.items():
        if isinstance(field, CheckedFileField) and form.files.get(name) and name not in form.errors:
            field.help_text = form[name].help_text = AGAIN
