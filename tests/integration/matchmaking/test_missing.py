"""A buyer names the papers it misses: kept, shown, told, and what brings the match back."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from core.accounts.actors import Actor
from core.accounts.enums import ConsentPurpose
from core.accounts.services import give_consents
from core.kernel import clock
from core.kernel.errors import InvalidInputError
from core.notifications.models import Notification, OutgoingEmail
from core.notifications.sending.rendering import NotToBeSentError, render
from core.outbox.models import OutboxMessage
from matchmaking import handlers, selectors
from matchmaking.engine import readiness
from matchmaking.enums import Channel, DeclineReason, MatchStatus, Side, Verdict
from matchmaking.events import MatchDeclined
from matchmaking.models import Decision, Match
from matchmaking.services import decisions, refresh
from producers import services as producer_services
from producers.enums import EvidenceGrade, PaperKind
from tests.factories import accounts, producers

pytestmark = pytest.mark.django_db
BUYER = decisions.Voice(side=Side.BUYER, channel=Channel.PORTAL)


@pytest.fixture
def match(world) -> Match:
    refresh.refresh_matches_of_offer(offer_id=world.offer.pk)
    return Match.objects.get()


def declined(match: Match, *missing: str, voice=BUYER, reason=DeclineReason.PAPERS) -> Match:
    return decisions.decline_match(
        match_id=match.pk, voice=voice, reason=reason, missing=missing, comment="Cần sớm"
    )


def verified(world, kind: PaperKind, **values) -> Match:
    """Verify a new paper and score again."""
    paper = producers.PaperFactory(producer=world.offer.producer, kind=kind, **values)
    producer_services.verify_paper(paper_id=paper.pk, grade=EvidenceGrade.DOCUMENT)
    refresh.refresh_matches_of_offer(offer_id=world.offer.pk)
    return Match.objects.get()


def told(match: Match) -> None:
    event = MatchDeclined(match_id=match.pk, version=match.version, side="buyer", reason="papers")
    handlers.tell_declined(event)


def test_named_papers_are_kept_in_order_once_and_announced(world, match):
    declined(match, "barcode", "vietgap", "barcode")
    said = Decision.objects.get()
    assert said.missing == ["vietgap", "barcode"]
    payload = OutboxMessage.objects.get(type="matchmaking.match.declined.v1").payload
    assert payload["missing"] == "vietgap,barcode"


@pytest.mark.parametrize(
    ("missing", "side", "reason"),
    [
        ("vietgap", Side.BUYER, DeclineReason.PRICE),
        ("vietgap", Side.PRODUCER, DeclineReason.PAPERS),
        ("capacity", Side.BUYER, DeclineReason.PAPERS),
        ("diploma", Side.BUYER, DeclineReason.PAPERS),
    ],
)
def test_only_a_buyer_names_papers_that_exist_and_only_as_the_reason(match, missing, side, reason):
    voice = decisions.Voice(side=side, channel=Channel.API)
    with pytest.raises(InvalidInputError) as caught:
        declined(match, missing, voice=voice, reason=reason)
    assert list(caught.value.field_errors) == ["missing"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(
            match=match, side=side, verdict=Verdict.DECLINED, reason=reason, missing=[missing],
            channel=Channel.API,
        )  # fmt: skip


def test_what_may_be_named_exists_and_what_is_asked_for_comes_first(world, match):
    world.request.preferred_papers = [PaperKind.VIETGAP, PaperKind.PACKING_FACILITY_CODE]
    world.request.save()
    found = selectors.nameable(match)
    assert found.asked == ("vietgap", "packing_facility_code:VN", "growing_area_code:VN")
    assert {"stars_3", "invoice", "barcode", "test_report", "haccp"} <= set(found.others)
    assert set(found.asked) & set(found.others) == set()
    assert {*found.asked, *found.others} <= set(readiness.NAMEABLE)
    bases = {code.partition(":")[0] for code in readiness.NAMEABLE}
    others = {"stars_3", "stars_4", "stars_5", "invoice", "barcode", "test_report"}
    assert bases - others <= set(PaperKind.values)


@pytest.mark.parametrize("door", ["page", "link"])
def test_the_form_asks_the_buyer_and_keeps_a_slip(world, match, client_for, door):
    client = client_for(world.buyer)
    token = selectors.mail_link_token(match_id=match.pk, user_id=world.buyer.pk)
    address = {
        "page": reverse("matchmaking:decline", args=[match.pk]),
        "link": reverse("matchmaking:answer", args=[token]),
    }[door]
    typed = {"answer": "decline", "missing": ["vietgap", "barcode"]}
    slip = client.post(address, typed | {"reason": "price"})
    assert list(slip.context["form"].errors) == ["missing"]
    assert 'value="barcode"' in slip.text
    client.post(address, typed | {"reason": "papers"})
    assert Decision.objects.get().missing == ["vietgap", "barcode"]


def test_the_producers_form_does_not_ask(world, match, client_for):
    page = client_for(world.seller).get(reverse("matchmaking:decline", args=[match.pk]))
    assert "missing" not in page.context["form"].fields


def test_the_api_takes_names_and_the_other_side_reads_them(world, match, client_for):
    address = f"/api/v1/matches/{match.pk}"
    said = {"verdict": "declined", "reason": "papers", "missing": ["organic"]}
    send = {"content_type": "application/json", "headers": {"Idempotency-Key": "a1"}}
    buyer, seller = client_for(world.buyer), client_for(world.seller)
    wrong = buyer.post(f"{address}/decide", said | {"missing": ["diploma"]}, **send)
    answer = buyer.post(f"{address}/decide", said, **send | {"headers": {"Idempotency-Key": "a2"}})
    read = seller.get(address).json()["declined"]
    assert (wrong.status_code, answer.status_code) == (400, 200)
    assert (read["side"], read["missing"]) == ("buyer", ["organic"])


def test_the_product_page_says_it_in_the_buyers_words(world, match, client_for):
    declined(match, "vietgap", "barcode", "growing_area_code:VN")
    page = client_for(world.seller).get(
        reverse("matchmaking:readiness_product", args=[world.offer.product_id])
    )
    ((signal, papers),) = page.context["signals"]
    lines = {one.code: one for one, _cost in page.context["lines"]}
    assert signal.missing == ("vietgap", "growing_area_code:VN", "barcode")
    assert papers in page.text
    assert lines["vietgap"].lost == (world.request.group.organisation.name,)
    assert "growing_area_code:VN" not in lines


def test_an_old_refusal_without_names_is_still_inferred(world, match):
    world.request.preferred_papers = [PaperKind.VIETGAP]
    world.request.save()
    found = selectors.missing_of(declined(match))
    assert (found.codes, found.is_said) == (("vietgap",), False)


def test_all_that_was_named_brings_the_match_back_and_nothing_else(world, match):
    declined(match, "vietgap", "halal")
    assert verified(world, PaperKind.ORGANIC).status == MatchStatus.DECLINED
    assert verified(world, PaperKind.VIETGAP).status == MatchStatus.DECLINED
    assert verified(world, PaperKind.HALAL).status == MatchStatus.PROPOSED


def test_a_paper_named_although_it_counted_needs_a_new_one(world, match):
    declined(match, "growing_area_code:VN")
    assert verified(world, PaperKind.VIETGAP).status == MatchStatus.DECLINED
    again = verified(
        world, PaperKind.GROWING_AREA_CODE, market="VN", number="VN-QNOR-9",
        valid_to=clock.today() + dt.timedelta(days=700),
    )  # fmt: skip
    assert again.status == MatchStatus.PROPOSED


def test_a_named_test_report_comes_with_a_new_declaration(world, match):
    producers.PaperFactory(
        producer=world.offer.producer, kind=PaperKind.SELF_DECLARATION, verified=True, number="1"
    )
    refresh.refresh_matches_of_offer(offer_id=world.offer.pk)
    declined(Match.objects.get(), "test_report", "vietgap")
    assert verified(world, PaperKind.VIETGAP).status == MatchStatus.DECLINED
    today = clock.today()
    again = verified(world, PaperKind.SELF_DECLARATION, valid_from=today, test_report_on=today)
    assert again.status == MatchStatus.PROPOSED


@pytest.mark.parametrize("agreed_to_mail", [True, False])
def test_the_producer_is_told_what_is_missing_from_whom_and_where(world, match, agreed_to_mail):
    if agreed_to_mail:
        give_consents(user_id=world.seller.pk, purposes=[ConsentPurpose.MATCH_MAIL])
    match = declined(match, "vietgap")
    told(match)
    told(match)
    (notice,) = Notification.objects.all()
    assert (notice.kind, notice.user_id) == ("papers_missed", world.seller.pk)
    assert OutgoingEmail.objects.count() == int(agreed_to_mail)
    if not agreed_to_mail:
        return
    mail = render(OutgoingEmail.objects.get()).payload.decode()
    group = world.request.group.organisation
    assert "VietGAP" in mail
    assert group.contact_email not in mail
    assert reverse("matchmaking:readiness_product", args=[world.offer.product_id]) in mail
    decisions.take_back_decision(match_id=match.pk, voice=BUYER)
    with pytest.raises(NotToBeSentError):
        render(OutgoingEmail.objects.get())


def test_who_had_accepted_hears_by_mail_and_of_this_alone(world, match):
    seller = decisions.Voice(side=Side.PRODUCER, channel=Channel.PORTAL)
    decisions.accept_match(match_id=match.pk, voice=seller)
    told(declined(match))
    assert [one.kind for one in Notification.objects.all()] == ["papers_missed"]
    assert OutgoingEmail.objects.count() == 1


def test_a_packing_facility_stands_beside_what_is_wanted_in_a_week(world, match, client_for):
    producers.PaperFactory(
        producer=world.offer.producer, verified=True, kind="packing_facility_code", market="CN",
        daily_capacity_kg=1500,
    )  # fmt: skip
    page = client_for(world.buyer).get(reverse("matchmaking:match_detail", args=[match.pk]))
    days = (world.request.needed_to - world.request.needed_from).days + 1
    rhythm = page.context["rhythm"]
    assert rhythm.packed_kg_a_day == 1500
    assert float(rhythm.wanted_a_week) == pytest.approx(12_000 / days * 7)
    assert "1.500\N{NO-BREAK SPACE}kg" in page.text


def test_the_officers_blockers_count_what_was_named(world, match):
    declined(match, "organic")
    officer = accounts.OfficerFactory()
    posts = frozenset({(accounts.province().pk, "agriculture")})
    here = Actor(user=officer, posts=posts, has_second_factor=True)
    (row,) = [one for one in selectors.blockers_of(here) if one.code == "organic"]
    assert row.refused == {match.pk}
