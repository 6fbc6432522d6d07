"""What a fair says of itself, and whether it can be meant."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace
from typing import Any, Final

from django.utils.translation import gettext as _

from core.kernel import clock, names, text
from core.kernel.errors import InvalidInputError
from core.places import selectors as places
from fairs.enums import FairKind, FairPhase
from fairs.models import Fair

MAX_NAME: Final = 160
MAX_ABOUT: Final = 2000
MAX_ADDRESS: Final = 200
MAX_NOTE: Final = 1000
MAX_REASON: Final = 500
# The largest provincial fairs have 350 booths, conferences 2,500 organisations.
MAX_BOOTHS: Final = 5000
MAX_BOOTHS_EACH: Final = 20
# A provincial fair takes 5 to 7 days, a harvest festival or product week up to a season.
LONGEST_DAYS: Final = 92
PLANNED_AHEAD_DAYS: Final = 3 * 366
_WEEKS_IN_A_YEAR: Final = 52
_YEAR: Final = re.compile(r"20[0-9]{2}")

Errors = dict[str, list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class FairTerms:
    """A fair as an organiser types it; None is not decided yet."""

    kind: str
    name: str
    province_id: int
    opens_on: dt.date
    closes_on: dt.date
    co_province_ids: tuple[int, ...] = ()
    venue_name: str = ""
    address: str = ""
    commune_id: int | None = None
    applications_from: dt.date | None = None
    applications_to: dt.date | None = None
    booth_quota: int | None = None
    about: str = ""

    def values(self) -> dict[str, Any]:
        """Return the stored fields, texts cleaned; co-hosts are stored apart."""
        name = text.clean(self.name)
        return {
            "kind": self.kind,
            "name": name,
            "name_folded": text.fold(name) or name.casefold(),
            "about": text.clean_lines(self.about),
            "province_id": self.province_id,
            "venue_name": text.clean(self.venue_name),
            "address": text.clean(self.address),
            "commune_id": self.commune_id,
            "opens_on": self.opens_on,
            "closes_on": self.closes_on,
            "applications_from": self.applications_from,
            "applications_to": self.applications_to,
            "booth_quota": self.booth_quota,
        }


def check_terms(terms: FairTerms, *, organiser_id: int, stored: Fair | None = None) -> None:
    """Refuse terms that cannot be meant, naming each field.

    Raises:
        InvalidInputError: A field cannot be accepted.
    """
    errors = {
        **_check_words(terms),
        **_check_places(terms),
        **check_days(terms, stored=stored),
    }
    if terms.booth_quota is not None and not 1 <= terms.booth_quota <= MAX_BOOTHS:
        errors["booth_quota"] = [_("Write a number from 1 to %(most)d.") % {"most": MAX_BOOTHS}]
    if "name" not in errors and is_name_taken(
        terms.name, organiser_id=organiser_id, besides=stored.pk if stored else None
    ):
        errors["name"] = [_("You have a fair of this name already. Add the year or the edition.")]
    if errors:
        raise InvalidInputError(_("Some fields need another look."), errors)


def check_days(terms: FairTerms, *, stored: Fair | None = None) -> Errors:
    """Return what is wrong with the days, by field; days that did not change may be past."""
    today = clock.today()
    known = {} if stored is None else _days_of(stored)
    errors: Errors = {}
    if terms.opens_on < today and terms.opens_on != known.get("opens_on"):
        errors["opens_on"] = [_("This day is past. Choose a day to come.")]
    elif terms.opens_on > today + dt.timedelta(days=PLANNED_AHEAD_DAYS):
        errors["opens_on"] = [_("This is more than three years ahead. Check the year.")]
    if terms.closes_on < terms.opens_on:
        errors["closes_on"] = [_("The last day is before the first one.")]
    elif (terms.closes_on - terms.opens_on).days >= LONGEST_DAYS:
        words = _("A fair takes at most %(most)d days. Check the month and the year.")
        errors["closes_on"] = [words % {"most": LONGEST_DAYS}]
    elif terms.closes_on < today and terms.closes_on != known.get("closes_on"):
        errors["closes_on"] = [_("This day is past. Choose a day to come.")]
    return {**errors, **_check_window(terms, known)}


def _check_window(terms: FairTerms, known: dict[str, dt.date | None]) -> Errors:
    first, last = terms.applications_from, terms.applications_to
    if first is None and last is None:
        return {}
    if first is None:
        return {"applications_from": [_("Say from which day producers may apply.")]}
    if last is None:
        return {"applications_to": [_("Say until which day producers may apply.")]}
    is_new = last != known.get("applications_to")
    checks = [
        (last < first, _("The last day is before the first one.")),
        (last >= terms.opens_on, _("Applications have to end before the fair opens.")),
        (last < clock.today() and is_new, _("This day is past. Choose a day to come.")),
    ]
    found = next((words for is_wrong, words in checks if is_wrong), None)
    return {"applications_to": [found]} if found else {}


def _days_of(fair: Fair) -> dict[str, dt.date | None]:
    return {
        "opens_on": fair.opens_on,
        "closes_on": fair.closes_on,
        "applications_to": fair.applications_to,
    }


def _check_words(terms: FairTerms) -> Errors:
    errors: Errors = {}
    longest = {
        "name": MAX_NAME,
        "venue_name": MAX_NAME,
        "address": MAX_ADDRESS,
        "about": MAX_ABOUT,
    }
    for field, most in longest.items():
        if len(getattr(terms, field)) > most:
            errors[field] = [_("At most %(most)d characters.") % {"most": most}]
    if "name" not in errors and names.problem_of_name(terms.name) is not None:
        errors["name"] = [_("Type a name with letters or digits, without hidden characters.")]
    if terms.kind not in FairKind.values:
        errors["kind"] = [_("Choose one from the list.")]
    return errors


def _check_places(terms: FairTerms) -> Errors:
    errors: Errors = {}
    known = set(places.provinces().values_list("pk", flat=True))
    if terms.province_id not in known:
        errors["province"] = [_("Choose one from the list.")]
    if not set(terms.co_province_ids) <= known:
        errors["co_provinces"] = [_("Choose provinces from the list.")]
    elif terms.province_id in terms.co_province_ids:
        errors["co_provinces"] = [_("The host province need not stand among the co-hosts.")]
    communes = places.communes_of(terms.province_id)
    if terms.commune_id is not None and not communes.filter(pk=terms.commune_id).exists():
        errors["commune"] = [_("This commune does not lie in the host province.")]
    return errors


def is_name_taken(name: str, *, organiser_id: int, besides: int | None) -> bool:
    """Tell whether the organiser has another fair of that name, accents and capitals aside."""
    cleaned = text.clean(name)
    folded = text.fold(cleaned) or cleaned.casefold()
    same = Fair.objects.filter(organiser=organiser_id, name_folded=folded)
    others = same.exclude(phase=FairPhase.CANCELLED)
    return (others if besides is None else others.exclude(pk=besides)).exists()


def next_edition(terms: FairTerms) -> FairTerms:
    """Return the same fair whole years later, on the same weekdays, with the year in its name."""
    shifted = terms
    while shifted.opens_on <= clock.today() or shifted is terms:
        shifted = _a_year_later(shifted)
    name = _YEAR.sub(str(shifted.opens_on.year), terms.name)
    return replace(shifted, name=name if name != terms.name else "")


def _a_year_later(terms: FairTerms) -> FairTerms:
    year = dt.timedelta(weeks=_WEEKS_IN_A_YEAR)
    first, last = terms.applications_from, terms.applications_to
    return replace(
        terms,
        opens_on=terms.opens_on + year,
        closes_on=terms.closes_on + year,
        applications_from=first + year if first else None,
        applications_to=last + year if last else None,
    )
