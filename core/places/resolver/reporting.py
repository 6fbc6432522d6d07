"""Putting an answer into a `Resolution`: how sure, on which map, and on what grounds."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Final

from core.places.resolver.kinds import LEVELS
from core.places.resolver.readings import Interpretation
from core.places.resolver.resolution import Epoch, Resolution
from core.places.resolver.rows import Mention, Way

_LEAST_CERTAIN: Final = 0.8
_AMONG_CANDIDATES: Final = 0.7
_WITHOUT_PROVINCE: Final = 0.5
_PROVINCE_ALONE: Final = 0.3


def resolution(
    top: Interpretation,
    *,
    readings: Sequence[Interpretation],
    codes: frozenset[str],
    province: str | None,
    conflicts: Sequence[Mention],
    is_certain: bool,
) -> Resolution:
    """Return the answer in full.

    Args:
        top: The best reading.
        readings: It and those as likely.
        codes: Every commune the readings allow.
        province: The code of the province they all lie in.
        conflicts: What was written and fits nowhere in the best reading.
        is_certain: The one code left may be asserted.
    """
    ways = [way for way in (top.ward, top.district, top.province) if way is not None]
    n_conflicts = len(conflicts)
    if is_certain:
        confidence = _sureness(ways, n_conflicts=n_conflicts)
    else:
        confidence = _hope(ways, codes, province=province, n_conflicts=n_conflicts)
    return Resolution(
        province,
        next(iter(codes)) if is_certain else None,
        () if is_certain else tuple(sorted(codes)),
        confidence,
        _epoch(readings),
        _basis(top, readings, codes, conflicts),
        top,
        tuple(conflicts),
    )


def _basis(
    top: Interpretation,
    readings: Sequence[Interpretation],
    codes: frozenset[str],
    conflicts: Sequence[Mention],
) -> tuple[str, ...]:
    words = _words_of_levels(
        None if top.ward is None else top.ward.found.flaws,
        None if top.district is None else top.district.found.flaws,
        None if top.province is None else top.province.found.flaws,
    )
    if len(codes) == 1 and not conflicts:
        return words
    return (*words, *_doubts(top, readings, codes, conflicts))


@cache
def _words_of_levels(*flaws_of_levels: tuple[str, ...] | None) -> tuple[str, ...]:
    read = [
        (level, flaws)
        for level, flaws in zip(LEVELS, flaws_of_levels, strict=True)
        if flaws is not None
    ]
    words = ["+".join([level for level, _ in read])]
    return (*words, *(f"{flaw}:{level}" for level, flaws in read for flaw in flaws))


def _doubts(
    top: Interpretation,
    readings: Sequence[Interpretation],
    codes: frozenset[str],
    conflicts: Sequence[Mention],
) -> list[str]:
    words = []
    if len(codes) > 1:
        is_one_ward = len(readings) == 1 and top.ward is not None and len(top.ward.names) == 1
        is_district = top.ward is None and top.district is not None
        words.append("split" if is_one_ward else "district_only" if is_district else "several")
    if conflicts:
        words.append("conflict" if any(m.piece.levels for m in conflicts) else "part_unread")
    return words


def _sureness(ways: Sequence[Way], *, n_conflicts: int) -> float:
    loss = 0.1 * sum([way.price for way in ways]) + 0.02 * (3 - len(ways)) + 0.1 * n_conflicts
    return round(max(_LEAST_CERTAIN, 1.0 - loss), 2)


def _hope(
    ways: Sequence[Way], codes: frozenset[str], *, province: str | None, n_conflicts: int
) -> float:
    if not codes:
        return _PROVINCE_ALONE if province else 0.0
    loss = 0.1 * sum([way.price for way in ways]) + 0.1 * n_conflicts
    start = _AMONG_CANDIDATES if province else _WITHOUT_PROVINCE
    return round(max(_PROVINCE_ALONE, start - loss), 2)


def _epoch(readings: Sequence[Interpretation]) -> Epoch:
    eras: set[str] = set()
    for one in readings:
        if one.ward is not None:
            eras |= {"new" if name.era == "new" else "old" for name in one.ward.wards}
        elif one.district is not None:
            eras.add("old")
        elif one.province is not None:
            eras |= {"old", "new"} if one.province.province.is_new else {"old"}
    if len(eras) > 1:
        return "either"
    return "since_2025_07" if "new" in eras else "before_2025_07" if eras else ""
