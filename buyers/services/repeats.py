"""Asking for the same again: copies, and repeats in the next period."""

from __future__ import annotations

import calendar
import datetime as dt
from typing import Final

from django.db import transaction

from buyers.enums import RepeatAfter
from buyers.models import DemandRequest
from buyers.services.terms import Amounts, reckon
from core.kernel import clock
from core.kernel.periods import DayRange

DEFAULT_WEEKS: Final = 4
_DAYS_PER_WEEK: Final = 7
_COPIED: Final = (
    "group_id",
    "banner_id",
    "words",
    "words_folded",
    "category_id",
    "quantity",
    "unit_id",
    "pack_size",
    "pack_unit_id",
    "period",
    "dimension",
    "price_ceiling_vnd",
    "delivery_province_id",
    "minimum_stars",
    "required_papers",
    "preferred_papers",
    "market",
    "storage",
    "needs_invoice",
    "needs_barcode",
    "note",
)


def default_window(today: dt.date) -> DayRange:
    """Return the days a new request starts with: four weeks from next Monday."""
    monday = today + dt.timedelta(days=_DAYS_PER_WEEK - today.weekday())
    return DayRange(monday, monday + dt.timedelta(weeks=DEFAULT_WEEKS, days=-1))


@transaction.atomic
def copy_request(*, request_id: int) -> DemandRequest:
    """Make a draft that asks for the same; past days move to the usual new window.

    Raises:
        DemandRequest.DoesNotExist: No such request.
    """
    original = DemandRequest.objects.get(pk=request_id)
    days = DayRange(original.needed_from, original.needed_to)
    if days.first < clock.today():
        first = default_window(clock.today()).first
        days = DayRange(first, first + dt.timedelta(days=days.days - 1))
    return _copy(original, days)


@transaction.atomic
def repeat_request(
    *, request_id: int, after: RepeatAfter = RepeatAfter.OWN_LENGTH
) -> DemandRequest:
    """Make a draft that asks for the same in the next period that has not begun.

    Args:
        request_id: The request to repeat, in whatever state.
        after: How far the window moves: by its own length, a week, or a month.

    Raises:
        DemandRequest.DoesNotExist: No such request.
    """
    original = DemandRequest.objects.get(pk=request_id)
    days = DayRange(original.needed_from, original.needed_to)
    return _copy(original, next_window(days, after=after, today=clock.today()))


def next_window(days: DayRange, *, after: RepeatAfter, today: dt.date) -> DayRange:
    """Return `days` moved on at least once, until they begin today or later."""
    steps = 1
    moved = _moved(days, after, steps)
    while moved.first < today:
        steps += 1
        moved = _moved(days, after, steps)
    return moved


def _copy(original: DemandRequest, days: DayRange) -> DemandRequest:
    """Store the copy; today's lists are asked when it is revised or published."""
    draft = DemandRequest(
        **{name: getattr(original, name) for name in _COPIED},
        needed_from=days.first,
        needed_to=days.last,
        copied_from=original,
    )
    if original.banner and original.banner.is_archived:
        draft.banner = None
    reckoning = reckon(
        Amounts(
            quantity=draft.quantity,
            unit_id=draft.unit_id,
            pack_size=draft.pack_size,
            pack_unit_id=draft.pack_unit_id,
            period=draft.period,
            price_ceiling_vnd=draft.price_ceiling_vnd,
            needed_from=draft.needed_from,
            needed_to=draft.needed_to,
        )
    )
    draft.quantity_base = reckoning.quantity_base
    draft.price_ceiling_vnd_per_base = reckoning.price_ceiling_vnd_per_base
    draft.save()
    draft.outlets.set(original.outlets.filter(is_archived=False))
    return draft


def _moved(days: DayRange, after: RepeatAfter, steps: int) -> DayRange:
    if after == RepeatAfter.MONTH:
        first = _months_later(days.first, steps)
        last = _months_later(days.last, steps)
        return DayRange(first, last)
    length = _DAYS_PER_WEEK if after == RepeatAfter.WEEK else days.days
    shift = dt.timedelta(days=length * steps)
    return DayRange(days.first + shift, days.last + shift)


def _months_later(day: dt.date, months: int) -> dt.date:
    """Return the same day of a later month; a month's last day stays the last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    length = calendar.monthrange(year, month + 1)[1]
    is_last = day.day == calendar.monthrange(day.year, day.month)[1]
    return dt.date(year, month + 1, length if is_last else min(day.day, length))
