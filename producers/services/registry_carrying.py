"""Taking what people decided about a row over to the same row of another list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from core.kernel import clock
from producers.models import RegistryDecision, RegistryEntry, RegistryList
from producers.services.registry_rows import KEY_FIELDS


def carry_decisions(found: RegistryList) -> int:
    """Carry standing decisions over to the undecided rows of a list; return how many.

    The newest other list of the register counts. A row is the same by its key, and nothing that
    was decided upon may have changed.
    """
    earlier = _decided_rows(found)
    carried = [
        _carried(entry, earlier[entry.key])
        for entry in _undecided(found)
        if entry.key in earlier and _same(entry, earlier[entry.key].entry)
    ]
    RegistryDecision.objects.bulk_create(carried)
    return len(carried)


def reopen_changed(entry_ids: Sequence[int]) -> int:
    """Take back what was decided about rows that say something else now; return how many."""
    standing = RegistryDecision.objects.filter(entry__in=entry_ids, undone_at=None)
    return standing.update(undone_at=clock.now())


def _undecided(found: RegistryList) -> Iterable[RegistryEntry]:
    standing = RegistryDecision.objects.filter(entry__list=found, undone_at=None)
    return found.entries.exclude(pk__in=standing.values("entry_id"))


def _decided_rows(found: RegistryList) -> dict[str, RegistryDecision]:
    """Return the standing decisions of the register's other lists by key; the newest list wins."""
    standing = (
        RegistryDecision.objects.filter(
            undone_at=None,
            entry__list__registry=found.registry_id,
            entry__list__withdrawn_at=None,
        )
        .exclude(entry__list=found.pk)
        .select_related("entry")
        .order_by("entry__list__as_of", "pk")
    )
    return {one.entry.key: one for one in standing}


def _same(entry: RegistryEntry, other: RegistryEntry) -> bool:
    return all(getattr(entry, name) == getattr(other, name) for name in KEY_FIELDS)


def _carried(entry: RegistryEntry, decided: RegistryDecision) -> RegistryDecision:
    return RegistryDecision(
        entry=entry,
        verdict=decided.verdict,
        organisation_id=decided.organisation_id,
        product_id=decided.product_id,
        reason=decided.reason,
        carried_from=decided,
        decided_by_id=decided.decided_by_id,
        decided_at=decided.decided_at,
    )
