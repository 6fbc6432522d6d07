"""Having the worker compare the entries of a list with what the portal knows, part by part."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from django.db import transaction
from django.db.models import Count

from core.accounts.models import Organisation
from core.outbox import outbox
from producers.enums import RegistryOutlook, RegistrySubject
from producers.events import RegistryPartCompared
from producers.models import RegistryCandidate, RegistryEntry, RegistryList
from producers.reconciling import (
    Comparison,
    EntryFacts,
    OursIndex,
    compare,
    decision_key,
)
from producers.selectors import registry as registers

PART: Final = 2_000
"""So many entries are compared in one transaction of the worker: about three seconds."""


@transaction.atomic
def compare_part(*, list_id: int, version: int) -> int:
    """Compare the next entries of a list; return how many wait still.

    A later import of the list raised its version and goes through all that waits itself.

    Emits:
        RegistryPartCompared while entries wait.
    """
    found = RegistryList.objects.select_for_update(no_key=True).get(pk=list_id)
    if found.version != version or found.withdrawn_at is not None:
        return 0
    pending = found.entries.filter(outlook=RegistryOutlook.PENDING).order_by("pk")
    province_id = found.registry.province_id
    compare_entries(list(pending[:PART]), found=found, index=index_of(province_id))
    left = pending.count()
    if left:
        outbox.append(RegistryPartCompared(list_id=list_id, version=version, left=left))
    else:
        _doubt_shared(found)
    return left


@transaction.atomic
def compare_newcomer(*, organisation_id: int) -> int:
    """Compare again what may speak of a new organisation and was not decided; return how many."""
    organisation = Organisation.objects.filter(pk=organisation_id).first()
    if organisation is None:
        return 0
    index = index_of(organisation.province_id)
    compared = 0
    for found in registers.latest_lists(organisation.province_id):
        entries = list(registers.undecided_entries_about(found.pk, organisation=organisation))
        compare_entries(entries, found=found, index=index)
        compared += len(entries)
    return compared


def index_of(province_id: int) -> OursIndex:
    """Return what the portal knows in a province, ready to be asked."""
    return OursIndex(registers.ours_to_compare(province_id))


def compare_entries(
    entries: Sequence[RegistryEntry], *, found: RegistryList, index: OursIndex
) -> None:
    """Store what entries of one list may stand for; what was found before is replaced."""
    is_shop = found.registry.subject == RegistrySubject.SHOPS
    compared = [compare(_facts(entry, is_shop=is_shop), index) for entry in entries]
    RegistryCandidate.objects.filter(entry__in=[entry.pk for entry in entries]).delete()
    RegistryCandidate.objects.bulk_create(_candidates(compared), batch_size=2_000)
    for entry, one in zip(entries, compared, strict=True):
        entry.outlook = RegistryOutlook(one.outlook.value)
    for outlook in RegistryOutlook:
        ids = [entry.pk for entry in entries if entry.outlook == outlook]
        RegistryEntry.objects.filter(pk__in=ids).update(outlook=outlook)


def _facts(entry: RegistryEntry, *, is_shop: bool) -> EntryFacts:
    return EntryFacts(
        entry_id=entry.pk,
        is_shop=is_shop,
        name=entry.name_folded,
        holder=entry.holder_folded,
        tax_code=entry.tax_code,
        gtin=entry.gtin,
        decision=decision_key(entry.decision_number),
        stars=entry.stars,
        commune_id=entry.commune_id,
    )


def _candidates(compared: Iterable[Comparison]) -> list[RegistryCandidate]:
    return [
        RegistryCandidate(
            entry_id=one.entry_id,
            organisation_id=candidate.organisation_id,
            product_id=candidate.product_id,
            points=candidate.points,
            is_certain=candidate.is_certain,
            basis=[basis.value for basis in candidate.basis],
            clashes=[clash.value for clash in candidate.clashes],
        )
        for one in compared
        for candidate in one.candidates
    ]


def _doubt_shared(found: RegistryList) -> None:
    """Two rows of one list that are certainly the same product of ours are not certain at all."""
    certain = RegistryCandidate.objects.filter(
        entry__list=found,
        entry__outlook=RegistryOutlook.CERTAIN,
        is_certain=True,
        product__isnull=False,
    )
    shared = certain.values("product").annotate(rows=Count("entry")).filter(rows__gt=1)
    entries = certain.filter(product__in=shared.values("product")).values("entry_id")
    RegistryEntry.objects.filter(pk__in=entries).update(outlook=RegistryOutlook.UNCERTAIN)
