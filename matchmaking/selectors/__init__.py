"""Reading matches and pairs."""

from __future__ import annotations

from matchmaking.selectors.links import LINK_LIFETIME, MailLink, mail_link, mail_link_token
from matchmaking.selectors.matches import (
    Contact,
    contact_of,
    count_by_status,
    explanation_of,
    history_of,
    last_decision,
    listed,
    other_side,
    portal_figures,
    side_of,
    visible_to,
    waiting_for,
    with_parties,
)
from matchmaking.selectors.pairs import (
    Pair,
    active_rules,
    explain_inputs,
    explain_pair,
    pair_for,
    pairs_of_offer,
    pairs_of_request,
)
from matchmaking.selectors.resting import matches_without_papers
from matchmaking.selectors.touched import meetings_on, stakes_of

__all__ = [
    "LINK_LIFETIME",
    "Contact",
    "MailLink",
    "Pair",
    "active_rules",
    "contact_of",
    "count_by_status",
    "explain_inputs",
    "explain_pair",
    "explanation_of",
    "history_of",
    "last_decision",
    "listed",
    "mail_link",
    "mail_link_token",
    "matches_without_papers",
    "meetings_on",
    "other_side",
    "pair_for",
    "pairs_of_offer",
    "pairs_of_request",
    "portal_figures",
    "side_of",
    "stakes_of",
    "visible_to",
    "waiting_for",
    "with_parties",
]
