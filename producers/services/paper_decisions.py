"""What officers decide on a paper; stars and revocations by two of them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from core.kernel import clock
from core.kernel.errors import IllegalTransitionError, NotAllowedError
from core.outbox import outbox
from producers.enums import EvidenceGrade, PaperKind, PaperStatus, ProposalStep
from producers.events import (
    PaperRenewed,
    PaperReturned,
    PaperRevoked,
    PaperSuspended,
    PaperVerified,
)
from producers.models import Paper
from producers.selectors import papers_renewed_by
from producers.services.paper_steps import (
    ALLOWED_FROM,
    PaperFact,
    announce,
    checked_reason,
    lapse_proposals,
    locked,
)

ONLY_CLAIMED: Final = frozenset({PaperKind.SAFE_COMMITMENT})
"""An officer confirms that households committed themselves, not that they produce safely."""


@transaction.atomic
def verify_paper(
    *,
    paper_id: int,
    grade: EvidenceGrade,
    officer_id: int | None = None,
    confirmed_by_id: int | None = None,
) -> Paper:
    """Find a paper good, also one that was suspended.

    Args:
        paper_id: The paper.
        grade: How far it may be trusted.
        officer_id: The deciding person.
        confirmed_by_id: The second officer, whom an award needs.

    Raises:
        Paper.DoesNotExist: No such paper.
        NotAllowedError: It gives stars and no second officer confirmed.
        IllegalTransitionError: It neither waits for verification nor is suspended.

    Emits:
        PaperVerified; PaperRenewed for each earlier paper it takes over from.
    """
    paper = locked(paper_id)
    if needs_two_to_verify(paper):
        _check_four_eyes(officer_id, confirmed_by_id)
    paper.grade = EvidenceGrade.CLAIM if paper.kind in ONLY_CLAIMED else grade
    _decide(
        paper,
        PaperVerified,
        allowed=ALLOWED_FROM[ProposalStep.VERIFY],
        officers=(officer_id, confirmed_by_id),
    )
    for renewed_id in papers_renewed_by(paper).values_list("pk", flat=True):
        outbox.append(
            PaperRenewed(
                paper_id=paper.pk,
                version=paper.version,
                organisation_id=paper.producer_id,
                kind=paper.kind,
                renewed_id=renewed_id,
            )
        )
    return paper


@transaction.atomic
def return_paper(*, paper_id: int, reason: str, officer_id: int | None = None) -> Paper:
    """Give a paper back with a reason.

    Raises:
        IllegalTransitionError: It does not wait for verification.
        InvalidInputError: There is no reason.

    Emits:
        PaperReturned.
    """
    paper, said = locked(paper_id), checked_reason(reason)
    allowed = {PaperStatus.SUBMITTED}
    return _decide(paper, PaperReturned, allowed=allowed, reason=said, officers=(officer_id, None))


@transaction.atomic
def suspend_paper(*, paper_id: int, reason: str, officer_id: int | None = None) -> Paper:
    """Let a verified paper count no longer until further notice; one officer may, at once.

    Raises:
        IllegalTransitionError: It is not verified.
        InvalidInputError: There is no reason.

    Emits:
        PaperSuspended.
    """
    paper, said = locked(paper_id), checked_reason(reason)
    allowed = {PaperStatus.VERIFIED}
    return _decide(paper, PaperSuspended, allowed=allowed, reason=said, officers=(officer_id, None))


@transaction.atomic
def revoke_paper(
    *, paper_id: int, reason: str, officer_id: int | None, confirmed_by_id: int | None
) -> Paper:
    """Let a paper count no longer, for good; two officers must agree.

    Raises:
        NotAllowedError: There are no two officers.
        IllegalTransitionError: It is neither verified nor suspended.
        InvalidInputError: There is no reason.

    Emits:
        PaperRevoked.
    """
    paper, said = locked(paper_id), checked_reason(reason)
    _check_four_eyes(officer_id, confirmed_by_id)
    return _decide(
        paper,
        PaperRevoked,
        allowed=ALLOWED_FROM[ProposalStep.REVOKE],
        reason=said,
        officers=(officer_id, confirmed_by_id),
    )


def needs_two_to_verify(paper: Paper) -> bool:
    """Tell whether verifying the paper takes two officers: the stars of an award do."""
    return paper.kind == PaperKind.OCOP_AWARD


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
    allowed: Collection[PaperStatus],
    officers: tuple[int | None, int | None],
    reason: str = "",
) -> Paper:
    check_state(paper, allowed=allowed)
    paper.status, paper.status_reason = _OUTCOME[fact], reason
    paper.decided_at = clock.now()
    paper.decided_by_id, paper.confirmed_by_id = officers
    paper.version += 1
    paper.save()
    lapse_proposals([paper])
    announce(fact, paper)
    return paper


def check_state(paper: Paper, *, allowed: Collection[PaperStatus]) -> None:
    """Refuse a step that the paper's state does not allow.

    Raises:
        IllegalTransitionError: It does not.
    """
    if paper.status not in allowed:
        state = PaperStatus(paper.status).label
        message = _("This paper is “%(state)s”; this step is not possible now.")
        raise IllegalTransitionError(message % {"state": state})


def _check_four_eyes(officer_id: int | None, confirmed_by_id: int | None) -> None:
    if officer_id is None or confirmed_by_id is None or officer_id == confirmed_by_id:
        raise NotAllowedError(
            _("This step needs two officers: one proposes it, another one confirms it.")
        )
