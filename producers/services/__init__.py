"""Changing producers, products, papers and offers: one sentence, one transaction each."""

from __future__ import annotations

from producers.services.announcing import reconsider_offers
from producers.services.files import whole
from producers.services.inputs import OfferInput, PaperInput, ProductInput, ProfileInput
from producers.services.offers import (
    delete_offer_draft,
    expire_offers,
    publish_supply_offer,
    restore_supply_offer,
    revise_supply_offer,
    save_offer_draft,
    withdraw_supply_offer,
)
from producers.services.paper_days import HEARTBEAT, day_to_follow, follow_papers
from producers.services.paper_decisions import (
    needs_two_to_verify,
    return_paper,
    revoke_paper,
    suspend_paper,
    verify_paper,
)
from producers.services.paper_doubts import doubts_of
from producers.services.paper_proposals import (
    confirm_proposal,
    propose_revocation,
    propose_verification,
    refuse_proposal,
    undo_proposal,
)
from producers.services.papers import can_be_changed, remove_paper, resubmit_paper, submit_paper
from producers.services.products import (
    add_product,
    archive_product,
    restore_product,
    revise_product,
)
from producers.services.profiles import register_producer, revise_profile

__all__ = [
    "HEARTBEAT",
    "OfferInput",
    "PaperInput",
    "ProductInput",
    "ProfileInput",
    "add_product",
    "archive_product",
    "can_be_changed",
    "confirm_proposal",
    "day_to_follow",
    "delete_offer_draft",
    "doubts_of",
    "expire_offers",
    "follow_papers",
    "needs_two_to_verify",
    "propose_revocation",
    "propose_verification",
    "publish_supply_offer",
    "reconsider_offers",
    "refuse_proposal",
    "register_producer",
    "remove_paper",
    "restore_product",
    "restore_supply_offer",
    "resubmit_paper",
    "return_paper",
    "revise_product",
    "revise_profile",
    "revise_supply_offer",
    "revoke_paper",
    "save_offer_draft",
    "submit_paper",
    "suspend_paper",
    "undo_proposal",
    "verify_paper",
    "whole",
    "withdraw_supply_offer",
]
