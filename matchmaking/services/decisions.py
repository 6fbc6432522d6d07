"""What the two sides say to a match."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from core.kernel import clock
from core.kernel.errors import IllegalTransitionError, InvalidInputError
from core.kernel.text import clean
from core.outbox import outbox
from matchmaking import selectors
from matchmaking.engine.readiness import NAMEABLE
from matchmaking.enums import Channel, DeclineReason, MatchStatus, Side, Verdict
from matchmaking.events import MatchAccepted, MatchDeclined, MatchProposed
from matchmaking.models import Decision, Match

MAX_COMMENT: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """Who speaks: for which side, which person (None: an API key), by which channel."""

    side: Side
    channel: Channel
    user_id: int | None = None


@transaction.atomic
def accept_match(*, match_id: int, voice: Voice) -> Match:
    """Record that a side accepts; once both have, the match is agreed and contacts are open.

    Accepting twice changes nothing.

    Raises:
        Match.DoesNotExist: No such match.
        IllegalTransitionError: The match is no longer open, or a paper it needs counts no more.

    Emits:
        MatchAccepted, in the same transaction.
    """
    match = _locked(match_id)
    if match.verdict_of(voice.side) == Verdict.ACCEPTED:
        return match
    _must_be_open(match)
    _must_have_papers(match)
    _say(match, voice=voice, verdict=Verdict.ACCEPTED)
    both = match.producer_verdict == match.buyer_verdict == Verdict.ACCEPTED
    if both:
        match.status, match.agreed_at = MatchStatus.AGREED, clock.now()
    _save(match)
    outbox.append(
        MatchAccepted(match_id=match.pk, version=match.version, side=voice.side.value, both=both)
    )
    return match


@transaction.atomic
def decline_match(
    *,
    match_id: int,
    voice: Voice,
    reason: DeclineReason,
    comment: str = "",
    missing: Collection[str] = (),
) -> Match:
    """Record that a side declines, and why; a buyer may name the papers it misses.

    Raises:
        Match.DoesNotExist: No such match.
        IllegalTransitionError: The match is no longer open.
        InvalidInputError: Papers are named that do not exist, or where papers are not the reason.

    Emits:
        MatchDeclined, in the same transaction.
    """
    match = _locked(match_id)
    if match.verdict_of(voice.side) == Verdict.DECLINED:
        return match
    _must_be_open(match)
    codes = _checked(missing, voice=voice, reason=reason)
    _say(
        match, voice=voice, verdict=Verdict.DECLINED, reason=reason, comment=comment, missing=codes
    )
    match.status = MatchStatus.DECLINED
    _save(match)
    outbox.append(
        MatchDeclined(
            match_id=match.pk,
            version=match.version,
            side=voice.side.value,
            reason=reason.value,
            missing=",".join(codes),
        )
    )
    return match


@transaction.atomic
def take_back_decision(*, match_id: int, voice: Voice) -> Match:
    """Undo a side's own word while the match is not agreed: it is open again, unanswered.

    Raises:
        Match.DoesNotExist: No such match.
        IllegalTransitionError: Both have accepted, the other side has declined since, or a paper
            the match needs counts no more.

    Emits:
        MatchProposed where the match was declined, in the same transaction.
    """
    match = _locked(match_id)
    said = match.verdict_of(voice.side)
    if said == Verdict.PENDING:
        return match
    was_declined = match.status == MatchStatus.DECLINED and said == Verdict.DECLINED
    if match.status != MatchStatus.PROPOSED and not was_declined:
        raise IllegalTransitionError(
            _("This answer can no longer be taken back. Please contact the other side.")
        )
    if was_declined:  # nothing scored it meanwhile
        _must_have_papers(match)
    _say(match, voice=voice, verdict=Verdict.PENDING)
    match.status = MatchStatus.PROPOSED
    _save(match)
    if was_declined:
        outbox.append(MatchProposed(match_id=match.pk, version=match.version, is_top=False))
    return match


def _locked(match_id: int) -> Match:
    return Match.objects.select_for_update(no_key=True).get(pk=match_id)


def _must_be_open(match: Match) -> None:
    if match.status != MatchStatus.PROPOSED:
        raise IllegalTransitionError(
            _("This match is no longer open. Your match list shows the current ones.")
        )


def _must_have_papers(match: Match) -> None:
    """Between a paper's end and the worker's suspending lies a moment in which nobody agrees."""
    as_it_is = (str(match.status),)
    if selectors.matches_without_papers(day=clock.today(), match_id=match.pk, statuses=as_it_is):
        raise IllegalTransitionError(
            _("A paper this match rests on does not count now. The match waits until it does.")
        )


def _checked(missing: Collection[str], *, voice: Voice, reason: DeclineReason) -> list[str]:
    """Return what a buyer misses, each once, in the order of the codes."""
    if not missing:
        return []
    if voice.side != Side.BUYER or reason != DeclineReason.PAPERS:
        words = _("Only a buyer names papers, and only where papers are the reason.")
        raise InvalidInputError(words, {"missing": [words]})
    if not set(missing) <= set(NAMEABLE):
        raise InvalidInputError(
            _("Some fields need another look."), {"missing": [_("Choose from the list.")]}
        )
    return [code for code in NAMEABLE if code in missing]


def _say(
    match: Match,
    *,
    voice: Voice,
    verdict: Verdict,
    reason: DeclineReason | None = None,
    comment: str = "",
    missing: Sequence[str] = (),
) -> None:
    setattr(match, f"{voice.side.value}_verdict", verdict)
    match.version += 1
    match.changed_at = clock.now()
    Decision.objects.create(
        match=match,
        side=voice.side,
        verdict=verdict,
        reason=reason or "",
        comment=clean(comment)[:MAX_COMMENT],
        missing=list(missing),
        channel=voice.channel,
        decided_by_id=voice.user_id,
    )


def _save(match: Match) -> None:
    match.save(
        update_fields=[
            "status", "producer_verdict", "buyer_verdict", "version", "changed_at", "agreed_at",
        ]
    )  # fmt: skip
