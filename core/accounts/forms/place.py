"""Where an organisation is: the address as typed, and the province and commune read from it."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.urls import reverse_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.accounts.forms.fields import CleanField, UnitField, offer, plain_helper
from core.kernel import clock
from core.places import selectors as places
from core.places.enums import AdminLevel
from core.places.models import AdminUnit

FITTING: Final = "fitting"
_SEVERAL: Final = _("Your address fits several communes. Choose the one that is meant.")
_CHOOSE: Final = _("Choose your commune, or write it in the address.")


def address_field() -> CleanField:
    """Return the field for an address in any words."""
    return CleanField(
        label=_("Address"),
        max_length=200,
        required=False,
        help_text=_(
            "As you always write it, with old or new names. We look up province and commune "
            "of today, and keep what you typed."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )


class ReadsAddress(forms.Form):
    """Reads the commune from the address where nobody chose one, and asks where several fit.

    What a person chose always counts; the address only helps.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.read: places.Address | None = None
        if self.is_bound and self.data.get(FITTING):
            self._ask(_communes_of_today())

    def settle_commune(self, data: dict[str, Any], *, within: AdminUnit | None) -> None:
        """Set `commune` in the clean data, or say at the field what to do next.

        Args:
            data: The clean data; `fitting` holds the candidate somebody chose.
            within: The province the commune must lie in, where one is chosen.
        """
        data["commune"] = data.get("commune") or data.pop(FITTING, None)
        if data["commune"] is not None or "commune" in self.errors:
            return
        fitting = self._fitting(data.get("address") or "", within)
        if len(fitting) == 1 and self.read is not None and self.read.commune is not None:
            data["commune"] = fitting[0]
            return
        self._ask(_communes_of_today().filter(pk__in=[unit.pk for unit in fitting]))
        self.add_error("commune", self._why(fitting, within))

    def _fitting(self, address: str, within: AdminUnit | None) -> list[AdminUnit]:
        """Return the communes the address may lie in, in the province chosen."""
        resolution = places.resolve_address(address)
        if resolution.province_code is None and within is not None:
            resolution = places.resolve_address(f"{address}, {within.name}")
        self.read = places.addresses_of([resolution])[0]
        named = (self.read.commune, *self.read.candidates)
        ids = [place.unit_id for place in named if place is not None]
        found = _communes_of_today().filter(pk__in=[pk for pk in ids if pk is not None])
        return list(found.filter(parent=within) if within is not None else found)

    def _why(self, fitting: list[AdminUnit], within: AdminUnit | None) -> ValidationError:
        province = self.read.province if self.read is not None else None
        if fitting:
            return ValidationError(_SEVERAL)
        if within is not None and province is not None and province.unit_id != within.pk:
            return ValidationError(
                _("The address seems to lie in %(province)s. Change the province, or the address."),
                params={"province": province.label},
            )
        return ValidationError(_CHOOSE)

    def _ask(self, communes: QuerySet[AdminUnit]) -> None:
        if self.is_bound and communes:
            self.fields[FITTING] = UnitField(
                communes,
                label=_("Which one is it?"),
                required=False,
                empty_label=None,
                widget=forms.RadioSelect,
            )
            self.order_fields(["address", FITTING])


class PlaceForm(ReadsAddress):
    """Address, province, commune. A new province brings its communes, with or without script."""

    address = address_field()
    province = UnitField(
        places.provinces().none(),
        label=_("Province or city"),
        required=False,
        empty_label=_("Choose …"),
        widget=forms.Select(
            attrs={
                "hx-get": reverse_lazy("places:communes"),
                "hx-target": "#id_commune",
                "hx-trigger": "change",
            }
        ),
    )
    commune = UnitField(
        places.communes_of(0),
        label=_("Commune or ward"),
        required=False,
        empty_label=_("Found from the address, or choose …"),
        help_text=_("As it is called since 1 July 2025."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, field="province", units=places.provinces())
        offer(self, field="commune", units=places.communes_of(self._province_id()))
        self.helper = plain_helper()

    def clean(self) -> dict[str, Any]:
        """Take the commune chosen, else the one the address tells; its province goes with it."""
        data: dict[str, Any] = super().clean() or {}
        chosen = data.get("province")
        self.settle_commune(data, within=chosen)
        commune = data.get("commune")
        if commune is not None:
            data["province"] = commune.parent
        elif chosen is None:
            self.add_error("province", gettext("Choose your province, or write it in the address."))
        return data

    def _province_id(self) -> int:
        chosen = self["province"].value()
        typed = str(getattr(chosen, "pk", chosen) or "")
        usable = typed.isascii() and typed.isdigit() and len(typed) < 10  # noqa: PLR2004 -- ids are shorter
        return int(typed) if usable else 0


def _communes_of_today() -> QuerySet[AdminUnit]:
    found = places.units_on(clock.today()).filter(level=AdminLevel.COMMUNE)
    return found.select_related("parent").order_by("name_folded", "code")
