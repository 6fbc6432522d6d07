"""What refusals and suspensions say of missing papers: somebody would have bought."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from buyers import selectors as buyers
from core.accounts.actors import Actor
from matchmaking import columns
from matchmaking.engine.readiness import Wanted, mask_of
from matchmaking.enums import DeclineReason, MatchStatus, Side, Verdict
from matchmaking.models import Decision, Match
from matchmaking.selectors.readiness import Readiness

PAPER_REFUSALS: Final = frozenset(
    {"papers_missing", "papers_not_valid", "stars_too_few", "stars_not_valid", "invoice", "barcode"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """What a buyer said, or what stopped a match, for want of papers."""

    match_id: int
    product_id: int
    group_id: int
    request_id: int
    buyer_name: str
    words: str
    at: dt.datetime
    comment: str
    is_said: bool
    """Whether the buyer said it; else the check did."""
    missing: tuple[str, ...] = ()
    """What the buyer named, as codes of readiness; empty where it named nothing."""


def signals_of(actor: Actor, *, product_id: int) -> list[Signal]:
    """Return what buyers said of missing papers of an own product, latest first."""
    found = signals_about([product_id], producer_id=actor.organisation_id)
    return sorted(found, key=lambda one: one.at, reverse=True)


def signals_about(product_ids: Sequence[int], *, producer_id: int | None = None) -> list[Signal]:
    """Return refusals for papers and suspensions for papers of products, in two queries.

    Both are the same news: something is missing, and this buyer would have bought.

    Args:
        product_ids: The products.
        producer_id: Only where they belong to this producer; None for whosever.
    """
    own = Match.objects.filter(offer__product_id__in=product_ids)
    if producer_id is not None:
        own = own.filter(producer_id=producer_id)
    refused = own.filter(status=MatchStatus.DECLINED, buyer_verdict=Verdict.DECLINED)
    stopped = own.filter(status=MatchStatus.SUSPENDED)
    said = {
        one.match_id: one
        for one in Decision.objects.filter(match__in=refused, side=Side.BUYER).order_by("pk")
    }
    because = {
        pk: one
        for pk, one in said.items()
        if (one.verdict, one.reason) == (Verdict.DECLINED, DeclineReason.PAPERS)
    }
    matches = (stopped | own.filter(pk__in=because)).select_related(
        "group__organisation", "request", "offer"
    )
    return [
        _signal(match, said=because.get(match.pk))
        for match in matches.order_by("pk")
        if match.pk in because or PAPER_REFUSALS & set(match.refusals)
    ]


def wanted_by(signals: Iterable[Signal]) -> dict[int, Wanted]:
    """Return the requests of signals, in whatever state, by id."""
    ids = sorted({one.request_id for one in signals})
    facts = buyers.request_facts(ids) if ids else []
    return {one.request_id: columns.wanted(one) for one in facts}


def lost_over(
    found: Readiness, signals: Iterable[Signal], *, requests: Mapping[int, Wanted]
) -> dict[int, int]:
    """Return what may have been missing, as bits, by match.

    What the buyer named and the product lacks today. Where it named nothing, what the request
    asks for; where the product has that too, what the request would like to see and what the
    buyer asks of every supplier.

    Args:
        found: The product.
        signals: What was said of it.
        requests: `wanted_by` of the signals.
    """
    gaps = _gaps_by_group(found)
    lost: dict[int, int] = {}
    for one in signals:
        held = found.standing.held
        if one.missing:
            lost[one.match_id] = mask_of(one.missing) & ~held
            continue
        wanted = requests.get(one.request_id)
        needed = wanted.required & ~held if wanted else 0
        liked = (wanted.preferred & ~held if wanted else 0) | gaps.get(one.group_id, 0)
        lost[one.match_id] = needed or liked
    return lost


def _gaps_by_group(found: Readiness) -> Mapping[int, int]:
    gaps: dict[int, int] = {}
    for cell in found.cells:
        if cell.chain.group_id is not None:
            gaps[cell.chain.group_id] = gaps.get(cell.chain.group_id, 0) | cell.gaps
    return gaps


def _signal(match: Match, *, said: Decision | None) -> Signal:
    return Signal(
        match_id=match.pk,
        product_id=match.offer.product_id,
        group_id=match.group_id,
        request_id=match.request_id,
        buyer_name=match.group.organisation.name,
        words=match.request.words,
        at=said.decided_at if said else match.changed_at,
        comment=said.comment if said else "",
        is_said=said is not None,
        missing=tuple(said.missing) if said else (),
    )
