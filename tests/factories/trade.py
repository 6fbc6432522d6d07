"""A drawn market of several groups and regions, what trade does to it, and what stands then."""

from __future__ import annotations

import datetime as dt
import itertools
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from core.catalogue.enums import CategoryLevel
from core.catalogue.models import ProductCategory
from core.kernel import clock
from core.places.enums import Confidence, NodeKind, RoadClass
from core.places.models import AdminUnit, RoadLink, RoadNode
from tests.factories import accounts, buyers, producers

_PROVINCES = (
    ("22", "Quảng Ninh", "dbb"), ("01", "Hà Nội", "dbs"), ("31", "Hải Phòng", "dbs"),
    ("24", "Bắc Ninh", "dbs"), ("20", "Lạng Sơn", "tdmn"), ("19", "Thái Nguyên", "tdmn"),
)  # fmt: skip
_GOODS = (
    ("g1", "Thực phẩm tươi", ("Cam", "Ổi", "Bưởi")),
    ("g2", "Thủy sản", ("Mực khô", "Chả mực", "Tôm")),
    ("g3", "Đồ uống", ("Chè", "Nước mắm")),
    ("g4", "Gia vị", ("Miến dong", "Nghệ")),
)
FEW_PLACES, MANY_PLACES = 4, 100
_GRADES = ("loại 1", "sạch", "đặc sản", "hữu cơ", "ngon")


@dataclass(frozen=True, slots=True)
class Trade:
    """Drafts of a market, in the order in which they come to it."""

    offers: tuple[int, ...]
    requests: tuple[int, ...]

    def steps(self) -> Iterator[Callable[[], object]]:
        """Publish, revise, move and withdraw, each step one transaction through the services."""
        from buyers import services as buying
        from producers import services as selling

        thirds = [self.offers[at::3] for at in range(3)]
        yield lambda: buying.publish_demand_requests(request_ids=self.requests[::2])
        yield lambda: selling.publish_supply_offers(offer_ids=thirds[0])
        yield lambda: _revise_offers(thirds[0][::2])
        yield lambda: selling.publish_supply_offers(offer_ids=thirds[1])
        yield lambda: buying.publish_demand_requests(request_ids=self.requests[1::2])
        yield lambda: _revise_requests(self.requests[::4])
        yield lambda: selling.withdraw_supply_offers(offer_ids=thirds[0][1::3])
        yield lambda: buying.close_demand_requests(request_ids=self.requests[3::7])
        yield lambda: selling.publish_supply_offers(offer_ids=thirds[2])
        yield lambda: _revise_offers(thirds[1][::3])


def draw(*, offers: int, requests: int, seed: int = 7) -> Trade:
    """Write the drafts of a market, always the same for a seed."""
    lot = random.Random(seed)
    provinces, leaves, wide = _roads(), *_tree()
    sellers = [
        producers.ProducerFactory(organisation=accounts.OrganisationFactory(province=one))
        for one in provinces
    ]
    chains = buyers.BuyerGroupFactory.create_batch(3)
    return Trade(
        offers=tuple(
            _offer(lot, lot.choice(leaves), lot.choice(sellers), number) for number in range(offers)
        ),
        requests=tuple(
            _request(lot, lot.choice(leaves + wide), lot.choice(provinces), lot.choice(chains))
            for _ in range(requests)
        ),
    )


def _roads() -> list[AdminUnit]:
    """Provinces of three regions, each joined to all others by a road of its own length."""
    found = []
    for code, name, region in _PROVINCES:
        one = accounts.province(code, name=name)
        one.region_code = region
        one.save()
        found.append(one)
    ends = [
        RoadNode.objects.get_or_create(
            code=f"P{one.code}",
            defaults={
                "name": one.name, "kind": NodeKind.SEAT, "province": one, "lat": 21, "lon": 106,
                "source": "test",
            },
        )[0]
        for one in found
    ]  # fmt: skip
    for place, (start, end) in enumerate(itertools.combinations(ends, 2)):
        RoadLink.objects.get_or_create(
            start=start, end=end,
            defaults={
                "km": 60 + 17 * place, "truck_hours": Decimal("1.5") + Decimal("0.4") * place,
                "road_class": RoadClass.EXPRESSWAY, "source": "test",
                "confidence": Confidence.ESTIMATE,
            },
        )  # fmt: skip
    return found


def _tree() -> tuple[list[ProductCategory], list[ProductCategory]]:
    """Kinds of goods, and what is wider: their groups, and the sector above two of these."""
    leaves, wide = [], [_node("s1", "Hàng ăn", CategoryLevel.SECTOR, 1_000, 1_299)]
    for number, (code, name, kinds) in enumerate(_GOODS):
        first = 1_000 + 200 * number
        wide.append(_node(code, name, CategoryLevel.GROUP, first, first + 99))
        for place, kind in enumerate(kinds, first + 1):
            leaves.append(_node(f"{code}-{place}", kind, CategoryLevel.LEAF, place, place))
    return leaves, wide


def _node(code: str, name: str, level: CategoryLevel, first: int, last: int) -> ProductCategory:
    node = producers.category(code, name=name, order=first)
    node.level, node.order_hi = level, last
    node.save()
    return node


def _offer(lot: random.Random, leaf: ProductCategory, seller: Any, number: int) -> int:
    price = lot.randrange(20_000, 36_000, 500)
    tonnes = lot.randint(1, 12)
    return producers.SupplyOfferFactory(
        producer=seller, product__category=leaf, price_vnd_per_base=price, price_vnd=1_000 * price,
        product__name=f"{leaf.name_vi} {lot.choice(_GRADES)} {number}",
        quantity=Decimal(tonnes), quantity_base=Decimal(1_000 * tonnes),
        available_to=clock.today() + dt.timedelta(days=lot.randint(20, 60)),
    ).pk  # fmt: skip


def _request(lot: random.Random, category: ProductCategory, place: AdminUnit, chain: Any) -> int:
    ceiling = lot.randrange(32_000, 60_000, 500)
    tonnes = lot.randint(2, 30)
    return buyers.DemandRequestFactory(
        group=chain, category=category, delivery_province=place,
        words=f"{category.name_vi} {lot.choice(_GRADES)}",
        quantity=Decimal(tonnes), quantity_base=Decimal(1_000 * tonnes),
        price_ceiling_vnd=1_000 * ceiling, price_ceiling_vnd_per_base=ceiling,
    ).pk  # fmt: skip


def _revise_offers(offer_ids: tuple[int, ...]) -> None:
    """Change prices and, of every other offer, the province it is sent from: maybe its part."""
    from producers import services
    from producers.models import SupplyOffer
    from producers.resources.offers import input_of

    provinces = sorted(AdminUnit.objects.values_list("pk", flat=True).filter(level="province"))
    for place, offer in enumerate(SupplyOffer.objects.filter(pk__in=offer_ids).order_by("pk")):
        typed = input_of(offer)
        values = replace(typed, price_vnd=(typed.price_vnd or 0) + 700_000)
        if place % 2:
            values = replace(values, origin_province_id=provinces[place % len(provinces)])
        services.revise_supply_offer(offer_id=offer.pk, values=values)


def _revise_requests(request_ids: tuple[int, ...]) -> None:
    """Change ceilings and, of every other request, what it asks for: maybe its parts."""
    from buyers import services
    from buyers.models import DemandRequest

    kinds = sorted(
        ProductCategory.objects.filter(order_lo__gte=1_000).values_list("order_lo", "pk")
    )
    for place, request in enumerate(
        DemandRequest.objects.filter(pk__in=request_ids).order_by("pk")
    ):
        terms = services.terms_of(request)
        terms = replace(terms, price_ceiling_vnd=(terms.price_ceiling_vnd or 0) + 900_000)
        if place % 2:
            terms = replace(terms, category_id=kinds[(5 * place) % len(kinds)][1])
        services.revise_demand_request(request_id=request.pk, terms=terms)


def publish_rules(*, top_k: int) -> None:
    """Let every list have so many places from now on."""
    from matchmaking.engine.ruleset import DEFAULT_RULESET
    from matchmaking.services.rulesets import publish_ruleset

    publish_ruleset(rules={**DEFAULT_RULESET.to_json(), "top_k": top_k}, note="test")


def standing_lists() -> dict[str, object]:
    """Everybody's list: packed rows of offers byte for byte, those of requests merged."""
    from matchmaking import rankings
    from matchmaking.models import OfferRanking

    packed = ("offer", "version", "count", "inputs", "partner_ids", "scores")
    return {
        "packed": [
            tuple(bytes(one) if isinstance(one, memoryview) else one for one in row)
            for row in OfferRanking.objects.order_by("offer").values_list(*packed)
        ],
        "offers": [tuple(one)[:4] for one in rankings.partners_of_offers(None)],
        "requests": [tuple(one)[:4] for one in rankings.partners_of_requests(None)],
    }


def standing_matches() -> dict[tuple[int, int], tuple[object, ...]]:
    """All matches that stand proposed, with everything they were judged by."""
    from matchmaking.models import Match

    judged = ("score", "parts", "supply", "demand", "pair", "offer_version", "request_version")
    found = Match.objects.filter(status="proposed")
    return {
        (offer, request): tuple(rest)
        for offer, request, *rest in found.values_list("offer", "request", *judged)
    }


def listed_without_match() -> set[tuple[int, int]]:
    """Pairs that stand on a list and have no match: none, once all duties are done."""
    from matchmaking import rankings

    return rankings.pairs_listed(offer_ids=None, request_ids=None, unmatched=True)


class Drafts:
    """A market as it was drawn, to trade in it once more."""

    def __init__(self, trade: Trade) -> None:
        from buyers.models import DemandRequest
        from producers.models import SupplyOffer

        self._rows = [
            list(SupplyOffer.objects.filter(pk__in=trade.offers)),
            list(DemandRequest.objects.filter(pk__in=trade.requests)),
        ]

    def restore(self) -> None:
        """Forget matches, lists and all that happened; everything is a draft again."""
        from core.outbox.models import OutboxMessage
        from matchmaking.models import Match
        from matchmaking.services.ranking import begin_anew

        begin_anew()
        Match.objects.all().delete()
        OutboxMessage.objects.all().delete()
        for rows in self._rows:
            names = [field.name for field in rows[0]._meta.concrete_fields]
            names.remove("id")
            type(rows[0]).objects.bulk_update(rows, names)
