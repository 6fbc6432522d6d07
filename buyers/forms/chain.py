"""Banners and outlets as buyers type or paste them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from buyers import services
from buyers.enums import OutletKind
from buyers.models import Outlet
from core.kernel import text
from core.kernel.errors import InvalidInputError
from core.places import selectors as places
from core.places.enums import AdminLevel
from core.places.models import AdminUnit
from core.web.fields import CleanCharField, CleanTextField, CountField

# Names of provinces that ended with the merger are still what people paste.
LAST_DAY_OF_63: Final = dt.date(2025, 6, 30)
_MOST_PARTS: Final = 3
_PREFIXES: Final = ("tinh ", "thanh pho ", "tp ")


class RefusingForm(forms.Form):
    """A form that shows what a service refused beside the fields it names."""

    def refuse(self, error: InvalidInputError) -> None:
        """Keep what was typed and say what the service said."""
        for name, sentences in error.field_errors.items():
            for sentence in sentences:
                self.add_error(name if name in self.fields else None, sentence)


class GroupForm(RefusingForm):
    """What a buyer says of itself."""

    summary = CleanCharField(
        label=_("In one sentence"),
        max_length=200,
        required=False,
        help_text=_("What you sell and to whom; producers read it first."),
    )
    website = forms.URLField(
        label=_("Website"), max_length=200, required=False, assume_scheme="https"
    )
    payment_days = CountField(
        label=_("Usual days until payment"), required=False, least=0, most=365
    )

    def details(self) -> services.GroupDetails:
        """Return what the valid form says."""
        return services.GroupDetails(**self.cleaned_data)


class BannerForm(RefusingForm):
    """A name over the door."""

    name = CleanCharField(label=_("Name over the door"), max_length=services.MAX_BANNER_NAME)


class OutletForm(RefusingForm):
    """One place that sells or receives goods."""

    name = CleanCharField(label=_("Name of the outlet"), max_length=services.MAX_OUTLET_NAME)
    kind = forms.ChoiceField(label=_("Kind"), choices=OutletKind.choices)
    province = forms.ModelChoiceField(
        label=_("Province"), queryset=AdminUnit.objects.none(), empty_label=_("Choose a province")
    )
    commune = forms.ModelChoiceField(
        label=_("Commune or ward"),
        queryset=AdminUnit.objects.none(),
        required=False,
        empty_label=_("Choose a commune or ward"),
    )
    address = CleanCharField(
        label=_("Street and number"), max_length=services.MAX_ADDRESS, required=False
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, stored: Outlet | None = None
    ) -> None:
        names = ("name", "kind", "province_id", "commune_id", "address")
        initial = {n.removesuffix("_id"): getattr(stored, n) for n in names} if stored else {}
        super().__init__(data, initial=initial)
        fields: Mapping[str, Any] = self.fields
        fields["province"].queryset = places.provinces()
        province = str(self["province"].value() or "")
        if province.isascii() and province.isdigit():
            fields["commune"].queryset = places.communes_of(int(province[:18]))

    def details(self) -> services.OutletDetails:
        """Return what the valid form says."""
        data = self.cleaned_data
        return services.OutletDetails(
            name=data["name"],
            kind=data["kind"],
            province_id=data["province"].pk,
            commune_id=data["commune"].pk if data["commune"] else None,
            address=data["address"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PastedRow:
    """One pasted line: what it says, or why it cannot be read."""

    number: int
    line: str
    details: services.OutletDetails | None
    province: str
    errors: tuple[str, ...]


class RowsField(CleanTextField):
    """Lines of columns; a spreadsheet divides them by tabs, people by semicolons."""

    def cleaned(self, typed: str) -> str:
        """Return the lines with semicolons between the columns."""
        return super().cleaned(typed.replace("\t", ";"))


class OutletLinesForm(RefusingForm):
    """Many outlets at once, one a line: name; province; address."""

    kind = forms.ChoiceField(label=_("All of them are"), choices=OutletKind.choices)
    lines = RowsField(
        label=_("One outlet a line: name; province; address"),
        max_length=100_000,
        rows=10,
        help_text=_("The address may be left out. Columns copied from a spreadsheet work as well."),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, banner_id: int) -> None:
        super().__init__(data)
        self.banner_id = banner_id
        self.rows: list[PastedRow] = []

    def clean_lines(self) -> str:
        """Refuse more lines than one page can show."""
        typed: str = self.cleaned_data["lines"]
        if len(typed.splitlines()) > services.OUTLETS_AT_ONCE:
            sentence = gettext("At most %(most)s outlets at a time, please.")
            raise forms.ValidationError(sentence % {"most": services.OUTLETS_AT_ONCE})
        return typed

    def clean(self) -> dict[str, Any]:
        """Read the lines and say of each what is wrong with it."""
        data = super().clean() or self.cleaned_data
        if "lines" in data and "kind" in data:
            self.rows = self._checked(read_lines(data["lines"], kind=data["kind"]))
            wrong = sum(bool(row.errors) for row in self.rows)
            if wrong:
                sentence = gettext("%(wrong)s of %(all)s lines need another look; see below.")
                counts = {"wrong": wrong, "all": len(self.rows)}
                self.add_error("lines", sentence % counts)
        return data

    def details(self) -> list[services.OutletDetails]:
        """Return the outlets of a valid form."""
        return [row.details for row in self.rows if row.details is not None]

    def _checked(self, rows: list[PastedRow]) -> list[PastedRow]:
        """Let the service look at the readable rows: names taken, too long, twice."""
        readable = [row for row in rows if row.details is not None]
        details = [row.details for row in readable if row.details is not None]
        problems = services.check_outlets(banner_id=self.banner_id, details=details)
        said = {row.number: problems.get(at, []) for at, row in enumerate(readable, start=1)}
        return [
            PastedRow(
                number=row.number,
                line=row.line,
                details=row.details,
                province=row.province,
                errors=(*row.errors, *said.get(row.number, [])),
            )
            for row in rows
        ]


def read_lines(typed: str, *, kind: str) -> list[PastedRow]:
    """Read pasted lines; numbers count from 1 and empty lines are passed over."""
    known = {bare(province.name): province for province in places.provinces()}
    lines = [line.strip() for line in typed.splitlines()]
    return [
        _read(number, line, kind=kind, known=known)
        for number, line in enumerate(lines, start=1)
        if line
    ]


def bare(name: str) -> str:
    """Return a province's name folded and without its type: "TP. Hải Phòng" is "hai phong"."""
    folded = text.fold(name)
    prefix = next((p for p in _PREFIXES if folded.startswith(p)), "")
    return folded.removeprefix(prefix)


def _read(number: int, line: str, *, kind: str, known: Mapping[str, AdminUnit]) -> PastedRow:
    parts = [text.clean(part) for part in line.split(";", _MOST_PARTS - 1)]
    name, province_name, address = [*parts, "", "", ""][:_MOST_PARTS]
    province = known.get(bare(province_name))
    errors = [] if province else [_why_not_a_province(province_name)]
    details = None
    if province:
        details = services.OutletDetails(
            name=name, kind=kind, province_id=province.pk, address=address
        )
    shown = str(province) if province else province_name
    return PastedRow(
        number=number, line=line, details=details, province=shown, errors=tuple(errors)
    )


def _why_not_a_province(name: str) -> str:
    if not name:
        return gettext("The province is missing. Write: name; province; address.")
    ended = places.units_on(LAST_DAY_OF_63).filter(level=AdminLevel.PROVINCE)
    old = ended.filter(name_folded=bare(name)).first()
    heirs = [change.new.name for change in places.successors_of(old.pk)] if old else []
    if heirs:
        sentence = gettext("%(old)s is part of %(new)s since 1 July 2025. Write the new name.")
        return sentence % {"old": name, "new": ", ".join(heirs)}
    return gettext("We know no province called “%(name)s”.") % {"name": name}
