"""Messages about papers, put into words when they are shown or sent."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from core.notifications import registry
from core.notifications.enums import Topic
from core.notifications.models import Notification
from core.notifications.registry import NotificationKind
from producers import selectors
from producers.enums import PaperStatus


def paper_context(notification: Notification) -> dict[str, Any] | None:
    """Return what an officer decided; None when something newer has happened to the paper."""
    ref = notification.ref
    paper = selectors.papers_of(notification.organisation_id or 0).filter(
        pk=ref["paper_id"], version=ref["version"]
    )
    found = paper.select_related("product").first()
    if found is None:
        return None
    return {
        "paper_kind": found.get_kind_display(),
        "paper_number": found.number,
        "product_name": found.product.name if found.product else "",
        "status": found.status,
        "reason": found.status_reason,
        "valid_to": found.valid_to,
        "url": _where(found.pk, PaperStatus(found.status)),
    }


def _where(paper_id: int, status: PaperStatus) -> str:
    if status == PaperStatus.RETURNED:
        return reverse("producers:paper_edit", args=[paper_id])
    return reverse("producers:paper_list")


def register() -> None:
    """Make the kinds known; called when the app is ready."""
    registry.register(
        NotificationKind("paper_decided", Topic.PAPER, "paper_decided", paper_context)
    )
