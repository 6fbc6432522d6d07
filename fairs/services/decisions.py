"""The organiser's answers to applications."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from core.kernel import clock
from core.kernel.errors import IllegalTransitionError, InvalidInputError
from core.outbox import outbox
from fairs.enums import FairPhase, ParticipationStatus
from fairs.events import ParticipationApproved, ParticipationDeclined, ParticipationReturned
from fairs.models import Participation
from fairs.selectors import places_of
from fairs.services.participations import locked_participation
from fairs.services.phases import checked_reason

Decided = type[ParticipationApproved] | type[ParticipationReturned] | type[ParticipationDeclined]


@transaction.atomic
def approve_participation(
    *, participation_id: int, booths: int, version: int, user_id: int | None
) -> Participation:
    """Give an applicant its booths; an application declined before may be approved after all.

    Args:
        participation_id: The application.
        booths: How many it gets.
        version: What the deciding person had before them; a newer one is not decided unseen.
        user_id: Who decides.

    Raises:
        Participation.DoesNotExist: No such application.
        IllegalTransitionError: It changed meanwhile, or cannot be approved now.
        InvalidInputError: There are not that many booths left.

    Emits:
        ParticipationApproved.
    """
    place = _decidable(
        participation_id,
        version=version,
        among=(ParticipationStatus.SUBMITTED, ParticipationStatus.DECLINED),
    )
    left = places_of(place.fair_id, quota=place.fair.booth_quota).left
    if booths < 1:
        raise InvalidInputError(
            _("Some fields need another look."), {"booths": [_("Write a number above zero.")]}
        )
    if left is not None and booths > left:
        words = _("Only %(left)d booths are left. Give fewer, or raise the number of booths.")
        raise InvalidInputError(
            _("Some fields need another look."), {"booths": [words % {"left": left}]}
        )
    place.booths_granted, place.reason = booths, ""
    return _decided(place, ParticipationStatus.APPROVED, ParticipationApproved, user_id)


@transaction.atomic
def return_participation(
    *, participation_id: int, reason: str, version: int, user_id: int | None
) -> Participation:
    """Ask the applicant for changes.

    Raises:
        Participation.DoesNotExist: No such application.
        IllegalTransitionError: It changed meanwhile, or is not waiting.
        InvalidInputError: The reason is missing or too long.

    Emits:
        ParticipationReturned.
    """
    place = _decidable(participation_id, version=version, among=(ParticipationStatus.SUBMITTED,))
    place.reason = checked_reason(reason)
    return _decided(place, ParticipationStatus.RETURNED, ParticipationReturned, user_id)


@transaction.atomic
def decline_participation(
    *, participation_id: int, reason: str, version: int, user_id: int | None
) -> Participation:
    """Say no, also to somebody who was approved before; given booths are free again.

    Raises:
        Participation.DoesNotExist: No such application.
        IllegalTransitionError: It changed meanwhile, or cannot be declined now.
        InvalidInputError: The reason is missing or too long.

    Emits:
        ParticipationDeclined.
    """
    place = _decidable(
        participation_id,
        version=version,
        among=(ParticipationStatus.SUBMITTED, ParticipationStatus.APPROVED),
    )
    place.reason, place.booths_granted = checked_reason(reason), None
    return _decided(place, ParticipationStatus.DECLINED, ParticipationDeclined, user_id)


def _decidable(
    participation_id: int, *, version: int, among: tuple[ParticipationStatus, ...]
) -> Participation:
    place = locked_participation(participation_id)
    if place.version != version:
        raise IllegalTransitionError(
            _("The application has changed meanwhile. Look at it again, then decide.")
        )
    if place.fair.phase not in {FairPhase.CALLING, FairPhase.REVIEWING}:
        raise IllegalTransitionError(
            _("Applications are decided while the call is open or exhibitors are chosen.")
        )
    if place.status not in among:
        raise IllegalTransitionError(_("This application is not waiting for that decision."))
    return place


def _decided(
    place: Participation, status: ParticipationStatus, event: Decided, user_id: int | None
) -> Participation:
    place.status, place.decided_at, place.decided_by_id = status, clock.now(), user_id
    place.version += 1
    place.save()
    outbox.append(
        event(
            participation_id=place.pk,
            fair_id=place.fair_id,
            version=place.version,
            organisation_id=place.organisation_id,
        )
    )
    return place
