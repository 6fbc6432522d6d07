"""A small world: two provinces, one road, one offer of oranges and one request for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:  # a test named on the command line loads this before Django is set up
    from buyers.models import DemandRequest
    from core.accounts.models import User
    from producers.models import Paper, SupplyOffer


@dataclass
class World:
    """The pair under test with the people behind it."""

    offer: SupplyOffer
    request: DemandRequest
    code: Paper
    seller: User
    buyer: User


def _node(province, code: str):
    from core.places.enums import NodeKind
    from core.places.models import RoadNode

    return RoadNode.objects.create(
        code=code, name=province.name, kind=NodeKind.SEAT, province=province, lat=21, lon=106,
        source="test",
    )  # fmt: skip


@pytest.fixture
def world(db) -> World:
    """Return an offer of Quảng Ninh and a request of Hà Nội that fit, nothing refreshed yet."""
    from core.places.enums import Confidence, RoadClass
    from core.places.models import RoadLink
    from producers.enums import PaperKind
    from tests.factories import accounts, buyers, producers

    here, there = accounts.province(), accounts.province("01", name="Hà Nội")
    RoadLink.objects.create(
        start=_node(here, "P22"), end=_node(there, "P01"), km=155, truck_hours=2.7,
        road_class=RoadClass.EXPRESSWAY, source="test", confidence=Confidence.ESTIMATE,
    )  # fmt: skip
    oranges = producers.category()
    offer = producers.SupplyOfferFactory(published=True, product__name="Cam Vân Đồn")
    code = producers.PaperFactory(
        producer=offer.producer, product=offer.product, verified=True,
        kind=PaperKind.GROWING_AREA_CODE, market="VN",
    )  # fmt: skip
    request = buyers.DemandRequestFactory(
        published=True, category=oranges, delivery_province=there,
        price_ceiling_vnd_per_base=45_000, required_papers=[PaperKind.GROWING_AREA_CODE],
    )  # fmt: skip
    seller = accounts.MembershipFactory(organisation=offer.producer.organisation).user
    buyer = accounts.MembershipFactory(organisation=request.group.organisation).user
    return World(offer=offer, request=request, code=code, seller=seller, buyer=buyer)
