"""What matchmaking does when something happens elsewhere, and whom it tells."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial

from django.conf import settings

from buyers.events import RequirementProfilePublished
from core.accounts import selectors as accounts
from core.accounts.enums import ConsentPurpose
from core.kernel.calendar import DayBegan
from core.kernel.context import current, scope
from core.kernel.events import DomainEvent
from core.notifications import selectors as notifications
from core.notifications.enums import Choice, Topic
from core.notifications.services import notify
from core.outbox.registry import Consumer, Delivery, matching_queue
from core.outbox.selectors import is_due
from core.places.events import NetworkReloaded
from matchmaking.enums import DeclineReason, ShownBy, Side, Verdict
from matchmaking.events import (
    MatchAccepted,
    MatchDeclined,
    MatchEnded,
    MatchProposed,
    MatchResumed,
    MatchSuspended,
    RankingsChanged,
    RulesetPublished,
)
from matchmaking.models import Match
from matchmaking.selectors import drop_outs, other_side
from matchmaking.services import exposure, refresh
from matchmaking.services.owners import (
    RANKED_EVENTS,
    FactEvent,
    Owners,
    PaperEvent,
    RankedEvent,
    changed_by,
)
from matchmaking.services.parting import consumer_of

SUGGESTION = "match_proposed"
ASKING = (SUGGESTION, "match_waiting")
"""What shows a match to a side that has not answered it."""
PAPERS_MISSED = "papers_missed"


def rank_many(deliveries: Sequence[Delivery], *, part: int = 0) -> None:
    """Rank what many events changed, once; hold what is agreed to the papers of their holders.

    An older version's event, or one told twice, finds nothing left to do.
    """
    caused = [refresh.Caused(changed_by(one.event), one.context) for one in deliveries]
    telling = [
        one
        for one, delivery in zip(caused, deliveries, strict=True)
        if one.owners or not isinstance(delivery.event, FactEvent)
    ]
    if telling:
        more_comes = len(deliveries) > 1 and is_due(consumer_of(part))
        refresh.refresh(telling, part=part, more_comes=more_comes)
    if part == 0:
        for one in deliveries:
            with scope(one.context):
                _after(one.event)


def rank_one(event: RankedEvent, *, part: int = 0) -> None:
    """Rank what one event changed."""
    rank_many([Delivery(event, current())], part=part)


def _after(event: DomainEvent) -> None:
    if isinstance(event, PaperEvent):
        refresh.hold_to_papers(producer_id=event.organisation_id)
    elif isinstance(event, NetworkReloaded | RulesetPublished):
        refresh.judge_all()


def expand_changed(event: RankingsChanged) -> None:
    """Make the matches true of offers and requests whose rankings changed among many."""
    refresh.expand_changed(owners_told(event))


def owners_told(event: RankingsChanged) -> Owners:
    """Return whose rankings an event tells of."""
    return Owners(
        offers=frozenset(event.offer_ids),
        requests=frozenset(event.request_ids),
        relisted_offers=frozenset(event.relisted_offer_ids),
        relisted_requests=frozenset(event.relisted_request_ids),
    )


def hold_all_to_papers(_event: DayBegan) -> None:
    """Look once a day at what no paper's event reaches: a product moved to another crop, say."""
    refresh.hold_to_papers(producer_id=None)


def count_exposure(_event: DayBegan) -> None:
    """Look once a day who was shown little lately, and drop what was noted long ago."""
    exposure.count_exposure()


def tell_proposed(event: MatchProposed) -> None:
    """Tell both sides of the best new matches, each with why it fits."""
    match = Match.objects.get(pk=event.match_id)
    if event.is_top and match.version == event.version:
        for side in Side:
            _tell(match, side, kind=SUGGESTION, version=event.version, is_expected=False)


def tell_accepted(event: MatchAccepted) -> None:
    """Ask the other side for its answer; once both accepted, give each the other's contact."""
    match = Match.objects.get(pk=event.match_id)
    if event.both:
        for side in Side:
            _tell(match, side, kind="match_agreed", version=event.version)
    else:
        _tell(match, other_side(Side(event.side)), kind="match_waiting", version=event.version)


def tell_declined(event: MatchDeclined) -> None:
    """Tell the other side, with the reason, if it had shown interest.

    A producer declined for papers hears of it in any case: it is told what to hand in. By mail
    where it had accepted, or agreed to mails about matches.
    """
    match = Match.objects.get(pk=event.match_id)
    other = other_side(Side(event.side))
    has_accepted = match.verdict_of(other) == Verdict.ACCEPTED
    if other == Side.PRODUCER and event.reason == DeclineReason.PAPERS:
        version = event.version
        _tell(match, other, kind=PAPERS_MISSED, version=version, is_expected=has_accepted)
    elif has_accepted:
        _tell(match, other, kind="match_declined", version=event.version)


def tell_suspended(event: MatchSuspended) -> None:
    """Tell both sides why a match no longer stands.

    By mail where they were dealing with it; where it was only suggested, in the portal, to those
    who have heard of it.
    """
    match = Match.objects.get(pk=event.match_id)
    heard = None if match.is_answered else _heard_of(match)
    for side in Side:
        _tell(match, side, kind="match_suspended", version=event.version, only=heard)


def tell_resumed(event: MatchResumed) -> None:
    """Tell who had accepted that the match stands again, and ask who had not answered yet."""
    match = Match.objects.get(pk=event.match_id)
    for side in Side:
        has_answered = match.verdict_of(side) == Verdict.ACCEPTED
        kind = "match_resumed" if has_answered else "match_waiting"
        _tell(match, side, kind=kind, version=event.version)


def tell_ended(event: MatchEnded) -> None:
    """Tell whoever had accepted that offer or request left the market."""
    match = Match.objects.get(pk=event.match_id)
    for side in Side:
        if match.verdict_of(side) == Verdict.ACCEPTED:
            _tell(match, side, kind="match_ended", version=event.version)


def _heard_of(match: Match) -> frozenset[int]:
    return notifications.users_told(f"{SUGGESTION}:{match.pk}:")


def _tell(
    match: Match,
    side: Side,
    *,
    kind: str,
    version: int,
    only: Collection[int] | None = None,
    is_expected: bool = True,
) -> None:
    """Tell the members who decide.

    Args:
        match: What about.
        side: Whose members.
        kind: Of the notification.
        version: Of the match; each is told once.
        only: These users, without a mail; None for all members.
        is_expected: False for what nobody waits for, a suggestion say: that goes by mail only to
            who agreed to mails about matches.

    Source: NĐ 91/2020/NĐ-CP, a suggestion can be advertising (docs/decisions/0010).
    """
    organisation_id = match.organisation_id_of(side)
    for user in accounts.members_to_tell(organisation_id):
        if only is not None and user.pk not in only:
            continue
        wants_mail = is_expected or accounts.has_consents(
            user_id=user.pk, purposes=[ConsentPurpose.MATCH_MAIL]
        )
        by_mail = wants_mail and only is None
        is_told = notify(
            kind=kind,
            user_id=user.pk,
            dedupe_key=f"{kind}:{match.pk}:{user.pk}:v{version}",
            ref={"match_id": match.pk, "side": side.value},
            organisation_id=organisation_id,
            by_mail=by_mail,
        )
        wish = notifications.choice_of(user_id=user.pk, topic=Topic.MATCH)
        if is_told and by_mail and kind in ASKING and wish != Choice.OFF:
            exposure.note_shown([match], organisation_id=organisation_id, channel=ShownBy.MAIL)


def tell_requirements_changed(event: RequirementProfilePublished) -> None:
    """Tell producers whose product met what a buyer asked for and does not any more.

    In the portal; by mail only where the two are in talks. Readiness itself is reckoned when it
    is read, so nothing else has to follow.
    """
    told: set[int] = set()
    for one in drop_outs(profile_id=event.profile_id, replaced_id=event.replaced_id):
        if one.item.producer_id in told:
            continue
        told.add(one.item.producer_id)
        for user in accounts.members_to_tell(one.item.producer_id):
            notify(
                kind="requirements_changed",
                user_id=user.pk,
                dedupe_key=f"requirements_changed:{event.profile_id}:{user.pk}",
                ref={"profile_id": event.profile_id, "product_id": one.item.product_id},
                organisation_id=one.item.producer_id,
                by_mail=one.matches > 0,
            )


def _ranker(part: int) -> Consumer:
    return Consumer(
        consumer_of(part),
        RANKED_EVENTS,
        partial(rank_one, part=part),
        queue=matching_queue(part),
        handle_many=partial(rank_many, part=part),
    )


CONSUMERS = (
    *(_ranker(part) for part in range(settings.MATCHING_SHARDS)),
    Consumer("matchmaking.expand", (RankingsChanged,), expand_changed),
    Consumer("matchmaking.hold_all_to_papers", (DayBegan,), hold_all_to_papers, queue="matching"),
    Consumer("matchmaking.count_exposure", (DayBegan,), count_exposure),
    Consumer(
        "matchmaking.tell_requirements_changed",
        (RequirementProfilePublished,),
        tell_requirements_changed,
    ),
    Consumer("matchmaking.tell_proposed", (MatchProposed,), tell_proposed),
    Consumer("matchmaking.tell_accepted", (MatchAccepted,), tell_accepted),
    Consumer("matchmaking.tell_declined", (MatchDeclined,), tell_declined),
    Consumer("matchmaking.tell_suspended", (MatchSuspended,), tell_suspended),
    Consumer("matchmaking.tell_resumed", (MatchResumed,), tell_resumed),
    Consumer("matchmaking.tell_ended", (MatchEnded,), tell_ended),
)
