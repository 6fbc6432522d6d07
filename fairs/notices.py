"""What people are told about fairs, put into words when it is shown or sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import reverse

from core.notifications.enums import Topic
from core.notifications.models import Notification
from core.notifications.registry import NotificationKind
from fairs.enums import STILL_CONCERNED, FairPhase, ParticipationStatus
from fairs.models import Participation

Context = dict[str, Any]


def _place(notification: Notification) -> Participation | None:
    return (
        Participation.objects.filter(pk=notification.ref.get("participation_id"))
        .select_related("fair__organiser", "fair__province", "organisation__province")
        .first()
    )


def _to_host(*statuses: ParticipationStatus) -> Callable[[Notification], Context | None]:
    """Only for the organiser's own people, while the application stands that way."""

    def context(notification: Notification) -> Context | None:
        place = _place(notification)
        if place is None or place.fair.organiser_id != notification.organisation_id:
            return None
        if place.status not in statuses:
            return None
        url = reverse("fairs:application", args=[place.fair_id, place.pk])
        return {**_facts(place), "url": url}

    return context


def _to_applicant(*statuses: ParticipationStatus) -> Callable[[Notification], Context | None]:
    """Only for the applicant's own people, while the decision stands."""

    def context(notification: Notification) -> Context | None:
        place = _place(notification)
        if place is None or place.organisation_id != notification.organisation_id:
            return None
        if place.status not in statuses:
            return None
        is_returned = place.status == ParticipationStatus.RETURNED
        page = "fairs:apply" if is_returned else "fairs:fair_detail"
        return {**_facts(place), "url": reverse(page, args=[place.fair_id])}

    return context


def _cancelled(notification: Notification) -> Context | None:
    values = _to_applicant(*STILL_CONCERNED)(notification)
    if values is None or values["fair"].phase != FairPhase.CANCELLED:
        return None
    return {**values, "reason": values["fair"].phase_reason}


def _moved(notification: Notification) -> Context | None:
    values = _to_applicant(*STILL_CONCERNED)(notification)
    if values is None or values["fair"].phase == FairPhase.CANCELLED:
        return None
    return values


def _facts(place: Participation) -> Context:
    fair = place.fair
    return {
        "fair": fair,
        "fair_name": fair.name,
        "organiser_name": fair.organiser.name,
        "applicant_name": place.organisation.name,
        "applicant_province": place.organisation.province,
        "booths_wanted": place.booths_wanted,
        "booths_granted": place.booths_granted,
        "reason": place.reason,
    }


def _kind(name: str, context: Callable[[Notification], Context | None]) -> NotificationKind:
    return NotificationKind(name=name, topic=Topic.FAIR, template=name, context=context)


KINDS = (
    _kind("fair_applied", _to_host(ParticipationStatus.SUBMITTED)),
    _kind("fair_withdrawn", _to_host(ParticipationStatus.WITHDRAWN)),
    _kind("fair_approved", _to_applicant(ParticipationStatus.APPROVED)),
    _kind("fair_returned", _to_applicant(ParticipationStatus.RETURNED)),
    _kind("fair_declined", _to_applicant(ParticipationStatus.DECLINED)),
    _kind("fair_cancelled", _cancelled),
    _kind("fair_moved", _moved),
)
