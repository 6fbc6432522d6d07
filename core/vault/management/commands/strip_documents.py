"""Takes place and camera data out of pictures that were stored before this was done on arrival."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandParser

from core.vault import selectors, services
from core.vault.models import Document
from core.vault.services import Outcome

_BATCH: Final = 200
_DONE: Final = (Outcome.STRIPPED, Outcome.CLEAN, Outcome.PDF)


class Command(BaseCommand):
    help = (
        "Strip place, camera and other metadata from stored pictures that were never looked at. "
        "Each file is a transaction of its own; stop and start it at will."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="read and count, change nothing")
        parser.add_argument(
            "--batch", type=int, default=_BATCH, metavar="N", help="how many are listed at once"
        )

    def handle(self, *args: Any, dry_run: bool, batch: int, **options: Any) -> None:
        if not dry_run and (removed := services.remove_discarded()):
            self.stdout.write(f"{removed} discarded files of an earlier run are removed.")
        counts: Counter[tuple[str, Outcome]] = Counter()
        after = 0
        while ids := selectors.ids_to_strip(after=after, most=max(1, batch)):
            after = ids[-1]
            self._look_through(ids, counts, dry_run=dry_run)
            self.stdout.write(f"… {counts.total()} looked at, up to document {after}")
        self._tell(counts, dry_run=dry_run)

    def _look_through(
        self, ids: list[int], counts: Counter[tuple[str, Outcome]], *, dry_run: bool
    ) -> None:
        for document in selectors.documents_named(ids):
            outcome = _outcome(document, dry_run=dry_run)
            if outcome is None:
                continue
            counts[document.file_type.name, outcome] += 1
            if outcome not in _DONE:
                self.stderr.write(f"document {document.pk}: {outcome}; it stays as it is")

    def _tell(self, counts: Counter[tuple[str, Outcome]], *, dry_run: bool) -> None:
        for (kind, outcome), number in sorted(counts.items()):
            verb = "would be stripped" if dry_run and outcome is Outcome.STRIPPED else outcome
            self.stdout.write(f"{kind:>5}  {number:>7}  {verb}")
        left = sum(number for (_kind, outcome), number in counts.items() if outcome not in _DONE)
        changed = "Nothing was changed. " if dry_run else ""
        self.stdout.write(
            f"{changed}{counts.total()} looked at, {left} could not be read and stay to be looked"
            " at again."
        )


def _outcome(document: Document, *, dry_run: bool) -> Outcome | None:
    """Return what became of a document, or would; None where its holder deleted it meanwhile."""
    if dry_run:
        return services.look_at(document).outcome
    try:
        return services.strip_document(document_id=document.pk)
    except Document.DoesNotExist:
        return None
