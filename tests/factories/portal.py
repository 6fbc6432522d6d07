"""A whole portal in small: every role, and one thing of each kind in each interesting state."""

from __future__ import annotations

import email
import email.policy
import uuid
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any

from core.accounts.enums import OrganisationStatus, Sector
from core.accounts.models import Organisation, User
from core.kernel import clock
from core.notifications import registry, services
from core.notifications.models import Notification, OutgoingEmail
from core.notifications.sending.rendering import render
from core.places.enums import Confidence, NodeKind, RoadClass
from core.places.models import RoadLink, RoadNode
from fairs.enums import FairPhase, ParticipationStatus
from fairs.models import Participation
from matchmaking import selectors, wording
from matchmaking.enums import Channel, DeclineReason, Side
from matchmaking.models import Match
from matchmaking.services import decisions, refresh
from producers.enums import PaperKind, PaperStatus
from producers.models import Paper
from tests.factories import accounts, buyers, fairs, producers


@dataclass
class Portal:
    """The people by role, and what they deal with."""

    seller: User
    buyer: User
    organiser: User
    officer: User
    field_officer: User
    newcomer: User
    applicant: User
    returned: User
    match: Match
    place: Participation
    paper: Paper
    waiting: Organisation


def build() -> Portal:
    """Return a portal with matches, papers, fairs and registrations under way."""
    seller, buyer, paper = _pair()
    place = _fairs(seller)
    waiting = accounts.MembershipFactory(organisation__submitted=True)
    returned = accounts.MembershipFactory(
        organisation__status=OrganisationStatus.RETURNED,
        organisation__status_reason="Địa chỉ chưa rõ",
    )
    accounts.InvitationFactory(organisation=place.organisation)
    return Portal(
        seller=seller,
        buyer=buyer,
        organiser=accounts.MembershipFactory(organisation=place.fair.organiser).user,
        officer=accounts.OfficerFactory(),
        field_officer=accounts.OfficerFactory(of__sector=Sector.AGRICULTURE),
        newcomer=accounts.UserFactory(),
        applicant=waiting.user,
        returned=returned.user,
        match=Match.objects.order_by("pk")[0],
        place=place,
        paper=paper,
        waiting=waiting.organisation,
    )


def _road(start: Any, end: Any) -> None:
    nodes = [
        RoadNode.objects.create(
            code=f"P{province.code}", name=province.name, kind=NodeKind.SEAT, province=province,
            lat=21, lon=106, source="test",
        )
        for province in (start, end)
    ]  # fmt: skip
    RoadLink.objects.create(
        start=nodes[0], end=nodes[1], km=155, truck_hours=2.7,
        road_class=RoadClass.EXPRESSWAY, source="test", confidence=Confidence.ESTIMATE,
    )  # fmt: skip


def _pair() -> tuple[User, User, Paper]:
    """One seller and one buyer with three matches: open, agreed and declined."""
    here, there = accounts.province(), accounts.province("01", name="Hà Nội")
    _road(here, there)
    category = producers.category()
    offer = producers.SupplyOfferFactory(published=True, product__name="Cam Vân Đồn")
    code = producers.PaperFactory(
        producer=offer.producer, product=offer.product, verified=True,
        kind=PaperKind.GROWING_AREA_CODE, market="VN",
    )  # fmt: skip
    for status in PaperStatus:
        producers.PaperFactory(producer=offer.producer, status=status, status_reason="Mờ dấu")
    producers.PaperFactory(producer=offer.producer, award=True, verified=True)
    producers.SupplyOfferFactory(producer=offer.producer, product=offer.product)
    group = buyers.BuyerGroupFactory()
    buyers.OutletFactory(banner__group=group)
    for _number in range(3):
        buyers.DemandRequestFactory(
            group=group, published=True, category=category, delivery_province=there,
            price_ceiling_vnd_per_base=45_000, required_papers=[PaperKind.GROWING_AREA_CODE],
        )  # fmt: skip
    buyers.DemandRequestFactory(group=group, category=category)
    refresh.refresh_matches_of_offer(offer_id=offer.pk)
    _first, second, third = Match.objects.order_by("pk")
    for side in Side:
        decisions.accept_match(match_id=second.pk, voice=_voice(side))
    decisions.decline_match(match_id=third.pk, voice=_voice(Side.BUYER), reason=DeclineReason.PRICE)
    seller = accounts.MembershipFactory(organisation=offer.producer.organisation).user
    buyer = accounts.MembershipFactory(organisation=group.organisation).user
    return seller, buyer, code


def _voice(side: Side) -> decisions.Voice:
    return decisions.Voice(side=side, channel=Channel.PORTAL)


def _fairs(seller: User) -> Participation:
    """One fair in each phase; the seller waits at one and has other answers elsewhere."""
    own = seller.memberships.get().organisation
    fair = fairs.FairFactory(calling=True)
    place = fairs.ParticipationFactory(fair=fair, organisation=own, booths_wanted=2)
    for phase in FairPhase:
        fairs.FairFactory(
            organiser=fair.organiser, phase=phase, phase_reason="Bão", announced_at=clock.now()
        )
    for status in ParticipationStatus:
        fairs.ParticipationFactory(fair=fair, status=status, reason="Thiếu giấy tờ")
    fairs.DeadlineMarkFactory(fair=fair)
    return place


def words_of(portal: Portal, *, is_producer: bool) -> dict[str, Any]:
    """Return values for every template of a mail."""
    match, place, paper = portal.match, portal.place, portal.paper
    other = match.group if is_producer else match.producer
    agreed = Match.objects.exclude(agreed_at=None)[0]
    dimension = str(match.supply["dimension"])
    return {
        "organisation_name": "HTX Bản Sen", "province_name": "Quảng Ninh",
        "inviter_name": "Trần Thị Mời", "role_name": "Người xem", "expires_at": clock.now(),
        "reason": "Ảnh mờ", "reasons": ["Mã số vùng trồng đã bị thu hồi"], "url": "/home/",
        "match": match, "offer": match.offer, "request": match.request,
        "is_producer": is_producer, "other_name": other.organisation.name,
        "other_province": other.organisation.province, "score": match.share,
        "unit": wording.base_unit(dimension), "contact": selectors.contact_of(agreed, Side.BUYER),
        "parts": wording.part_lines(selectors.explanation_of(match), dimension=dimension),
        "gains": wording.gain_lines(selectors.explanation_of(match)),
        "fair": place.fair, "fair_name": place.fair.name, "booths_wanted": 2, "booths_granted": 1,
        "organiser_name": place.fair.organiser.name, "applicant_name": place.organisation.name,
        "applicant_province": place.organisation.province, "paper_number": paper.number,
        "paper_kind": paper.get_kind_display(), "product_name": "Cam Vân Đồn",
        "status": PaperStatus.SUSPENDED if is_producer else PaperStatus.VERIFIED,
        "valid_to": paper.valid_to, "days_left": 30, "count": 3, "step": "revoke", "stars": 4,
        "producer_name": match.producer.organisation.name, "file_count": 3, "until": paper.valid_to,
        "fetched_at": clock.now(), "dossier": "OCOP", "holder_name": "HTX Bản Sen",
        "receiver_name": "Siêu thị Sông Vân", "is_open": is_producer,
    }  # fmt: skip


def letter(folder: str, *, portal: Portal, is_producer: bool, monkeypatch: Any) -> EmailMessage:
    """Return the mail whose words lie in that folder, as it is sent to a Vietnamese reader."""
    _notify(folder, portal=portal, is_producer=is_producer, monkeypatch=monkeypatch)
    return _rendered(OutgoingEmail.objects.latest("pk"))


def digest(portal: Portal, *, monkeypatch: Any) -> EmailMessage:
    """Return a daily summary of one message."""
    _notify("match_proposed", portal=portal, is_producer=True, monkeypatch=monkeypatch)
    mail = OutgoingEmail.objects.create(
        kind=registry.DIGEST, topic="match", user=portal.seller,
        message_id="<1@vidu.example>", correlation_id=uuid.uuid4(),
    )  # fmt: skip
    Notification.objects.update(email=mail)
    return _rendered(mail)


def account_letter(kind: str, *, code: str) -> EmailMessage:
    """Return one of the mails about signing in."""
    values = {"code": code, "activate_url": "/x/", "password_reset_url": "/x/", "signup_url": "/x/"}
    services.mail_address(
        services.AccountMail(kind=kind, address="a@vidu.example", values=values, language="vi")
    )
    return _rendered(OutgoingEmail.objects.latest("pk"))


def _notify(folder: str, *, portal: Portal, is_producer: bool, monkeypatch: Any) -> None:
    def context(_notification: Notification) -> dict[str, Any]:
        return words_of(portal, is_producer=is_producer)

    name = f"tests_words_{is_producer}"
    monkeypatch.setattr(registry, "_kinds", dict(registry._kinds))
    registry.register(registry.NotificationKind(name, "fair", folder, context))
    services.notify(kind=name, user_id=portal.seller.pk, dedupe_key=name, ref={})


def _rendered(mail: OutgoingEmail) -> EmailMessage:
    found = email.message_from_bytes(render(mail).payload, policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    return found
