"""Reading registers: whose lists, what waits for a decision, what the portal knows beside it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from core.accounts.actors import Actor
from core.accounts.enums import OrganisationStatus
from core.accounts.models import Organisation
from producers.enums import PaperKind, PaperStatus, RegistryOutlook, RegistryVerdict
from producers.models import (
    Paper,
    Product,
    RegistryCandidate,
    RegistryDecision,
    RegistryEntry,
    RegistryList,
)
from producers.reconciling import OursFacts, decision_key

TABS: Final = ("certain", "uncertain", "conflict", "absent", "decided", "pending")
"""What the queue is cut into; each entry stands in exactly one."""
_HELD: Final = (PaperStatus.SUBMITTED, PaperStatus.VERIFIED, PaperStatus.EXPIRED)


# --- Whose ------------------------------------------------------------------------------------


def lists_visible_to(actor: Actor) -> QuerySet[RegistryList]:
    """Return the lists of an officer's provinces; nobody else sees any."""
    provinces = actor.province_ids if actor.has_second_factor else frozenset()
    found = RegistryList.objects.filter(registry__province_id__in=provinces)
    return found.select_related("registry__province", "imported_by").order_by(
        "registry__source", "registry__subject", "registry__name", "-as_of", "-pk"
    )


def latest_lists_visible_to(actor: Actor) -> QuerySet[RegistryList]:
    """Return the newest list of each register of an officer's provinces."""
    found: QuerySet[RegistryList] = lists_visible_to(actor)
    return found.filter(pk__in=_latest().values("pk"))


def entries_visible_to(actor: Actor) -> QuerySet[Any]:
    """Return the entries of lists that count, with the verdict that stands."""
    lists = lists_visible_to(actor).filter(withdrawn_at=None)
    found = RegistryEntry.objects.filter(list__in=lists.order_by().values("pk"))
    shown: QuerySet[Any] = found.annotate(verdict=_verdict())
    return shown.select_related("list__registry", "commune")


def decisions_visible_to(actor: Actor) -> QuerySet[RegistryDecision]:
    """Return the decisions on entries of an officer's provinces."""
    lists = lists_visible_to(actor).order_by().values("pk")
    return RegistryDecision.objects.filter(entry__list__in=lists).select_related(
        "entry__list__registry",
        "organisation",
        "product",
        "decided_by",
        "carried_from__entry__list",
    )


# --- The queue --------------------------------------------------------------------------------


def entries_of_tab(entries: QuerySet[Any], tab: str) -> QuerySet[Any]:
    """Return the entries that stand in one part of the queue, as the list has them."""
    found: QuerySet[Any] = entries.filter(_TABS[tab])
    return found.order_by("list_id", "row_number", "pk")


def tab_counts(entries: QuerySet[Any]) -> dict[str, int]:
    """Return how many entries stand in each part of the queue; they add up to all."""
    counted = dict.fromkeys(TABS, 0)
    for outlook, verdict, number in _standing_counts(entries):
        counted[tab_of(outlook, verdict)] += number
    return counted


def tab_of(outlook: str, verdict: str | None) -> str:
    """Return the part of the queue an entry stands in."""
    if verdict == RegistryVerdict.APART or (verdict is None and outlook == RegistryOutlook.NONE):
        return "absent"
    return outlook if verdict is None else "decided"


def standing_counts(entries: QuerySet[Any]) -> dict[str, int]:
    """Return how far the reconciling is: all, linked, absent, disputed, and open ones."""
    counted = dict.fromkeys(("all", "same", "absent", "disputed", "open"), 0)
    for outlook, verdict, number in _standing_counts(entries):
        counted["all"] += number
        counted[_standing_of(outlook, verdict)] += number
    return counted


def next_entry(entries: QuerySet[Any], *, tab: str, after: RegistryEntry) -> RegistryEntry | None:
    """Return the entry that follows in a part of the queue, or begins it again."""
    waiting = entries_of_tab(entries, tab).exclude(pk=after.pk)
    place = Q(list_id__gt=after.list_id) | Q(list_id=after.list_id, row_number__gt=after.row_number)
    return waiting.filter(place).first() or waiting.first()


def candidates_of(entries: Sequence[RegistryEntry]) -> dict[int, list[RegistryCandidate]]:
    """Return what each entry may stand for, best first."""
    found: dict[int, list[RegistryCandidate]] = defaultdict(list)
    rows = RegistryCandidate.objects.filter(entry__in=[one.pk for one in entries])
    rows = rows.select_related("organisation__commune", "product__category")
    for one in rows.order_by("-is_certain", "-points", "pk"):
        found[one.entry_id].append(one)
    return found


def standing_decision(entry_id: int) -> RegistryDecision | None:
    """Return the decision on an entry that was not taken back."""
    found = RegistryDecision.objects.filter(entry=entry_id, undone_at=None)
    return found.select_related(
        "entry__list__registry",
        "organisation",
        "product",
        "decided_by",
        "carried_from__entry__list",
    ).first()


def standing_decisions(entries: Sequence[RegistryEntry]) -> dict[int, RegistryDecision]:
    """Return the standing decisions on entries, by entry."""
    found = RegistryDecision.objects.filter(
        entry__in=[one.pk for one in entries], undone_at=None
    ).select_related("organisation", "product", "decided_by")
    return {one.entry_id: one for one in found}


def decision_history(entry_id: int) -> QuerySet[RegistryDecision]:
    """Return what was decided about an entry, newest first."""
    found = RegistryDecision.objects.filter(entry=entry_id)
    return found.select_related("organisation", "product", "decided_by", "undone_by").order_by(
        "-decided_at", "-pk"
    )


def earlier_entry(entry: RegistryEntry) -> RegistryEntry | None:
    """Return the row of the last list before that says the same name, or has the same key."""
    before = RegistryEntry.objects.filter(
        list__registry=entry.list.registry_id,
        list__withdrawn_at=None,
        list__as_of__lt=entry.list.as_of,
    ).select_related("list")
    same_name = Q(name_folded=entry.name_folded, holder_folded=entry.holder_folded)
    same_gtin = Q(gtin=entry.gtin) & ~Q(gtin="")
    found = before.filter(Q(key=entry.key) | same_name | same_gtin)
    return found.order_by("-list__as_of", "pk").first()


def held_papers(product_ids: set[int]) -> dict[int, list[Paper]]:
    """Return awards and traceability links of products, those that were never refused."""
    found: dict[int, list[Paper]] = defaultdict(list)
    papers = Paper.objects.filter(
        product__in=product_ids, kind=PaperKind.OCOP_AWARD, status__in=_HELD
    ).order_by("-valid_from", "pk")
    for paper in papers:
        found[paper.product_id or 0].append(paper)
    return found


def storefronts_of(organisation_ids: set[int]) -> dict[int, list[Paper]]:
    """Return the shops of organisations on platforms."""
    found: dict[int, list[Paper]] = defaultdict(list)
    papers = Paper.objects.filter(
        producer__in=organisation_ids, kind=PaperKind.STOREFRONT, status__in=_HELD
    )
    for paper in papers.order_by("platform", "pk"):
        found[paper.producer_id].append(paper)
    return found


# --- For the comparison -----------------------------------------------------------------------


def latest_lists(province_id: int) -> QuerySet[RegistryList]:
    """Return the newest list of each register of a province."""
    found = _latest().filter(registry__province=province_id)
    return found.select_related("registry").order_by("registry__source", "registry__subject", "pk")


def ours_to_compare(province_id: int) -> list[OursFacts]:
    """Return the organisations of a province and their products, in three queries.

    Drafts are nobody's business; archived products are gone.
    """
    organisations: dict[int, dict[str, Any]] = {
        row["pk"]: dict(row)
        for row in Organisation.objects.filter(province=province_id, is_producer=True)
        .exclude(status=OrganisationStatus.DRAFT)
        .order_by("pk")
        .values("pk", "name_folded", "tax_code", "commune_id")
    }
    awards = _awards(province_id)
    products = (
        Product.objects.filter(producer__in=organisations, is_archived=False)
        .order_by("pk")
        .values_list("pk", "producer_id", "name_folded", "gtin")
    )
    holders = [_holder_facts(row) for row in organisations.values()]
    goods = [
        replace(
            _holder_facts(organisations[holder_id]),
            product_id=pk,
            name=name,
            gtin=gtin,
            awards=awards.get(pk, ()),
        )
        for pk, holder_id, name, gtin in products
    ]
    return holders + goods


def undecided_entries_about(list_id: int, *, organisation: Organisation) -> QuerySet[RegistryEntry]:
    """Return the undecided entries of a list that name an organisation by tax code or name."""
    named = Q(holder_folded=organisation.name_folded)
    if organisation.tax_code:
        named |= Q(tax_code=organisation.tax_code)
    standing = RegistryDecision.objects.filter(entry__list=list_id, undone_at=None)
    entries = RegistryEntry.objects.filter(named, list=list_id)
    return entries.exclude(pk__in=standing.values("entry")).order_by("pk")


def _holder_facts(row: dict[str, Any]) -> OursFacts:
    return OursFacts(
        organisation_id=row["pk"],
        holder=row["name_folded"],
        tax_code=row["tax_code"],
        commune_id=row["commune_id"],
    )


def _awards(province_id: int) -> dict[int, tuple[tuple[str, int], ...]]:
    found: dict[int, tuple[tuple[str, int], ...]] = {}
    rows = Paper.objects.filter(
        kind=PaperKind.OCOP_AWARD,
        status__in=_HELD,
        producer__organisation__province=province_id,
    ).values_list("product_id", "number", "stars")
    for product_id, number, stars in rows:
        if product_id and stars:
            found[product_id] = (*found.get(product_id, ()), (decision_key(number), stars))
    return found


def _latest() -> QuerySet[RegistryList]:
    newer = RegistryList.objects.filter(registry=OuterRef("registry"), withdrawn_at=None).order_by(
        "-as_of", "-pk"
    )
    return RegistryList.objects.filter(withdrawn_at=None, pk=Subquery(newer.values("pk")[:1]))


def _verdict() -> Subquery:
    standing = RegistryDecision.objects.filter(entry=OuterRef("pk"), undone_at=None)
    return Subquery(standing.values("verdict")[:1])


def _standing_counts(entries: QuerySet[Any]) -> list[tuple[str, str | None, int]]:
    counted = entries.select_related(None).order_by().values_list("outlook", "verdict")
    return [
        (outlook, verdict, number) for outlook, verdict, number in counted.annotate(Count("pk"))
    ]


def _standing_of(outlook: str, verdict: str | None) -> str:
    if verdict == RegistryVerdict.CONFLICT:
        return "disputed"
    tab = tab_of(outlook, verdict)
    return {"absent": "absent", "decided": "same"}.get(tab, "open")


_TABS: Final = {
    "certain": Q(verdict=None, outlook=RegistryOutlook.CERTAIN),
    "uncertain": Q(verdict=None, outlook=RegistryOutlook.UNCERTAIN),
    "conflict": Q(verdict=None, outlook=RegistryOutlook.CONFLICT),
    "pending": Q(verdict=None, outlook=RegistryOutlook.PENDING),
    "absent": Q(verdict=RegistryVerdict.APART) | Q(verdict=None, outlook=RegistryOutlook.NONE),
    "decided": Q(verdict__in=[RegistryVerdict.SAME, RegistryVerdict.CONFLICT]),
}
