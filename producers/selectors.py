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
    Model,
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
from producers import models
from producers.enums import OfferStatus, PaperStatus
from producers.models import Paper, Producer, Product, SupplyOffer

# Dimensions in which offers and requests compare, and the units that lead there by content.
TRADED = (Dimension.MASS, Dimension.VOLUME, Dimension.COUNT)
PACKED = (Dimension.PACK, Dimension.LOAD)
EXPIRING_WITHIN_DAYS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperFacts:
    """A verified paper; `valid_to` None means without end."""

    kind: str
    valid_from: dt.date
    valid_to: dt.date | None
    market: str
    stars: int | None


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
    papers = _papers_by_holder({row["organisation_id"] for row in offers})
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
_Papers = dict[tuple[int, int | None], list[PaperFacts]]


def _papers_by_holder(producer_ids: set[int]) -> _Papers:
    found: _Papers = {}
    verified = Paper.objects.filter(status=PaperStatus.VERIFIED, producer_id__in=producer_ids)
    columns = ("producer_id", "product_id", "kind", "valid_from", "valid_to", "market", "stars")
    for producer, product, kind, first, last, market, stars in verified.order_by("pk").values_list(
        *columns
    ):
        facts = PaperFacts(kind=kind, valid_from=first, valid_to=last, market=market, stars=stars)
        found.setdefault((producer, product), []).append(facts)
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
        papers=(*papers.get((holder, None), ()), *papers.get((holder, product), ())),
    )


def papers_by_holder(producer_ids: set[int]) -> dict[tuple[int, int | None], list[PaperFacts]]:
    """Return verified papers by (producer, product); those of the whole producer under None."""
    return _papers_by_holder(producer_ids)


def offers_resting_on_paper(paper_id: int) -> list[int]:
    """Return the published offers whose product the paper covers, by id."""
    paper = Paper.objects.filter(pk=paper_id).first()
    if paper is None:
        return []
    offers = SupplyOffer.objects.filter(producer_id=paper.producer_id, status=OfferStatus.PUBLISHED)
    if paper.product_id is not None:
        offers = offers.filter(product_id=paper.product_id)
    return list(offers.order_by("pk").values_list("pk", flat=True))


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


def papers_visible_to(actor: Actor) -> QuerySet[Paper]:
    """Return one's own papers, and for an officer with a second factor those of the province."""
    visible = Q(pk__in=[])
    if actor.organisation_id is not None:
        visible |= Q(producer_id=actor.organisation_id)
    if actor.has_second_factor:
        visible |= Q(producer__organisation__province_id__in=actor.province_ids)
    if actor.is_administrator and actor.has_second_factor:
        visible = Q()
    return Paper.objects.filter(visible).select_related("producer__organisation", "product")


def papers_of(producer_id: int) -> QuerySet[Paper]:
    """Return a producer's papers, by kind and newest validity first."""
    found = Paper.objects.filter(producer_id=producer_id)
    return found.select_related("product").order_by("kind", "-valid_from", "-pk")


def papers_on_desk(actor: Actor, *, status: PaperStatus) -> QuerySet[Paper]:
    """Return the papers of an officer's provinces in one status, the longest waiting first."""
    desk = Paper.objects.filter(status=status)
    if not actor.is_administrator:
        desk = desk.filter(producer__organisation__province_id__in=actor.province_ids)
    return desk.select_related("producer__organisation__province", "product").order_by(
        "submitted_at", "pk"
    )


def valid_papers(producer_id: int, *, product_id: int | None = None) -> QuerySet[Paper]:
    """Return the verified papers valid today, of the whole producer and of one product.

    Args:
        producer_id: Whose papers.
        product_id: Add the papers of this product; None for the papers of every product.
    """
    today = clock.today()
    found = papers_of(producer_id).filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=today),
        status=PaperStatus.VERIFIED,
        valid_from__lte=today,
    )
    if product_id is not None:
        found = found.filter(Q(product_id=product_id) | Q(product__isnull=True))
    return found


def expiring_papers(producer_id: int) -> QuerySet[Paper]:
    """Return the verified papers that end within the next weeks or ended in the last ones."""
    today = clock.today()
    span = dt.timedelta(days=EXPIRING_WITHIN_DAYS)
    return (
        papers_of(producer_id)
        .filter(status=PaperStatus.VERIFIED, valid_to__range=(today - span, today + span))
        .order_by("valid_to", "pk")
    )


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


# --- What happened ----------------------------------------------------------------------------


def offer_revisions(offer_id: int) -> QuerySet[Any]:
    """Return the stored states of an offer, newest first."""
    return _revisions("SupplyOfferRevision", offer_id)


def paper_revisions(paper_id: int) -> QuerySet[Any]:
    """Return the stored states of a paper, newest first."""
    return _revisions("PaperRevision", paper_id)


def _revisions(name: str, pk: int) -> QuerySet[Any]:
    revision: type[Model] = getattr(models, name)  # pghistory puts its models there
    return revision._default_manager.filter(pgh_obj_id=pk).order_by("-pgh_id")  # noqa: SLF001 -- the model is not known by name


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
