"""Making the matches of a changed offer or request true again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import QuerySet

from buyers import selectors as buyers
from core.kernel import clock
from matchmaking import selectors
from matchmaking.engine.ruleset import Ruleset as Rules
from matchmaking.enums import MatchStatus
from matchmaking.models import Match
from matchmaking.services.changes import Changes, end_all
from matchmaking.services.ground import follow, note_all_scored, one_hand
from matchmaking.services.judging import judge
from matchmaking.services.rulesets import ensure_ruleset
from producers import selectors as producers

OFFER_LEFT = "offer_left"
REQUEST_LEFT = "request_left"
PAPERS_NOT_VALID = "papers_not_valid"
_PAPER_REFUSALS = {"papers_missing", PAPERS_NOT_VALID, "stars_too_few", "stars_not_valid"}


def refresh_matches_of_offer(*, offer_id: int) -> None:
    """Score an offer against all open requests; update, propose, suspend or end its matches.

    Emits:
        MatchProposed, MatchResumed, MatchSuspended, MatchEnded, in the same transaction.
    """
    with transaction.atomic():
        one_hand()
        facts = next(iter(producers.offer_facts([offer_id])), None)
        if facts is None or not facts.status_open:
            end_all(Match.objects.filter(offer_id=offer_id), because=OFFER_LEFT)
            return
        stored = Match.objects.filter(offer_id=offer_id)
        candidates = buyers.open_requests().filter(
            category__order_lo__lte=facts.category_order,
            category__order_hi__gte=facts.category_order,
        )
        requests = buyers.request_facts(
            _ids(
                candidates.values_list("pk", flat=True), stored.values_list("request_id", flat=True)
            )
        )
        _refresh([facts], requests, stored=stored)


def refresh_matches_of_request(*, request_id: int) -> None:
    """Score a request against all open offers; update, propose, suspend or end its matches.

    Emits:
        MatchProposed, MatchResumed, MatchSuspended, MatchEnded, in the same transaction.
    """
    with transaction.atomic():
        one_hand()
        facts = next(iter(buyers.request_facts([request_id])), None)
        if facts is None or not facts.status_open:
            end_all(Match.objects.filter(request_id=request_id), because=REQUEST_LEFT)
            return
        stored = Match.objects.filter(request_id=request_id)
        candidates = producers.open_offers().filter(
            product__category__order_lo__gte=facts.category_lo,
            product__category__order_lo__lt=facts.category_hi,
        )
        ids = _ids(
            candidates.values_list("pk", flat=True), stored.values_list("offer_id", flat=True)
        )
        _refresh(producers.offer_facts(ids), [facts], stored=stored)


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
    """Score everything against everything; return how many matches stand proposed.

    Args:
        announce: False for a first load, where nobody should be told of the past.
    """
    with transaction.atomic():
        one_hand()
        note_all_scored()
        offers = producers.offer_facts(None)
        requests = buyers.request_facts(None)
        _refresh(offers, requests, stored=Match.objects.all(), announce=announce)
    return Match.objects.filter(status=MatchStatus.PROPOSED).count()


def _ids(*found: Iterable[int]) -> list[int]:
    return sorted({pk for ids in found for pk in ids})


def _refresh(
    offers: Sequence[producers.OfferFacts],
    requests: Sequence[buyers.RequestFacts],
    *,
    stored: QuerySet[Match],
    announce: bool = True,
) -> None:
    ground = follow()
    ruleset = ensure_ruleset()
    rules = Rules.from_json(ruleset.rules)
    known = {
        (m.offer_id, m.request_id): m for m in stored.select_for_update(no_key=True).order_by("pk")
    }
    open_offers = [one for one in offers if one.status_open]
    open_requests = [one for one in requests if one.status_open]
    found = judge(open_offers, open_requests, known=known.keys(), ground=ground, rules=rules)
    changes = Changes(ruleset=ruleset)
    for pair, judged in found.items():
        changes.apply(known.pop(pair, None), judged)
    gone_offers = {one.offer_id for one in offers} - {one.offer_id for one in open_offers}
    for match in known.values():
        changes.end(match, because=OFFER_LEFT if match.offer_id in gone_offers else REQUEST_LEFT)
    changes.write(announce=announce)
