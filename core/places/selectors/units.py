"""Units of a day: by code, by name, by neighbourhood, and what became of them."""

from __future__ import annotations

import datetime as dt
import re

from django.db.models import Q, QuerySet

from core.kernel import clock
from core.kernel.text import clean, fold
from core.places.enums import AdminLevel, UnitKind
from core.places.models import (
    AdminUnit,
    AdminUnitChange,
    AdminUnitLabel,
    ProvinceBorder,
    ProvincePact,
)

_PREFIXES = re.compile(
    r"^(?:(?P<tinh>tinh)|(?P<thanh_pho>thanh pho|tp)|(?P<phuong>phuong|p)|(?P<xa>xa|x)"
    r"|(?P<dac_khu>dac khu)|(?P<thi_tran>thi tran|tt)|(?P<thi_xa>thi xa|tx)|(?P<quan>quan|q)"
    r"|(?P<huyen>huyen|h))\s+(?=\S)"
)


def units_on(day: dt.date) -> QuerySet[AdminUnit]:
    """Return the units that existed on a day."""
    return AdminUnit.objects.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)


def provinces(on: dt.date | None = None) -> QuerySet[AdminUnit]:
    """Return the provinces of a day, today's by default, by name."""
    found = units_on(on or clock.today()).filter(level=AdminLevel.PROVINCE)
    return found.order_by("name_folded", "code")


def communes_of(province_id: int, *, on: dt.date | None = None) -> QuerySet[AdminUnit]:
    """Return a province's communes, wards and zones of a day, by name.

    Before July 2025 they stood under its districts.
    """
    found = units_on(on or clock.today()).filter(
        Q(parent=province_id) | Q(parent__parent=province_id), level=AdminLevel.COMMUNE
    )
    return found.order_by("name_folded", "code")


def unit_at(code: str, *, level: AdminLevel, day: dt.date) -> AdminUnit | None:
    """Return the unit that had a code on a day; a code means nothing without its day."""
    return units_on(day).filter(code=code, level=level).first()


def label_of(unit: AdminUnit, *, day: dt.date) -> str:
    """Return type and name as they stood on a day; today's where the day lies outside."""
    return str(_labels(day).filter(unit=unit).first() or unit)


def labels_on(day: dt.date, *, among: QuerySet[AdminUnit]) -> dict[int, dict[str, str]]:
    """Return `name` and `kind` of a day by the ids of the units given."""
    rows = _labels(day).filter(unit__in=among.order_by()).values_list("unit_id", "name", "kind")
    return {unit_id: {"name": name, "kind": kind} for unit_id, name, kind in rows}


def _labels(day: dt.date) -> QuerySet[AdminUnitLabel]:
    in_force = Q(valid_to=None) | Q(valid_to__gte=day)
    return AdminUnitLabel.objects.filter(in_force, valid_from__lte=day)


def successors_of(unit_id: int) -> list[AdminUnitChange]:
    """Return where a closed unit went, with the share where it is known."""
    changes = AdminUnitChange.objects.filter(old=unit_id).select_related("new")
    return list(changes.order_by("new__code"))


def members_of(group_code: str) -> QuerySet[AdminUnit]:
    """Return the provinces of a grouping, by name."""
    return AdminUnit.objects.filter(unit_groups__code=group_code).order_by("name_folded")


def neighbours(province_id: int) -> QuerySet[AdminUnit]:
    """Return the provinces that touch a province, by name."""
    pairs = ProvinceBorder.objects.filter(Q(a=province_id) | Q(b=province_id))
    ids = {pk for pair in pairs.values_list("a", "b") for pk in pair} - {province_id}
    return AdminUnit.objects.filter(pk__in=ids).order_by("name_folded")


def search_units(text: str, *, limit: int = 20, on: dt.date | None = None) -> list[AdminUnit]:
    """Find units by name, with or without type and accents.

    Hits with the very accents typed stand before folded ones, whole names before parts,
    provinces before communes. What looks like a type may be part of a name: Quan Sơn.
    """
    folded = fold(text)
    units = units_on(on or clock.today()).select_related("parent")
    prefix = _PREFIXES.match(folded)
    if prefix and prefix.lastgroup:
        of_kind = units.filter(kind=UnitKind(prefix.lastgroup))
        found = _ranked(of_kind, name=folded[prefix.end() :], text=text)[:limit]
        if found:
            return found
    return _ranked(units, name=folded, text=text)[:limit] if folded else []


def _ranked(units: QuerySet[AdminUnit], *, name: str, text: str) -> list[AdminUnit]:
    typed = clean(text).casefold()
    return sorted(
        units.filter(name_folded__contains=name),
        key=lambda unit: (
            unit.name.casefold() not in typed,
            unit.name_folded != name,
            not unit.name_folded.startswith(name),
            unit.level != AdminLevel.PROVINCE,
            unit.name_folded,
            unit.code,
        ),
    )


def pacts_in_force(day: dt.date) -> QuerySet[ProvincePact]:
    """Return the pacts of a day; one whose date of signing is not known counts as signed."""
    return ProvincePact.objects.filter(
        Q(signed_on=None) | Q(signed_on__lte=day), Q(valid_to=None) | Q(valid_to__gte=day)
    )
