"""What people decide about the entries of registers; nothing is linked by itself."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from core.accounts.models import Organisation
from core.kernel import clock
from core.kernel.errors import IllegalTransitionError, InvalidInputError
from producers.enums import RegistryOutlook, RegistryVerdict
from producers.models import Product, RegistryCandidate, RegistryDecision, RegistryEntry
from producers.services.checking import FieldErrors

_REASON_LENGTH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a person says of an entry; only "the same" and a contradiction may name somebody."""

    verdict: str
    organisation_id: int | None = None
    product_id: int | None = None
    reason: str = ""


@transaction.atomic
def decide_entry(*, entry_id: int, said: Verdict, officer_id: int) -> RegistryDecision:
    """Decide what an entry stands for; both sides keep their own data.

    Raises:
        RegistryEntry.DoesNotExist: No such entry.
        IllegalTransitionError: Somebody has decided, or the list was taken back.
        InvalidInputError: With the fields at fault.
    """
    entry = _locked(entry_id)
    _require_open(entry)
    organisation_id, product_id = _checked_side(entry, said)
    return RegistryDecision.objects.create(
        entry=entry,
        verdict=said.verdict,
        organisation_id=organisation_id,
        product_id=product_id,
        reason=_checked_reason(said),
        decided_by_id=officer_id,
    )


@transaction.atomic
def confirm_certain(*, entry_ids: Sequence[int], officer_id: int) -> tuple[uuid.UUID, int]:
    """Link certain entries to their one certain candidate; return the batch and how many.

    What was decided meanwhile, or is no longer certain, is left out.
    """
    entries = (
        RegistryEntry.objects.select_for_update(no_key=True)
        .filter(pk__in=entry_ids, outlook=RegistryOutlook.CERTAIN, list__withdrawn_at=None)
        .order_by("pk")
    )
    open_ids = {entry.pk for entry in entries} - set(
        RegistryDecision.objects.filter(entry__in=entry_ids, undone_at=None).values_list(
            "entry_id", flat=True
        )
    )
    batch, now = uuid.uuid4(), clock.now()
    certain = RegistryCandidate.objects.filter(entry__in=open_ids, is_certain=True)
    decided = [
        RegistryDecision(
            entry_id=one.entry_id,
            verdict=RegistryVerdict.SAME,
            organisation_id=one.organisation_id,
            product_id=one.product_id,
            batch=batch,
            decided_by_id=officer_id,
            decided_at=now,
        )
        for one in certain.order_by("entry")
    ]
    RegistryDecision.objects.bulk_create(decided)
    return batch, len(decided)


@transaction.atomic
def undo_decision(*, decision_id: int, officer_id: int) -> RegistryDecision:
    """Take a decision back: the entry waits again. Papers handed in since stay.

    Raises:
        IllegalTransitionError: It was taken back already.
    """
    decision = RegistryDecision.objects.select_for_update(no_key=True).get(pk=decision_id)
    if decision.undone_at is not None:
        raise IllegalTransitionError(_("This was taken back already."))
    decision.undone_at, decision.undone_by_id = clock.now(), officer_id
    decision.save(update_fields=["undone_at", "undone_by"])
    return decision


@transaction.atomic
def undo_confirmed(*, batch: uuid.UUID, officer_id: int) -> int:
    """Take back what was confirmed at once and still stands; return how many."""
    standing = RegistryDecision.objects.filter(
        batch=batch, decided_by_id=officer_id, undone_at=None
    )
    return standing.update(undone_at=clock.now(), undone_by_id=officer_id)


def _locked(entry_id: int) -> RegistryEntry:
    entries = RegistryEntry.objects.select_for_update(no_key=True, of=("self",))
    return entries.select_related("list__registry").get(pk=entry_id)


def _require_open(entry: RegistryEntry) -> None:
    if entry.list.withdrawn_at is not None:
        raise IllegalTransitionError(_("This list was taken back. Decide in the list that counts."))
    if entry.decisions.filter(undone_at=None).exists():
        raise IllegalTransitionError(_("Somebody has decided meanwhile. Take that back first."))


def _checked_side(entry: RegistryEntry, said: Verdict) -> tuple[int | None, int | None]:
    """Return organisation and product a verdict names, of the province of the list."""
    errors = FieldErrors()
    errors.choice("verdict", value=said.verdict, known=RegistryVerdict.values)
    errors.raise_any()
    if said.verdict == RegistryVerdict.APART:
        return None, None
    province_id = entry.list.registry.province_id
    near = Organisation.objects.filter(pk=said.organisation_id or 0, province_id=province_id)
    is_named = near.exists()
    if said.verdict == RegistryVerdict.SAME and not is_named:
        errors.add("organisation", _("Choose what it is the same as."))
    product = Product.objects.filter(pk=said.product_id or 0, producer_id=said.organisation_id or 0)
    if said.product_id is not None and not product.exists():
        errors.add("product", _("Choose a product of this producer."))
    errors.raise_any()
    return (said.organisation_id, said.product_id) if is_named else (None, None)


def _checked_reason(said: Verdict) -> str:
    errors = FieldErrors()
    needed = said.verdict == RegistryVerdict.CONFLICT
    reason = errors.line("reason", typed=said.reason, most=_REASON_LENGTH, required=needed)
    errors.raise_any()
    return reason


__all__ = [
    "InvalidInputError",
    "Verdict",
    "confirm_certain",
    "decide_entry",
    "undo_confirmed",
    "undo_decision",
]
