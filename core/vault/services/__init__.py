"""Keeping documents and sharing packets: one sentence, one transaction each."""

from __future__ import annotations

from core.vault.services.discarding import remove_discarded
from core.vault.services.documents import (
    QUOTA_BYTES,
    Description,
    Kept,
    add_document,
    archive_document,
    delete_document,
    describe_document,
    replace_document,
    restore_document,
    room_of,
)
from core.vault.services.sharing import (
    LONGEST_SHARE_DAYS,
    Consent,
    end_shares,
    record_handover,
    share_packet,
    withdraw_share,
)
from core.vault.services.stripping import Outcome, look_at, strip_document

__all__ = [
    "LONGEST_SHARE_DAYS",
    "QUOTA_BYTES",
    "Consent",
    "Description",
    "Kept",
    "Outcome",
    "add_document",
    "archive_document",
    "delete_document",
    "describe_document",
    "end_shares",
    "look_at",
    "record_handover",
    "remove_discarded",
    "replace_document",
    "restore_document",
    "room_of",
    "share_packet",
    "strip_document",
    "withdraw_share",
]
