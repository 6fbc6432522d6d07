"""Any offer beside any request, judged as they stand now: why, why not, and how close."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from buyers import selectors as buyers
from buyers.selectors import RequestFacts
from core.accounts.actors import Actor
from core.kernel import clock
from matchmaking import columns
from matchmaking.engine.explain import Explanation, explain
from matchmaking.engine.records import Demand, Supply
from matchmaking.engine.ruleset import DEFAULT_RULESET
from matchmaking.engine.ruleset import Ruleset as Rules
from matchmaking.engine.values import DemandColumns, Pairs, SupplyColumns
from matchmaking.models import Match, Ruleset
from producers import selectors as producers
from producers.selectors import OfferFacts

MOST_COMPARED: Final = 40


def active_rules() -> Rules:
    """Return the rules that scores are made by now."""
    active = Ruleset.objects.filter(is_active=True).first()
    return Rules.from_json(active.rules) if active else DEFAULT_RULESET


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Any offer and request side by side, judged as they stand now."""

    offer: OfferFacts
    request: RequestFacts
    explanation: Explanation
    match_id: int | None

    @property
    def dimension(self) -> str:
        """Dimension the offer counts in."""
        return self.offer.dimension


def pair_for(actor: Actor, *, offer_id: int, request_id: int) -> Pair | None:
    """Judge an offer against a request for somebody who owns one and may see the other.

    Returns:
        None where either does not exist or the actor has no business with the pair.
    """
    offer = next(iter(producers.offer_facts([offer_id])), None)
    request = next(iter(buyers.request_facts([request_id])), None)
    if offer is None or request is None or actor.organisation_id is None:
        return None
    owns_offer = offer.organisation_id == actor.organisation_id
    owns_request = request.organisation_id == actor.organisation_id
    sees_offer, sees_request = owns_offer or offer.status_open, owns_request or request.status_open
    if not (owns_offer or owns_request) or not (sees_offer and sees_request):
        return None
    stored = Match.objects.filter(offer_id=offer_id, request_id=request_id)
    return Pair(
        offer=offer,
        request=request,
        explanation=explain_pair(offer, request),
        match_id=stored.values_list("pk", flat=True).first(),
    )


def explain_pair(offer: OfferFacts, request: RequestFacts) -> Explanation:
    """Judge an offer against a request as they stand now, by the active rules."""
    ground = columns.ground_on(clock.today())
    supply = columns.supplies([offer], ground=ground)[0]
    demand = columns.demands([request], ground=ground)[0]
    return explain_inputs(supply, demand, ground=ground)


def explain_inputs(
    supply: Supply, demand: Demand, *, ground: columns.Ground, rules: Rules | None = None
) -> Explanation:
    """Judge two inputs on a day's road network, by the active rules unless others are given."""
    supplies, demands = SupplyColumns.from_records([supply]), DemandColumns.from_records([demand])
    routes = ground.terrain.routes(supplies, demands, Pairs.every(supplies, demands))
    return explain(supply, demand, routes.record(0), rules or active_rules())


def pairs_of_offer(actor: Actor, *, offer_id: int) -> list[Pair] | None:
    """Judge an own offer against every open request for its kind of product, best first.

    Returns:
        None where the offer is not the actor's.
    """
    offer = next(iter(producers.offer_facts([offer_id])), None)
    if offer is None or offer.organisation_id != actor.organisation_id:
        return None
    candidates = buyers.open_requests().filter(
        category__order_lo__lte=offer.category_order, category__order_hi__gte=offer.category_order
    )
    ids = list(candidates.values_list("pk", flat=True)[:MOST_COMPARED])
    return _ranked([offer], buyers.request_facts(ids))


def pairs_of_request(actor: Actor, *, request_id: int) -> list[Pair] | None:
    """Judge a request against offers of its kind, best first.

    Its own buyer sees all open offers; a producer sees its own against a request that is open.

    Returns:
        None where the request is neither the actor's nor open to it.
    """
    request = next(iter(buyers.request_facts([request_id])), None)
    if request is None or actor.organisation_id is None:
        return None
    is_own = request.organisation_id == actor.organisation_id
    if not is_own and not request.status_open:
        return None
    candidates = producers.open_offers().filter(
        product__category__order_lo__gte=request.category_lo,
        product__category__order_lo__lt=request.category_hi,
    )
    if not is_own:
        candidates = candidates.filter(producer_id=actor.organisation_id)
    ids = list(candidates.values_list("pk", flat=True)[:MOST_COMPARED])
    return _ranked(producers.offer_facts(ids), [request])


def _ranked(offers: Sequence[OfferFacts], requests: Sequence[RequestFacts]) -> list[Pair]:
    """Every offer with every request: what fits first, then what fails at the fewest gates."""
    if not offers or not requests:
        return []
    ground = columns.ground_on(clock.today())
    supplies = columns.supplies(offers, ground=ground)
    demands = columns.demands(requests, ground=ground)
    rules = active_rules()
    stored = Match.objects.filter(
        offer__in=[one.offer_id for one in offers],
        request__in=[one.request_id for one in requests],
    )
    match_ids = {(m[0], m[1]): m[2] for m in stored.values_list("offer_id", "request_id", "pk")}
    pairs = [
        Pair(
            offer=offer,
            request=request,
            explanation=explain_inputs(supply, demand, ground=ground, rules=rules),
            match_id=match_ids.get((offer.offer_id, request.request_id)),
        )
        for offer, supply in zip(offers, supplies, strict=True)
        for request, demand in zip(requests, demands, strict=True)
        if offer.organisation_id != request.organisation_id
    ]
    return sorted(pairs, key=lambda p: (len(p.explanation.refusals), -p.explanation.score))
