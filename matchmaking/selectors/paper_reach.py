"""What verifying papers would open here: matches that wait for them, requests they would meet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from core.accounts.actors import ANONYMOUS
from core.kernel.quantity import Dimension
from matchmaking.engine import readiness
from matchmaking.engine.readiness import Wanted
from matchmaking.enums import MatchStatus
from matchmaking.models import Match
from matchmaking.selectors.readiness import Readiness, opened_by, readiness_of
from matchmaking.selectors.signals import PAPER_REFUSALS
from producers import selectors as producers
from producers.selectors.effects import PaperScope, Reach

_STANDS_FOR: Final = {"food_safety_exemption": "food_safety"}
_AWARD: Final = "ocop_award"


def reach_of_papers(scopes: Sequence[PaperScope]) -> dict[int, Reach]:
    """Return what each paper would open, by paper: few queries, whatever the number of papers.

    A match counts where it was suspended for papers and asks for this kind; a request counts
    where a public product of the holder lacks nothing but this paper. The day is today's.
    """
    waiting = _suspended({pk for scope in scopes for pk in scope.offer_ids})
    by_producer = _standing({scope.producer_id for scope in scopes})
    return {
        scope.paper_id: _reach(
            scope,
            matches=[one for pk in scope.offer_ids for one in waiting.get(pk, ())],
            products=by_producer.get(scope.producer_id, ()),
        )
        for scope in scopes
    }


def _reach(
    scope: PaperScope, *, matches: Iterable[Mapping[str, Any]], products: Iterable[Readiness]
) -> Reach:
    opened: dict[int, Wanted] = {}
    closing = _bits(scope)
    for one in products if closing else ():
        item = one.item
        if scope.covers(
            producer_id=item.producer_id,
            product_id=item.product_id,
            category_order=item.goods.category_order,
        ):
            opened |= {want.request_id: want for want in opened_by(one, closing=closing)}
    return Reach(
        matches=sum(_asks_for(scope, demand) for demand in matches),
        requests=len(opened),
        demand_kg=sum(
            want.quantity_base for want in opened.values() if want.dimension == Dimension.MASS
        ),
    )


def _bits(scope: PaperScope) -> int:
    """Return the gaps a paper would close."""
    if scope.kind == _AWARD:
        return readiness.stars_mask(scope.stars or 0)
    slot = _slot(scope)
    mask = readiness.BIT_OF.get(slot, 0)
    return mask | (readiness.BIT_OF.get(scope.kind, 0) if scope.market else 0)


def _slot(scope: PaperScope) -> str:
    kind = _STANDS_FOR.get(scope.kind, scope.kind)
    return f"{kind}:{scope.market}" if scope.market else kind


def _asks_for(scope: PaperScope, demand: Mapping[str, Any]) -> bool:
    if scope.kind == _AWARD:
        return 0 < int(demand.get("minimum_stars") or 0) <= (scope.stars or 0)
    return _slot(scope) in demand.get("required_papers", ())


def _suspended(offer_ids: set[int]) -> dict[int, list[Mapping[str, Any]]]:
    """Return what the requests of matches suspended for papers ask, by offer."""
    rows = Match.objects.filter(status=MatchStatus.SUSPENDED, offer_id__in=offer_ids)
    found: dict[int, list[Mapping[str, Any]]] = {}
    for offer_id, refusals, demand in rows.values_list("offer_id", "refusals", "demand"):
        if set(refusals) & PAPER_REFUSALS:
            found.setdefault(offer_id, []).append(demand)
    return found


def _standing(producer_ids: set[int]) -> dict[int, list[Readiness]]:
    """Return where public products of some producers stand today."""
    public = producers.products_visible_to(ANONYMOUS).filter(producer_id__in=producer_ids)
    found: dict[int, list[Readiness]] = {}
    for one in readiness_of(public):
        found.setdefault(one.item.producer_id, []).append(one)
    return found
