"""What people are told about shared dossiers, put into words when it is shown or sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import reverse

from core.notifications.enums import Topic
from core.notifications.models import Notification
from core.notifications.registry import NotificationKind
from core.vault import registry
from core.vault.models import PacketShare
from core.vault.selectors import shared_document_ids

Context = dict[str, Any]


def shared_context(notification: Notification) -> Context | None:
    """Only for the receiver, while it may still fetch what is shared."""
    share = _share(notification, receiver=notification.organisation_id)
    handing = registry.handing_of(share) if share is not None and share.is_open else None
    if share is None or handing is None:
        return None
    return _facts(share) | {
        "file_count": len(shared_document_ids(share)),
        "until": share.until,
        "is_open": handing.is_open,
        "url": handing.url,
    }


def fetched_context(notification: Notification) -> Context | None:
    """Only for the holder: what arrived stays arrived, also when consent ended since."""
    share = _share(notification, organisation=notification.organisation_id)
    first = share.handovers.order_by("pk").first() if share is not None else None
    if share is None or first is None:
        return None
    return _facts(share) | {
        "file_count": len(first.document_ids),
        "fetched_at": first.fetched_at,
        "url": reverse("vault:packet_list"),
    }


def _share(notification: Notification, **of: int | None) -> PacketShare | None:
    shares = PacketShare.objects.filter(pk=notification.ref["share_id"], **of)
    return shares.select_related("organisation", "receiver").first()


def _facts(share: PacketShare) -> Context:
    return {
        "dossier": share.title,
        "packet": share.packet,
        "holder_name": share.organisation.name,
        "receiver_name": share.receiver.name,
    }


def _kind(name: str, context: Callable[[Notification], Context | None]) -> NotificationKind:
    return NotificationKind(name=name, topic=Topic.PAPER, template=name, context=context)


KINDS = (_kind("packet_shared", shared_context), _kind("packet_fetched", fetched_context))
