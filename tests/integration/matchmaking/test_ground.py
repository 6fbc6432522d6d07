"""A changed road, ferry or pact re-scores what it touches, and only that."""

from __future__ import annotations

import datetime as dt
from itertools import count

import pytest

from core.freight.registry import Change
from core.kernel import clock
from core.kernel.calendar import DayBegan
from core.outbox import registry
from core.outbox.models import OutboxMessage
from core.places import services as places
from core.places.enums import Confidence, LinkStatus, NodeKind, RoadClass
from core.places.events import LinkStatusChanged, NetworkReloaded
from core.places.models import ProvincePact, RoadLink, RoadNode
from core.places.selectors import change_of, links_in_use
from matchmaking import handlers, selectors
from matchmaking.enums import MatchStatus
from matchmaking.models import Match, ScoredGround
from matchmaking.services import ground, refresh
from tests.factories import accounts, buyers, producers

pytestmark = pytest.mark.django_db

ROADS = [
    ("P22", "P31", 50, 1.0), ("P31", "P01", 105, 2.0), ("P22", "P01", 190, 4.0),
    ("P01", "P38", 150, 3.0), ("P22", "P20", 225, 5.5), ("P20", "P01", 150, 3.0),
]  # fmt: skip


@pytest.fixture
def network():
    """Five provinces in a ring of roads, with offers in three and requests in three."""
    names = {"22": "Quảng Ninh", "31": "Hải Phòng", "01": "Hà Nội", "38": "Thanh Hóa", "20": "L S"}
    provinces = {
        code: accounts.province(code, **({} if code == "22" else {"name": name}))
        for code, name in names.items()
    }
    nodes = {
        f"P{code}": RoadNode.objects.create(
            code=f"P{code}", name=names[code], kind=NodeKind.SEAT, province=province,
            lat=21, lon=106, source="test",
        )
        for code, province in provinces.items()
    }  # fmt: skip
    for start, end, km, hours in ROADS:
        RoadLink.objects.create(
            start=nodes[start], end=nodes[end], km=km, truck_hours=hours, source="test",
            road=f"{start}-{end}", road_class=RoadClass.NATIONAL, confidence=Confidence.ESTIMATE,
        )  # fmt: skip
    oranges, number = producers.category(), count()
    for code in ("22", "31", "20"):
        producers.SupplyOfferFactory(
            published=True, product__name=f"Cam {next(number)}", origin_province=provinces[code]
        )
    for code in ("01", "38", "20"):
        buyers.DemandRequestFactory(
            published=True, category=oranges, delivery_province=provinces[code],
            price_ceiling_vnd_per_base=45_000,
        )  # fmt: skip
    refresh.refresh_all()
    return provinces


def states():
    """Version, score and hours of every match, by where it starts and ends."""
    rows = Match.objects.select_related("offer__origin_province", "request__delivery_province")
    return {
        (m.offer.origin_province.code, m.request.delivery_province.code): (
            m.version, m.changed_at, m.score, m.pair["hours"],
        )
        for m in rows
    }  # fmt: skip


def changed(before):
    return {pair for pair, state in states().items() if state != before[pair]}


def close(road, **values):
    link = RoadLink.objects.get(road=road)
    places.change_link_status(link_id=link.pk, **{"status": LinkStatus.CLOSED, **values})


def test_closing_a_link_rescores_the_pairs_it_touches_and_only_those(network):
    before = states()
    close("P22-P31")

    done = ground.follow_ground()

    # Quảng Ninh now goes round to Hà Nội and Thanh Hóa; Hải Phòng reaches Lạng Sơn by Hà Nội as
    # before, and so do all others.
    assert len(before) == 9
    assert changed(before) == {("22", "01"), ("22", "38")}
    assert (done.pairs, done.changed) == (2, 2)
    after = states()
    assert after["22", "01"][3] == 4.0
    assert after["22", "01"][2] < before["22", "01"][2]


def test_each_new_score_is_found_again_from_what_is_stored(network):
    close("P22-P31")
    ground.follow_ground()
    for match in Match.objects.all():
        assert selectors.explanation_of(match).score == match.score == sum(match.parts.values())


def test_change_that_alters_no_fastest_way_rescores_nothing(network):
    before = states()
    close("P22-P01")
    assert ground.follow_ground() == ground.Rescored()
    assert changed(before) == set()


def test_second_event_of_the_same_change_finds_nothing_to_do(network):
    close("P22-P31")
    ground.follow_ground()
    before, told = states(), OutboxMessage.objects.count()
    assert ground.follow_ground() == ground.Rescored()
    assert (changed(before), OutboxMessage.objects.count()) == (set(), told)


def test_many_changes_at_once_are_made_good_by_the_first_event(network):
    before = states()
    close("P22-P31")
    close("P22-P01")
    handlers.rank_one(DayBegan(day=clock.today()))
    assert changed(before) == {("22", "01"), ("22", "38")}
    assert states()["22", "01"][3] == 8.5
    assert ground.follow_ground() == ground.Rescored()


def test_reopening_what_nobody_heard_of_leaves_no_stale_score(network):
    """Between closing and reopening an offer was scored: it must not keep the closed way."""
    before = states()
    close("P22-P31")
    offer = Match.objects.filter(offer__origin_province=network["22"]).first().offer
    refresh.refresh_matches_of_offer(offer_id=offer.pk)
    close("P22-P31", status=LinkStatus.OPEN)
    ground.follow_ground()
    assert {pair: state[2:] for pair, state in states().items()} == {
        pair: state[2:] for pair, state in before.items()
    }


def test_only_way_closed_suspends_and_its_reopening_proposes_again(network):
    close("P01-P38")
    ground.follow_ground()
    cut_off = Match.objects.filter(request__delivery_province=network["38"])
    assert {(m.status, *m.refusals) for m in cut_off} == {(MatchStatus.SUSPENDED, "unreachable")}
    close("P01-P38", status=LinkStatus.OPEN)
    done = ground.follow_ground()
    assert done.pairs == 3
    assert {m.status for m in cut_off.all()} == {MatchStatus.PROPOSED}


def test_link_counts_from_the_morning_it_opens(network, monkeypatch):
    link = RoadLink.objects.get(road="P22-P01")
    RoadLink.objects.filter(pk=link.pk).update(truck_hours=1, status=LinkStatus.PLANNED)
    refresh.refresh_all()
    before, opens = states(), clock.today() + dt.timedelta(days=3)
    places.change_link_status(link_id=link.pk, status=LinkStatus.OPEN, opens_on=opens)
    assert ground.follow_ground() == ground.Rescored()
    assert changed(before) == set()

    monkeypatch.setattr(clock, "today", lambda: opens)
    handlers.rank_one(DayBegan(day=opens))

    assert states()["22", "01"][3] == 1.0
    assert {pair for pair in changed(before) if pair[0] == "22"} >= {("22", "01"), ("22", "38")}
    assert ("20", "20") not in changed(before)


def test_pact_rescores_the_two_provinces_and_only_those(network):
    before = states()
    pact = places.enter_pact(
        terms=places.PactTerms(
            a_id=network["22"].pk, b_id=network["38"].pk, name="Biên bản", scope="nông sản",
            source="sở",
        )
    )  # fmt: skip
    done = ground.follow_ground()
    assert changed(before) == {("22", "38")}
    assert done == ground.Rescored(pairs=1, changed=1)
    assert states()["22", "38"][2] == before["22", "38"][2] + 500

    ProvincePact.objects.filter(pk=pact.pk).update(valid_to=clock.today() - dt.timedelta(days=1))
    ground.follow_ground()
    assert states()["22", "38"][2] == before["22", "38"][2]


def test_event_reaches_matching_once(network):
    before = states()
    close("P22-P31")
    [consumer] = registry.consumers_of(LinkStatusChanged.type)
    event = LinkStatusChanged.from_payload(
        OutboxMessage.objects.get(type=LinkStatusChanged.type).payload
    )
    consumer.handle(event)
    after = states()
    consumer.handle(event)
    assert changed(before) == {("22", "01"), ("22", "38")}
    assert states() == after


def test_load_of_another_network_scores_everything_again(network):
    RoadLink.objects.filter(road="P01-P38").update(truck_hours=6, version=2)
    before = states()
    handlers.rank_one(NetworkReloaded())
    assert changed(before) == {(start, "38") for start in ("22", "31", "20")}
    assert ground.follow_ground() == ground.Rescored()


def test_preview_counts_what_is_scored_again_afterwards(network):
    link = RoadLink.objects.get(road="P22-P31")
    change = selectors.stakes_of(
        Change(links_before=links_in_use(clock.today()), links_after=without(link))
    )
    close("P22-P31")
    assert (change.offers, change.requests, change.pairs) == (1, 2, ground.follow_ground().pairs)


def without(link):
    return change_of(link, status=LinkStatus.CLOSED, opens_on=None).after


def test_matches_of_before_this_was_noted_are_all_scored_once(network):
    ScoredGround.objects.all().delete()
    before = states()
    assert ground.follow_ground() == ground.Rescored(pairs=9, changed=0)
    assert changed(before) == set()


def test_ferry_hours_are_stored_with_the_match(network):
    RoadLink.objects.filter(road="P01-P38").update(
        road_class=RoadClass.FERRY, truck_hours=2, waiting_hours=3, version=2
    )
    ground.follow_ground()
    stored = Match.objects.get(
        offer__origin_province=network["22"], request__delivery_province=network["38"]
    )
    assert (stored.pair["hours"], stored.pair["ferry_hours"]) == (8.0, 5.0)
    facts = {part.code: part.facts for part in selectors.explanation_of(stored).parts}["freight"]
    assert (facts["driving_hours"], facts["ferry_hours"], facts["rest_hours"]) == (3, 5, 0)
