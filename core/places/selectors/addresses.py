"""Reading addresses: where they lie, in units of the day, and why, in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel import clock
from core.places.enums import AdminLevel
from core.places.resolver import NEW_MAP_SINCE, Resolution, Resolver, load
from core.places.resolver.kinds import PROVINCE, WARD
from core.places.selectors.units import units_on

_FIRST_DAY: Final = dt.date(2008, 8, 1)
_WHY: Final[dict[str, str | Promise]] = {
    "empty": gettext_lazy("Nothing was written."),
    "unread": gettext_lazy("No place was recognised. Write commune, district and province."),
    "garbled": gettext_lazy(
        "The letters were broken when the text was saved. Save it as UTF-8, or type it again."
    ),
    "code": gettext_lazy(
        "A bare code belongs to different communes before and after July 2025. Write the name."
    ),
    "split": gettext_lazy("This commune was divided in July 2025. Choose the part that is meant."),
    "several": gettext_lazy("Several communes fit. Choose the one that is meant."),
    "district_only": gettext_lazy(
        "Only the district was recognised. These communes came from it: choose one."
    ),
    "conflict": gettext_lazy("Not everything that is written lies in one place. Check it."),
    "part_unread": gettext_lazy("A part of it could not be read. Check it."),
}
_FLAWS: Final[dict[str, str | Promise]] = {
    "slip": gettext_lazy("“%(typed)s” was taken for %(label)s: a letter differs."),
    "marks": gettext_lazy("“%(typed)s” was taken for %(label)s: the accents differ."),
    "kind": gettext_lazy("“%(typed)s” was taken for %(label)s: the type differs."),
    "former": gettext_lazy("%(label)s is a name given up before July 2025."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A unit of the day: `unit_id` is None where the unit is not stored."""

    code: str
    label: str
    unit_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """An address as it was understood; `words` say what was read and why it is unsure."""

    resolution: Resolution
    province: Place | None
    commune: Place | None
    candidates: tuple[Place, ...]
    words: tuple[str, ...]


@cache
def resolver() -> Resolver:
    """Return the resolver of this process, built from the reference files on first use.

    The files are the law; what the database holds was loaded from them, so that both agree.
    """
    return Resolver(load())


def resolve_address(
    text: str = "",
    *,
    ward: str = "",
    district: str = "",
    province: str = "",
    on: dt.date | None = None,
) -> Resolution:
    """Return where an address lies on the map of a day, today's by default."""
    day = on or clock.today()
    return resolver().resolve(text, ward=ward, district=district, province=province, on=day)


def addresses_of(resolutions: Iterable[Resolution], *, on: dt.date | None = None) -> list[Address]:
    """Return resolutions with the units, their names of the day, and words for people."""
    day = on or clock.today()
    listed = list(resolutions)
    ids = _ids_of(listed, day)
    return [
        Address(
            resolution=one,
            province=_place(one.province_code, AdminLevel.PROVINCE, ids, day),
            commune=_place(one.commune_code, AdminLevel.COMMUNE, ids, day),
            candidates=tuple(
                place
                for code in one.candidates
                if (place := _place(code, AdminLevel.COMMUNE, ids, day))
            ),
            words=tuple(words_of(one)),
        )
        for one in listed
    ]


def words_of(resolution: Resolution) -> Iterator[str]:
    """Yield sentences on what was corrected and why the answer is unsure."""
    for part in resolution.understood:
        for flaw in part.flaws:
            if flaw in _FLAWS:
                yield str(_FLAWS[flaw]) % {"typed": part.typed, "label": part.label}
    for word in resolution.basis:
        if word in _WHY:
            yield str(_WHY[word])
    if resolution.unread:
        yield _("Not understood here: %(parts)s.") % {"parts": ", ".join(resolution.unread)}


def _ids_of(resolutions: Iterable[Resolution], day: dt.date) -> dict[tuple[str, str], int]:
    """Return the ids of the units named, by level and code; one query for all."""
    provinces = {one.province_code for one in resolutions if one.province_code}
    communes = {code for one in resolutions for code in _codes(one)}
    if not provinces and not communes:
        return {}
    found = units_on(day).filter(code__in=provinces | communes)
    return {(level, code): pk for pk, level, code in found.values_list("pk", "level", "code")}


def _codes(resolution: Resolution) -> tuple[str, ...]:
    return (resolution.commune_code,) if resolution.commune_code else resolution.candidates


def _place(
    code: str | None, level: AdminLevel, ids: dict[tuple[str, str], int], day: dt.date
) -> Place | None:
    if code is None:
        return None
    kind = PROVINCE if level == AdminLevel.PROVINCE else WARD
    # On the old map five island districts had no communes; they answer for themselves.
    label = load().label_on(code, level=kind, day=max(day, _FIRST_DAY)) or load().label_on(
        code, level="district", day=NEW_MAP_SINCE - dt.timedelta(days=1)
    )
    return Place(code=code, label=label or code, unit_id=ids.get((level, code)))
