"""What officers decide on a paper; stars and revocations by two of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
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
from producers.selectors import renewals_by
from producers.services.paper_steps import (
    ALLOWED_FROM,
    PaperFact,
    announce_all,
    checked_reason,
    lapse_proposals,
    locked,
    store_decisions,
)

Officers = tuple[int | None, int | None]
"""Who decided, and who confirmed it where two must agree."""
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
    verify_locked([paper], grade=grade, officers=(officer_id, confirmed_by_id))
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
    paper = locked(paper_id)
    return_locked([paper], reason=reason, officers=(officer_id, None))
    return paper


@transaction.atomic
def suspend_paper(*, paper_id: int, reason: str, officer_id: int | None = None) -> Paper:
    """Let a verified paper count no longer until further notice; one officer may, at once.

    Raises:
        IllegalTransitionError: It is not verified.
        InvalidInputError: There is no reason.

    Emits:
        PaperSuspended.
    """
    paper = locked(paper_id)
    suspend_locked([paper], reason=reason, officers=(officer_id, None))
    return paper


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
    _decide(
        [paper],
        PaperRevoked,
        allowed=ALLOWED_FROM[ProposalStep.REVOKE],
        reason=said,
        officers=(officer_id, confirmed_by_id),
    )
    return paper


# --- Many locked papers, all or none, in as many queries as for one ---------------------------


def verify_locked(papers: Sequence[Paper], *, grade: EvidenceGrade, officers: Officers) -> None:
    """Find locked papers good.

    Raises:
        NotAllowedError: One gives stars and no second officer confirmed.
        IllegalTransitionError: One neither waits for verification nor is suspended.

    Emits:
        PaperVerified for each; PaperRenewed for each earlier paper one takes over from.
    """
    if any(map(needs_two_to_verify, papers)):
        _check_four_eyes(*officers)
    for paper in papers:
        paper.grade = EvidenceGrade.CLAIM if paper.kind in ONLY_CLAIMED else grade
    allowed = ALLOWED_FROM[ProposalStep.VERIFY]
    _decide(papers, PaperVerified, allowed=allowed, officers=officers)
    _announce_renewals(papers)


def return_locked(papers: Sequence[Paper], *, reason: str, officers: Officers) -> None:
    """Give locked papers back with one reason.

    Raises:
        IllegalTransitionError: One does not wait for verification.
        InvalidInputError: There is no reason.

    Emits:
        PaperReturned for each.
    """
    said, allowed = checked_reason(reason), {PaperStatus.SUBMITTED}
    _decide(papers, PaperReturned, allowed=allowed, reason=said, officers=officers)


def suspend_locked(papers: Sequence[Paper], *, reason: str, officers: Officers) -> None:
    """Let locked papers count no longer until further notice.

    Raises:
        IllegalTransitionError: One is not verified.
        InvalidInputError: There is no reason.

    Emits:
        PaperSuspended for each.
    """
    said, allowed = checked_reason(reason), {PaperStatus.VERIFIED}
    _decide(papers, PaperSuspended, allowed=allowed, reason=said, officers=officers)


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
    papers: Sequence[Paper],
    fact: PaperFact,
    *,
    allowed: Collection[PaperStatus],
    officers: Officers,
    reason: str = "",
) -> None:
    now = clock.now()
    for paper in papers:
        check_state(paper, allowed=allowed)
        paper.status, paper.status_reason, paper.decided_at = _OUTCOME[fact], reason, now
        paper.decided_by_id, paper.confirmed_by_id = officers
    store_decisions(papers)
    lapse_proposals(*papers)
    announce_all(fact, papers)


def _announce_renewals(papers: Sequence[Paper]) -> None:
    known = {paper.pk: paper for paper in papers}
    outbox.append_all(
        PaperRenewed(
            paper_id=paper_id,
            version=known[paper_id].version,
            organisation_id=known[paper_id].producer_id,
            kind=known[paper_id].kind,
            renewed_id=renewed_id,
        )
        for paper_id, renewed_id in renewals_by(papers)
    )


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
