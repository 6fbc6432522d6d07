"""Making the matches of a changed offer or request true again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import structlog
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet

from buyers import selectors as buyers
from core.kernel import clock
from core.kernel.context import Context, current, scope
from core.outbox import outbox
from matchmaking import selectors
from matchmaking.enums import MatchStatus
from matchmaking.events import RankingsChanged
from matchmaking.models import Match, OfferRanking, RequestRanking
from matchmaking.services.changes import Changes
from matchmaking.services.expanding import expand
from matchmaking.services.ground import follow, is_one_hand, note_all_scored, one_hand
from matchmaking.services.owners import Owners
from matchmaking.services.ranking import begin, begin_anew, rank
from matchmaking.services.rulesets import ensure_ruleset
from producers import selectors as producers

log = structlog.get_logger(__name__)

PAPERS_NOT_VALID = "papers_not_valid"
_PAPER_REFUSALS = {"papers_missing", PAPERS_NOT_VALID, "stars_too_few", "stars_not_valid"}
_CAUSES_AT_ONCE = 5
_RELISTED_AT_ONCE = 50
"""So many are expanded in the duty that ranked them; more are told of, and follow soon."""
_EVERYBODY_AT_ONCE = 500
_OWNERS_A_PORTION = 100


@dataclass(frozen=True, slots=True)
class Caused:
    """Whose facts changed, and by what cause: whatever follows names it."""

    owners: Owners
    context: Context


def refresh(caused: Sequence[Caused], *, part: int = 0, more_comes: bool = False) -> None:
    """Rank what changed, and make its matches true: at once, or soon where many changed.

    Changed offers and requests never wait for somebody else who writes matches: then, too, theirs
    follow soon. A changed road or day does wait.

    Args:
        caused: What changed; nobody's facts where roads, pacts or the day may have.
        part: Of which offers to rank.
        more_comes: Whether other changes wait already.

    Emits:
        MatchProposed, MatchResumed, MatchSuspended, MatchEnded, or where many changed
        RankingsChanged instead, in the same transaction.
    """
    with transaction.atomic():
        changed = Owners.joined(one.owners for one in caused)
        ranked = rank(changed, part=part, may_wait=more_comes)
        mine = [Caused(one.owners.within(ranked), one.context) for one in caused]
        if len(caused) <= _CAUSES_AT_ONCE and is_one_hand():
            _expand_at_once(mine, ranked.relisted)
        else:
            _expand_soon(mine, ranked.relisted)


def begin_part(part: int) -> None:
    """Rank a part as it stands, for a worker that begins; without its database, later."""
    try:
        begin(part)
        refresh([Caused(Owners(), current())], part=part)
    except DatabaseError as error:
        log.warning("matchmaking.not_ranked_yet", part=part, error=type(error).__name__)
        connection.close()


def refresh_matches_of_offer(*, offer_id: int) -> None:
    """Rank an offer; update, propose, suspend or end its matches."""
    _refresh_alone(Owners(offers=frozenset([offer_id])))


def refresh_matches_of_request(*, request_id: int) -> None:
    """Rank a request; update, propose, suspend or end its matches."""
    _refresh_alone(Owners(requests=frozenset([request_id])))


def _refresh_alone(owners: Owners) -> None:
    for part in range(settings.MATCHING_SHARDS):
        refresh([Caused(owners, current())], part=part)


def _expand_at_once(caused: Sequence[Caused], relisted: Owners) -> None:
    for one in caused:
        with scope(one.context):
            expand(one.owners)
    with scope(caused[0].context):
        if len(relisted) > _RELISTED_AT_ONCE:
            outbox.append_all(_told(relisted))
        elif relisted:
            expand(relisted)


def _expand_soon(caused: Sequence[Caused], relisted: Owners) -> None:
    if not all(one.owners for one in caused):
        one_hand()
        follow()
    for one in caused:
        with scope(one.context):
            outbox.append_all(_told(one.owners))
    outbox.append_all(_told(relisted))


def _told(owners: Owners) -> Iterable[RankingsChanged]:
    return (
        RankingsChanged(
            offer_ids=tuple(sorted(portion.offers)),
            request_ids=tuple(sorted(portion.requests)),
            relisted_offer_ids=tuple(sorted(portion.relisted_offers)),
            relisted_request_ids=tuple(sorted(portion.relisted_requests)),
        )
        for portion in owners.cut(_OWNERS_A_PORTION)
    )


def expand_changed(owners: Owners) -> None:
    """Make the matches true whose rankings changed among many.

    Emits:
        MatchProposed, MatchResumed, MatchSuspended, MatchEnded, in the same transaction.
    """
    with transaction.atomic():
        one_hand()
        expand(owners)


def hold_to_papers(*, producer_id: int | None) -> None:
    """Suspend what the papers of a producer no longer carry and scoring does not reach.

    An agreed match outlives its offer and its request: nothing scores it any more, but goods
    are still to be delivered. It comes back when a paper carries it again.

    Args:
        producer_id: Whose papers; None for everybody's.

    Emits:
        MatchSuspended, MatchResumed, in the same transaction.
    """
    with transaction.atomic():
        one_hand()
        changes = Changes(ruleset=ensure_ruleset())
        today = clock.today()
        dead = selectors.matches_without_papers(day=today, producer_id=producer_id)
        for match in _locked(Match.objects.filter(pk__in=dead)):
            changes.stop(match, because=PAPERS_NOT_VALID)
        for match in _locked(_agreed_off_the_market(producer_id, day=today)):
            if set(match.refusals) <= _PAPER_REFUSALS:
                changes.resume(match)
        changes.write(announce=True)


def _agreed_off_the_market(producer_id: int | None, *, day: dt.date) -> QuerySet[Match]:
    """The suspended ones that papers carry now."""
    suspended = (MatchStatus.SUSPENDED.value,)
    dead = selectors.matches_without_papers(day=day, statuses=suspended, producer_id=producer_id)
    stopped = Match.objects.filter(status=MatchStatus.SUSPENDED, agreed_at__isnull=False)
    if producer_id is not None:
        stopped = stopped.filter(producer=producer_id)
    return stopped.exclude(pk__in=dead).exclude(
        offer__in=producers.open_offers().values("pk"),
        request__in=buyers.open_requests().values("pk"),
    )


def _locked(matches: QuerySet[Match]) -> QuerySet[Match]:
    return matches.select_for_update(no_key=True, of=("self",)).order_by("pk")


def refresh_all(*, announce: bool = True) -> int:
    """Rank and judge everything from the beginning; return how many matches stand proposed.

    For whoever wrote offers or requests without telling of it: every worker reads all anew.

    Args:
        announce: False for a first load, where nobody should be told of the past.
    """
    with transaction.atomic():
        begin_anew()
        for part in range(settings.MATCHING_SHARDS):
            rank(Owners(), part=part)
        judge_all(announce=announce)
    return Match.objects.filter(status=MatchStatus.PROPOSED).count()


def judge_all(*, announce: bool = True) -> None:
    """Judge every match anew, and every pair listed: at once, or soon where these are many.

    Emits:
        MatchProposed, MatchResumed, MatchSuspended, MatchEnded, or where there are many
        RankingsChanged instead, in the same transaction.
    """
    with transaction.atomic():
        one_hand()
        note_all_scored()
        everybody = _everybody()
        if announce and len(everybody) > _EVERYBODY_AT_ONCE:
            outbox.append_all(_told(everybody))
        else:
            expand(everybody, announce=announce)


def _everybody() -> Owners:
    """Whoever has a list or a match."""
    offers = OfferRanking.objects.values_list("offer", flat=True)
    requests = RequestRanking.objects.values_list("request", flat=True)
    return Owners(
        offers=frozenset(offers.union(Match.objects.values_list("offer", flat=True))),
        requests=frozenset(requests.union(Match.objects.values_list("request", flat=True))),
    )
