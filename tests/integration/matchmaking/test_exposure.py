"""What buyers are shown is noted, counted once a day, and orders what they are shown next."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import DatabaseError
from django.test import Client

from core.accounts.enums import ApiScope, ConsentPurpose
from core.accounts.services import give_consents
from core.kernel import clock
from core.kernel.calendar import DayBegan
from core.outbox.models import OutboxMessage
from matchmaking import handlers, selectors
from matchmaking.engine.exposure import LATELY_DAYS
from matchmaking.enums import Channel, MatchStatus, ShownBy, Side
from matchmaking.events import MatchProposed
from matchmaking.models import Impression, Match, Ruleset, Shortfall
from matchmaking.services import changes, decisions, exposure, refresh
from tests.integration.matchmaking.test_api import key_of

pytestmark = pytest.mark.django_db
URL = "/matches/"


@pytest.fixture
def rival(world):
    """A second producer of the same oranges, a little dearer."""
    from producers.enums import PaperKind
    from tests.factories import producers

    offer = producers.SupplyOfferFactory(
        published=True,
        product__name="Cam Vân Đồn 2",
        product__category=world.offer.product.category,
    )
    producers.PaperFactory(
        producer=offer.producer, product=offer.product, verified=True,
        kind=PaperKind.GROWING_AREA_CODE, market="VN",
    )  # fmt: skip
    return offer


@pytest.fixture
def matches(world, rival) -> tuple[Match, Match]:
    """The better match and the one 100 points behind it."""

    refresh.refresh_matches_of_request(request_id=world.request.pk)
    better, worse = Match.objects.get(offer=world.offer), Match.objects.get(offer=rival)
    Match.objects.filter(pk=better.pk).update(score=7_000)
    Match.objects.filter(pk=worse.pk).update(score=6_900)
    return better, worse


def signed_in(user) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(user)
    return client


def page(user, query: str = ""):
    return signed_in(user).get(f"{URL}{query}")


def order_on(answer) -> list[int]:
    return [row["match"].pk for row in answer.context["rows"]]


def shown_before(match: Match, *, days: int = 1, place: int = 1, side: Side = Side.BUYER) -> None:
    Impression.objects.create(
        match=match, side=side, channel=ShownBy.PORTAL, place=place,
        shown_on=clock.today() - dt.timedelta(days=days),
    )  # fmt: skip


def test_a_list_notes_what_it_shows_once_a_day_at_its_first_place(world, matches):
    better, worse = matches
    page(world.buyer)
    page(world.buyer, f"?offer={worse.offer_id}")
    page(world.seller)

    rows = Impression.objects.order_by("side", "place")
    noted = [(one.match_id, one.side, one.place, one.channel, one.shown_on) for one in rows]
    today = clock.today()
    assert noted == [
        (better.pk, "buyer", 1, "portal", today),
        (worse.pk, "buyer", 2, "portal", today),
        (better.pk, "producer", 1, "portal", today),
    ]


def test_who_was_shown_yields_to_who_was_not_and_the_page_says_why(world, matches):
    better, worse = matches
    assert order_on(page(world.buyer)) == [better.pk, worse.pk]
    Impression.objects.all().delete()
    shown_before(better)
    exposure.count_exposure()

    answer = page(world.buyer)

    assert order_on(answer) == [worse.pk, better.pk]
    assert "Được nâng lên: gần đây bên mua ít thấy nhà sản xuất này." in answer.text
    assert "Bị lùi xuống" not in answer.text
    assert "tối đa 4 điểm trên 100" in answer.text
    assert order_on(page(world.buyer, "?q=Cam")) != []
    assert order_on(page(world.seller)) == [better.pk]


def test_further_offers_of_one_producer_let_others_pass(world, matches, rival):
    from tests.factories import producers

    first, second = matches
    offer = producers.SupplyOfferFactory(published=True, product__category=world.request.category)
    other = Match.objects.get(pk=second.pk)
    other.pk, other.score, other.offer, other.producer = None, 6_850, offer, offer.producer
    other.save()
    Match.objects.filter(pk=second.pk).update(producer=first.producer)

    answer = page(world.buyer)

    assert order_on(answer) == [first.pk, other.pk, second.pk]
    assert "Bị lùi xuống: nhà sản xuất này đã có chào hàng khác đứng trên" in answer.text


def test_what_is_not_proposed_is_not_lifted(world, matches):
    better, worse = matches
    shown_before(better)
    exposure.count_exposure()
    Match.objects.filter(pk=worse.pk).update(status=MatchStatus.SUSPENDED)

    assert order_on(page(world.buyer)) == [better.pk, worse.pk]


def test_rules_of_before_order_by_score_alone(world, matches):
    better, worse = matches
    shown_before(better)
    exposure.count_exposure()
    ruleset = Ruleset.objects.get()
    old = {key: value for key, value in ruleset.rules.items() if key != "exposure_points"}
    Ruleset.objects.filter(pk=ruleset.pk).update(rules=old)

    answer = page(world.buyer)

    assert order_on(answer) == [better.pk, worse.pk]
    assert "Best first" not in answer.text


def test_the_role_home_shows_and_notes_the_same_order(world, matches):
    better, worse = matches
    shown_before(better)
    exposure.count_exposure()

    signed_in(world.buyer).get("/home/", follow=True)

    today = Impression.objects.filter(shown_on=clock.today()).order_by("place")
    assert [(one.match_id, one.place) for one in today] == [(worse.pk, 1), (better.pk, 2)]


def test_the_api_gives_the_order_of_the_page_when_asked_for_the_best(world, matches):
    better, worse = matches
    shown_before(better)
    exposure.count_exposure()
    key = key_of(world.buyer, ApiScope.READ)

    newest = key.get("/api/v1/matches").json()["results"]
    assert not Impression.objects.filter(channel=ShownBy.API).exists()
    first = key.get("/api/v1/matches?order=best&page_size=1").json()
    second = key.get(first["next"]).json()

    assert [row["id"] for row in newest] == sorted([better.pk, worse.pk], reverse=True)
    assert [row["id"] for row in first["results"] + second["results"]] == [worse.pk, better.pk]
    noted = Impression.objects.filter(channel=ShownBy.API).order_by("place")
    assert [(one.match_id, one.place) for one in noted] == [(worse.pk, 1), (better.pk, 2)]
    assert key.get("/api/v1/matches?order=newest").status_code == 400
    assert len(key.get("/api/v1/matches?order=best&q=Cam").json()["results"]) == 2


def test_those_announced_are_those_shown_first(world, matches, monkeypatch):
    better, worse = matches
    shown_before(better)
    exposure.count_exposure()
    Match.objects.all().delete()
    last = OutboxMessage.objects.latest("pk").pk
    monkeypatch.setattr(changes, "ANNOUNCED_PER_CHANGE", 1)

    refresh.refresh_matches_of_request(request_id=world.request.pk)

    told = OutboxMessage.objects.filter(pk__gt=last, type=MatchProposed.type)
    events = [MatchProposed.from_payload(one.payload) for one in told]
    (top,) = [one.match_id for one in events if one.is_top]
    assert (len(events), Match.objects.get(pk=top).offer_id) == (2, worse.offer_id)


def test_a_suggestion_that_goes_by_mail_is_shown_by_mail(world, matches):
    better, _worse = matches
    give_consents(user_id=world.buyer.pk, purposes=[ConsentPurpose.MATCH_MAIL])

    handlers.tell_proposed(MatchProposed(match_id=better.pk, version=better.version))

    (one,) = Impression.objects.all()
    assert (one.match_id, one.side, one.channel, one.place) == (better.pk, "buyer", "mail", 1)


def test_a_page_that_cannot_note_anything_is_shown_all_the_same(world, matches, monkeypatch):
    def broken(*_args, **_kwargs):
        raise DatabaseError

    monkeypatch.setattr(Impression.objects, "bulk_create", broken)

    answer = page(world.buyer)

    assert (answer.status_code, len(order_on(answer))) == (200, 2)


def test_the_day_counts_the_last_four_weeks_of_buyers_and_forgets_after_four_hundred_days(
    world, matches, rival
):
    better, worse = matches
    shown_before(better, days=1, place=1)
    shown_before(better, days=LATELY_DAYS, place=1)
    shown_before(worse, days=3, place=3)
    shown_before(worse, days=LATELY_DAYS + 1)
    shown_before(worse, days=0)
    shown_before(worse, days=2, side=Side.PRODUCER)
    shown_before(worse, days=exposure.KEPT_DAYS)
    shown_before(worse, days=exposure.KEPT_DAYS + 1)

    for _twice in range(2):
        handlers.count_exposure(DayBegan(day=clock.today()))

    # 20,000 and 5,000 of attention: the average of two is 12,500.
    assert {one.pk: one.share for one in Shortfall.objects.all()} == {
        world.offer.producer_id: 0,
        rival.producer_id: 6_000,
    }
    assert Impression.objects.count() == 7


def test_an_answer_is_weighed_by_the_places_its_side_was_shown_until_then(world, matches):
    better, worse = matches
    shown_before(worse, days=2, place=3)
    shown_before(worse, days=1, place=3)
    shown_before(better, days=1, place=7, side=Side.PRODUCER)
    shown_before(worse, days=-1)
    for one in matches:
        decisions.accept_match(
            match_id=one.pk, voice=decisions.Voice(side=Side.BUYER, channel=Channel.PORTAL)
        )

    by_score, by_places = selectors.answers()

    assert by_score.chance == 1.0
    assert by_places.chance == pytest.approx(0.75)
