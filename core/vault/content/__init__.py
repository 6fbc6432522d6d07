"""What is inside a file: its type by its bytes, and its bytes without place and camera data."""

from __future__ import annotations

from core.vault.content.checking import (
    ACCEPT,
    MAX_FILE_BYTES,
    CheckedFile,
    FileType,
    checked_file,
    stripped,
)
from core.vault.content.pictures import BROKEN, MAX_PIXELS, new_jpeg

__all__ = [
    "ACCEPT",
    "BROKEN",
    "MAX_FILE_BYTES",
    "MAX_PIXELS",
    "CheckedFile",
    "FileType",
    "checked_file",
    "new_jpeg",
    "stripped",
]
