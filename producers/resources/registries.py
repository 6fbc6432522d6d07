"""Lists of registers as kinds of imports: dry run, rows refused with reasons, undo."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.accounts.actors import Actor
from core.imports.enums import RowOutcome
from core.imports.reading import changes_between
from core.imports.registry import Applied, Column, Context, Planned, Row, Text, mark_of
from core.kernel.errors import IllegalTransitionError, InvalidInputError
from core.sheets.cells import Cell, code_of, text_of
from producers import rules, services
from producers.enums import RegistrySource, RegistrySubject
from producers.models import RegistryEntry
from producers.resources.columns import MOVED
from producers.resources.registry_columns import CODES, PRODUCTS, SHOPS
from producers.selectors import registry as registers
from producers.services import ListInput, RowCells
from producers.services.registry_lists import (
    check_list,
    differing_fields,
    erase_entries,
    record_entries,
)
from producers.services.registry_rows import EntryValues, read_rows

_HELP: Final = gettext_lazy(
    "One row is one product or one shop, as the register lists it. Say of which day the list "
    "is. Nothing is linked by itself: afterwards you decide what is the same."
)
_PLACE: Final = ("commune", "district", "province")
_SHOWN: Final = (
    "code",
    "name",
    "holder",
    "tax_code",
    "gtin",
    "stars",
    "decision_number",
    "decided_on",
    "issuer",
    "stage",
    "trace_code",
    "url",
    "address",
)


@dataclass(frozen=True)
class RegisterList:
    """The rows of one register on one day."""

    code: str
    name: Text
    source: RegistrySource
    subject: RegistrySubject
    help: Text = _HELP
    is_for_officers: bool = True
    home: str = "producers:registry_home"

    @property
    def columns(self) -> Sequence[Column]:
        """The template of products or of shops."""
        return SHOPS if self.subject == RegistrySubject.SHOPS else PRODUCTS

    def may_use(self, actor: Actor) -> bool:
        """Officers of a province with a second factor."""
        return rules.can_reconcile(actor)

    def list_of(self, context: Context) -> ListInput:
        """Return which list the rows belong to."""
        return ListInput(
            province_id=context.province_id or 0,
            source=self.source,
            subject=self.subject,
            as_of=context.as_of,
            file_name=context.source,
            officer_id=context.user_id,
        )

    def plan(self, rows: Sequence[Row], *, context: Context) -> list[Planned]:
        """Compare rows with what the list of that day says already."""
        wanted = self.list_of(context)
        try:
            check_list(values=wanted)
        except InvalidInputError as error:
            return [_refused(row, str(error)) for row in rows]
        read = read_rows(
            [self._cells(row) for row in rows],
            subject=self.subject,
            province_id=wanted.province_id,
            as_of=wanted.as_of,
        )
        stored = self._stored(context, {one.key for one in read if one is not None})
        return [
            _planned(row, values, stored.get(values.key))
            if values
            else _refused(row, _("Say what it is called: the row has no name."))
            for row, values in zip(rows, read, strict=True)
        ]

    def apply_all(self, planned: Sequence[Planned], *, context: Context) -> list[Applied]:
        """Store the rows; the list is begun with the first ones."""
        opened = services.open_list(values=self.list_of(context))
        values: list[EntryValues] = [plan.values for plan in planned]
        known = opened.entries.filter(key__in=[one.key for one in values])
        before = {old.pk: _kept(old) for old in known}
        entries = record_entries(list_id=opened.pk, values=values)
        return [
            Applied(ref=entry.pk, mark=_mark(entry), before=before.get(entry.pk, {}))
            for entry in entries
        ]

    def undo_all(self, applied: Sequence[Applied], *, context: Context) -> None:
        """Take the rows out of the list, or put back what they said before."""
        mine = RegistryEntry.objects.filter(list__registry__province=context.province_id)
        stored = mine.in_bulk([one.ref for one in applied])
        if any(one.ref not in stored or _mark(stored[one.ref]) != one.mark for one in applied):
            raise IllegalTransitionError(str(MOVED))
        erase_entries(entry_ids=[one.ref for one in applied if not one.before])
        was: dict[int, list[EntryValues]] = {}
        for one in applied:
            if one.before:
                was.setdefault(stored[one.ref].list_id, []).append(_restored(one.before))
        for list_id, values in was.items():
            record_entries(list_id=list_id, values=values)

    def export(self, *, context: Context) -> Iterator[Mapping[str, Cell]]:
        """Yield the rows of the newest list of the register."""
        found = registers.latest_lists(context.province_id or 0).filter(
            registry__source=self.source, registry__subject=self.subject
        )
        shown = {column.key for column in self.columns}
        for newest in found:
            for entry in newest.entries.order_by("row_number", "pk").iterator(2000):
                yield {name: value for name, value in _exported(entry).items() if name in shown}

    def _cells(self, row: Row) -> RowCells:
        cells = {
            key: code_of(cell) if key in CODES else text_of(cell) for key, cell in row.cells.items()
        }
        return RowCells(number=row.number, cells=cells)

    def _stored(self, context: Context, keys: set[str]) -> dict[str, RegistryEntry]:
        entries = RegistryEntry.objects.filter(
            key__in=keys,
            list__registry__province=context.province_id,
            list__registry__source=self.source,
            list__registry__subject=self.subject,
            list__as_of=context.as_of,
            list__withdrawn_at=None,
        )
        return {entry.key: entry for entry in entries}


KINDS: Final = (
    RegisterList(
        "register-postmart-products",
        gettext_lazy("Register: products on Postmart"),
        RegistrySource.POSTMART,
        RegistrySubject.PRODUCTS,
    ),
    RegisterList(
        "register-postmart-shops",
        gettext_lazy("Register: shops on Postmart"),
        RegistrySource.POSTMART,
        RegistrySubject.SHOPS,
    ),
    RegisterList(
        "register-ocop",
        gettext_lazy("Register: OCOP decisions of the province"),
        RegistrySource.OCOP_REGISTER,
        RegistrySubject.PRODUCTS,
    ),
    RegisterList(
        "register-ocopvn",
        gettext_lazy("Register: ocopvietnam.gov.vn"),
        RegistrySource.OCOPVIETNAM,
        RegistrySubject.PRODUCTS,
    ),
    RegisterList(
        "register-qncheck",
        gettext_lazy("Register: qn.check.net.vn"),
        RegistrySource.QN_CHECK,
        RegistrySubject.PRODUCTS,
    ),
)


def kind_of(code: str) -> RegisterList | None:
    """Return the register of an import's kind; None for lists of other things."""
    return next((kind for kind in KINDS if kind.code == code), None)


def _planned(row: Row, values: EntryValues, stored: RegistryEntry | None) -> Planned:
    if stored is None:
        outcome = RowOutcome.NEW
    elif differing_fields(stored, values):
        outcome = RowOutcome.CHANGED
    else:
        outcome = RowOutcome.UNCHANGED
    old = _cells_of(stored) if stored else {}
    return Planned(
        number=row.number,
        outcome=outcome,
        key=values.key,
        label=values.name,
        changes=changes_between(old, _cells_of(values)),
        ref=stored.pk if stored else None,
        mark=_mark(stored) if stored else "",
        values=values,
    )


def _refused(row: Row, reason: str) -> Planned:
    return Planned(number=row.number, outcome=RowOutcome.REFUSED, reasons=(reason,))


def _cells_of(said: RegistryEntry | EntryValues) -> dict[str, Cell]:
    return {name: _cell(getattr(said, name)) for name in _SHOWN}


def _exported(entry: RegistryEntry) -> dict[str, Cell]:
    """Return an entry's cells; what could not be read, and the parts of a place, as they came."""
    as_it_came = {name: entry.raw.get(name, "") for name in (*entry.flaws, *_PLACE)}
    return _cells_of(entry) | as_it_came


def _cell(value: object) -> Cell:
    if isinstance(value, dt.date):
        return value
    return "" if value is None else str(value)


def _mark(entry: RegistryEntry) -> str:
    return mark_of({name: getattr(entry, name) for name in EntryValues.__slots__})


def _kept(entry: RegistryEntry) -> dict[str, Any]:
    """Return what an entry says as JSON, so that undoing can put it back."""
    said = {name: getattr(entry, name) for name in EntryValues.__slots__}
    day = said["decided_on"]
    return said | {"decided_on": day.isoformat() if day else None}


def _restored(before: Mapping[str, Any]) -> EntryValues:
    day = before["decided_on"]
    return EntryValues(**{**before, "decided_on": dt.date.fromisoformat(day) if day else None})
