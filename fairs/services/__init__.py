"""Changing fairs and applications: one sentence, one transaction each."""

from __future__ import annotations

from fairs.services.deadlines import clear_deadline, record_deadline
from fairs.services.decisions import (
    approve_participation,
    decline_participation,
    return_participation,
)
from fairs.services.fairs import open_fair, revise_fair, terms_of
from fairs.services.participations import (
    Application,
    apply_to_fair,
    withdraw_participation,
)
from fairs.services.phases import cancel_fair, move_fair
from fairs.services.terms import (
    MAX_BOOTHS,
    MAX_BOOTHS_EACH,
    MAX_NAME,
    MAX_NOTE,
    MAX_REASON,
    FairTerms,
    check_days,
    next_edition,
)

__all__ = [
    "MAX_BOOTHS",
    "MAX_BOOTHS_EACH",
    "MAX_NAME",
    "MAX_NOTE",
    "MAX_REASON",
    "Application",
    "FairTerms",
    "apply_to_fair",
    "approve_participation",
    "cancel_fair",
    "check_days",
    "clear_deadline",
    "decline_participation",
    "move_fair",
    "next_edition",
    "open_fair",
    "record_deadline",
    "return_participation",
    "revise_fair",
    "terms_of",
    "withdraw_participation",
]
