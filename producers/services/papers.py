"""A producer hands papers in; an officer verifies, returns, suspends or revokes them."""

from __future__ import annotations

from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core.kernel import clock
from core.kernel.errors import IllegalTransitionError, InvalidInputError
from core.outbox import outbox
from producers.enums import EvidenceGrade, PaperStatus
from producers.events import (
    PaperReturned,
    PaperRevoked,
    PaperSubmitted,
    PaperSuspended,
    PaperVerified,
)
from producers.models import Paper
from producers.services.checking import FieldErrors
from producers.services.files import delete_after_commit
from producers.services.inputs import PaperInput
from producers.services.paper_values import set_values
from producers.services.profiles import register_producer

PaperFact = type[PaperSubmitted | PaperVerified | PaperReturned | PaperSuspended | PaperRevoked]
_OPEN: Final = frozenset({PaperStatus.SUBMITTED, PaperStatus.RETURNED})
_REASON_LENGTH: Final = 500


@transaction.atomic
def submit_paper(*, producer_id: int, values: PaperInput) -> Paper:
    """Hand in a paper for verification.

    Raises:
        InvalidInputError: With the fields at fault; also when the paper was handed in before.

    Emits:
        PaperSubmitted.
    """
    register_producer(organisation_id=producer_id)
    paper = Paper(producer_id=producer_id)
    set_values(paper, values)
    _save_once(paper)
    _announce(PaperSubmitted, paper)
    return paper


@transaction.atomic
def resubmit_paper(*, paper_id: int, values: PaperInput, remove_evidence: bool = False) -> Paper:
    """Change a paper that is not decided on, was returned, or has run out, and hand it in again.

    Raises:
        Paper.DoesNotExist: No such paper.
        IllegalTransitionError: It is verified and valid, suspended or revoked.
        InvalidInputError: With the fields at fault.

    Emits:
        PaperSubmitted.
    """
    paper = _locked(paper_id)
    if not can_be_changed(paper):
        raise IllegalTransitionError(
            _("This paper was decided on. Hand in the new one as a paper of its own.")
        )
    old_evidence = paper.evidence
    replaced = values.evidence is not None or remove_evidence
    if remove_evidence:
        paper.evidence = ""
    set_values(paper, values)
    if replaced:
        delete_after_commit(old_evidence)
    paper.status, paper.status_reason = PaperStatus.SUBMITTED, ""
    paper.grade, paper.submitted_at = EvidenceGrade.CLAIM, clock.now()
    paper.decided_at = paper.decided_by = None
    paper.version += 1
    _save_once(paper)
    _announce(PaperSubmitted, paper)
    return paper


@transaction.atomic
def remove_paper(*, paper_id: int) -> None:
    """Take back a paper that nobody has decided on, or that was returned.

    Raises:
        IllegalTransitionError: It was verified once; it stays as a record.
    """
    paper = _locked(paper_id)
    if paper.status not in _OPEN:
        raise IllegalTransitionError(_("A paper that was verified stays on the record."))
    delete_after_commit(paper.evidence)
    paper.delete()


def can_be_changed(paper: Paper) -> bool:
    """Tell whether the holder may change the paper and hand it in again."""
    has_run_out = paper.valid_to is not None and paper.valid_to < clock.today()
    return paper.status in _OPEN or (paper.status == PaperStatus.VERIFIED and has_run_out)


@transaction.atomic
def verify_paper(*, paper_id: int, grade: EvidenceGrade, officer_id: int | None = None) -> Paper:
    """Find a paper good, also one that was suspended.

    Args:
        paper_id: The paper.
        grade: How far it may be trusted.
        officer_id: The deciding person.

    Raises:
        Paper.DoesNotExist: No such paper.
        IllegalTransitionError: It neither waits for verification nor is suspended.

    Emits:
        PaperVerified.
    """
    paper = _locked(paper_id)
    paper.grade = grade
    allowed = {PaperStatus.SUBMITTED, PaperStatus.SUSPENDED}
    return _decide(paper, PaperVerified, allowed=allowed, reason="", officer_id=officer_id)


@transaction.atomic
def return_paper(*, paper_id: int, reason: str, officer_id: int | None = None) -> Paper:
    """Give a paper back with a reason.

    Raises:
        IllegalTransitionError: It does not wait for verification.
        InvalidInputError: There is no reason.

    Emits:
        PaperReturned.
    """
    paper, said = _locked(paper_id), _checked_reason(reason)
    allowed = {PaperStatus.SUBMITTED}
    return _decide(paper, PaperReturned, allowed=allowed, reason=said, officer_id=officer_id)


@transaction.atomic
def suspend_paper(*, paper_id: int, reason: str, officer_id: int | None = None) -> Paper:
    """Let a verified paper count no longer until further notice.

    Raises:
        IllegalTransitionError: It is not verified.
        InvalidInputError: There is no reason.

    Emits:
        PaperSuspended.
    """
    paper, said = _locked(paper_id), _checked_reason(reason)
    allowed = {PaperStatus.VERIFIED}
    return _decide(paper, PaperSuspended, allowed=allowed, reason=said, officer_id=officer_id)


@transaction.atomic
def revoke_paper(*, paper_id: int, reason: str, officer_id: int | None = None) -> Paper:
    """Let a paper count no longer, for good.

    Raises:
        IllegalTransitionError: It is neither verified nor suspended.
        InvalidInputError: There is no reason.

    Emits:
        PaperRevoked.
    """
    paper, said = _locked(paper_id), _checked_reason(reason)
    allowed = {PaperStatus.VERIFIED, PaperStatus.SUSPENDED}
    return _decide(paper, PaperRevoked, allowed=allowed, reason=said, officer_id=officer_id)


_OUTCOME: Final[dict[PaperFact, PaperStatus]] = {
    PaperVerified: PaperStatus.VERIFIED,
    PaperReturned: PaperStatus.RETURNED,
    PaperSuspended: PaperStatus.SUSPENDED,
    PaperRevoked: PaperStatus.REVOKED,
}


def _decide(
    paper: Paper,
    fact: PaperFact,
    *,
    allowed: set[PaperStatus],
    reason: str,
    officer_id: int | None,
) -> Paper:
    if paper.status not in allowed:
        state = PaperStatus(paper.status).label
        message = _("This paper is “%(state)s”; this step is not possible now.")
        raise IllegalTransitionError(message % {"state": state})
    paper.status, paper.status_reason = _OUTCOME[fact], reason
    paper.decided_at, paper.decided_by_id = clock.now(), officer_id
    paper.version += 1
    paper.save()
    _announce(fact, paper)
    return paper


def _checked_reason(typed: str) -> str:
    errors = FieldErrors()
    reason = errors.line("reason", typed=typed, most=_REASON_LENGTH, required=True)
    errors.raise_any()
    return reason


def _locked(paper_id: int) -> Paper:
    return Paper.objects.select_for_update(no_key=True).get(pk=paper_id)


def _announce(fact: PaperFact, paper: Paper) -> None:
    outbox.append(
        fact(
            paper_id=paper.pk,
            version=paper.version,
            organisation_id=paper.producer_id,
            kind=paper.kind,
        )
    )


def _save_once(paper: Paper) -> None:
    try:
        with transaction.atomic():
            paper.save()
    except IntegrityError as error:
        if "paper_once" not in str(error):
            raise
        message = _("You handed in a paper of this kind and number already. Change that one.")
        raise InvalidInputError(message, {"number": [message]}) from error
