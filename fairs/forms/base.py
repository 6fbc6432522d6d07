"""What the forms of this app share: errors that services find."""

from __future__ import annotations

from django import forms

from core.kernel.errors import InvalidInputError


class RefusableForm(forms.Form):
    """A form that shows what a service refused beside the fields it names."""

    def refuse(self, error: InvalidInputError) -> None:
        """Show each sentence at its field; at the top where the form has no such field."""
        for name, sentences in error.field_errors.items():
            for sentence in sentences:
                self.add_error(name if name in self.fields else None, sentence)
