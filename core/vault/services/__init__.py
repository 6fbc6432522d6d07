"""Keeping documents and sharing packets: one sentence, one transaction each."""

from __future__ import annotations

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
    record_handover,
    share_packet,
    withdraw_share,
)

__all__ = [
    "LONGEST_SHARE_DAYS",
    "QUOTA_BYTES",
    "Consent",
    "Description",
    "Kept",
    "add_document",
    "archive_document",
    "delete_document",
    "describe_document",
    "record_handover",
    "replace_document",
    "restore_document",
    "room_of",
    "share_packet",
    "withdraw_share",
]
