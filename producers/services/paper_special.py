"""What only some kinds say: points, test reports, households, capacity, shops, crops and lots."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from core.kernel import clock
from producers.enums import PaperKind, Platform, StorefrontStage
from producers.models import Paper
from producers.services.checking import FieldErrors
from producers.services.inputs import PaperInput
from producers.services.paper_lookups import PaperLookups

AWARD_MONTHS: Final = 36
"""QĐ 148/QĐ-TTg and QĐ 26/2026/QĐ-TTg: an award lasts 36 months from the day of the decision."""
STAR_POINTS: Final = (Decimal(0), Decimal(30), Decimal(50), Decimal(70), Decimal(90))
"""Fewest points of one to five stars; the texts print "50 to 69", so 69.5 is below 70."""
FULL_POINTS: Final = Decimal(100)
MOST_HOUSEHOLDS: Final = 1_000_000
MOST_CAPACITY_KG: Final = Decimal(10_000_000)
"""Of one packing facility on one day; ten thousand tonnes is beyond any."""
FIELD_KINDS: Final[Mapping[str, frozenset[PaperKind]]] = {
    "score": frozenset({PaperKind.OCOP_AWARD}),
    "test_report_on": frozenset({PaperKind.SELF_DECLARATION}),
    "test_lab": frozenset({PaperKind.SELF_DECLARATION}),
    "households": frozenset({PaperKind.SAFE_COMMITMENT}),
    "commune_id": frozenset({PaperKind.SAFE_COMMITMENT}),
    "daily_capacity_kg": frozenset({PaperKind.PACKING_FACILITY_CODE}),
    "platform": frozenset({PaperKind.STOREFRONT}),
    "stage": frozenset({PaperKind.STOREFRONT}),
    "crop_id": frozenset(
        {
            PaperKind.GROWING_AREA_CODE,
            PaperKind.PACKING_FACILITY_CODE,
            PaperKind.VIETGAP,
            PaperKind.GLOBALGAP,
            PaperKind.ORGANIC,
            PaperKind.SAFE_COMMITMENT,
        }
    ),
    "lot": frozenset({PaperKind.TRACE_LINK, PaperKind.HALAL, PaperKind.SELF_DECLARATION}),
}


def last_day_of(values: PaperInput) -> dt.date | None:
    """Return the last day as typed; an award without one lasts as the law says."""
    if values.valid_to is None and values.kind == PaperKind.OCOP_AWARD:
        return plus_months(values.valid_from, AWARD_MONTHS)
    return values.valid_to


def award_days(errors: FieldErrors, values: PaperInput) -> None:
    """Note an award that would last longer than the law lets it."""
    last = last_day_of(values)
    if values.kind != PaperKind.OCOP_AWARD or last is None:
        return
    if last > plus_months(values.valid_from, AWARD_MONTHS):
        errors.add("valid_to", _("An award lasts 36 months from the decision, not longer."))


def set_special(
    errors: FieldErrors, paper: Paper, values: PaperInput, *, lookups: PaperLookups
) -> None:
    """Put what only this kind of paper says on it, noting what is wrong or out of place."""
    for name, kinds in FIELD_KINDS.items():
        if getattr(values, name) not in {None, ""} and values.kind not in kinds:
            errors.add(name.removesuffix("_id"), _("This kind of paper does not say that."))
    paper.lot = errors.line("lot", typed=values.lot, most=60)
    paper.test_lab = errors.line("test_lab", typed=values.test_lab, most=160)
    _check_points(errors, values)
    _check_test(errors, values)
    _check_households(errors, values)
    _check_capacity(errors, values)
    _check_storefront(errors, values)
    if values.crop_id is not None and not lookups.is_crop(values.crop_id, kind=values.kind):
        errors.add("crop", _("Choose something that is grown or raised, from the list."))
    paper.commune_id = _commune(errors, paper, values, lookups)
    paper.score, paper.test_report_on = values.score, values.test_report_on
    paper.households, paper.crop_id = values.households, values.crop_id
    paper.daily_capacity_kg = values.daily_capacity_kg
    paper.platform, paper.stage = values.platform, values.stage


def stars_of_points(points: Decimal) -> int:
    """Return the stars that points of a decision mean, 0 to 100."""
    return sum(points >= fewest for fewest in STAR_POINTS)


def plus_months(day: dt.date, months: int) -> dt.date:
    """Return the same day months later, or the month's last where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(day.day, last))


def _check_points(errors: FieldErrors, values: PaperInput) -> None:
    points = values.score
    if points is None:
        return
    if not 0 <= points <= FULL_POINTS or points != round(points, 2):
        errors.add("score", _("Write the points as 0 to 100, with at most two decimals."))
    elif values.stars != stars_of_points(points):
        words = _("%(points)s points mean %(stars)d stars. Check both.")
        errors.add("stars", words % {"points": points, "stars": stars_of_points(points)})


def _check_test(errors: FieldErrors, values: PaperInput) -> None:
    if values.test_report_on is not None and values.test_report_on > clock.today():
        errors.add("test_report_on", _("This day is still to come. Check the year."))
    if values.test_lab and values.test_report_on is None:
        errors.add("test_report_on", _("Say of which day the test report is."))


def _check_households(errors: FieldErrors, values: PaperInput) -> None:
    if values.kind != PaperKind.SAFE_COMMITMENT:
        return
    if values.households is None or not 1 <= values.households <= MOST_HOUSEHOLDS:
        errors.add("households", _("Say how many households committed themselves."))


def _commune(
    errors: FieldErrors, paper: Paper, values: PaperInput, lookups: PaperLookups
) -> int | None:
    """Return where the households are: as said, else the commune of the holder itself."""
    if values.kind != PaperKind.SAFE_COMMITMENT:
        return None
    chosen = values.commune_id or lookups.commune_of(paper.producer_id)
    if chosen is None:
        errors.add("commune", _("Say in which commune the households are."))
    elif not lookups.is_commune_near(chosen, producer_id=paper.producer_id):
        errors.add("commune", _("This commune is not in your province. Choose again."))
    return chosen


def _check_capacity(errors: FieldErrors, values: PaperInput) -> None:
    capacity = values.daily_capacity_kg
    if capacity is None:
        return
    if not 0 < capacity <= MOST_CAPACITY_KG:
        errors.add("daily_capacity_kg", _("Write how many kg the facility packs on one day."))
    elif capacity != round(capacity, 2):
        errors.add("daily_capacity_kg", _("At most two decimals, please."))


def _check_storefront(errors: FieldErrors, values: PaperInput) -> None:
    if values.kind == PaperKind.STOREFRONT:
        errors.choice("platform", value=values.platform, known=Platform.values)
        errors.choice("stage", value=values.stage, known=StorefrontStage.values)
