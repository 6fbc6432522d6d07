"""Who and what the browser tests find on the portal."""

from __future__ import annotations

from core.places.enums import Confidence, NodeKind, RoadClass
from core.places.models import RoadLink, RoadNode
from matchmaking.models import Match
from matchmaking.services import refresh
from producers import services
from producers.enums import PaperKind
from tests.e2e import browser_papers
from tests.factories import accounts, buyers, fairs, producers


def make() -> dict[str, object]:
    """Return a seller, a chain, an officer, an organiser, and a match of the two."""
    here, there = accounts.province(), accounts.province("01", name="Hà Nội")
    accounts.commune()
    link = _road(here, there)
    accounts.turn_on_totp(officer := accounts.OfficerFactory(second_factor=False))
    offer = producers.SupplyOfferFactory(published=True, product__name="Cam Vạn Yên")
    paper = producers.PaperFactory(
        producer=offer.producer, verified=True, kind=PaperKind.GROWING_AREA_CODE, market="VN"
    )
    services.propose_revocation(
        paper_id=paper.pk, reason="Lô hàng bị trả lại.", officer_id=accounts.OfficerFactory().pk
    )
    waiting_paper = producers.PaperFactory(producer=offer.producer)
    chain = buyers.BuyerGroupFactory()
    buyers.OutletFactory(banner__group=chain)
    request = buyers.DemandRequestFactory(
        group=chain, published=True, category=producers.category(), delivery_province=there,
        price_ceiling_vnd_per_base=45_000,
    )  # fmt: skip
    buyers.RequirementProfileFactory(group=chain, published=True, required_papers=[])
    draft = buyers.RequirementProfileFactory(group=chain, version=2, required_papers=["organic"])
    waiting = accounts.OrganisationFactory(submitted=True)
    accounts.MembershipFactory(organisation=waiting)
    fair = fairs.FairFactory(calling=True)
    place = fairs.ParticipationFactory(fair=fair, organisation=offer.producer.organisation)
    refresh.refresh_matches_of_offer(offer_id=offer.pk)
    match = Match.objects.get()
    seller = accounts.MembershipFactory(organisation=offer.producer.organisation).user
    return {
        **browser_papers.make(seller=seller, chain=chain, match=match),
        "offer": offer, "request": request, "officer": officer, "waiting": waiting, "fair": fair,
        "draft": draft, "link": link, "paper": paper, "waiting_paper": waiting_paper,
        "place": place, "match": match, "seller": seller,
        "buyer": accounts.MembershipFactory(organisation=chain.organisation).user,
        "organiser": accounts.MembershipFactory(organisation=fair.organiser).user,
    }  # fmt: skip


def free_tax_code() -> str:
    """Return a valid tax code nobody holds."""
    return accounts.tax_code(7_777)


def _road(here, there) -> RoadLink:
    ends = [
        RoadNode.objects.create(
            code=f"P{one.code}", name=one.name, kind=NodeKind.SEAT, province=one, lat=21, lon=106,
            source="test",
        )
        for one in (here, there)
    ]  # fmt: skip
    return RoadLink.objects.create(
        start=ends[0], end=ends[1], km=155, truck_hours=2.7, road_class=RoadClass.EXPRESSWAY,
        source="test", confidence=Confidence.ESTIMATE,
    )  # fmt: skip
