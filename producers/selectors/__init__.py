"""Reading producers: what an actor may see, and plain facts for matching."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    When,
)

from core.accounts.actors import Actor
from core.accounts.enums import OrganisationStatus
from core.accounts.models import Organisation
from core.catalogue.models import ProductCategory, Unit
from core.kernel import clock
from core.kernel.quantity import Dimension
from producers.enums import OfferStatus, PaperStatus
from producers.models import Paper, Producer, Product, SupplyOffer
from producers.selectors.papers import (
    EXPIRING_WITHIN_DAYS,
    expiring_papers,
    is_renewed,
    offers_resting_on_paper,
    packing_kg_a_day,
    papers_lost_by,
    papers_of,
    papers_on_desk,
    papers_to_renew,
    papers_visible_to,
    papers_with_renewal,
    proposals_for,
    proposals_on_desk,
    proposals_visible_to,
    renewals_by,
    storefront_funnel,
    valid_papers,
    waiting_proposal,
)
from producers.selectors.proofs import (
    ocop_packet,
    ocop_place,
    ocop_subjects,
    papers_resting_on,
    proofs_of,
)
from producers.selectors.revisions import offer_revisions, paper_revisions

__all__ = [
    "EXPIRING_WITHIN_DAYS",
    "PACKED",
    "TRADED",
    "OfferFacts",
    "PaperFacts",
    "approved_producers",
    "completeness",
    "content_units",
    "covers",
    "expiring_papers",
    "is_renewed",
    "ocop_packet",
    "ocop_place",
    "ocop_subjects",
    "offer_counts",
    "offer_facts",
    "offer_revisions",
    "offer_units",
    "offers_of",
    "offers_resting_on_paper",
    "offers_visible_to",
    "open_offers",
    "packing_kg_a_day",
    "paper_revisions",
    "papers_by_holder",
    "papers_lost_by",
    "papers_of",
    "papers_on_desk",
    "papers_resting_on",
    "papers_to_renew",
    "papers_visible_to",
    "papers_with_renewal",
    "producer_or_blank",
    "product_categories",
    "products_of",
    "products_visible_to",
    "proofs_of",
    "proposals_for",
    "proposals_on_desk",
    "proposals_visible_to",
    "renewals_by",
    "storefront_funnel",
    "valid_papers",
    "waiting_proposal",
]

# Dimensions in which offers and requests compare, and the units that lead there by content.
TRADED = (Dimension.MASS, Dimension.VOLUME, Dimension.COUNT)
PACKED = (Dimension.PACK, Dimension.LOAD)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperFacts:
    """A verified paper; `valid_to` None means without end."""

    kind: str
    valid_from: dt.date
    valid_to: dt.date | None
    market: str
    stars: int | None
    crop_lo: int | None = None
    crop_hi: int | None = None
    test_report_on: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferFacts:
    """Everything matching needs of one offer, in base units and đồng; plain values only."""

    offer_id: int
    version: int
    status_open: bool
    organisation_id: int
    organisation_name: str
    product_id: int
    product_name: str
    category_id: int
    category_name: str
    category_order: int
    dimension: str
    quantity_base: Decimal
    weekly_capacity_base: Decimal | None
    minimum_lot_base: Decimal | None
    price_vnd_per_base: int | None
    first_day: dt.date
    last_day: dt.date
    storage: str
    shelf_life_days: int | None
    origin_province_id: int
    origin_commune_id: int | None
    can_issue_invoice: bool | None
    has_gtin: bool
    papers: tuple[PaperFacts, ...]


_APPROVED = Q(producer__organisation__status=OrganisationStatus.APPROVED)


def _open_on(day: dt.date) -> Q:
    return _APPROVED & Q(status=OfferStatus.PUBLISHED, available_to__gte=day)


# --- For matching -----------------------------------------------------------------------------


def open_offers() -> QuerySet[SupplyOffer]:
    """Return what is on the market today: published, of an approved producer, not past."""
    found = SupplyOffer.objects.filter(_open_on(clock.today()))
    return found.select_related("product__category", "producer__organisation").order_by("pk")


def offer_facts(offer_ids: Sequence[int] | None = None) -> list[OfferFacts]:
    """Return the facts of offers by id, in two queries whatever their number.

    Args:
        offer_ids: Offers in any status; None for all open ones. Unknown ids are left out.
    """
    today = clock.today()
    wanted = _open_on(today) if offer_ids is None else Q(pk__in=offer_ids)
    rows = SupplyOffer.objects.filter(wanted).order_by("pk").values(**_FACT_COLUMNS)
    offers: list[dict[str, Any]] = [dict(row) for row in rows]
    papers = papers_by_holder({row["organisation_id"] for row in offers})
    return [_facts(row, papers, today=today) for row in offers]


_FACT_COLUMNS: dict[str, F | Case] = {
    "offer_id": F("pk"),
    "offer_version": F("version"),
    "offer_status": F("status"),
    "organisation_id": F("producer_id"),
    "organisation_name": F("producer__organisation__name"),
    "organisation_status": F("producer__organisation__status"),
    "of_product": F("product_id"),
    "product_name": F("product__name"),
    "category_id": F("product__category_id"),
    "category_name": F("product__category__name_vi"),
    "category_order": F("product__category__order_lo"),
    "in_dimension": F("dimension"),
    "base_quantity": F("quantity_base"),
    "base_weekly_capacity": F("weekly_capacity_base"),
    "base_minimum_lot": F("minimum_lot_base"),
    "base_price_vnd": F("price_vnd_per_base"),
    "first_day": F("available_from"),
    "last_day": F("available_to"),
    "storage_class": F("storage"),
    "shelf_life_days": Case(
        When(product__shelf_life_days__isnull=False, then=F("product__shelf_life_days")),
        default=F("product__category__shelf_life_days"),
    ),
    "of_province": F("origin_province_id"),
    "of_commune": F("origin_commune_id"),
    "can_issue_invoice": F("producer__can_issue_invoice"),
    "gtin": F("product__gtin"),
}
_PAPER_COLUMNS = ("kind", "valid_from", "valid_to", "market", "stars", "test_report_on")
_Papers = dict[tuple[int, int | None], list[PaperFacts]]


def papers_by_holder(producer_ids: set[int]) -> _Papers:
    """Return papers that count or counted by (producer, product); of the whole producer: None."""
    found: _Papers = {}
    has_counted = Q(status=PaperStatus.VERIFIED) | Q(
        status=PaperStatus.EXPIRED, valid_to__lt=clock.today()
    )
    rows = Paper.objects.filter(has_counted, producer_id__in=producer_ids, lot="").values(
        "producer_id", "product_id", *_PAPER_COLUMNS,
        crop_lo=F("crop__order_lo"), crop_hi=F("crop__order_hi"),
    )  # fmt: skip
    for row in rows.order_by("pk"):
        facts = PaperFacts(**{name: row[name] for name in (*_PAPER_COLUMNS, "crop_lo", "crop_hi")})
        found.setdefault((row["producer_id"], row["product_id"]), []).append(facts)
    return found


def _facts(row: dict[str, Any], papers: _Papers, *, today: dt.date) -> OfferFacts:
    holder, product = row["organisation_id"], row["of_product"]
    return OfferFacts(
        offer_id=row["offer_id"],
        version=row["offer_version"],
        status_open=row["offer_status"] == OfferStatus.PUBLISHED
        and row["organisation_status"] == OrganisationStatus.APPROVED
        and row["last_day"] >= today,
        organisation_id=holder,
        organisation_name=row["organisation_name"],
        product_id=product,
        product_name=row["product_name"],
        category_id=row["category_id"],
        category_name=row["category_name"],
        category_order=row["category_order"],
        dimension=row["in_dimension"],
        quantity_base=row["base_quantity"],
        weekly_capacity_base=row["base_weekly_capacity"],
        minimum_lot_base=row["base_minimum_lot"],
        price_vnd_per_base=row["base_price_vnd"],
        first_day=row["first_day"],
        last_day=row["last_day"],
        storage=row["storage_class"],
        shelf_life_days=row["shelf_life_days"],
        origin_province_id=row["of_province"],
        origin_commune_id=row["of_commune"],
        can_issue_invoice=row["can_issue_invoice"],
        has_gtin=bool(row["gtin"]),
        papers=tuple(
            paper
            for paper in (*papers.get((holder, None), ()), *papers.get((holder, product), ()))
            if covers(paper, category_order=row["category_order"])
            and not _held_only_before(today, paper, first_day=row["first_day"])
        ),
    )


def covers(paper: PaperFacts, *, category_order: int) -> bool:
    """Whether a paper for one crop is for this kind of product; others are for all."""
    if paper.crop_lo is None or paper.crop_hi is None:
        return True
    return paper.crop_lo <= category_order <= paper.crop_hi


def _held_only_before(today: dt.date, paper: PaperFacts, *, first_day: dt.date) -> bool:
    """Whether a paper covers nothing of an offer's days but some that are past.

    The engine knows no today: such a paper would let it deliver yesterday.
    """
    return paper.valid_to is not None and first_day <= paper.valid_to < today


# --- What an actor may see --------------------------------------------------------------------


def offers_visible_to(actor: Actor) -> QuerySet[SupplyOffer]:
    """Return one's own offers in any status, and the open ones of everybody else."""
    visible = _open_on(clock.today())
    if actor.organisation_id is not None:
        visible |= Q(producer_id=actor.organisation_id)
    if actor.is_administrator and actor.has_second_factor:
        visible = Q()
    return SupplyOffer.objects.filter(visible)


def offers_of(producer_id: int) -> QuerySet[SupplyOffer]:
    """Return a producer's own offers, newest first, ready for a list."""
    return (
        SupplyOffer.objects.filter(producer_id=producer_id)
        .select_related("product", "unit", "pack_unit", "origin_province")
        .order_by("-pk")
    )


def products_visible_to(actor: Actor) -> QuerySet[Product]:
    """Return one's own products, and those of approved producers that are not archived."""
    visible = _APPROVED & Q(is_archived=False)
    if actor.organisation_id is not None:
        visible |= Q(producer_id=actor.organisation_id)
    return Product.objects.filter(visible)


def products_of(producer_id: int, *, archived: bool = False) -> QuerySet[Product]:
    """Return a producer's products by name, with category."""
    found = Product.objects.filter(producer_id=producer_id, is_archived=archived)
    return found.select_related("category").order_by("name_folded", "pk")


def approved_producers() -> QuerySet[Producer]:
    """Return the producers anybody may look at."""
    return Producer.objects.filter(organisation__status=OrganisationStatus.APPROVED).select_related(
        "organisation__province", "organisation__commune"
    )


def producer_or_blank(organisation: Organisation) -> Producer:
    """Return the organisation's seller side; an unsaved one where it has none yet."""
    found = Producer.objects.filter(pk=organisation.pk).first()
    return found or Producer(organisation=organisation)


# --- Lists a form chooses from ----------------------------------------------------------------


def offer_units() -> QuerySet[Unit]:
    """Return the units goods are offered in: by weight, volume, piece or pack."""
    return Unit.objects.filter(dimension__in=[*TRADED, *PACKED])


def content_units() -> QuerySet[Unit]:
    """Return the units a pack's content is counted in."""
    return Unit.objects.filter(dimension__in=TRADED, to_base__isnull=False)


def product_categories() -> QuerySet[ProductCategory]:
    """Return the kinds of products, in the order of the tree, with their sets."""
    found = ProductCategory.objects.filter(is_active=True, children__isnull=True)
    return found.select_related("parent").order_by("order_lo")


def offer_counts(producer_id: int) -> dict[str, int]:
    """Return how many offers of a producer stand in each status."""
    counts = dict.fromkeys(OfferStatus.values, 0)
    offers = SupplyOffer.objects.filter(producer_id=producer_id).order_by()
    counts.update(offers.values_list("status").annotate(Count("pk")))
    return counts


def completeness(organisation_id: int) -> dict[str, bool]:
    """Return what a good profile has, and whether this one has it, in one query."""
    products = Product.objects.filter(producer_id=OuterRef("pk"), is_archived=False)
    papers = Paper.objects.filter(producer_id=OuterRef("pk"), status=PaperStatus.VERIFIED)
    offers = SupplyOffer.objects.filter(producer_id=OuterRef("pk"), status=OfferStatus.PUBLISHED)
    columns: dict[str, Any] = {
        "summary": ~Q(producer__summary="") & Q(producer__isnull=False),
        "story": ~Q(producer__story="") & Q(producer__isnull=False),
        "invoice": Q(producer__can_issue_invoice__isnull=False),
        "product": Exists(products),
        "photo": Exists(products.exclude(photo="")),
        "paper": Exists(papers),
        "offer": Exists(offers),
    }
    wrapped = {
        f"has_{name}": ExpressionWrapper(has, output_field=BooleanField())
        for name, has in columns.items()
    }
    row: Any = Organisation.objects.filter(pk=organisation_id).values(**wrapped).get()
    return {name: bool(row[f"has_{name}"]) for name in columns}
