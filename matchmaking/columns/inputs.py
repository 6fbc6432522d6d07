"""Rows of offers and requests become the engine's inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from buyers.selectors import RequestFacts
from core.catalogue.enums import PaperKind, StorageClass
from core.places import selectors as places
from core.places.selectors import Access
from matchmaking.columns.ground import Ground
from matchmaking.engine.records import (
    LAST_DAY_EVER,
    MARKET_KINDS,
    STORAGE_CLASSES,
    Demand,
    HeldPaper,
    Supply,
)
from producers.selectors import OfferFacts, PaperFacts

STARS_OF_AN_AWARD: Final = 3
"""Fewest stars that come with a certificate (QĐ 148/QĐ-TTg, QĐ 26/2026/QĐ-TTg Điều 4)."""

COUNTS_AS: Final = {PaperKind.FOOD_SAFETY_EXEMPTION.value: PaperKind.FOOD_SAFETY.value}
"""Who need not hold a certificate is not refused for the lack of it."""


def supplies(facts: Sequence[OfferFacts], *, ground: Ground) -> list[Supply]:
    """Return the engine's inputs for offers, in their order."""
    ways = places.access_table()
    return [_supply(one, ground=ground, ways=ways) for one in facts]


def demands(facts: Sequence[RequestFacts], *, ground: Ground) -> list[Demand]:
    """Return the engine's inputs for requests, in their order."""
    ways = places.access_table()
    return [_demand(one, ground=ground, ways=ways) for one in facts]


def _supply(facts: OfferFacts, *, ground: Ground, ways: Mapping[int, Access]) -> Supply:
    award = _award(facts)
    award_days = _award_days(award, facts) if award else (1, LAST_DAY_EVER)
    return Supply(
        offer_id=facts.offer_id,
        version=facts.version,
        organisation_id=facts.organisation_id,
        category_order=facts.category_order,
        leaf_name=facts.category_name,
        product_name=facts.product_name,
        dimension=facts.dimension,
        quantity_base=float(facts.quantity_base),
        weekly_capacity_base=_float(facts.weekly_capacity_base),
        minimum_lot_base=_float(facts.minimum_lot_base),
        price_vnd_per_base=_float(facts.price_vnd_per_base),
        kg_per_base=None,
        first_day=facts.first_day.toordinal(),
        last_day=facts.last_day.toordinal(),
        storage=_storage(facts.storage),
        shelf_life_days=_float(facts.shelf_life_days),
        origin=ground.place(ways.get(facts.origin_commune_id or facts.origin_province_id)),
        province=ground.code_of_province.get(facts.origin_province_id, -1),
        stars=award.stars or 0 if award else 0,
        stars_from=award_days[0],
        stars_to=award_days[1],
        papers=tuple(
            HeldPaper(
                kind=COUNTS_AS.get(paper.kind, paper.kind),
                valid_from=paper.valid_from.toordinal(),
                valid_to=_last(paper),
                markets=(paper.market,) if paper.kind in MARKET_KINDS and paper.market else (),
            )
            for paper in facts.papers
            if paper.kind != PaperKind.OCOP_AWARD
        ),
        can_issue_invoice=bool(facts.can_issue_invoice),
        has_gtin=facts.has_gtin,
    )


def _demand(facts: RequestFacts, *, ground: Ground, ways: Mapping[int, Access]) -> Demand:
    asks_for_award = PaperKind.OCOP_AWARD in facts.required_papers
    destinations = [ways.get(commune or province) for province, commune in facts.places]
    return Demand(
        request_id=facts.request_id,
        version=facts.version,
        organisation_id=facts.organisation_id,
        category_lo=facts.category_lo,
        category_hi=facts.category_hi,
        words=facts.words,
        dimension=facts.dimension,
        quantity_base=float(facts.quantity_base),
        price_ceiling_vnd_per_base=_float(facts.price_ceiling_vnd_per_base),
        first_day=facts.first_day.toordinal(),
        last_day=facts.last_day.toordinal(),
        destinations=tuple(ground.place(way) for way in destinations),
        province=ground.code_of_province.get(facts.places[0][0], -1) if facts.places else -1,
        minimum_stars=max(facts.minimum_stars, STARS_OF_AN_AWARD if asks_for_award else 0),
        required_papers=_slots(facts.required_papers, market=facts.market),
        preferred_papers=_slots(facts.preferred_papers, market=facts.market),
        storage_required=_storage(facts.storage) if facts.storage else None,
        needs_invoice=facts.needs_invoice,
        needs_barcode=facts.needs_barcode,
        max_lead_hours=None,
    )


def _slots(kinds: Sequence[str], *, market: str) -> tuple[str, ...]:
    """Codes only count for the market they were given for; the award is asked for by its stars."""
    return tuple(
        f"{kind}:{market}" if kind in MARKET_KINDS else kind
        for kind in sorted({COUNTS_AS.get(kind, kind) for kind in kinds})
        if kind != PaperKind.OCOP_AWARD
    )


def _award(facts: OfferFacts) -> PaperFacts | None:
    """The award that counts: valid in the offer's window first, then most stars, then longest."""
    awards = [paper for paper in facts.papers if paper.kind == PaperKind.OCOP_AWARD]

    def worth(paper: PaperFacts) -> tuple[bool, int, int]:
        meets = paper.valid_from <= facts.last_day and _last(paper) >= facts.first_day.toordinal()
        return meets, paper.stars or 0, _last(paper)

    return max(awards, key=worth, default=None)


def _award_days(award: PaperFacts, facts: OfferFacts) -> tuple[int, int]:
    """First and last day of an award, with those of as many stars it meets: renewed, no gap."""
    first, last = award.valid_from.toordinal(), _last(award)
    spans = sorted(
        (paper.valid_from.toordinal(), _last(paper))
        for paper in facts.papers
        if paper.kind == PaperKind.OCOP_AWARD and (paper.stars or 0) >= (award.stars or 0)
    )
    for begins, ends in (*spans, *reversed(spans)):
        if begins <= last + 1 and ends >= first - 1:
            first, last = min(first, begins), max(last, ends)
    return first, last


def _storage(storage: str) -> str:
    """Services travel like dry goods: nothing spoils."""
    if storage == StorageClass.SERVICE:
        return StorageClass.AMBIENT.value
    return STORAGE_CLASSES[STORAGE_CLASSES.index(storage)]


def _last(paper: PaperFacts) -> int:
    return paper.valid_to.toordinal() if paper.valid_to else LAST_DAY_EVER


def _float(value: object) -> float | None:
    return None if value is None else float(str(value))
