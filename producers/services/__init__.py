"""Changing producers, products, papers and offers: one sentence, one transaction each."""

from __future__ import annotations

from producers.services.announcing import reconsider_offers
from producers.services.desk import (
    MOST_PAPERS,
    Seen,
    Wish,
    becomes_proposal,
    decide_on_papers,
    obstacle_to,
    said_of,
)
from producers.services.desk_reasons import ADVICE, MOST_WORDS, REASONS, reason_of, words_for
from producers.services.desk_undo import (
    UNDO_MINUTES,
    can_be_undone,
    release_paper,
    take_paper,
    undo_batch,
    undo_until,
)
from producers.services.desk_watch import watch_desk
from producers.services.files import whole
from producers.services.inputs import OfferInput, PaperInput, ProductInput, ProfileInput
from producers.services.offer_lookups import OfferLookups
from producers.services.offers import (
    add_offer_drafts,
    check_offer,
    delete_offer_draft,
    delete_offer_drafts,
    expire_offers,
    publish_supply_offer,
    publish_supply_offers,
    restore_supply_offer,
    revise_offers,
    revise_supply_offer,
    save_offer_draft,
    withdraw_supply_offer,
    withdraw_supply_offers,
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
from producers.services.paper_lookups import PaperLookups
from producers.services.paper_proposals import (
    confirm_proposal,
    propose_revocation,
    propose_verification,
    refuse_proposal,
    undo_proposal,
)
from producers.services.paper_special import last_day_of
from producers.services.papers import (
    can_be_changed,
    check_paper,
    remove_paper,
    remove_papers,
    resubmit_paper,
    resubmit_papers,
    submit_paper,
    submit_papers,
)
from producers.services.products import (
    add_product,
    add_products,
    archive_product,
    archive_products,
    check_product,
    checked_gtin,
    restore_product,
    revise_product,
    revise_products,
)
from producers.services.profiles import register_producer, revise_profile
from producers.services.registry_comparing import compare_newcomer, compare_part
from producers.services.registry_decisions import (
    Verdict,
    confirm_certain,
    decide_entry,
    undo_confirmed,
    undo_decision,
)
from producers.services.registry_lists import (
    ListInput,
    Taken,
    compare_again,
    finish_list,
    finish_list_of,
    open_list,
    restore_list,
    take_rows,
    withdraw_list,
)
from producers.services.registry_rows import RowCells
from producers.services.registry_taking import open_takes, take_over

__all__ = [
    "ADVICE",
    "HEARTBEAT",
    "MOST_PAPERS",
    "MOST_WORDS",
    "REASONS",
    "UNDO_MINUTES",
    "ListInput",
    "OfferInput",
    "OfferLookups",
    "PaperInput",
    "PaperLookups",
    "ProductInput",
    "ProfileInput",
    "RowCells",
    "Seen",
    "Taken",
    "Verdict",
    "Wish",
    "add_offer_drafts",
    "add_product",
    "add_products",
    "archive_product",
    "archive_products",
    "becomes_proposal",
    "can_be_changed",
    "can_be_undone",
    "check_offer",
    "check_paper",
    "check_product",
    "checked_gtin",
    "compare_again",
    "compare_newcomer",
    "compare_part",
    "confirm_certain",
    "confirm_proposal",
    "day_to_follow",
    "decide_entry",
    "decide_on_papers",
    "delete_offer_draft",
    "delete_offer_drafts",
    "doubts_of",
    "expire_offers",
    "finish_list",
    "finish_list_of",
    "follow_papers",
    "last_day_of",
    "needs_two_to_verify",
    "obstacle_to",
    "open_list",
    "open_takes",
    "propose_revocation",
    "propose_verification",
    "publish_supply_offer",
    "publish_supply_offers",
    "reason_of",
    "reconsider_offers",
    "refuse_proposal",
    "register_producer",
    "release_paper",
    "remove_paper",
    "remove_papers",
    "restore_list",
    "restore_product",
    "restore_supply_offer",
    "resubmit_paper",
    "resubmit_papers",
    "return_paper",
    "revise_offers",
    "revise_product",
    "revise_products",
    "revise_profile",
    "revise_supply_offer",
    "revoke_paper",
    "said_of",
    "save_offer_draft",
    "submit_paper",
    "submit_papers",
    "suspend_paper",
    "take_over",
    "take_paper",
    "take_rows",
    "undo_batch",
    "undo_confirmed",
    "undo_decision",
    "undo_proposal",
    "undo_until",
    "verify_paper",
    "watch_desk",
    "whole",
    "withdraw_list",
    "withdraw_supply_offer",
    "withdraw_supply_offers",
    "words_for",
]
