"""No active match rests on a paper that does not count on a day that can still be delivered on."""

from __future__ import annotations

import datetime as dt
import io

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from buyers.enums import RequestStatus
from core.kernel import clock
from core.kernel.calendar import DayBegan
from core.kernel.errors import DomainError
from core.notifications.models import Notification
from core.outbox.models import OutboxMessage
from matchmaking import selectors
from matchmaking.enums import Channel, DeclineReason, MatchStatus, Side
from matchmaking.models import Match
from matchmaking.services import decisions, refresh
from matchmaking.services.expanding import expand
from matchmaking.services.owners import Owners
from producers import handlers as producer_handlers
from producers import services
from producers.enums import EvidenceGrade, OfferStatus, PaperStatus
from producers.models import Paper
from producers.services import PaperInput
from tests.factories import accounts
from tests.factories import producers as producer_factories
from tests.integration.matchmaking.working import work

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def refreshed(world) -> Match:
    refresh.refresh_matches_of_offer(offer_id=world.offer.pk)
    return Match.objects.get(offer=world.offer, request=world.request)


def accept(match: Match, side: Side, user) -> Match:
    voice = decisions.Voice(side=side, channel=Channel.PORTAL, user_id=user.pk)
    return decisions.accept_match(match_id=match.pk, voice=voice)


def agreed(world) -> Match:
    match = refreshed(world)
    accept(match, Side.PRODUCER, world.seller)
    return accept(match, Side.BUYER, world.buyer)


def end(world, *, in_days: int) -> None:
    world.code.valid_to = clock.today() + in_days * DAY
    world.code.save()


def test_a_paper_that_runs_out_within_the_window_suspends_the_match_on_the_next_day(world):
    end(world, in_days=5)
    match = agreed(world)
    for passed, status in ((5, MatchStatus.AGREED), (6, MatchStatus.SUSPENDED)):
        with time_machine.travel(clock.now() + passed * DAY):
            producer_handlers.follow_papers(DayBegan(day=clock.today()))
            work()
            match.refresh_from_db()
            assert match.status == status
            told = Notification.objects.filter(kind="match_suspended").values_list(
                "user", flat=True
            )
            is_over = status == MatchStatus.SUSPENDED
            assert set(told) == ({world.seller.pk, world.buyer.pk} if is_over else set())
            assert selectors.matches_without_papers(day=clock.today()) == []


def test_a_renewal_with_overlap_leaves_the_match_alone(world):
    end(world, in_days=5)
    match = agreed(world)
    new = producer_factories.PaperFactory(
        producer=world.code.producer, product=world.code.product, kind=world.code.kind,
        market=world.code.market, number=world.code.number,
        valid_from=world.code.valid_to - 2 * DAY, valid_to=world.code.valid_to + 300 * DAY,
    )  # fmt: skip
    services.verify_paper(paper_id=new.pk, grade=EvidenceGrade.DOCUMENT)
    work()
    with time_machine.travel(clock.now() + 7 * DAY):
        producer_handlers.follow_papers(DayBegan(day=clock.today()))
        work()
    match.refresh_from_db()
    assert match.status == MatchStatus.AGREED
    assert "matchmaking.match.suspended.v1" not in set(
        OutboxMessage.objects.values_list("type", flat=True)
    )


def test_an_award_renewed_with_overlap_leaves_the_match_alone(world):
    world.request.required_papers = []
    world.request.minimum_stars = 3
    world.request.save()
    today = clock.today()
    for first, last in ((-1000, 5), (3, 1100)):
        producer_factories.PaperFactory(
            award=True, verified=True, stars=3, producer=world.offer.producer,
            product=world.offer.product, issuer="UBND huyện Vân Đồn",
            valid_from=today + first * DAY, valid_to=today + last * DAY,
        )  # fmt: skip
    match = refreshed(world)
    assert match.supply["stars_from"] == (today - 1000 * DAY).toordinal()
    with time_machine.travel(clock.now() + 6 * DAY):
        producer_handlers.follow_papers(DayBegan(day=clock.today()))
        work()
    match.refresh_from_db()
    assert match.status == MatchStatus.PROPOSED


@pytest.mark.parametrize("left", ["offer", "request"])
def test_what_was_agreed_is_held_to_its_papers_after_offer_or_request_left(world, left):
    match = agreed(world)
    if left == "offer":
        world.offer.status = OfferStatus.WITHDRAWN
        world.offer.save()
    else:
        world.request.status = RequestStatus.CLOSED
        world.request.save()
    work()
    services.suspend_paper(paper_id=world.code.pk, reason="Kiểm tra")
    done = work()
    match.refresh_from_db()
    assert (match.status, match.refusals) == (MatchStatus.SUSPENDED, ["papers_not_valid"])
    told = Notification.objects.filter(kind="match_suspended").values_list("user", flat=True)
    assert set(told) == {world.seller.pk, world.buyer.pk}
    services.verify_paper(paper_id=world.code.pk, grade=EvidenceGrade.DOCUMENT)
    work(start=done)
    match.refresh_from_db()
    assert (match.status, match.refusals) == (MatchStatus.AGREED, [])


def test_nobody_agrees_in_the_moment_before_the_worker_suspends(world):
    match = refreshed(world)
    services.suspend_paper(paper_id=world.code.pk, reason="Kiểm tra")
    with pytest.raises(DomainError):
        accept(match, Side.PRODUCER, world.seller)


def test_a_step_of_a_paper_scores_only_the_offers_that_rest_on_it(world, monkeypatch):
    scored: list[int] = []

    def noted(owners: Owners) -> None:
        scored.extend(owners.offers)
        expand(owners)

    monkeypatch.setattr(refresh, "expand", noted)
    producer_factories.SupplyOfferFactory(published=True, producer=world.offer.producer)
    producer_factories.SupplyOfferFactory(published=True)
    services.suspend_paper(paper_id=world.code.pk, reason="Kiểm tra")
    work()
    assert scored == [world.offer.pk]


@pytest.mark.parametrize(
    ("change", "is_dead"),
    [
        ({}, False),
        ({"status": PaperStatus.REVOKED}, True),
        ({"status": PaperStatus.SUSPENDED}, True),
        ({"market": "CN"}, True),
        ({"kind": "packing_facility_code"}, True),
        ({"valid_to": dt.timedelta(days=0)}, True),
        ({"valid_to": dt.timedelta(days=1)}, False),
        ({"valid_to": None}, False),
        ({"valid_from": dt.timedelta(days=28)}, False),
        ({"valid_from": dt.timedelta(days=29)}, True),
        ({"product": None}, False),
    ],
)
def test_the_database_names_the_matches_without_papers(world, change, is_dead):
    match = refreshed(world)
    assert world.request.needed_from == clock.today() + DAY
    assert world.request.needed_to == clock.today() + 28 * DAY
    for name, value in change.items():
        is_span = isinstance(value, dt.timedelta)
        setattr(world.code, name, clock.today() + value if is_span else value)
    world.code.save()
    found = selectors.matches_without_papers(day=clock.today())
    assert found == ([match.pk] if is_dead else [])


# --- Random histories -------------------------------------------------------------------------

STEPS = st.sampled_from(
    [
        "verify",
        "suspend",
        "revoke",
        "return",
        "day",
        "week",
        "accept",
        "withdraw",
        "renew",
        "again",
        "decline",
        "take back",
    ]
)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(history=st.lists(st.tuples(STEPS, st.integers(0, 9)), min_size=3, max_size=9))
def test_after_any_history_no_active_match_rests_on_a_dead_paper(world, history):
    """Each example is undone: the histories share one world."""
    with transaction.atomic():
        live_through(world, history)
        transaction.set_rollback(True)


def live_through(world, history) -> None:
    first, second = accounts.OfficerFactory.create_batch(2)
    today, passed, done = clock.now(), 0, 0
    refreshed(world)
    papers = [world.code]
    world.code.valid_to = clock.today() + 12 * DAY
    world.code.save()
    for step, number in history:
        paper_id = papers[number % len(papers)].pk
        passed += {"day": 1, "week": 7}.get(step, 0)
        with time_machine.travel(today + passed * DAY, tick=False):
            try:
                take(step, world, papers, paper_id=paper_id, officers=(first, second))
            except DomainError:
                continue  # a step from the wrong state; nothing happened
            done = work(start=done)
            assert selectors.matches_without_papers(day=clock.today()) == []


def take(step: str, world, papers: list, *, paper_id: int, officers) -> None:
    first, second = (officer.pk for officer in officers)
    steps = {
        "day": lambda: producer_handlers.follow_papers(DayBegan(day=clock.today())),
        "week": lambda: producer_handlers.follow_papers(DayBegan(day=clock.today())),
        "verify": lambda: services.verify_paper(paper_id=paper_id, grade=EvidenceGrade.DOCUMENT),
        "suspend": lambda: services.suspend_paper(paper_id=paper_id, reason="x"),
        "return": lambda: services.return_paper(paper_id=paper_id, reason="x"),
        "revoke": lambda: services.revoke_paper(
            paper_id=paper_id, reason="x", officer_id=first, confirmed_by_id=second
        ),
        "withdraw": lambda: services.withdraw_supply_offer(offer_id=world.offer.pk),
        "renew": lambda: papers.append(renewal(world.code, number=len(papers))),
        "accept": lambda: accept_both(world),
        "again": lambda: again(paper_id),
        "decline": lambda: decisions.decline_match(
            match_id=Match.objects.get().pk, voice=of(world.buyer), reason=DeclineReason.PRICE
        ),
        "take back": lambda: decisions.take_back_decision(
            match_id=Match.objects.get().pk, voice=of(world.buyer)
        ),
    }
    steps[step]()


def renewal(code, *, number: int):
    """A waiting paper for the same area that begins a few days from now."""
    return producer_factories.PaperFactory(
        producer=code.producer, product=code.product, kind=code.kind, market=code.market,
        number=code.number, valid_from=clock.today() + number * DAY,
        valid_to=clock.today() + 15 * DAY,
    )  # fmt: skip


def again(paper_id: int) -> None:
    """The holder changes the last day and hands the paper in once more."""
    code = Paper.objects.get(pk=paper_id)
    values = PaperInput(
        kind=code.kind, number=code.number, issuer=code.issuer, market=code.market,
        product_id=code.product_id, valid_from=code.valid_from,
        valid_to=clock.today() + 15 * DAY,
    )  # fmt: skip
    services.resubmit_paper(paper_id=paper_id, values=values)


def of(buyer) -> decisions.Voice:
    return decisions.Voice(side=Side.BUYER, channel=Channel.PORTAL, user_id=buyer.pk)


def accept_both(world) -> None:
    match = Match.objects.get()
    accept(match, Side.PRODUCER, world.seller)
    accept(match, Side.BUYER, world.buyer)


def test_the_command_names_what_rests_on_nothing(world):
    match = refreshed(world)
    out = io.StringIO()
    call_command("invariants", stdout=out)
    assert "No active match" in out.getvalue()
    world.code.delete()
    with pytest.raises(CommandError, match=f": {match.pk}$"):
        call_command("invariants")


@pytest.mark.parametrize("kind", ["food_safety", "food_safety_exemption"])
def test_who_is_exempt_from_the_food_safety_certificate_needs_none(world, kind):
    world.request.required_papers = ["food_safety"]
    world.request.save()
    producer_factories.PaperFactory(producer=world.offer.producer, verified=True, kind=kind)
    match = refreshed(world)
    assert match.status == MatchStatus.PROPOSED
    assert selectors.matches_without_papers(day=clock.today()) == []


@pytest.mark.parametrize("change", [{"lot": "L1"}, {"crop": "ga"}])
def test_the_database_counts_neither_lots_nor_other_crops(world, change):
    match = refreshed(world)
    if "crop" in change:
        change = {"crop": producer_factories.category("ga", name="Gà", order=2)}
    for name, value in change.items():
        setattr(world.code, name, value)
    world.code.save()
    assert selectors.matches_without_papers(day=clock.today()) == [match.pk]
