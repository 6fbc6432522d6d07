"""Facts about imports; each carries the version it left behind, so that a late one does nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.kernel.events import DomainEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportUploaded(DomainEvent):
    """Somebody handed in a file to be read and checked."""

    type: ClassVar[str] = "imports.import.uploaded.v1"
    aggregate: ClassVar[str] = "import_id"
    import_id: int
    version: int
    kind: str
    organisation_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportConfirmed(DomainEvent):
    """Somebody saw what a file would do and wants it done."""

    type: ClassVar[str] = "imports.import.confirmed.v1"
    aggregate: ClassVar[str] = "import_id"
    import_id: int
    version: int
    kind: str
    organisation_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRecalled(DomainEvent):
    """Somebody wants what an import did undone."""

    type: ClassVar[str] = "imports.import.recalled.v1"
    aggregate: ClassVar[str] = "import_id"
    import_id: int
    version: int
    kind: str
    organisation_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportAdvanced(DomainEvent):
    """A part of an import's rows is done and others wait."""

    type: ClassVar[str] = "imports.import.advanced.v1"
    aggregate: ClassVar[str] = "import_id"
    import_id: int
    version: int
    kind: str
    organisation_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportFinished(DomainEvent):
    """An import came to a rest: checked, applied, undone, refused or stopped, as `state` says."""

    type: ClassVar[str] = "imports.import.finished.v1"
    aggregate: ClassVar[str] = "import_id"
    import_id: int
    version: int
    kind: str
    state: str
    organisation_id: int | None = None
