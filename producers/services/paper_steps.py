"""What every step of a paper's life shares: the lock, the fact, and proposals it overtakes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any, Final

from django.db.models import F, QuerySet

from core.kernel import clock
from core.outbox import outbox
from producers.enums import PaperStatus, ProposalState, ProposalStep
from producers.events import (
    PaperExpired,
    PaperReopened,
    PaperReturned,
    PaperRevoked,
    PaperSubmitted,
    PaperSuspended,
    PaperVerified,
)
from producers.models import Paper, PaperProposal
from producers.services.checking import FieldErrors

PaperFact = type[
    PaperSubmitted
    | PaperVerified
    | PaperReturned
    | PaperSuspended
    | PaperRevoked
    | PaperExpired
    | PaperReopened
]
ALLOWED_FROM: Final = {
    ProposalStep.VERIFY: frozenset({PaperStatus.SUBMITTED, PaperStatus.SUSPENDED}),
    ProposalStep.REVOKE: frozenset({PaperStatus.VERIFIED, PaperStatus.SUSPENDED}),
}
_REASON_LENGTH: Final = 500
DECIDED: Final = (
    "status", "status_reason", "grade", "decided_at", "decided_by_id", "confirmed_by_id",
)  # fmt: skip
"""What a decision sets on a paper."""


def locked(paper_id: int) -> Paper:
    """Return the paper, locked until the transaction ends.

    Raises:
        Paper.DoesNotExist: No such paper.
    """
    return locked_all([paper_id])[0]


def locked_all(paper_ids: Collection[int]) -> list[Paper]:
    """Return many papers, locked until the transaction ends, in the order of their ids.

    Raises:
        Paper.DoesNotExist: One is missing.
    """
    papers = locked_of(paper_ids)
    if len(papers) != len(paper_ids):
        raise Paper.DoesNotExist
    return list(papers.values())


def locked_of(paper_ids: Iterable[int]) -> dict[int, Paper]:
    """Return those of many papers that exist, locked in the order of their ids, with holders."""
    papers = Paper.objects.filter(pk__in=list(paper_ids)).order_by("pk")
    with_holders = papers.select_related("producer__organisation", "document")
    return {one.pk: one for one in with_holders.select_for_update(of=("self",), no_key=True)}


def store_decisions(papers: Sequence[Paper]) -> None:
    """Give locked papers their next version and what was decided, one query for equal ones."""
    alike: dict[tuple[Any, ...], list[int]] = {}
    for paper in papers:
        alike.setdefault(tuple(getattr(paper, name) for name in DECIDED), []).append(paper.pk)
        paper.version += 1
    for values, paper_ids in alike.items():
        said = dict(zip(DECIDED, values, strict=True))
        Paper.objects.filter(pk__in=paper_ids).update(version=F("version") + 1, **said)


def announce(fact: PaperFact, paper: Paper) -> None:
    """Append what happened to a stored paper."""
    announce_all(fact, [paper])


def announce_all(fact: PaperFact, papers: Iterable[Paper]) -> None:
    """Append what happened to each of many stored papers."""
    outbox.append_all(
        fact(
            paper_id=paper.pk,
            version=paper.version,
            organisation_id=paper.producer_id,
            kind=paper.kind,
        )
        for paper in papers
    )


def lapse_proposals(*papers: Paper) -> None:
    """Close the waiting proposals of locked papers that their new state leaves no room for.

    To verify means to have read this version; to revoke does not depend on it.
    """
    known = {paper.pk: paper for paper in papers}
    waiting = _waiting_proposals(known)
    lapsed = [one.pk for one in waiting if _leaves_no_room(known[one.paper_id], one)]
    if lapsed:
        _waiting_proposals(known).filter(pk__in=lapsed).update(
            state=ProposalState.LAPSED, decided_at=clock.now()
        )


def _waiting_proposals(paper_ids: Iterable[int]) -> QuerySet[PaperProposal]:
    return PaperProposal.objects.filter(paper__in=list(paper_ids), state=ProposalState.WAITING)


def _leaves_no_room(paper: Paper, proposal: PaperProposal) -> bool:
    step = ProposalStep(proposal.step)
    is_stale = step == ProposalStep.VERIFY and proposal.paper_version != paper.version
    return is_stale or paper.status not in ALLOWED_FROM[step]


def checked_reason(typed: str) -> str:
    """Return a reason as it will be stored.

    Raises:
        InvalidInputError: There is none, or it is too long.
    """
    errors = FieldErrors()
    reason = errors.line("reason", typed=typed, most=_REASON_LENGTH, required=True)
    errors.raise_any()
    return reason
