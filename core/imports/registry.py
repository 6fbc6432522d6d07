"""Kinds of lists that can be imported and exported; each app above adds its own.

A kind reads rows in batches, says what each would do, does it through the services of its app,
and can take it back. docs/imports.md says how to add one.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.utils.functional import Promise

from core.accounts.actors import Actor
from core.imports.enums import RowOutcome
from core.sheets.cells import Cell

Text = str | Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a kind's template.

    Args:
        key: Name in rows, diffs and the API.
        header: As it stands in the template; folded headers and `aliases` are recognised too.
        is_required: A file without this column is refused; an empty cell refuses its row.
        is_code: Written as text in the template, so that a spreadsheet keeps leading zeros.
        is_day: A bare number of a spreadsheet's cell is read as the day it counts.
        example: Stands in the template's guide.
        help: What may stand here.
    """

    key: str
    header: Text
    aliases: tuple[str, ...] = ()
    is_required: bool = False
    is_code: bool = False
    is_day: bool = False
    example: str = ""
    help: Text = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a file: `number` as the spreadsheet counts, `cells` by column key.

    A column the file does not have is absent; an empty cell is the empty text.
    """

    number: int
    cells: Mapping[str, Cell]


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """For whom a list is read or written.

    Args:
        organisation_id: The organisation acted for; None for officers.
        province_id: The officer's province; None for organisations.
        user_id: Who uploaded the file; None for an API key.
        as_of: The day the list was true; "tomorrow" in a cell is counted from it.
        import_id: The import; 0 outside of one (exports, tests).
        source: File, sheet and day in words, for records that keep where they came from.
    """

    organisation_id: int | None = None
    province_id: int | None = None
    user_id: int | None = None
    as_of: dt.date
    import_id: int = 0
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One field of a row that would change, as a person reads it; `old` empty for a new one."""

    key: str
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What a row would do.

    Args:
        number: The row's.
        outcome: What it comes to.
        key: The natural key as folded text; a second row with the same one is refused.
        label: What the row speaks of, in a few words.
        reasons: Why it is refused, each in one sentence that says what to do.
        changes: Field by field, for new and changed rows.
        ref: Id of the record it would change; None for a new one.
        mark: What that record looks like now (`mark_of`); "" for a new one.
        values: Whatever `apply_all` needs; not stored.
    """

    number: int
    outcome: RowOutcome
    key: str = ""
    label: str = ""
    reasons: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    ref: int | None = None
    mark: str = ""
    values: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What a row did: the record it wrote, how it looks since, and what undoing needs (JSON)."""

    ref: int
    mark: str
    before: Mapping[str, Any] = field(default_factory=dict)


class Kind(Protocol):
    """One kind of list."""

    @property
    def code(self) -> str:
        """Stored with each import; never changes."""

    @property
    def name(self) -> Text:
        """What the list is called."""

    @property
    def help(self) -> Text:
        """What one row is, and by what it is recognised when the file comes again."""

    @property
    def columns(self) -> Sequence[Column]:
        """The template, from left to right."""

    @property
    def is_for_officers(self) -> bool:
        """Whether officers use it for a province; else members use it for their organisation."""

    @property
    def home(self) -> str:
        """Name of the page that shows what is stored, without arguments."""

    def may_use(self, actor: Actor) -> bool:
        """Tell whether the actor may import and export this kind now."""

    def plan(self, rows: Sequence[Row], *, context: Context) -> list[Planned]:
        """Say for up to 1,000 rows what each would do, with batched reads; never write."""

    def apply_all(self, planned: Sequence[Planned], *, context: Context) -> list[Applied]:
        """Do new and changed rows through services, all or none; return what each did, in order.

        A few statements whatever the number of rows, with the records, events and revisions that
        one row after the other would leave. When it raises, each half of the rows is done by
        itself, so that only those at fault are refused.

        Raises:
            DomainError: At least one is not possible; a row alone is refused with its sentences.
        """

    def undo_all(self, applied: Sequence[Applied], *, context: Context) -> None:
        """Take rows back, all or none.

        Raises:
            DomainError: At least one moved since (its mark differs) or cannot be taken back.
        """

    def export(self, *, context: Context) -> Iterator[Mapping[str, Cell]]:
        """Yield what is stored in the template's columns; read in again, all are unchanged."""


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Add a kind; called in an app's ready().

    Raises:
        ValueError: Another kind has its code.
    """
    if _kinds.setdefault(kind.code, kind) is not kind:
        raise ValueError(f"Two kinds of lists are called {kind.code}.")


def kind_named(code: str) -> Kind | None:
    """Return the kind, or None when this release does not know it."""
    return _kinds.get(code)


def kinds_for(actor: Actor) -> list[Kind]:
    """Return the kinds the actor may use, in the order they were registered."""
    return [kind for kind in _kinds.values() if kind.may_use(actor)]


def mark_of(values: Mapping[str, object]) -> str:
    """Return a short mark of a record's values; it differs when any of them does."""
    plain = {name: str(value) for name, value in values.items()}
    written = json.dumps(plain, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(written.encode()).hexdigest()[:16]
