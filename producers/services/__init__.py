"""Changing producers, products, papers and offers: one sentence, one transaction each."""

from __future__ import annotations

from producers.services.announcing import reconsider_offers
from producers.services.files import content_type_of, preview_of, whole
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
from producers.services.papers import (
    can_be_changed,
    remove_paper,
    resubmit_paper,
    return_paper,
    revoke_paper,
    submit_paper,
    suspend_paper,
    verify_paper,
)
from producers.services.products import (
    add_product,
    archive_product,
    restore_product,
    revise_product,
)
from producers.services.profiles import register_producer, revise_profile

__all__ = [
    "OfferInput",
    "PaperInput",
    "ProductInput",
    "ProfileInput",
    "add_product",
    "archive_product",
    "can_be_changed",
    "content_type_of",
    "delete_offer_draft",
    "expire_offers",
    "preview_of",
    "publish_supply_offer",
    "reconsider_offers",
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
    "verify_paper",
    "whole",
    "withdraw_supply_offer",
]
