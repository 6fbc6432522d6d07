"""Rankings are stored packed and only where they differ, load as they were, and read in SQL."""

from __future__ import annotations

import time

import numpy as np
import psycopg
import pytest
from django.db import connection, transaction

from matchmaking import rankings
from matchmaking.engine.markets.lists import Lists
from matchmaking.engine.values import DemandColumns, SupplyColumns
from matchmaking.models import MarketState, OfferRanking, RequestRanking
from matchmaking.rankings import storing
from matchmaking.services import refresh
from matchmaking.services.rulesets import ensure_ruleset
from producers.models import SupplyOffer
from tests.factories.buyers import DemandRequestFactory
from tests.factories.producers import SupplyOfferFactory
from tests.unit.engine.builders import make_demand, make_supply

pytestmark = pytest.mark.django_db


def ids_like(row, many: int) -> list[int]:
    """Ids of so many rows, the given one and others like it."""
    table = row._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} SELECT (jsonb_populate_record(stored, jsonb_build_object("
            f" 'id', nextval(pg_get_serial_sequence('{table}', 'id'))))).*"
            f" FROM {table} AS stored, generate_series(2, %s) WHERE stored.id = %s RETURNING id",
            [many, row.pk],
        )
        return [row.pk, *(pk for (pk,) in cursor.fetchall())]


@pytest.fixture
def offers() -> list[int]:
    return ids_like(SupplyOfferFactory(published=True), 4)


@pytest.fixture
def requests() -> list[int]:
    return ids_like(DemandRequestFactory(published=True), 4)


@pytest.fixture(params=["arrays", "copy"])
def way(request, monkeypatch) -> str:
    """Both ways in: few rows as arrays, many by COPY."""
    if request.param == "copy":
        monkeypatch.setattr(storing, "FEW_ROWS", 0)
    return request.param


def lists_of(*entries) -> Lists:
    lists = Lists.empty(len(entries), room=max(map(len, entries), default=0))
    for row, entry in enumerate(entries):
        lists.counts[row] = len(entry)
        for place, (partner, score) in enumerate(entry):
            lists.ids[row, place], lists.scores[row, place] = partner, score
    return lists


def of(ids, *entries, version: int = 1, columns=None) -> rankings.Rankings:
    """Rankings of some ids; `columns` makes their inputs."""
    return rankings.Rankings(
        owners=np.array(ids, dtype=np.int64),
        versions=np.full(len(ids), version),
        lists=lists_of(*entries),
        inputs=columns and columns(ids, version),
    )


def supply(ids, version) -> SupplyColumns:
    made = [make_supply(offer_id=pk, version=version, quantity_base=100.0 * pk) for pk in ids]
    return SupplyColumns.from_records(made)


def demand(ids, version) -> DemandColumns:
    return DemandColumns.from_records([make_demand(request_id=pk, version=version) for pk in ids])


def store_offers(given, *, horizon=5, **kwargs) -> list[int]:
    ruleset_id = kwargs.pop("ruleset_id", None) or ensure_ruleset().pk
    return rankings.store_offer_rankings(
        given, ruleset_id=ruleset_id, horizon=horizon, **kwargs
    ).tolist()


def store_requests(given, *, part=0) -> list[int]:
    return rankings.store_request_rankings(
        given, ruleset_id=ensure_ruleset().pk, horizon=5, part=part
    ).tolist()


def rows() -> dict[int, tuple]:
    """Of each stored offer: the row's own version in the database, horizon and version."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT offer_id, xmin, horizon, version FROM matchmaking_offerranking")
        return {pk: tuple(values) for pk, *values in cursor.fetchall()}


def test_what_is_stored_loads_as_it_was(way, offers, requests):
    first = [[(requests[1], 9_000), (requests[0], 8_000)], [], [(requests[2], 10_000)], []]
    second = [[(offers[0], 8_000)], [(offers[0], 9_000)], [(offers[2], 10_000)], []]
    backwards = of(offers[::-1], *first[::-1], columns=supply)
    assert store_offers(backwards) == offers
    assert store_requests(of(requests, *second, columns=demand)) == requests
    loaded = rankings.load()
    for side, entries, made, ids in (
        (loaded.offers, first, supply, offers),
        (loaded.requests, second, demand, requests),
    ):
        wanted = made(ids, 1)
        for name in wanted.__dataclass_fields__:
            np.testing.assert_array_equal(getattr(side.columns, name), getattr(wanted, name))
        assert not side.lists.differs(lists_of(*entries)).any()
        assert side.unread.tolist() == []


def test_an_empty_store_loads_as_nothing():
    loaded = rankings.load()
    assert (len(loaded.offers.columns), len(loaded.requests.columns)) == (0, 0)
    assert (len(loaded.offers.lists), loaded.state) == (0, None)
    assert store_offers(of([])) == []


def test_rows_are_found_however_far_apart_their_ids_are(requests):
    far = ids_like(SupplyOfferFactory(pk=10, published=True), 1)
    far += ids_like(SupplyOfferFactory(pk=3_000_000, published=True), 1)
    store_offers(of(far, [(requests[0], 7_000)], [], columns=supply))
    assert rankings.load().offers.columns.offer_id.tolist() == far


def test_only_rows_that_differ_are_written(way, offers, requests):
    entries = [[(requests[0], 9_000)], [(requests[1], 8_000)], [], []]
    store_offers(of(offers, *entries, columns=supply), horizon=5)
    before = rows()
    assert store_offers(of(offers, *entries, columns=supply), horizon=6) == []
    assert rows() == before
    entries[1] = [(requests[1], 8_001)]
    assert store_offers(of(offers, *entries, columns=supply), horizon=7) == [offers[1]]
    changed = {pk for pk, row in rows().items() if row != before[pk]}
    assert changed == {offers[1]}
    assert rows()[offers[1]][1] == 7


def test_a_change_of_inputs_rules_or_part_is_a_difference(way, offers):
    same = of(offers[:1], [], columns=supply)
    store_offers(same)
    other = SupplyColumns.from_records([make_supply(offer_id=offers[0], province=3)])
    moved = rankings.Rankings(
        owners=same.owners, versions=same.versions, lists=same.lists, inputs=other
    )
    assert store_offers(moved) == offers[:1]
    assert store_offers(moved, part=1) == offers[:1]
    assert store_offers(moved, part=1, ruleset_id=77) == offers[:1]
    assert store_offers(moved, part=1, ruleset_id=77) == []
    assert rankings.load(1).offers.columns.province.tolist() == [3]
    assert len(rankings.load(0).offers.columns) == 0


def test_lists_alone_keep_the_inputs_of_the_same_version(way, offers, requests):
    store_offers(of(offers[:1], [], columns=supply))
    assert store_offers(of(offers[:1], [(requests[0], 9_000)])) == offers[:1]
    loaded = rankings.load().offers
    assert (loaded.columns.offer_id.tolist(), loaded.unread.tolist()) == (offers[:1], [])
    assert loaded.lists.ids.tolist() == [[requests[0]]]
    store_offers(of(offers[:1], [(requests[0], 9_000)], version=2))
    assert rankings.load().offers.unread.tolist() == offers[:1]


def test_an_older_version_does_not_win(way, offers, requests):
    store_offers(of(offers[:1], [], version=3, columns=supply))
    assert store_offers(of(offers[:1], [(requests[0], 9_000)], version=2, columns=supply)) == []
    assert OfferRanking.objects.get().version == 3


def test_bytes_of_another_release_are_left_to_the_facts(offers):
    store_offers(of(offers, [], [], [], [], columns=supply))
    OfferRanking.objects.filter(pk=offers[2]).update(inputs=b"\0\0\0\0 something else")
    loaded = rankings.load().offers
    assert loaded.unread.tolist() == [offers[2]]
    assert loaded.columns.offer_id.tolist() == [offers[0], offers[1], offers[3]]


def test_who_is_gone_is_left_out_and_goes_with_the_row(way, offers, requests):
    gone = max(offers) + 1_000
    assert store_offers(of([*offers, gone], [], [], [], [], [])) == offers
    SupplyOffer.objects.filter(pk=offers[0]).delete()
    assert set(rows()) == set(offers[1:])
    listed = [(offers[0], 9_000), (gone, 8_500), (offers[1], 8_000)]
    store_requests(of(requests[:1], listed))
    assert [one.partner_id for one in rankings.partners_of_requests(requests)] == [offers[1]]


def test_rankings_are_dropped_by_owner_and_part(offers, requests):
    store_offers(of(offers, [], [], [], []))
    for part in (0, 1):
        store_requests(of(requests, [], [], [], []), part=part)
    assert rankings.drop_rankings(offer_ids=offers[:1], request_ids=requests[:1]) == 3
    assert rankings.drop_rankings(request_ids=requests, part=1) == 3
    assert rankings.drop_rankings(offer_ids=offers, part=1) == 0
    assert set(rows()) == set(offers[1:])
    left = RequestRanking.objects.values_list("request_id", "part").order_by("request_id")
    assert list(left) == [(pk, 0) for pk in requests[1:]]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"owners": np.array([4, 4])}, "one list"),
        ({"owners": np.array([4])}, "differ in length"),
        ({"inputs": supply([5, 4], 1)}, "other offers"),
        ({"inputs": supply([4, 5], 2)}, "other offers"),
    ],
)
def test_rows_that_do_not_belong_together_are_refused(changes, message):
    values = {"owners": np.array([4, 5]), "versions": np.array([1, 1]), "lists": lists_of([], [])}
    rankings.Rankings(**values, inputs=supply([4, 5], 1))
    with pytest.raises(ValueError, match=message):
        rankings.Rankings(**{**values, **changes})


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_was_never_there(offers, requests, monkeypatch):
    monkeypatch.setattr(storing, "FEW_ROWS", len(offers) - 1)

    def seen_by_another() -> int:
        with psycopg.connect(**connection.get_connection_params()) as other:
            return other.execute("SELECT count(*) FROM matchmaking_offerranking").fetchone()[0]

    given = of(offers, [(requests[0], 9_000)], [], [], [])
    with transaction.atomic():
        assert store_offers(given) == offers
        assert seen_by_another() == 0
        transaction.set_rollback(True)
    assert rows() == {}
    assert store_offers(given) == offers
    assert seen_by_another() == len(offers)


def test_lists_are_read_with_places_and_matches(world):
    refresh.refresh_all()
    offer, request = world.offer.pk, world.request.pk
    other = ids_like(world.request, 2)[1]
    rankings.forget()
    store_offers(of([offer], [(other, 9_000), (request, 8_000)]))
    (match,) = world.offer.matches.all()
    assert rankings.partners_of_offers([offer]) == [
        (offer, 1, other, 9_000, None),
        (offer, 2, request, 8_000, match.pk),
    ]
    assert rankings.partners_of_offers(None) == rankings.partners_of_offers([offer])
    assert rankings.partners_of_offers([]) == rankings.partners_of_requests(None) == []
    store_requests(of([request], [(offer, 8_000)]))
    assert rankings.pairs_listed(offer_ids=[offer]) == {(offer, other), (offer, request)}
    assert rankings.pairs_listed(offer_ids=[offer], unmatched=True) == {(offer, other)}
    assert rankings.pairs_listed(request_ids=[request, other]) == {(offer, request)}
    assert rankings.pairs_listed(request_ids=[request], unmatched=True) == set()
    assert len(rankings.pairs_listed(offer_ids=None, request_ids=None)) == 2


def test_a_request_lists_the_best_of_all_parts(offers, requests):
    ruleset = ensure_ruleset()
    ruleset.rules["top_k"] = 3
    ruleset.save()
    store_requests(of(requests[:1], [(offers[3], 9_000), (offers[0], 7_000)]), part=0)
    store_requests(of(requests[:1], [(offers[1], 9_000), (offers[2], 8_000)]), part=1)
    found = rankings.partners_of_requests(requests[:1])
    assert [(one.place, one.partner_id, one.score) for one in found] == [
        (1, offers[1], 9_000),
        (2, offers[3], 9_000),
        (3, offers[2], 8_000),
    ]
    pairs = {(pk, requests[0]) for pk in offers[1:]}
    assert rankings.pairs_listed(request_ids=requests) == pairs


def test_the_state_is_noted_over_itself_and_forgotten_with_the_rankings(offers):
    rules = ensure_ruleset().pk
    rankings.note_state(MarketState(shard=0, horizon=8, ruleset_id=rules, ground="1|2"))
    rankings.note_state(
        MarketState(shard=0, horizon=9, ruleset_id=rules, ground="1|3", cluster="here")
    )
    rankings.note_state(MarketState(shard=1, horizon=4, ruleset_id=rules, ground=""))
    store_offers(of(offers, [], [], [], []))
    state = rankings.state_of()
    assert (state.horizon, state.ground, state.cluster) == (9, "1|3", "here")
    assert rankings.load().state == state
    rankings.forget(1)
    assert (rankings.state_of(1), len(rows())) == (None, 4)
    rankings.forget()
    assert (MarketState.objects.count(), rows()) == (0, {})


def test_a_full_row_stays_on_its_page(offers):
    entry = [(10**12 + at, 9_000 - at) for at in range(200)]
    store_offers(of(offers, entry, entry, entry, entry, columns=supply))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT max(pg_column_size(stored.*)), pg_relation_size(reltoastrelid)"
            " FROM matchmaking_offerranking stored, pg_class"
            " WHERE pg_class.oid = 'matchmaking_offerranking'::regclass GROUP BY reltoastrelid"
        )
        size, apart = cursor.fetchone()
    assert size > 2_000
    assert apart == 0


def test_many_lists_go_in_and_come_back_at_once(requests):
    many = ids_like(SupplyOfferFactory(published=True), storing.FEW_ROWS + 100)
    given = of(many, *([[(requests[0], 9_000)] * 50] * len(many)), columns=supply)
    began = time.perf_counter()
    assert store_offers(given) == many
    assert store_offers(given) == []
    assert len(rankings.load().offers.columns) == len(many)
    assert time.perf_counter() - began < 2
