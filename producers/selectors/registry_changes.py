"""Two dated lists of one register side by side: what is new, gone, and said otherwise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from producers.models import RegistryEntry, RegistryList

COMPARED: Final = (
    "name",
    "holder",
    "tax_code",
    "gtin",
    "decision_number",
    "stars",
    "stage",
    "address",
)
MOST_SHOWN: Final = 200


@dataclass(frozen=True, slots=True)
class Changed:
    """One row that both lists have; `fields` are (name, before, now)."""

    before: RegistryEntry
    now: RegistryEntry
    fields: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """What a list says otherwise than the one before it."""

    before: RegistryList
    new: tuple[RegistryEntry, ...]
    gone: tuple[RegistryEntry, ...]
    changed: tuple[Changed, ...]
    unchanged: int


def list_before(found: RegistryList) -> RegistryList | None:
    """Return the list of the same register before this one."""
    earlier = RegistryList.objects.filter(
        registry=found.registry_id, withdrawn_at=None, as_of__lt=found.as_of
    )
    return earlier.order_by("-as_of").first()


def changes_of(found: RegistryList) -> Changes | None:
    """Return what a list says otherwise than the one before; None where it is the first.

    Rows are paired by their key, then by names, then by barcode: a new barcode or a new spelling
    is a change, not a row gone and a row new.
    """
    before = list_before(found)
    if before is None:
        return None
    rows = list(found.entries.order_by("row_number", "pk"))
    olds = list(before.entries.order_by("row_number", "pk"))
    pairs, new, gone = _paired(olds, rows)
    changed = [Changed(old, now, fields) for old, now in pairs if (fields := _fields(old, now))]
    return Changes(
        before=before,
        new=tuple(new),
        gone=tuple(gone),
        changed=tuple(changed),
        unchanged=len(pairs) - len(changed),
    )


_Key = str | tuple[str, str]
_KEYS: Final[tuple[Callable[[RegistryEntry], _Key], ...]] = (
    lambda one: one.key,
    lambda one: (one.name_folded, one.holder_folded),
    lambda one: one.gtin,
)
_Pairs = list[tuple[RegistryEntry, RegistryEntry]]


def _paired(
    olds: list[RegistryEntry], rows: list[RegistryEntry]
) -> tuple[_Pairs, list[RegistryEntry], list[RegistryEntry]]:
    pairs: _Pairs = []
    for key_of in _KEYS:
        waiting = {key: one for one in olds if (key := key_of(one))}
        rest = []
        for row in rows:
            old = waiting.pop(key_of(row), None)
            if old is None:
                rest.append(row)
            else:
                pairs.append((old, row))
        taken = {old.pk for old, _row in pairs}
        olds = [one for one in olds if one.pk not in taken]
        rows = rest
    return pairs, rows, olds


def _fields(old: RegistryEntry, now: RegistryEntry) -> tuple[tuple[str, str, str], ...]:
    return tuple(
        (name, _written(old, name), _written(now, name))
        for name in COMPARED
        if getattr(old, name) != getattr(now, name)
    )


def _written(entry: RegistryEntry, name: str) -> str:
    value = getattr(entry, name)
    if name == "stage":
        return str(entry.get_stage_display())
    return "" if value is None else str(value)
