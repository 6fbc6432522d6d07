"""Reading papers: whose they are, which count, which take over from which."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BigIntegerField, Count, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from core.accounts.actors import Actor
from core.kernel import clock
from producers.enums import OfferStatus, PaperKind, PaperStatus, ProposalState, StorefrontStage
from producers.models import Paper, PaperProposal, Product, SupplyOffer

EXPIRING_WITHIN_DAYS: Final = 60
CODE_KINDS: Final = (PaperKind.GROWING_AREA_CODE, PaperKind.PACKING_FACILITY_CODE)
_HAS_RUN_ITS_COURSE: Final = (PaperStatus.VERIFIED, PaperStatus.EXPIRED)
_NO_LONGER: Final = (PaperStatus.SUSPENDED, PaperStatus.REVOKED, PaperStatus.EXPIRED)
_ONE_DAY: Final = dt.timedelta(days=1)
_SUBJECT: Final = ("product_id", "crop_id")


def offers_resting_on_paper(paper_id: int) -> list[int]:
    """Return the published offers whose product the paper covers, by id.

    A paper for one lot carries no offer: an offer does not say which lot it delivers.
    """
    paper = Paper.objects.filter(pk=paper_id, lot="").select_related("crop").first()
    if paper is None:
        return []
    offers = SupplyOffer.objects.filter(producer_id=paper.producer_id, status=OfferStatus.PUBLISHED)
    if paper.product_id is not None:
        offers = offers.filter(product_id=paper.product_id)
    if paper.crop is not None:
        span = (paper.crop.order_lo, paper.crop.order_hi)
        offers = offers.filter(product__category__order_lo__range=span)
    return list(offers.order_by("pk").values_list("pk", flat=True))


def papers_lost_by(offer: SupplyOffer) -> list[Paper]:
    """Return the papers over an offer's product that count no longer and have no stand-in today."""
    over = [one for one in papers_of(offer.producer_id).filter(lot="") if _is_over(one, offer)]
    counts = {
        (one.kind, one.market)
        for one in valid_papers(offer.producer_id, product_id=offer.product_id)
        if _is_over(one, offer)
    }
    gone = [one for one in over if one.status in _NO_LONGER]
    return [one for one in gone if (one.kind, one.market) not in counts]


def _is_over(paper: Paper, offer: SupplyOffer) -> bool:
    """Whether a paper is for the product of an offer, or for its branch of the catalogue."""
    if paper.product_id not in {None, offer.product_id}:
        return False
    crop, category = paper.crop, offer.product.category
    return crop is None or crop.order_lo <= category.order_lo <= crop.order_hi


def papers_visible_to(actor: Actor) -> QuerySet[Paper]:
    """Return one's own papers, and for an officer with a second factor those of the province."""
    visible = Q(pk__in=[])
    if actor.organisation_id is not None:
        visible |= Q(producer_id=actor.organisation_id)
    if actor.has_second_factor:
        visible |= Q(producer__organisation__province_id__in=actor.province_ids)
    if actor.is_administrator and actor.has_second_factor:
        visible = Q()
    return Paper.objects.filter(visible).select_related(
        "producer__organisation", "product", "crop", "commune", "document"
    )


def papers_of(producer_id: int) -> QuerySet[Paper]:
    """Return a producer's papers, by kind and newest validity first."""
    found = Paper.objects.filter(producer_id=producer_id)
    return found.select_related("product", "crop", "commune", "document").order_by(
        "kind", "-valid_from", "-pk"
    )


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


def packing_kg_a_day(product: Product) -> Decimal | None:
    """Return what facilities with a code that counts today pack of a product on one day.

    Each facility once, whatever the markets of its codes; None where no code says it.
    """
    order = product.category.order_lo
    codes = valid_papers(product.producer_id, product_id=product.pk).filter(
        Q(crop__isnull=True) | Q(crop__order_lo__lte=order, crop__order_hi__gte=order),
        kind=PaperKind.PACKING_FACILITY_CODE,
        daily_capacity_kg__isnull=False,
        lot="",
    )
    most: dict[str, Decimal] = {}
    for number, kg in codes.values_list("number", "daily_capacity_kg"):
        capacity = kg or Decimal(0)
        most[number] = max(capacity, most.get(number, capacity))
    return sum(most.values(), Decimal(0)) if most else None


def expiring_papers(producer_id: int) -> QuerySet[Paper]:
    """Return the papers that end soon or ended lately, without those that were renewed."""
    today = clock.today()
    span = dt.timedelta(days=EXPIRING_WITHIN_DAYS)
    return (
        papers_of(producer_id)
        .filter(
            ~is_renewed(),
            status__in=_HAS_RUN_ITS_COURSE,
            valid_to__range=(today - span, today + span),
        )
        .order_by("valid_to", "pk")
    )


# --- Renewal ----------------------------------------------------------------------------------


def papers_to_renew() -> QuerySet[Paper]:
    """Return the verified papers that no other verified paper takes over from."""
    return Paper.objects.filter(~is_renewed(), status=PaperStatus.VERIFIED)


def is_renewed() -> Exists:
    """Return whether a verified paper of the same kind and subject goes on without a gap."""
    return Exists(_successors())


def papers_with_renewal(producer_id: int) -> QuerySet[Paper]:
    """Return a producer's papers with `renewed` and `renewal_waits`: one goes on, or may soon."""
    waiting = _successors(status=PaperStatus.SUBMITTED)
    return papers_of(producer_id).annotate(renewed=is_renewed(), renewal_waits=Exists(waiting))


def renewals_by(papers: Iterable[Paper]) -> list[tuple[int, int]]:
    """Return which verified papers these verified ones take over from without a gap.

    Returns:
        Pairs of ids in their order: the one that goes on, and the earlier one.
    """
    known = {paper.pk: paper.producer_id for paper in papers}
    earlier = (
        Paper.objects.filter(producer__in=set(known.values()), status=PaperStatus.VERIFIED)
        .annotate(by=ArraySubquery(_successors().filter(pk__in=known).values("pk")))
        .exclude(by=[])
        .values_list("by", "pk")
    )
    return sorted((after, before) for found, before in earlier for after in found)


def _successors(*, status: PaperStatus = PaperStatus.VERIFIED) -> QuerySet[Paper]:
    """Papers that take over from the outer one: same subject, no day between, longer.

    A code stands for one area or house, so another code takes over from nothing.
    """
    about = Paper.objects.alias(**{f"of_{name}": _or_zero(F(name)) for name in _SUBJECT})
    return about.filter(
        ~Q(kind__in=CODE_KINDS) | Q(number=OuterRef("number")),
        Q(valid_to__isnull=True) | Q(valid_to__gt=OuterRef("valid_to")),
        **{f"of_{name}": _or_zero(OuterRef(name)) for name in _SUBJECT},
        producer=OuterRef("producer"),
        kind=OuterRef("kind"),
        market=OuterRef("market"),
        lot=OuterRef("lot"),
        valid_from__lte=OuterRef("valid_to") + _ONE_DAY,
        status=status,
    ).exclude(pk=OuterRef("pk"))


def _or_zero(reference: Combinable) -> Coalesce:
    return Coalesce(reference, Value(0), output_field=BigIntegerField())


def storefront_funnel(actor: Actor) -> dict[str, int]:
    """Return how many shops of an officer's provinces came at least as far as each stage."""
    shops = Paper.objects.filter(
        kind=PaperKind.STOREFRONT, status__in=[PaperStatus.SUBMITTED, PaperStatus.VERIFIED]
    )
    if not actor.is_administrator:
        shops = shops.filter(producer__organisation__province_id__in=actor.province_ids)
    counted = dict(shops.order_by().values_list("stage").annotate(Count("pk")))
    stages = StorefrontStage.values
    return {
        stage: sum(counted.get(later, 0) for later in stages[at:])
        for at, stage in enumerate(stages)
    }


# --- Four eyes --------------------------------------------------------------------------------


def proposals_on_desk(actor: Actor) -> QuerySet[PaperProposal]:
    """Return the waiting proposals of an officer's provinces, the longest waiting first."""
    desk = PaperProposal.objects.filter(state=ProposalState.WAITING)
    if not actor.is_administrator:
        desk = desk.filter(paper__producer__organisation__province_id__in=actor.province_ids)
    return desk.select_related(
        "paper__producer__organisation__province", "paper__product", "proposed_by"
    ).order_by("proposed_at", "pk")


def proposals_visible_to(actor: Actor) -> QuerySet[PaperProposal]:
    """Return the proposals for papers of an officer's provinces; holders see none."""
    papers = papers_visible_to(actor)
    if not actor.is_administrator:
        papers = papers.filter(producer__organisation__province_id__in=actor.province_ids)
    proposals = PaperProposal.objects.filter(paper__in=papers.values("pk"))
    return proposals.select_related("paper__producer__organisation", "paper__product")


def proposals_for(paper_id: int) -> QuerySet[PaperProposal]:
    """Return every proposal for a paper, newest first, with who made and who answered it."""
    found = PaperProposal.objects.filter(paper=paper_id)
    return found.select_related("proposed_by", "decided_by").order_by("-pk")


def waiting_proposal(paper_id: int) -> PaperProposal | None:
    """Return the proposal for a paper that waits for a second officer."""
    waiting = PaperProposal.objects.filter(paper=paper_id, state=ProposalState.WAITING)
    return waiting.select_related("proposed_by").first()
