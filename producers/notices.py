"""Messages about papers, put into words when they are shown or sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import reverse

from core.accounts import selectors as accounts
from core.kernel import clock
from core.notifications import registry
from core.notifications.enums import Topic
from core.notifications.models import Notification
from core.notifications.registry import NotificationKind
from producers import selectors
from producers.enums import PaperStatus, ProposalState
from producers.models import Paper, PaperProposal
from producers.selectors import desk


def paper_context(notification: Notification) -> dict[str, Any] | None:
    """Return what an officer decided; None when something newer has happened to the paper."""
    found = _paper(notification)
    if found is None:
        return None
    return _facts(found) | {"url": _where(found.pk, PaperStatus(found.status))}


def ending_context(notification: Notification) -> dict[str, Any] | None:
    """Return a paper that runs out or ran out; None once it was renewed or decided on."""
    found = _paper(notification)
    if found is None or found.valid_to is None:
        return None
    if Paper.objects.filter(selectors.is_renewed(), pk=found.pk).exists():
        return None
    left = (found.valid_to - clock.today()).days
    return _facts(found) | {"days_left": max(0, left), "url": reverse("producers:paper_list")}


def renewed_context(notification: Notification) -> dict[str, Any] | None:
    """Return the paper that goes on, and the last day of the one it takes over from."""
    found = _paper(notification)
    earlier = selectors.papers_of(notification.organisation_id or 0)
    renewed = earlier.filter(pk=notification.ref["of"]).first()
    if found is None or renewed is None:
        return None
    return _facts(found) | {
        "renewed_number": renewed.number,
        "renewed_until": renewed.valid_to,
        "url": reverse("producers:paper_list"),
    }


def proposed_context(notification: Notification) -> dict[str, Any] | None:
    """Return what waits for a second officer; None once it was answered or taken back."""
    waiting = PaperProposal.objects.filter(
        pk=notification.ref["proposal_id"], state=ProposalState.WAITING
    )
    found = waiting.select_related("paper__producer__organisation", "paper__product").first()
    if found is None:
        return None
    return _facts(found.paper) | {
        "step": found.step,
        "stars": found.paper.stars,
        "producer_name": found.paper.producer.organisation.name,
        "reason": found.reason,
        "url": reverse("producers:officer_paper", args=[found.paper_id]),
    }


def overdue_context(notification: Notification) -> dict[str, Any] | None:
    """Return how many papers of the officer's provinces are late; None once none is."""
    provinces = {post.province_id for post in accounts.posts_of(notification.user)}
    late = desk.overdue_papers(day=clock.today()).filter(
        producer__organisation__province_id__in=provinces
    )
    count = late.count()
    if not count:
        return None
    return {"count": count, "url": reverse("producers:officer_papers") + "?due=overdue"}


def _paper(notification: Notification) -> Paper | None:
    """Return the paper as it stood when told of; None once something newer has happened."""
    papers = selectors.papers_of(notification.organisation_id or 0)
    ref = notification.ref
    return papers.filter(pk=ref["paper_id"], version=ref["version"]).first()


def _facts(paper: Paper) -> dict[str, Any]:
    return {
        "paper_kind": paper.get_kind_display(),
        "paper_number": paper.number,
        "product_name": paper.product.name if paper.product else "",
        "status": paper.status,
        "reason": paper.status_reason,
        "valid_to": paper.valid_to,
    }


def _where(paper_id: int, status: PaperStatus) -> str:
    if status == PaperStatus.RETURNED:
        return reverse("producers:paper_edit", args=[paper_id])
    return reverse("producers:paper_list")


def _kind(name: str, context: Callable[[Notification], dict[str, Any] | None]) -> NotificationKind:
    return NotificationKind(name, Topic.PAPER, name, context)


KINDS = (
    _kind("paper_decided", paper_context),
    _kind("paper_expiring", ending_context),
    _kind("paper_expired", ending_context),
    _kind("paper_renewed", renewed_context),
    _kind("paper_proposed", proposed_context),
    _kind("papers_overdue", overdue_context),
)


def register() -> None:
    """Make the kinds known; called when the app is ready."""
    for kind in KINDS:
        registry.register(kind)
