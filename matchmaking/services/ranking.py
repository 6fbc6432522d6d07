"""Ranking what changed: a market in memory, its lists stored.

Which partners an offer or a request has best is a function of all facts. A market loaded anew
says the same, so whatever of it was not stored is stored then.
"""

from __future__ import annotations

import time
from typing import Final

import numpy as np
import structlog
from django.conf import settings
from django.db import connection, transaction

from core.outbox import horizon
from matchmaking import rankings
from matchmaking.engine.markets.lists import Lists
from matchmaking.engine.values import DemandColumns, Ints, SupplyColumns
from matchmaking.models import MarketState, OfferRanking, RequestRanking
from matchmaking.rankings import Rankings
from matchmaking.services.holding import (
    Held,
    Ids,
    catch_up,
    facts_name,
    load,
    terms_of_facts,
)
from matchmaking.services.owners import FACT_EVENTS, Owners, changed_by
from matchmaking.services.parting import consumer_of, state_of_part

log = structlog.get_logger(__name__)

_LOCK: Final = 0x4E43_524B  # "NCRK": the lists of a part are stored by one hand at a time
_STORED_EVERY_S: Final = 1.0


class Ranker:
    """The market of one part of the offers.

    What others committed it learns from the outbox. Should a transaction fail in which it stored
    something, it cannot say what is stored; it throws the market away and loads anew.
    """

    def __init__(self, part: int = 0) -> None:
        self._part = part
        self._held: Held | None = None
        self._is_sure = True

    def begin(self) -> None:
        """Take what is stored as the market, where nothing but events came after it."""
        self._held = self._loaded(terms_of_facts(), state_of_part(self._part), as_stored=True)

    def rank(self, changed: Owners, *, may_wait: bool) -> Owners:
        """Bring the market up to date and store what is another; needs the hand of the part.

        Args:
            changed: Whose facts to read again.
            may_wait: Whether lists that are others because of these may be stored a little
                later, together, for more is about to come.

        Returns:
            Those of the changed that are ranked here, and as relisted who else has another list
            in the store now.
        """
        held = self._current(changed)
        settled = held.market.settle()
        held.relisted.offers.update(settled.supplies.tolist())
        held.relisted.requests.update(settled.demands.tolist())
        read = _unless_to_come(self._store_read(held), changed, held=held, part=self._part)
        is_soon = time.monotonic() - held.stored_at < _STORED_EVERY_S
        relisted = Owners() if may_wait and is_soon else self._store_relisted(held)
        return _ranked(held, changed, Owners.joined([read, relisted]))

    def _current(self, changed: Owners) -> Held:
        held, terms = (self._held if self._is_sure else None), terms_of_facts()
        self._is_sure = False
        transaction.on_commit(self._confirm)
        state = state_of_part(self._part)
        if held and held.terms == terms and state.began_at == held.began_at:
            catch_up(held, changed)
        else:
            self._held = held = self._loaded(terms, state)
        return held

    def _loaded(
        self, terms: tuple[object, ...], state: MarketState, *, as_stored: bool = False
    ) -> Held:
        began = time.monotonic()
        held = load(self._part, terms=terms, state=state, as_stored=as_stored)
        self._drop_who_left(held)
        log.info("matchmaking.market_loaded", part=self._part, seconds=time.monotonic() - began)
        return held

    def _confirm(self) -> None:
        self._is_sure = True

    def _drop_who_left(self, held: Held) -> None:
        """Drop stored lists of whoever is not open; an offer held elsewhere is for that part."""
        offers = OfferRanking.objects.filter(part=self._part).values_list("offer", flat=True)
        requests = RequestRanking.objects.filter(part=self._part).values_list("request", flat=True)
        standing = held.market.supply_ids().tolist()
        rankings.drop_rankings(
            offer_ids=set(offers).difference(standing, held.foreign.offers),
            request_ids=set(requests).difference(held.market.demand_ids().tolist()),
            part=self._part,
        )

    def _store_read(self, held: Held) -> Owners:
        """Store those whose facts were read, with the facts; drop those who left."""
        read, held.read = held.read, Ids()
        offers, requests = _standing(held, read)
        closed = read.offers.difference(offers.tolist(), held.foreign.offers)
        left = read.requests.difference(requests.tolist())
        rankings.drop_rankings(offer_ids=closed)  # whichever part it was in
        rankings.drop_rankings(request_ids=left, part=self._part)
        return self._store(held, offers, requests, with_inputs=True)

    def _store_relisted(self, held: Held) -> Owners:
        """Store all other lists that are not as stored, and how far the store is true."""
        relisted, held.relisted, held.stored_at = held.relisted, Ids(), time.monotonic()
        differing = self._store(held, *_standing(held, relisted), with_inputs=False)
        rankings.note_state(
            MarketState(
                shard=self._part,
                horizon=held.horizon,
                ruleset=held.ruleset,
                ground=held.ground.name,
                began_at=held.began_at,
                cluster=str(horizon.cluster()),
                facts=facts_name(held.terms, self._part),
            )
        )
        return differing

    def _store(self, held: Held, offers: Ints, requests: Ints, *, with_inputs: bool) -> Owners:
        market = held.market
        about = {"ruleset_id": held.ruleset.pk, "horizon": held.horizon, "part": self._part}
        differing: list[Ints] = [offers[:0], requests[:0]]
        if len(offers):
            supply = market.supply_columns(offers)
            lists = market.lists_of_supplies(offers)
            rows = _rows(offers, supply, lists, with_inputs=with_inputs)
            differing[0] = rankings.store_offer_rankings(rows, **about)
        if len(requests):
            demand = market.demand_columns(requests)
            lists = market.lists_of_demands(requests)
            rows = _rows(requests, demand, lists, with_inputs=with_inputs)
            differing[1] = rankings.store_request_rankings(rows, **about)
        return Owners(
            relisted_offers=frozenset(differing[0].tolist()),
            relisted_requests=frozenset(differing[1].tolist()),
        )


def _rows(
    owners: Ints, columns: SupplyColumns | DemandColumns, lists: Lists, *, with_inputs: bool
) -> Rankings:
    inputs = columns if with_inputs else None
    return Rankings(owners=owners, versions=columns.version, lists=lists, inputs=inputs)


def _unless_to_come(stored: Owners, changed: Owners, *, held: Held, part: int) -> Owners:
    """Those of the stored, besides the changed, of whom no other duty of this part will tell."""
    others = stored.relisted_without(changed)
    if not others:
        return others
    to_come = horizon.events_to_come(
        held.replayed_from, types=FACT_EVENTS, consumer=consumer_of(part)
    )
    return others.relisted_without(Owners.joined(map(changed_by, to_come)))


def _ranked(held: Held, changed: Owners, stored: Owners) -> Owners:
    foreign, held.foreign = held.foreign, Ids()
    held.replayed_from = held.horizon
    relisted = stored.relisted_without(changed)
    return Owners(
        offers=changed.offers - foreign.offers,
        requests=changed.requests - foreign.requests,
        relisted_offers=relisted.relisted_offers,
        relisted_requests=relisted.relisted_requests,
    )


def _standing(held: Held, ids: Ids) -> tuple[Ints, Ints]:
    """Those of the given who are in the market."""
    asked = [np.array(sorted(one), dtype=np.int64) for one in (ids.offers, ids.requests)]
    market = held.market
    return (
        np.intersect1d(market.supply_ids(), asked[0], assume_unique=True),
        np.intersect1d(market.demand_ids(), asked[1], assume_unique=True),
    )


_kept: dict[int, Ranker] = {}


def let_go() -> None:
    """Forget every market of this process; the next ranking loads anew."""
    _kept.clear()


@transaction.atomic
def begin_anew() -> None:
    """Forget all stored lists, so that every process reads everything from the beginning."""
    for part in range(settings.MATCHING_SHARDS):
        _one_ranker(part)
    rankings.forget()


def _one_ranker(part: int) -> None:
    """Wait until nobody else ranks a part; needs a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, part])


@transaction.atomic
def begin(part: int) -> None:
    """Hold the market of a part as it is stored: what a worker does before its first duty."""
    _one_ranker(part)
    _kept[part] = Ranker(part)
    _kept[part].begin()


def rank(changed: Owners, *, part: int = 0, may_wait: bool = False) -> Owners:
    """Rank offers and requests whose facts changed, and whoever that touches; store the lists.

    Args:
        changed: Whose facts to read again; nobody's: look at roads, rules and the day alone.
        part: Of which offers.
        may_wait: See `Ranker.rank`.

    Returns:
        See `Ranker.rank`.
    """
    with transaction.atomic():
        _one_ranker(part)
        return _kept.setdefault(part, Ranker(part)).rank(changed, may_wait=may_wait)
