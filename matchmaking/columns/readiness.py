"""Rows of products, profiles and requests become the inputs of readiness."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from buyers.selectors import ProfileFacts, RequestFacts
from core.kernel.quantity import Dimension
from matchmaking.columns.inputs import COUNTS_AS
from matchmaking.engine.readiness import Asked, Goods, Holding, Wanted, asked
from matchmaking.engine.records import LAST_DAY_EVER
from producers.selectors import PaperFacts


def goods(
    row: dict[str, Any],
    *,
    papers: Iterable[PaperFacts],
    capacities: Iterable[tuple[str, float | None]],
) -> Goods:
    """Return one product.

    Args:
        row: Its id, place in the category tree, storage, invoice and GTIN.
        papers: Its verified papers and those of its producer.
        capacities: Dimension and weekly capacity in base units of its open offers.
    """
    offers = list(capacities)
    weighed = [most for dimension, most in offers if dimension == Dimension.MASS]
    return Goods(
        product_id=row["product_id"],
        category_order=row["category_order"],
        storage=row["storage"],
        papers=tuple(_holding(paper) for paper in papers),
        can_issue_invoice=bool(row["can_issue_invoice"]),
        has_gtin=bool(row["gtin"]),
        weekly_capacity_kg=max((most for most in weighed if most is not None), default=None),
        is_weighed=bool(weighed) or not offers,
    )


def profile(facts: ProfileFacts) -> Asked:
    """Return what a profile asks for."""
    return Asked(
        required=asked(
            _counted(facts.required_papers),
            market=facts.market,
            minimum_stars=facts.minimum_stars,
            needs_invoice=facts.needs_invoice,
            needs_barcode=facts.needs_barcode,
        ),
        preferred=asked(_counted(facts.preferred_papers), market=facts.market),
        test_report_months=facts.test_report_months,
        weekly_capacity_kg=facts.weekly_capacity_kg,
    )


def wanted(facts: RequestFacts) -> Wanted:
    """Return one request's conditions."""
    price = facts.price_ceiling_vnd_per_base
    return Wanted(
        request_id=facts.request_id,
        group_id=facts.organisation_id,
        banner_name=facts.banner_name or "",
        category_lo=facts.category_lo,
        category_hi=facts.category_hi,
        storage=facts.storage or "",
        required=asked(
            _counted(facts.required_papers),
            market=facts.market,
            minimum_stars=facts.minimum_stars,
            needs_invoice=facts.needs_invoice,
            needs_barcode=facts.needs_barcode,
        ),
        dimension=facts.dimension,
        quantity_base=float(facts.quantity_base),
        preferred=asked(_counted(facts.preferred_papers), market=facts.market),
        value_vnd=float(facts.quantity_base) * price if price is not None else None,
    )


def _counted(kinds: Iterable[str]) -> list[str]:
    return [COUNTS_AS.get(kind, kind) for kind in kinds]


def _holding(paper: PaperFacts) -> Holding:
    return Holding(
        kind=COUNTS_AS.get(paper.kind, paper.kind),
        valid_from=paper.valid_from.toordinal(),
        valid_to=paper.valid_to.toordinal() if paper.valid_to else LAST_DAY_EVER,
        market=paper.market,
        stars=paper.stars or 0,
        tested_on=paper.test_report_on.toordinal() if paper.test_report_on else None,
    )
