"""Whom the fairs app tells when something happened to a fair or an application."""

from __future__ import annotations

from core.accounts import selectors as accounts
from core.notifications.services import notify
from core.outbox.registry import Consumer
from fairs import selectors
from fairs.enums import FairPhase
from fairs.events import (
    FairDateChanged,
    FairPhaseChanged,
    ParticipationApproved,
    ParticipationDeclined,
    ParticipationReturned,
    ParticipationSubmitted,
    ParticipationWithdrawn,
)
from fairs.models import Fair, Participation

Decision = ParticipationApproved | ParticipationReturned | ParticipationDeclined
_DECIDED = {
    ParticipationApproved.type: "fair_approved",
    ParticipationReturned.type: "fair_returned",
    ParticipationDeclined.type: "fair_declined",
}


def tell_host_of_application(event: ParticipationSubmitted) -> None:
    """Tell the organiser that somebody asks to take part."""
    _tell_host(event.participation_id, kind="fair_applied", version=event.version)


def tell_host_of_withdrawal(event: ParticipationWithdrawn) -> None:
    """Tell the organiser that somebody no longer comes."""
    _tell_host(event.participation_id, kind="fair_withdrawn", version=event.version)


def tell_applicant(event: Decision) -> None:
    """Tell the applicant what was decided."""
    place = Participation.objects.get(pk=event.participation_id)
    _tell_applicant(place, kind=_DECIDED[event.type], key=f"{place.pk}:v{event.version}")


def tell_cancelled(event: FairPhaseChanged) -> None:
    """Tell everybody who applied that the fair was called off."""
    if event.after == FairPhase.CANCELLED:
        _tell_concerned(event.fair_id, kind="fair_cancelled", version=event.version)


def tell_new_days(event: FairDateChanged) -> None:
    """Tell everybody who applied that the fair has new days; of two changes only the last."""
    if Fair.objects.filter(pk=event.fair_id, version=event.version).exists():
        _tell_concerned(event.fair_id, kind="fair_moved", version=event.version)


def _tell_concerned(fair_id: int, *, kind: str, version: int) -> None:
    for place in selectors.participations_concerned(fair_id):
        _tell_applicant(place, kind=kind, key=f"{place.pk}:fair-v{version}")


def _tell_applicant(place: Participation, *, kind: str, key: str) -> None:
    for user in accounts.members_to_tell(place.organisation_id):
        notify(
            kind=kind,
            user_id=user.pk,
            dedupe_key=f"{kind}:{key}:{user.pk}",
            ref={"participation_id": place.pk},
            organisation_id=place.organisation_id,
        )


def _tell_host(participation_id: int, *, kind: str, version: int) -> None:
    place = Participation.objects.select_related("fair").get(pk=participation_id)
    organiser_id = place.fair.organiser_id
    for user in accounts.members_to_tell(organiser_id):
        notify(
            kind=kind,
            user_id=user.pk,
            dedupe_key=f"{kind}:{place.pk}:v{version}:{user.pk}",
            ref={"participation_id": place.pk},
            organisation_id=organiser_id,
        )


CONSUMERS = (
    Consumer("fairs.tell_host_of_application", (ParticipationSubmitted,), tell_host_of_application),
    Consumer("fairs.tell_host_of_withdrawal", (ParticipationWithdrawn,), tell_host_of_withdrawal),
    Consumer(
        "fairs.tell_applicant",
        (ParticipationApproved, ParticipationReturned, ParticipationDeclined),
        tell_applicant,
    ),
    Consumer("fairs.tell_cancelled", (FairPhaseChanged,), tell_cancelled),
    Consumer("fairs.tell_new_days", (FairDateChanged,), tell_new_days),
)
