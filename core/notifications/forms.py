"""What a person chooses."""

from __future__ import annotations

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from core.notifications.enums import Choice, Topic


class PreferencesForm(forms.Form):
    """One choice per topic a person can choose for."""

    def __init__(self, data: QueryDict | None, *, choices_now: dict[Topic, Choice]) -> None:
        super().__init__(data)
        for topic, choice in choices_now.items():
            self.fields[topic.value] = forms.ChoiceField(
                label=topic.label,
                choices=Choice.choices,
                initial=choice.value,
                widget=forms.RadioSelect,
            )
        self.helper = FormHelper()
        self.helper.add_input(Submit("save", _("Save my choices")))

    def chosen(self) -> dict[Topic, Choice]:
        """Return the valid choices."""
        return {Topic(name): Choice(value) for name, value in self.cleaned_data.items()}
