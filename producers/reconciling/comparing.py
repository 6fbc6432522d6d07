"""Scoring what an entry of a register may stand for, with the reasons."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from producers.reconciling.facts import (
    Basis,
    Candidate,
    Clash,
    Comparison,
    EntryFacts,
    OursFacts,
    Outlook,
)
from producers.reconciling.index import OursIndex, parent
from producers.reconciling.names import is_other_form, likeness, organisation_name, product_name

FULL_POINTS: Final = 100
MOST_CANDIDATES: Final = 5
FEWEST_POINTS: Final = 35
_POINTS: Final = {
    Basis.GTIN: 35,
    Basis.TAX_CODE: 30,
    Basis.TAX_PARENT: 22,
    Basis.DECISION: 15,
    Basis.COMMUNE: 5,
}
_NAME_POINTS: Final = 35
_HOLDER_POINTS: Final = 20
_SHOP_HOLDER_POINTS: Final = 50
_EXACT: Final = frozenset({Basis.GTIN, Basis.TAX_CODE})
_SAME_NAME: Final = 0.93
_NEAR_NAME: Final = 0.62
_SAME_HOLDER: Final = 0.9
_NEAR_HOLDER: Final = 0.72
_QUITE_OTHER: Final = 0.5


@dataclass(slots=True)
class _Pair:
    """One entry beside one thing of ours; likeness of the names in [0, 1]."""

    entry: EntryFacts
    ours: OursFacts
    name: float
    holder: float

    @property
    def has_same_tax_code(self) -> bool:
        return bool(self.entry.tax_code) and self.entry.tax_code == self.ours.tax_code

    @property
    def has_same_parent(self) -> bool:
        theirs = parent(self.entry.tax_code)
        return bool(theirs) and theirs == parent(self.ours.tax_code)

    @property
    def has_other_tax_code(self) -> bool:
        return bool(self.entry.tax_code and self.ours.tax_code) and not self.has_same_parent

    @property
    def has_same_gtin(self) -> bool:
        return bool(self.entry.gtin) and self.entry.gtin == self.ours.gtin

    @property
    def stars_of_same_decision(self) -> set[int]:
        return {stars for decision, stars in self.ours.awards if decision == self.entry.decision}

    @property
    def is_other_form(self) -> bool:
        return is_other_form(product_name(self.entry.name), product_name(self.ours.name))


def compare(entry: EntryFacts, index: OursIndex) -> Comparison:
    """Return what an entry may stand for, best first, and how sure that is.

    Source:
        docs/decisions/0029-registers-are-reconciled-by-people.md (keys, points, thresholds).
    """
    kept = _without_mere_holders([one for pair in _pairs(entry, index) if (one := _judged(pair))])
    best = tuple(sorted(kept, key=_order)[:MOST_CANDIDATES])
    return Comparison(entry_id=entry.entry_id, outlook=_outlook(best), candidates=best)


def _pairs(entry: EntryFacts, index: OursIndex) -> Iterator[_Pair]:
    """Yield what is worth a closer look; most goods of a likely holder are not."""
    name, holder = product_name(entry.name), organisation_name(entry.holder)
    holders: dict[str, float] = {}
    for ours in index.worth_comparing(entry):
        alike = 0.0
        if ours.product_id is not None:
            alike = likeness(name, product_name(ours.name))
            if alike < _NEAR_NAME and (not entry.gtin or entry.gtin != ours.gtin):
                continue
        if ours.holder not in holders:
            holders[ours.holder] = likeness(holder, organisation_name(ours.holder))
        yield _Pair(entry, ours, alike, holders[ours.holder])


def _outlook(candidates: tuple[Candidate, ...]) -> Outlook:
    if not candidates:
        return Outlook.NONE
    if any(one.is_contradicted for one in candidates):
        return Outlook.CONFLICT
    certain = [one for one in candidates if one.is_certain]
    return Outlook.CERTAIN if len(certain) == 1 else Outlook.UNCERTAIN


def _order(candidate: Candidate) -> tuple[bool, int, int, int]:
    return (
        not candidate.is_certain,
        -candidate.points,
        candidate.organisation_id,
        candidate.product_id or 0,
    )


def _without_mere_holders(found: list[Candidate]) -> list[Candidate]:
    """Drop "its holder is ours" where one of the holder's products is found too."""
    with_product = {one.organisation_id for one in found if one.product_id is not None}
    return [one for one in found if one.product_id or one.organisation_id not in with_product]


def _judged(pair: _Pair) -> Candidate | None:
    basis = tuple(_basis(pair))
    clashes = tuple(_clashes(pair, basis))
    points = min(FULL_POINTS, _points(pair, basis))
    if not _is_worth_showing(pair, basis, points):
        return None
    return Candidate(
        organisation_id=pair.ours.organisation_id,
        product_id=pair.ours.product_id,
        points=points,
        is_certain=not clashes and _is_certain(pair),
        basis=basis,
        clashes=clashes,
    )


def _is_worth_showing(pair: _Pair, basis: tuple[Basis, ...], points: int) -> bool:
    has_key = not _EXACT.isdisjoint(basis) or Basis.TAX_PARENT in basis
    if pair.ours.product_id is None:
        enough = _SAME_HOLDER if pair.has_other_tax_code else _NEAR_HOLDER
        return has_key or pair.holder >= enough
    is_named = pair.name >= _NEAR_NAME or pair.has_same_gtin
    return is_named and points >= FEWEST_POINTS


def _is_certain(pair: _Pair) -> bool:
    if pair.ours.product_id is None:
        return pair.entry.is_shop and pair.has_same_tax_code and pair.holder >= _NEAR_HOLDER
    is_same_holder = pair.has_same_tax_code or pair.holder >= _SAME_HOLDER
    if pair.has_same_gtin:
        return is_same_holder and pair.name >= _NEAR_NAME
    return pair.has_same_tax_code and pair.name >= _SAME_NAME


def _basis(pair: _Pair) -> Iterator[Basis]:
    if pair.has_same_gtin:
        yield Basis.GTIN
    if pair.has_same_tax_code:
        yield Basis.TAX_CODE
    elif pair.has_same_parent:
        yield Basis.TAX_PARENT
    if pair.name >= _NEAR_NAME:
        yield Basis.NAME if pair.name >= _SAME_NAME else Basis.NAME_NEAR
    if pair.holder >= _NEAR_HOLDER:
        yield Basis.HOLDER if pair.holder >= _SAME_HOLDER else Basis.HOLDER_NEAR
    if pair.stars_of_same_decision:
        yield Basis.DECISION
    if pair.entry.commune_id is not None and pair.entry.commune_id == pair.ours.commune_id:
        yield Basis.COMMUNE


def _clashes(pair: _Pair, basis: tuple[Basis, ...]) -> Iterator[Clash]:
    if pair.has_same_tax_code and pair.entry.holder and pair.holder < _QUITE_OTHER:
        yield Clash.OTHER_HOLDER
    if pair.has_other_tax_code:
        yield Clash.OTHER_TAX_CODE if pair.has_same_gtin else Clash.NAMESAKE
    if pair.ours.product_id is None or pair.entry.is_shop:
        return
    if pair.has_same_gtin and pair.name < _NEAR_NAME:
        yield Clash.OTHER_PRODUCT
    if pair.entry.gtin and pair.ours.gtin and not pair.has_same_gtin:
        yield Clash.OTHER_GTIN
    if pair.is_other_form:
        yield Clash.OTHER_FORM
    is_same_thing = Basis.NAME in basis or pair.has_same_gtin
    if is_same_thing and _has_other_stars(pair):
        yield Clash.OTHER_STARS


def _has_other_stars(pair: _Pair) -> bool:
    decided = pair.stars_of_same_decision
    return bool(decided) and pair.entry.stars is not None and pair.entry.stars not in decided


def _points(pair: _Pair, basis: tuple[Basis, ...]) -> int:
    holder_points = _SHOP_HOLDER_POINTS if pair.entry.is_shop else _HOLDER_POINTS
    exact = sum(_POINTS.get(one, 0) for one in basis)
    named = _NAME_POINTS * pair.name if pair.name >= _NEAR_NAME else 0
    held = holder_points * pair.holder if pair.holder >= _NEAR_HOLDER else 0
    return round(exact + named + held)
