"""Matches stay true to the offers, requests and papers they rest on."""

from __future__ import annotations

import datetime as dt

import pytest

from buyers.enums import RequestStatus
from core.outbox.models import OutboxMessage
from matchmaking import selectors
from matchmaking.enums import Channel, MatchStatus, Side, Verdict
from matchmaking.models import Match
from matchmaking.services import decisions, refresh
from producers.enums import OfferStatus, PaperStatus
from tests.factories import producers as producer_factories

pytestmark = pytest.mark.django_db


def refreshed(world) -> Match:
    refresh.refresh_matches_of_offer(offer_id=world.offer.pk)
    return Match.objects.get(offer=world.offer, request=world.request)


def events() -> list[str]:
    return list(OutboxMessage.objects.order_by("id").values_list("type", flat=True))


def agree(match: Match, world) -> None:
    for side, user in ((Side.PRODUCER, world.seller), (Side.BUYER, world.buyer)):
        voice = decisions.Voice(side=side, channel=Channel.PORTAL, user_id=user.pk)
        decisions.accept_match(match_id=match.pk, voice=voice)


def test_offer_that_fits_is_proposed_once_with_its_event(world):
    match = refreshed(world)

    assert match.status == MatchStatus.PROPOSED
    assert events() == ["matchmaking.match.proposed.v1"]


def test_refreshing_again_writes_and_announces_nothing(world):
    before = refreshed(world)

    refresh.refresh_matches_of_offer(offer_id=world.offer.pk)
    refresh.refresh_matches_of_request(request_id=world.request.pk)

    after = Match.objects.get()
    assert (after.version, after.changed_at) == (before.version, before.changed_at)
    assert events() == ["matchmaking.match.proposed.v1"]


def test_both_directions_find_the_same_match(world):
    by_offer = refreshed(world)
    figures = (by_offer.score, by_offer.parts, by_offer.supply, by_offer.demand, by_offer.pair)
    Match.objects.all().delete()

    refresh.refresh_matches_of_request(request_id=world.request.pk)

    found = Match.objects.get()
    assert (found.score, found.parts, found.supply, found.demand, found.pair) == figures


def test_score_is_the_sum_of_its_parts_and_is_found_again_from_the_stored_inputs(world):
    match = refreshed(world)

    explanation = selectors.explanation_of(match)

    assert sum(match.parts.values()) == match.score
    assert {part.code: part.points for part in explanation.parts} == match.parts
    assert explanation.score == match.score


def test_offer_without_the_required_code_is_not_proposed_and_says_why(world):
    world.code.delete()

    refresh.refresh_matches_of_offer(offer_id=world.offer.pk)

    actor = actor_of(world.seller)
    pair = selectors.pair_for(actor, offer_id=world.offer.pk, request_id=world.request.pk)
    assert not Match.objects.exists()
    assert [reason.code for reason in pair.explanation.refusals] == ["papers_missing"]


def test_code_given_for_another_market_does_not_count(world):
    world.code.market = "CN"
    world.code.save()

    refresh.refresh_matches_of_offer(offer_id=world.offer.pk)

    assert not Match.objects.exists()


def test_revoked_code_suspends_an_agreed_match_and_verifying_it_again_brings_it_back(world):
    match = refreshed(world)
    agree(match, world)
    set_status(world.code, PaperStatus.REVOKED)

    refresh.refresh_matches_of_offer(offer_id=world.offer.pk)
    match.refresh_from_db()
    suspended = (match.status, match.refusals, events()[-1])
    set_status(world.code, PaperStatus.VERIFIED)
    refresh.refresh_matches_of_offer(offer_id=world.offer.pk)

    match.refresh_from_db()
    assert suspended == (
        MatchStatus.SUSPENDED,
        ["papers_missing"],
        "matchmaking.match.suspended.v1",
    )
    assert match.status == MatchStatus.AGREED


def test_new_price_asks_both_sides_again(world):
    match = refreshed(world)
    voice = decisions.Voice(side=Side.BUYER, channel=Channel.PORTAL, user_id=world.buyer.pk)
    decisions.accept_match(match_id=match.pk, voice=voice)
    world.offer.price_vnd_per_base = 32_000
    world.offer.version += 1
    world.offer.save()

    refresh.refresh_matches_of_offer(offer_id=world.offer.pk)

    match.refresh_from_db()
    assert (match.buyer_verdict, match.status) == (Verdict.PENDING, MatchStatus.PROPOSED)
    assert match.offer_version == world.offer.version


def test_withdrawn_offer_ends_open_matches_but_not_agreed_ones(world):
    match = refreshed(world)
    world.offer.status = OfferStatus.WITHDRAWN
    world.offer.save()

    refresh.refresh_matches_of_offer(offer_id=world.offer.pk)

    match.refresh_from_db()
    assert (match.status, match.refusals) == (MatchStatus.ENDED, ["offer_left"])


def test_agreed_match_outlives_its_offer(world):
    match = refreshed(world)
    agree(match, world)
    world.offer.status = OfferStatus.WITHDRAWN
    world.offer.save()

    refresh.refresh_matches_of_offer(offer_id=world.offer.pk)

    match.refresh_from_db()
    assert match.status == MatchStatus.AGREED


def test_closed_request_ends_its_matches(world):
    match = refreshed(world)
    world.request.status = RequestStatus.CLOSED
    world.request.save()

    refresh.refresh_matches_of_request(request_id=world.request.pk)

    match.refresh_from_db()
    assert (match.status, match.refusals) == (MatchStatus.ENDED, ["request_left"])


def test_offer_published_again_is_proposed_afresh(world):
    match = refreshed(world)
    for status in (OfferStatus.WITHDRAWN, OfferStatus.PUBLISHED):
        world.offer.status = status
        world.offer.save()
        refresh.refresh_matches_of_offer(offer_id=world.offer.pk)

    match.refresh_from_db()
    assert match.status == MatchStatus.PROPOSED
    assert events().count("matchmaking.match.proposed.v1") == 2


def test_only_the_best_new_matches_of_one_change_are_told_at_once(world):
    for _ in range(4):
        offer = producer_factories.SupplyOfferFactory(
            published=True, producer=world.offer.producer, product__category=world.request.category
        )
        producer_factories.PaperFactory(
            producer=offer.producer, product=offer.product, verified=True,
            kind="growing_area_code", market="VN",
        )  # fmt: skip

    refresh.refresh_matches_of_request(request_id=world.request.pk)

    told = [m.payload["is_top"] for m in OutboxMessage.objects.order_by("id")]
    assert told == [True, True, True, False, False]


def test_offer_past_its_window_is_no_candidate(world):
    world.offer.available_from -= dt.timedelta(days=60)
    world.offer.available_to -= dt.timedelta(days=60)
    world.offer.save()

    refresh.refresh_matches_of_request(request_id=world.request.pk)

    assert not Match.objects.exists()


def test_refresh_costs_the_same_queries_for_one_and_for_many(world, django_assert_num_queries):
    refresh.refresh_matches_of_request(request_id=world.request.pk)
    with django_assert_num_queries(44):
        refresh.refresh_matches_of_request(request_id=world.request.pk)
    for _ in range(3):
        producer_factories.SupplyOfferFactory(
            published=True, product__category=world.request.category
        )
    refresh.refresh_matches_of_request(request_id=world.request.pk)
    with django_assert_num_queries(44):
        refresh.refresh_matches_of_request(request_id=world.request.pk)


def set_status(paper, status) -> None:
    paper.status = status
    paper.save(update_fields=["status"])


def actor_of(user):
    from core.accounts.actors import Actor
    from core.accounts.enums import Role

    membership = user.memberships.get()
    return Actor(user=user, organisation=membership.organisation, role=Role(membership.role))
