"""The message that a list has come to a rest, put into words when it is shown or sent."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from core.accounts.selectors import officers_of
from core.imports import registry as lists
from core.imports.models import Import
from core.imports.services import FINISHED
from core.imports.wording import problem_of
from core.notifications import registry
from core.notifications.enums import Topic
from core.notifications.models import Notification
from core.notifications.registry import NotificationKind


def finished_context(notification: Notification) -> dict[str, Any] | None:
    """Return what became of a list; None once it went on, or for who is no officer any more."""
    ref = notification.ref
    found = Import.objects.filter(pk=ref["import_id"], version=ref["version"]).first()
    kind = lists.kind_named(found.kind) if found else None
    if found is None or kind is None:
        return None
    if found.province_id:
        officers = officers_of(found.province_id)
        if not officers.filter(pk=notification.user_id).exists():
            return None
    return {
        "file_name": found.file_name,
        "list_name": str(kind.name),
        "state": found.state,
        "problem": problem_of(found),
        "to_do_count": found.to_do_count,
        "applied_count": found.applied_count,
        "undone_count": found.undone_count,
        "kept_count": found.kept_count,
        "refused_count": found.refused_count,
        "url": reverse("imports:import_detail", args=[found.pk]),
    }


def register() -> None:
    """Make the kind known; called when the app is ready."""
    registry.register(NotificationKind(FINISHED, Topic.ACCOUNT, FINISHED, finished_context))
