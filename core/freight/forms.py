"""What officers type about roads, gates and pacts."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from core.accounts.actors import Actor
from core.freight import rules
from core.kernel import clock
from core.kernel.errors import InvalidInputError
from core.places import selectors as places
from core.places.enums import Confidence, GateStatus, LinkStatus
from core.places.models import AdminUnit, GateSchedule, ProvincePact, RoadLink
from core.places.services import GateHours, PactTerms
from core.web.fields import CleanCharField, DayField

_LONGEST_REASON: Final = 300
_LONGEST_QUERY: Final = 200
_WEEKDAYS: Final = [
    (1, _("Monday")),
    (2, _("Tuesday")),
    (3, _("Wednesday")),
    (4, _("Thursday")),
    (5, _("Friday")),
    (6, _("Saturday")),
    (7, _("Sunday")),
]


def _reason() -> CleanCharField:
    return CleanCharField(
        label=_("Why?"),
        max_length=_LONGEST_REASON,
        help_text=_("For example: landslide at km 42, notice of the road authority."),
        error_messages={"required": _("Say why, so that others can follow it later.")},
    )


def _source() -> CleanCharField:
    return CleanCharField(
        label=_("Who says so?"),
        max_length=_LONGEST_REASON,
        help_text=_("For example: notice no. 12 of the gate's management board."),
        error_messages={"required": _("Name a notice, a page or an office.")},
    )


def _provinces() -> QuerySet[AdminUnit]:
    return places.provinces()


def add_domain_errors(form: forms.Form, error: InvalidInputError) -> None:
    """Show at the fields what a service refused."""
    for name, messages in error.field_errors.items():
        form.add_error(
            name if name in form.fields else None, [ValidationError(m) for m in messages]
        )


class PlaceFilterForm(forms.Form):
    """What the lists are narrowed down by."""

    q = CleanCharField(label=_("Place or road"), max_length=_LONGEST_QUERY, required=False)
    province = forms.ModelChoiceField(
        label=_("Province"),
        queryset=AdminUnit.objects.none(),
        to_field_name="code",
        required=False,
        empty_label=_("All provinces"),
        widget=forms.Select(attrs={"data-picker": ""}),
    )
    status = forms.ChoiceField(
        label=_("Status"), choices=[("", _("Any status")), *LinkStatus.choices], required=False
    )

    def __init__(self, data: QueryDict, *, asks: tuple[str, ...]) -> None:
        super().__init__(data)
        self.fields = {name: field for name, field in self.fields.items() if name in asks}
        self.fields["province"].queryset = _provinces()  # type: ignore[attr-defined]  # -- a model field


class LinkForm(forms.Form):
    """Another status of a link."""

    status = forms.ChoiceField(label=_("Status"), choices=LinkStatus.choices)
    opens_on = DayField(
        label=_("Opens on"),
        required=False,
        help_text=_("Leave empty if it counts from today. A planned link never counts."),
    )
    reason = _reason()

    @staticmethod
    def initial_of(link: RoadLink) -> dict[str, Any]:
        """Return the form's values for a link as it stands."""
        return {"status": link.status, "opens_on": link.opens_on}


class GateForm(forms.Form):
    """How a gate opens, on the days given."""

    status = forms.ChoiceField(label=_("Status"), choices=GateStatus.choices)
    opens_at = forms.TimeField(
        label=_("Opens at"),
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        error_messages={"invalid": _("Write the hour like 07:00.")},
    )
    closes_at = forms.TimeField(
        label=_("Closes at"),
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        help_text=_("Leave both hours empty for a gate open round the clock."),
        error_messages={"invalid": _("Write the hour like 14:00.")},
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Only on these weekdays"),
        choices=_WEEKDAYS,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        help_text=_("None chosen means every day."),
    )
    valid_from = DayField(label=_("From"))
    valid_to = DayField(
        label=_("Up to and including"),
        required=False,
        help_text=_("Leave empty until further notice. After the last day the old hours hold."),
    )
    reason = _reason()
    source = _source()

    def hours(self) -> GateHours:
        """Return what was typed."""
        data = self.cleaned_data
        return GateHours(
            status=GateStatus(data["status"]),
            opens_at=data["opens_at"],
            closes_at=data["closes_at"],
            weekdays=tuple(data["weekdays"]),
            valid_from=data["valid_from"],
            valid_to=data["valid_to"],
        )

    @staticmethod
    def initial_of(schedule: GateSchedule | None) -> dict[str, Any]:
        """Return the form's values for hours that are to count from today on."""
        today = clock.today()
        if schedule is None:
            return {"valid_from": today, "status": GateStatus.OPEN}
        kept = ("status", "opens_at", "closes_at", "weekdays")
        return {"valid_from": today, **{name: getattr(schedule, name) for name in kept}}


class PactForm(forms.Form):
    """A pact between two provinces."""

    a = forms.ModelChoiceField(
        label=_("Province"),
        queryset=AdminUnit.objects.none(),
        widget=forms.Select(attrs={"data-picker": ""}),
    )
    b = forms.ModelChoiceField(
        label=_("With"),
        queryset=AdminUnit.objects.none(),
        widget=forms.Select(attrs={"data-picker": ""}),
    )
    name = CleanCharField(label=_("Name of the agreement"), max_length=200)
    scope = CleanCharField(
        label=_("What it covers"),
        max_length=200,
        help_text=_("For example: trade promotion, supply and demand."),
    )
    signed_on = DayField(label=_("Signed on"), required=False)
    valid_to = DayField(
        label=_("Last day"),
        required=False,
        help_text=_("Leave empty while it has no end. A pact ends after its last day."),
    )
    source = _source()
    reason = _reason()

    def __init__(
        self, data: QueryDict | None = None, *, actor: Actor, initial: dict[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial=initial)
        self._actor = actor
        for name in ("a", "b"):
            self.fields[name].queryset = _provinces()  # type: ignore[attr-defined]  # -- a model field

    def clean(self) -> dict[str, Any]:
        """Refuse a pact of other people's provinces."""
        data = super().clean() or {}
        a, b = data.get("a"), data.get("b")
        if a and b and not rules.serves_any(self._actor, a.pk, b.pk):
            self.add_error("a", _("Choose a province you serve on one side."))
        return data

    def terms(self) -> PactTerms:
        """Return what was typed."""
        data = self.cleaned_data
        plain = ("name", "scope", "signed_on", "valid_to", "source")
        return PactTerms(
            a_id=data["a"].pk,
            b_id=data["b"].pk,
            confidence=Confidence.CONFIRMED,
            **{name: data[name] for name in plain},
        )

    @staticmethod
    def initial_of(pact: ProvincePact) -> dict[str, Any]:
        """Return the form's values for a pact as it stands."""
        kept = ("name", "scope", "signed_on", "valid_to", "source")
        return {"a": pact.a_id, "b": pact.b_id, **{name: getattr(pact, name) for name in kept}}
