"""What the vault does when a day begins, and whom it tells of shared dossiers."""

from __future__ import annotations

from django.db import transaction

from core.accounts import selectors as accounts
from core.kernel.calendar import DayBegan
from core.notifications.services import notify
from core.outbox.registry import Consumer
from core.vault import services
from core.vault.events import PacketFetched, PacketShared


def end_shares(event: DayBegan) -> None:
    services.end_shares(day=event.day)


def remove_discarded(_event: DayBegan) -> None:
    """Remove files a crash left behind, after the duty's commit: files know no rollback."""
    transaction.on_commit(services.remove_discarded, robust=True)


def tell_receiver(event: PacketShared) -> None:
    """Tell the receiver of files it did not have before; a new last day alone is no news."""
    if event.has_new_files:
        _tell(
            "packet_shared",
            event.receiver_id,
            share_id=event.share_id,
            key=f"{event.share_id}:v{event.version}",
        )


def tell_holder(event: PacketFetched) -> None:
    """Tell the holder, once, that what it shared arrived."""
    if event.is_first:
        _tell(
            "packet_fetched",
            event.organisation_id,
            share_id=event.share_id,
            key=str(event.share_id),
        )


def _tell(kind: str, organisation_id: int, *, share_id: int, key: str) -> None:
    for user in accounts.members_to_tell(organisation_id):
        notify(
            kind=kind,
            user_id=user.pk,
            dedupe_key=f"{kind}:{key}:{user.pk}",
            ref={"share_id": share_id},
            organisation_id=organisation_id,
        )


CONSUMERS = (
    Consumer("vault.end_shares", (DayBegan,), end_shares),
    Consumer("vault.remove_discarded", (DayBegan,), remove_discarded),
    Consumer("vault.tell_receiver", (PacketShared,), tell_receiver),
    Consumer("vault.tell_holder", (PacketFetched,), tell_holder),
)
