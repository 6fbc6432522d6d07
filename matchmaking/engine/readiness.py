"""What stands between a product and a chain, and what closing it opens.

Everything a chain may ask for is one bit, so a gap is ``asked & ~held``: a product is held
against a profile in one step, and only what is shown is put into words.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from core.kernel.periods import months_back
from matchmaking.engine.records import MARKET_KINDS, PAPER_SLOTS, SLOT_OF

STARS: Final = (3, 4, 5)
OTHER_GAPS: Final = (*(f"stars_{n}" for n in STARS), "invoice", "barcode", "capacity")
CODES: Final = PAPER_SLOTS + OTHER_GAPS
_NOT_NAMED: Final = (
    "business_licence", "gacc", "asc", "fda", "phytosanitary", "food_safety_exemption", "capacity",
)  # fmt: skip
NAMEABLE: Final = tuple(
    code for code in CODES if code not in _NOT_NAMED and not code.endswith(":OTHER")
)
"""What a buyer may say it misses: papers that can be handed in, stars, invoices, a barcode."""
BIT_OF: Final = {code: 1 << at for at, code in enumerate(CODES)}
AWARD: Final = "ocop_award"
_CAPACITY: Final = BIT_OF["capacity"]
_TEST: Final = BIT_OF["test_report"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """One verified paper; days are ordinals, both ends in. `tested_on` is of its test report."""

    kind: str
    valid_from: int
    valid_to: int
    market: str = ""
    stars: int = 0
    tested_on: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """What readiness needs of one product; None is unknown."""

    product_id: int
    category_order: int
    storage: str
    papers: tuple[Holding, ...]
    can_issue_invoice: bool
    has_gtin: bool
    weekly_capacity_kg: float | None
    is_weighed: bool
    """False for goods sold by piece or litre, which no capacity in kg is asked of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What one profile asks for, as bits; `preferred` never refuses."""

    required: int
    preferred: int = 0
    test_report_months: int | None = None
    weekly_capacity_kg: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One product on one day."""

    held: int
    tested_on: int | None
    day: int
    weekly_capacity_kg: float | None
    is_weighed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One request: who asks, for which categories, under which conditions, how much.

    `value_vnd` is what it pays at most; None where it names no price.
    """

    request_id: int
    group_id: int
    banner_name: str
    category_lo: int
    category_hi: int
    storage: str
    required: int
    dimension: str
    quantity_base: float
    preferred: int = 0
    value_vnd: float | None = None

    def suits(self, goods: Goods) -> bool:
        """Whether the goods are of the kind asked for, papers aside."""
        is_kind = self.category_lo <= goods.category_order < self.category_hi
        return is_kind and self.storage in {"", goods.storage}


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How long closing a gap takes and what has to be there first."""

    days: int
    cost_vnd: int
    after: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """Gaps worth closing together: the chains they open, by position, and after how many days."""

    gaps: int
    opens: tuple[int, ...]
    request_ids: tuple[int, ...]
    days: int


def standing(goods: Goods, *, day: dt.date) -> Standing:
    """Return what a product has on a day: the papers valid then, and what its producer can do."""
    on = day.toordinal()
    held, tested_on = 0, None
    for paper in goods.papers:
        if not paper.valid_from <= on <= paper.valid_to:
            continue
        if paper.kind == AWARD:
            held |= stars_mask(paper.stars)
        elif paper.kind in SLOT_OF:
            held |= _slots(paper.kind, paper.market)
        if paper.tested_on is not None:
            tested_on = max(tested_on or 0, paper.tested_on)
    held |= BIT_OF["invoice"] if goods.can_issue_invoice else 0
    held |= BIT_OF["barcode"] if goods.has_gtin else 0
    return Standing(
        held=held,
        tested_on=tested_on,
        day=on,
        weekly_capacity_kg=goods.weekly_capacity_kg,
        is_weighed=goods.is_weighed,
    )


def asked(
    papers: Iterable[str],
    *,
    market: str,
    minimum_stars: int = 0,
    needs_invoice: bool = False,
    needs_barcode: bool = False,
) -> int:
    """Return conditions as bits. Codes count for their market; an award is asked for by stars."""
    kinds = set(papers)
    stars = max(minimum_stars, STARS[0] if AWARD in kinds else 0)
    mask = BIT_OF[f"stars_{stars}"] if stars in STARS else 0
    for kind in kinds - {AWARD}:
        mask |= BIT_OF.get(f"{kind}:{market}" if kind in MARKET_KINDS else kind, 0)
    mask |= BIT_OF["invoice"] if needs_invoice else 0
    return mask | (BIT_OF["barcode"] if needs_barcode else 0)


def gaps(has: Standing, wants: Asked) -> int:
    """Return what is missing, as bits; 0 is ready."""
    missing = wants.required & ~has.held
    months, least = wants.test_report_months, wants.weekly_capacity_kg
    if months is not None and not _is_tested(has, months):
        missing |= _TEST
    if least is not None and has.is_weighed and (has.weekly_capacity_kg or 0.0) < least:
        missing |= _CAPACITY
    return missing


def codes_of(mask: int) -> tuple[str, ...]:
    """Return the codes of bits, in the order of `CODES`."""
    return tuple(code for code, bit in BIT_OF.items() if mask & bit)


def mask_of(codes: Iterable[str]) -> int:
    """Return the bits of codes."""
    return sum({BIT_OF[code] for code in codes})


def stars_mask(stars: int) -> int:
    """Return the bits of an award: four stars also are three."""
    return sum(BIT_OF[f"stars_{n}"] for n in STARS if n <= stars)


def closed(mask: int) -> int:
    """Return what a product has gained once gaps are closed.

    One may bring another: four stars also are three, and a code for a market is a code.
    """
    gained = mask
    for code in codes_of(mask):
        kind, _colon, market = code.partition(":")
        if market:
            gained |= BIT_OF[kind]
        elif code.startswith("stars_"):
            gained |= stars_mask(int(code.removeprefix("stars_")))
    return gained


def in_order(mask: int, *, efforts: Mapping[str, Effort]) -> tuple[str, ...]:
    """Return gaps with the least effort first; what has to come before another does."""
    codes = codes_of(mask)

    def effort(code: str) -> tuple[int, int, int]:
        one = efforts[code]
        return days_until_closed(code, among=codes, efforts=efforts), one.cost_vnd, BIT_OF[code]

    return tuple(sorted(codes, key=effort))


def days_until_closed(code: str, *, among: Collection[str], efforts: Mapping[str, Effort]) -> int:
    """Return the days until a gap is closed, with what has to be closed before it."""
    one = efforts[code]
    first = one.after if one.after in among and one.after != code else ""
    others = [other for other in among if other != code]
    return one.days + (days_until_closed(first, among=others, efforts=efforts) if first else 0)


def days_for(mask: int, *, efforts: Mapping[str, Effort]) -> int:
    """Return the days until all gaps are closed, when all that can starts on the same day."""
    codes = codes_of(mask)
    days = (days_until_closed(code, among=codes, efforts=efforts) for code in codes)
    return max(days, default=0)


def opened(
    has: Standing, wanted: Iterable[Wanted], *, missing: int, closing: int
) -> tuple[int, ...]:
    """Return the requests, by id, of a chain that closing gaps opens, and whose papers it has then.

    Args:
        has: The product.
        wanted: The chain's requests for goods of its kind.
        missing: All gaps at the chain; 0 where it is open already.
        closing: The gaps to close, as bits.
    """
    gained = closed(closing)
    if not missing or missing & ~gained:
        return ()
    held = has.held | gained
    return tuple(one.request_id for one in wanted if not one.required & ~held)


def best_bundle(
    missing: Sequence[int],
    *,
    has: Standing,
    wanted: Sequence[Sequence[Wanted]],
    efforts: Mapping[str, Effort],
) -> Bundle | None:
    """Return the gaps of one chain whose closing opens most for the days it takes.

    Args:
        missing: Gaps at each chain; 0 where the product is ready.
        has: The product.
        wanted: The requests of each chain for goods of its kind.
        efforts: Days by gap.

    Returns:
        None where every chain is open already.
    """
    found = [
        _bundle(one, missing=missing, has=has, wanted=wanted, efforts=efforts)
        for one in dict.fromkeys(missing)
        if one
    ]
    amounts = {one.request_id: one.quantity_base for chain in wanted for one in chain}

    def worth(bundle: Bundle) -> tuple[float, float, int]:
        days = max(bundle.days, 1)
        demand = sum(amounts[pk] for pk in bundle.request_ids)
        return demand / days, len(bundle.opens) / days, -bundle.gaps.bit_count()

    return max(found, key=worth, default=None)


def _bundle(
    mask: int,
    *,
    missing: Sequence[int],
    has: Standing,
    wanted: Sequence[Sequence[Wanted]],
    efforts: Mapping[str, Effort],
) -> Bundle:
    gained = closed(mask)
    opens = tuple(at for at, one in enumerate(missing) if one and not one & ~gained)
    found = (opened(has, wanted[at], missing=missing[at], closing=mask) for at in opens)
    request_ids = tuple(sorted({pk for one in found for pk in one}))
    days = days_for(mask, efforts=efforts)
    return Bundle(gaps=mask, opens=opens, request_ids=request_ids, days=days)


def _slots(kind: str, market: str) -> int:
    mask = BIT_OF[kind]
    return mask | BIT_OF.get(f"{kind}:{market}", 0) if kind in MARKET_KINDS else mask


def _is_tested(has: Standing, months: int) -> bool:
    return has.tested_on is not None and has.tested_on >= _oldest_test(has.day, months)


@functools.lru_cache(maxsize=1024)
def _oldest_test(day: int, months: int) -> int:
    return months_back(dt.date.fromordinal(day), months=months).toordinal()
