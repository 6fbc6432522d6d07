"""What the demo world holds, counted from its rows."""

from __future__ import annotations

import datetime as dt
import re
import time
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core import mail
from django.db.models import Q
from django.test import Client

import producers.demo
from buyers.demo import CHAIN_EMAIL
from buyers.enums import RequestStatus
from buyers.models import Banner, BuyerGroup, DemandRequest, Outlet
from core.accounts import demo as people
from core.accounts import taxcode
from core.accounts.enums import OrganisationStatus
from core.accounts.models import OfficerPost, Organisation, User
from core.catalogue.models import Unit
from core.catalogue.selectors import measure_for
from core.imports.models import Import
from core.kernel import clock
from core.notifications.models import Notification, OutgoingEmail
from core.outbox.models import InboxMessage, OutboxMessage
from core.vault.models import Document, PacketShare
from matchmaking import demo
from matchmaking.enums import MatchStatus
from matchmaking.models import Match
from matchmaking.selectors import matches_without_papers
from matchmaking.services.ranking import begin_anew
from matchmaking.services.refresh import refresh_matches_of_request
from producers import services
from producers.enums import Market, OfferStatus, PaperKind, PaperStatus
from producers.models import (
    Paper,
    Producer,
    Product,
    RegistryDecision,
    RegistryEntry,
    RegistryList,
    SupplyOffer,
)
from producers.selectors.registry_changes import changes_of
from producers.services.paper_days import DayDone
from producers.services.products import checked_gtin
from tests.factories.buyers import DemandRequestFactory
from tests.factories.producers import PaperFactory, SupplyOfferFactory
from tools import totp

pytestmark = pytest.mark.usefixtures("loaded")

# Published tax codes of the real chains whose names the demo borrows.
REAL_TAX_CODES = {
    "0104918404", "0302249586", "0311241512", "0301175691", "0304741634", "0310471746",
}  # fmt: skip
HOME = Q(organisation__province__code="22")


def verified(kind: PaperKind):
    return Paper.objects.filter(
        kind=kind, status=PaperStatus.VERIFIED, producer__organisation__province__code="22"
    )


def test_235_producers_sit_in_quang_ninh_and_more_than_250_in_all():
    assert Producer.objects.filter(HOME).count() == 235
    assert Producer.objects.count() >= 250


def test_432_products_of_quang_ninh_have_stars_today():
    stars = producers.demo.starred_products(province_code="22", day=clock.today())
    assert stars == {5: 5, 4: 107, 3: 320}
    assert sum(stars.values()) == 432


def test_every_home_producer_has_a_starred_product():
    awards = verified(PaperKind.OCOP_AWARD).filter(valid_to__gte=clock.today())
    assert awards.values("producer_id").distinct().count() == 235


def test_awards_last_36_months_and_some_name_abolished_districts():
    awards = Paper.objects.filter(kind=PaperKind.OCOP_AWARD)
    assert all(producers.demo.plus_months(one.valid_from, 36) == one.valid_to for one in awards)
    assert verified(PaperKind.OCOP_AWARD).filter(issuer__startswith="UBND huyện").exists()


def test_growing_area_codes_add_up_to_what_was_reported():
    codes = verified(PaperKind.GROWING_AREA_CODE)
    domestic = codes.filter(market=Market.DOMESTIC).count()
    assert (domestic, codes.count() - domestic) == (20, 34)
    assert sum(codes.values_list("area_ha", flat=True)) == Decimal("1049.32")
    assert verified(PaperKind.PACKING_FACILITY_CODE).count() == 7
    revoked = Paper.objects.filter(kind=PaperKind.GROWING_AREA_CODE, status=PaperStatus.REVOKED)
    assert revoked.count() == 12


def test_papers_stand_in_every_state_and_end_at_every_distance():
    today = clock.today()
    assert set(Paper.objects.values_list("status", flat=True)) == set(PaperStatus.values)
    good = Paper.objects.filter(status=PaperStatus.VERIFIED)
    over = Paper.objects.filter(valid_to__lt=today)
    assert over.filter(status=PaperStatus.EXPIRED).exists()
    assert not over.filter(status=PaperStatus.VERIFIED).exists()
    assert good.filter(valid_to__range=(today, today + dt.timedelta(days=30))).exists()
    within_90 = (today + dt.timedelta(days=31), today + dt.timedelta(days=90))
    assert good.filter(valid_to__range=within_90).exists()
    assert not Paper.objects.filter(submitted_at__gt=clock.now()).exists()


def test_what_ends_soon_was_passed_over_in_silence():
    assert services.follow_papers(day=clock.today()) == DayDone(expired=0, expiring=0)
    assert not Notification.objects.filter(kind__startswith="paper_exp").exists()


def test_offers_reckon_in_base_units_as_the_service_would():
    for offer in SupplyOffer.objects.select_related("unit", "pack_unit"):
        measure = measure_for(offer.unit, pack_size=offer.pack_size, pack_unit=offer.pack_unit)
        assert measure is not None
        assert measure.base_of(offer.quantity) == offer.quantity_base
        assert measure.dimension == offer.dimension
        if offer.price_vnd is not None:
            assert measure.price_per_base(offer.price_vnd) == offer.price_vnd_per_base > 0


def test_offers_stand_in_every_state_and_none_published_is_over():
    assert set(SupplyOffer.objects.values_list("status", flat=True)) == set(OfferStatus.values)
    published = SupplyOffer.objects.filter(status=OfferStatus.PUBLISHED)
    assert not published.filter(available_to__lt=clock.today()).exists()
    assert 1.0 < SupplyOffer.objects.count() / Product.objects.count() < 1.4


def test_chains_have_at_least_100_outlets_and_the_five_names_of_the_press():
    chains = Outlet.objects.filter(banner__group__organisation__kind="chain")
    assert chains.count() >= 100
    names = set(Banner.objects.values_list("name", flat=True))
    wanted = {"WinMart", "MM Mega Market", "GO!", "LanChi", "Aloha"}
    assert {f"{name} (mẫu)" for name in wanted} <= names


def test_at_least_80_requests_are_open():
    published = DemandRequest.objects.filter(status=RequestStatus.PUBLISHED)
    assert published.filter(needed_to__gte=clock.today()).count() >= 80
    assert set(DemandRequest.objects.values_list("status", flat=True)) == set(RequestStatus.values)


def test_a_good_share_of_requests_matches_and_a_good_share_does_not():
    matched = Match.objects.values("request_id").distinct().count()
    published = DemandRequest.objects.filter(status=RequestStatus.PUBLISHED).count()
    assert 0.4 < matched / published < 0.9
    assert {MatchStatus.PROPOSED, MatchStatus.AGREED, MatchStatus.DECLINED} <= set(
        Match.objects.values_list("status", flat=True)
    )


def test_no_match_of_the_demo_world_rests_on_a_paper_that_does_not_count():
    active = Match.objects.filter(status__in=[MatchStatus.PROPOSED, MatchStatus.AGREED])
    resting = active.exclude(demand__required_papers=[]) | active.filter(
        demand__minimum_stars__gt=0
    )
    assert resting.count() > 20
    assert matches_without_papers(day=clock.today()) == []
    paper = Paper.objects.filter(
        kind=PaperKind.OCOP_AWARD, status=PaperStatus.VERIFIED,
        producer__in=resting.values("producer"),
    )  # fmt: skip
    paper.update(status=PaperStatus.SUSPENDED)
    assert matches_without_papers(day=clock.today()) != []


def test_nobody_was_told_of_the_past():
    assert not OutboxMessage.objects.filter(relayed_at=None).exists()
    assert not InboxMessage.objects.exists()
    assert not OutgoingEmail.objects.exists()
    assert not Notification.objects.exists()
    assert not mail.outbox


def test_everybody_and_everything_is_marked():
    assert not Organisation.objects.filter(is_demo=False).exists()
    assert not User.objects.filter(is_demo=False).exists()
    assert not Organisation.objects.exclude(name__endswith="(mẫu)").exists()
    assert not User.objects.exclude(email__endswith="@demo.nhipcau.example").exists()


def test_tax_codes_are_well_formed_and_nobodys():
    codes = Counter(Organisation.objects.values_list("tax_code", flat=True))
    assert not REAL_TAX_CODES & codes.keys()
    for code in codes:
        assert taxcode.parse(code).value == code
        assert code.startswith("00") or code.endswith("000000")
    assert sum(codes.values()) - len(codes) == 1  # the one in dispute


def test_barcodes_are_well_formed_and_unlike_each_other():
    barcodes = list(Product.objects.exclude(gtin="").values_list("gtin", flat=True))
    assert len(set(barcodes)) == len(barcodes) > 100
    assert all(code.startswith("893000") and checked_gtin(code) == code for code in barcodes)


def test_logins_work_with_the_published_password_and_codes():
    for login in demo.logins():
        user = User.objects.get(email=login["email"])
        assert user.check_password(people.PASSWORD)
        assert EmailAddress.objects.filter(user=user, verified=True, primary=True).exists()
        has_code = Authenticator.objects.filter(user=user, type="totp").exists()
        assert has_code == (login["totp_secret"] is not None)


def test_officers_of_both_sectors_serve_at_home():
    posts = OfficerPost.objects.filter(province__code="22")
    assert sorted(posts.values_list("sector", flat=True)) == ["agriculture", "trade"]


def test_desks_have_something_to_decide():
    waiting = Organisation.objects.filter(status=OrganisationStatus.SUBMITTED)
    assert waiting.filter(province__code="22").count() >= 3
    assert Paper.objects.filter(status=PaperStatus.SUBMITTED).count() >= 10


def test_no_page_of_papers_is_empty_at_first():
    main = Organisation.objects.get(contact_email=producers.demo.COOPERATIVE_EMAIL)
    assert Document.objects.filter(organisation=main).count() == 3
    assert PacketShare.objects.get(receiver__contact_email=CHAIN_EMAIL).documents.exists()
    assert Import.objects.get(organisation=main).state == "applied"
    waiting = RegistryEntry.objects.filter(decisions=None)
    assert set(waiting.values_list("outlook", flat=True)) >= {"certain", "uncertain", "none"}
    assert PacketShare.objects.get(organisation=main).documents.count() == 3
    changes = changes_of(RegistryList.objects.latest("as_of"))
    assert changes is not None
    assert min(map(len, (changes.new, changes.gone, changes.changed))) > 0
    assert RegistryDecision.objects.count() > 5


def test_everybody_the_guide_names_signs_in():
    guide = (Path(settings.BASE_DIR) / "docs/demo.md").read_text(encoding="utf-8")
    said = guide.split("## Signing in")[1].split("**The stage")[0]
    password, secret = re.findall(r"\*\*`([^`]+)`\*\*", said)
    named = re.findall(r"`([\w.]+)@(?:demo\.nhipcau\.example|…)`", said)
    assert len(set(named)) == 10
    for name in named:
        browser = Client()
        typed = {"login": f"{name}@demo.nhipcau.example", "password": password}
        answer = browser.post("/accounts/login/", typed)
        if "2fa" in answer.url:
            asks = answer.url
            for _ in range(2):  # a code may run out between being made and being read
                browser.post(asks, {"code": totp.code(secret, at=time.time())})
        assert browser.get("/home/").status_code == 200, name


def test_the_stage_of_the_main_job_is_free():
    goods = producers.demo.main_job_goods()
    product = Product.objects.get(name=goods["product"], producer__organisation__contact_email=(
        producers.demo.COOPERATIVE_EMAIL
    ))  # fmt: skip
    kinds = set(
        Paper.objects.filter(
            Q(product=product) | Q(product=None),
            producer=product.producer_id,
            status=PaperStatus.VERIFIED,
        ).values_list("kind", flat=True)
    )
    assert {PaperKind.VIETGAP, PaperKind.FOOD_SAFETY} <= kinds
    # Were there a code already, revoking the main job's own would suspend nothing.
    assert PaperKind.GROWING_AREA_CODE not in kinds
    assert not SupplyOffer.objects.filter(product=product).exists()
    asked = DemandRequest.objects.filter(
        category__order_lo__lte=product.category.order_lo,
        category__order_hi__gte=product.category.order_lo,
    )
    assert not asked.exists()


def test_the_main_jobs_pair_is_told_among_the_first():
    goods = producers.demo.main_job_goods()
    cooperative = people.organisation_id_of(producers.demo.COOPERATIVE_EMAIL)
    product = Product.objects.get(name=goods["product"], producer=cooperative)
    today, kg = clock.today(), Unit.objects.get(code="kg")
    last = today + dt.timedelta(days=60)
    PaperFactory(
        producer=product.producer, kind=PaperKind.GROWING_AREA_CODE, market="VN",
        verified=True, valid_from=today, valid_to=today + dt.timedelta(days=365),
    )  # fmt: skip
    amounts = {"quantity": Decimal(5101), "quantity_base": Decimal(5101), "unit": kg}
    offer = SupplyOfferFactory(
        published=True, producer=product.producer, product=product, available_to=last,
        price_vnd=goods["price_vnd"], price_vnd_per_base=goods["price_vnd"],
        origin_province=product.producer.organisation.province, storage=product.storage, **amounts,
    )  # fmt: skip
    chain = people.organisation_id_of(CHAIN_EMAIL)
    ceiling = goods["price_vnd"] * 3 // 2
    request = DemandRequestFactory(
        published=True, group=BuyerGroup.objects.get(pk=chain),
        words=goods["category"], category=product.category,
        price_ceiling_vnd=ceiling, price_ceiling_vnd_per_base=ceiling, needed_to=last,
        delivery_province=Organisation.objects.get(pk=chain).province,
        required_papers=["growing_area_code"], **amounts,
    )  # fmt: skip
    begin_anew()  # nobody was told of what was made here
    refresh_matches_of_request(request_id=request.pk)
    found = Match.objects.filter(request=request)
    assert found.order_by("-score").first().offer_id == offer.pk
    assert found.count() <= 5
