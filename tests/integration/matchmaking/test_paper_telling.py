"""Who hears of it when a paper stops a match and when it brings the match back."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.template.loader import render_to_string

from core.accounts.enums import Role
from core.kernel import clock
from core.kernel.calendar import DayBegan
from core.kernel.errors import DomainError
from core.notifications.enums import Choice
from core.notifications.models import Notification
from matchmaking import handlers, notices, selectors
from matchmaking.enums import Channel, DeclineReason, MatchStatus, Side
from matchmaking.models import Match
from matchmaking.services import decisions, refresh
from producers import services
from producers.enums import EvidenceGrade, OfferStatus, PaperKind
from producers.models import Paper
from producers.services import PaperInput
from tests.factories import accounts
from tests.factories import producers as producer_factories
from tests.integration.matchmaking.working import work

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def match(world) -> Match:
    refresh.refresh_matches_of_offer(offer_id=world.offer.pk)
    return Match.objects.get()


def voice(side: Side) -> decisions.Voice:
    return decisions.Voice(side=side, channel=Channel.PORTAL)


def accept(match: Match, *sides: Side) -> None:
    for side in sides:
        decisions.accept_match(match_id=match.pk, voice=voice(side))


def told(kind: str) -> set[int]:
    return set(Notification.objects.filter(kind=kind).values_list("user", flat=True))


def suspend(world) -> None:
    services.suspend_paper(paper_id=world.code.pk, reason="Kiểm tra")


def run_out(world) -> None:
    with time_machine.travel(clock.now() + 6 * DAY):
        services.follow_papers(day=clock.today())


def revoke(world) -> None:
    first, second = accounts.OfficerFactory.create_batch(2)
    services.revoke_paper(
        paper_id=world.code.pk, reason="x", officer_id=first.pk, confirmed_by_id=second.pk
    )


@pytest.mark.parametrize("stop", [suspend, revoke, run_out])
def test_delegates_of_both_sides_hear_of_a_match_they_agreed_on(world, match, stop):
    """A delegate is a member with the right to edit, also one whose home is a cooperative."""
    world.code.valid_to = clock.today() + 5 * DAY
    world.code.save()
    cooperative = accounts.MembershipFactory()
    parties = (world.offer.producer.organisation, world.request.group.organisation)
    for party in parties:
        accounts.MembershipFactory(user=cooperative.user, organisation=party, role=Role.EDITOR)
        accounts.MembershipFactory(organisation=party, role=Role.VIEWER)
    accept(match, *Side)
    stop(world)
    with time_machine.travel(clock.now() + (6 if stop is run_out else 0) * DAY):
        work()
    people = {world.seller.pk, world.buyer.pk, cooperative.user.pk}
    assert told("match_suspended") == people
    of_paper = "paper_expired" if stop is run_out else "paper_decided"
    assert told(of_paper) == {world.seller.pk, cooperative.user.pk}


def test_a_match_only_suggested_is_told_in_the_portal_to_who_has_heard_of_it(world, match):
    done = work()
    assert told("match_proposed") == {world.seller.pk, world.buyer.pk}
    accounts.MembershipFactory(organisation=world.request.group.organisation)  # came later
    suspend(world)
    work(start=done)
    notes = Notification.objects.filter(kind="match_suspended")
    assert {note.user_id for note in notes} == {world.seller.pk, world.buyer.pk}
    assert {note.delivery for note in notes} == {Choice.OFF}
    assert all(notices._stopped(MatchStatus.SUSPENDED)(note) for note in notes)


def test_a_renewal_brings_the_agreed_match_back_and_both_sides_hear_of_it(world, match):
    world.code.valid_to = clock.today() + 5 * DAY
    world.code.save()
    accept(match, *Side)
    with time_machine.travel(clock.now() + 6 * DAY):
        services.follow_papers(day=clock.today())
        done = work()
        new = producer_factories.PaperFactory(
            producer=world.code.producer, product=world.code.product, kind=world.code.kind,
            market=world.code.market, number=world.code.number,
            valid_from=world.code.valid_to + DAY, valid_to=world.code.valid_to + 300 * DAY,
        )  # fmt: skip
        services.verify_paper(paper_id=new.pk, grade=EvidenceGrade.DOCUMENT)
        work(start=done)
        match.refresh_from_db()
        assert match.status == MatchStatus.AGREED
        assert told("match_resumed") == {world.seller.pk, world.buyer.pk}
        note = Notification.objects.filter(kind="match_resumed").first()
        context = notices._stands(note)
        assert context["is_agreed"]
        for part in ("subject.txt", "body.txt", "body.html"):
            render_to_string(f"emails/match_resumed/{part}", context)


def test_of_a_match_that_comes_back_the_side_that_has_not_answered_is_asked_again(world, match):
    accept(match, Side.PRODUCER)
    suspend(world)
    done = work()
    services.verify_paper(paper_id=world.code.pk, grade=EvidenceGrade.DOCUMENT)
    work(start=done)
    match.refresh_from_db()
    assert (match.status, match.producer_verdict) == (MatchStatus.PROPOSED, "accepted")
    assert told("match_resumed") == {world.seller.pk}
    newest = Notification.objects.filter(kind="match_waiting").order_by("pk").last()
    assert (newest.user, notices._open_question(newest) is None) == (world.buyer, False)


def test_what_stands_again_is_no_news_once_it_stops_again(world, match):
    accept(match, *Side)
    suspend(world)
    done = work()
    services.verify_paper(paper_id=world.code.pk, grade=EvidenceGrade.DOCUMENT)
    done = work(start=done)
    suspend(world)
    work(start=done)
    assert notices._stands(Notification.objects.filter(kind="match_resumed").first()) is None


# --- Ways around the officers' steps ----------------------------------------------------------


def test_a_declined_match_is_not_taken_back_onto_a_dead_paper(world, match):
    decisions.decline_match(match_id=match.pk, voice=voice(Side.BUYER), reason=DeclineReason.PRICE)
    suspend(world)
    work()
    with pytest.raises(DomainError):
        decisions.take_back_decision(match_id=match.pk, voice=voice(Side.BUYER))
    match.refresh_from_db()
    assert match.status == MatchStatus.DECLINED


def test_a_shop_handed_in_again_carries_nothing_until_it_is_verified_again(world):
    world.request.required_papers = [PaperKind.STOREFRONT]
    world.request.save()
    shop = producer_factories.PaperFactory(
        producer=world.offer.producer, verified=True, kind=PaperKind.STOREFRONT,
        platform="postmart", stage="account", valid_to=None,
    )  # fmt: skip
    refresh.refresh_matches_of_offer(offer_id=world.offer.pk)
    match = Match.objects.get()
    accept(match, *Side)
    services.resubmit_paper(paper_id=shop.pk, values=moved_on(shop))
    done = work()
    match.refresh_from_db()
    assert match.status == MatchStatus.SUSPENDED
    assert selectors.matches_without_papers(day=clock.today()) == []
    services.verify_paper(paper_id=shop.pk, grade=EvidenceGrade.REGISTER)
    work(start=done)
    match.refresh_from_db()
    assert match.status == MatchStatus.AGREED


def moved_on(shop: Paper) -> PaperInput:
    return PaperInput(
        kind=shop.kind, number=shop.number, issuer=shop.issuer, valid_from=shop.valid_from,
        platform=shop.platform, stage="activated",
    )  # fmt: skip


def test_the_daily_look_holds_what_no_event_of_a_paper_reaches(world, match):
    accept(match, *Side)
    world.code.crop = world.offer.product.category
    world.code.save()
    world.offer.status = OfferStatus.WITHDRAWN
    world.offer.save()
    world.offer.product.category = producer_factories.category("ga", name="Gà", order=2)
    world.offer.product.save()
    handlers.hold_all_to_papers(DayBegan(day=clock.today()))
    match.refresh_from_db()
    assert (match.status, match.refusals) == (MatchStatus.SUSPENDED, ["papers_not_valid"])
