"""What two sides say to a match, by which door, and what they see of each other."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from core.kernel import clock
from core.outbox.models import OutboxMessage
from matchmaking import selectors
from matchmaking.enums import MatchStatus, Side, Verdict
from matchmaking.models import Decision, Match
from matchmaking.services import refresh
from tests.factories import accounts

pytestmark = pytest.mark.django_db


@pytest.fixture
def match(world) -> Match:
    refresh.refresh_matches_of_offer(offer_id=world.offer.pk)
    return Match.objects.get()


def link(match, user) -> str:
    token = selectors.mail_link_token(match_id=match.pk, user_id=user.pk)
    return reverse("matchmaking:answer", args=[token])


def contact_strings(organisation) -> list[str]:
    return [organisation.contact_name, str(organisation.contact_phone), organisation.contact_email]


def test_contact_shows_to_both_only_after_both_accepted(world, match, client_for):
    seller, buyer = client_for(world.seller), client_for(world.buyer)
    page = reverse("matchmaking:match_detail", args=[match.pk])
    hidden = contact_strings(world.request.group.organisation)

    seller.post(reverse("matchmaking:accept", args=[match.pk]))
    half_way = seller.get(page).content.decode()
    buyer.post(reverse("matchmaking:accept", args=[match.pk]))
    for_seller, for_buyer = seller.get(page).content.decode(), buyer.get(page).content.decode()

    assert [text for text in hidden if text in half_way] == []
    assert [text for text in hidden if text not in for_seller] == []
    shown = contact_strings(world.offer.producer.organisation)
    assert [text for text in shown if text not in for_buyer] == []


def test_second_accept_agrees_and_says_so_once(world, match, client_for):
    for user in (world.seller, world.buyer, world.buyer):
        client_for(user).post(reverse("matchmaking:accept", args=[match.pk]))

    match.refresh_from_db()
    agreed = OutboxMessage.objects.filter(type="matchmaking.match.accepted.v1", payload__both=True)
    assert match.status == MatchStatus.AGREED
    assert agreed.count() == 1


def test_strangers_find_no_match(world, match, client_for):
    stranger = accounts.MembershipFactory().user

    for name in ("match_detail", "decline"):
        page = client_for(stranger).get(reverse(f"matchmaking:{name}", args=[match.pk]))
        assert page.status_code == 404
    for name in ("accept", "decline", "take_back"):
        page = client_for(stranger).post(reverse(f"matchmaking:{name}", args=[match.pk]))
        assert page.status_code == 404
    assert not Decision.objects.exists()


def test_viewer_reads_but_does_not_answer(world, match, client_for):
    viewer = accounts.MembershipFactory(
        organisation=world.offer.producer.organisation, role="viewer"
    ).user

    page = client_for(viewer).get(reverse("matchmaking:match_detail", args=[match.pk]))
    answer = client_for(viewer).post(reverse("matchmaking:accept", args=[match.pk]))

    assert (page.status_code, answer.status_code) == (200, 404)


@pytest.mark.parametrize(
    ("language", "words"), [("vi", "chọn lý do"), ("en", "Choose the reason that fits best.")]
)
def test_declining_without_a_reason_asks_for_one_and_keeps_the_comment(
    world, match, client_for, language, words
):
    url = reverse("matchmaking:decline", args=[match.pk])

    page = client_for(world.buyer, language=language).post(url, {"comment": "vườn quá xa"})

    assert page.status_code == 200
    assert "vườn quá xa" in page.content.decode()
    assert words in page.content.decode()
    assert not Decision.objects.exists()


def test_declined_match_can_be_taken_back_by_the_side_that_declined(world, match, client_for):
    buyer = client_for(world.buyer)
    buyer.post(reverse("matchmaking:decline", args=[match.pk]), {"reason": "price"})
    other = client_for(world.seller).post(reverse("matchmaking:take_back", args=[match.pk]))

    buyer.post(reverse("matchmaking:take_back", args=[match.pk]))

    match.refresh_from_db()
    assert other.status_code == 404
    assert (match.status, match.buyer_verdict) == (MatchStatus.PROPOSED, Verdict.PENDING)


def test_opening_the_link_of_a_mail_decides_nothing(world, match, client):
    page = client.get(link(match, world.buyer))

    assert page.status_code == 200
    assert not Decision.objects.exists()


def test_link_of_a_mail_answers_without_signing_in_and_never_shows_contact(world, match, client):
    client.post(link(match, world.seller), {"answer": "accept"})
    page = client.post(link(match, world.buyer), {"answer": "accept"}, follow=True)

    match.refresh_from_db()
    said = set(Decision.objects.values_list("side", "verdict", "channel"))
    body = page.content.decode()
    assert match.status == MatchStatus.AGREED
    assert said == {
        (Side.PRODUCER, Verdict.ACCEPTED, "mail_link"),
        (Side.BUYER, Verdict.ACCEPTED, "mail_link"),
    }
    hidden = contact_strings(world.offer.producer.organisation)
    assert [text for text in hidden if text in body] == []


def test_link_used_twice_says_what_was_answered(world, match, client):
    for _ in range(2):
        page = client.post(link(match, world.buyer), {"answer": "accept"}, follow=True)

    assert page.status_code == 200
    assert Decision.objects.count() == 1


def test_link_ends_after_two_weeks_and_when_forged(world, match, client):
    url = link(match, world.buyer)
    with time_machine.travel(clock.now() + dt.timedelta(days=15), tick=False):
        late = client.post(url, {"answer": "accept"})
    forged = client.post(url[:-3] + "xx/", {"answer": "accept"})

    assert (late.status_code, forged.status_code) == (410, 410)
    assert not Decision.objects.exists()


def test_link_ends_with_the_membership(world, match, client):
    url = link(match, world.buyer)
    world.buyer.memberships.all().delete()

    assert client.post(url, {"answer": "accept"}).status_code == 410


def test_list_costs_the_same_queries_for_one_and_three_rows(
    world, match, client_for, django_assert_num_queries
):
    from tests.factories import producers

    client = client_for(world.buyer)
    client.get(reverse("matchmaking:match_list"))
    with django_assert_num_queries(15):
        client.get(reverse("matchmaking:match_list"))
    for _ in range(2):
        offer = producers.SupplyOfferFactory(
            published=True, product__category=world.request.category
        )
        producers.PaperFactory(
            producer=offer.producer, product=offer.product, verified=True,
            kind="growing_area_code", market="VN",
        )  # fmt: skip
    refresh.refresh_matches_of_request(request_id=world.request.pk)
    assert Match.objects.count() == 3
    with django_assert_num_queries(15):
        client.get(reverse("matchmaking:match_list"))


def test_why_page_explains_a_refused_pair_to_its_owners_only(world, client_for):
    world.code.delete()
    url = f"{reverse('matchmaking:why')}?offer={world.offer.pk}&request={world.request.pk}"

    mine = client_for(world.seller, language="en").get(url)
    strangers = client_for(accounts.MembershipFactory().user).get(url)

    assert "Growing-area code for Việt Nam" in mine.content.decode()
    assert (mine.status_code, strangers.status_code) == (200, 404)


def test_check_page_tells_the_producer_what_its_offer_lacks(world, client_for):
    world.code.delete()

    page = client_for(world.seller, language="en").get(
        f"{reverse('matchmaking:check')}?offer={world.offer.pk}"
    )

    assert "0 of 1 fit today" in page.content.decode()
    assert "Obtain, or have verified: Growing-area code for Việt Nam." in page.content.decode()


def test_check_page_holds_a_producers_own_offers_against_an_open_request(world, client_for):
    url = f"{reverse('matchmaking:check')}?request={world.request.pk}"
    stranger = accounts.MembershipFactory().user

    mine = client_for(world.seller, language="en").get(url).content.decode()
    theirs = client_for(stranger, language="en").get(url).content.decode()
    buyers = client_for(world.buyer, language="en").get(url).content.decode()

    assert "1 of 1 fit today" in mine
    assert "0 of 0 fit today" in theirs
    assert "1 of 1 fit today" in buyers


def test_check_page_of_a_foreign_offer_or_a_draft_request_is_not_found(world, client_for):
    world.request.status = "draft"
    world.request.save()
    check = reverse("matchmaking:check")

    answers = [
        client_for(world.buyer).get(f"{check}?offer={world.offer.pk}"),
        client_for(world.seller).get(f"{check}?request={world.request.pk}"),
        client_for(world.seller).get(check),
        client_for(world.seller).get(f"{check}?offer=x"),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404, 404]


def test_list_is_narrowed_by_state_offer_and_request(world, match, client_for):
    client, page = client_for(world.buyer), reverse("matchmaking:match_list")

    shown = {
        query: f"/matches/{match.pk}/" in client.get(f"{page}?{query}").content.decode()
        for query in (
            f"request={world.request.pk}",
            f"offer={world.offer.pk}",
            f"request={world.request.pk + 1}",
            "state=waiting",
            "state=agreed",
        )
    }

    assert list(shown.values()) == [True, True, False, True, False]
