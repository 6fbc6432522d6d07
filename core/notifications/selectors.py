"""Reading notifications, preferences and the mail ledger."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Now

from core.accounts.models import Invitation, Organisation, User
from core.accounts.selectors import officers_of
from core.notifications.enums import Choice, MailState, Topic
from core.notifications.models import Notification, OutgoingEmail, Preference, Suppression


def notifications_of(user: User) -> QuerySet[Notification]:
    """Return what a person was told, the latest first."""
    return Notification.objects.filter(user=user).order_by("-id")


def users_told(key_prefix: str) -> frozenset[int]:
    """Return who was told something under a dedupe key that begins so."""
    told = Notification.objects.filter(dedupe_key__startswith=key_prefix)
    return frozenset(told.values_list("user_id", flat=True))


def unseen_count(user: User) -> int:
    """Return how many notifications the person has not seen yet."""
    return Notification.objects.filter(user=user, seen_at=None).count()


def choice_of(*, user_id: int, topic: str) -> Choice:
    """Return how a person wants to hear of a topic; security always at once."""
    if topic == Topic.SECURITY:
        return Choice.NOW
    chosen = Preference.objects.filter(user_id=user_id, topic=topic).values_list("choice").first()
    return Choice(chosen[0]) if chosen else Choice.NOW


def choices_of(user: User) -> dict[Topic, Choice]:
    """Return the choice for each topic a person can choose for."""
    chosen = dict(Preference.objects.filter(user=user).values_list("topic", "choice"))
    return {
        topic: Choice(chosen.get(topic, Choice.NOW)) for topic in Topic if topic != Topic.SECURITY
    }


def waiting_for_digest(user_id: int) -> QuerySet[Notification]:
    """Return what waits for the next digest, oldest first."""
    return Notification.objects.filter(user_id=user_id, delivery=Choice.DAILY, email=None).order_by(
        "id"
    )


def users_waiting_for_digest() -> Iterable[int]:
    """Return the ids of people for whom something waits."""
    waiting = Notification.objects.filter(delivery=Choice.DAILY, email=None)
    return waiting.order_by("user_id").values_list("user_id", flat=True).distinct()


def is_suppressed(address: str) -> bool:
    """Tell whether an address gets no mail at all."""
    return Suppression.objects.filter(address_sha256=address_hash(address)).exists()


def address_hash(address: str) -> str:
    """Return the only form in which a suppressed address is kept."""
    return hashlib.sha256(address.strip().lower().encode()).hexdigest()


def mails_of(correlation_id: uuid.UUID) -> QuerySet[OutgoingEmail]:
    """Return the mails of one chain of causes with their delivery attempts."""
    mails = OutgoingEmail.objects.filter(
        Q(correlation_id=correlation_id) | Q(notifications__correlation_id=correlation_id)
    )
    return mails.distinct().prefetch_related("delivery_attempts").order_by("pk")


def notifications_caused_by(correlation_id: uuid.UUID) -> QuerySet[Notification]:
    """Return the notifications of one chain of causes."""
    return Notification.objects.filter(correlation_id=correlation_id).order_by("pk")


def mails_per_state() -> dict[str, int]:
    """Return how many mails are in each state that has any."""
    rows = OutgoingEmail.objects.values("state").annotate(count=Count("pk")).order_by("state")
    return {row["state"]: row["count"] for row in rows}


def mails_in(state: MailState) -> QuerySet[OutgoingEmail]:
    """Return the mails in a state, the latest first."""
    return OutgoingEmail.objects.filter(state=state).order_by("-id")


def due_mail_count() -> int:
    """Return how many mails could be sent now, by the database's clock."""
    return OutgoingEmail.objects.filter(state=MailState.QUEUED, not_before__lte=Now()).count()


def open_invitation(invitation_id: int) -> Invitation | None:
    """Return the invitation unless it was accepted, revoked or ran out."""
    return (
        Invitation.objects.filter(
            Q(expires_at__gt=Now()), pk=invitation_id, accepted_at=None, revoked_at=None
        )
        .select_related("organisation", "invited_by")
        .first()
    )


def officers_to_tell(organisation_id: int) -> QuerySet[User]:
    """Return the officers of the province in which the organisation asks for approval."""
    province_id = Organisation.objects.values_list("province_id", flat=True).get(pk=organisation_id)
    return officers_of(province_id)
