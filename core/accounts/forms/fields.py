"""Fields of the accounts forms: names, tax codes, places, phones, plain words."""

from __future__ import annotations

from typing import Any, Final, cast

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from phonenumber_field.formfields import PhoneNumberField

from core.accounts import taxcode
from core.kernel import clock, names, text
from core.kernel.names import NameProblem
from core.places.models import AdminUnit

LONGEST_TYPED: Final = 2_000
NAME_PROBLEMS: Final = {
    NameProblem.EMPTY: _("Type a name with at least one letter or digit."),
    NameProblem.CONTROL: _(
        "The name holds invisible control characters. Type it again by hand instead of pasting."
    ),
    NameProblem.MIXED_SCRIPTS: _(
        "The name mixes letters of different alphabets that look alike. Type it again by hand."
    ),
    NameProblem.MARKS: _("A letter of the name carries too many marks. Type it again by hand."),
}


class CleanField(forms.CharField):
    """Words without control or invisible characters, in NFC; too much is refused unread."""

    def to_python(self, value: Any) -> str:
        """Return the cleaned words."""
        typed: str = super().to_python(value) or ""
        if len(typed) > LONGEST_TYPED:
            raise ValidationError(
                _("This is far too long. Shorten it to %(limit)s characters."),
                params={"limit": self.max_length or LONGEST_TYPED},
            )
        return self.cleaned_text(typed)

    def cleaned_text(self, typed: str) -> str:
        """Return one line of words."""
        return text.clean(typed)


class CleanLinesField(CleanField):
    """Several lines of words."""

    widget = forms.Textarea

    def cleaned_text(self, typed: str) -> str:
        """Return the words with their line breaks."""
        return text.clean_lines(typed)


class NameField(CleanField):
    """A name of a person or a business: visible, of one alphabet, without tricks."""

    def cleaned_text(self, typed: str) -> str:
        """Refuse what would pass for another name; see `core.kernel.names`."""
        if typed and (problem := names.problem_of_name(typed)) is not None:
            raise ValidationError(NAME_PROBLEMS[problem], code=problem.value)
        return super().cleaned_text(typed)


class TaxCodeField(CleanField):
    """A tax code however it was written; the clean value is written as stored."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            max_length=40,
            **{"label": _("Tax code"), **kwargs},
            widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        )

    def clean(self, value: Any) -> str:
        """Return the code as stored."""
        typed: str = super().clean(value)
        try:
            return taxcode.parse(typed, today=clock.today()).value if typed else ""
        except taxcode.TaxCodeError as error:
            raise ValidationError(str(error.message), code="tax_code") from error


class VietnamesePhoneField(PhoneNumberField):
    """A phone number, Vietnamese unless it names another country."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            region="VN",
            max_length=40,
            **kwargs,
            widget=forms.TextInput(
                attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}
            ),
            error_messages={
                "invalid": _("Type a phone number such as 0912 345 678 or +84 912 345 678.")
            },
        )


class UnitField(forms.ModelChoiceField[AdminUnit]):
    """A province or a commune, shown by its short name."""

    def __init__(self, queryset: QuerySet[AdminUnit], **kwargs: Any) -> None:
        super().__init__(
            queryset=queryset,
            **kwargs,
            error_messages={"invalid_choice": _("Choose one from the list.")},
        )

    def to_python(self, value: Any) -> AdminUnit | None:
        """Find the unit; an id no person can have chosen is an invalid choice, not a crash."""
        typed = str(value or "")
        if typed and not (typed.isascii() and typed.isdigit() and len(typed) < 10):  # noqa: PLR2004 -- ids are shorter
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return super().to_python(value)


def offer(form: forms.BaseForm, *, field: str, units: QuerySet[AdminUnit]) -> None:
    """Let a form's field offer these units."""
    cast("UnitField", form.fields[field]).queryset = units


def plain_helper(*layout: object) -> FormHelper:
    """Return a form helper that leaves the form tag and the token to the page."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    if layout:
        helper.layout = Layout(*layout)
    return helper
