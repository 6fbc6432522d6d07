"""What a status looks like: tone, icon and word, so that colour never speaks alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class StatusLook:
    """Tone (ok, wait, info, stop, still), icon name and default word of one status."""

    tone: str
    icon: str
    word: str | Promise


STATUS_LOOKS: Final[dict[str, StatusLook]] = {
    "draft": StatusLook("still", "pencil", _("Draft")),
    "submitted": StatusLook("wait", "hourglass", _("Waiting for approval")),
    "pending": StatusLook("wait", "hourglass", _("Waiting")),
    "queued": StatusLook("wait", "hourglass", _("Waiting")),
    "held": StatusLook("ok", "circle-check", _("Held")),
    "approved": StatusLook("ok", "circle-check", _("Approved")),
    "returned": StatusLook("wait", "arrow-back-up", _("Returned for changes")),
    "refused": StatusLook("stop", "circle-x", _("Refused")),
    "published": StatusLook("ok", "world", _("Published")),
    "open": StatusLook("ok", "world", _("Open")),
    "active": StatusLook("ok", "circle-check", _("Active")),
    "closed": StatusLook("still", "lock", _("Closed")),
    "fulfilled": StatusLook("ok", "circle-check", _("Fulfilled")),
    "ended": StatusLook("still", "lock", _("Ended")),
    "uncertain": StatusLook("wait", "help-circle", _("Not sure it arrived")),
    "suppressed": StatusLook("still", "bell-off", _("Not sent")),
    "skipped": StatusLook("still", "x", _("Skipped")),
    "withdrawn": StatusLook("still", "archive", _("Withdrawn")),
    "expired": StatusLook("still", "calendar-off", _("Expired")),
    "expiring": StatusLook("wait", "clock", _("Expires soon")),
    "verified": StatusLook("ok", "shield-check", _("Verified")),
    "suspended": StatusLook("wait", "player-pause", _("Suspended")),
    "revoked": StatusLook("stop", "circle-x", _("Revoked")),
    "missing": StatusLook("stop", "file-x", _("Missing")),
    "proposed": StatusLook("info", "sparkles", _("New")),
    "reviewed": StatusLook("info", "eye", _("Seen")),
    "sent": StatusLook("ok", "send", _("Sent")),
    "accepted": StatusLook("ok", "heart-handshake", _("Accepted")),
    "declined": StatusLook("still", "x", _("Declined")),
    "lapsed": StatusLook("still", "calendar-off", _("Lapsed")),
    "superseded": StatusLook("still", "history", _("Replaced")),
    "met": StatusLook("ok", "users", _("Met")),
    "contracted": StatusLook("ok", "file-check", _("Contract signed")),
    "delivered": StatusLook("ok", "truck-delivery", _("Delivered")),
    "failed": StatusLook("stop", "alert-circle", _("Failed")),
    "dead": StatusLook("stop", "alert-circle", _("Given up")),
    "done": StatusLook("ok", "check", _("Done")),
    "running": StatusLook("info", "refresh", _("Running")),
    "planned": StatusLook("info", "calendar-event", _("Planned")),
    "uploaded": StatusLook("wait", "hourglass", _("Waiting to be read")),
    "checking": StatusLook("info", "refresh", _("Being checked")),
    "checked": StatusLook("info", "eye", _("Checked, nothing changed yet")),
    "applying": StatusLook("info", "refresh", _("Being taken over")),
    "applied": StatusLook("ok", "check", _("Taken over")),
    "undoing": StatusLook("info", "refresh", _("Being undone")),
    "undone": StatusLook("still", "arrow-back-up", _("Undone")),
    "not_reached": StatusLook("still", "player-pause", _("Not reached")),
    "kept": StatusLook("wait", "lock", _("Kept: it was changed since")),
    "new": StatusLook("ok", "plus", _("New")),
    "changed": StatusLook("info", "pencil", _("Changed")),
    "unchanged": StatusLook("still", "check", _("Unchanged")),
    "cancelled": StatusLook("still", "x", _("Cancelled")),
    "unknown": StatusLook("still", "help-circle", _("Unknown")),
}
_PLAIN: Final = StatusLook("still", "circle", "")
MESSAGE_TONES: Final[dict[str, str]] = {
    "debug": "still",
    "info": "info",
    "success": "ok",
    "warning": "wait",
    "error": "stop",
    "danger": "stop",
}
TONE_ICONS: Final[dict[str, str]] = {
    "ok": "circle-check",
    "wait": "alert-triangle",
    "info": "info-circle",
    "stop": "alert-circle",
    "still": "info-circle",
}


def status_look(status: str) -> StatusLook:
    """Return how `status` is shown; an unknown status is plain grey with its own code as word."""
    return STATUS_LOOKS.get(status, _PLAIN)


def tone_of(word: str) -> str:
    """Return the tone of a message level, a status or a tone itself; quiet grey otherwise."""
    if word in TONE_ICONS:
        return word
    if word in MESSAGE_TONES:
        return MESSAGE_TONES[word]
    return status_look(word).tone
