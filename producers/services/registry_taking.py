"""Handing in what a register says of a linked entry as a claim of the producer, one by one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from core.kernel.errors import IllegalTransitionError
from producers.enums import PaperKind, Platform, RegistrySource, RegistryTake, RegistryVerdict
from producers.models import Paper, RegistryDecision, RegistryEntry, RegistryTakeover
from producers.services.inputs import PaperInput
from producers.services.papers import submit_paper


@transaction.atomic
def take_over(*, decision_id: int, kind: RegistryTake, officer_id: int) -> RegistryTakeover:
    """Hand in one value of a linked entry as a claim; it is verified like any other paper.

    Raises:
        IllegalTransitionError: The entry is not linked, says too little, or it was taken over.
        InvalidInputError: The paper cannot be; also when the producer handed it in already.

    Emits:
        PaperSubmitted.
    """
    decision = (
        RegistryDecision.objects.select_for_update(no_key=True, of=("self",))
        .select_related("entry__list__registry")
        .get(pk=decision_id)
    )
    if kind not in open_takes(decision):
        raise IllegalTransitionError(_("The register does not say enough, or it was taken over."))
    organisation_id = decision.organisation_id
    if organisation_id is None:
        raise IllegalTransitionError(_("Say first whose entry this is."))
    values = _PAPERS[kind](decision.entry, decision.product_id)
    paper: Paper = submit_paper(producer_id=organisation_id, values=values)
    return RegistryTakeover.objects.create(
        decision=decision, kind=kind, paper=paper, taken_by_id=officer_id
    )


def open_takes(decision: RegistryDecision) -> list[RegistryTake]:
    """Return what may be taken over from a linked entry: what it says and nobody took yet."""
    if decision.verdict != RegistryVerdict.SAME or decision.undone_at is not None:
        return []
    taken = set(decision.takeovers.values_list("kind", flat=True))
    entry, has_product = decision.entry, decision.product_id is not None
    says: Mapping[RegistryTake, bool] = {
        RegistryTake.AWARD: bool(
            has_product and entry.stars and entry.decision_number and entry.decided_on
        ),
        RegistryTake.STOREFRONT: bool(entry.stage),
        RegistryTake.TRACE_LINK: bool(has_product and entry.trace_code and entry.url),
    }
    return [kind for kind, is_said in says.items() if is_said and kind not in taken]


def _award(entry: RegistryEntry, product_id: int | None) -> PaperInput:
    return PaperInput(
        kind=PaperKind.OCOP_AWARD,
        number=entry.decision_number,
        issuer=entry.issuer or _origin(entry),
        valid_from=entry.decided_on or entry.list.as_of,
        product_id=product_id,
        stars=entry.stars,
        evidence_url=entry.url,
    )


def _storefront(entry: RegistryEntry, _product_id: int | None) -> PaperInput:
    source = entry.list.registry.source
    platform = Platform.POSTMART if source == RegistrySource.POSTMART else Platform.OTHER
    return PaperInput(
        kind=PaperKind.STOREFRONT,
        number=entry.code or entry.name[:80],
        issuer=_origin(entry),
        valid_from=entry.list.as_of,
        platform=platform,
        stage=entry.stage,
        evidence_url=entry.url,
    )


def _trace_link(entry: RegistryEntry, product_id: int | None) -> PaperInput:
    return PaperInput(
        kind=PaperKind.TRACE_LINK,
        number=entry.trace_code,
        issuer=_origin(entry),
        valid_from=entry.list.as_of,
        product_id=product_id,
        evidence_url=entry.url,
    )


def _origin(entry: RegistryEntry) -> str:
    """Return the evidence in words: which register, of which day, which row."""
    words = _("%(register)s, as of %(day)s, row %(row)d")
    return words % {
        "register": entry.list.registry,
        "day": f"{entry.list.as_of:%d/%m/%Y}",
        "row": entry.row_number,
    }


_PAPERS: Final[Mapping[RegistryTake, Callable[[RegistryEntry, int | None], PaperInput]]] = {
    RegistryTake.AWARD: _award,
    RegistryTake.STOREFRONT: _storefront,
    RegistryTake.TRACE_LINK: _trace_link,
}
