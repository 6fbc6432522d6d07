"""What an officer says at the desk, on the version of the paper that was on the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.web.fields import CleanCharField
from producers import services
from producers.enums import DeskReason, DeskStep, EvidenceGrade
from producers.forms.base import set_choices
from producers.services import Wish

_MOST_VERSION = 2**31 - 1


class StepForm(forms.Form):
    """A step of the desk; `wish` says what the officer wants once the form is valid."""

    step: DeskStep

    def wish(self) -> Wish:
        """Return what the officer wants."""
        return Wish(step=self.step)


class GradeForm(StepForm):
    """How an officer checked a paper."""

    step = DeskStep.VERIFY
    grade = forms.ChoiceField(
        label=gettext_lazy("How did you check it?"),
        choices=[
            (EvidenceGrade.DOCUMENT.value, EvidenceGrade.DOCUMENT.label),
            (EvidenceGrade.REGISTER.value, EvidenceGrade.REGISTER.label),
            (EvidenceGrade.BOTH.value, EvidenceGrade.BOTH.label),
        ],
        initial=EvidenceGrade.DOCUMENT.value,
        widget=forms.RadioSelect,
    )

    def wish(self) -> Wish:
        """Return what the officer wants."""
        return Wish(step=self.step, grade=EvidenceGrade(self.cleaned_data["grade"]))


class WhyForm(StepForm):
    """Why an officer returns, suspends or revokes: a reason of the list, own words, or both."""

    why = forms.ChoiceField(
        label=gettext_lazy("Reason"), required=False, choices=(), widget=forms.RadioSelect
    )
    reason = CleanCharField(
        label=gettext_lazy("In your own words"),
        required=False,
        max_length=services.MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "The producer reads this after the reason, with what to do next. Say what exactly is"
            " wrong: which page, which number."
        ),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, step: DeskStep) -> None:
        super().__init__(data)
        self.step = step
        known = services.REASONS[step]
        set_choices(self, "why", choices=[(one.value, one.label) for one in known])

    def clean(self) -> dict[str, Any]:
        """Ask for words where no reason of the list fits."""
        typed = super().clean() or {}
        typed["why"] = typed.get("why") or DeskReason.OTHER.value
        if typed["why"] == DeskReason.OTHER and not typed.get("reason") and not self.errors:
            raise ValidationError({"reason": _("Choose a reason, or write one here.")})
        return typed

    def wish(self) -> Wish:
        """Return what the officer wants."""
        return Wish(
            step=self.step,
            why=DeskReason(self.cleaned_data["why"]),
            words=self.cleaned_data["reason"],
        )


class VersionForm(forms.Form):
    """Which version of the paper the officer had on the page."""

    version = forms.IntegerField(min_value=1, max_value=_MOST_VERSION, widget=forms.HiddenInput)

    def seen(self) -> int:
        """Return the version; 0, which no paper has, where the page did not say it."""
        return int(self.cleaned_data["version"]) if self.is_valid() else 0


def step_form(step: DeskStep, *, data: Mapping[str, Any] | None = None) -> GradeForm | WhyForm:
    """Return the form a step asks for."""
    return GradeForm(data) if step == DeskStep.VERIFY else WhyForm(data, step=step)
