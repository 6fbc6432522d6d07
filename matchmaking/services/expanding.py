"""Stored rankings become matches: the pairs of changed lists, judged as they stand now."""

from __future__ import annotations

from django.db.models import Q

from buyers import selectors as buyers
from matchmaking import rankings
from matchmaking.engine.ruleset import Ruleset as Rules
from matchmaking.models import Match
from matchmaking.services.changes import Changes
from matchmaking.services.ground import follow
from matchmaking.services.judging import PairIds, judge
from matchmaking.services.owners import Owners
from matchmaking.services.rulesets import ensure_ruleset
from producers import selectors as producers

OFFER_LEFT = "offer_left"
REQUEST_LEFT = "request_left"


def expand(owners: Owners, *, announce: bool = True) -> None:
    """Make the matches of offers and requests true to facts and rankings; needs the one hand.

    Emits:
        MatchProposed, MatchResumed, MatchSuspended, MatchEnded, in the same transaction.
    """
    ground, ruleset = follow(), ensure_ruleset()
    known = _known(owners)
    pairs = known.keys() | _listed(owners)
    offers = producers.offer_facts(sorted(owners.offers | {offer for offer, _ in pairs}))
    requests = buyers.request_facts(sorted(owners.requests | {request for _, request in pairs}))
    found = judge(
        [one for one in offers if one.status_open],
        [one for one in requests if one.status_open],
        pairs=pairs,
        ground=ground,
        rules=Rules.from_json(ruleset.rules),
    )
    changes = Changes(ruleset=ruleset, of_offers=owners.offers, of_requests=owners.requests)
    for pair, judged in found.items():
        changes.apply(known.pop(pair, None), judged)
    gone = {one.offer_id for one in offers if not one.status_open}
    for match in known.values():
        changes.end(match, because=OFFER_LEFT if match.offer_id in gone else REQUEST_LEFT)
    changes.write(announce=announce)


def _known(owners: Owners) -> dict[PairIds, Match]:
    stored = Match.objects.filter(Q(offer__in=owners.offers) | Q(request__in=owners.requests))
    locked = stored.select_for_update(no_key=True, of=("self",)).order_by("pk")
    return {(match.offer_id, match.request_id): match for match in locked}


def _listed(owners: Owners) -> set[PairIds]:
    whole = rankings.pairs_listed(offer_ids=owners.offers, request_ids=owners.requests)
    fresh = rankings.pairs_listed(
        offer_ids=owners.relisted_offers, request_ids=owners.relisted_requests, unmatched=True
    )
    return {*whole, *fresh}
