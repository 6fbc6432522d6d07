"""Files no document holds any more: named in the change that discards them, removed after it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.core.files.storage import default_storage
from django.db import transaction

from core.vault.models import DiscardedFile, Document

_BATCH: Final = 500


def discard_files(names: Iterable[str]) -> None:
    """Have stored files removed once the present transaction is committed; if not then, later."""
    rows = [DiscardedFile(name=name) for name in names]
    DiscardedFile.objects.bulk_create(rows, ignore_conflicts=True)
    wanted = [row.name for row in rows]
    transaction.on_commit(lambda: _remove(wanted), robust=True)


def remove_discarded() -> int:
    """Remove what a crash left between a change and its files; return how many files."""
    removed = 0
    rows = DiscardedFile.objects.order_by("pk").values_list("name", flat=True)
    while names := list(rows[:_BATCH]):
        removed += _remove(names)
    return removed


def _remove(names: list[str]) -> int:
    """Remove files, then their rows: a crash in between only repeats what is done already."""
    held = set(Document.objects.filter(file__in=names).values_list("file", flat=True))
    for name in names:
        if name not in held:
            default_storage.delete(name)
    DiscardedFile.objects.filter(name__in=names).delete()
    return len(names) - len(held)
