"""Readiness from the other side of the desk: a chain's suppliers, and a province's blockers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_

from django.db.models import Q

from buyers import selectors as buyers
from buyers.selectors import ProfileFacts
from core.accounts.actors import ANONYMOUS, Actor
from core.kernel import clock
from matchmaking import columns
from matchmaking.engine import readiness
from matchmaking.engine.readiness import Wanted
from matchmaking.enums import MatchStatus
from matchmaking.models import Match
from matchmaking.selectors.chains import Cell, board
from matchmaking.selectors.effort import efforts
from matchmaking.selectors.readiness import Item, Readiness, items, judged, opened_by
from matchmaking.selectors.signals import Signal, lost_over, signals_about, wanted_by
from producers import selectors as producers

_Place = tuple[str, str, str]
"""Gap, commune and category."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplier:
    """One product at one chain of the reader."""

    item: Item
    cell: Cell
    days: int
    matches: int
    """Open matches between the two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DropOut:
    """A product that meets what holds now and not what would hold; `gaps` are new."""

    item: Item
    gaps: int
    matches: int
    """Open matches between the two."""


@dataclass(slots=True, kw_only=True)
class Change:
    """What publishing a profile does to the products it touches."""

    touched: int
    ready_before: int
    ready_after: int
    dropped: list[DropOut]
    gained: int


@dataclass(slots=True, kw_only=True)
class Blocker:
    """One missing paper in one commune and category, and the demand behind it."""

    code: str
    commune: str
    category: str
    products: set[int] = field(default_factory=set)
    producers: set[int] = field(default_factory=set)
    alone: dict[int, Wanted] = field(default_factory=dict)
    """Requests that closing this one gap opens, by id."""
    together: dict[int, Wanted] = field(default_factory=dict)
    """Requests behind it, with other gaps in the way as well."""
    refused: set[int] = field(default_factory=set)
    """Matches that a buyer declined, or that were suspended, for what this is part of."""


def suppliers_of(actor: Actor) -> list[Supplier]:
    """Return public products at the actor's own chains: ready first, then the least missing.

    Only what anybody may see is told of a producer: its verified papers, products and offers.
    """
    if actor.organisation_id is None:
        return []
    own = board(actor.organisation_id)
    matches = _open_matches(actor.organisation_id)
    kinds = reduce(
        or_, (Q(category__order_lo__range=one) for one in own.kinds()), Q(pk__in=matches)
    )
    public = producers.products_visible_to(ANONYMOUS).filter(kinds)
    found = [
        Supplier(
            item=one.item,
            cell=cell,
            days=readiness.days_for(cell.gaps, efforts=efforts()),
            matches=matches.get(one.item.product_id, 0),
        )
        for one in judged(items(public), on=own)
        for cell in one.cells
        if cell.wanted or matches.get(one.item.product_id)
    ]
    return sorted(
        found,
        key=lambda one: (
            one.cell.gaps.bit_count(), one.days, -one.matches, one.item.name, one.cell.chain.key,
        ),
    )  # fmt: skip


def change_by(draft: ProfileFacts) -> Change:
    """Return who would drop out once a profile replaces what holds now, and who would come in.

    Args:
        draft: The profile; its own published version and any other of its buyer count as before.
    """
    before = [one for one in buyers.published_profiles() if one.group_id == draft.group_id]
    return change_between(before, draft=draft)


def drop_outs(*, profile_id: int, replaced_id: int | None) -> list[DropOut]:
    """Return who dropped out when a profile was published; nobody once it is replaced itself.

    Args:
        profile_id: The profile.
        replaced_id: The version it took the place of.
    """
    known = buyers.profiles_by_id([profile_id, replaced_id or 0])
    draft = known.get(profile_id)
    held = buyers.published_profiles()
    if draft is None or not any(one.profile_id == profile_id for one in held):
        return []
    before = [one for one in held if one.group_id == draft.group_id and one != draft]
    before += [known[replaced_id]] if replaced_id in known else []
    return change_between(before, draft=draft).dropped


def change_between(before: Sequence[ProfileFacts], *, draft: ProfileFacts) -> Change:
    """Return what a profile changes for the products it holds for.

    Args:
        before: All profiles of its buyer that held, or hold.
        draft: The profile that joins them and takes the place of an earlier version.
    """
    after = [*(one for one in before if not _is_same_place(one, draft)), draft]
    matches = _open_matches(draft.group_id)
    change = Change(touched=0, ready_before=0, ready_after=0, dropped=[], gained=0)
    kinds = Q(category__order_lo__range=(draft.category_lo, draft.category_hi - 1))
    for item in items(producers.products_visible_to(ANONYMOUS).filter(kinds)):
        if _holding(after, draft=draft, item=item) is draft:
            old = _holding(before, draft=draft, item=item)
            _weigh(change, item, old=old, draft=draft, matches=matches.get(item.product_id, 0))
    change.dropped.sort(key=lambda one: (-one.matches, one.item.name))
    return change


def _holding(
    profiles: Sequence[ProfileFacts], *, draft: ProfileFacts, item: Item
) -> ProfileFacts | None:
    return buyers.best_profile(
        profiles,
        category_order=item.goods.category_order,
        banner_id=draft.banner_id,
        channel=draft.channel,
        market=draft.market,
    )


def _weigh(
    change: Change, item: Item, *, old: ProfileFacts | None, draft: ProfileFacts, matches: int
) -> None:
    """Count one product. Where nothing was asked before, who is in talks counts as being in."""
    has = readiness.standing(item.goods, day=clock.today())
    gaps = readiness.gaps(has, columns.profile(draft))
    was = not readiness.gaps(has, columns.profile(old)) if old else matches > 0
    change.touched += 1
    change.ready_before += was
    change.ready_after += not gaps
    change.gained += not was and not gaps
    if was and gaps:
        change.dropped.append(DropOut(item=item, gaps=gaps, matches=matches))


def blockers_of(actor: Actor) -> list[Blocker]:
    """Return the papers that block most demand in an officer's provinces, by commune and category.

    A request counts once however many products could serve it.
    """
    found: dict[_Place, Blocker] = {}
    public = producers.products_visible_to(ANONYMOUS)
    if not actor.is_administrator:
        public = public.filter(producer__organisation__province_id__in=actor.province_ids)
    every = judged(items(public), on=board())
    for one in every:
        for cell in one.missing:
            _count(one, cell, found)
    _count_refused(every, found)
    return sorted(found.values(), key=blocked_most)


def _count(one: Readiness, cell: Cell, found: dict[_Place, Blocker]) -> None:
    item = one.item
    behind = {w.request_id: w for w in opened_by(one, closing=cell.gaps, cells=[cell])}
    for code in readiness.codes_of(cell.gaps):
        row = _row(code, item, found)
        row.products.add(item.product_id)
        row.producers.add(item.producer_id)
        row.together |= behind
        if cell.gaps == readiness.BIT_OF[code]:
            row.alone |= behind


def _count_refused(every: Sequence[Readiness], found: dict[_Place, Blocker]) -> None:
    """Count what buyers said and what was suspended where it may have been missing."""
    signals = signals_about([one.item.product_id for one in every])
    requests = wanted_by(signals)
    by_product: dict[int, list[Signal]] = {}
    for signal in signals:
        by_product.setdefault(signal.product_id, []).append(signal)
    for one in every:
        lost = lost_over(one, by_product.get(one.item.product_id, ()), requests=requests)
        for match_id, mask in lost.items():
            for code in readiness.codes_of(mask):
                row = _row(code, one.item, found)
                row.refused.add(match_id)
                row.products.add(one.item.product_id)
                row.producers.add(one.item.producer_id)


def _row(code: str, item: Item, found: dict[_Place, Blocker]) -> Blocker:
    key = (code, item.commune_name, item.category_name)
    new = Blocker(code=code, commune=item.commune_name, category=item.category_name)
    return found.setdefault(key, new)


def value_of(requests: Iterable[Wanted]) -> float:
    """Return what requests pay at most in đồng, those that name a price, each once."""
    return sum({one.request_id: one.value_vnd or 0.0 for one in requests}.values())


def blocked_most(one: Blocker) -> tuple[float, int, int, int, str]:
    """Return what sorts the worst blocker first: the value of the requests behind it.

    Tonnes and pieces do not add up, đồng do; then the number of requests and of refusals.
    """
    behind = one.together
    return (
        -value_of(behind.values()), -len(behind), -len(one.refused), -len(one.products), one.code,
    )  # fmt: skip


def _open_matches(group_id: int | None) -> dict[int, int]:
    open_ones = Match.objects.filter(
        group_id=group_id,
        status__in=[MatchStatus.PROPOSED, MatchStatus.AGREED, MatchStatus.SUSPENDED],
    )
    found: dict[int, int] = {}
    for product_id in open_ones.values_list("offer__product_id", flat=True):
        found[product_id] = found.get(product_id, 0) + 1
    return found


def _is_same_place(one: ProfileFacts, other: ProfileFacts) -> bool:
    def place(profile: ProfileFacts) -> tuple[object, ...]:
        return profile.banner_id, profile.category_id, profile.channel, profile.market

    return place(one) == place(other)
