"""Four eyes: one officer proposes, a second one confirms or refuses; until then it is undone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core.kernel import clock
from core.kernel.errors import IllegalTransitionError, NotAllowedError
from core.outbox import outbox
from producers.enums import EvidenceGrade, ProposalState, ProposalStep
from producers.events import PaperProposalRefused, PaperProposed
from producers.models import Paper, PaperProposal
from producers.services.paper_decisions import check_state, revoke_paper, verify_paper
from producers.services.paper_steps import ALLOWED_FROM, checked_reason, locked

_ONCE: Final = "paper_proposal_waits_once"


@transaction.atomic
def propose_verification(*, paper_id: int, grade: EvidenceGrade, officer_id: int) -> PaperProposal:
    """Propose to find a paper good, as it stands now.

    Raises:
        Paper.DoesNotExist: No such paper.
        IllegalTransitionError: Its state does not allow that, or a proposal waits already.

    Emits:
        PaperProposed.
    """
    proposal = PaperProposal(paper=locked(paper_id), step=ProposalStep.VERIFY, grade=grade)
    propose_locked([proposal], officer_id=officer_id)
    return proposal


@transaction.atomic
def propose_revocation(*, paper_id: int, reason: str, officer_id: int) -> PaperProposal:
    """Propose to let a paper count no longer, for good. Until confirmed it still counts.

    Raises:
        Paper.DoesNotExist: No such paper.
        IllegalTransitionError: Its state does not allow that, or a proposal waits already.
        InvalidInputError: There is no reason.

    Emits:
        PaperProposed.
    """
    proposal = PaperProposal(paper=locked(paper_id), step=ProposalStep.REVOKE)
    proposal.reason = checked_reason(reason)
    propose_locked([proposal], officer_id=officer_id)
    return proposal


def propose_locked(proposals: Sequence[PaperProposal], *, officer_id: int | None) -> None:
    """Store new proposals for locked papers, all or none, in as many queries as for one.

    Raises:
        IllegalTransitionError: As `propose_verification`, for the first at fault.

    Emits:
        PaperProposed for each.
    """
    for proposal in proposals:
        check_state(proposal.paper, allowed=ALLOWED_FROM[ProposalStep(proposal.step)])
        proposal.paper_version = proposal.paper.version
        proposal.proposed_by_id = officer_id
    _save_once(proposals)
    outbox.append_all(
        PaperProposed(
            paper_id=one.paper_id,
            version=one.paper_version,
            organisation_id=one.paper.producer_id,
            kind=one.paper.kind,
            proposal_id=one.pk,
            step=ProposalStep(one.step).value,
        )
        for one in proposals
    )


@transaction.atomic
def confirm_proposal(*, proposal_id: int, officer_id: int) -> Paper:
    """Carry out what another officer proposed.

    Raises:
        PaperProposal.DoesNotExist: No such proposal.
        NotAllowedError: The same officer proposed it.
        IllegalTransitionError: It no longer waits.

    Emits:
        PaperVerified or PaperRevoked.
    """
    proposal = _waiting(proposal_id)
    _check_is_another(proposal, officer_id)
    # Closed first: the step itself lets lapse whatever still waits.
    _close(proposal, ProposalState.CONFIRMED, officer_id=officer_id)
    if proposal.step == ProposalStep.REVOKE:
        return revoke_paper(
            paper_id=proposal.paper_id,
            reason=proposal.reason,
            officer_id=proposal.proposed_by_id,
            confirmed_by_id=officer_id,
        )
    return verify_paper(
        paper_id=proposal.paper_id,
        grade=EvidenceGrade(proposal.grade),
        officer_id=proposal.proposed_by_id,
        confirmed_by_id=officer_id,
    )


@transaction.atomic
def refuse_proposal(*, proposal_id: int, reason: str, officer_id: int) -> PaperProposal:
    """Say no to what another officer proposed; the paper stays as it is.

    Raises:
        PaperProposal.DoesNotExist: No such proposal.
        NotAllowedError: The same officer proposed it, who may take it back instead.
        IllegalTransitionError: It no longer waits.
        InvalidInputError: There is no reason.

    Emits:
        PaperProposalRefused.
    """
    proposal = _waiting(proposal_id)
    _check_is_another(proposal, officer_id)
    proposal.state_reason = checked_reason(reason)
    _close(proposal, ProposalState.REFUSED, officer_id=officer_id)
    paper = proposal.paper
    outbox.append(
        PaperProposalRefused(
            paper_id=paper.pk,
            version=paper.version,
            organisation_id=paper.producer_id,
            kind=paper.kind,
            proposal_id=proposal.pk,
        )
    )
    return proposal


def undo_proposals(proposal_ids: Iterable[int], *, officer_id: int) -> set[int]:
    """Take back those of one's own proposals that wait, their papers being locked.

    Returns:
        The proposals that were taken back, by id.
    """
    own = PaperProposal.objects.filter(
        pk__in=list(proposal_ids), state=ProposalState.WAITING, proposed_by=officer_id
    )
    found = set(own.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
    PaperProposal.objects.filter(pk__in=found).update(
        state=ProposalState.UNDONE, decided_by=officer_id, decided_at=clock.now()
    )
    return found


@transaction.atomic
def undo_proposal(*, proposal_id: int, officer_id: int) -> PaperProposal:
    """Take back one's own proposal before anybody has answered it.

    Raises:
        PaperProposal.DoesNotExist: No such proposal.
        NotAllowedError: Another officer proposed it.
        IllegalTransitionError: It no longer waits.
    """
    proposal = _waiting(proposal_id)
    if proposal.proposed_by_id != officer_id:
        raise NotAllowedError(_("Only who proposed a step takes it back. You can refuse it."))
    return _close(proposal, ProposalState.UNDONE, officer_id=officer_id)


def _save_once(proposals: Sequence[PaperProposal]) -> None:
    try:
        with transaction.atomic():
            PaperProposal.objects.bulk_create(proposals)
    except IntegrityError as error:
        if _ONCE not in str(error):
            raise
        raise IllegalTransitionError(
            _("A proposal for this paper waits already. Confirm, refuse or take back that one.")
        ) from error


def _waiting(proposal_id: int) -> PaperProposal:
    """Lock the paper, then the proposal: the order in which every step locks both."""
    paper_id = PaperProposal.objects.values_list("paper_id", flat=True).get(pk=proposal_id)
    locked(paper_id)
    proposal = PaperProposal.objects.select_for_update(no_key=True).get(pk=proposal_id)
    if proposal.state != ProposalState.WAITING:
        raise IllegalTransitionError(
            _("This proposal no longer waits: %(state)s.")
            % {"state": ProposalState(proposal.state).label}
        )
    return proposal


def _check_is_another(proposal: PaperProposal, officer_id: int) -> None:
    if proposal.proposed_by_id in {None, officer_id}:
        raise NotAllowedError(
            _("You proposed this yourself. Another officer of the province answers it.")
        )


def _close(proposal: PaperProposal, state: ProposalState, *, officer_id: int) -> PaperProposal:
    proposal.state = state
    proposal.decided_by_id, proposal.decided_at = officer_id, clock.now()
    proposal.save(update_fields=["state", "state_reason", "decided_by", "decided_at"])
    return proposal
