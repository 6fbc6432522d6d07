"""Taking a decision of the desk back while nothing has moved since, and taking papers on."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from core.accounts.actors import Actor
from core.kernel import clock
from core.kernel.errors import IllegalTransitionError, NotAllowedError
from producers import rules
from producers.enums import DeskOutcome
from producers.events import PaperReopened
from producers.models import DeskBatch, DeskItem, DeskTake, Paper
from producers.selectors import desk_file
from producers.services.paper_proposals import undo_proposal
from producers.services.paper_steps import announce, lapse_proposals, locked

UNDO_MINUTES: Final = 30
_RESTORED: Final = (
    "status", "status_reason", "grade", "decided_at", "decided_by_id", "confirmed_by_id",
)  # fmt: skip


def can_be_undone(batch: DeskBatch, *, actor: Actor) -> bool:
    """Tell whether the officer may still take the decision back."""
    return (
        batch.undone_at is None
        and batch.officer_id is not None
        and batch.officer_id == actor.user_id
        and clock.now() < undo_until(batch)
    )


def undo_until(batch: DeskBatch) -> dt.datetime:
    """Return until when a decision can be taken back."""
    return batch.decided_at + dt.timedelta(minutes=UNDO_MINUTES)


def undo_batch(*, batch_id: int, actor: Actor) -> DeskBatch:
    """Put the papers of a decision back as they stood, except those that have moved on since.

    Raises:
        DeskBatch.DoesNotExist: No such decision.
        NotAllowedError: Another officer decided.
        IllegalTransitionError: It was undone before, or too long ago.

    Emits:
        PaperReopened for each paper put back.
    """
    batch = _claimed(batch_id, actor=actor)
    for item in batch.items.exclude(outcome=DeskOutcome.LEFT_OUT).order_by("paper_id"):
        _undo_one(item, actor=actor)
    return batch


@transaction.atomic
def _claimed(batch_id: int, *, actor: Actor) -> DeskBatch:
    batch = DeskBatch.objects.select_for_update(no_key=True).get(pk=batch_id)
    if batch.officer_id is None or batch.officer_id != actor.user_id:
        raise NotAllowedError(_("Only the officer who decided takes it back."))
    if not can_be_undone(batch, actor=actor):
        raise IllegalTransitionError(
            _("A decision can be undone once, for %(minutes)d minutes. Decide on the papers anew.")
            % {"minutes": UNDO_MINUTES}
        )
    batch.undone_at = clock.now()
    batch.save(update_fields=["undone_at"])
    return batch


@transaction.atomic
def _undo_one(item: DeskItem, *, actor: Actor) -> None:
    paper = locked(item.paper_id)
    if not rules.can_decide_on_paper(actor, paper) or actor.user_id is None:
        return
    if item.outcome == DeskOutcome.PROPOSED:
        item.is_undone = _is_proposal_back(item, officer_id=actor.user_id)
    else:
        item.is_undone = paper.version == item.version and _reopen(paper)
    item.save(update_fields=["is_undone"])


def _is_proposal_back(item: DeskItem, *, officer_id: int) -> bool:
    if item.proposal_id is None:
        return False
    try:
        with transaction.atomic():
            undo_proposal(proposal_id=item.proposal_id, officer_id=officer_id)
    except IllegalTransitionError:
        return False
    return True


def _reopen(paper: Paper) -> bool:
    """Give a locked paper the decision it had before its last version, and announce it.

    Emits:
        PaperReopened.
    """
    before = desk_file.state_at(paper.pk, version=paper.version - 1)
    if before is None:
        return False
    for name in _RESTORED:
        setattr(paper, name, getattr(before, name))
    paper.version += 1
    paper.save()
    lapse_proposals([paper])
    announce(PaperReopened, paper)
    return True


@transaction.atomic
def take_paper(*, paper_id: int, officer_id: int) -> DeskTake:
    """Note that an officer works on a paper, also in place of another one.

    Raises:
        Paper.DoesNotExist: No such paper.
    """
    locked(paper_id)
    taken = {"officer_id": officer_id, "taken_at": clock.now()}
    return DeskTake.objects.update_or_create(paper_id=paper_id, defaults=taken)[0]


@transaction.atomic
def release_paper(*, paper_id: int, officer_id: int) -> None:
    """Note that an officer no longer works on a paper; what another one took stays."""
    DeskTake.objects.filter(paper=paper_id, officer=officer_id).delete()
