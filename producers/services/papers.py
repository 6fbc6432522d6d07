"""A producer hands papers in, changes them and takes them back; one or many at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core.kernel import clock
from core.kernel.errors import IllegalTransitionError, InvalidInputError
from producers.enums import EvidenceGrade, PaperKind, PaperStatus
from producers.events import PaperSubmitted
from producers.models import Paper, Product
from producers.selectors.desk_file import said_of_paper
from producers.services.inputs import PaperInput
from producers.services.paper_lookups import PaperLookups
from producers.services.paper_steps import announce_all, lapse_proposals, locked_all
from producers.services.paper_values import set_values
from producers.services.profiles import register_producer
from producers.services.rewriting import update_locked

_OPEN: Final = frozenset({PaperStatus.SUBMITTED, PaperStatus.RETURNED})
_MAY_HAVE_RUN_OUT: Final = frozenset({PaperStatus.VERIFIED, PaperStatus.EXPIRED})


@transaction.atomic
def submit_paper(*, producer_id: int, values: PaperInput) -> Paper:
    """Hand in a paper for verification.

    Raises:
        InvalidInputError: With the fields at fault; also when the paper was handed in before.

    Emits:
        PaperSubmitted.
    """
    return submit_papers(said=[(producer_id, values)])[0]


@transaction.atomic
def submit_papers(*, said: Sequence[tuple[int, PaperInput]]) -> list[Paper]:
    """Hand in many papers, all or none; each comes with the id of its producer.

    Raises:
        InvalidInputError: As `submit_paper` for the first that is at fault.

    Emits:
        PaperSubmitted for each.
    """
    for producer_id in sorted({producer_id for producer_id, _values in said}):
        register_producer(organisation_id=producer_id)
    papers = [Paper(producer_id=producer_id) for producer_id, _values in said]
    lookups = _lookups_for(said)
    for paper, (_producer_id, values) in zip(papers, said, strict=True):
        set_values(paper, values, lookups=lookups)
    with _once():
        Paper.objects.bulk_create(papers)
    announce_all(PaperSubmitted, papers)
    return papers


@transaction.atomic
def resubmit_paper(*, paper_id: int, values: PaperInput, remove_evidence: bool = False) -> Paper:
    """Change a paper that is not decided on, was returned, or has run out, and hand it in again.

    A change starts the clock of the desk anew; a waiting paper that says what it said stays
    where it is in the queue, without an event.

    Raises:
        Paper.DoesNotExist: No such paper.
        IllegalTransitionError: It is verified and valid, suspended or revoked.
        InvalidInputError: With the fields at fault.

    Emits:
        PaperSubmitted.
    """
    return _resubmitted({paper_id: values}, remove_evidence=remove_evidence)[0]


@transaction.atomic
def resubmit_papers(*, changes: Mapping[int, PaperInput]) -> list[Paper]:
    """Hand many papers in again, all or none; values come by the paper's id.

    Raises:
        DomainError: As `resubmit_paper` for the first that is at fault.

    Emits:
        PaperSubmitted for each.
    """
    return _resubmitted(changes)


@transaction.atomic
def remove_paper(*, paper_id: int) -> None:
    """Take back a paper that nobody has decided on, or that was returned; its document stays.

    Raises:
        IllegalTransitionError: It was verified once; it stays as a record.
    """
    remove_papers(paper_ids=[paper_id])


@transaction.atomic
def remove_papers(*, paper_ids: Collection[int]) -> None:
    """Take many papers back, all or none.

    Raises:
        Paper.DoesNotExist: One is missing.
        IllegalTransitionError: One was verified once; it stays as a record.
    """
    if any(paper.status not in _OPEN for paper in locked_all(paper_ids)):
        raise IllegalTransitionError(_("A paper that was verified stays on the record."))
    Paper.objects.filter(pk__in=paper_ids).delete()


def check_paper(
    *, producer_id: int, values: PaperInput, lookups: PaperLookups | None = None
) -> None:
    """Look at a paper's values without storing them; `lookups` serve many papers.

    Raises:
        InvalidInputError: With the fields `submit_paper` would refuse.
    """
    set_values(Paper(producer_id=producer_id), values, lookups=lookups)


def can_be_changed(paper: Paper) -> bool:
    """Tell whether the holder may change the paper and hand it in again; a shop moves on."""
    has_run_out = paper.valid_to is not None and paper.valid_to < clock.today()
    if paper.kind == PaperKind.STOREFRONT and paper.status == PaperStatus.VERIFIED:
        return True
    return paper.status in _OPEN or (paper.status in _MAY_HAVE_RUN_OUT and has_run_out)


def _resubmitted(
    changes: Mapping[int, PaperInput], *, remove_evidence: bool = False
) -> list[Paper]:
    papers = locked_all(changes)
    if not all(can_be_changed(paper) for paper in papers):
        raise IllegalTransitionError(
            _("This paper was decided on. Hand in the new one as a paper of its own.")
        )
    lookups = _lookups_for([(paper.producer_id, changes[paper.pk]) for paper in papers])
    anew = []
    for paper in papers:
        said = said_of_paper(paper)
        if remove_evidence:
            paper.document = None
        set_values(paper, changes[paper.pk], lookups=lookups)
        if paper.status != PaperStatus.SUBMITTED or said_of_paper(paper) != said:
            anew.append(_handed_in(paper))
    with _once():
        update_locked(anew)
    lapse_proposals(*anew)
    announce_all(PaperSubmitted, anew)
    return papers


def _handed_in(paper: Paper) -> Paper:
    paper.status, paper.status_reason = PaperStatus.SUBMITTED, ""
    paper.grade, paper.submitted_at = EvidenceGrade.CLAIM, clock.now()
    paper.decided_at = paper.decided_by = paper.confirmed_by = None
    paper.version += 1
    return paper


def _lookups_for(said: Sequence[tuple[int, PaperInput]]) -> PaperLookups:
    named = {values.product_id for _producer_id, values in said if values.product_id is not None}
    holders = {producer_id for producer_id, _values in said}
    own = Product.objects.filter(pk__in=named, producer__in=holders)
    return PaperLookups(products=own.values_list("producer_id", "pk"))


@contextmanager
def _once() -> Iterator[None]:
    """Say in words that a paper of this kind and number was handed in before."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if "paper_once" not in str(error):  # also paper_once_for_each_crop
            raise
        message = _("You handed in a paper of this kind and number already. Change that one.")
        raise InvalidInputError(message, {"number": [message]}) from error
