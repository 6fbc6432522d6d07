"""What happened to a paper, as words, from its stored states and the proposals for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Final, Protocol

from django.utils.translation import gettext as _

from core.accounts import selectors as accounts
from producers import selectors
from producers.enums import EvidenceGrade, PaperStatus, ProposalState, ProposalStep
from producers.models import Paper, PaperProposal
from producers.views.history import Entry

_SHOWN: Final = 30
_BOOKKEEPING: Final = frozenset(
    {
        "id", "producer_id", "status", "status_reason", "grade", "submitted_at", "decided_at",
        "decided_by_id", "confirmed_by_id", "version",
    }
)  # fmt: skip
_ANSWERED: Final = {
    ProposalState.REFUSED: "refused",
    ProposalState.UNDONE: "withdrawn",
    ProposalState.LAPSED: "lapsed",
}
_Names = Mapping[int, str]


class _State(Protocol):
    """A stored state of a paper; pghistory's own models have no types."""

    pgh_created_at: dt.datetime
    status: str
    status_reason: str
    submitted_at: dt.datetime
    decided_at: dt.datetime | None
    grade: str
    decided_by_id: int | None
    confirmed_by_id: int | None


def history_of_paper(paper: Paper, *, for_officer: bool) -> list[Entry]:
    """Return what happened to a paper, newest first.

    Officers also read who decided, what was proposed, and why a second one said no; the holder
    reads the decisions and their reasons.
    """
    states = list(selectors.paper_revisions(paper.pk)[: _SHOWN + 1])
    proposals = list(selectors.proposals_for(paper.pk)) if for_officer else []
    names = _names(states) if for_officer else {}
    entries = [_between(before, after, names) for after, before in pairwise(states)]
    if states and len(states) <= _SHOWN:
        entries += _beginning(states[-1], names)
    entries += [entry for one in proposals for entry in _of_proposal(one)]
    entries.sort(key=lambda entry: entry.at, reverse=True)
    return entries[:_SHOWN]


def _beginning(first: _State, names: _Names) -> list[Entry]:
    """How a paper came in; a sample written as it ended up has its answer from the start."""
    if first.status == PaperStatus.SUBMITTED or first.decided_at is None:
        return [Entry(first.pgh_created_at, _("Handed in"), "", "submitted")]
    handed_in = Entry(first.submitted_at, _("Handed in"), "", "submitted")
    return [handed_in, _answer(first, at=first.decided_at, names=names)]


def _between(before: _State, after: _State, names: _Names) -> Entry:
    at, status = after.pgh_created_at, PaperStatus(after.status)
    if status == PaperStatus.SUBMITTED and before.submitted_at == after.submitted_at:
        return Entry(at, _("Decision taken back"), "", "submitted")
    if status == PaperStatus.SUBMITTED:
        return Entry(at, _("Handed in again"), ", ".join(_changed(before, after)), "submitted")
    if before.status == status:
        return Entry(at, _("Changed"), ", ".join(_changed(before, after)), "done")
    if status == PaperStatus.EXPIRED:
        return Entry(at, _("Its last day has passed"), "", "expired")
    return _answer(after, at=at, names=names)


def _answer(state: _State, *, at: dt.datetime, names: _Names) -> Entry:
    status = PaperStatus(state.status)
    said = [state.status_reason, _grade(state), _who(state, names)]
    return Entry(at, str(status.label), " · ".join(filter(None, said)), status.value)


def _changed(before: _State, after: _State) -> Iterator[str]:
    for field in Paper._meta.concrete_fields:  # Django's public model API
        name = field.attname
        if name not in _BOOKKEEPING and getattr(before, name) != getattr(after, name):
            yield str(field.verbose_name)


def _grade(state: _State) -> str:
    is_verified = state.status == PaperStatus.VERIFIED
    return str(EvidenceGrade(state.grade).label) if is_verified else ""


def _who(state: _State, names: _Names) -> str:
    both = (state.decided_by_id, state.confirmed_by_id)
    return " + ".join(names[one] for one in both if one is not None and one in names)


def _of_proposal(proposal: PaperProposal) -> Iterator[Entry]:
    step = ProposalStep(proposal.step)
    is_revocation = step == ProposalStep.REVOKE
    title = _("Proposed: revoke the paper") if is_revocation else _("Proposed: verify the paper")
    note = " · ".join(filter(None, [proposal.reason, str(proposal.proposed_by or "")]))
    yield Entry(proposal.proposed_at, title, note, "proposed")
    state = ProposalState(proposal.state)
    if proposal.decided_at is not None and state in _ANSWERED:
        title = _("Proposal: %(answer)s") % {"answer": str(state.label).lower()}
        said = [proposal.state_reason, str(proposal.decided_by or "")]
        note = " · ".join(filter(None, said))
        yield Entry(proposal.decided_at, title, note, _ANSWERED[state])


def _names(states: list[_State]) -> _Names:
    ids = {one for state in states for one in (state.decided_by_id, state.confirmed_by_id)}
    return accounts.names_of({one for one in ids if one is not None})
