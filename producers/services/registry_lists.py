"""Keeping the dated lists of registers: taking rows in, carrying decisions on, taking back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from core.kernel import clock
from core.kernel.errors import IllegalTransitionError, InvalidInputError
from core.kernel.text import clean
from core.outbox import outbox
from producers.enums import RegistryOutlook, RegistrySource, RegistrySubject
from producers.events import RegistryImported
from producers.models import Registry, RegistryDecision, RegistryEntry, RegistryList
from producers.services.registry_carrying import carry_decisions, reopen_changed
from producers.services.registry_rows import (
    KEY_FIELDS,
    EntryValues,
    RowCells,
    read_rows,
    stored_values,
)
from producers.services.rewriting import update_locked

_PART: Final = 1_000
_EARLIEST: Final = dt.date(2018, 1, 1)
_UNSEEN: Final = frozenset({"row_number", "raw"})
_DECIDED_UPON: Final = frozenset(KEY_FIELDS)
_COMPARED: Final = _DECIDED_UPON | {"commune_id"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ListInput:
    """Which register said it, on which day, and where its rows were read."""

    province_id: int
    source: str
    subject: str
    as_of: dt.date
    name: str = ""
    file_name: str = ""
    sheet: str = ""
    officer_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of the rows; `refused` are the numbers of rows that name nothing."""

    list_id: int
    new: int
    changed: int
    unchanged: int
    refused: tuple[int, ...]


@transaction.atomic
def open_list(*, values: ListInput) -> RegistryList:
    """Return the list of a register and day, begun if there is none.

    Raises:
        InvalidInputError: The register is unknown or has no name, or the day cannot be.
    """
    check_list(values=values)
    registry, _made = Registry.objects.get_or_create(
        province_id=values.province_id,
        source=values.source,
        subject=values.subject,
        name=_checked_name(values),
    )
    found, _made = RegistryList.objects.get_or_create(
        registry=registry,
        as_of=values.as_of,
        withdrawn_at=None,
        defaults={
            "file_name": clean(values.file_name)[:200],
            "sheet": clean(values.sheet)[:100],
            "imported_by_id": values.officer_id,
        },
    )
    return found


def check_list(*, values: ListInput) -> None:
    """Tell whether such a list can be.

    Raises:
        InvalidInputError: The register is unknown or has no name, or the day cannot be.
    """
    if values.source not in RegistrySource.values or values.subject not in RegistrySubject.values:
        words = _("Choose one from the list.")
        raise InvalidInputError(words, {"source": [words]})
    if not _EARLIEST <= values.as_of <= clock.today():
        words = _("Write the day the list was true: not before 2018, and not ahead.")
        raise InvalidInputError(words, {"as_of": [words]})
    _checked_name(values)


@transaction.atomic
def take_rows(*, values: ListInput, rows: Sequence[RowCells]) -> Taken:
    """Take in the rows of a list; the same rows again change nothing.

    A row the file no longer has stays: take the list back to replace it.

    Raises:
        InvalidInputError: As for `open_list`.

    Emits:
        RegistryImported.
    """
    opened = open_list(values=values)
    counted = {"new": 0, "changed": 0, "unchanged": 0}
    refused: list[int] = []
    for at in range(0, len(rows), _PART):
        part = rows[at : at + _PART]
        read = read_rows(
            part, subject=values.subject, province_id=values.province_id, as_of=values.as_of
        )
        refused += [row.number for row, one in zip(part, read, strict=True) if one is None]
        _stored, done = _store(opened.pk, [one for one in read if one is not None])
        counted = {name: counted[name] + done[name] for name in counted}
    finish_list(list_id=opened.pk)
    return Taken(list_id=opened.pk, refused=tuple(refused), **counted)


@transaction.atomic
def record_entries(*, list_id: int, values: Sequence[EntryValues]) -> list[RegistryEntry]:
    """Store rows of a list, new or over what they said before; return them in their order."""
    stored, _counts = _store(list_id, values)
    return [stored[one.key] for one in values]


@transaction.atomic
def erase_entries(*, entry_ids: Collection[int]) -> None:
    """Take rows of a list back, all or none; the last one takes the list with it.

    Raises:
        RegistryEntry.DoesNotExist: One is missing.
        IllegalTransitionError: Somebody decided about one.
    """
    held = RegistryEntry.objects.select_for_update().filter(pk__in=entry_ids).order_by("pk")
    list_ids = {entry.list_id for entry in held}
    if len(held) != len(entry_ids):
        raise RegistryEntry.DoesNotExist
    standing = RegistryDecision.objects.filter(undone_at=None, carried_from=None)
    if standing.filter(entry__in=entry_ids).exists():
        raise IllegalTransitionError(_("Somebody decided about this row. Undo that first."))
    RegistryEntry.objects.filter(pk__in=entry_ids).delete()
    left = set(RegistryEntry.objects.filter(list__in=list_ids).values_list("list_id", flat=True))
    for list_id in sorted(list_ids - left):
        withdraw_list(list_id=list_id)


@transaction.atomic
def finish_list(*, list_id: int) -> None:
    """Carry decisions over from the other lists of the register, and have the rest compared.

    Emits:
        RegistryImported.
    """
    found = RegistryList.objects.select_for_update(no_key=True).get(pk=list_id)
    if found.withdrawn_at is not None:
        return
    carry_decisions(found)
    announce_list(found)


@transaction.atomic
def finish_list_of(*, values: ListInput) -> None:
    """Finish the list of a register and day, if there is one.

    Emits:
        RegistryImported.
    """
    found = RegistryList.objects.filter(
        registry__province=values.province_id,
        registry__source=values.source,
        registry__subject=values.subject,
        as_of=values.as_of,
        withdrawn_at=None,
    ).first()
    if found is not None:
        finish_list(list_id=found.pk)


@transaction.atomic
def compare_again(*, list_id: int) -> int:
    """Have every undecided entry of a list compared with the portal of today; return how many.

    Emits:
        RegistryImported.
    """
    found = RegistryList.objects.select_for_update(no_key=True).get(pk=list_id)
    undecided = found.entries.exclude(decisions__undone_at=None, decisions__isnull=False)
    count = undecided.update(outlook=RegistryOutlook.PENDING)
    announce_list(found)
    return count


@transaction.atomic
def withdraw_list(*, list_id: int) -> RegistryList:
    """Take a list back: it counts nowhere any more; its rows and decisions stay on record."""
    found = RegistryList.objects.select_for_update(no_key=True).get(pk=list_id)
    if found.withdrawn_at is None:
        found.withdrawn_at, found.version = clock.now(), found.version + 1
        found.save(update_fields=["withdrawn_at", "version"])
    return found


@transaction.atomic
def restore_list(*, list_id: int) -> RegistryList:
    """Put a list back that was taken back by mistake.

    Raises:
        IllegalTransitionError: Another list of that day stands in its place.
    """
    found = RegistryList.objects.select_for_update(no_key=True).get(pk=list_id)
    of_day = RegistryList.objects.filter(
        registry=found.registry_id, as_of=found.as_of, withdrawn_at=None
    )
    if of_day.exclude(pk=list_id).exists():
        raise IllegalTransitionError(_("Another list of that day stands in its place."))
    found.withdrawn_at, found.version = None, found.version + 1
    found.save(update_fields=["withdrawn_at", "version"])
    return found


def announce_list(found: RegistryList) -> None:
    """Append that a locked list has rows to compare."""
    found.version += 1
    found.save(update_fields=["version"])
    outbox.append(
        RegistryImported(
            list_id=found.pk, version=found.version, province_id=found.registry.province_id
        )
    )


def _checked_name(values: ListInput) -> str:
    name = clean(values.name)[:120]
    if values.source == RegistrySource.OTHER and not name:
        words = _("Say what the register is called.")
        raise InvalidInputError(words, {"name": [words]})
    return name if values.source == RegistrySource.OTHER else ""


def _store(
    list_id: int, values: Sequence[EntryValues]
) -> tuple[dict[str, RegistryEntry], dict[str, int]]:
    """Write a part of a list with few queries; of two rows with one key the last one counts.

    Returns the entries by key, and how many are new, changed and unchanged.
    """
    by_key = {one.key: one for one in values}
    held = RegistryEntry.objects.select_for_update(no_key=True).filter(
        list_id=list_id, key__in=by_key
    )
    known = {one.key: one for one in held.order_by("pk")}
    fresh = [
        RegistryEntry(list_id=list_id, **stored_values(one))
        for key, one in by_key.items()
        if key not in known
    ]
    differing = {key: differing_fields(entry, by_key[key]) for key, entry in known.items()}
    altered = {key: names for key, names in differing.items() if names}
    asked_again = {key for key, names in altered.items() if not _COMPARED.isdisjoint(names)}
    reopened = {key for key, names in altered.items() if not _DECIDED_UPON.isdisjoint(names)}
    RegistryEntry.objects.bulk_create(fresh)
    update_locked(
        [_set(known[key], by_key[key], is_compared_again=key in asked_again) for key in altered]
    )
    reopen_changed([known[key].pk for key in reopened])
    unchanged = len(known) - len(altered)
    counts = {"new": len(fresh), "changed": len(altered), "unchanged": unchanged}
    return known | {entry.key: entry for entry in fresh}, counts


def _set(entry: RegistryEntry, values: EntryValues, *, is_compared_again: bool) -> RegistryEntry:
    for name, value in stored_values(values).items():
        setattr(entry, name, value)
    if is_compared_again:
        entry.outlook = RegistryOutlook.PENDING
    return entry


def differing_fields(entry: RegistryEntry, values: EntryValues) -> list[str]:
    """Return the names of what a row says otherwise than the stored entry."""
    said = stored_values(values)
    return [
        name
        for name, value in said.items()
        if name not in _UNSEEN and getattr(entry, name) != value
    ]
