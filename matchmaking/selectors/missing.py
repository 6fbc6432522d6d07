"""What a buyer may name as missing, and what a declined match was missing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Final

from buyers import selectors as buyers
from core.catalogue.enums import PaperKind
from matchmaking import columns
from matchmaking.columns.inputs import COUNTS_AS
from matchmaking.engine.readiness import BIT_OF, NAMEABLE, STARS, codes_of
from matchmaking.engine.records import MARKET_KINDS
from matchmaking.models import Match
from matchmaking.selectors.chains import board
from matchmaking.selectors.readiness import Readiness, items, judged
from matchmaking.selectors.signals import lost_over, signals_about, wanted_by
from producers import selectors as producers

_NOT_ASKED: Final = {PaperKind.OCOP_AWARD.value, *COUNTS_AS}
"""An award is named by its stars; what only counts as another paper is that one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Nameable:
    """Codes a buyer may name: what it asks for or would like, lacking first; then all others."""

    asked: tuple[str, ...]
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """What a declined match was missing, as codes; `is_said` where the buyer named it."""

    codes: tuple[str, ...]
    is_said: bool


def nameable(match: Match) -> Nameable:
    """Return what the buyer of a match may name as missing."""
    request = buyers.request_facts([match.request_id])[0]
    wanted = columns.wanted(request)
    found = _readiness(match)
    mask = wanted.required | wanted.preferred | _asked_by_profiles(found)
    stars = f"stars_{max(request.minimum_stars, STARS[0])}"
    kinds = [kind for kind in PaperKind.values if kind not in _NOT_ASKED]
    codes = [f"{kind}:{request.market}" if kind in MARKET_KINDS else kind for kind in kinds]
    has_stars = any(mask & BIT_OF[f"stars_{number}"] for number in STARS)
    every = [*([] if has_stars else [stars]), *codes, "test_report", "invoice", "barcode"]
    held = found.standing.held if found else 0
    asked = [code for code in NAMEABLE if mask & BIT_OF[code]]
    return Nameable(
        asked=tuple(sorted(asked, key=lambda code: bool(held & BIT_OF[code]))),
        others=tuple(code for code in every if code in NAMEABLE and not BIT_OF[code] & mask),
    )


def missing_of(match: Match) -> Missing:
    """Return what a match declined for papers was missing: as the buyer said, else as inferred."""
    signals = [one for one in signals_about([match.offer.product_id]) if one.match_id == match.pk]
    for one in signals:
        if one.missing:
            return Missing(codes=one.missing, is_said=True)
    found = _readiness(match)
    lost = lost_over(found, signals, requests=wanted_by(signals)) if found else {}
    return Missing(codes=codes_of(lost.get(match.pk, 0)), is_said=False)


def _readiness(match: Match) -> Readiness | None:
    own = producers.products_of(match.producer_id).filter(pk=match.offer.product_id)
    return next(iter(judged(items(own), on=board(match.group_id))), None)


def _asked_by_profiles(found: Readiness | None) -> int:
    asked = [columns.profile(cell.profile) for cell in found.cells] if found else []
    masks = [one.required | one.preferred for one in asked]
    tests = BIT_OF["test_report"] if any(one.test_report_months for one in asked) else 0
    return reduce(or_, masks, tests)
