"""A market that is true to facts: read whole, then kept up with what others commit."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection
from dataclasses import dataclass, field

from django.conf import settings

from buyers import selectors as buyers
from core.catalogue import selectors as catalogue
from core.kernel import clock
from core.outbox import horizon
from core.places import selectors as places
from matchmaking import columns, rankings
from matchmaking.engine.kernels.choice import CHOICE
from matchmaking.engine.market import Market
from matchmaking.engine.ruleset import Ruleset as Rules
from matchmaking.engine.values import DemandColumns, SupplyColumns
from matchmaking.models import MarketState, Ruleset
from matchmaking.services.owners import FACT_EVENTS, Owners, changed_by
from matchmaking.services.rulesets import ensure_ruleset
from producers import selectors as producers


@dataclass(slots=True)
class Ids:
    """Offers and requests to be seen to."""

    offers: set[int] = field(default_factory=set)
    requests: set[int] = field(default_factory=set)


@dataclass(slots=True, kw_only=True)
class Held:
    """A market, what it is true to, and what of it is not stored yet."""

    market: Market
    is_compiled: bool
    part: columns.Part
    terms: tuple[object, ...]
    ground: columns.Ground
    ruleset: Ruleset
    began_at: dt.datetime
    """That of the stored lists it goes with."""
    horizon: int
    """Of transactions below it everything is known here."""
    replayed_from: int = 0
    """Events since then were read since this was ranked last; 0: perhaps all there are."""
    read: Ids = field(default_factory=Ids)
    """Whose facts were read and are not stored yet, and who left."""
    relisted: Ids = field(default_factory=Ids)
    """Whose list was found another and is not stored yet."""
    foreign: Ids = field(default_factory=Ids)
    """Who was found to be ranked by another part alone."""
    stored_at: float = 0.0


def terms_of_facts() -> tuple[object, ...]:
    """Name what facts rest on besides their own rows: the day, the category tree, ways to roads.

    Where it is another, a market has to be loaded anew.
    """
    return (clock.today(), *catalogue.tree_version(), *places.access_version())


def load(number: int, *, terms: tuple[object, ...], state: MarketState, as_stored: bool) -> Held:
    """Read everything of a part that stands open.

    Args:
        number: Which part.
        terms: What facts rest on now.
        state: What was noted when lists of the part were stored last.
        as_stored: Take the stored inputs where they rest on the same; else read all facts, which
            also finds what somebody changed without telling of it.
    """
    seen_from = horizon.horizon()
    ground, ruleset = columns.ground_on(clock.today()), ensure_ruleset()
    is_compiled = CHOICE.is_ready
    held = Held(
        market=Market(ground.terrain, Rules.from_json(ruleset.rules), is_compiled=is_compiled),
        is_compiled=is_compiled,
        part=columns.part_of(number, parts=settings.MATCHING_SHARDS),
        terms=terms,
        ground=ground,
        ruleset=ruleset,
        horizon=seen_from,
        began_at=state.began_at,
    )
    if as_stored and state.facts == facts_name(terms, number) and _is_of_here(state):
        _read_stored(held, number, since=state.horizon)
    else:
        _read_offers(held, None)
        _read_requests(held, None)
    return held


def facts_name(terms: tuple[object, ...], number: int) -> str:
    """Name what the inputs a part stores rest on besides offers, requests and papers."""
    said = repr((number, settings.MATCHING_SHARDS, *terms))
    return hashlib.sha256(said.encode()).hexdigest()


def _is_of_here(state: MarketState) -> bool:
    is_number = state.cluster.isdigit()
    return is_number and horizon.same_cluster(state.horizon, in_cluster=int(state.cluster))


def _read_stored(held: Held, number: int, *, since: int) -> None:
    """Take stored inputs, and facts of whoever changed since or is not readable as stored."""
    stored = rankings.load(number)
    held.replayed_from = since
    held.market.put_supplies(stored.offers.columns)
    held.market.put_demands(stored.requests.columns)
    unread = Owners(
        offers=frozenset(stored.offers.unread.tolist()),
        requests=frozenset(stored.requests.unread.tolist()),
    )
    changed = map(changed_by, horizon.events_since(since, types=FACT_EVENTS))
    every = Owners.joined([unread, *changed])
    _read_offers(held, every.offers)
    _read_requests(held, every.requests)


def catch_up(held: Held, changed: Owners) -> None:
    """Read again what changed here or elsewhere, and go by the roads and rules of now.

    Events are replayed from the horizon on: one whose transaction was not seen to its end then
    is among them, whatever its place in the outbox.
    """
    seen_from = horizon.horizon()
    replayed = map(changed_by, horizon.events_since(held.horizon, types=FACT_EVENTS))
    changed = Owners.joined([changed, *replayed])
    ground, ruleset = columns.ground_on(clock.today()), ensure_ruleset()
    if held.ground.name != ground.name:
        held.market.stand_on(ground.terrain)
    if held.ruleset.pk != ruleset.pk:
        held.market.go_by(Rules.from_json(ruleset.rules))
    if CHOICE.is_ready and not held.is_compiled:
        _compile(held)
    held.ground, held.ruleset, held.horizon = ground, ruleset, seen_from
    _read_offers(held, changed.offers)
    _read_requests(held, changed.requests)


def _compile(held: Held) -> None:
    """Go on with the kernel, now that it is ready: the same market without reading it again."""
    former, held.is_compiled = held.market, True
    held.market = Market(former.terrain, former.ruleset, is_compiled=True)
    held.market.put_supplies(former.supply_columns(former.supply_ids()))
    held.market.put_demands(former.demand_columns(former.demand_ids()))


def _read_offers(held: Held, offer_ids: Collection[int] | None) -> None:
    """Put offers into the market as they stand, or all that are open; take out who left."""
    if offer_ids is not None and not offer_ids:
        return
    facts = producers.offer_facts(offer_ids if offer_ids is None else sorted(offer_ids))
    mine = [one for one in facts if held.part.holds_offer(one)]
    opened = [one for one in mine if one.status_open]
    records = columns.supplies(opened, ground=held.ground)
    held.market.put_supplies(SupplyColumns.from_records(records))
    ids = {one.offer_id for one in opened}
    held.market.drop_supplies(sorted(set(offer_ids or ()) - ids))
    held.read.offers |= ids.union(offer_ids or ())
    held.foreign.offers |= {one.offer_id for one in facts} - {one.offer_id for one in mine}


def _read_requests(held: Held, request_ids: Collection[int] | None) -> None:
    """Put requests into the market as they stand, or all that are open; take out who left."""
    if request_ids is not None and not request_ids:
        return
    facts = buyers.request_facts(request_ids if request_ids is None else sorted(request_ids))
    mine = [one for one in facts if held.part.holds_request(one)]
    opened = [one for one in mine if one.status_open]
    records = columns.demands(opened, ground=held.ground)
    held.market.put_demands(DemandColumns.from_records(records))
    ids = {one.request_id for one in opened}
    held.market.drop_demands(sorted(set(request_ids or ()) - ids))
    held.read.requests |= ids.union(request_ids or ())
    held.foreign.requests |= {one.request_id for one in facts} - {one.request_id for one in mine}
