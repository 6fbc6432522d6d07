"""Making the matches of a changed offer or request true again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from django.db import connection, transaction
from django.db.models import Q, QuerySet

from buyers import selectors as buyers
from core.kernel import clock
from core.kernel.events import DomainEvent
from core.outbox import outbox
from matchmaking import columns
from matchmaking.engine.eligibility import Refusal
from matchmaking.engine.ranking import Ranked, top_k_per_demand, top_k_per_supply
from matchmaking.engine.records import Demand, Route, Supply
from matchmaking.engine.ruleset import CRITERIA
from matchmaking.engine.ruleset import Ruleset as Rules
from matchmaking.engine.scoring import ScoredPairs, score_pairs
from matchmaking.engine.values import DemandColumns, Pairs, Routes, SupplyColumns
from matchmaking.enums import MatchStatus, Verdict
from matchmaking.events import MatchEnded, MatchProposed, MatchSuspended
from matchmaking.models import Match, Ruleset
from matchmaking.services.rulesets import ensure_ruleset
from producers import selectors as producers

BELOW_MINIMUM = "below_minimum"
OFFER_LEFT = "offer_left"
REQUEST_LEFT = "request_left"
ANNOUNCED_PER_REFRESH = 3
"""How many new matches of one change are told at once; the rest wait on the portal."""
_LOCK = 0x4E43_4D41  # "NCMA": matches are written by one hand at a time, so no two rows collide


@dataclass(frozen=True, slots=True)
class Judged:
    """One pair as the engine sees it now, with everything needed to score it again."""

    supply: Supply
    demand: Demand
    route: Route
    score: int
    parts: dict[str, int]
    refusals: list[str]


def refresh_matches_of_offer(*, offer_id: int) -> None:
    """Score an offer against all open requests; update, propose, suspend or end its matches.

    Emits:
        MatchProposed, MatchSuspended, MatchEnded, in the same transaction.
    """
    with transaction.atomic():
        _one_hand()
        facts = next(iter(producers.offer_facts([offer_id])), None)
        if facts is None or not facts.status_open:
            _end(Match.objects.filter(offer_id=offer_id), because=OFFER_LEFT)
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
        MatchProposed, MatchSuspended, MatchEnded, in the same transaction.
    """
    with transaction.atomic():
        _one_hand()
        facts = next(iter(buyers.request_facts([request_id])), None)
        if facts is None or not facts.status_open:
            _end(Match.objects.filter(request_id=request_id), because=REQUEST_LEFT)
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


def refresh_all(*, announce: bool = True) -> int:
    """Score everything against everything; return how many matches stand proposed.

    Args:
        announce: False for a first load, where nobody should be told of the past.
    """
    with transaction.atomic():
        _one_hand()
        offers = producers.offer_facts(None)
        requests = buyers.request_facts(None)
        _refresh(offers, requests, stored=Match.objects.all(), announce=announce)
    return Match.objects.filter(status=MatchStatus.PROPOSED).count()


def _ids(*found: Iterable[int]) -> list[int]:
    return sorted({pk for ids in found for pk in ids})


def _one_hand() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _refresh(
    offers: Sequence[producers.OfferFacts],
    requests: Sequence[buyers.RequestFacts],
    *,
    stored: QuerySet[Match],
    announce: bool = True,
) -> None:
    ruleset = ensure_ruleset()
    rules = Rules.from_json(ruleset.rules)
    known = {
        (m.offer_id, m.request_id): m for m in stored.select_for_update(no_key=True).order_by("pk")
    }
    open_offers = [one for one in offers if one.status_open]
    open_requests = [one for one in requests if one.status_open]
    found = _judge(open_offers, open_requests, known=known.keys(), rules=rules)
    changes = _Changes(ruleset=ruleset)
    for pair, judged in found.items():
        changes.apply(known.pop(pair, None), judged)
    gone_offers = {one.offer_id for one in offers} - {one.offer_id for one in open_offers}
    for match in known.values():
        changes.end(match, because=OFFER_LEFT if match.offer_id in gone_offers else REQUEST_LEFT)
    changes.write(announce=announce)


def _judge(
    offers: Sequence[producers.OfferFacts],
    requests: Sequence[buyers.RequestFacts],
    *,
    known: Iterable[tuple[int, int]],
    rules: Rules,
) -> dict[tuple[int, int], Judged]:
    """Return the best pairs and every pair already stored, by (offer id, request id)."""
    if not offers or not requests:
        return {}
    ground = columns.ground_on(clock.today())
    supplies = columns.supplies(offers, ground=ground)
    demands = columns.demands(requests, ground=ground)
    supply, demand = SupplyColumns.from_records(supplies), DemandColumns.from_records(demands)
    pairs = _pairs(supply, demand, ground=ground, rules=rules, known=known)
    scored = score_pairs(supply, demand, ground.terrain, rules, pairs)
    routes = ground.terrain.routes(supply, demand, pairs)
    rows = (
        _judged(scored, row, routes=routes, supplies=supplies, demands=demands, rules=rules)
        for row in range(len(scored))
    )
    return {(one.supply.offer_id, one.demand.request_id): one for one in rows}


def _pairs(
    supply: SupplyColumns,
    demand: DemandColumns,
    *,
    ground: columns.Ground,
    rules: Rules,
    known: Iterable[tuple[int, int]],
) -> Pairs:
    """The top pairs of both directions and the stored ones, each once, in a fixed order."""
    best: list[Ranked] = [
        top_k_per_demand(supply, demand, ground.terrain, rules),
        top_k_per_supply(supply, demand, ground.terrain, rules),
    ]
    wanted = {(int(s), int(d)) for one in best for s, d in zip(one.supply, one.demand, strict=True)}
    offer_row = {int(pk): row for row, pk in enumerate(supply.offer_id)}
    request_row = {int(pk): row for row, pk in enumerate(demand.request_id)}
    wanted |= {
        (offer_row[offer], request_row[request])
        for offer, request in known
        if offer in offer_row and request in request_row
    }
    table = np.array(sorted(wanted), dtype=np.int64).reshape(-1, 2)
    return Pairs(supply=table[:, 0], demand=table[:, 1])


def _judged(
    scored: ScoredPairs,
    row: int,
    *,
    routes: Routes,
    supplies: list[Supply],
    demands: list[Demand],
    rules: Rules,
) -> Judged:
    score = int(scored.score[row])
    bits = Refusal(int(scored.refusals[row]))
    refusals = [str(bit.name).lower() for bit in Refusal if bit & bits]
    if not refusals and score < rules.minimum_score:
        refusals = [BELOW_MINIMUM]
    return Judged(
        supply=supplies[int(scored.supply[row])],
        demand=demands[int(scored.demand[row])],
        route=routes.record(row),
        score=score,
        parts={code: int(scored.points[row, at]) for at, code in enumerate(CRITERIA)},
        refusals=refusals,
    )


_WRITTEN = [
    "status", "score", "parts", "supply", "demand", "pair", "refusals", "ruleset",
    "offer_version", "request_version", "producer_verdict", "buyer_verdict", "version",
    "changed_at",
]  # fmt: skip


class _Changes:
    """What one refresh does to the stored matches, gathered and written at once."""

    def __init__(self, *, ruleset: Ruleset) -> None:
        self.ruleset = ruleset
        self.new: list[Match] = []
        self.changed: list[Match] = []
        self.suspended: list[Match] = []
        self.proposed_again: list[Match] = []
        self.ended: list[Match] = []

    def apply(self, match: Match | None, judged: Judged) -> None:
        """Create, update, suspend or bring back the match of one pair."""
        if match is None:
            if not judged.refusals:
                self.new.append(self._filled(_blank(judged), judged))
            return
        if match.status == MatchStatus.DECLINED or _is_same(match, judged, self.ruleset):
            return
        status_before, terms_before = match.status, _terms(match)
        self._filled(match, judged)
        match.version += 1
        match.changed_at = clock.now()
        self.changed.append(match)
        self._move(match, status_before=status_before, has_new_terms=_terms(match) != terms_before)

    def end(self, match: Match, *, because: str) -> None:
        """Close a match whose offer or request left; what was agreed stays on record."""
        if match.status not in {MatchStatus.PROPOSED, MatchStatus.SUSPENDED}:
            return
        match.status, match.refusals = MatchStatus.ENDED, [because]
        match.version += 1
        match.changed_at = clock.now()
        self.ended.append(match)

    def write(self, *, announce: bool) -> None:
        """Store all changes and announce them."""
        self.new.sort(key=lambda m: (-m.score, m.offer_id, m.request_id))
        Match.objects.bulk_create(self.new, batch_size=500)
        touched = sorted([*self.changed, *self.ended], key=lambda m: m.pk)
        Match.objects.bulk_update(touched, _WRITTEN, batch_size=500)
        if announce:
            for event in self._events():
                outbox.append(event)

    def _move(self, match: Match, *, status_before: str, has_new_terms: bool) -> None:
        if match.refusals:
            match.status = MatchStatus.SUSPENDED
            if status_before in {MatchStatus.PROPOSED, MatchStatus.AGREED}:
                self.suspended.append(match)
            return
        was_agreed = match.agreed_at is not None and status_before != MatchStatus.ENDED
        if (has_new_terms and not was_agreed) or status_before == MatchStatus.ENDED:
            # Who accepted other terms, or another season's offer, has not accepted these.
            match.producer_verdict = match.buyer_verdict = Verdict.PENDING
        match.status = MatchStatus.AGREED if was_agreed else MatchStatus.PROPOSED
        if status_before in {MatchStatus.SUSPENDED, MatchStatus.ENDED} or (
            has_new_terms and not was_agreed
        ):
            self.proposed_again.append(match)

    def _filled(self, match: Match, judged: Judged) -> Match:
        match.score = judged.score
        match.parts, match.refusals = judged.parts, judged.refusals
        match.supply, match.demand = judged.supply.to_json(), judged.demand.to_json()
        match.pair = judged.route.to_json()
        match.ruleset = self.ruleset
        match.offer_version = judged.supply.version
        match.request_version = judged.demand.version
        return match

    def _events(self) -> Iterable[DomainEvent]:
        for rank, match in enumerate(self.new):
            yield MatchProposed(
                match_id=match.pk, version=match.version, is_top=rank < ANNOUNCED_PER_REFRESH
            )
        for match in self.proposed_again:
            yield MatchProposed(match_id=match.pk, version=match.version, is_top=True)
        for match in self.suspended:
            yield MatchSuspended(
                match_id=match.pk, version=match.version, refusals=",".join(match.refusals)
            )
        for match in self.ended:
            yield MatchEnded(match_id=match.pk, version=match.version)


def _blank(judged: Judged) -> Match:
    return Match(
        offer_id=judged.supply.offer_id,
        request_id=judged.demand.request_id,
        producer_id=judged.supply.organisation_id,
        group_id=judged.demand.organisation_id,
        status=MatchStatus.PROPOSED,
    )


def _is_same(match: Match, judged: Judged, ruleset: Ruleset) -> bool:
    """Whether nothing that is stored would change, so that a repeated duty writes nothing."""
    return (
        match.status != MatchStatus.ENDED
        and match.ruleset_id == ruleset.pk
        and match.refusals == judged.refusals
        and match.parts == judged.parts
        and match.supply == judged.supply.to_json()
        and match.demand == judged.demand.to_json()
        and match.pair == judged.route.to_json()
    )


def _terms(match: Match) -> tuple[object, ...]:
    """What a side said yes to: price, quantity and days of both."""
    return (
        match.supply.get("price_vnd_per_base"),
        match.supply.get("quantity_base"),
        match.supply.get("first_day"),
        match.supply.get("last_day"),
        match.demand.get("price_ceiling_vnd_per_base"),
        match.demand.get("quantity_base"),
        match.demand.get("first_day"),
        match.demand.get("last_day"),
    )


def _end(matches: QuerySet[Match], *, because: str) -> None:
    changes = _Changes(ruleset=ensure_ruleset())
    live = Q(status__in=[MatchStatus.PROPOSED, MatchStatus.SUSPENDED])
    for match in matches.filter(live).select_for_update(no_key=True).order_by("pk"):
        changes.end(match, because=because)
    changes.write(announce=True)
