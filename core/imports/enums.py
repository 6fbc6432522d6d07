"""Closed lists of imports."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ImportState(TextChoices):
    """uploaded → checking → checked → applying → applied → undoing → undone.

    refused: the file cannot be read. cancelled: stopped by a person; what was applied until then
    stays applied and can be undone.
    """

    UPLOADED = "uploaded", _("Waiting to be read")
    CHECKING = "checking", _("Being checked")
    CHECKED = "checked", _("Checked, nothing changed yet")
    APPLYING = "applying", _("Being taken over")
    APPLIED = "applied", _("Taken over")
    UNDOING = "undoing", _("Being undone")
    UNDONE = "undone", _("Undone")
    REFUSED = "refused", _("Refused")
    CANCELLED = "cancelled", _("Stopped")


class RowOutcome(TextChoices):
    """What a row would do, or did."""

    NEW = "new", _("New")
    CHANGED = "changed", _("Changed")
    UNCHANGED = "unchanged", _("Unchanged")
    REFUSED = "refused", _("Refused")


class RowState(TextChoices):
    """How far a row is: planned → applied → undone | kept (it moved since)."""

    PLANNED = "planned", _("Checked")
    APPLIED = "applied", _("Taken over")
    UNDONE = "undone", _("Undone")
    KEPT = "kept", _("Kept: it was changed since")
