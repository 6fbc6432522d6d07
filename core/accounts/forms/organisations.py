"""Forms of an organisation: the steps of registration and its own page; its place is apart."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from crispy_forms.layout import Field, Fieldset
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from core.accounts import taxcode
from core.accounts.enums import ConsentPurpose, OrganisationKind
from core.accounts.forms.fields import (
    NameField,
    TaxCodeField,
    UnitField,
    VietnamesePhoneField,
    offer,
    plain_helper,
)
from core.accounts.forms.place import ReadsAddress, address_field
from core.accounts.models import Organisation
from core.accounts.services import REQUIRED_CONSENTS, Contact, Identity
from core.places import selectors as places
from core.places.models import AdminUnit

_CHECK: Final = "accounts/_check.html"
_PARTS: Final = ("is_producer", "is_buyer", "is_organiser")
_NO_PART: Final = _("Tick at least one: you sell, you buy, or you organise fairs.")


def _box(label: StrOrPromise, **kwargs: Any) -> forms.BooleanField:
    widget = forms.CheckboxInput(attrs={"class": "form-check-input"})
    return forms.BooleanField(label=label, widget=widget, **{"required": False, **kwargs})


class IdentityForm(forms.Form):
    """Who the organisation is."""

    name = NameField(
        label=_("Name of the business"),
        max_length=200,
        help_text=_("As it stands on the registration certificate."),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[("", _("Choose …")), *OrganisationKind.choices]
    )
    is_producer = _box(_("We sell: we grow, make or process"))
    is_buyer = _box(_("We buy: for shops, kitchens or export"))
    is_organiser = _box(_("We organise fairs"))
    province = UnitField(
        places.provinces().none(),
        label=_("Province or city"),
        empty_label=_("Choose …"),
        help_text=_("An officer from there looks at your registration."),
        widget=forms.Select(attrs={"data-picker": "", "data-placeholder": _("Choose …")}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, field="province", units=places.provinces())
        self.helper = plain_helper(
            "name",
            "kind",
            Fieldset(
                _("What do you do here?"),
                *(Field(name, template=_CHECK) for name in _PARTS),
                css_class="mb-3",
            ),
            "province",
        )

    @staticmethod
    def initial_of(organisation: Organisation) -> dict[str, Any]:
        """Return the form's values for an organisation."""
        return {
            "name": organisation.name,
            "kind": organisation.kind,
            "is_producer": organisation.is_producer,
            "is_buyer": organisation.is_buyer,
            "is_organiser": organisation.is_organiser,
            "province": organisation.province_id,
        }

    def clean(self) -> dict[str, Any]:
        """Ask for at least one part; an organiser organises whether ticked or not."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("kind") == OrganisationKind.ORGANISER:
            data["is_organiser"] = True
        if not (data.get("is_producer") or data.get("is_buyer") or data.get("is_organiser")):
            self.add_error("is_producer", _NO_PART)
        return data

    def identity(self) -> Identity:
        """Return the clean values as the services take them."""
        data = self.cleaned_data
        return Identity(
            kind=OrganisationKind(data["kind"]),
            name=data["name"],
            province_id=data["province"].pk,
            is_producer=data["is_producer"],
            is_buyer=data["is_buyer"],
            is_organiser=data["is_organiser"],
        )


class TaxCodeForm(forms.Form):
    """The tax code; whether somebody else holds it is never told here."""

    tax_code = TaxCodeField(
        help_text=_(
            "10 digits; 13 for a branch; 12 for a household business. "
            "It is never shown in full to others."
        )
    )

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._kind = kind
        self.helper = plain_helper()

    def clean_tax_code(self) -> str:
        """Accept the twelve-digit form from household businesses only."""
        return checked_for_kind(self.cleaned_data["tax_code"], kind=self._kind)


def checked_for_kind(code: str, *, kind: str) -> str:
    """Return the code if this kind of organisation can have one of its form.

    Raises:
        ValidationError: Twelve digits name a person; only a household business has them.
    """
    parsed = taxcode.parse(code)
    if parsed.form is taxcode.TaxCodeForm.PERSON and kind != OrganisationKind.HOUSEHOLD:
        raise ValidationError(
            _(
                "12 digits belong to a household business. Type the 10 digits of your "
                "organisation, or choose household business as its kind."
            )
        )
    return code


class ContactForm(forms.Form):
    """Whom the other side reaches once both have accepted."""

    contact_name = NameField(
        label=_("Contact person"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    contact_phone = VietnamesePhoneField(label=_("Phone"))
    contact_email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()

    @staticmethod
    def initial_of(organisation: Organisation) -> dict[str, Any]:
        """Return the form's values for an organisation."""
        phone = organisation.contact_phone
        return {
            "contact_name": organisation.contact_name,
            "contact_phone": phone.as_national if phone else "",
            "contact_email": organisation.contact_email,
        }

    def contact(self) -> Contact:
        """Return the clean values as the services take them."""
        data = self.cleaned_data
        return Contact(
            contact_name=data["contact_name"],
            contact_phone=data["contact_phone"].as_e164,
            contact_email=data["contact_email"].lower(),
        )


class OwnContactForm(ContactForm, ReadsAddress):
    """Contact and address of a registered organisation, within its province."""

    address = address_field()
    commune = UnitField(
        places.communes_of(0),
        label=_("Commune or ward"),
        required=False,
        empty_label=_("Found from the address, or choose …"),
    )

    def __init__(self, *args: Any, province: AdminUnit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._province = province
        offer(self, field="commune", units=places.communes_of(province.pk))

    def clean(self) -> dict[str, Any]:
        """Take the commune chosen, else the one the address tells."""
        data: dict[str, Any] = super().clean() or {}
        self.settle_commune(data, within=self._province)
        return data


class OwnIdentityForm(IdentityForm):
    """Who a registered organisation is, tax code included; goes to the officer."""

    tax_code = TaxCodeField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper.layout.append(Field("tax_code"))

    def clean(self) -> dict[str, Any]:
        """Judge code and kind together."""
        data = super().clean()
        code, kind = data.get("tax_code"), data.get("kind")
        if code and kind:
            try:
                checked_for_kind(code, kind=kind)
            except ValidationError as error:
                self.add_error("tax_code", error)
        return data


class ConsentsForm(forms.Form):
    """One box for each purpose, none of them ticked; some are needed to go on."""

    required_message: ClassVar = _("Without this we cannot register you. Tick it, or stop here.")

    def __init__(self, *args: Any, given: frozenset[str] = frozenset(), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for purpose in ConsentPurpose:
            if purpose in given:
                continue
            needed = purpose in REQUIRED_CONSENTS
            self.fields[purpose.value] = _box(
                purpose.label,
                required=needed,
                error_messages={"required": self.required_message},
            )
        self.helper = plain_helper()

    def purposes(self) -> list[ConsentPurpose]:
        """Return what was ticked."""
        return [ConsentPurpose(name) for name, ticked in self.cleaned_data.items() if ticked]
