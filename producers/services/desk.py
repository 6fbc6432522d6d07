"""What an officer decides at the desk: one paper or many, each judged by itself, in one record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from core.accounts.actors import Actor
from core.kernel.errors import NotAllowedError
from producers import rules
from producers.enums import (
    DeskObstacle,
    DeskOutcome,
    DeskReason,
    DeskStep,
    EvidenceGrade,
    PaperStatus,
    ProposalStep,
)
from producers.models import DeskBatch, DeskItem, DeskTake, Paper, PaperProposal
from producers.selectors import desk as reading
from producers.services.desk_reasons import words_for
from producers.services.paper_decisions import (
    needs_two_to_verify,
    return_locked,
    suspend_locked,
    verify_locked,
)
from producers.services.paper_doubts import doubts_of
from producers.services.paper_proposals import propose_locked
from producers.services.paper_steps import locked_of

MOST_PAPERS: Final = 200
"""So many papers are decided in one go at most."""
LOCKED_AT_ONCE: Final = 50
"""So many papers are decided in one transaction: their holders wait for a blink, if at all."""
_FROM: Final[Mapping[DeskStep, frozenset[PaperStatus]]] = {
    DeskStep.VERIFY: frozenset({PaperStatus.SUBMITTED, PaperStatus.SUSPENDED}),
    DeskStep.RETURN: frozenset({PaperStatus.SUBMITTED}),
    DeskStep.SUSPEND: frozenset({PaperStatus.VERIFIED}),
    DeskStep.REVOKE: frozenset({PaperStatus.VERIFIED, PaperStatus.SUSPENDED}),
}
_WITH_PROPOSAL: Final = frozenset({DeskStep.RETURN, DeskStep.SUSPEND})
"""Steps that a waiting proposal does not stand in the way of: they make it lapse, or protect."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the officer wants: the grade to verify with, or the reason and own words."""

    step: DeskStep
    grade: EvidenceGrade | None = None
    why: DeskReason | None = None
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A paper at the version the officer saw."""

    paper_id: int
    version: int


def decide_on_papers(
    *, actor: Actor, wish: Wish, seen: Iterable[Seen], unseen: bool = False
) -> DeskBatch:
    """Decide on papers, some in each transaction; what cannot be done is left out.

    Args:
        actor: The officer.
        wish: What is to be done with all of them.
        seen: The papers, at most `MOST_PAPERS`.
        unseen: The officer has not opened each of them: odd ones and those without anything to
            check are left out.

    Raises:
        InvalidInputError: The step needs a reason, or does not know the one given.
        NotAllowedError: There is no officer, or there are too many papers.

    Emits:
        What each step emits.
    """
    asked = {one.paper_id: one for one in seen}
    if actor.user_id is None or len(asked) > MOST_PAPERS:
        raise NotAllowedError(
            _("At most %(most)d papers in one go, and by an officer.") % {"most": MOST_PAPERS}
        )
    said = said_of(wish)
    batch = DeskBatch.objects.create(
        officer_id=actor.user_id,
        step=wish.step,
        grade=wish.grade or "",
        why=wish.why or "",
        asked=len(asked),
    )
    for part in in_parts(sorted(asked)):
        seen_now = [asked[paper_id] for paper_id in part]
        _decide_part(batch, seen_now, actor=actor, said=said, unseen=unseen)
    return batch


def in_parts(paper_ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """Cut papers into as many as one transaction locks."""
    for at in range(0, len(paper_ids), LOCKED_AT_ONCE):
        yield paper_ids[at : at + LOCKED_AT_ONCE]


def said_of(wish: Wish) -> str:
    """Return what holders will read; empty where a paper is verified.

    Raises:
        InvalidInputError: The step needs a reason, or does not know the one given.
    """
    if wish.step == DeskStep.VERIFY:
        return ""
    return words_for(wish.step, why=wish.why or DeskReason.OTHER, words=wish.words)


def obstacle_to(
    paper: Paper,
    *,
    actor: Actor,
    step: DeskStep,
    proposal: PaperProposal | None,
    unseen: bool = False,
) -> DeskObstacle | None:
    """Return what keeps an officer from a step on a paper as it stands; None if nothing does."""
    if not rules.can_decide_on_paper(actor, paper):
        return DeskObstacle.NOT_YOURS
    if paper.status not in _FROM[step]:
        return DeskObstacle.STATE
    if proposal is not None and step not in _WITH_PROPOSAL:
        return DeskObstacle.PROPOSAL
    if unseen and step == DeskStep.VERIFY:
        return _too_odd_to_pass(paper)
    return None


def becomes_proposal(paper: Paper, *, step: DeskStep) -> bool:
    """Tell whether the step only proposes: a second officer of the province has to confirm."""
    return step == DeskStep.REVOKE or (step == DeskStep.VERIFY and needs_two_to_verify(paper))


def _too_odd_to_pass(paper: Paper) -> DeskObstacle | None:
    if not paper.evidence and not paper.evidence_url:
        return DeskObstacle.NO_FILE
    return DeskObstacle.ODD if doubts_of(paper) else None


@transaction.atomic
def _decide_part(
    batch: DeskBatch, seen: Sequence[Seen], *, actor: Actor, said: str, unseen: bool
) -> None:
    """Do the step or leave papers out; one its holder has taken back leaves no trace."""
    papers = locked_of(one.paper_id for one in seen)
    proposals = reading.proposals_waiting(papers)
    step = DeskStep(batch.step)
    items = []
    for one in seen:
        paper = papers.get(one.paper_id)
        if paper is None:
            continue
        obstacle = obstacle_to(
            paper, actor=actor, step=step, proposal=proposals.get(paper.pk), unseen=unseen
        )
        if paper.version != one.version:
            obstacle = DeskObstacle.CHANGED
        item = DeskItem(batch=batch, paper=paper, version=one.version)
        item.outcome, item.obstacle = DeskOutcome.LEFT_OUT, obstacle or ""
        items.append(item)
    _carry_out(batch, [item for item in items if not item.obstacle], said=said)
    DeskItem.objects.bulk_create(items)


def _carry_out(batch: DeskBatch, items: Sequence[DeskItem], *, said: str) -> None:
    """Do the step with the papers of items, and note on each what was done."""
    proposed: list[DeskItem] = []
    done: list[DeskItem] = []
    for item in items:
        goes_on = becomes_proposal(item.paper, step=DeskStep(batch.step))
        (proposed if goes_on else done).append(item)
    if proposed:
        _propose(batch, proposed, said=said)
    if done:
        _decide(batch, [item.paper for item in done], said=said)
    for item in done:
        item.outcome, item.version = DeskOutcome.DONE, item.paper.version
    DeskTake.objects.filter(paper__in=[item.paper_id for item in items]).delete()


def _decide(batch: DeskBatch, papers: Sequence[Paper], *, said: str) -> None:
    officers = (batch.officer_id, None)
    if batch.step == DeskStep.VERIFY:
        verify_locked(papers, grade=_grade_of(batch), officers=officers)
    elif batch.step == DeskStep.RETURN:
        return_locked(papers, reason=said, officers=officers)
    else:
        suspend_locked(papers, reason=said, officers=officers)


def _propose(batch: DeskBatch, items: Sequence[DeskItem], *, said: str) -> None:
    step = ProposalStep.REVOKE if batch.step == DeskStep.REVOKE else ProposalStep.VERIFY
    grade = _grade_of(batch) if step == ProposalStep.VERIFY else ""
    proposals = [
        PaperProposal(paper=item.paper, step=step, grade=grade, reason=said) for item in items
    ]
    propose_locked(proposals, officer_id=batch.officer_id)
    for item, proposal in zip(items, proposals, strict=True):
        item.outcome, item.proposal = DeskOutcome.PROPOSED, proposal


def _grade_of(batch: DeskBatch) -> EvidenceGrade:
    return EvidenceGrade(batch.grade or EvidenceGrade.DOCUMENT)
