"""Taking a decision of the desk back while nothing has moved since, and taking papers on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
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
from producers.services.desk import in_parts
from producers.services.paper_proposals import undo_proposals
from producers.services.paper_steps import (
    DECIDED,
    announce_all,
    lapse_proposals,
    locked,
    locked_of,
    store_decisions,
)

UNDO_MINUTES: Final = 30


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
    items = {one.paper_id: one for one in batch.items.exclude(outcome=DeskOutcome.LEFT_OUT)}
    for part in in_parts(sorted(items)):
        _undo_part([items[paper_id] for paper_id in part], actor=actor)
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
def _undo_part(items: Sequence[DeskItem], *, actor: Actor) -> None:
    papers = locked_of(item.paper_id for item in items)
    mine = [one for one in items if rules.can_decide_on_paper(actor, papers[one.paper_id])]
    decided = [papers[one.paper_id] for one in mine if _stands(one, papers[one.paper_id])]
    proposed = [one.proposal_id for one in mine if one.proposal_id is not None]
    reopened = _reopen(decided)
    undone = undo_proposals(proposed, officer_id=actor.user_id) if actor.user_id else set()
    back = [one.pk for one in mine if one.paper_id in reopened or one.proposal_id in undone]
    DeskItem.objects.filter(pk__in=back).update(is_undone=True)


def _stands(item: DeskItem, paper: Paper) -> bool:
    """Tell whether a paper is still as the decision left it."""
    return item.outcome == DeskOutcome.DONE and paper.version == item.version


def _reopen(papers: Sequence[Paper]) -> set[int]:
    """Give locked papers the decision they had before their last version, and announce it.

    Emits:
        PaperReopened for each.
    """
    before = desk_file.states_before(papers)
    known = [paper for paper in papers if paper.pk in before]
    for paper in known:
        for name in DECIDED:
            setattr(paper, name, getattr(before[paper.pk], name))
    store_decisions(known)
    lapse_proposals(*known)
    announce_all(PaperReopened, known)
    return set(before)


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
