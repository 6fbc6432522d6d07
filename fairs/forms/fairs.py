"""What an organiser fills in: the fair, its checklist, why it is called off."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from core.accounts.forms.fields import NameField, UnitField
from core.accounts.models import Organisation
from core.kernel import clock
from core.places import selectors as places
from core.places.models import AdminUnit
from core.web.fields import CleanCharField, CleanTextField, CountField, DayField
from fairs import services
from fairs.enums import FairKind
from fairs.forms.base import RefusableForm
from fairs.models import Fair

_MOST_DIGITS: Final = 9


class FairForm(RefusableForm):
    """Everything a fair says of itself; what is not decided yet may stay empty."""

    kind = forms.ChoiceField(label=_("Kind"), choices=FairKind.choices)
    name = NameField(
        label=_("Name"),
        max_length=services.MAX_NAME,
        help_text=_("With the year or the edition, as it will stand on posters."),
    )
    about = CleanTextField(
        label=_("What is it about?"),
        required=False,
        max_length=2000,
        rows=4,
        help_text=_("For producers who consider coming: who visits, what is wanted."),
    )
    province = UnitField(
        AdminUnit.objects.none(),
        label=_("Host province"),
        empty_label=_("Choose …"),
        widget=forms.Select(
            attrs={
                "data-picker": "",
                "hx-get": reverse_lazy("places:communes"),
                "hx-target": "#id_commune",
                "hx-trigger": "change",
            }
        ),
    )
    co_provinces = forms.ModelMultipleChoiceField(
        label=_("Co-hosting provinces"),
        queryset=AdminUnit.objects.none(),
        required=False,
        widget=forms.SelectMultiple(attrs={"data-picker": "", "size": 5}),
    )
    venue_name = CleanCharField(label=_("Venue"), required=False, max_length=160)
    address = CleanCharField(label=_("Street and number"), required=False, max_length=200)
    commune = UnitField(
        AdminUnit.objects.none(),
        label=_("Commune or ward"),
        required=False,
        empty_label=_("Choose a commune or ward"),
    )
    opens_on = DayField(label=_("First day"))
    closes_on = DayField(label=_("Last day"))
    applications_from = DayField(label=_("Applications from"), required=False)
    applications_to = DayField(label=_("Applications until"), required=False)
    booth_quota = CountField(
        label=_("Booths in all"),
        required=False,
        most=services.MAX_BOOTHS,
        help_text=_("A standard booth is 3 m × 3 m. No more than these can be given."),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        organisation: Organisation,
        stored: Fair | None = None,
        pattern: services.FairTerms | None = None,
    ) -> None:
        terms = services.terms_of(stored) if stored else pattern
        initial = initial_of(terms) if terms else {"province": organisation.province_id}
        super().__init__(data, initial=initial)
        self.stored = stored
        fields: Mapping[str, Any] = self.fields
        fields["province"].queryset = fields["co_provinces"].queryset = places.provinces()
        fields["commune"].queryset = places.communes_of(self._province_id())

    def _province_id(self) -> int:
        typed = str(self["province"].value() or "")
        is_id = typed.isascii() and typed.isdigit() and len(typed) <= _MOST_DIGITS
        return int(typed) if is_id else 0

    def clean(self) -> dict[str, Any]:
        """Look at the days as of today."""
        data = super().clean() or self.cleaned_data
        if {"opens_on", "closes_on"} <= data.keys() and not self._has_day_errors():
            for name, sentences in services.check_days(
                self._terms(data), stored=self.stored
            ).items():
                self.add_error(name, sentences[0])
        return data

    def _has_day_errors(self) -> bool:
        return any(name in self.errors for name in ("applications_from", "applications_to"))

    def _terms(self, data: Mapping[str, Any]) -> services.FairTerms:
        province, commune = data.get("province"), data.get("commune")
        return services.FairTerms(
            kind=data.get("kind", ""),
            name=data.get("name", ""),
            province_id=province.pk if province else 0,
            co_province_ids=tuple(unit.pk for unit in data.get("co_provinces", ())),
            venue_name=data.get("venue_name", ""),
            address=data.get("address", ""),
            commune_id=commune.pk if commune else None,
            opens_on=data["opens_on"],
            closes_on=data["closes_on"],
            applications_from=data.get("applications_from"),
            applications_to=data.get("applications_to"),
            booth_quota=data.get("booth_quota"),
            about=data.get("about", ""),
        )

    def terms(self) -> services.FairTerms:
        """Return what the valid form says."""
        return self._terms(self.cleaned_data)


class DeadlineForm(RefusableForm):
    """When a duty was met, and under which number."""

    done_on = DayField(label=_("Done on"))
    reference = CleanCharField(
        label=_("Number of the document"),
        required=False,
        max_length=80,
        help_text=_("As it stands on the letter or the receipt."),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"done_on": clock.today()})
        super().__init__(data, **kwargs)


class CancelForm(RefusableForm):
    """Why a fair is called off; everybody who applied reads it."""

    reason = CleanTextField(label=_("Reason"), max_length=services.MAX_REASON, rows=3)


def initial_of(terms: services.FairTerms) -> dict[str, Any]:
    """Return terms as the form shows them."""
    return {
        "kind": terms.kind,
        "name": terms.name,
        "about": terms.about,
        "province": terms.province_id,
        "co_provinces": list(terms.co_province_ids),
        "venue_name": terms.venue_name,
        "address": terms.address,
        "commune": terms.commune_id,
        "opens_on": terms.opens_on,
        "closes_on": terms.closes_on,
        "applications_from": terms.applications_from,
        "applications_to": terms.applications_to,
        "booth_quota": terms.booth_quota,
    }
