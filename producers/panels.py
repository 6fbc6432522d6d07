"""What a producer, and an officer who verifies papers, see first on the role home."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.accounts.actors import Actor
from core.kernel import clock
from core.vault import registry as vault
from core.vault.enums import PacketCode
from core.vault.registry import PacketKind
from core.web import panels
from producers import rules, selectors
from producers.enums import OfferStatus, PaperStatus
from producers.models import Product
from producers.selectors import desk
from producers.selectors import registry as registers

SHOWN: Final = 5


def offers_context(actor: Actor) -> dict[str, Any] | None:
    """Return drafts, papers that were returned or run out, and how many offers are open."""
    if actor.organisation_id is None:
        return None
    papers = selectors.papers_of(actor.organisation_id)
    drafts = selectors.offers_of(actor.organisation_id).filter(status=OfferStatus.DRAFT)
    return {
        "can_edit": rules.can_sell(actor),
        "counts": selectors.offer_counts(actor.organisation_id),
        "drafts": drafts[:SHOWN],
        "returned": papers.filter(status=PaperStatus.RETURNED)[:SHOWN],
        "expiring": selectors.expiring_papers(actor.organisation_id)[:SHOWN],
        "today": clock.today(),
    }


def papers_context(actor: Actor) -> dict[str, Any]:
    """Return the papers that are due first, how many wait, and how many of them are late."""
    waiting = desk.desk_queue(actor, status=PaperStatus.SUBMITTED)[:SHOWN]
    return {
        "papers": [(paper, desk.waiting_of(paper)) for paper in waiting],
        "clock": desk.clock_counts(actor),
        "proposals": selectors.proposals_on_desk(actor).count(),
    }


def _sells(actor: Actor) -> bool:
    return actor.organisation is not None and actor.organisation.is_producer


def registries_context(actor: Actor) -> dict[str, Any] | None:
    """Return how far the newest lists are reconciled; None while there is none."""
    newest = registers.latest_lists_visible_to(actor).order_by().values("pk")
    entries = registers.entries_visible_to(actor).filter(list__in=newest)
    progress = registers.standing_counts(entries)
    return {"progress": progress} if progress["all"] else None


def _verifies(actor: Actor) -> bool:
    return actor.has_second_factor and (actor.is_officer or actor.is_administrator)


def register() -> None:
    """Offer the panels; called when the app is ready."""
    panels.register(
        panels.Panel(
            name="producers.offers",
            order=30,
            applies=_sells,
            template="producers/_producer_panel.html",
            context=offers_context,
        )
    )
    panels.register(
        panels.Panel(
            name="producers.papers",
            order=20,
            applies=_verifies,
            template="producers/_officer_panel.html",
            context=papers_context,
        )
    )
    panels.register(
        panels.Panel(
            name="producers.registries",
            order=30,
            applies=rules.can_reconcile,
            template="producers/_registry_panel.html",
            context=registries_context,
        )
    )


def register_dossiers() -> None:
    """Offer the OCOP dossier of each product; called when the app is ready."""
    vault.register_packet(
        PacketKind(
            code=PacketCode.OCOP,
            order=10,
            text=_("One for each product: what the commune and the province ask for."),
            subjects=_ocop_subjects,
            place=selectors.ocop_place,
            packet=selectors.ocop_packet,
            most_places=50,
        )
    )


def _ocop_subjects(actor: Actor) -> QuerySet[Product]:
    return selectors.ocop_subjects(actor.organisation_id if _sells(actor) else None)
