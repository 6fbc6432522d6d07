"""What an officer decides at the desk: one paper or many, each by itself, in one record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from core.accounts.actors import Actor
from core.kernel.errors import IllegalTransitionError, NotAllowedError
from producers import rules
from producers.enums import (
    DeskObstacle,
    DeskOutcome,
    DeskReason,
    DeskStep,
    EvidenceGrade,
    PaperStatus,
)
from producers.models import DeskBatch, DeskItem, DeskTake, Paper, PaperProposal
from producers.selectors import desk as reading
from producers.services.desk_reasons import words_for
from producers.services.paper_decisions import (
    needs_two_to_verify,
    return_paper,
    suspend_paper,
    verify_paper,
)
from producers.services.paper_doubts import doubts_of
from producers.services.paper_proposals import propose_revocation, propose_verification
from producers.services.paper_steps import locked

MOST_PAPERS: Final = 200
"""So many papers are decided in one go at most."""
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
    """Decide on papers, each in a transaction of its own; what cannot be done is left out.

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
    for paper_id in sorted(asked):
        _decide_one(batch, asked[paper_id], actor=actor, said=said, unseen=unseen)
    return batch


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
def _decide_one(batch: DeskBatch, seen: Seen, *, actor: Actor, said: str, unseen: bool) -> None:
    """Do the step or leave the paper out; a paper its holder has taken back leaves no trace."""
    try:
        paper = locked(seen.paper_id)
    except Paper.DoesNotExist:
        return
    item = DeskItem(batch=batch, paper=paper, version=seen.version)
    step = DeskStep(batch.step)
    obstacle = DeskObstacle.CHANGED if paper.version != seen.version else None
    proposal = reading.proposals_waiting([paper.pk]).get(paper.pk)
    obstacle = obstacle or obstacle_to(
        paper, actor=actor, step=step, proposal=proposal, unseen=unseen
    )
    if obstacle is None:
        try:
            with transaction.atomic():
                _carry_out(item, said=said)
        except IllegalTransitionError:
            obstacle = DeskObstacle.STATE
    if obstacle is not None:
        item.outcome, item.obstacle, item.version = (
            DeskOutcome.LEFT_OUT, obstacle, seen.version,
        )  # fmt: skip
    else:
        DeskTake.objects.filter(paper=paper).delete()
    item.save()


def _carry_out(item: DeskItem, *, said: str) -> None:
    batch, paper = item.batch, item.paper
    step, officer_id = DeskStep(batch.step), batch.officer_id
    if officer_id is None:
        raise NotAllowedError(_("Sign in as an officer."))
    item.outcome = DeskOutcome.DONE
    if becomes_proposal(paper, step=step):
        item.outcome = DeskOutcome.PROPOSED
        item.proposal = _propose(batch, paper, said=said, officer_id=officer_id)
        return
    if step == DeskStep.VERIFY:
        grade = EvidenceGrade(batch.grade or EvidenceGrade.DOCUMENT)
        done = verify_paper(paper_id=paper.pk, grade=grade, officer_id=officer_id)
    elif step == DeskStep.RETURN:
        done = return_paper(paper_id=paper.pk, reason=said, officer_id=officer_id)
    else:
        done = suspend_paper(paper_id=paper.pk, reason=said, officer_id=officer_id)
    item.version = done.version


def _propose(batch: DeskBatch, paper: Paper, *, said: str, officer_id: int) -> PaperProposal:
    if batch.step == DeskStep.REVOKE:
        return propose_revocation(paper_id=paper.pk, reason=said, officer_id=officer_id)
    grade = EvidenceGrade(batch.grade or EvidenceGrade.DOCUMENT)
    return propose_verification(paper_id=paper.pk, grade=grade, officer_id=officer_id)
