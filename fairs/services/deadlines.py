"""Recording that a duty towards the authorities was met."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from core.kernel import clock, text
from core.kernel.errors import IllegalTransitionError, InvalidInputError
from fairs.enums import DeadlineCode, FairPhase, KeptBy
from fairs.models import DeadlineMark, Fair
from fairs.selectors import rule_of
from fairs.services.fairs import locked_fair

MAX_REFERENCE: Final = 80
_OLDEST_DAYS: Final = 3 * 366


@transaction.atomic
def record_deadline(
    *, fair_id: int, code: str, done_on: dt.date, reference: str, user_id: int | None
) -> DeadlineMark:
    """Record that a duty was met; recording it again corrects day and number.

    Raises:
        Fair.DoesNotExist: No such fair.
        IllegalTransitionError: The fair is cancelled, or its kind has no such duty.
        InvalidInputError: A field cannot be accepted.
    """
    fair = locked_fair(fair_id)
    _check_duty(fair, code)
    errors = _errors(fair, code, done_on, reference)
    if errors:
        raise InvalidInputError(_("Some fields need another look."), errors)
    values = {
        "done_on": done_on,
        "reference": text.clean(reference),
        "recorded_by_id": user_id,
        "recorded_at": clock.now(),
    }
    mark, _created = DeadlineMark.objects.update_or_create(fair=fair, code=code, defaults=values)
    return mark


@transaction.atomic
def clear_deadline(*, fair_id: int, code: str) -> None:
    """Take a record back that was made by mistake.

    Raises:
        Fair.DoesNotExist: No such fair.
        IllegalTransitionError: The fair went on in reliance on it.
    """
    fair = locked_fair(fair_id)
    _check_duty(fair, code)
    relied_on = {
        DeadlineCode.REGISTER.value: fair.phase != FairPhase.PLANNED,
        DeadlineCode.REPORT.value: fair.phase == FairPhase.REPORTED,
    }
    if relied_on.get(code):
        raise IllegalTransitionError(_("The fair has moved on since. Correct the record instead."))
    DeadlineMark.objects.filter(fair=fair, code=code).delete()


def _check_duty(fair: Fair, code: str) -> None:
    rule = rule_of(code, kind=fair.kind)
    if rule is None or rule.kept_by != KeptBy.HAND:
        raise IllegalTransitionError(_("There is nothing to record here for this kind of fair."))
    if fair.phase == FairPhase.CANCELLED:
        raise IllegalTransitionError(_("This fair is cancelled."))


def _errors(fair: Fair, code: str, done_on: dt.date, reference: str) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    if done_on > clock.today():
        errors["done_on"] = [_("This day has not come yet.")]
    elif done_on < fair.opens_on - dt.timedelta(days=_OLDEST_DAYS):
        errors["done_on"] = [_("This is long before the fair. Check the year.")]
    elif code == DeadlineCode.REPORT and done_on < fair.closes_on:
        errors["done_on"] = [_("The report comes after the last day of the fair.")]
    if len(reference) > MAX_REFERENCE:
        errors["reference"] = [_("At most %(most)d characters.") % {"most": MAX_REFERENCE}]
    elif code == DeadlineCode.REGISTER and not text.clean(reference):
        errors["reference"] = [_("Write the number of the registration.")]
    return errors
