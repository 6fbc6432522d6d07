"""What verifying a paper would open: offers that rest on it, and what apps above know beyond."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from core.accounts.enums import OrganisationStatus
from core.kernel import clock
from core.kernel.quantity import Dimension
from producers.enums import OfferStatus
from producers.models import Paper, SupplyOffer

_KG_PER_TONNE: Final = 1_000
_NOTHING_YET: Final = dt.date.max


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What apps above know: suspended matches that ask for the paper, requests it would open."""

    matches: int = 0
    requests: int = 0
    demand_kg: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What rests on one paper; `first_day` is when the earliest of the offers can be delivered."""

    offers: int = 0
    mass_kg: Decimal = Decimal(0)
    first_day: dt.date | None = None
    reach: Reach = field(default_factory=Reach)

    @property
    def is_nothing(self) -> bool:
        """Whether nobody waits for it as far as is known."""
        return not (self.offers or self.reach.matches or self.reach.requests)

    @property
    def mass_tonnes(self) -> float:
        """What the offers hold, as far as it is weighed."""
        return float(self.mass_kg) / _KG_PER_TONNE

    @property
    def demand_tonnes(self) -> float:
        """What the requests ask for, as far as it is weighed."""
        return self.reach.demand_kg / _KG_PER_TONNE

    @property
    def weight(self) -> tuple[int, int, Decimal, dt.date]:
        """What sorts the strongest effect first: who waits, who could buy, how much, how soon."""
        soon = self.first_day or _NOTHING_YET
        return -self.reach.matches, -self.reach.requests, -self.mass_kg, soon


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperScope:
    """What a paper would cover: its slot, and the open offers and products under it."""

    paper_id: int
    kind: str
    market: str
    stars: int | None
    producer_id: int
    product_id: int | None
    crop_span: tuple[int, int] | None
    offer_ids: tuple[int, ...]

    def covers(self, *, producer_id: int, product_id: int, category_order: int) -> bool:
        """Tell whether the paper is for a product."""
        if producer_id != self.producer_id or self.product_id not in {None, product_id}:
            return False
        return self.crop_span is None or self.crop_span[0] <= category_order <= self.crop_span[1]


Provider = Callable[[Sequence[PaperScope]], Mapping[int, Reach]]
_providers: list[Provider] = []


def reach_with(provider: Provider) -> None:
    """Add somebody who knows more of what papers open; called in an app's ready()."""
    if provider not in _providers:
        _providers.append(provider)


def effects_of(papers: Iterable[Paper]) -> dict[int, Effect]:
    """Return what each paper would open, by id: one query here, few above, whatever the number."""
    wanted = [paper for paper in papers if not paper.lot]
    offers = _open_offers({paper.producer_id for paper in wanted})
    under = {paper.pk: _covered(paper, offers) for paper in wanted}
    scopes = [_scope(paper, under[paper.pk]) for paper in wanted]
    known = [provider(scopes) for provider in _providers] if scopes else []
    return {
        paper_id: Effect(
            offers=len(rows),
            mass_kg=sum((one.mass_kg for one in rows), Decimal(0)),
            first_day=min((one.first_day for one in rows), default=None),
            reach=_added(one.get(paper_id, Reach()) for one in known),
        )
        for paper_id, rows in under.items()
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Offer:
    offer_id: int
    product_id: int
    category_order: int
    mass_kg: Decimal
    first_day: dt.date


def _open_offers(producer_ids: set[int]) -> dict[int, list[_Offer]]:
    today = clock.today()
    rows = SupplyOffer.objects.filter(
        producer_id__in=producer_ids,
        status=OfferStatus.PUBLISHED,
        available_to__gte=today,
        producer__organisation__status=OrganisationStatus.APPROVED,
    )
    found: dict[int, list[_Offer]] = {}
    for row in rows.order_by("pk").select_related("product__category"):
        one = _Offer(
            offer_id=row.pk,
            product_id=row.product_id,
            category_order=row.product.category.order_lo,
            mass_kg=row.quantity_base if row.dimension == Dimension.MASS else Decimal(0),
            first_day=max(row.available_from, today),
        )
        found.setdefault(row.producer_id, []).append(one)
    return found


def _covered(paper: Paper, offers: Mapping[int, list[_Offer]]) -> list[_Offer]:
    scope = _scope(paper, ())
    return [
        one
        for one in offers.get(paper.producer_id, ())
        if scope.covers(
            producer_id=paper.producer_id,
            product_id=one.product_id,
            category_order=one.category_order,
        )
    ]


def _scope(paper: Paper, offers: Iterable[_Offer]) -> PaperScope:
    crop = paper.crop
    return PaperScope(
        paper_id=paper.pk,
        kind=paper.kind,
        market=paper.market,
        stars=paper.stars,
        producer_id=paper.producer_id,
        product_id=paper.product_id,
        crop_span=(crop.order_lo, crop.order_hi) if crop else None,
        offer_ids=tuple(one.offer_id for one in offers),
    )


def _added(reaches: Iterable[Reach]) -> Reach:
    every = list(reaches)
    return Reach(
        matches=sum(one.matches for one in every),
        requests=sum(one.requests for one in every),
        demand_kg=sum(one.demand_kg for one in every),
    )
