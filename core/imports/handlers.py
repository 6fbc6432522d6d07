"""What imports do when one of them has work waiting, or has come to a rest."""

from __future__ import annotations

from core.imports import services
from core.imports.events import (
    ImportAdvanced,
    ImportConfirmed,
    ImportFinished,
    ImportRecalled,
    ImportUploaded,
)
from core.kernel import context
from core.outbox.registry import Consumer

Waiting = ImportUploaded | ImportConfirmed | ImportRecalled | ImportAdvanced


def advance(event: Waiting) -> None:
    services.advance(import_id=event.import_id, version=event.version)


def tell(event: ImportFinished) -> None:
    services.tell_finished(
        import_id=event.import_id,
        version=event.version,
        asked_by_id=context.current().actor_id,
    )


CONSUMERS = (
    Consumer(
        "imports.advance",
        (ImportUploaded, ImportConfirmed, ImportRecalled, ImportAdvanced),
        advance,
    ),
    Consumer("imports.tell", (ImportFinished,), tell),
)
