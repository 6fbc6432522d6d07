"""Changing the catalogue: loading its files, and learning words from people's choices."""

from __future__ import annotations

from core.catalogue.services.loading import DATA, load_catalogue, number_tree
from core.catalogue.services.synonyms import (
    approve_synonym,
    record_choice,
    record_choices,
    reject_synonym,
    reopen_synonym,
)

__all__ = [
    "DATA",
    "approve_synonym",
    "load_catalogue",
    "number_tree",
    "record_choice",
    "record_choices",
    "reject_synonym",
    "reopen_synonym",
]
