"""What imports do when one of them has work waiting."""

from __future__ import annotations

from core.imports import services
from core.imports.events import ImportAdvanced, ImportConfirmed, ImportRecalled, ImportUploaded
from core.outbox.registry import Consumer

Waiting = ImportUploaded | ImportConfirmed | ImportRecalled | ImportAdvanced


def advance(event: Waiting) -> None:
    services.advance(import_id=event.import_id, version=event.version)


CONSUMERS = (
    Consumer(
        "imports.advance",
        (ImportUploaded, ImportConfirmed, ImportRecalled, ImportAdvanced),
        advance,
    ),
)
