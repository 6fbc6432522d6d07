"""Readiness through the pages, the API and the events: from a gap to an open match."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from buyers import services as buyer_services
from buyers.services import ProfileTerms
from core.kernel import clock
from core.notifications.models import Notification
from matchmaking import handlers, selectors, wording
from matchmaking.engine import readiness
from matchmaking.enums import Channel, DeclineReason, MatchStatus, Side, Verdict
from matchmaking.models import Match
from matchmaking.services import decisions, refresh
from producers import services as producer_services
from producers.enums import EvidenceGrade, PaperKind, PaperStatus
from producers.events import PaperVerified
from tests.factories import accounts, producers
from tests.factories.outbox import deliver_all

pytestmark = pytest.mark.django_db


def publish(world, **terms):
    draft = buyer_services.save_profile_draft(
        group_id=world.request.group_id, terms=ProfileTerms(**terms)
    )
    return buyer_services.publish_profile(profile_id=draft.pk)


def actor_of(user):
    from core.accounts.actors import Actor

    membership = user.memberships.get()
    return Actor(user=user, organisation=membership.organisation, role=membership.role)


def of_chain(world, found):
    return next(one for one in found.cells if one.chain.group_id == world.request.group_id)


def own(world):
    return selectors.product_readiness(actor_of(world.seller), product_id=world.offer.product_id)


def test_missing_paper_is_told_with_issuer_days_chain_and_demand(world, client):
    publish(world, required_papers=("growing_area_code",), needs_invoice=True)
    world.code.status = PaperStatus.REVOKED
    world.code.save()
    client.force_login(world.seller)

    page = client.get(reverse("matchmaking:readiness_product", args=[world.offer.product_id]))

    cell = of_chain(world, own(world))
    lines = {line.code: line for line, _cost in page.context["lines"]}
    line = lines["growing_area_code:VN"]
    assert readiness.codes_of(cell.gaps) == ("growing_area_code:VN",)
    assert (line.days, line.demand) == (30, wording.amounts({"mass": 12000.0}))
    assert line.effort.issuer in page.text
    assert world.request.group.organisation.name in page.text


def test_day_after_the_last_one_makes_a_gap_and_the_last_one_does_not(world, time_machine):
    publish(world, required_papers=("growing_area_code",))
    last = clock.today() + dt.timedelta(days=20)
    world.code.valid_to = last
    world.code.save()
    seen = []

    for day in (last, last + dt.timedelta(days=1)):
        late = dt.datetime.combine(day, dt.time(23, 59), tzinfo=clock.VIETNAM)
        time_machine.move_to(late, tick=False)
        seen.append(of_chain(world, own(world)).is_ready)

    assert seen == [True, False]


def test_declined_for_papers_is_news_and_comes_back_once_the_paper_is_verified(world):
    world.request.preferred_papers = [PaperKind.VIETGAP]
    world.request.save()
    match = refreshed(world)
    voice = decisions.Voice(side=Side.BUYER, channel=Channel.PORTAL, user_id=world.buyer.pk)
    decisions.decline_match(
        match_id=match.pk, voice=voice, reason=DeclineReason.PAPERS, comment="Thiếu VietGAP"
    )
    news = selectors.signals_of(actor_of(world.seller), product_id=world.offer.product_id)
    lost = selectors.lost_over(own(world), news, requests=selectors.wanted_by(news))
    paper = producers.PaperFactory(producer=world.offer.producer, kind=PaperKind.VIETGAP)

    verify(paper)

    match.refresh_from_db()
    assert [(one.is_said, one.comment) for one in news] == [(True, "Thiếu VietGAP")]
    assert lost == {match.pk: readiness.mask_of(["vietgap"])}
    assert match.status == MatchStatus.PROPOSED
    assert {match.producer_verdict, match.buyer_verdict} == {Verdict.PENDING}


def test_paper_that_had_run_out_brings_the_match_back_once_there_is_a_new_one(world):
    today, day = clock.today(), dt.timedelta(days=1)
    first = {"kind": PaperKind.VIETGAP, "producer": world.offer.producer}
    producers.PaperFactory(
        **first, verified=True, valid_from=today - 400 * day, valid_to=today - day, number="1"
    )
    match = refreshed(world)
    voice = decisions.Voice(side=Side.BUYER, channel=Channel.PORTAL)
    decisions.decline_match(match_id=match.pk, voice=voice, reason=DeclineReason.PAPERS)
    new = producers.PaperFactory(
        **first, number="2", valid_from=today - day, valid_to=today + 300 * day
    )

    verify(new)

    match.refresh_from_db()
    assert match.status == MatchStatus.PROPOSED


@pytest.mark.parametrize("reason", [DeclineReason.PRICE, DeclineReason.QUALITY])
def test_declined_for_another_reason_stays_declined(world, reason):
    match = refreshed(world)
    voice = decisions.Voice(side=Side.BUYER, channel=Channel.PORTAL)
    decisions.decline_match(match_id=match.pk, voice=voice, reason=reason)
    paper = producers.PaperFactory(producer=world.offer.producer, kind=PaperKind.VIETGAP)

    verify(paper)

    match.refresh_from_db()
    assert match.status == MatchStatus.DECLINED


def test_declined_for_papers_stays_declined_while_nothing_new_is_verified(world):
    match = refreshed(world)
    voice = decisions.Voice(side=Side.BUYER, channel=Channel.PORTAL)
    decisions.decline_match(match_id=match.pk, voice=voice, reason=DeclineReason.PAPERS)

    refresh.refresh_matches_of_offer(offer_id=world.offer.pk)

    match.refresh_from_db()
    assert match.status == MatchStatus.DECLINED


def test_suspended_match_comes_back_once_its_paper_is_verified_again(world):
    match = refreshed(world)
    producer_services.suspend_paper(paper_id=world.code.pk, reason="Kiểm tra")
    refresh.refresh_matches_of_offer(offer_id=world.offer.pk)
    match.refresh_from_db()
    suspended = match.status
    news = selectors.signals_of(actor_of(world.seller), product_id=world.offer.product_id)

    verify(world.code)

    match.refresh_from_db()
    assert (suspended, [one.is_said for one in news]) == (MatchStatus.SUSPENDED, [False])
    assert match.status == MatchStatus.PROPOSED


def test_suspended_match_puts_what_its_request_asks_for_into_the_list(world, client):
    refreshed(world)
    producer_services.suspend_paper(paper_id=world.code.pk, reason="Kiểm tra")
    refresh.refresh_matches_of_offer(offer_id=world.offer.pk)
    client.force_login(world.seller)

    page = client.get(reverse("matchmaking:readiness_product", args=[world.offer.product_id]))

    line = next(one for one, _cost in page.context["lines"] if one.code == "growing_area_code:VN")
    assert line.lost == (world.request.group.organisation.name,)
    assert line.chains == ()
    here = officer_of(accounts.OfficerFactory(), {(accounts.province().pk, "agriculture")})
    (row,) = [one for one in selectors.blockers_of(here) if one.code == "growing_area_code:VN"]
    assert len(row.refused) == 1


def test_blocker_knows_what_the_requests_behind_it_pay(world):
    publish(world, required_papers=("organic",), needs_barcode=True)
    world.offer.product.gtin = ""
    world.offer.product.save()

    found = {
        one.code: one
        for one in selectors.blockers_of(
            officer_of(accounts.OfficerFactory(), {(accounts.province().pk, "agriculture")})
        )
    }

    assert selectors.value_of(found["organic"].together.values()) == 12_000 * 45_000
    assert found["organic"].alone == {}


def test_from_a_revocation_to_the_match_proposed_again_through_the_pipeline(world):
    publish(world, required_papers=("growing_area_code",))
    refreshed(world)
    officers = [accounts.OfficerFactory().pk for _one in range(2)]
    proposal = producer_services.propose_revocation(
        paper_id=world.code.pk, reason="Sai thông tin", officer_id=officers[0]
    )
    producer_services.confirm_proposal(proposal_id=proposal.pk, officer_id=officers[1])
    deliver_all()
    stopped, gap = Match.objects.get().status, of_chain(world, own(world)).gaps
    new = producers.PaperFactory(
        producer=world.offer.producer, product=world.offer.product,
        kind=PaperKind.GROWING_AREA_CODE, market="VN",
    )  # fmt: skip
    producer_services.verify_paper(
        paper_id=new.pk, grade=EvidenceGrade.DOCUMENT, officer_id=officers[0]
    )

    deliver_all()

    match = Match.objects.get()
    assert (stopped, readiness.codes_of(gap)) == (MatchStatus.SUSPENDED, ("growing_area_code:VN",))
    assert match.status == MatchStatus.PROPOSED
    assert of_chain(world, own(world)).is_ready
    assert Notification.objects.filter(kind="match_proposed", user=world.seller).exists()


def test_publishing_through_the_pipeline_tells_who_dropped_out(world):
    publish(world)
    refreshed(world)
    publish(world, required_papers=("organic",))

    deliver_all()

    told = Notification.objects.filter(kind="requirements_changed")
    assert [one.user_id for one in told] == [world.seller.pk]


def test_publishing_shows_who_drops_out_then_tells_them(world, client):
    first = publish(world, required_papers=("growing_area_code",))
    refreshed(world)
    draft = buyer_services.copy_profile_to_draft(profile_id=first.pk)
    buyer_services.revise_profile_draft(
        profile_id=draft.pk, terms=ProfileTerms(required_papers=("growing_area_code", "organic"))
    )
    client.force_login(world.buyer)
    address = reverse("matchmaking:profile_publish", args=[draft.pk])

    before = client.get(address)
    client.post(address)
    tell_published(draft.pk, replaced_id=first.pk)

    change = before.context["change"]
    (dropped,) = change.dropped
    assert (dropped.item.product_id, dropped.matches) == (world.offer.product_id, 1)
    assert readiness.codes_of(dropped.gaps) == ("organic",)
    assert (change.touched, change.ready_before, change.ready_after) == (1, 1, 0)
    (told,) = Notification.objects.filter(kind="requirements_changed")
    assert told.user_id == world.seller.pk


def test_replaced_version_tells_nobody(world):
    first = publish(world, required_papers=("organic",))
    refreshed(world)
    publish(world, required_papers=())

    tell_published(first.pk, replaced_id=None)

    assert not Notification.objects.exists()


def test_buyer_sees_nearly_ready_suppliers_and_no_papers_that_do_not_count(world, client):
    publish(world, required_papers=("growing_area_code", "organic"))
    producers.PaperFactory(producer=world.offer.producer, kind=PaperKind.ORGANIC, number="BI-MAT-1")
    client.force_login(world.buyer)

    page = client.get(reverse("matchmaking:suppliers"))

    (row,) = page.context["rows"]
    assert row["supplier"].item.product_id == world.offer.product_id
    assert len(row["gaps"]) == 1
    assert "BI-MAT-1" not in page.text


def test_officer_sees_the_blockers_of_the_own_province_only(world, client):
    publish(world, required_papers=("organic",))
    here = accounts.OfficerFactory()
    elsewhere = accounts.OfficerFactory(of=accounts.province("31", name="Hải Phòng"))
    found = {}

    for name, user in (("here", here), ("elsewhere", elsewhere)):
        membership = user.officer_posts.values_list("province_id", "sector")
        actor = officer_of(user, membership)
        found[name] = {one.code for one in selectors.blockers_of(actor)}

    assert "organic" in found["here"]
    assert found["elsewhere"] == set()


def test_pages_ask_as_many_questions_for_one_product_as_for_three(world, client):
    publish(world, required_papers=("organic",))
    client.force_login(world.seller)
    counts = []
    for more in (0, 2):
        for _number in range(more):
            producers.SupplyOfferFactory(producer=world.offer.producer, published=True)
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("matchmaking:readiness"))
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_api_tells_the_same_as_the_page(world, client):
    publish(world, required_papers=("organic",))
    client.force_login(world.seller)

    answer = client.get(f"/api/v1/readiness/{world.offer.product_id}")

    chain = next(
        one for one in answer.json()["chains"] if one["group_id"] == world.request.group_id
    )
    assert (chain["is_ready"], chain["days"]) == (False, 365)
    assert [gap["code"] for gap in chain["gaps"]] == ["organic"]
    assert chain["demand"] == {"mass": 12000.0}


def test_foreign_product_is_absent(world, client):
    other = producers.ProductFactory()
    client.force_login(world.seller)

    for address in (
        reverse("matchmaking:readiness_product", args=[other.pk]),
        f"/api/v1/readiness/{other.pk}",
    ):
        assert client.get(address).status_code == 404


def refreshed(world) -> Match:
    refresh.refresh_matches_of_offer(offer_id=world.offer.pk)
    return Match.objects.get(offer=world.offer, request=world.request)


def verify(paper) -> None:
    """Verify a paper and let its event reach matching."""
    found = producer_services.verify_paper(paper_id=paper.pk, grade=EvidenceGrade.DOCUMENT)
    event = PaperVerified(
        paper_id=found.pk, version=found.version, organisation_id=found.producer_id,
        kind=found.kind,
    )  # fmt: skip
    handlers.rank_one(event)


def tell_published(profile_id: int, *, replaced_id: int | None) -> None:
    from buyers.events import RequirementProfilePublished

    handlers.tell_requirements_changed(
        RequirementProfilePublished(
            profile_id=profile_id, version=1, organisation_id=1, replaced_id=replaced_id
        )
    )


def officer_of(user, posts):
    from core.accounts.actors import Actor

    return Actor(user=user, posts=frozenset(posts), has_second_factor=True)
