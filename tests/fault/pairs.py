"""An offer and a request that fit because of one paper."""

from __future__ import annotations

import datetime as dt

from django.db import transaction


@transaction.atomic
def make_pair():
    """Return a verified growing-area code and the match that rests on it, agreed by both."""
    from core.kernel import clock
    from core.places.enums import Confidence, NodeKind, RoadClass
    from core.places.models import RoadLink, RoadNode
    from matchmaking.enums import Channel, Side
    from matchmaking.models import Match
    from matchmaking.services import decisions, ranking, refresh
    from producers.enums import PaperKind
    from tests.factories import accounts, buyers, producers

    here, there = accounts.province(), accounts.province("01", name="Hà Nội")
    ends = [
        RoadNode.objects.get_or_create(
            code=f"P{one.code}",
            defaults={
                "name": one.name, "kind": NodeKind.SEAT, "province": one, "lat": 21, "lon": 106,
                "source": "test",
            },
        )[0]
        for one in (here, there)
    ]  # fmt: skip
    RoadLink.objects.get_or_create(
        start=ends[0], end=ends[1],
        defaults={
            "km": 155, "truck_hours": 2.7, "road_class": RoadClass.EXPRESSWAY, "source": "test",
            "confidence": Confidence.ESTIMATE,
        },
    )  # fmt: skip
    offer = producers.SupplyOfferFactory(published=True)
    code = producers.PaperFactory(
        producer=offer.producer, verified=True, kind=PaperKind.GROWING_AREA_CODE, market="VN",
        valid_to=clock.today() + dt.timedelta(days=300),
    )  # fmt: skip
    request = buyers.DemandRequestFactory(
        published=True, category=producers.category(), delivery_province=there,
        price_ceiling_vnd_per_base=45_000, required_papers=[PaperKind.GROWING_AREA_CODE],
    )  # fmt: skip
    ranking.begin_anew()  # nobody was told of what was made here
    refresh.refresh_matches_of_offer(offer_id=offer.pk)
    match = Match.objects.get(offer=offer, request=request)
    for side in Side:
        voice = decisions.Voice(side=side, channel=Channel.PORTAL)
        match = decisions.accept_match(match_id=match.pk, voice=voice)
    return code, match
