"""What the forms of this app share: whole numbers, and errors that services find."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, ClassVar, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.kernel.errors import InvalidInputError
from core.web.fields import QuantityField

_GROUPED: Final = re.compile(r"[1-9][0-9]{0,2}(?:[.,][0-9]{3})+")


class CountField(QuantityField):
    """A whole number from 1 to `most`, typed with the digits 0 to 9."""

    input_mode: ClassVar[str] = "numeric"
    default_error_messages = {
        "decimals": _("Write a whole number."),
        "too_large": _("At most %(most)s."),
    }

    def __init__(self, *, most: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.most = most

    def parse(self, typed: str, *, language: str) -> Decimal:
        """Read the typed number; as it has no decimals, groups of three are thousands."""
        if _GROUPED.fullmatch(typed):
            return Decimal(re.sub(r"[.,]", "", typed))
        return super().parse(typed, language=language)

    def whole(self, number: Decimal) -> Any:
        """Refuse parts of one."""
        if number != number.to_integral_value():
            raise ValidationError(self.error_messages["decimals"], code="decimals")
        return int(number)

    def validate(self, value: Any) -> None:
        """Check that the number can be meant."""
        forms.Field.validate(self, value)
        if value is not None:
            self.check_bounds(value, most=self.most)


class RefusableForm(forms.Form):
    """A form that shows what a service refused beside the fields it names."""

    def refuse(self, error: InvalidInputError) -> None:
        """Show each sentence at its field; at the top where the form has no such field."""
        for name, sentences in error.field_errors.items():
            for sentence in sentences:
                self.add_error(name if name in self.fields else None, sentence)
