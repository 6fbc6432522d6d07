"""Handing in a list, checking it, taking it over, stopping and undoing it."""

from __future__ import annotations

from core.imports.services.chunks import advance
from core.imports.services.steps import FINISHED, confirm_import, recall_import, stop_import
from core.imports.services.telling import tell_finished
from core.imports.services.uploading import OLDEST, checked_upload, upload_list

__all__ = [
    "FINISHED",
    "OLDEST",
    "advance",
    "checked_upload",
    "confirm_import",
    "recall_import",
    "stop_import",
    "tell_finished",
    "upload_list",
]
